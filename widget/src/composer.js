import { icon, make } from "./dom.js";

const LONGEST = 2_000;

/** Where the visitor types. */
export class Composer {
  /**
   * @param {{say: (key: string) => string}} words
   * @param {(text: string) => void} send
   */
  constructor({ say }, send) {
    this.send = send;
    this.input = make("textarea", {
      class: "input",
      rows: 1,
      maxlength: LONGEST,
      enterkeyhint: "send",
      dir: "auto",
      "aria-label": say("yourMessage"),
      placeholder: say("placeholder"),
      keydown: (event) => this.#key(event),
    });
    this.element = make(
      "form",
      { class: "composer", submit: (event) => this.#submit(event) },
      this.input,
      make("button", { class: "send", "aria-label": say("send") }, icon("send")),
    );
  }

  get text() {
    return this.input.value;
  }

  set text(value) {
    this.input.value = value;
  }

  #submit(event) {
    event.preventDefault();
    const text = this.text.trim();
    if (!text) return;
    this.text = "";
    this.send(text);
  }

  #key(event) {
    // While an input method composes a word, Enter ends the word and not the message.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229)
      return;
    event.preventDefault();
    this.element.requestSubmit();
  }
}
