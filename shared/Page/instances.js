// What the page knows of workflow instances.

import { read } from "./api.js";
import { count, duration, moment, pixels, sentence } from "./format.js";
import { pill } from "./parts.js";

/** @typedef {import("./types").Instance} Instance */

export const instancesAddress = "/runtime/webhooks/durabletask/instances";

/** Names of workflows for people. @type {Record<string, string>} */
const names = {
  IngestDataset: "Dataset",
  TrainModel: "Training",
  Retrain: "Retraining",
  InferBatch: "Batch",
  InferSection: "Batch section",
  InferSections: "Batch sections",
  InferChunks: "Batch chunks",
  ListBatch: "Batch listing",
};

/** Beginnings of ids by kind of work. @type {[string, string][]} */
export const kinds = [["", "All"], ["ingest-", "Datasets"], ["train-", "Trainings"], ["batch-", "Batches"], ["retrain-", "Retrainings"]];

export const states = ["Running", "Pending", "Completed", "Failed", "Terminated"];

/**
 * Lists instances, newest first.
 * @param {{ status?: string, prefix?: string, top?: number, input?: boolean, signal?: AbortSignal, continuation?: string | null }} query
 * @returns {Promise<{ value: Instance[], next: string | null }>}
 */
export function list({ status, prefix, top = 100, input = false, signal, continuation }) {
  const query = new URLSearchParams({ top: String(top), showInput: String(input) });
  if (status) query.set("runtimeStatus", status);
  if (prefix) query.set("instanceIdPrefix", prefix);
  return read(`${instancesAddress}?${query}`, { signal, continuation });
}

/** @param {Instance} instance */
export const workflow = (instance) => names[instance.name] ?? instance.name;

/** @param {Instance} instance */
export const hasEnded = (instance) => !["Running", "Pending", "ContinuedAsNew", "Suspended"].includes(instance.runtimeStatus);

/** @param {string} id */
export const link = (id) => `#/workflows/${encodeURIComponent(id)}`;

/**
 * The instance that this one works for; null if nothing started it but an event or a person.
 * @param {string} id
 */
export function parentOf(id) {
  if (id.startsWith("train-")) return id.slice("train-".length);
  return /-[g-z][0-9]{4,}$/.test(id) ? id.slice(0, id.lastIndexOf("-")) : null;
}

/**
 * What an instance works on, in words.
 * @param {Instance} instance
 */
export function subject(instance) {
  const input = /** @type {Record<string, unknown> | null} */ (instance.input ?? null);
  const status = instance.customStatus;
  const named = input?.path ?? input?.batch ?? status?.path;
  if (typeof named === "string") return named;
  const why = typeof input?.reason === "string" ? /^dataset (.*) was dropped$/.exec(input.reason) : null;
  if (why) return why[1];
  const due = /retrain-(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)/.exec(instance.instanceId);
  if (due) return `of ${moment(`${due[1]}-${due[2]}-${due[3]}T${due[4]}:${due[5]}:${due[6]}Z`)}`;
  return instance.instanceId.replace(/^(train-)?(ingest|batch)-/, "").replace(/-[0-9a-f]{12}$/, "");
}

/**
 * The state of an instance. One that refused its input completed, and people look for it among the failures.
 * @param {Instance} instance
 */
export function state(instance) {
  const stage = instance.customStatus?.stage;
  switch (instance.runtimeStatus) {
    case "Completed":
      return stage === "rejected" ? pill("Rejected", "bad") : stage === "skipped" ? pill("Skipped", "calm") : pill("Completed", "good");
    case "Failed": return pill("Failed", "bad");
    case "Terminated": return pill("Terminated", "warn");
    case "Pending": return pill("Pending", "busy");
    default: return pill(instance.runtimeStatus, "busy");
  }
}

/**
 * Where an instance is, or how it ended, in one sentence.
 * @param {Instance} instance
 */
export function outline(instance) {
  const status = instance.customStatus;
  if (instance.runtimeStatus === "Failed" || instance.runtimeStatus === "Terminated") return reason(instance);
  if (!status) return "";
  if (status.stage === "training" && status.epochs) {
    const left = status.secondsLeft ? `, ${duration(status.secondsLeft)} left` : "";
    const error = status.validationRmse ? `, ${pixels(status.validationRmse)} on validation rows` : "";
    return `Epoch ${count(status.epoch ?? 0)} of ${count(status.epochs)}${error}${left}`;
  }
  if (status.images) {
    const done = (status.succeeded ?? 0) + (status.failed ?? 0);
    const failed = status.failed ? `, ${count(status.failed)} failed` : "";
    return status.stage === "done" ? `${count(status.images)} images${failed}` : `${sentence(status.stage).slice(0, -1)}: ${count(done)} of ${count(status.images)} images${failed}${left(instance)}`;
  }
  if (status.reason) return sentence(status.reason);
  return sentence(status.stage ?? "");
}

/**
 * The time left of a batch, from its time so far.
 * @param {Instance} instance
 */
function left({ createdTime, customStatus }) {
  const done = (customStatus?.succeeded ?? 0) + (customStatus?.failed ?? 0);
  const images = customStatus?.images ?? 0;
  if (!createdTime || done < images * 0.05 || done >= images) return "";
  return `, about ${duration((Date.now() - Date.parse(createdTime)) / 1000 * (images - done) / done)} left`;
}

/**
 * The error of an instance that failed, or who ended it.
 * @param {Instance} instance
 */
export function reason(instance) {
  const output = instance.output;
  if (output === null || output === undefined) return instance.runtimeStatus;
  return typeof output === "string" ? output : JSON.stringify(output);
}

/**
 * How far an instance is.
 * @param {Instance} instance
 * @returns {number | null} 0 to 1; null if nobody knows.
 */
export function share(instance) {
  const status = instance.customStatus;
  if (status?.steps && status.step !== undefined) return status.step / status.steps;
  if (status?.epochs) return (status.epoch ?? 0) / status.epochs;
  if (status?.images && (status.succeeded !== undefined || status.failed !== undefined))
    return ((status.succeeded ?? 0) + (status.failed ?? 0)) / status.images;
  return null;
}

/**
 * Whether an instance ended in a way that a person should look at.
 * @param {Instance} instance
 */
export const needsAttention = (instance) => instance.runtimeStatus === "Failed" || instance.customStatus?.stage === "rejected";
