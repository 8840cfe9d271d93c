// Questions to a person: what to do with which values.

import { append, h } from "./dom.js";

/**
 * @typedef {object} Field
 * @property {string} name
 * @property {string} label
 * @property {string} [hint]
 * @property {string} [value]
 * @property {"text" | "password" | "number" | "checkbox" | "textarea"} [type]
 * @property {[string, string][]} [choices] Values and their names.
 * @property {boolean} [required]
 * @property {number} [min]
 * @property {number} [max]
 * @property {[string, string]} [only] Another field, and the value of it with which this one counts.
 */

/**
 * Asks. Escape and Cancel give null.
 * @param {{ title: string, about?: import("./dom.js").Children, fields?: Field[], confirm: string, danger?: boolean }} question
 * @returns {Promise<Record<string, string> | null>} The values; a ticked box is "true".
 */
export function ask({ title, about, fields = [], confirm, danger = false }) {
  return new Promise((resolve) => {
    /** @type {Record<string, string> | null} */
    let answer = null;
    const form = h("form", {
      onchange: () => choose(form, fields),
      /** @param {SubmitEvent} event */
      onsubmit: (event) => {
        event.preventDefault();
        answer = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
        dialog.close();
      },
    },
    h("h2", { id: "question" }, title),
    about && h("div", { class: "about" }, about),
    fields.map(input),
    h("div", { class: "actions end" },
      h("button", { type: "button", onclick: () => dialog.close() }, "Cancel"),
      h("button", { type: "submit", class: danger ? "danger" : "main" }, confirm)));
    const dialog = h("dialog", { "aria-labelledby": "question" }, form);
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(answer);
    });
    document.body.append(dialog);
    choose(form, fields);
    dialog.showModal();
  });
}

/**
 * Shows the fields that count with what was chosen.
 * @param {HTMLFormElement} form
 * @param {Field[]} fields
 */
function choose(form, fields) {
  const values = new FormData(form);
  for (const { name, only } of fields) {
    const control = form.elements.namedItem(name);
    const field = control instanceof HTMLElement ? control.closest(".field") : null;
    if (only && field instanceof HTMLElement) field.hidden = values.get(only[0]) !== only[1];
  }
}

/** @param {Field} field */
function input(field) {
  const id = `field-${field.name}`;
  const hint = field.hint ? `${id}-hint` : null;
  const shared = { id, name: field.name, required: field.required, "aria-describedby": hint };
  if (field.type === "checkbox") {
    return h("div", { class: "field" },
      h("label", { class: "tick" }, h("input", { ...shared, type: "checkbox", value: "true" }), field.label),
      hint && h("p", { class: "hint", id: hint }, field.hint));
  }
  const control = field.choices ? choice(field, shared)
    : field.type === "textarea" ? h("textarea", { ...shared, rows: "4", spellcheck: "false" }, field.value ?? "")
    : h("input", {
      ...shared, type: field.type ?? "text", value: field.value ?? "", min: field.min, max: field.max, autocomplete: "off", spellcheck: "false",
    });
  return h("div", { class: "field" }, h("label", { for: id }, field.label), control, hint && h("p", { class: "hint", id: hint }, field.hint));
}

/**
 * @param {Field} field
 * @param {import("./dom.js").Attributes} shared
 */
function choice(field, shared) {
  const select = h("select", shared);
  append(select, [(field.choices ?? []).map(([value, name]) => h("option", { value, selected: value === field.value }, name))]);
  return select;
}
