import type { Children } from "./dom.js";

/** Where a person is: the parts of the address after the #, and its query. */
export interface Place {
  parts: string[];
  query: URLSearchParams;
}

/** A view loads data and renders them, again and again. */
export interface View<T = any> {
  title: string;
  /** Whether it shows workflow instances, which have a key of their own in Azure. */
  usesManagement?: boolean;
  load(signal: AbortSignal): Promise<T>;
  render(data: T): Children;
}
