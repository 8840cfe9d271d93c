// Datasets: what is in force, and what became of the rest.

import { read } from "../api.js";
import { h } from "../dom.js";
import { count, counted, sentence, words } from "../format.js";
import { empty, note, pill, section, table, title, when } from "../parts.js";
import { dataset } from "./dataset.js";
import { loadSides, sides } from "./sides.js";

/** @typedef {import("../types").DatasetList} DatasetList */
/** @typedef {import("../types").DatasetPath} DatasetPath */

/**
 * @param {import("../view").Place} place
 * @returns {import("../view").View}
 */
export function datasets(place) {
  if (place.parts[1]) return dataset(place.parts[1]);
  return {
    title: "Datasets",
    async load(signal) {
      const [list, counts] = await Promise.all([/** @type {Promise<{ value: DatasetList }>} */ (read("/api/datasets", { signal })), loadSides(signal)]);
      return { list: list.value, counts };
    },
    render: ({ list, counts }) => overview(list, counts),
  };
}

/** @param {string} path */
export const datasetLink = (path) => `#/datasets/${encodeURIComponent(path)}`;

/**
 * @param {DatasetList} list
 * @param {import("./sides.js").Answer} counts
 */
function overview({ datasets: prepared, paths = [], rejected, unstarted, warning }, counts) {
  const inForce = paths.filter((path) => !path.withdrawn);
  const withdrawn = paths.filter((path) => path.withdrawn);
  const rows = inForce.reduce((sum, path) => sum + (path.rows ?? 0), 0);
  return [
    title("Datasets", { about: "The path of a dropped file is the dataset's name. Its newest accepted content is in force." }),
    warning && note("bad", h("p", null, warning)),
    section("In force", { about: inForce.length > 0 && `${counted(inForce.length, "dataset")}, ${counted(rows, "row")}. The next training uses them.` },
      inForce.length === 0
        ? empty("No dataset is in force. Drop a labelled file: ", h("code", null, "./keypoints drop training.zip"), ".")
        : table("Datasets in force", ["Path", { text: "Rows", class: "number" }, { text: "Complete rows", class: "wide number" }, { text: "Keypoints", class: "wide number" }, "In force since"],
          inForce.map((path) => {
            const info = prepared.find((other) => other.datasetId === path.datasetId);
            return h("tr", { key: path.path },
              h("th", { scope: "row" }, h("a", { href: datasetLink(path.path) }, path.path), path.note && h("span", { class: "below" }, sentence(path.note))),
              h("td", { class: "number" }, count(path.rows)),
              h("td", { class: "wide number" }, count(info?.completeRows)),
              h("td", { class: "wide number" }, count(info?.schema.names.length)),
              h("td", null, when(path.since)));
          }))),
    inForce.length > 0 && sides(counts),
    rejected.length > 0 && section("Rejected", { about: "Files that could not be used. They disappear from this list once a good file of the path is accepted." },
      table("Rejected files", ["Path", "State"], rejected.map((path) => h("tr", { key: path },
        h("th", { scope: "row" }, h("a", { href: datasetLink(path) }, path)), h("td", null, pill("Rejected", "bad")))))),
    unstarted.length > 0 && section("Not started", { about: "Files whose workflow could not be started." },
      table("Files that started nothing", ["Container and path", "State"], unstarted.map((path) => h("tr", { key: path },
        h("th", { scope: "row" }, path.startsWith("datasets/") ? h("a", { href: datasetLink(path.slice("datasets/".length)) }, path) : path),
        h("td", null, pill("Not started", "warn")))))),
    withdrawn.length > 0 && section("Withdrawn", { about: "No later training uses them." },
      table("Withdrawn datasets", ["Path", "Reason", "Withdrawn"], withdrawn.map((path) => h("tr", { key: path.path },
        h("th", { scope: "row" }, h("a", { href: datasetLink(path.path) }, path.path), path.note && h("span", { class: "below" }, sentence(path.note))),
        h("td", null, sentence(words(path.withdrawn?.reason ?? "")).slice(0, -1)),
        h("td", null, when(path.withdrawn?.at)))))),
  ];
}
