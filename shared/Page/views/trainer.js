// What a training computes on, how often its trainer was restarted, and the trainer's log.

import { h } from "../dom.js";
import { count, counted, sentence } from "../format.js";
import { empty, section, table, when } from "../parts.js";

/** @typedef {import("../types").TrainingDetail} TrainingDetail */
/** @typedef {import("../types").Epoch} Epoch */

/**
 * The processor or graphics card, and how fast it is.
 * @param {TrainingDetail} detail
 * @returns {[string, string | null | undefined][]}
 */
export function machine({ status, epochs, ends }) {
  const device = status?.device;
  return [
    [device?.kind === "cuda" ? "Graphics card" : "Processor", device?.name],
    ["Threads", device?.threads ? count(device.threads) : null],
    ["Precision of convolutions", device?.precision],
    ["Mean speed", speed(epochs)],
    ["Restarts", ends.length > 0 ? count(ends.length) : null],
  ];
}

/** @param {Epoch[]} epochs */
function speed(epochs) {
  const seconds = epochs.reduce((sum, epoch) => sum + epoch.seconds, 0);
  const images = epochs.reduce((sum, epoch) => sum + epoch.seconds * epoch.imagesPerSecond, 0);
  return seconds > 0 ? `${count(images / seconds)} images/s` : null;
}

/** @param {TrainingDetail["ends"]} ends */
export function restarts(ends) {
  if (ends.length === 0) return null;
  const withPlace = ends.some((end) => end.place);
  return section("Restarts", {
    about: `The trainer ended ${counted(ends.length, "time")} before it was done. The next one continues from the checkpoint.`,
  },
  table("Ends of the trainer", ["Ended", { text: "After epoch", class: "number" }, "Why", ...(withPlace ? [{ text: "Where", class: "wide" }] : [])],
    ends.map((end) => h("tr", { key: end.launchedAt },
      h("td", null, when(end.seenAt)),
      h("td", { class: "number" }, count(end.epoch)),
      h("td", null, sentence(end.reason)),
      withPlace && h("td", { class: "wide" }, end.place ?? "–")))));
}

/** @param {string[]} lines */
export function log(lines) {
  return section("Log", { about: lines.length > 0 && "The trainer's newest lines, over all its starts. Times are UTC." },
    lines.length === 0
      ? empty("The trainer has written no line, or an earlier version of the pipeline ran it.")
      : h("div", { class: "log", tabindex: "0", role: "region", "aria-label": "Log of the trainer" }, h("pre", null, lines.join("\n"))));
}
