// Charts that the host draws. They are fetched with the key in a header and shown as blob URLs.

import { address, send } from "./api.js";
import { h } from "./dom.js";
import { pixels } from "./format.js";

/** @typedef {import("./types").Epoch} Epoch */

const mostKept = 20;

/** The newest drawing of each address, the oldest first. @type {Map<string, { state: string, url: string | null }>} */
const kept = new Map();

const dark = matchMedia("(prefers-color-scheme: dark)");

/**
 * Says when the system changes its colours.
 * @param {() => void} then
 */
export const onColours = (then) => dark.addEventListener("change", then);

/**
 * The learning curve of a training.
 * @param {string} runId
 * @param {Epoch[]} epochs At least two.
 * @param {number | undefined} best
 */
export function learningCurve(runId, epochs, best) {
  const chosen = epochs.find((epoch) => epoch.epoch === best);
  const text = chosen ? `Error on validation rows: lowest at epoch ${chosen.epoch} with ${pixels(chosen.validationRmse)}` : "Training loss by epoch; no epoch was validated yet";
  const last = epochs[epochs.length - 1];
  return [
    chart(address`/api/trainings/${runId}/curve.svg`, `${epochs.length} ${last.trainingLoss} ${last.validationRmse}`, text, 760, 320),
    h("p", { class: "muted" }, `${text}.`),
  ];
}

/**
 * A chart of the host. While a newer drawing is on its way, the older one stays.
 * @param {string} place Its address without colours.
 * @param {string} state Anything that changes with what it shows.
 * @param {string} alt
 * @param {number} width
 * @param {number} height
 */
export function chart(place, state, alt, width, height) {
  const chosen = document.documentElement.dataset.theme;
  const themed = `${place}?theme=${(chosen ? chosen === "dark" : dark.matches) ? "dark" : "light"}`;
  const image = h("img", { class: "chart", alt, width, height, "data-shows": `${themed} ${state}` });
  const known = kept.get(themed);
  if (known?.url) image.src = known.url;
  if (known?.state !== state) {
    keep(themed, { state, url: known?.url ?? null });
    void load(image, themed, state);
  }
  return h("div", { class: "scroll", role: "region", "aria-label": "Chart", tabindex: "0" }, image);
}

/**
 * @param {HTMLImageElement} image
 * @param {string} themed
 * @param {string} state
 */
async function load(image, themed, state) {
  try {
    const url = URL.createObjectURL(await (await send(themed)).blob());
    const before = kept.get(themed);
    if (before?.state !== state) {
      URL.revokeObjectURL(url);
      return;
    }
    keep(themed, { state, url });
    image.src = url;
    if (before.url) URL.revokeObjectURL(before.url);
  } catch {
    // Without data-shows, the next rendering takes another element and asks again.
    image.removeAttribute("data-shows");
    if (kept.get(themed)?.state === state) kept.delete(themed);
  }
}

/**
 * @param {string} themed
 * @param {{ state: string, url: string | null }} drawing
 */
function keep(themed, drawing) {
  kept.delete(themed);
  kept.set(themed, drawing);
  if (kept.size <= mostKept) return;
  const [oldest, { url }] = /** @type {[string, { url: string | null }]} */ (kept.entries().next().value);
  kept.delete(oldest);
  if (url) URL.revokeObjectURL(url);
}
