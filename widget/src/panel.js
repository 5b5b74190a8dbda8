import { button, icon, iconButton, make } from "./dom.js";

const ANNOUNCED = 1_000;
const FULL_SCREEN = "(max-width: 480px), (max-height: 420px)";

/**
 * The launcher and the panel around log and composer: opening, closing, focus, full screen.
 *
 * @param {import("./texts.js").Words} words
 * @param {string} title
 * @param {{log: import("./log.js").Log, composer: import("./composer.js").Composer}} parts
 * @param {object} does
 * @param {() => void} does.open
 * @param {() => void} does.close
 * @param {() => void} does.startOver
 * @param {() => Promise<string>} does.forget gives the key of what came of it
 */
export class Panel {
  #outside = [];
  #cameFrom = null;
  #listening = new AbortController();

  constructor(words, title, { log, composer }, does) {
    this.words = words;
    this.log = log;
    this.composer = composer;
    this.does = does;
    this.screen = matchMedia(FULL_SCREEN);
    this.title = make("h2", { id: "title" }, title);
    this.badge = make("span", { class: "badge", hidden: true, "aria-hidden": "true" });
    this.launcher = button("launcher", does.open, icon("chat"), this.badge);
    this.live = make("div", { class: "unseen", role: "status" });
    this.notice = make("p", { class: "notice", hidden: true });
    this.panel = this.#panel();
    this.element = make(
      // An empty title keeps the host's own from showing as a tooltip over everything.
      "div",
      { class: "root", title: "", lang: words.lang, keydown: (event) => this.#key(event) },
      this.launcher,
      this.panel,
      this.live,
    );
    this.#watchScreen();
    this.showUnread(0);
  }

  get isOpen() {
    return !this.panel.hidden;
  }

  /** Opens, and leaves the focus where it is: only a visitor's own act may move it. */
  open() {
    if (this.isOpen) return;
    this.#cameFrom = deepest(document);
    this.panel.hidden = false;
    this.launcher.hidden = true;
    this.#fit();
    this.log.toEnd();
  }

  close() {
    if (!this.isOpen) return;
    const hadFocus = Boolean(this.element.getRootNode().activeElement);
    this.#showConfirm(false);
    this.#showMenu(false);
    this.panel.hidden = true;
    this.launcher.hidden = false;
    this.#isolate(false);
    if (!hadFocus) return;
    const isShown = this.launcher.getClientRects().length > 0;
    (isShown ? this.launcher : this.#cameFrom)?.focus();
  }

  /** On a phone the keyboard would cover half of what there is to read, so it waits for a tap. */
  focus() {
    (this.screen.matches ? this.panel : this.composer.input).focus({ preventScroll: true });
  }

  leave() {
    this.#listening.abort();
    this.#isolate(false);
  }

  showUnread(count) {
    const { say } = this.words;
    const name = say("openChat", this.title.textContent);
    this.launcher.ariaLabel = count ? `${name}, ${say("unread", count)}` : name;
    this.badge.textContent = String(count);
    this.badge.hidden = count === 0;
  }

  /** @param {string} key of the text; "" for none */
  showNotice(key) {
    const isNew = key && this.notice.dataset.key !== key;
    this.notice.dataset.key = key;
    this.notice.hidden = !key;
    this.notice.textContent = key ? this.words.say(key) : "";
    if (isNew) this.announce(this.notice.textContent, this.words.lang);
  }

  /** Tells screen readers what is new: politely, once, and only finished messages. */
  announce(text, lang) {
    if (!text || !this.isOpen) return;
    const entry = make("p", { lang }, text);
    this.live.append(entry);
    setTimeout(() => entry.remove(), ANNOUNCED);
  }

  #panel() {
    const { say } = this.words;
    const named = (key, act) => iconButton("bare", key, say(key), act);
    const item = (key, act) => {
      const choose = () => {
        this.#showMenu(false);
        act();
      };
      return button(null, choose, say(key));
    };
    this.more = named("menu", () => this.#showMenu(this.menu.hidden));
    this.menu = make(
      "div",
      { class: "menu", hidden: true },
      item("startOver", () => this.#startOver()),
      item("forget", () => this.#showConfirm(true)),
    );
    this.confirm = make(
      "div",
      { class: "confirm", role: "alertdialog", "aria-labelledby": "ask", hidden: true },
      make("p", { id: "ask" }, say("forgetAsk")),
      button("danger", () => this.#forget(), say("forgetYes")),
      button(null, () => this.#showConfirm(false), say("forgetNo")),
    );
    return make(
      "section",
      { class: "panel", role: "dialog", "aria-labelledby": "title", tabindex: -1, hidden: true },
      make(
        "header",
        { class: "header" },
        this.title,
        this.more,
        named("close", this.does.close),
        this.menu,
      ),
      this.notice,
      this.confirm,
      this.log.element,
      this.composer.element,
    );
  }

  #startOver() {
    this.#showConfirm(false);
    this.does.startOver();
    this.focus();
  }

  async #forget() {
    const key = await this.does.forget();
    this.#showConfirm(false);
    this.showNotice(key);
  }

  #showMenu(isShown) {
    this.#reveal(this.menu, isShown, this.menu.firstChild);
    this.more.ariaExpanded = String(isShown);
  }

  #showConfirm(isShown) {
    this.#reveal(this.confirm, isShown, this.confirm.lastChild);
  }

  /** Shows a part and goes into it, or hides it and goes back to the button that both hang on. */
  #reveal(part, isShown, first) {
    const hadFocus = part.contains(this.element.getRootNode().activeElement);
    part.hidden = !isShown;
    if (isShown) first.focus();
    else if (hadFocus) this.more.focus();
  }

  #key(event) {
    if (!this.isOpen) return;
    // The page's own keys are not meant where somebody writes.
    event.stopPropagation();
    if (event.key !== "Escape" || event.isComposing) return;
    if (!this.confirm.hidden) this.#showConfirm(false);
    else if (!this.menu.hidden) this.#showMenu(false);
    else this.does.close();
  }

  #watchScreen() {
    const options = { signal: this.#listening.signal };
    this.screen.addEventListener("change", () => this.#fit(), options);
    // The keyboard of a phone covers the page without resizing it.
    globalThis.visualViewport?.addEventListener("resize", () => this.#fit(), options);
    globalThis.visualViewport?.addEventListener("scroll", () => this.#fit(), options);
    const outside = (event) => {
      if (
        !this.menu.hidden &&
        ![this.menu, this.more].some((part) => event.composedPath().includes(part))
      ) {
        this.#showMenu(false);
      }
    };
    addEventListener("pointerdown", outside, options);
  }

  #fit() {
    const isFull = this.isOpen && this.screen.matches;
    const { style } = this.panel;
    const view = globalThis.visualViewport;
    style.blockSize = isFull && view ? `${view.height}px` : "";
    style.insetBlockStart = isFull && view ? `${view.offsetTop}px` : "";
    this.panel.ariaModal = String(isFull);
    this.#isolate(isFull);
  }

  /** Full screen there is nothing else to see, so nothing else can be reached either. */
  #isolate(isFull) {
    for (const element of this.#outside.splice(0)) element.inert = false;
    if (!isFull) return;
    let inside = this.element.getRootNode().host;
    while (inside && inside !== document.documentElement) {
      for (const other of inside.parentNode.children) {
        if (other !== inside && !other.inert) {
          other.inert = true;
          this.#outside.push(other);
        }
      }
      inside = inside.parentElement ?? /** @type {any} */ (inside.getRootNode()).host;
    }
  }
}

/** The focused element, also inside shadow roots. */
function deepest(root) {
  const element = root.activeElement;
  return element?.shadowRoot?.activeElement ? deepest(element.shadowRoot) : element;
}
