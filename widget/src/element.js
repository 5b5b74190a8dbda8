import { Api } from "./api.js";
import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { Keep } from "./keep.js";
import { Log } from "./log.js";
import { Panel } from "./panel.js";
import sheet from "./styles.css" with { type: "css" };
import { addTexts, SPOKEN, wordsIn } from "./texts.js";

export const NAME = "sourcing-advisor";

const SUGGESTIONS =
  "Should we outsource payroll?|Is patent research BPO or KPO?|What is the difference between BPO and KPO?";

/**
 * `<sourcing-advisor>`: the chat, in a shadow root.
 *
 * Attributes, all optional and live: `server-url` (where the script came from), `title`,
 * `greeting`, `suggestions` (separated by `|`), `lang` (the page's), `open`. Styles read
 * `position` and `theme`. Events, bubbling and composed: `sourcing-advisor:` and ready, open,
 * close, send, message, rate, unread or error.
 */
export class SourcingAdvisor extends HTMLElement {
  static observedAttributes = ["server-url", "title", "greeting", "suggestions", "lang", "open"];
  /** The server of elements that do not name one. */
  static server = "";
  static #all = new Set();

  #panel = null;
  #log = null;
  #composer = null;
  #conversation = null;
  #keep = null;
  #words = null;
  #unread = 0;

  /** Adds a language, or changes texts of one, in every widget of the page; see texts.js. */
  static addLanguage(lang, texts) {
    addTexts(lang, texts);
    for (const element of SourcingAdvisor.#all) element.#draw();
  }

  constructor() {
    super();
    this.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet];
  }

  connectedCallback() {
    SourcingAdvisor.#all.add(this);
    this.#connect();
  }

  disconnectedCallback() {
    SourcingAdvisor.#all.delete(this);
    this.#disconnect();
  }

  attributeChangedCallback(name, before, now) {
    if (!this.#panel || before === now) return;
    if (name === "open") this.#follow();
    else if (name === "server-url") {
      this.#disconnect();
      this.#connect();
    } else this.#draw();
  }

  /** Opens the panel and moves the focus into it; the attribute alone leaves the focus alone. */
  open() {
    this.setAttribute("open", "");
    this.#panel?.focus();
  }

  /** Closes the panel. The conversation stays. */
  close() {
    this.removeAttribute("open");
  }

  /** Opens the panel, or closes it. */
  toggle() {
    if (this.hasAttribute("open")) this.close();
    else this.open();
  }

  /** Begins a fresh conversation. */
  reset() {
    if (!this.#conversation) return;
    this.#conversation.reset();
    this.#count(0);
  }

  /**
   * Says something for the visitor.
   *
   * @param {string} text
   * @returns {Promise<boolean>} whether it was answered
   */
  async send(text) {
    const said = String(text).trim();
    return this.#conversation && said ? this.#conversation.send({ text: said }, said) : false;
  }

  async #connect() {
    const named = this.getAttribute("server-url");
    const isUsable = named && URL.canParse(named, location.href);
    const server = new URL(isUsable ? named : SourcingAdvisor.server, location.href);
    const address = server.origin + server.pathname.replace(/\/$/, "");
    this.#keep = new Keep(address);
    this.#conversation = new Conversation(new Api(address), this.#keep, (name, detail) =>
      this.#tell(name, detail),
    );
    if (this.#keep.open !== null) this.toggleAttribute("open", this.#keep.open);
    const conversation = this.#conversation;
    this.#draw();
    const hadToken = Boolean(this.#keep.token);
    await conversation.restore();
    if (conversation !== this.#conversation) return;
    if (conversation.isEmpty && hadToken) this.#log.suggest();
    this.#tell("ready");
  }

  #disconnect() {
    this.#conversation?.leave();
    this.#panel?.leave();
    this.#conversation = null;
    this.#panel = null;
    this.shadowRoot.replaceChildren();
  }

  /** Draws everything anew, in the language and with the texts that the attributes name now. */
  #draw() {
    const conversation = this.#conversation;
    if (!conversation) return;
    const draft = this.#composer?.text ?? "";
    const hadFocus = this.shadowRoot.activeElement;
    this.#panel?.leave();
    this.#words = wordsIn(this.closest("[lang]")?.getAttribute("lang") || SPOKEN);
    this.#log = new Log(
      this.#words,
      {
        send: (said, shown) => conversation.send(said, shown),
        retry: (turn) => conversation.retry(turn),
        edit: (turn) => this.#edit(turn),
        rate: (turn, rating) => this.#rate(turn, rating),
        announce: (text, lang) => this.#panel.announce(text, lang),
        notice: (key) => this.#panel.showNotice(key),
      },
      this.#start(),
    );
    this.#composer = new Composer(this.#words, (text) => {
      conversation.send({ text }, text);
    });
    this.#composer.text = draft;
    const title = this.getAttribute("title") || this.#words.say("title");
    const parts = { log: this.#log, composer: this.#composer };
    this.#panel = new Panel(this.#words, title, parts, {
      open: () => this.open(),
      close: () => this.close(),
      startOver: () => this.reset(),
      forget: () => this.#forget(),
    });
    this.shadowRoot.replaceChildren(this.#panel.element);
    conversation.show(this.#log);
    if (conversation.isEmpty && !this.#keep.token) this.#log.suggest();
    if (this.hasAttribute("open")) this.#panel.open();
    this.#panel.showUnread(this.#unread);
    if (hadFocus) (this.#panel.isOpen ? this.#panel : this.#panel.launcher).focus();
  }

  #start() {
    const own = this.getAttribute("greeting");
    return {
      greeting: own || this.#words.say("greeting"),
      greetingLang: own ? this.getAttribute("lang") : this.#words.lang,
      suggestions: (this.getAttribute("suggestions") ?? SUGGESTIONS).split("|").filter(Boolean),
    };
  }

  /** Brings the panel in line with the attribute `open`. */
  #follow() {
    const isOpen = this.hasAttribute("open");
    if (isOpen === this.#panel.isOpen) return;
    if (isOpen) {
      this.#panel.open();
      this.#count(0);
    } else this.#panel.close();
    this.#keep.open = isOpen;
    this.#tell(isOpen ? "open" : "close");
  }

  #edit(turn) {
    this.#conversation.withdraw(turn);
    this.#log.removeTurn(turn);
    this.#composer.text = `${turn.text} ${this.#composer.text}`.trim();
    this.#composer.input.focus();
  }

  async #rate(turn, rating) {
    try {
      await this.#conversation.rate(turn, rating);
    } catch {
      this.#panel?.showNotice("failed");
    }
    this.#log.showRating(turn);
  }

  async #forget() {
    try {
      await this.#conversation.forget();
    } catch {
      return "failed";
    }
    return "forgotten";
  }

  #count(unread) {
    if (unread === this.#unread) return;
    this.#unread = unread;
    this.#panel.showUnread(unread);
    this.#tell("unread", { count: unread });
  }

  #tell(name, detail = {}) {
    this.dispatchEvent(
      new CustomEvent(`${NAME}:${name}`, { detail, bubbles: true, composed: true }),
    );
    if (name === "message" && !this.#panel.isOpen) this.#count(this.#unread + 1);
  }
}
