// Pictures from the host. They are fetched with the key in a header and shown as blob URLs, when they come into view.

import { send } from "./api.js";
import { h } from "./dom.js";

const mostKept = 300;
const atOnce = 4;

/** Blob URLs by address, the oldest first. @type {Map<string, string>} */
const kept = new Map();

/** @type {(() => Promise<void>)[]} */
const waiting = [];
let running = 0;

const watcher = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting || !(target instanceof HTMLImageElement)) continue;
    watcher.unobserve(target);
    load(target);
  }
}, { rootMargin: "300px" });

/**
 * A picture of the host.
 * @param {string} address
 * @param {string} alt
 */
export function picture(address, alt) {
  const image = h("img", { alt, "data-shows": address, class: "picture" });
  const known = kept.get(address);
  if (known) image.src = known;
  else watcher.observe(image);
  return image;
}

/** @param {HTMLImageElement} image */
function load(image) {
  waiting.push(async () => {
    const address = image.dataset.shows ?? "";
    try {
      image.src = kept.get(address) ?? (await fetchOne(address));
    } catch {
      image.classList.add("missing");
      image.alt = `${image.alt} (not available)`;
    }
  });
  next();
}

function next() {
  while (running < atOnce) {
    const work = waiting.shift();
    if (!work) return;
    running++;
    void work().finally(() => {
      running--;
      next();
    });
  }
}

/** @param {string} address */
async function fetchOne(address) {
  const url = URL.createObjectURL(await (await send(address)).blob());
  kept.set(address, url);
  if (kept.size > mostKept) {
    const [oldest, old] = /** @type {[string, string]} */ (kept.entries().next().value);
    kept.delete(oldest);
    URL.revokeObjectURL(old);
  }
  return url;
}
