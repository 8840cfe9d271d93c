// Two models side by side, on test rows that neither learned from.

import { Problem, address, read } from "../api.js";
import { chart } from "../charts.js";
import { h } from "../dom.js";
import { count, counted, pixels, words } from "../format.js";
import { note, section, table, title } from "../parts.js";
import { withPoints } from "../points.js";

/** @typedef {import("../types").SideBySide} SideBySide */

const pictures = 12;
const frameSize = 240;

/**
 * @param {string} version
 * @param {string} other
 * @returns {import("../view").View<{ both: SideBySide } | { refused: string }>}
 */
export function compare(version, other) {
  return {
    title: `${version} and ${other}`,
    async load(signal) {
      try {
        return { both: (/** @type {{ value: SideBySide }} */ (await read(address`/api/models/${version}/compare/${other}`, { signal }))).value };
      } catch (error) {
        if (error instanceof Problem && error.status === 409) return { refused: error.message };
        throw error;
      }
    },
    render: (data) => [
      title("Side by side", { back: [`#/models/${encodeURIComponent(version)}`, version], about: [version, " and ", h("a", { href: `#/models/${encodeURIComponent(other)}` }, other)] }),
      ...("refused" in data ? [note("warn", h("p", null, data.refused))] : [
        data.both.note && note("warn", h("p", null, data.both.note)), bars(data.both), rows(data.both),
      ]),
    ],
  };
}

/** @param {SideBySide} both */
function bars({ first, second, rows: predicted, testRows, keypoints, note: doubt }) {
  return section("Error per keypoint", {
    about: `${counted(predicted, "row")} of ${counted(testRows, "test row")}${doubt ? "" : " that neither model learned from"}. Shorter is better.`,
  },
  chart(address`/api/models/${first}/compare/${second}/keypoints.svg`, JSON.stringify(keypoints), `Error per keypoint of ${first} and ${second}`, 760, 84 + 36 * keypoints.length),
  h("details", { key: "errors" },
    h("summary", null, "The errors as a table"),
    table("Errors per keypoint", [
      "Keypoint", { text: "Labels", class: "number" }, { text: first, class: "number" }, { text: second, class: "number" },
    ], keypoints.map((keypoint) => h("tr", { key: keypoint.keypoint },
      h("th", { scope: "row" }, words(keypoint.keypoint)),
      h("td", { class: "number" }, count(keypoint.labels)),
      h("td", { class: "number" }, pixels(keypoint.first)),
      h("td", { class: "number" }, pixels(keypoint.second)))))));
}

/** @param {SideBySide} both */
function rows({ first, second, frameWidth, frameHeight, keypoints, pictures: all }) {
  const names = keypoints.map((keypoint) => keypoint.keypoint);
  return section("The same pictures", { about: `The largest difference first: ${count(Math.min(pictures, all.length))} of ${counted(all.length, "row")}` },
    h("ul", { class: "sides" }, all.slice(0, pictures).map((row) => h("li", { key: `${row.datasetId} ${row.row}` },
      [[first, row.first, row.firstError], [second, row.second, row.secondError]].map(([version, points, error]) => h("figure", null,
        withPoints({
          address: `${address`/api/datasets/${row.datasetId}/rows/${String(row.row)}/frame`}?size=${frameSize}`,
          alt: `Row ${row.row} as ${version} predicts it`,
          width: frameWidth,
          height: frameHeight,
          names,
          faces: [/** @type {(number[] | null)[]} */ (points)],
        }),
        h("figcaption", null, `${version}: ${pixels(/** @type {number | undefined} */ (error))}`)))))));
}
