// Creates and updates elements. Text is always text: nothing in the page parses HTML, so a file's name cannot become markup.

/** @typedef {Node | string | number | null | undefined | false} Child */
/** @typedef {Child | Child[]} Children */
/** @typedef {Record<string, unknown>} Attributes */

/** Keys of elements in lists. An element keeps its state, such as focus, when its neighbours change. @type {WeakMap<Node, string>} */
const keys = new WeakMap();

const handlers = /** @type {const} */ (["onclick", "oninput", "onchange", "onsubmit", "onkeydown", "ontoggle", "ondragover", "ondragleave", "ondrop"]);

/**
 * Creates an element.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Attributes | null} [attributes] Attributes and handlers. `key` names it among its neighbours. `style` is an object of properties.
 *   true gives an empty attribute; false, null and undefined give none.
 * @param {...Children} children Elements and texts.
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "key") keys.set(element, String(value));
    else if (name.startsWith("on")) Reflect.set(element, name, value);
    else if (name === "style") for (const [property, text] of Object.entries(/** @type {object} */ (value))) element.style.setProperty(property, String(text));
    else element.setAttribute(name, value === true ? "" : String(value));
    if (name === "value" || name === "checked") Reflect.set(element, name, value);
  }
  append(element, children);
  return element;
}

/**
 * Creates an SVG element.
 * @param {string} tag
 * @param {Attributes} attributes
 * @param {...Children} children
 */
export function s(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  append(element, children);
  return element;
}

/**
 * Appends elements and texts.
 * @param {Node} parent
 * @param {Children[]} children
 */
export function append(parent, children) {
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === false) continue;
    parent.appendChild(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/**
 * Makes the children of an element those of another one. Elements that stay keep focus, scroll position and what a person typed.
 * @param {Element} from
 * @param {Element} to
 */
export function update(from, to) {
  const keyed = new Map();
  for (const child of from.childNodes) if (keys.has(child)) keyed.set(keys.get(child), child);
  let at = from.firstChild;
  for (const next of [...to.childNodes]) {
    const key = keys.get(next);
    const match = key !== undefined ? keyed.get(key) : at && !keys.has(at) && at.nodeName === next.nodeName ? at : null;
    if (!match) {
      from.insertBefore(next, at);
      continue;
    }
    if (at && match === at) at = at.nextSibling;
    else from.insertBefore(match, at);
    updateNode(match, next);
  }
  while (at) {
    const rest = at.nextSibling;
    at.remove();
    at = rest;
  }
}

/**
 * @param {ChildNode} from
 * @param {ChildNode} to
 */
function updateNode(from, to) {
  if (from.nodeName !== to.nodeName) {
    from.replaceWith(to);
  } else if (from instanceof Element && to instanceof Element) {
    // An element that loads its content by itself, such as a picture, stays while it shows the same.
    if (from.hasAttribute("data-shows") && from.getAttribute("data-shows") === to.getAttribute("data-shows")) return;
    if (from.hasAttribute("data-shows") || to.hasAttribute("data-shows")) {
      from.replaceWith(to);
      return;
    }
    updateAttributes(from, to);
    update(from, to);
  } else if (from.nodeValue !== to.nodeValue) {
    from.nodeValue = to.nodeValue;
  }
}

/**
 * @param {Element} from
 * @param {Element} to
 */
function updateAttributes(from, to) {
  // People open and close details, and buttons are disabled while their action runs.
  /** @param {string} name */
  const isTheirs = (name) => (name === "open" && from instanceof HTMLDetailsElement) || name === "aria-busy"
    || (name === "disabled" && from.hasAttribute("aria-busy"));
  for (const { name, value } of to.attributes) {
    if (isTheirs(name) || from.getAttribute(name) === value) continue;
    // The Content-Security-Policy refuses the attribute, but not the property.
    if (name === "style" && from instanceof HTMLElement) from.style.cssText = value;
    else from.setAttribute(name, value);
  }
  for (const { name } of [...from.attributes]) if (!isTheirs(name) && !to.hasAttribute(name)) from.removeAttribute(name);
  for (const name of handlers) Reflect.set(from, name, Reflect.get(to, name) ?? null);
}

/**
 * Finds an element of index.html.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`index.html has no #${id}.`);
  return element;
}
