// The frame around the views: navigation, key, theme, and what to say while the host is away.

import { Away, Problem, keys } from "./api.js";
import { onColours } from "./charts.js";
import { append, byId, h, update } from "./dom.js";
import { ask } from "./dialogs.js";
import { duration } from "./format.js";
import { follow, refresh, stop } from "./live.js";
import { describe, note, title } from "./parts.js";
import { batches } from "./views/batches.js";
import { datasets } from "./views/datasets.js";
import { health } from "./views/health.js";
import { home } from "./views/home.js";
import { models } from "./views/models.js";
import { training } from "./views/training.js";
import { workflows } from "./views/workflows.js";

/** @typedef {import("./view").View} View */
/** @typedef {import("./view").Place} Place */

/** Views by the first part of their address, in the order of the navigation. @type {[string, string, (place: Place) => View][]} */
const views = [
  ["", "Home", home],
  ["datasets", "Datasets", datasets],
  ["training", "Training", training],
  ["models", "Models", models],
  ["batches", "Batches", batches],
  ["workflows", "Workflows", workflows],
  ["health", "Health", health],
];

const main = byId("main");
let asking = false;
/** @type {Date | null} */
let answered = null;

/** Reads the address after the #. @returns {Place} */
function place() {
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?", 2);
  return { parts: path.split("/").map(decode), query: new URLSearchParams(query) };
}

/** @param {string} part */
function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function open() {
  const here = place();
  const found = views.find(([name]) => name === here.parts[0]);
  const previous = byId("views").querySelector("[aria-current]")?.textContent;
  byId("views").replaceChildren(h("ul", null, views.map(([name, text]) =>
    h("li", null, h("a", { href: `#/${name}`, "aria-current": name === here.parts[0] && "page" }, text)))));
  byId("views").querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  if (!found) {
    stop();
    main.replaceChildren(title("No such view"), h("p", null, "Choose a view above."));
    return;
  }
  const view = found[2](here);
  document.title = `${view.title} – Keypoints`;
  main.replaceChildren(h("p", { class: "loading" }, "Loading…"));
  let first = true;
  follow({
    load: view.load,
    show: (data) => {
      back();
      const next = h("div", null);
      append(next, [view.render(data)]);
      if (first) main.replaceChildren(...next.childNodes);
      else update(main, next);
      if (first && previous !== undefined) main.querySelector("h1")?.focus({ preventScroll: false });
      first = false;
    },
    failed: (error, retryIn) => {
      if (error instanceof Problem && error.status === 401) {
        void askForKey(view.usesManagement ?? false);
        if (first) main.replaceChildren(title(view.title), note("warn", "The host asks for a key. "));
      } else if (error instanceof Away) {
        away(retryIn);
      } else {
        back();
        main.replaceChildren(title(view.title), note("bad", h("p", null, describe(error))));
        first = true;
      }
    },
  });
}

/** @param {number} retryIn */
function away(retryIn) {
  const since = answered ? ` What you see is from ${answered.toLocaleTimeString("en-GB")}.` : "";
  const text = `The host does not answer. The page asks again every ${duration(retryIn / 1000)} and continues when it is back.${since}`;
  const banner = byId("away");
  if (banner.textContent !== text) banner.textContent = text;
  banner.hidden = false;
  byId("connection").textContent = "Host away";
  byId("connection").className = "connection away-now";
}

function back() {
  answered = new Date();
  byId("away").hidden = true;
  byId("connection").textContent = "Connected";
  byId("connection").className = "connection";
  byId("key").hidden = !keys.any;
}

/** @param {boolean} ofManagement */
async function askForKey(ofManagement) {
  if (asking) return;
  asking = true;
  const forManagement = ofManagement && keys.any;
  const answer = await ask({
    title: forManagement ? "Key of the workflow API" : "Key of this host",
    about: h("p", null, forManagement
      ? "The workflow API of a function app takes the master key, or the system key durabletask_extension."
      : "Every request needs a key. `keypoints up` prints the path of its file; for a function app, copy a host key from the portal. The key stays in this browser tab until you close it."),
    fields: [{ name: "key", label: "Key", type: "password", required: true }],
    confirm: "Use key",
  });
  asking = false;
  if (answer) {
    keys.set(answer.key, forManagement);
    refresh();
  } else {
    stop();
    const again = h("button", { type: "button", class: "main", onclick: () => open() }, "Enter key");
    main.replaceChildren(title("Key needed"), h("p", null, "The host shows its data only to people with its key."), again);
  }
}

function start() {
  const theme = /** @type {HTMLSelectElement} */ (byId("theme"));
  theme.value = localStorage.getItem("keypoints.theme") ?? "";
  const apply = () => {
    document.documentElement.dataset.theme = theme.value;
    if (theme.value) localStorage.setItem("keypoints.theme", theme.value);
    else localStorage.removeItem("keypoints.theme");
  };
  theme.onchange = () => {
    apply();
    refresh();
  };
  onColours(refresh);
  apply();
  byId("key").onclick = () => void askForKey(false);
  byId("skip").onclick = (event) => {
    event.preventDefault();
    main.focus();
  };
  window.addEventListener("hashchange", open);
  open();
}

start();
