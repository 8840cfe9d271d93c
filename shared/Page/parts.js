// Pieces that several views show.

import { append, byId, h } from "./dom.js";
import { Away, Problem, send } from "./api.js";
import { refresh } from "./live.js";
import { ago, moment } from "./format.js";

/** @typedef {import("./dom.js").Children} Children */
/** @typedef {import("./dom.js").Child} Child */

/**
 * The title of a view.
 * @param {string} text
 * @param {{ back?: [string, string], actions?: Children, about?: Children }} [rest] `back` is an address and its name.
 */
export function title(text, { back, actions, about } = {}) {
  return h("div", { class: "title" },
    h("div", null,
      back && h("p", { class: "back" }, h("a", { href: back[0] }, back[1])),
      h("h1", { tabindex: "-1" }, text),
      about && h("p", { class: "muted" }, about)),
    actions && h("div", { class: "actions" }, actions));
}

/**
 * A part of a view with a heading.
 * @param {string} heading
 * @param {{ about?: Children, actions?: Children, key?: string }} rest
 * @param {...Children} children
 */
export function section(heading, { about, actions, key }, ...children) {
  return h("section", { class: "card", key: key ?? heading },
    h("div", { class: "card-head" },
      h("h2", null, heading),
      actions && h("div", { class: "actions" }, actions)),
    about && h("p", { class: "muted" }, about),
    ...children);
}

/**
 * A state in one word.
 * @param {string} text
 * @param {"good" | "bad" | "warn" | "busy" | "calm"} tone
 */
export const pill = (text, tone) => h("span", { class: `pill ${tone}` }, text);

/**
 * A number that people look for first.
 * @param {string} name
 * @param {string} value
 * @param {Children} [about]
 */
export const figure = (name, value, about) => h("div", { class: "figure" },
  h("p", { class: "figure-name" }, name), h("p", { class: "figure-value" }, value), about && h("p", { class: "muted" }, about));

/**
 * Facts with their names. Facts without a value are left out.
 * @param {[string, Children][]} rows
 */
export function facts(rows) {
  const list = h("dl", { class: "facts" });
  for (const [name, value] of rows) {
    if (value === null || value === undefined || value === false || value === "") continue;
    append(list, [h("div", null, h("dt", null, name), h("dd", null, value))]);
  }
  return list;
}

/**
 * A time in words; the exact time is its tooltip.
 * @param {string | null | undefined} value
 */
export const when = (value) => (value ? h("time", { datetime: value, title: moment(value) }, ago(value)) : "–");

/**
 * A table that scrolls sideways where it does not fit.
 * @param {string} name What it lists, for people who do not see it.
 * @param {(string | { text: string, class?: string })[]} columns
 * @param {HTMLTableRowElement[]} rows
 */
export function table(name, columns, rows) {
  return h("div", { class: "scroll", role: "region", "aria-label": name, tabindex: "0" },
    h("table", null,
      h("thead", null, h("tr", null, columns.map((column) =>
        typeof column === "string" ? h("th", { scope: "col" }, column) : h("th", { scope: "col", class: column.class }, column.text)))),
      h("tbody", null, rows)));
}

/**
 * What a list says while it has nothing.
 * @param {...Children} children
 */
export const empty = (...children) => h("p", { class: "empty" }, ...children);

/**
 * Something to know or do.
 * @param {"warn" | "bad" | "calm"} tone
 * @param {...Children} children
 */
export const note = (tone, ...children) => h("div", { class: `note ${tone}` }, ...children);

/**
 * How far something is.
 * @param {string} name What it measures, for people who do not see it.
 * @param {number | null} share 0 to 1; null if nobody knows.
 */
export const progress = (name, share) => (share === null ? null : h("progress", { "aria-label": name, max: "1", value: share.toFixed(4) }));

/**
 * A row of a chart of horizontal bars.
 * @param {string} name
 * @param {number} share 0 to 1
 * @param {string} value
 * @param {string} [tone]
 */
export function bar(name, share, value, tone = "") {
  return h("div", { class: `bar-row ${tone}` },
    h("span", { class: "bar-name" }, name),
    h("span", { class: "bar-track", "aria-hidden": "true" }, h("span", { style: { width: `${Math.min(100, Math.max(0, share * 100)).toFixed(2)}%` } })),
    h("span", { class: "bar-value" }, value));
}

/**
 * JSON to read.
 * @param {string} name
 * @param {unknown} value
 * @param {boolean} [open]
 */
export function json(name, value, open = false) {
  return h("details", { class: "json", open, key: name },
    h("summary", null, name),
    h("pre", { tabindex: "0", role: "region", "aria-label": name }, typeof value === "string" ? value : JSON.stringify(value, null, 2)));
}

/**
 * A button that does something and says what came of it.
 * @param {string} label
 * @param {() => Promise<string | null | void>} work Returns what to say; null if the person cancelled.
 * @param {string} [kind] "main", "danger" or "plain"
 */
export function action(label, work, kind = "") {
  return h("button", {
    type: "button",
    class: kind,
    key: label,
    /** @param {Event} event */
    onclick: async (event) => {
      const button = /** @type {HTMLButtonElement} */ (event.currentTarget);
      button.setAttribute("aria-busy", "true");
      button.disabled = true;
      try {
        const said = await work();
        if (said) say(said);
      } catch (error) {
        say(describe(error), "bad");
      } finally {
        button.disabled = false;
        button.removeAttribute("aria-busy");
        refresh();
      }
    },
  }, label);
}

/**
 * An error in words.
 * @param {unknown} error
 */
export function describe(error) {
  if (error instanceof Away) return "The host does not answer. Nothing was changed; try again when it is back.";
  if (error instanceof Problem) return error.message;
  return error instanceof Error ? error.message : String(error);
}

/**
 * Tells a person what happened. An error stays until it is closed.
 * @param {string} text
 * @param {"calm" | "bad"} [tone]
 */
export function say(text, tone = "calm") {
  const notice = h("div", { class: `notice ${tone}` },
    h("p", null, text),
    h("button", { type: "button", class: "plain", onclick: () => notice.remove() }, "Close"));
  byId("notices").append(notice);
  if (tone === "calm") window.setTimeout(() => notice.remove(), 8_000);
}

/**
 * A button that downloads a file. The key goes into a header, so it stands in no address.
 * @param {string} label
 * @param {string} address
 * @param {string} name Name of the saved file.
 * @param {string} [kind]
 */
export function download(label, address, name, kind = "") {
  return action(label, async () => {
    const blob = await (await send(address)).blob();
    const url = URL.createObjectURL(blob);
    const link = h("a", { href: url, download: name });
    link.click();
    window.setTimeout(() => URL.revokeObjectURL(url), 60_000);
    return null;
  }, kind);
}
