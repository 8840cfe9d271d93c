// Training: what trains now, what trained before; stop and start.

import { address, change, find, read } from "../api.js";
import { learningCurve } from "../charts.js";
import { ask } from "../dialogs.js";
import { h } from "../dom.js";
import { count, counted, duration, pixels, seconds, sentence, words } from "../format.js";
import { hasEnded, link, outline, parentOf, share, state, subject } from "../instances.js";
import { action, empty, facts, note, progress, section, table, title, when } from "../parts.js";
import { log, machine, restarts } from "./trainer.js";

/** @typedef {import("../types").Training} Training */
/** @typedef {import("../types").TrainingDetail} TrainingDetail */
/** @typedef {import("../types").Progress} Progress */
/** @typedef {import("../types").Instance} Instance */

const pageLength = 50;

/**
 * @param {import("../view").Place} place
 * @returns {import("../view").View}
 */
export function training(place) {
  if (place.parts[1]) return one(place.parts[1]);
  return {
    title: "Training",
    async load(signal) {
      const answer = /** @type {{ value: { trainings: Training[] }, next: string | null }} */ (await read(`/api/trainings?top=${pageLength}`, { signal }));
      return { trainings: answer.value.trainings, more: answer.next !== null };
    },
    /** @param {{ trainings: Training[], more: boolean }} data */
    render: ({ trainings, more }) => [
      title("Training", { actions: action("Start a training", start, "main") }),
      running(trainings.filter((training) => !hasEnded(asInstance(training)))),
      section("Earlier trainings", { about: more ? `Of the newest ${pageLength} trainings` : null },
        trainings.every((training) => !hasEnded(asInstance(training))) ? empty("No training has ended yet.") : table("Earlier trainings", [
          "Training", "State", { text: "Outcome", class: "wide" }, { text: "Test error", class: "number" }, { text: "Time", class: "wide number" }, { text: "Ended", class: "wide" },
        ], trainings.filter((training) => hasEnded(asInstance(training))).map(row))),
    ],
  };
}

/**
 * A training as the instance that runs it.
 * @param {Training} training
 * @returns {Instance}
 */
function asInstance({ runId, state: runtimeStatus, createdAt, updatedAt, progress: customStatus, output, error }) {
  const name = runtimeStatus[0].toUpperCase() + runtimeStatus.slice(1);
  return {
    name: "TrainModel", instanceId: runId, runtimeStatus: name, customStatus: customStatus ?? null, output: error ?? output ?? null,
    createdTime: createdAt, lastUpdatedTime: updatedAt,
  };
}

/** @param {Training} training */
function nameOf(training) {
  const name = subject(asInstance(training));
  return name.startsWith("of ") ? `Training ${name}` : name;
}

/** @param {Training[]} trainings */
function running(trainings) {
  return section("Now", {}, trainings.length === 0 ? empty("Nothing trains.") : trainings.map((training) => h("div", { class: "live", key: training.runId },
    h("p", { class: "row-title" }, h("a", { href: `#/training/${encodeURIComponent(training.runId)}` }, nameOf(training)), h("span", { class: "muted" }, " started ", when(training.createdAt))),
    h("p", { class: "row-text" }, outline(asInstance(training))),
    progress(`Progress of ${nameOf(training)}`, share(asInstance(training))),
    measures(training.progress),
    h("p", { class: "actions" }, action("Stop", () => stop(training.runId), "danger")))));
}

/** @param {Progress | undefined} status */
function measures(status) {
  if (!status) return null;
  return facts([
    ["Stage", sentence(status.stage).slice(0, -1)],
    ["Epoch", status.epochs ? `${count(status.epoch ?? 0)} of ${count(status.epochs)}` : null],
    ["Step", status.steps ? `${count(status.step ?? 0)} of ${count(status.steps)}` : null],
    ["Error on validation rows", status.validationRmse ? pixels(status.validationRmse) : null],
    ["Training loss", status.trainingLoss ? status.trainingLoss.toPrecision(3) : null],
    ["Speed", status.imagesPerSecond ? `${count(status.imagesPerSecond)} images/s` : null],
    ["Time left", status.secondsLeft ? duration(status.secondsLeft) : null],
    ["Runs on", [status.device, status.place].filter(Boolean).join("; ")],
    ["Restarts", status.restarts ? count(status.restarts) : null],
    ["Note", status.reason && sentence(status.reason)],
  ]);
}

/** @param {Training} training */
function row(training) {
  const instance = asInstance(training);
  return h("tr", { key: training.runId },
    h("th", { scope: "row" }, h("a", { href: `#/training/${encodeURIComponent(training.runId)}` }, nameOf(training)), h("span", { class: "below narrow" }, outline(instance))),
    h("td", null, state(instance)),
    h("td", { class: "wide" }, h("span", { class: "clip" }, outline(instance))),
    h("td", { class: "number" }, training.progress?.testRmse ? pixels(training.progress.testRmse) : "–"),
    h("td", { class: "wide number" }, duration(seconds(training.createdAt, training.updatedAt))),
    h("td", { class: "wide" }, when(training.updatedAt)));
}

/**
 * @param {string} runId
 * @returns {import("../view").View<{ detail: TrainingDetail | null, lines: { lines: string[] } | null }>}
 */
function one(runId) {
  return {
    title: runId,
    async load(signal) {
      const [detail, lines] = await Promise.all([
        /** @type {Promise<TrainingDetail | null>} */ (find(address`/api/trainings/${runId}`, signal)),
        /** @type {Promise<{ lines: string[] } | null>} */ (find(address`/api/trainings/${runId}/log`, signal)),
      ]);
      return { detail, lines };
    },
    render: ({ detail, lines }) => (detail ? [...shown(detail), restarts(detail.ends), log(lines?.lines ?? [])] : [
      title("No such training", { back: ["#/training", "Training"] }), empty("Its workflow was purged, or it never ran."),
    ]),
  };
}

/**
 * @param {TrainingDetail} detail
 * @returns {import("../dom.js").Child[]}
 */
function shown(detail) {
  const { runId, training, request, status, result, epochs, bestEpoch } = detail;
  const instance = training && asInstance(training);
  const runs = instance !== undefined && !hasEnded(instance);
  const parent = parentOf(runId);
  return [
    title(training ? nameOf(training) : runId, {
      back: ["#/training", "Training"], about: instance && state(instance), actions: runs && action("Stop", () => stop(runId), "danger"),
    }),
    training?.error ? note("bad", h("h2", null, "Error"), h("p", null, training.error)) : null,
    section("Progress", {},
      instance && !training?.error && h("p", null, outline(instance)),
      instance && runs && progress(`Progress of ${runId}`, share(instance)),
      runs ? measures(training?.progress) : null,
      facts([
        ["Published as", training?.output?.version && h("a", { href: `#/models/${encodeURIComponent(training.output.version)}` }, training.output.version)],
        ["Test error", training?.progress?.testRmse ? pixels(training.progress.testRmse) : null],
        ["Last heartbeat", runs && status ? when(status.heartbeatAt) : null],
        ...machine(detail),
        ["Epochs trained", result && count(result.epochsTrained)],
        ["Time of the trainer", result && duration(result.trainingSeconds)],
        ["Started", training && when(training.createdAt)],
        [runs ? "Last change" : "Ended", training && when(training.updatedAt)],
        ["Started by", parent && h("a", { href: link(parent) }, parent)],
        ["Workflow", h("a", { href: link(runId) }, runId)],
      ])),
    epochs.length > 1 ? section("Learning curve", {}, learningCurve(runId, epochs, bestEpoch), epochTable(epochs, bestEpoch)) : null,
    request ? section("Plan", {}, facts([
      ["Rows to train", request.rows && rows(request.rows.trainingRows, request.rows.trainingComponents)],
      ["Rows to validate", request.rows && rows(request.rows.validationRows, request.rows.validationComponents)],
      ["Rows to test", request.rows && rows(request.rows.testRows, request.rows.testComponents)],
      ["Left out", request.rows?.leftOutRows ? count(request.rows.leftOutRows) : null],
      ["Datasets", request.datasetIds.join(", ")],
      ...Object.entries(request.settings).map(([name, value]) => /** @type {[string, string]} */ ([sentence(words(name)).slice(0, -1), String(value)])),
      ["Parameters", result && count(result.parameters)],
    ])) : null,
  ];
}

/**
 * @param {number} number
 * @param {number | undefined} groups
 */
const rows = (number, groups) => (groups === undefined ? count(number) : `${count(number)} of ${counted(groups, "group")}`);

/**
 * @param {import("../types").Epoch[]} epochs
 * @param {number | undefined} best
 */
function epochTable(epochs, best) {
  return h("details", { key: "epochs" },
    h("summary", null, `All ${count(epochs.length)} epochs`),
    table("Epochs", [
      { text: "Epoch", class: "number" }, { text: "Validation error", class: "number" }, { text: "Training loss", class: "number" },
      { text: "Speed", class: "wide number" }, { text: "Time", class: "wide number" },
    ], epochs.map((epoch) => h("tr", { key: String(epoch.epoch) },
      h("td", { class: "number" }, `${count(epoch.epoch)}${epoch.epoch === best ? " (best)" : ""}`),
      h("td", { class: "number" }, pixels(epoch.validationRmse)),
      h("td", { class: "number" }, epoch.trainingLoss.toPrecision(3)),
      h("td", { class: "wide number" }, `${count(epoch.imagesPerSecond)} images/s`),
      h("td", { class: "wide number" }, duration(epoch.seconds))))));
}

/** @param {string} runId */
async function stop(runId) {
  const answer = await ask({
    title: "Stop this training?",
    about: h("p", null, "The trainer ends, and no model is published from it. The model in use stays."),
    confirm: "Stop training",
    danger: true,
  });
  if (!answer) return null;
  await change("POST", address`/api/trainings/${runId}/stop`);
  return "The training is stopped.";
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

