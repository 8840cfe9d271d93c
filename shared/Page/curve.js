// The learning curve of a training: error on validation rows by epoch.

import { h, s } from "./dom.js";
import { count, pixels } from "./format.js";

/** @typedef {import("./types").Epoch} Epoch */

const width = 720;
const height = 240;
const left = 52;
const right = 16;
const top = 14;
const bottom = 30;

/**
 * @param {Epoch[]} epochs
 * @param {number | undefined} best
 */
export function curve(epochs, best) {
  const points = epochs.flatMap((epoch) => (epoch.validationRmse === undefined ? [] : [{ epoch: epoch.epoch, error: epoch.validationRmse }]));
  if (points.length < 2) return null;

  // The first epochs would flatten the rest: the scale ends at what nine of ten epochs stay below.
  const errors = points.map((point) => point.error).sort((a, b) => a - b);
  const low = errors[0] * 0.9;
  const high = Math.max(errors[Math.min(errors.length - 1, Math.ceil(errors.length * 0.9))] * 1.05, low * 1.1);
  const last = points[points.length - 1].epoch;
  /** @param {number} epoch */
  const x = (epoch) => left + (epoch - points[0].epoch) / Math.max(1, last - points[0].epoch) * (width - left - right);
  /** @param {number} error */
  const y = (error) => top + (1 - (Math.min(error, high) - low) / (high - low)) * (height - top - bottom);
  const chosen = points.find((point) => point.epoch === best);
  const text = chosen ? `Error on validation rows: lowest at epoch ${chosen.epoch} with ${pixels(chosen.error)}` : "Error on validation rows by epoch";
  return h("div", { class: "curve" }, s("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": text },
    ...ticks(low, high).flatMap((value) => [
      s("line", { x1: left, x2: width - right, y1: y(value).toFixed(1), y2: y(value).toFixed(1), class: "grid" }),
      s("text", { x: left - 8, y: (y(value) + 4).toFixed(1), "text-anchor": "end" }, pixels(value)),
    ]),
    s("text", { x: left, y: height - 8 }, `Epoch ${points[0].epoch}`),
    s("text", { x: width - right, y: height - 8, "text-anchor": "end" }, count(last)),
    s("polyline", { points: points.map((point) => `${x(point.epoch).toFixed(1)},${y(point.error).toFixed(1)}`).join(" "), class: "line" }),
    chosen && s("line", { x1: x(chosen.epoch).toFixed(1), x2: x(chosen.epoch).toFixed(1), y1: top, y2: height - bottom, class: "best" }),
    chosen && s("circle", { cx: x(chosen.epoch).toFixed(1), cy: y(chosen.error).toFixed(1), r: 4, class: "best" })),
  h("p", { class: "muted" }, `${text}.`));
}

/**
 * Round values between two.
 * @param {number} low
 * @param {number} high
 */
function ticks(low, high) {
  const rough = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough) ?? rough;
  const values = [];
  for (let value = Math.ceil(low / step) * step; value <= high; value += step) values.push(value);
  return values;
}
