// Workflows: all instances with filters, and one of them.

import { counted, duration, seconds } from "../format.js";
import { h } from "../dom.js";
import { hasEnded, kinds, link, list, outline, state, states, subject, workflow } from "../instances.js";
import { action, empty, section, table, title, when } from "../parts.js";
import { instance } from "./instance.js";

/** @typedef {import("../types").Instance} Instance */

const pageLength = 50;
const mostPages = 20;

/**
 * @param {import("../view").Place} place
 * @returns {import("../view").View}
 */
export function workflows(place) {
  if (place.parts[1]) return instance(place.parts[1]);
  const filter = {
    status: place.query.get("status") ?? "",
    kind: place.query.get("kind") ?? "",
    id: place.query.get("id") ?? "",
  };
  let pages = 1;
  return {
    title: "Workflows",
    usesManagement: true,
    async load(signal) {
      /** @type {Instance[]} */
      const instances = [];
      let next = null;
      for (let page = 0; page < pages && (page === 0 || next); page++) {
        const answer = await list({
          status: filter.status, prefix: filter.id || filter.kind, top: pageLength, input: true, signal, continuation: next,
        });
        instances.push(...answer.value);
        next = answer.next;
      }
      return { instances, more: next !== null && pages < mostPages };
    },
    render: ({ instances, more }) => [
      title("Workflows", { about: "Every drop, training and batch is an instance. Its children stand in the same list." }),
      filters(filter),
      section("Instances", { about: counted(instances.length, "instance") + (more ? " so far, newest first" : ", newest first") },
        instances.length === 0 ? empty("No instance matches.") : table("Instances", [
          "Workflow", "State", { text: "What happens", class: "wide" }, { text: "Started", class: "wide" }, { text: "Time", class: "wide number" },
        ], instances.map(row)),
        more && h("p", { class: "more" }, action("Show more", async () => {
          pages++;
        }))),
    ],
  };
}

/** @param {{ status: string, kind: string, id: string }} filter */
function filters(filter) {
  const go = () => {
    const form = new FormData(/** @type {HTMLFormElement} */ (document.getElementById("filters")));
    const query = new URLSearchParams();
    for (const [name, value] of form) if (value) query.set(name, String(value));
    location.hash = `#/workflows${query.size ? `?${query}` : ""}`;
  };
  return h("form", {
    id: "filters", class: "filters", role: "search", "aria-label": "Filter of instances",
    /** @param {Event} event */
    onsubmit: (event) => {
      event.preventDefault();
      go();
    },
  },
  h("label", null, "State ", h("select", { name: "status", onchange: go },
    [["", "All"], ...states.map((name) => [name, name])].map(([value, text]) => h("option", { value, selected: value === filter.status }, text)))),
  h("label", null, "Kind ", h("select", { name: "kind", onchange: go },
    kinds.map(([value, text]) => h("option", { value, selected: value === filter.kind }, text)))),
  h("label", { class: "grow" }, "Id starts with ", h("input", { name: "id", value: filter.id, autocomplete: "off", spellcheck: "false", type: "search" })),
  h("button", { type: "submit" }, "Filter"));
}

/** @param {Instance} instance */
function row(instance) {
  return h("tr", { key: instance.instanceId },
    h("th", { scope: "row" }, h("a", { href: link(instance.instanceId) }, `${workflow(instance)} ${subject(instance)}`),
      h("span", { class: "id" }, instance.instanceId),
      h("span", { class: "below narrow" }, outline(instance))),
    h("td", null, state(instance)),
    h("td", { class: "wide" }, h("span", { class: "clip" }, outline(instance))),
    h("td", { class: "wide" }, when(instance.createdTime)),
    h("td", { class: "wide number" }, duration(seconds(instance.createdTime, hasEnded(instance) ? instance.lastUpdatedTime : new Date().toISOString()))));
}
