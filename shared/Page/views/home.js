// Home: the model in use, what runs, what failed, and what to do next.

import { change, find, read } from "../api.js";
import { h } from "../dom.js";
import { dropZone } from "../dropping.js";
import { counted } from "../format.js";
import { hasEnded, link, list, needsAttention, outline, parentOf, reason, share, subject, workflow } from "../instances.js";
import { action, empty, facts, figure, progress, section, title, when } from "../parts.js";
import { datasetLink } from "./datasets.js";
import { error } from "./models.js";

/** @typedef {import("../types").Instance} Instance */
/** @typedef {import("../types").ModelList} ModelList */

/** @typedef {import("../types").Host} Host */

/** @returns {import("../view").View<{ models: ModelList, running: Instance[], recent: Instance[], host: Host | null }>} */
export function home() {
  return {
    title: "Home",
    usesManagement: true,
    async load(signal) {
      const [models, running, recent, host] = await Promise.all([
        /** @type {Promise<{ value: ModelList }>} */ (read("/api/models", { signal })),
        list({ status: "Running,Pending", input: true, signal }),
        list({ top: 40, input: true, signal }),
        /** @type {Promise<Host | null>} */ (find("/api/host", signal)),
      ]);
      return { models: models.value, running: running.value, recent: recent.value, host };
    },
    render: ({ models, running, recent, host }) => [
      title("Home", { about: host && next(host), actions: [action("Retrain now", retrain)] }),
      section("Drop files", {}, dropZone()),
      champion(models),
      work(running),
      attention(recent),
    ],
  };
}

/** @param {Host} host */
function next({ facts: { nextRetrain } }) {
  return nextRetrain ? ["The next retraining is ", when(nextRetrain), "."] : "No retraining is scheduled.";
}

/** @returns {Promise<string>} */
async function retrain() {
  const started = await change("POST", "/api/retrain", {});
  return `Retraining started as ${started.id}. It is skipped if nothing changed.`;
}

/** @param {ModelList} models */
function champion({ champion: pointer, models }) {
  if (!pointer) {
    return section("Model in use", {}, empty("There is no model yet. Drop a labelled dataset: ",
      h("code", null, "./keypoints drop training.zip"), ". The first training publishes one."));
  }
  const model = models.find((other) => other.version === pointer.version);
  return section("Model in use", { actions: [h("a", { class: "button", href: `#/models/${encodeURIComponent(pointer.version)}` }, "Details")] },
    h("div", { class: "figures" },
      figure("Version", pointer.version, when(pointer.promotedAt)),
      model && figure("Test error", error(model).text, error(model).about),
      model && figure("Learned from", counted(model.training.trainingRows ?? 0, "row"), counted(model.datasetIds.length, "dataset"))),
    facts([["Why it is in use", pointer.reason]]));
}

/** @param {Instance[]} running */
function work(running) {
  const roots = running.filter((instance) => parentOf(instance.instanceId) === null);
  return section("Running work", { actions: [h("a", { class: "button", href: "#/workflows?status=Running" }, "All running instances")] },
    roots.length === 0 ? empty("Nothing runs.") : h("ul", { class: "rows" }, roots.map((root) => {
      const training = running.find((other) => other.instanceId === `train-${root.instanceId}`);
      const shown = training ?? root;
      return h("li", { key: root.instanceId },
        h("p", { class: "row-title" }, h("a", { href: link(root.instanceId) }, `${workflow(root)} ${subject(root)}`), h("span", { class: "muted" }, " started ", when(root.createdTime))),
        h("p", { class: "row-text" }, outline(shown)),
        progress(`Progress of ${subject(root)}`, share(shown)));
    })));
}

/** @param {Instance[]} recent */
function attention(recent) {
  const failed = recent.filter((instance) => hasEnded(instance) && needsAttention(instance) && parentOf(instance.instanceId) === null).slice(0, 5);
  if (failed.length === 0) return section("Recent failures", {}, empty("None of the last 40 instances failed."));
  return section("Recent failures", { actions: [h("a", { class: "button", href: "#/workflows?status=Failed" }, "All failures")] },
    h("ul", { class: "rows" }, failed.map((instance) => h("li", { key: instance.instanceId },
      h("p", { class: "row-title" }, h("a", { href: link(instance.instanceId) }, `${workflow(instance)} ${subject(instance)}`), h("span", { class: "muted" }, " ", when(instance.lastUpdatedTime))),
      h("p", { class: "row-text" }, instance.customStatus?.stage === "rejected" ? instance.customStatus.reason ?? "Rejected." : reason(instance)),
      h("p", { class: "row-text muted" }, nextStep(instance))))));
}

/**
 * @param {Instance} instance
 * @returns {import("../dom.js").Children}
 */
function nextStep(instance) {
  if (instance.name === "IngestDataset" && instance.customStatus?.stage === "rejected")
    return ["Next: ", h("a", { href: datasetLink(subject(instance)) }, "look at its report"), ", correct the file and drop it again. An earlier accepted version stays in force."];
  if (instance.name === "InferBatch")
    return ["Next: ", h("a", { href: `#/batches/${encodeURIComponent(subject(instance))}` }, "open the batch"), " and run it again. Finished chunks are not predicted twice."];
  return "Next: open it to see inputs and error. Retrain starts another training.";
}

