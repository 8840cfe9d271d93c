// One dataset: its report, and withdrawing it.

import { address, change, find, read } from "../api.js";
import { ask } from "../dialogs.js";
import { h } from "../dom.js";
import { count, counted, moment, sentence, words } from "../format.js";
import { refresh } from "../live.js";
import { frames, patterns, sampled } from "./rows.js";
import { action, bar, download, empty, facts, note, pill, section, table, title, when } from "../parts.js";
import { loadSides, sides } from "./sides.js";

/** @typedef {import("../types").DatasetList} DatasetList */
/** @typedef {import("../types").Report} Report */
/** @typedef {import("../types").Removal} Removal */
/** @typedef {import("../types").RowList} RowList */

/**
 * @param {string} path
 * @returns {import("../view").View<{ list: DatasetList, counts: import("./sides.js").Answer, rows: RowList | null }>}
 */
export function dataset(path) {
  return {
    title: path,
    async load(signal) {
      const [{ value: list }, counts] = await Promise.all([
        /** @type {Promise<{ value: DatasetList }>} */ (read(`/api/datasets?path=${encodeURIComponent(path)}`, { signal })),
        loadSides(signal),
      ]);
      const id = list.paths?.[0]?.datasetId;
      return { list, counts, rows: id ? sampleOf(id) : null };
    },
    render: ({ list, counts, rows: sample }) => [
      head(path, list),
      ...body(path, list, counts),
      sample && sample.rows.length > 0 ? patterns(sample) : null,
      sample && sample.rows.length > 0 ? frames(sample) : null,
    ],
  };
}

/** Sample rows by dataset. They never change, and reading them takes a while. @type {Map<string, RowList | null>} */
const samples = new Map();

/**
 * The sample rows of a dataset; null until they have arrived.
 * @param {string} id
 */
function sampleOf(id) {
  if (!samples.has(id)) {
    samples.set(id, null);
    /** @type {Promise<RowList | null>} */ (find(`${address`/api/datasets/${id}/rows`}?order=sample&top=${sampled}`)).then((found) => {
      samples.set(id, found);
      refresh();
    }, () => samples.delete(id));
  }
  return samples.get(id) ?? null;
}

/**
 * @param {string} path
 * @param {DatasetList} list
 */
function head(path, { paths, rejected }) {
  const info = paths?.[0];
  const isInForce = info && !info.withdrawn;
  return title(path, {
    back: ["#/datasets", "Datasets"],
    about: [
      rejected.length > 0 && pill("Newest file rejected", "bad"),
      isInForce ? pill("In force", "good") : info?.withdrawn ? pill("Withdrawn", "warn") : null,
    ],
    actions: isInForce && action("Withdraw", () => withdraw(path), "danger"),
  });
}

/**
 * @param {string} path
 * @param {DatasetList} list
 * @param {import("./sides.js").Answer} counts
 * @returns {import("../dom.js").Child[]}
 */
function body(path, { datasets, paths, report, notStarted, warning }, counts) {
  const info = paths?.[0];
  const prepared = datasets[0];
  return [
    warning ? note("bad", h("p", null, warning)) : null,
    notStarted ? note("warn", h("p", null, sentence(String(notStarted.reason ?? "The newest file started nothing")))) : null,
    report?.rejection ? note("bad", h("h2", null, "The newest file was rejected"), h("p", null, report.rejection)) : null,
    section("State", {}, facts([
      ["In force since", info?.since && !info.withdrawn ? when(info.since) : null],
      ["Withdrawn", info?.withdrawn && `${sentence(words(info.withdrawn.reason)).slice(0, -1)}, ${moment(info.withdrawn.at)}`],
      ["Note", info?.note && sentence(info.note)],
      ["Dataset", info?.datasetId && h("code", null, info.datasetId)],
      ["Rows", info?.rows === undefined ? null : count(info.rows)],
      ["Keypoints", prepared && `${prepared.schema.names.length}, in a frame of ${prepared.schema.frameWidth} × ${prepared.schema.frameHeight} px`],
      ["Prepared", prepared && when(prepared.preparedAt)],
    ])),
    report ? rows(path, report) : null,
    info?.datasetId && !info.withdrawn ? sides(counts, info.datasetId) : null,
    report && report.labels.length > 0 ? labels(report) : null,
    report && (report.rejectedByKind.length > 0 || report.problems.length > 0) ? problems(report) : null,
    report?.mirror || report?.mirrorNote ? mirror(path, report) : null,
    report && (report.warnings.length > 0 || (report.guessed ?? []).length > 0) ? remarks(report) : null,
    !report && !info?.datasetId ? empty("There is no report of this path.") : null,
  ];
}

/**
 * @param {string} path
 * @param {Report} report
 */
function rows(path, report) {
  const some = (/** @type {number} */ value) => (value === 0 ? null : count(value));
  return section("Rows", {
    about: report.file === report.source ? null : `Read from ${report.file}`,
    actions: report.datasetId && download("Download report", address`/api/reports/${report.datasetId}`, `${path.replaceAll("/", "-")}.report.json`),
  }, facts([
    ["In the file", count(report.rowsIn)],
    ["Accepted", count(report.rowsAccepted)],
    ["With every keypoint labelled", count(report.completeRows)],
    ["Rejected", count(report.rowsRejected)],
    ["Left out: the same as an earlier row", some(report.duplicates)],
    ["Left out: without labels", some(report.unlabelled)],
    ["Left out: erased groups", some(report.erased)],
    ["Left out: predictions that nobody changed", some(report.predictions)],
    ["Labelled pictures", report.pictures === undefined ? null : count(report.pictures)],
  ]));
}

/** @param {Report} report */
function labels({ labels: all, rowsAccepted }) {
  return section("Labels per keypoint", { about: `Of ${counted(rowsAccepted, "accepted row")}` },
    h("div", { class: "bars" }, all.map(({ keypoint, labels: number }) =>
      bar(words(keypoint), rowsAccepted ? number / rowsAccepted : 0, count(number), number === 0 ? "bad" : ""))));
}

/** @param {Report} report */
function problems({ rejectedByKind, problems: first, rowsRejected }) {
  return section("Rejected rows", { about: counted(rowsRejected, "row") },
    table("Rejected rows by kind", ["Kind of problem", { text: "Rows", class: "number" }], rejectedByKind.map(({ kind, rows: number }) =>
      h("tr", { key: kind }, h("th", { scope: "row" }, sentence(words(kind)).slice(0, -1)), h("td", { class: "number" }, count(number))))),
    first.length > 0 && h("details", { key: "problems" },
      h("summary", null, `The first ${counted(first.length, "problem")}`),
      h("ul", { class: "plain-list" }, first.map((problem) => h("li", null, problem.message)))));
}

/**
 * @param {string} path
 * @param {Report} report
 */
function mirror(path, { mirror: pairs, mirrorNote }) {
  return section("Mirror pairs", {
    actions: path.endsWith("/") ? null : action("State mirror pairs", () => stateMirror(path, pairs)), about: mirrorNote && sentence(pairs && pairs.pairs.length > 0 ? mirrorNote.split(":")[0] : mirrorNote) },
    pairs && pairs.pairs.length > 0 && h("ul", { class: "pairs" }, pairs.pairs.map(([one, other]) => h("li", null, words(one), " ↔ ", words(other)))),
    pairs?.oneSided && pairs.oneSided.length > 0 && h("p", { class: "muted" }, `On one side without a partner: ${pairs.oneSided.map(words).join(", ")}`));
}

/** @param {Report} report */
function remarks({ warnings, guessed = [] }) {
  return section("Remarks", {},
    warnings.map((text) => note("warn", h("p", null, sentence(text)))),
    guessed.length > 0 && h("h3", null, "Found from the content"),
    guessed.length > 0 && h("ul", { class: "plain-list" }, guessed.map((text) => h("li", null, sentence(text)))));
}

/** @param {string} path */
async function withdraw(path) {
  const address = `/api/datasets?path=${encodeURIComponent(path)}`;
  const preview = (/** @type {{ value: Removal }} */ ({ value: await change("DELETE", `${address}&preview=true`) })).value;
  const answer = await ask({
    title: `Withdraw ${path}?`,
    about: [
      h("p", null, "No later training uses it. A model that learned from it is not defended against the next one."),
      h("ul", { class: "plain-list" }, preview.datasets.map((removed) =>
        h("li", null, `${removed.rows === undefined ? "Rows" : counted(removed.rows, "row")}${removed.inForce ? ", in force now" : ""}`))),
      h("p", null, "The file and its prepared rows stay. Dropping a newer file of this path puts the path in force again."),
    ],
    confirm: "Withdraw",
    danger: true,
  });
  if (!answer) return null;
  const removal = /** @type {Removal} */ (await change("DELETE", address));
  return [`${path} is withdrawn.`, ...removal.notes].join(" ");
}

/**
 * @param {string} path
 * @param {Report["mirror"]} pairs
 */
async function stateMirror(path, pairs) {
  const answer = await ask({
    title: "State mirror pairs",
    about: h("p", null, "Half of the training images are mirrored, and these keypoints change places. The file is prepared again, and a training follows."),
    fields: [{
      name: "pairs", label: "Pairs", type: "textarea", required: true, value: (pairs?.pairs ?? []).map((pair) => pair.join(":")).join(",\n"),
      hint: "left_eye:right_eye, left_ear:right_ear. A name alone has no partner. none: nothing is mirrored.",
    }],
    confirm: "Prepare again",
  });
  if (!answer) return null;
  const started = await change("PUT", "/api/mirror", { path, pairs: answer.pairs.split(/[,\n]/).map((pair) => pair.trim()).filter(Boolean).join(",") });
  return `The file is prepared again as ${started.id}.`;
}
