import { NAME, SourcingAdvisor } from "./element.js";

const OPTIONS = [...SourcingAdvisor.observedAttributes, "position", "theme"];
// A page's own elements can take the place of a document's properties by their names.
const current = document.currentScript;
const script = current instanceof HTMLScriptElement ? current : null;

/** Puts the widget at the end of a page that has not placed one itself. */
function mount() {
  if (document.querySelector(NAME)) return;
  const element = document.createElement(NAME);
  for (const option of OPTIONS) {
    const value = script?.getAttribute(`data-${option}`);
    if (value !== null && value !== undefined) element.setAttribute(option, value);
  }
  document.body.append(element);
}

if (!customElements.get(NAME)) {
  SourcingAdvisor.server = script?.src
    ? script.src.replace(/\/webhooks\/web\/.*/, "")
    : location.origin;
  customElements.define(NAME, SourcingAdvisor);
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", mount);
  else mount();
}
