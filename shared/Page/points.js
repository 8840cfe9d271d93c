// Pictures with their points.

import { h, s } from "./dom.js";
import { words } from "./format.js";
import { picture } from "./pictures.js";

/** @typedef {(number[] | null)[]} Points x and y of each keypoint; null for none. */

/**
 * A picture with points on it.
 * @param {{ address: string, alt: string, width: number, height: number, names: string[], faces: Points[], labels?: boolean }} shown
 *   Width and height are in the unit of the points.
 */
export function withPoints({ address, alt, width, height, names, faces, labels = false }) {
  const size = Math.max(width, height);
  const radius = Math.max(size * (faces.length > 8 ? 0.003 : labels ? 0.006 : 0.013), 0.4);
  return h("span", { class: height > width ? "with-points tall" : "with-points", style: { "aspect-ratio": `${width} / ${height}` } },
    picture(address, alt),
    s("svg", { viewBox: `-0.5 -0.5 ${width} ${height}`, "aria-hidden": "true", focusable: "false" },
      faces.flatMap((points) => points.flatMap((point, i) => (point ? [
        s("circle", { cx: point[0].toFixed(2), cy: point[1].toFixed(2), r: radius.toFixed(2), "stroke-width": (radius * 0.35).toFixed(2), class: side(names[i]) }, s("title", {}, words(names[i]))),
        labels && s("text", { x: (point[0] + 1.6 * radius).toFixed(2), y: (point[1] + radius).toFixed(2), "font-size": (2.6 * radius).toFixed(2) }, words(names[i])),
      ] : [])))));
}

/**
 * The side of the subject that a keypoint is on, by its name.
 * @param {string} name
 */
function side(name) {
  if (/(^|[^a-z])(left|l)([^a-z]|$)|^left|Left/.test(name)) return "left";
  return /(^|[^a-z])(right|r)([^a-z]|$)|^right|Right/.test(name) ? "right" : "middle";
}
