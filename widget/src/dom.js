const SVG = "http://www.w3.org/2000/svg";

/**
 * Makes an element without ever parsing HTML: strings become text.
 *
 * @param {string} tag
 * @param {Record<string, unknown>} [attributes] functions become listeners ("click"); null and
 *   false leave an attribute out; a class is also a part, for pages to style
 * @param {...(Node | string | null | undefined)} children
 * @returns {any} the element; typed loosely, as callers know what they asked for
 */
export function make(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/**
 * Makes a button.
 *
 * @param {string | null} kind its class
 * @param {(event: Event) => void} act
 * @param {...(Node | string)} children
 * @returns {HTMLButtonElement}
 */
export function button(kind, act, ...children) {
  return make("button", { type: "button", class: kind, click: act }, ...children);
}

/** The same as `make` for a part of a drawing. */
export function draw(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== null && value !== false && value !== undefined) {
      element.setAttribute(name, value === true ? "" : String(value));
      if (name === "class") element.setAttribute("part", String(value));
    }
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const ICONS = {
  chat: "M4 4h16v12H9l-5 4z",
  close: "M6 6l12 12M18 6L6 18",
  menu: "M12 5v.01M12 12v.01M12 19v.01",
  send: "M4 12l16-8-6 16-3-6z",
  up: "M7 11v9H4v-9zm0 0l4-8c2 0 2.5 1.5 2 6h6l-2 11H7",
  down: "M7 13V4H4v9zm0 0l4 8c2 0 2.5-1.5 2-6h6L17 4H7",
};

/** A line drawing that says nothing by itself: what it stands in has the name. */
export function icon(name) {
  const line = draw("path", { d: ICONS[name] });
  return draw("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" }, line);
}

/** Makes a button that shows an icon; its label is for those who do not see it. */
export function iconButton(kind, image, label, act) {
  const item = button(kind, act, icon(image));
  item.ariaLabel = label;
  return item;
}
