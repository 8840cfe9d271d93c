// Rows and groups that train, validate and test.

import { Problem, read } from "../api.js";
import { h } from "../dom.js";
import { count, percent } from "../format.js";
import { empty, note, section, table } from "../parts.js";

/** @typedef {import("../types").DatasetSides} DatasetSides */
/** @typedef {DatasetSides | { refused: string }} Answer */

/** @type {Record<string, string>} */
const names = {
  training: "Training",
  validation: "Validation",
  test: "Test",
  sharesWithValidation: "Left out: in the validation file too",
  sharesWithTest: "Left out: in the test file too",
};

/**
 * @param {AbortSignal} signal
 * @returns {Promise<Answer>}
 */
export async function loadSides(signal) {
  try {
    return (/** @type {{ value: DatasetSides }} */ (await read("/api/datasets/sides", { signal }))).value;
  } catch (error) {
    if (error instanceof Problem && error.status === 409) return { refused: error.message };
    throw error;
  }
}

/**
 * @param {Answer} answer
 * @param {string} [datasetId] The only dataset to count; all if it is missing.
 */
export function sides(answer, datasetId) {
  const heading = "Rows and groups by side";
  if ("refused" in answer) return section(heading, {}, note("warn", h("p", null, answer.refused)));
  if (!answer.version) return section(heading, {}, empty("The first training decides which rows train, validate and test."));
  const version = h("a", { href: `#/models/${encodeURIComponent(answer.version)}` }, answer.version);
  const counts = datasetId === undefined ? answer.sides : answer.datasets.find((dataset) => dataset.datasetId === datasetId)?.sides;
  if (!counts) return section(heading, {}, empty("The newest version, ", version, ", did not use this dataset. The next training decides."));
  const total = counts.reduce((sum, side) => sum + side.rows, 0);
  return section(heading, { about: ["As ", version, " used them. Rows that share a person or a picture are a group and stay on one side."] },
    table(heading, ["Side", { text: "Rows", class: "number" }, { text: "Groups", class: "number" }, { text: "Share", class: "number" }], counts.map((side) =>
      h("tr", { key: side.side },
        h("th", { scope: "row" }, names[side.side] ?? side.side),
        h("td", { class: "number" }, count(side.rows)),
        h("td", { class: "number" }, count(side.groups)),
        h("td", { class: "number" }, percent(side.rows / total))))));
}
