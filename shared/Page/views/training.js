// Training: what trains now, what trained before; stop and start.

import { change, send } from "../api.js";
import { ask } from "../dialogs.js";
import { h } from "../dom.js";
import { count, duration, pixels, seconds, sentence } from "../format.js";
import { hasEnded, instancesAddress, link, list, outline, parentOf, share, state, subject } from "../instances.js";
import { action, empty, facts, progress, section, table, title, when } from "../parts.js";

/** @typedef {import("../types").Instance} Instance */

const pageLength = 50;

/**
 * @param {import("../view").Place} place
 * @returns {import("../view").View<{ instances: Instance[], more: boolean }>}
 */
export function training(place) {
  const only = place.parts[1];
  return {
    title: only ?? "Training",
    usesManagement: true,
    async load(signal) {
      const answer = await list({ prefix: only ?? "train-", top: pageLength, input: true, signal });
      return { instances: answer.value.filter((one) => one.name === "TrainModel"), more: answer.next !== null };
    },
    render: ({ instances, more }) => only ? detail(only, instances) : [
      title("Training", { actions: action("Start a training", start, "main") }),
      running(instances.filter((one) => !hasEnded(one))),
      section("Earlier trainings", { about: more ? `The newest ${pageLength}` : null },
        instances.every((one) => !hasEnded(one)) ? empty("No training has ended yet.") : table("Earlier trainings", [
          "Training", "State", { text: "Outcome", class: "wide" }, { text: "Test error", class: "number" }, { text: "Time", class: "wide number" }, { text: "Ended", class: "wide" },
        ], instances.filter(hasEnded).map(row))),
    ],
  };
}

/** @param {Instance} one */
function nameOf(one) {
  const name = subject(one);
  return name.startsWith("of ") ? `Training ${name}` : name;
}

/** @param {Instance[]} instances */
function running(instances) {
  return section("Now", {}, instances.length === 0 ? empty("Nothing trains.") : instances.map((one) => h("div", { class: "live", key: one.instanceId },
    h("p", { class: "row-title" }, h("a", { href: `#/training/${encodeURIComponent(one.instanceId)}` }, nameOf(one)), h("span", { class: "muted" }, " started ", when(one.createdTime))),
    h("p", { class: "row-text" }, outline(one)),
    progress(`Progress of ${nameOf(one)}`, share(one)),
    measures(one),
    h("p", { class: "actions" }, action("Stop", () => stop(one), "danger")))));
}

/** @param {Instance} one */
function measures({ customStatus: status }) {
  if (!status) return null;
  return facts([
    ["Stage", sentence(status.stage).slice(0, -1)],
    ["Epoch", status.epochs ? `${count(status.epoch ?? 0)} of ${count(status.epochs)}` : null],
    ["Step", status.steps ? `${count(status.step ?? 0)} of ${count(status.steps)}` : null],
    ["Error on validation rows", status.validationRmse ? pixels(status.validationRmse) : null],
    ["Training loss", status.trainingLoss ? status.trainingLoss.toPrecision(3) : null],
    ["Speed", status.imagesPerSecond ? `${count(status.imagesPerSecond)} images/s` : null],
    ["Time left", status.secondsLeft ? duration(status.secondsLeft) : null],
    ["Runs on", status.place],
    ["Note", status.reason && sentence(status.reason)],
  ]);
}

/** @param {Instance} one */
function row(one) {
  return h("tr", { key: one.instanceId },
    h("th", { scope: "row" }, h("a", { href: `#/training/${encodeURIComponent(one.instanceId)}` }, nameOf(one)), h("span", { class: "below narrow" }, outline(one))),
    h("td", null, state(one)),
    h("td", { class: "wide" }, h("span", { class: "clip" }, outline(one))),
    h("td", { class: "number" }, one.customStatus?.testRmse ? pixels(one.customStatus.testRmse) : "–"),
    h("td", { class: "wide number" }, duration(seconds(one.createdTime, one.lastUpdatedTime))),
    h("td", { class: "wide" }, when(one.lastUpdatedTime)));
}

/**
 * @param {string} id
 * @param {Instance[]} instances
 */
function detail(id, instances) {
  const one = instances.find((other) => other.instanceId === id);
  if (!one) return [title("No such training", { back: ["#/training", "Training"] }), empty("Its workflow was purged, or it never ran.")];
  const parent = parentOf(id);
  const output = /** @type {{ version?: string, rows?: Record<string, number>, evaluation?: { testRows?: number } } | null} */ (
    typeof one.output === "object" ? one.output : null);
  return [
    title(nameOf(one), { back: ["#/training", "Training"], about: state(one), actions: !hasEnded(one) && action("Stop", () => stop(one), "danger") }),
    section("Progress", {},
      h("p", null, outline(one)),
      !hasEnded(one) && progress(`Progress of ${nameOf(one)}`, share(one)),
      measures(one),
      facts([
        ["Published as", output?.version && h("a", { href: `#/models/${encodeURIComponent(output.version)}` }, output.version)],
        ["Test error", one.customStatus?.testRmse ? pixels(one.customStatus.testRmse) : null],
        ["Started", when(one.createdTime)],
        [hasEnded(one) ? "Ended" : "Last change", when(one.lastUpdatedTime)],
        ["Time", duration(seconds(one.createdTime, hasEnded(one) ? one.lastUpdatedTime : new Date().toISOString()))],
        ["Started by", parent && h("a", { href: link(parent) }, parent)],
        ["Workflow", h("a", { href: link(id) }, id)],
      ])),
  ];
}

/** @param {Instance} one */
async function stop(one) {
  const answer = await ask({
    title: "Stop this training?",
    about: h("p", null, "The trainer ends, and no model is published from it. The model in use stays."),
    confirm: "Stop training",
    danger: true,
  });
  if (!answer) return null;
  await send(`${instancesAddress}/${encodeURIComponent(one.instanceId)}/terminate?reason=${encodeURIComponent("stopped on the page")}`, { method: "POST" });
  return "The training is being stopped.";
}

async function start() {
  const answer = await ask({
    title: "Start a training",
    about: h("p", null, "It trains on all datasets in force. Empty fields take the host's defaults."),
    fields: [
      { name: "epochs", label: "Epochs", type: "number", min: 1, max: 10000, hint: "Passes over the training rows. Empty: as many as the number of rows needs." },
      { name: "batchSize", label: "Images per step", type: "number", min: 1, max: 4096, value: "64" },
      { name: "patience", label: "Stop early after this many epochs without a better validation error", type: "number", min: 1, hint: "Empty: never." },
      { name: "seed", label: "Seed", type: "number", value: "1", hint: "The same seed, data and processor give the same model." },
      { name: "network", label: "Network", choices: [["", "The host's default"], ["pyramid-resnet", "pyramid-resnet"], ["ml-resnet", "ml-resnet"], ["ml-resnet-small", "ml-resnet-small"]] },
      { name: "force", label: "Train even if nothing changed", type: "checkbox" },
    ],
    confirm: "Start training",
  });
  if (!answer) return null;
  const settings = settingsOf(answer);
  const started = await change("POST", "/api/retrain", { force: answer.force === "true", ...(settings ? { settings } : {}) });
  return `The training started as ${started.id}.`;
}

/**
 * The settings that differ from the host's defaults; null if none does.
 * @param {Record<string, string>} answer
 */
function settingsOf({ epochs, batchSize, patience, seed, network }) {
  if (!epochs && batchSize === "64" && !patience && seed === "1" && !network) return null;
  return {
    ...(epochs ? { epochs: Number(epochs) } : {}),
    ...(batchSize ? { batchSize: Number(batchSize) } : {}),
    ...(patience ? { patience: Number(patience) } : {}),
    ...(seed ? { seed: Number(seed) } : {}),
    ...(network ? { network } : {}),
  };
}

