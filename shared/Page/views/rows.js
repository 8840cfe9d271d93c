// Rows of a prepared dataset: sample frames with their labels, and which labels are missing together.

import { address } from "../api.js";
import { h } from "../dom.js";
import { counted, percent, words } from "../format.js";
import { section, table } from "../parts.js";
import { withPoints } from "../points.js";

/** @typedef {import("../types").RowList} RowList */

/** Rows that stand for the dataset. */
export const sampled = 96;

const shownFrames = 24;
const shownPatterns = 6;
const longestNames = 4;
const frameSize = 240;

/** @param {RowList} list */
export function frames({ datasetId, schema, rows, total }) {
  const step = Math.max(1, Math.floor(rows.length / shownFrames));
  const some = rows.filter((_, i) => i % step === 0).slice(0, shownFrames);
  return section("Sample frames", { about: `${counted(some.length, "row")} of ${counted(total, "row")}, from all parts of the file. Blue is the subject's left, yellow the right.` },
    h("ul", { class: "gallery" }, some.map((row) => h("li", { key: String(row.row) }, h("div", { class: "tile" },
      withPoints({
        address: `${address`/api/datasets/${datasetId}/rows/${String(row.row)}/frame`}?size=${frameSize}`,
        alt: `Labels of row ${row.sourceRow}`,
        width: schema.frameWidth,
        height: schema.frameHeight,
        names: schema.names,
        faces: [row.points],
      }),
      h("span", { class: "tile-name" }, `Row ${row.sourceRow}`))))));
}

/** @param {RowList} list */
export function patterns({ schema, rows, total }) {
  /** @type {Map<string, number>} */
  const found = new Map();
  for (const row of rows) {
    const key = row.points.map((point) => (point ? "1" : "0")).join("");
    found.set(key, (found.get(key) ?? 0) + 1);
  }
  const sorted = [...found].sort(([, a], [, b]) => b - a);
  const about = `In ${total <= rows.length ? "all" : "a sample of"} ${counted(rows.length, "row")}${sorted.length > shownPatterns ? `; ${sorted.length - shownPatterns} rarer patterns are left out` : ""}`;
  return section("Labels that are missing together", { about },
    table("Patterns of missing labels", [{ text: "Rows", class: "number" }, "Pattern", { text: "What is missing", class: "wide" }], sorted.slice(0, shownPatterns).map(([key, number]) =>
      h("tr", { key },
        h("td", { class: "number" }, percent(number / rows.length)),
        h("td", null, h("span", { class: "pattern", "aria-hidden": "true" }, [...key].map((has, i) => h("span", { class: has === "1" ? "has" : "", title: words(schema.names[i]) })))),
        h("td", { class: "wide" }, missing([...key].flatMap((has, i) => (has === "1" ? [] : [words(schema.names[i])])), schema.names.length))))));
}

/**
 * @param {string[]} names
 * @param {number} of
 */
function missing(names, of) {
  if (names.length === 0) return "nothing";
  if (names.length === of) return "everything";
  return names.length <= longestNames ? names.join(", ") : `${names.slice(0, longestNames).join(", ")} and ${names.length - longestNames} more`;
}
