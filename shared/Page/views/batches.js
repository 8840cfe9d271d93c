// Batches: all with results, and one of them.

import { read } from "../api.js";
import { h } from "../dom.js";
import { count, counted } from "../format.js";
import { list, outline, share, subject } from "../instances.js";
import { action, empty, pill, progress, section, table, title, when } from "../parts.js";
import { batch } from "./batch.js";

/** @typedef {import("../types").Batch} Batch */
/** @typedef {import("../types").Instance} Instance */

const pageLength = 50;

/**
 * @param {import("../view").Place} place
 * @returns {import("../view").View}
 */
export function batches(place) {
  if (place.parts[1]) return batch(place.parts[1]);
  let pages = 1;
  return {
    title: "Batches",
    usesManagement: true,
    async load(signal) {
      /** @type {Batch[]} */
      const found = [];
      let next = null;
      for (let page = 0; page < pages && (page === 0 || next); page++) {
        const answer = /** @type {{ value: { batches: Batch[] }, next: string | null }} */ (
          await read(`/api/batches?top=${pageLength}`, { signal, continuation: next }));
        found.push(...answer.value.batches);
        next = answer.next;
      }
      const running = await list({ status: "Running,Pending", prefix: "batch-", input: true, signal });
      return { found, more: next !== null, running: running.value.filter((instance) => instance.name === "InferBatch") };
    },
    render: ({ found, more, running }) => [
      title("Batches", { about: "A batch is a folder or zip of photos. Drop one and its keypoints appear here." }),
      running.length > 0 && section("In progress", {}, h("ul", { class: "rows" }, running.map((/** @type {Instance} */ instance) =>
        h("li", { key: instance.instanceId },
          h("p", { class: "row-title" }, h("a", { href: `#/batches/${encodeURIComponent(subject(instance))}` }, subject(instance)),
            h("span", { class: "muted" }, " started ", when(instance.createdTime))),
          h("p", { class: "row-text" }, outline(instance)),
          progress(`Progress of ${subject(instance)}`, share(instance)))))),
      section("With results", { about: counted(found.length, "batch", "batches") + (more ? " so far, by name" : ", by name") },
        found.length === 0
          ? empty("No batch has results yet. Drop photos: ", h("code", null, "./keypoints drop photos"), ".")
          : table("Batches", [
            "Batch", "State", { text: "Images", class: "number" }, { text: "Failed", class: "number" },
            { text: "Model", class: "wide" }, { text: "Finished", class: "wide" },
          ], found.map(row)),
        more && h("p", { class: "more" }, action("Show more", async () => {
          pages++;
        }))),
    ],
  };
}

/** @param {Batch} one */
function row(one) {
  return h("tr", { key: one.batch },
    h("th", { scope: "row" }, h("a", { href: `#/batches/${encodeURIComponent(one.batch)}` }, one.batch)),
    h("td", null, one.finishedAt ? one.failed ? pill("Some failed", "warn") : pill("Complete", "good") : pill("In progress", "busy")),
    h("td", { class: "number" }, count(one.images)),
    h("td", { class: "number" }, count(one.failed)),
    h("td", { class: "wide" }, one.modelVersion ? h("a", { href: `#/models/${encodeURIComponent(one.modelVersion)}` }, one.modelVersion) : "–"),
    h("td", { class: "wide" }, when(one.finishedAt)));
}
