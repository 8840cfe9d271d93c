// The pictures of a batch with their predicted points, and one of them enlarged.

import { address, fileName } from "../api.js";
import { h } from "../dom.js";
import { count, counted, percent, words } from "../format.js";
import { refresh } from "../live.js";
import { action, empty, section } from "../parts.js";
import { withPoints } from "../points.js";

/** @typedef {import("../types").PictureList} PictureList */
/** @typedef {import("../types").BatchPicture} BatchPicture */

export const mostPages = 20;

const thumbnail = 320;
const enlarged = 1600;
const zooms = [1, 1.5, 2, 3, 4];

/** @type {[string, string][]} */
const orders = [["doubt", "Least certain first"], ["name", "By name"], ["failed", "Only failed"]];

/**
 * @param {string} batch
 * @param {PictureList} list
 * @param {{ order: string, pages: number }} shown
 * @param {boolean} more
 */
export function gallery(batch, list, shown, more) {
  const order = h("label", null, "Order ", h("select", {
    /** @param {Event} event */
    onchange: (event) => {
      shown.order = /** @type {HTMLSelectElement} */ (event.currentTarget).value;
      shown.pages = 1;
      refresh();
    },
  }, orders.map(([value, text]) => h("option", { value, selected: value === shown.order }, text))));
  return section("Pictures", { about: list.note ?? counted(list.total, "picture"), actions: order },
    list.pictures.length === 0 ? empty("There is no such picture.") : h("ul", { class: "gallery" }, list.pictures.map((one) =>
      h("li", { key: one.image }, tile(batch, one, list.keypoints)))),
    more && h("p", { class: "more" }, action("Show more", async () => {
      shown.pages++;
    })));
}

/**
 * @param {string} batch
 * @param {BatchPicture} one
 * @param {string[]} names
 */
function tile(batch, one, names) {
  const doubtful = one.faces.filter((face) => face.status === "doubtful").length;
  const about = one.error ?? [
    one.faces.length > 1 && counted(one.faces.length, "face"),
    doubtful > 0 && (one.faces.length > 1 ? `${count(doubtful)} doubtful` : "doubtful"),
    one.doubt !== undefined && `doubt ${percent(one.doubt)}`,
  ].filter(Boolean).join(", ");
  if (!one.width || !one.height) {
    return h("div", { class: "tile failed" }, h("span", { class: "tile-empty" }, "No picture"), h("span", { class: "tile-name" }, one.image), h("span", { class: "tile-about" }, about));
  }
  return h("button", { type: "button", class: "tile", onclick: () => zoom(batch, one, names) },
    h("span", { class: "tile-picture" }, shownAt(batch, one, names, thumbnail, false)),
    h("span", { class: "tile-name" }, one.image),
    h("span", { class: "tile-about" }, about && about[0].toUpperCase() + about.slice(1)));
}

/**
 * @param {string} batch
 * @param {BatchPicture} one
 * @param {string[]} names
 * @param {number} size
 * @param {boolean} labels
 */
function shownAt(batch, one, names, size, labels) {
  return withPoints({
    address: `${address`/api/batches/${batch}/thumbnails/`}${fileName(one.image)}?size=${size}`,
    alt: `Points on ${one.image}`,
    width: one.width ?? 1,
    height: one.height ?? 1,
    names,
    faces: one.faces.map((face) => face.points ?? []),
    labels,
  });
}

/**
 * @param {string} batch
 * @param {BatchPicture} one
 * @param {string[]} names
 */
function zoom(batch, one, names) {
  let level = 0;
  let labels = false;
  const place = h("div", { class: "zoom-picture", tabindex: "0", role: "region", "aria-label": `Picture ${one.image}` });
  const show = () => {
    const shown = shownAt(batch, one, names, enlarged, labels);
    shown.style.setProperty("width", `calc(min(100%, 66vh * ${(one.width ?? 1) / (one.height ?? 1)}) * ${zooms[level]})`);
    place.replaceChildren(shown);
  };
  /** @param {number} by */
  const step = (by) => {
    level = Math.min(zooms.length - 1, Math.max(0, level + by));
    show();
  };
  const dialog = h("dialog", { class: "zoom", "aria-labelledby": "zoomed" },
    h("div", { class: "card-head" },
      h("h2", { id: "zoomed" }, one.image),
      h("div", { class: "actions" },
        h("label", { class: "tick" }, h("input", {
          type: "checkbox",
          /** @param {Event} event */
          onchange: (event) => {
            labels = /** @type {HTMLInputElement} */ (event.currentTarget).checked;
            show();
          },
        }), "Names"),
        h("button", { type: "button", "aria-label": "Smaller", onclick: () => step(-1) }, "−"),
        h("button", { type: "button", "aria-label": "Larger", onclick: () => step(1) }, "+"),
        h("button", { type: "button", onclick: () => dialog.close() }, "Close"))),
    place,
    h("p", { class: "muted" }, describe(one, names)));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  show();
  dialog.showModal();
}

/**
 * @param {BatchPicture} one
 * @param {string[]} names
 */
function describe(one, names) {
  const size = `${one.width} × ${one.height} px`;
  const states = [...new Set(one.faces.map((face) => face.status))].join(", ");
  /** @type {{ name: string, length: number } | null} */
  let worst = null;
  for (const face of one.faces) {
    face.uncertainty?.forEach((length, i) => {
      if (length !== null && (worst === null || length > worst.length)) worst = { name: names[i], length };
    });
  }
  const found = /** @type {{ name: string, length: number } | null} */ (worst);
  return `${size}, ${counted(one.faces.length, "face")}, ${states}${found ? `, least certain: ${words(found.name)} (${found.length.toFixed(1)} px)` : ""}`;
}
