// Models: published versions, the one in use, and what each learned from.

import { address, change, read } from "../api.js";
import { ask } from "../dialogs.js";
import { h } from "../dom.js";
import { bytes, count, counted, duration, percent, pixels, sentence, words } from "../format.js";
import { compare } from "./compare.js";
import { action, download, empty, facts, note, pill, section, table, title, when } from "../parts.js";

/** @typedef {import("../types").Model} Model */
/** @typedef {import("../types").ModelList} ModelList */
/** @typedef {import("../types").Champion} Champion */

/**
 * @param {import("../view").Place} place
 * @returns {import("../view").View}
 */
export function models(place) {
  const version = place.parts[1];
  if (version && place.parts[2] === "compare" && place.parts[3]) return compare(version, place.parts[3]);
  return {
    title: version ?? "Models",
    load: async (signal) => (/** @type {{ value: ModelList }} */ (await read("/api/models", { signal }))).value,
    render: (/** @type {ModelList} */ list) => (version ? detail(list, version) : overview(list)),
  };
}

/**
 * The error that is shown: on test rows where they measure the model.
 * @param {Model} model
 */
export function error({ evaluation }) {
  const rmse = evaluation.candidateWholeRmse ?? evaluation.candidateRmse;
  if (evaluation.testRows === undefined)
    return rmse === undefined ? { text: "Not measured", about: "no validation rows" } : { text: pixels(rmse), about: `on ${counted(evaluation.validationRows, "validation row")}` };
  const rows = `${counted(evaluation.testRows, "test row")} of ${counted(evaluation.testComponents ?? 0, "group")}`;
  return evaluation.testRows >= 30 && (evaluation.testComponents ?? 0) >= 10 && rmse !== undefined
    ? { text: pixels(rmse), about: `on ${rows}` }
    : { text: "Not measured", about: evaluation.testRows === 0 ? "there are no test rows" : `only ${rows}` };
}

/** @param {ModelList} list */
function overview({ champion, models: versions }) {
  return [
    title("Models", { about: "Errors are on test rows, which no model learned from." }),
    section("Versions", { about: counted(versions.length, "published version") },
      versions.length === 0 ? empty("No model is published yet. The first training publishes one.") : table("Versions", [
        "Version", "State", { text: "Test error", class: "number" }, { text: "Compared with", class: "wide" },
        { text: "Training rows", class: "wide number" }, { text: "Published", class: "wide" },
      ], versions.map((model) => h("tr", { key: model.version },
        h("th", { scope: "row" }, h("a", { href: `#/models/${encodeURIComponent(model.version)}` }, model.version)),
        h("td", null, standing(model.version, champion)),
        h("td", { class: "number" }, error(model).text, h("span", { class: "below" }, error(model).about)),
        h("td", { class: "wide" }, model.evaluation.championVersion
          ? [model.evaluation.championVersion, h("span", { class: "below" }, pixels(model.evaluation.championRmse))] : "no champion"),
        h("td", { class: "wide number" }, count(model.training.trainingRows), h("span", { class: "below" }, counted(model.datasetIds.length, "dataset"))),
        h("td", { class: "wide" }, when(model.publishedAt)))))),
  ];
}

/**
 * @param {string} version
 * @param {Champion | undefined} champion
 */
function standing(version, champion) {
  if (champion?.version === version) return pill("In use", "good");
  if (champion?.rolledBack?.includes(version)) return pill("Rolled back", "warn");
  if (champion?.previousVersion === version) return pill("Previous", "calm");
  return pill("Published", "calm");
}

/**
 * @param {ModelList} list
 * @param {string} version
 */
function detail({ champion, models: versions, learned }, version) {
  const model = versions.find((other) => other.version === version);
  if (!model) return [title("No such version", { back: ["#/models", "Models"] }), note("warn", h("p", null, `${version} is not published.`))];
  const { evaluation, training } = model;
  const datasets = learned?.find((other) => other.version === version)?.datasets ?? [];
  const ratio = evaluation.ratio;
  return [
    title(version, { back: ["#/models", "Models"], about: standing(version, champion), actions: actions(model, champion) }),
    section("Test", {}, facts([
      ["Test error", `${error(model).text} ${error(model).about}`],
      ["Relative to the distance between the eyes", evaluation.candidateNme === undefined ? null : percent(evaluation.candidateNme)],
      ["Compared with", evaluation.championVersion && h("a", { href: `#/models/${encodeURIComponent(evaluation.championVersion)}` }, evaluation.championVersion)],
      ["Its error on the same rows", evaluation.championRmse === undefined ? null : pixels(evaluation.championRmse)],
      ["Ratio of the errors", ratio?.ratio === undefined ? null : `${ratio.ratio.toFixed(3)}${ratio.lower === undefined ? "" : ` (95 %: ${ratio.lower.toFixed(3)} to ${ratio.upper?.toFixed(3)})`}`],
      ["Not compared", evaluation.championFault],
      ["Promotion rule", model.decision && sentence(`${model.decision.promote ? "promoted" : "not promoted"}: ${model.decision.reason}`)],
      ["Why it is in use", champion?.version === version ? champion.reason : null],
    ])),
    versions.length > 1 && section("Side by side", {}, sideBySide(model, versions, champion)),
    section("Learned from", { about: datasets.length === 0 ? "Nobody recorded its datasets." : counted(datasets.length, "dataset") },
      datasets.length > 0 && table("Datasets", ["Path", "State", { text: "Id", class: "wide" }], datasets.map((dataset) => h("tr", { key: dataset.datasetId + dataset.path },
        h("th", { scope: "row" }, dataset.path ? h("a", { href: `#/datasets/${encodeURIComponent(dataset.path)}` }, dataset.path) : "unknown path"),
        h("td", null, fate(dataset.state), dataset.until && h("span", { class: "below" }, "since ", when(dataset.until))),
        h("td", { class: "wide" }, h("code", null, dataset.datasetId)))))),
    section("Training", {}, facts([
      ["Rows", `${count(training.trainingRows)} to train, ${count(training.validationRows)} to validate`],
      ["Epochs", training.epochsTrained === undefined ? null : count(training.epochsTrained)],
      ["Time", training.trainingSeconds === undefined ? null : duration(training.trainingSeconds)],
      ["Parameters", training.parameters === undefined ? null : count(training.parameters)],
      ...Object.entries(model.settings).filter(([name]) => name !== "epochs").map(([name, value]) => /** @type {[string, string]} */ ([sentence(words(name)).slice(0, -1), String(value)])),
      ["Run", h("a", { href: `#/training/${encodeURIComponent(model.runId)}` }, model.runId)],
    ])),
    section("Model file", {}, facts([
      ["Keypoints", `${model.schema.names.length}, in a frame of ${model.schema.frameWidth} × ${model.schema.frameHeight} px`],
      ["Size", bytes(model.modelBytes)],
      ["SHA-256", h("code", { class: "break" }, model.modelSha256)],
      ["Published", when(model.publishedAt)],
      ["By", `pipeline ${model.codeVersion}`],
    ]),
    h("p", { class: "muted" }, model.schema.names.map(words).join(", "))),
  ];
}

/**
 * @param {Model} model
 * @param {Model[]} versions
 * @param {Champion | undefined} champion
 */
function sideBySide({ version, evaluation }, versions, champion) {
  const others = versions.filter((other) => other.version !== version).map((other) => other.version);
  const first = [evaluation.championVersion, champion?.version].find((other) => other && others.includes(other)) ?? others[0];
  const choice = h("select", { id: "other" }, others.map((other) => h("option", { value: other, selected: other === first }, other)));
  return h("div", { class: "filters" },
    h("label", null, "Other version", choice),
    h("button", { type: "button", onclick: () => {
      const select = /** @type {HTMLSelectElement} */ (document.getElementById("other"));
      location.hash = `#/models/${encodeURIComponent(version)}/compare/${encodeURIComponent(select.value)}`;
    } }, "Compare"));
}

/** @param {string} value */
function fate(value) {
  const name = value.toLowerCase();
  if (name === "inforce") return pill("In force", "good");
  return pill(sentence(words(value)).slice(0, -1), name === "unknown" ? "calm" : "warn");
}

/**
 * @param {Model} model
 * @param {Champion | undefined} champion
 */
function actions({ version }, champion) {
  const file = download("Download", address`/api/models/${version}/model.onnx`, `${version}.onnx`);
  if (champion?.version === version) return [file];
  const isBack = champion !== undefined && (version < champion.version || version === champion.previousVersion || champion.rolledBack?.includes(version));
  return [file, isBack ? action("Roll back to this", () => rollBack(version), "main") : action("Promote", () => promote(version), "main")];
}

/** @param {string} version */
async function rollBack(version) {
  const answer = await ask({
    title: `Roll back to ${version}?`,
    about: h("p", null, "New batches use this version at once. The schedule does not undo a roll-back; new data end it."),
    fields: [{ name: "reason", label: "Reason", hint: "For people who ask later why this version is in use." }],
    confirm: "Roll back",
  });
  if (!answer) return null;
  await change("POST", address`/api/models/${version}/promote`, reasonOf(answer));
  return `${version} is in use now.`;
}

/** @param {string} version */
async function promote(version) {
  const answer = await ask({
    title: `Promote ${version}?`,
    about: h("p", null, "The promotion rule decides from the comparison that was made after the training, and its reason is kept. New batches use the promoted version at once."),
    fields: [
      { name: "force", label: "Promote it whatever the rule says", type: "checkbox" },
      { name: "reason", label: "Reason", hint: "For people who ask later why this version is in use.", only: ["force", "true"] },
    ],
    confirm: "Promote",
  });
  if (!answer) return null;
  await change("POST", address`/api/models/${version}/promote`, { force: answer.force === "true", ...reasonOf(answer) });
  return `${version} is in use now.`;
}

/**
 * The reason that a person gave, if any.
 * @param {Record<string, string>} answer
 */
function reasonOf({ reason }) {
  return reason.trim() ? { reason: reason.trim() } : {};
}
