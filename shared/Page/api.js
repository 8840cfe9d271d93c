// Sends requests to the host that served the page. No other host is ever asked.

const keyHeader = "x-functions-key";
const continuationHeader = "x-ms-continuation-token";
const management = "/runtime/";
const mostRemembered = 300;

/** Answers by address, for conditional requests. @type {Map<string, { etag: string | null, text: string, value: unknown, next: string | null }>} */
const remembered = new Map();

/** The host refused a request and said why. */
export class Problem extends Error {
  /**
   * @param {number} status
   * @param {string} title
   * @param {string} detail
   */
  constructor(status, title, detail) {
    super(detail || title);
    this.status = status;
    this.title = title;
  }
}

/** The host does not answer. */
export class Away extends Error {}

/** The keys that a person typed. They stay in this tab's session and are sent in a header only. */
export const keys = {
  /** @param {boolean} ofManagement */
  get(ofManagement) {
    return (ofManagement && sessionStorage.getItem("keypoints.system-key")) || sessionStorage.getItem("keypoints.key");
  },
  /**
   * @param {string} key
   * @param {boolean} ofManagement
   */
  set(key, ofManagement) {
    sessionStorage.setItem(ofManagement ? "keypoints.system-key" : "keypoints.key", key.trim());
    remembered.clear();
  },
  get any() {
    return sessionStorage.getItem("keypoints.key") !== null;
  },
};

/**
 * Sends a request.
 * @param {string} address
 * @param {RequestInit & { headers?: Record<string, string> }} [options]
 * @returns {Promise<Response>} An answer that is no problem.
 */
export async function send(address, options = {}) {
  /** @type {Record<string, string>} */
  const headers = { ...options.headers };
  const key = keys.get(address.startsWith(management));
  if (key) headers[keyHeader] = key;
  let response;
  try {
    response = await fetch(address, { ...options, headers, cache: "no-store", redirect: "error" });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new Away("The host does not answer.");
  }
  if (response.ok || response.status === 304) return response;
  throw await describe(response);
}

/**
 * Reads JSON. The same answer gives the same object, so that views notice that nothing changed.
 * @template T
 * @param {string} address
 * @param {{ signal?: AbortSignal, continuation?: string | null }} [options]
 * @returns {Promise<{ value: T, next: string | null }>} The answer and the token of the next page.
 */
export async function read(address, { signal, continuation } = {}) {
  const name = continuation ? `${address}\n${continuation}` : address;
  const known = remembered.get(name);
  /** @type {Record<string, string>} */
  const headers = {};
  if (continuation) headers[continuationHeader] = continuation;
  if (known?.etag) headers["If-None-Match"] = known.etag;
  const response = await send(address, { headers, signal });
  if (response.status === 304 && known) return /** @type {{ value: T, next: string | null }} */ (known);
  const text = await response.text();
  const next = response.headers.get(continuationHeader);
  const answer = { etag: response.headers.get("ETag"), text, value: known?.text === text ? known.value : parse(text), next };
  remembered.delete(name);
  remembered.set(name, answer);
  if (remembered.size > mostRemembered) remembered.delete(remembered.keys().next().value ?? "");
  return /** @type {{ value: T, next: string | null }} */ (answer);
}

/**
 * Reads JSON, or gives null where there is none.
 * @template T
 * @param {string} address
 * @param {AbortSignal} [signal]
 * @returns {Promise<T | null>}
 */
export async function find(address, signal) {
  try {
    return (/** @type {{ value: T }} */ (await read(address, { signal }))).value;
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return null;
    throw error;
  }
}

/**
 * Sends JSON and reads the answer.
 * @param {string} method
 * @param {string} address
 * @param {unknown} [body]
 * @returns {Promise<any>} The answer; null if it has no body.
 */
export async function change(method, address, body) {
  const response = await send(address, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
  });
  const text = await response.text();
  return text ? parse(text) : null;
}

/**
 * Writes values into an address.
 * @param {TemplateStringsArray} parts
 * @param {...string} values
 */
export function address(parts, ...values) {
  return parts.reduce((text, part, i) => text + encodeURIComponent(values[i - 1] ?? "") + part);
}

/**
 * Writes a file's name into an address. Its slashes stay.
 * @param {string} name
 */
export function fileName(name) {
  return name.split("/").map(encodeURIComponent).join("/");
}

/** @param {string} text */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Away("Something else than the host answers at this address.");
  }
}

/** @param {Response} response */
async function describe(response) {
  const text = await response.text().catch(() => "");
  try {
    const problem = JSON.parse(text);
    if (problem && typeof problem.title === "string") return new Problem(response.status, problem.title, problem.detail ?? "");
    return new Problem(response.status, `The host answered ${response.status}`, typeof problem === "string" ? problem : problem?.detail ?? "");
  } catch {
    // Proxies answer for a host that is away. The Functions host refuses a missing key without a body.
    if (response.status === 401) return new Problem(401, "Key missing", "");
    return response.status >= 500 ? new Away("The host does not answer.") : new Problem(response.status, `The host answered ${response.status}`, text.slice(0, 300));
  }
}
