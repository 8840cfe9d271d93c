// Uploads dropped files in blocks. What has arrived is not sent again, also after the host or the page was away.

import { Away, Problem, fileName, send } from "./api.js";
import { refresh } from "./live.js";

const blocksAtOnce = 3;
const filesAtOnce = 4;
const longestPause = 15_000;

/** @typedef {{ path: string, blob: Blob, id: string, finder?: string }} Item A file with its name in the container, the name of its upload, and what finds the faces of its pictures. */

/**
 * @typedef {object} Upload
 * @property {string} name
 * @property {"datasets" | "images"} container
 * @property {number} files
 * @property {number} bytes
 * @property {number} sent Bytes that have arrived.
 * @property {number} done Files that are in their place.
 * @property {"running" | "waiting" | "done" | "failed" | "cancelled"} state
 * @property {string | null} problem
 * @property {string | null} instance The instance that it started.
 * @property {AbortController} abort
 */

/** All uploads of this session, the newest first. @type {Upload[]} */
export const uploads = [];

/** @type {Set<() => void>} */
const listeners = new Set();

/**
 * Calls a function whenever an upload changes.
 * @param {() => void} listener
 */
export function onChange(listener) {
  listeners.add(listener);
}

/** Whether leaving the page would interrupt an upload. */
export const isBusy = () => uploads.some((upload) => upload.state === "running" || upload.state === "waiting");

/**
 * Uploads files and, at last, what says that they are complete.
 * @param {string} name
 * @param {"datasets" | "images"} container
 * @param {Item[]} items
 * @param {Item | null} marker
 */
export function start(name, container, items, marker) {
  const all = marker ? [...items, marker] : items;
  /** @type {Upload} */
  const upload = {
    name, container, files: items.length, bytes: all.reduce((sum, item) => sum + item.blob.size, 0), sent: 0, done: 0,
    state: "running", problem: null, instance: null, abort: new AbortController(),
  };
  uploads.unshift(upload);
  void run(upload, items, marker);
}

/** @param {Upload} upload */
export function cancel(upload) {
  upload.abort.abort();
  change(upload, { state: "cancelled" });
}

/**
 * @param {Upload} upload
 * @param {Item[]} items
 * @param {Item | null} marker
 */
async function run(upload, items, marker) {
  change(upload, {});
  try {
    await inTurns(items, filesAtOnce, async (item) => {
      upload.instance = (await put(upload, item)) ?? upload.instance;
      change(upload, { done: upload.done + 1 });
    });
    if (marker) upload.instance = await put(upload, marker);
    change(upload, { state: "done", sent: upload.bytes });
    refresh();
  } catch (error) {
    if (upload.abort.signal.aborted) return;
    upload.abort.abort();
    change(upload, { state: "failed", problem: error instanceof Error ? error.message : String(error) });
  }
}

/**
 * Uploads one file.
 * @param {Upload} upload
 * @param {Item} item
 * @returns {Promise<string | null>} The instance that it started.
 */
async function put(upload, { path, blob, id, finder }) {
  const address = `/api/uploads/${upload.container}/${fileName(path)}?upload=${id}`;
  const state = await ask(upload, "GET", address);
  if (blob.size > state.largestBytes) throw new Error(`${path} is larger than ${state.largestBytes.toLocaleString("en")} bytes, the most that is accepted.`);
  /** @type {number[]} */
  const missing = [];
  const arrived = new Set(state.blocks);
  for (let block = 0; block * state.blockBytes < blob.size; block++) {
    const size = Math.min(state.blockBytes, blob.size - block * state.blockBytes);
    if (state.isComplete || arrived.has(block)) change(upload, { sent: upload.sent + size });
    else missing.push(block);
  }
  await inTurns(missing, blocksAtOnce, async (block) => {
    const part = blob.slice(block * state.blockBytes, (block + 1) * state.blockBytes);
    await ask(upload, "PUT", `${address}&block=${block}`, part);
    change(upload, { sent: upload.sent + part.size });
  });
  return (await ask(upload, "POST", `${address}&bytes=${blob.size}${finder ? `&finder=${finder}` : ""}`)).instanceId ?? null;
}

/**
 * Sends a request until the host answers.
 * @param {Upload} upload
 * @param {string} method
 * @param {string} address
 * @param {Blob} [body]
 */
async function ask(upload, method, address, body) {
  for (let pause = 1_000; ; pause = Math.min(pause * 2, longestPause)) {
    try {
      const answer = await send(address, { method, body, signal: upload.abort.signal });
      if (upload.state === "waiting") change(upload, { state: "running" });
      return JSON.parse(await answer.text());
    } catch (error) {
      const isPassing = error instanceof Away || (error instanceof Problem && error.status === 503);
      if (upload.abort.signal.aborted || !isPassing) throw error;
      change(upload, { state: "waiting" });
      await new Promise((resolve) => window.setTimeout(resolve, pause));
      upload.abort.signal.throwIfAborted();
    }
  }
}

/**
 * Works on items, several at a time.
 * @template T
 * @param {T[]} items
 * @param {number} atOnce
 * @param {(item: T) => Promise<void>} work
 */
async function inTurns(items, atOnce, work) {
  const rest = items[Symbol.iterator]();
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, async () => {
    for (const item of rest) await work(item);
  }));
}

/**
 * @param {Upload} upload
 * @param {Partial<Upload>} changes
 */
function change(upload, changes) {
  if (upload.state === "cancelled" || upload.state === "failed") return;
  Object.assign(upload, changes);
  for (const listener of listeners) listener();
}

window.addEventListener("beforeunload", (event) => {
  if (isBusy()) event.preventDefault();
});
