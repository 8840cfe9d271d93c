// One workflow instance: timeline with children, inputs, outputs, errors; terminate, raise an event, purge.

import { address, change, read, send } from "../api.js";
import { ask } from "../dialogs.js";
import { h } from "../dom.js";
import { count, duration, moment, seconds } from "../format.js";
import { hasEnded, instancesAddress, link, list, outline, parentOf, reason, share, state, subject, workflow } from "../instances.js";
import { action, empty, facts, json, note, progress, say, section, title, when } from "../parts.js";

/** @typedef {import("../types").Instance} Instance */

const mostChildren = 200;

/**
 * @param {string} id
 * @returns {import("../view").View<{ instance: Instance, children: Instance[] }>}
 */
export function instance(id) {
  return {
    title: id,
    usesManagement: true,
    async load(signal) {
      const [one, parts, trainings] = await Promise.all([
        /** @type {Promise<{ value: Instance }>} */ (read(`${instancesAddress}/${encodeURIComponent(id)}`, { signal })),
        list({ prefix: `${id}-`, top: mostChildren, signal }),
        list({ prefix: `train-${id}`, top: mostChildren, signal }),
      ]);
      const children = [...parts.value, ...trainings.value].filter((other) => other.instanceId !== id && isBelow(other.instanceId, id));
      return { instance: one.value, children: children.sort((a, b) => a.createdTime.localeCompare(b.createdTime)) };
    },
    render: ({ instance: one, children }) => [
      title(`${workflow(one)} ${subject(one)}`, { back: ["#/workflows", "Workflows"], actions: actions(one) }),
      overview(one),
      one.runtimeStatus === "Failed" && note("bad", h("h2", null, "Error"), h("pre", { class: "error" }, reason(one))),
      timeline(one, children),
      section("Data", {},
        json("Input", one.input ?? null),
        json("Status", one.customStatus ?? null),
        json("Output", one.output ?? null, hasEnded(one) && one.runtimeStatus !== "Failed")),
    ],
  };
}

/**
 * @param {string} id
 * @param {string} ancestor
 */
function isBelow(id, ancestor) {
  for (let at = parentOf(id); at !== null; at = parentOf(at)) if (at === ancestor) return true;
  return false;
}

/** @param {Instance} one */
function overview(one) {
  const parent = parentOf(one.instanceId);
  const steps = one.customStatus;
  return section("Overview", { key: "overview" },
    !hasEnded(one) && progress("Progress", share(one)),
    facts([
      ["State", state(one)],
      ["What happens", one.runtimeStatus === "Failed" ? null : outline(one)],
      ["Id", h("code", null, one.instanceId)],
      ["Works for", parent && h("a", { href: link(parent) }, parent)],
      ["Started", h("span", null, moment(one.createdTime), " (", when(one.createdTime), ")")],
      [hasEnded(one) ? "Ended" : "Last change", when(one.lastUpdatedTime)],
      ["Time", duration(seconds(one.createdTime, hasEnded(one) ? one.lastUpdatedTime : new Date().toISOString()))],
      ["Speed", steps?.imagesPerSecond ? `${count(steps.imagesPerSecond)} images/s` : null],
      ["Runs on", steps?.place],
    ]));
}

/**
 * @param {Instance} one
 * @param {Instance[]} children
 */
function timeline(one, children) {
  const all = [one, ...children];
  const ends = all.map((other) => hasEnded(other) ? Date.parse(other.lastUpdatedTime) : Date.now());
  const from = Math.min(...all.map((other) => Date.parse(other.createdTime)));
  const length = Math.max(1000, Math.max(...ends) - from);
  return section("Timeline", {
    about: children.length === 0 ? "It has no children." : children.length >= mostChildren ? `The first ${mostChildren} children` : `With ${children.length === 1 ? "its child" : `${children.length} children`}`,
  },
  h("ol", { class: "timeline" }, all.map((other, i) => {
    const start = Date.parse(other.createdTime);
    return h("li", { key: other.instanceId },
      h("span", { class: "timeline-name" }, i === 0 ? workflow(other) : h("a", { href: link(other.instanceId) }, `${workflow(other)} ${other.instanceId.slice(-5)}`)),
      h("span", { class: "timeline-track", "aria-hidden": "true" }, h("span", {
        class: other.runtimeStatus.toLowerCase(),
        style: { left: `${((start - from) / length * 100).toFixed(2)}%`, width: `${Math.max(0.6, (ends[i] - start) / length * 100).toFixed(2)}%` },
      })),
      h("span", { class: "timeline-time" }, state(other), ` ${duration((ends[i] - start) / 1000)}`));
  })),
  all.length === 0 && empty("Nothing happened yet."));
}

/** @param {Instance} one */
function actions(one) {
  const id = one.instanceId;
  const copy = action("Copy id", async () => {
    await navigator.clipboard.writeText(id);
    return "The id is in the clipboard.";
  });
  if (hasEnded(one)) return [copy, action("Purge", () => purge(one), "danger")];
  return [copy, action("Raise event", () => raise(id)), action("Terminate", () => terminate(id), "danger")];
}

/** @param {string} id */
async function terminate(id) {
  const answer = await ask({
    title: "Terminate this instance?",
    about: h("p", null, "Its children end with it. Finished steps keep what they wrote. A terminated instance does not continue."),
    fields: [{ name: "reason", label: "Reason", required: true }],
    confirm: "Terminate",
    danger: true,
  });
  if (!answer) return null;
  await send(`${instancesAddress}/${encodeURIComponent(id)}/terminate?reason=${encodeURIComponent(answer.reason)}`, { method: "POST" });
  return "The instance is being terminated.";
}

/** @param {string} id */
async function raise(id) {
  const answer = await ask({
    title: "Raise an event",
    fields: [
      { name: "event", label: "Name", required: true },
      { name: "data", label: "Data", type: "textarea", value: "null", hint: "JSON" },
    ],
    confirm: "Raise event",
  });
  if (!answer) return null;
  try {
    JSON.parse(answer.data);
  } catch {
    say("The data are not JSON. Text needs quotes, for example \"yes\".", "bad");
    return null;
  }
  await change("POST", `${instancesAddress}${address`/${id}/raiseEvent/${answer.event}`}`, JSON.parse(answer.data));
  return `The event ${answer.event} was raised.`;
}

/** @param {Instance} one */
async function purge(one) {
  const answer = await ask({
    title: "Purge this instance?",
    about: h("p", null, "Its history and that of its children are deleted. Datasets, models and results stay."),
    confirm: "Purge",
    danger: true,
  });
  if (!answer) return null;
  await change("DELETE", `${instancesAddress}/${encodeURIComponent(one.instanceId)}`);
  location.hash = "#/workflows";
  return "The instance was purged.";
}
