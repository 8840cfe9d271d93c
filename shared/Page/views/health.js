// Health: whether the host can work. Nothing here changes anything.

import { Problem, read } from "../api.js";
import { h } from "../dom.js";
import { facts, note, pill, section, title } from "../parts.js";

/** @typedef {import("../types").Health} Health */

/** @returns {import("../view").View<Health>} */
export function health() {
  return {
    title: "Health",
    async load(signal) {
      try {
        return (/** @type {{ value: Health }} */ (await read("/api/health", { signal }))).value;
      } catch (error) {
        if (error instanceof Problem && error.status === 503) return { status: "unhealthy", version: "", detail: error.message };
        throw error;
      }
    },
    render: (report) => [
      title("Health", { about: "Read only." }),
      report.detail && note("bad", h("p", null, report.detail)),
      section("Host", {}, facts([
        ["State", report.status === "healthy" ? pill("Healthy", "good") : pill("Unhealthy", "bad")],
        ["Storage", report.status === "healthy" ? "answers" : "does not answer"],
        ["Pipeline version", report.version],
        ["Model in use", report.champion ? h("a", { href: `#/models/${encodeURIComponent(report.champion)}` }, report.champion) : "none yet"],
      ])),
    ],
  };
}
