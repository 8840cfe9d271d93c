// One batch: counts, errors by reason, pictures with their points, files.

import { address, change, fileName, find, keys, send } from "../api.js";
import { parse } from "../csv.js";
import { ask } from "../dialogs.js";
import { h } from "../dom.js";
import { bytes, count, counted, words } from "../format.js";
import { link, list, outline, share } from "../instances.js";
import { action, download, empty, facts, figure, note, progress, say, section, table, title, when } from "../parts.js";
import { picture } from "../pictures.js";

/** @typedef {import("../types").BatchDetail} BatchDetail */
/** @typedef {import("../types").Instance} Instance */

const errorBytes = 262_144;
const pageLength = 24;
const exampleNames = 3;

/**
 * @param {string} name
 * @returns {import("../view").View<{ detail: BatchDetail | null, running: Instance | null, errors: string[][] }>}
 */
export function batch(name) {
  let shown = pageLength;
  return {
    title: name,
    usesManagement: true,
    async load(signal) {
      const [detail, running] = await Promise.all([
        /** @type {Promise<BatchDetail | null>} */ (find(address`/api/batches/${name}`, signal)),
        list({ status: "Running,Pending", prefix: "batch-", input: true, signal }),
      ]);
      const file = detail?.files.find((other) => other.name === "errors.csv");
      return {
        detail,
        running: running.value.find((one) => one.name === "InferBatch" && /** @type {any} */ (one.input)?.batch === name) ?? null,
        errors: file && detail?.batch.failed ? await errorsOf(name, file.eTag, signal) : [],
      };
    },
    render: ({ detail, running, errors }) => [
      title(name, { back: ["#/batches", "Batches"], actions: actions(name, detail, running) }),
      running && section("In progress", {}, h("p", null, outline(running)), progress(`Progress of ${name}`, share(running)),
        h("p", null, h("a", { href: link(running.instanceId) }, "Open the workflow"))),
      !detail && !running && empty("There is no result of this batch, and nothing predicts it."),
      detail && summary(detail),
      errors.length > 0 && failures(errors),
      detail && gallery(name, detail, shown, async () => {
        shown += pageLength;
      }),
      detail && files(name, detail),
    ],
  };
}

/** @type {{ key: string, rows: string[][] }} */
let lastErrors = { key: "", rows: [] };

/**
 * @param {string} name
 * @param {string} etag
 * @param {AbortSignal} signal
 */
async function errorsOf(name, etag, signal) {
  const key = `${name}\n${etag}`;
  if (lastErrors.key === key) return lastErrors.rows;
  const answer = await send(`${address`/api/batches/${name}/files/`}errors.csv`, { signal, headers: { Range: `bytes=0-${errorBytes - 1}` } });
  lastErrors = { key, rows: parse(await answer.text()).slice(1) };
  return lastErrors.rows;
}

/** @param {BatchDetail} detail */
function summary({ batch: one, notes, warning, gaps }) {
  return section("Summary", {},
    warning && note("warn", h("p", null, warning)),
    notes?.map((text) => note("warn", h("p", null, text))),
    h("div", { class: "figures" },
      figure("Images", count(one.images)),
      figure("With keypoints", count(one.succeeded)),
      figure("Failed", count(one.failed))),
    facts([
      ["Model", one.modelVersion && h("a", { href: `#/models/${encodeURIComponent(one.modelVersion)}` }, one.modelVersion)],
      ["Finished", one.finishedAt ? when(one.finishedAt) : "not yet"],
      ["Keypoints without predictions", gaps?.unlabelled?.map(words).join(", ")],
      ["Keypoints with uncalibrated uncertainty", gaps?.uncalibrated?.map(words).join(", ")],
    ]));
}

/** @param {string[][]} errors Rows of image and reason. */
function failures(errors) {
  /** @type {Map<string, string[]>} */
  const groups = new Map();
  for (const [image, reason] of errors) {
    const kind = (reason ?? "").replaceAll(image, "…");
    groups.set(kind, [...(groups.get(kind) ?? []), image]);
  }
  const sorted = [...groups].sort(([, a], [, b]) => b.length - a.length);
  return section("Errors by reason", {},
    table("Errors by reason", [{ text: "Images", class: "number" }, "Reason", "For example"], sorted.map(([reason, images]) => h("tr", { key: reason },
      h("td", { class: "number" }, count(images.length)),
      h("td", null, reason),
      h("td", null, h("span", { class: "clip" }, images.slice(0, exampleNames).join(", ")))))));
}

/**
 * @param {string} name
 * @param {BatchDetail} detail
 * @param {number} shown
 * @param {() => Promise<void>} more
 */
function gallery(name, { files: all }, shown, more) {
  const overlays = all.filter((file) => file.name.startsWith("overlays/"));
  return section("Pictures", { about: overlays.length > 0 && `${counted(overlays.length, "picture")} with the predicted points` },
    overlays.length === 0 ? empty("The results have no pictures.") : h("ul", { class: "gallery" }, overlays.slice(0, shown).map((file) => {
      const source = `${address`/api/batches/${name}/files/`}${fileName(file.name)}`;
      const label = file.name.slice("overlays/".length);
      return h("li", { key: file.name }, h("button", { type: "button", class: "tile", onclick: () => zoom(source, label) },
        picture(source, `Points on ${label}`), h("span", { class: "tile-name" }, label)));
    })),
    overlays.length > shown && h("p", { class: "more" }, action("Show more", more)));
}

/**
 * @param {string} source
 * @param {string} label
 */
function zoom(source, label) {
  const dialog = h("dialog", { class: "zoom", "aria-label": label },
    h("div", { class: "card-head" }, h("h2", null, label), h("button", { type: "button", onclick: () => dialog.close() }, "Close")),
    h("div", { class: "zoom-picture", tabindex: "0", role: "region", "aria-label": "Picture" }, picture(source, `Points on ${label}`)));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
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
 * @param {Instance | null} running
 */
function actions(name, detail, running) {
  if (running) return [action("Cancel", () => cancel(name, running), "danger")];
  return detail && [
    action("Run again", async () => {
      const started = await change("POST", address`/api/batches/${name}`);
      say(`The batch runs as ${started.id}.`);
    }),
    action("Delete", () => remove(name), "danger"),
  ];
}

/**
 * @param {string} name
 * @param {Instance} running
 */
async function cancel(name, running) {
  const answer = await ask({
    title: `Cancel ${name}?`,
    about: h("p", null, "The prediction ends. The photos stay, and the batch can run again."),
    confirm: "Cancel the batch",
    danger: true,
  });
  if (!answer) return null;
  await send(`/runtime/webhooks/durabletask/instances/${encodeURIComponent(running.instanceId)}/terminate?reason=${encodeURIComponent("cancelled on the page")}`, { method: "POST" });
  return "The batch is being cancelled.";
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
