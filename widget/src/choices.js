import { button, make } from "./dom.js";

/**
 * Makes a row of buttons.
 *
 * @param {import("./api.js").Button[]} buttons
 * @param {(chosen: import("./api.js").Button, item: HTMLButtonElement) => void} choose
 * @returns {HTMLElement}
 */
export function choiceRow(buttons, choose) {
  const items = buttons.map((chosen) => {
    const item = button("choice", () => choose(chosen, item), chosen.title);
    return item;
  });
  return make("div", { class: "choices" }, ...items);
}

/**
 * The answers to a question, of which one is taken. It stays, to be read and to keep the focus, as
 * what the visitor said; the others go.
 */
export class Choices {
  #isUsed = false;

  /**
   * @param {import("./api.js").Button[]} buttons
   * @param {(chosen: import("./api.js").Button) => void} choose
   */
  constructor(buttons, choose) {
    this.element = choiceRow(buttons, (chosen, item) => {
      if (this.#isUsed) return;
      this.#keep(item);
      choose(chosen);
    });
  }

  /**
   * Takes the choices away, for something else has been said.
   *
   * @param {(element: HTMLElement) => void} before is told of what goes
   */
  close(before) {
    if (this.#isUsed) return;
    before(this.element);
    this.element.remove();
  }

  #keep(item) {
    this.#isUsed = true;
    this.element.classList.add("used");
    this.element.replaceChildren(item);
    item.ariaPressed = item.ariaDisabled = "true";
    item.focus();
  }
}
