// Keeps a view up to date by asking again. It asks less often while nothing changes, while the page is hidden, and while the host is away.

import { Away } from "./api.js";

const soonest = 2_000;
const latest = 15_000;
const hidden = 60_000;

/** @typedef {{ load: (signal: AbortSignal) => Promise<unknown>, show: (data: any) => void, failed: (error: unknown, retryIn: number) => void }} Watch */

/** @type {Live | null} */
let current = null;

class Live {
  /** @param {Watch} watch */
  constructor(watch) {
    this.watch = watch;
    this.abort = new AbortController();
    this.pause = soonest;
    /** @type {string | null} */
    this.shown = null;
    /** @type {number | undefined} */
    this.timer = undefined;
    this.busy = false;
    this.again = false;
  }

  async ask() {
    window.clearTimeout(this.timer);
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    this.again = false;
    try {
      const data = await this.watch.load(this.abort.signal);
      if (this.abort.signal.aborted) return;
      const text = JSON.stringify(data);
      this.pause = text === this.shown ? Math.min(this.pause * 1.5, latest) : soonest;
      this.shown = text;
      this.watch.show(data);
    } catch (error) {
      if (this.abort.signal.aborted) return;
      if (!(error instanceof Away)) this.shown = null;
      this.pause = Math.min(this.pause * 1.5, latest);
      this.watch.failed(error, this.pause);
    } finally {
      this.busy = false;
      if (!this.abort.signal.aborted)
        this.timer = window.setTimeout(() => void this.ask(), this.again ? 0 : document.hidden ? hidden : this.pause);
    }
  }

  stop() {
    this.abort.abort();
    window.clearTimeout(this.timer);
  }
}

/**
 * Watches instead of what was watched before.
 * @param {Watch} watch
 */
export function follow(watch) {
  current?.stop();
  current = new Live(watch);
  void current.ask();
}

/** Asks at once, for example after an action. */
export function refresh() {
  if (!current) return;
  current.pause = soonest;
  void current.ask();
}

/** Asks no more. */
export function stop() {
  current?.stop();
  current = null;
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) refresh();
});
window.addEventListener("online", refresh);
