// One batch: progress, errors by reason, pictures sorted by doubt, files.

import { Problem, address, change, fileName, find, keys, read } from "../api.js";
import { ask } from "../dialogs.js";
import { h } from "../dom.js";
import { bytes, count, counted, words } from "../format.js";
import { link, outline, share } from "../instances.js";
import { action, download, empty, facts, figure, note, progress, section, table, title, when } from "../parts.js";
import { gallery, mostPages } from "./gallery.js";

/** @typedef {import("../types").BatchDetail} BatchDetail */
/** @typedef {import("../types").BatchErrors} BatchErrors */
/** @typedef {import("../types").PictureList} PictureList */
/** @typedef {import("../types").Instance} Instance */

const pageLength = 48;

/**
 * @param {string} name
 * @returns {import("../view").View<{ detail: BatchDetail | null, errors: BatchErrors | null, pictures: PictureList | null, more: boolean }>}
 */
export function batch(name) {
  const shown = { order: "doubt", pages: 1 };
  return {
    title: name,
    async load(signal) {
      const detail = /** @type {BatchDetail | null} */ (await find(address`/api/batches/${name}`, signal));
      if (!detail?.batch.finishedAt) return { detail, errors: null, pictures: null, more: false };
      const [errors, { pictures, more }] = await Promise.all([
        detail.batch.failed ? /** @type {Promise<BatchErrors | null>} */ (ready(find(address`/api/batches/${name}/errors`, signal))) : null,
        pages(name, shown, signal),
      ]);
      return { detail, errors, pictures, more };
    },
    render: ({ detail, errors, pictures, more }) => [
      title(name, { back: ["#/batches", "Batches"], actions: actions(name, detail) }),
      !detail && empty("There is no result of this batch, and nothing predicts it."),
      detail?.prediction && prediction(name, detail.prediction),
      detail?.batch.finishedAt && summary(detail),
      errors && errors.groups.length > 0 && failures(errors),
      pictures && gallery(name, pictures, shown, more),
      detail && detail.files.length > 0 && files(name, detail),
    ],
  };
}

/**
 * @param {string} name
 * @param {{ order: string, pages: number }} shown
 * @param {AbortSignal} signal
 * @returns {Promise<{ pictures: PictureList | null, more: boolean }>}
 */
async function pages(name, shown, signal) {
  /** @type {PictureList[]} */
  const lists = [];
  let next = null;
  for (let page = 0; page < shown.pages && (page === 0 || next); page++) {
    const answer = /** @type {{ value: PictureList, next: string | null } | null} */ (
      await ready(read(`${address`/api/batches/${name}/pictures`}?order=${shown.order}&top=${pageLength}`, { signal, continuation: next })));
    if (!answer) break;
    lists.push(answer.value);
    next = answer.next;
  }
  const pictures = lists.length === 0 ? null : { ...lists[0], pictures: lists.flatMap((list) => list.pictures) };
  return { pictures, more: next !== null && shown.pages < mostPages };
}

/**
 * Results that are being replaced are shown once they are complete.
 * @template T
 * @param {Promise<T>} answer
 * @returns {Promise<T | null>}
 */
async function ready(answer) {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Problem && (error.status === 404 || error.status === 409)) return null;
    throw error;
  }
}

/** @param {string} state */
const runs = (state) => ["running", "pending"].includes(state.toLowerCase());

/**
 * @param {string} name
 * @param {NonNullable<BatchDetail["prediction"]>} last
 */
function prediction(name, last) {
  if (runs(last.state)) {
    const instance = /** @type {Instance} */ ({ runtimeStatus: "Running", customStatus: last.progress ?? null, output: null });
    return section("In progress", {}, h("p", null, outline(instance) || "Starting."), progress(`Progress of ${name}`, share(instance)),
      h("p", null, h("a", { href: link(last.instanceId) }, "Open the workflow")));
  }
  return last.error && note("bad", h("h2", null, "The newest prediction did not finish"), h("p", null, last.error), h("p", null, h("a", { href: link(last.instanceId) }, "Open the workflow")));
}

/** @param {BatchDetail} detail */
function summary({ batch: one, notes, warning, gaps }) {
  return section("Summary", {},
    warning && note("warn", h("p", null, warning)),
    notes?.map((text) => note("warn", h("p", null, text))),
    h("div", { class: "figures" },
      figure("Images", count(one.images)),
      figure("With keypoints", count(one.succeeded), one.instances === undefined || one.instances === one.succeeded ? null : counted(one.instances, "face")),
      one.doubtful ? figure("Doubtful faces", count(one.doubtful), "points may be wrong") : null,
      figure("Failed", count(one.failed), one.withoutFace ? `${count(one.withoutFace)} of them without a face` : null)),
    facts([
      ["Model", one.modelVersion && h("a", { href: `#/models/${encodeURIComponent(one.modelVersion)}` }, one.modelVersion)],
      ["Finished", one.finishedAt ? when(one.finishedAt) : "not yet"],
      ["Keypoints without predictions", gaps?.unlabelled?.map(words).join(", ")],
      ["Keypoints with uncalibrated uncertainty", gaps?.uncalibrated?.map(words).join(", ")],
    ]));
}

/** @param {BatchErrors} errors */
function failures({ groups, note: missing }) {
  return section("Errors by reason", { about: missing },
    table("Errors by reason", [{ text: "Images", class: "number" }, "Reason", { text: "For example", class: "wide" }], groups.map((group) => h("tr", { key: group.reason },
      h("td", { class: "number" }, count(group.pictures)),
      h("td", null, group.reason),
      h("td", { class: "wide" }, h("span", { class: "clip" }, group.examples.join(", ")))))));
}

/**
 * @param {string} name
 * @param {BatchDetail} detail
 */
function files(name, { files: all }) {
  const tables = all.filter((file) => !file.name.startsWith("overlays/"));
  return section("Files", {}, table("Files", ["Name", { text: "Size", class: "number" }, { text: "Written", class: "wide" }, { text: "Get", class: "number" }], tables.map((file) => {
    const source = `${address`/api/batches/${name}/files/`}${fileName(file.name)}`;
    const isReport = file.name === "report.html";
    return h("tr", { key: file.name },
      h("th", { scope: "row" }, file.name),
      h("td", { class: "number" }, bytes(file.bytes)),
      h("td", { class: "wide" }, when(file.lastModified)),
      h("td", null, h("div", { class: "actions end" },
        isReport && !keys.any && h("a", { class: "button", href: source, target: "_blank", rel: "noopener" }, "Open"),
        download("Download", source, `${name}-${file.name.replaceAll("/", "-")}`))));
  })));
}

/**
 * @param {string} name
 * @param {BatchDetail | null} detail
 */
function actions(name, detail) {
  if (!detail) return null;
  if (detail.prediction && runs(detail.prediction.state)) return [action("Cancel", () => cancel(name), "danger")];
  return [
    action("Run again", async () => {
      await change("POST", address`/api/batches/${name}/again`);
      return "The batch is predicted again with the model in use.";
    }),
    action("Delete", () => remove(name), "danger"),
  ];
}

/** @param {string} name */
async function cancel(name) {
  const answer = await ask({
    title: `Cancel ${name}?`,
    about: h("p", null, "The prediction ends. The photos stay, and the batch can run again."),
    confirm: "Cancel the batch",
    danger: true,
  });
  if (!answer) return null;
  await change("POST", address`/api/batches/${name}/cancel`);
  return "The batch is cancelled.";
}

/** @param {string} name */
async function remove(name) {
  const answer = await ask({
    title: `Delete ${name}?`,
    about: h("p", null, "Its photos and its results are deleted from storage. This cannot be undone."),
    confirm: "Delete photos and results",
    danger: true,
  });
  if (!answer) return null;
  const removed = await change("DELETE", address`/api/batches/${name}`);
  location.hash = "#/batches";
  return `${counted(removed.images, "photo")} and ${counted(removed.results, "result file")} were deleted.`;
}
