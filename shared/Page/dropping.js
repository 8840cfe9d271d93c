// What a person drops: files, folders and zips, as datasets or batches.

import { ask } from "./dialogs.js";
import { h } from "./dom.js";
import { bytes, counted } from "./format.js";
import { progress, say } from "./parts.js";
import { cancel, onChange, start, uploads } from "./uploads.js";

/** @typedef {{ path: string, file: File }} Dropped A file with its path in what was dropped. */

const pictures = /\.(jpe?g|png|webp|bmp|pgm|ppm)$/i;
const tables = /\.(csv|tsv)(\.gz)?$|\.(json|xml|npz|npy|pts|ya?ml)$/i;
const marker = "_READY";

/** @type {HTMLElement | null} */
let zone = null;

/** A place to drop files on, with buttons for people who choose them, and what is being uploaded. It is one element, which stays. */
export function dropZone() {
  zone ??= createZone();
  return zone.isConnected ? h("div", { "data-shows": zone.dataset.shows }) : zone;
}

function createZone() {
  const files = picker("Choose files", {});
  const folder = picker("Choose a folder", { webkitdirectory: true });
  const list = h("ul", { class: "rows uploads", "aria-label": "Uploads" });
  const show = () => list.replaceChildren(...uploads.map(row));
  onChange(show);
  show();
  const created = h("div", {
    class: "drop", "data-shows": "drop zone",
    /** @param {DragEvent} event */
    ondragover: (event) => {
      event.preventDefault();
      created.classList.add("over");
    },
    ondragleave: () => created.classList.remove("over"),
    /** @param {DragEvent} event */
    ondrop: (event) => {
      event.preventDefault();
      created.classList.remove("over");
      void readDrop(event.dataTransfer).then(choose);
    },
  },
  h("p", null, "Drop labelled data to train on, or photos to predict: files, a folder or a zip."),
  h("div", { class: "actions" }, files, folder),
  list);
  return created;
}

/**
 * @param {string} label
 * @param {import("./dom.js").Attributes} attributes
 */
function picker(label, attributes) {
  const input = h("input", {
    type: "file", multiple: true, hidden: true, "aria-label": label, ...attributes,
    onchange: () => {
      const chosen = [...input.files ?? []].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
      input.value = "";
      void choose(chosen);
    },
  });
  return h("span", null, input, h("button", { type: "button", onclick: () => input.click() }, label));
}

/**
 * Asks what the files are and uploads them.
 * @param {Dropped[]} dropped
 */
async function choose(dropped) {
  const files = dropped.filter(({ path }) => !path.split("/").some((part) => part.startsWith(".")));
  if (files.length === 0) return;
  const first = files[0];
  const folder = first.path.includes("/") ? first.path.split("/")[0] : null;
  const isOneFile = files.length === 1 && !folder;
  const hasLabels = files.some(({ path }) => tables.test(path));
  const isOnlyPictures = files.every(({ path }) => pictures.test(path));
  const total = files.reduce((sum, { file }) => sum + file.size, 0);
  const name = isOneFile ? first.file.name : folder ?? "photos";
  const answer = await ask({
    title: isOneFile ? `Drop ${first.file.name}` : `Drop ${counted(files.length, "file")}`,
    about: h("p", null, bytes(total)),
    fields: [
      {
        name: "kind", label: "What is it?", value: hasLabels && !isOnlyPictures ? "datasets" : "images",
        choices: [["datasets", "Labelled data to train on"], ["images", "Photos to predict"]],
      },
      {
        name: "finder", label: "What finds the faces?", only: ["kind", "images"],
        choices: [["", "What suits the model"], ["faces", "The face finder"], ["boxes", "boxes.csv only"], ["whole", "Nothing: each photo is one face"]],
      },
      { name: "name", label: "Name", value: isOneFile ? name : name.replace(/\.zip$/i, ""), required: true, hint: "Dropping under a name again replaces what was there." },
    ],
    confirm: "Upload",
  });
  if (!answer) return;
  if (answer.kind === "datasets") drop(files, "datasets", answer.name.trim(), folder, "");
  else drop(files, "images", answer.name.trim(), folder, answer.finder);
}

/**
 * @param {Dropped[]} files
 * @param {"datasets" | "images"} container
 * @param {string} name
 * @param {string | null} folder
 * @param {string} finder What finds the faces; empty for what suits the model.
 */
function drop(files, container, name, folder, finder) {
  const isWhole = files.length === 1 && !folder && (container === "datasets" || /\.zip$/i.test(files[0].path));
  if (isWhole) {
    start(name, container, [{ path: name, blob: files[0].file, id: idOf(`${name}\n${finder}`, files[0].file), finder }], null);
    return;
  }
  const batch = files.length === 1 && !folder ? name.replace(/\.[^.]+$/, "") : name;
  const items = files
    .map(({ path, file }) => ({ below: folder ? path.slice(folder.length + 1) : path, file }))
    .filter(({ below }) => container === "datasets" || pictures.test(below) || below === "boxes.csv" || below === "keypoints.json");
  if (items.length === 0) {
    say("None of these files is a picture: JPEG, PNG, WebP, BMP, PGM or PPM.", "bad");
    return;
  }
  const list = items.filter(({ below }) => pictures.test(below)).map(({ below }) => (/^(#|\.\/|\s)/.test(below) ? `./${below}` : below));
  const ready = new Blob(container === "images" ? [`${list.join("\n")}\n`] : [], { type: "text/plain" });
  start(batch, container,
    items.map(({ below, file }) => ({ path: `${batch}/${below}`, blob: file, id: idOf(below, file) })),
    // Each drop starts its batch, also of pictures that are all there already.
    { path: `${batch}/${marker}`, blob: ready, id: `ready-${Date.now().toString(36)}`, finder });
}

/**
 * Names the upload of a file, so that choosing the file again continues it.
 * @param {string} path
 * @param {File} file
 */
function idOf(path, file) {
  // FNV-1a with 64 bits: enough to tell the files of one name apart, and there without a secure context.
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(`${path}\n${file.size}\n${file.lastModified}`)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return `${hash.toString(36)}-${file.size.toString(36)}`;
}

/** @param {import("./uploads.js").Upload} upload */
function row(upload) {
  const share = upload.bytes === 0 ? 1 : upload.sent / upload.bytes;
  const text = {
    running: `${bytes(upload.sent)} of ${bytes(upload.bytes)}${upload.files > 1 ? `, ${upload.done} of ${counted(upload.files, "file")}` : ""}`,
    waiting: `The host does not answer. The upload continues when it is back: ${bytes(upload.sent)} of ${bytes(upload.bytes)} arrived.`,
    done: `Uploaded ${upload.files > 1 ? counted(upload.files, "file") : bytes(upload.bytes)}.`,
    failed: upload.problem ?? "Failed.",
    cancelled: "Cancelled. What has arrived starts nothing.",
  }[upload.state];
  return h("li", null,
    h("p", { class: "row-title" }, upload.instance ? h("a", { href: `#/workflows/${encodeURIComponent(upload.instance)}` }, upload.name) : upload.name),
    h("p", { class: upload.state === "failed" ? "row-text failed" : "row-text" }, text),
    (upload.state === "running" || upload.state === "waiting") && [
      progress(`Upload of ${upload.name}`, share),
      h("p", null, h("button", { type: "button", onclick: () => cancel(upload) }, "Cancel upload")),
    ]);
}

/**
 * Reads what was dropped, folders too.
 * @param {DataTransfer | null} transfer
 * @returns {Promise<Dropped[]>}
 */
async function readDrop(transfer) {
  const entries = [...transfer?.items ?? []].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  return (await Promise.all(entries.map((entry) => readEntry(entry, "")))).flat();
}

/**
 * @param {FileSystemEntry} entry
 * @param {string} above
 * @returns {Promise<Dropped[]>}
 */
async function readEntry(entry, above) {
  const path = above + entry.name;
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => /** @type {FileSystemFileEntry} */ (entry).file(resolve, reject));
    return [{ path, file }];
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  /** @type {Dropped[]} */
  const found = [];
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return found;
    for (const child of some) found.push(...await readEntry(child, `${path}/`));
  }
}
