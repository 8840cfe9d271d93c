// Health: whether the host can work, and how it is set up. Nothing here changes anything.

import { Problem, find, read } from "../api.js";
import { h } from "../dom.js";
import { count, moment, sentence, words } from "../format.js";
import { facts, note, pill, section, title, when } from "../parts.js";

/** @typedef {import("../types").Health} Health */
/** @typedef {import("../types").Host} Host */

/** @returns {import("../view").View<{ report: Health, host: Host | null }>} */
export function health() {
  return {
    title: "Health",
    async load(signal) {
      try {
        const [report, host] = await Promise.all([
          /** @type {Promise<{ value: Health }>} */ (read("/api/health", { signal })),
          /** @type {Promise<Host | null>} */ (find("/api/host", signal)),
        ]);
        return { report: report.value, host };
      } catch (error) {
        if (error instanceof Problem && error.status === 503) return { report: { status: "unhealthy", version: "", detail: error.message }, host: null };
        throw error;
      }
    },
    render: ({ report, host }) => [
      title("Health", { about: "Read only." }),
      report.detail && note("bad", h("p", null, report.detail)),
      ...(host?.facts.warnings ?? []).map((warning) => note("warn", h("p", null, warning))),
      section("Host", {}, facts([
        ["State", report.status === "healthy" ? pill("Healthy", "good") : pill("Unhealthy", "bad")],
        ["Kind", host && (host.facts.host === "local" ? "One machine" : "Azure Functions")],
        ["Pipeline version", report.version],
        ["Runs on", host?.runtime],
        ["Model in use", report.champion ? h("a", { href: `#/models/${encodeURIComponent(report.champion)}` }, report.champion) : "none yet"],
      ])),
      section("Storage", {}, facts([
        ["State", report.status === "healthy" ? pill("Answers", "good") : pill("Does not answer", "bad")],
        ["Address", host?.storage.address],
        ["Place", host && (host.storage.isOnThisMachine ? "on the host's machine" : "in Azure")],
        ["Deleted blobs are kept for", host?.storage.softDeleteDays === undefined ? null : `${count(host.storage.softDeleteDays)} days`],
      ])),
      host && section("Schedule", {}, facts([
        ["Retraining", host.facts.retrainSchedule ?? "never"],
        ["Next", host.facts.nextRetrain && h("span", null, moment(host.facts.nextRetrain), " (", when(host.facts.nextRetrain), ")")],
      ])),
      host && section("Settings of trainings", { about: "For trainings whose request does not say otherwise." }, facts(
        Object.entries(host.facts.training).map(([name, value]) => /** @type {[string, string]} */ ([sentence(words(name)).slice(0, -1), String(value)])))),
    ],
  };
}
