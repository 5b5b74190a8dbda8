import { recommendationCard } from "./card.js";
import { Choices, choiceRow } from "./choices.js";
import { button, iconButton, make } from "./dom.js";
import { fileBox } from "./files.js";
import { rich, spoken } from "./text.js";
import { SPOKEN } from "./texts.js";

const SLOW = 8_000;
const PEEK = 56;
const LONGEST_QUESTION = 160;
const SAYS = {
  refused: "refused",
  tooLong: "rejected",
  rejected: "rejected",
  expired: "rejected",
  apology: "failed",
};

/**
 * Shows a conversation, as the `View` that conversation.js describes.
 *
 * @param {import("./texts.js").Words} words
 * @param {object} does what the visitor can do
 * @param {(said: object, shown: string) => void} does.send
 * @param {(turn: object) => void} does.retry
 * @param {(turn: object) => void} does.edit
 * @param {(turn: object, rating: "up" | "down" | null) => void} does.rate
 * @param {(text: string) => void} does.announce reads out, once
 * @param {(code: string) => void} does.notice
 * @param {{greeting: string, greetingLang: string, suggestions: string[]}} start what is shown
 *   before anything has been said
 */
export class Log {
  #turns = new Map();
  #open = [];
  #sending = new Set();
  #isChoosing = false;

  constructor(words, does, { greeting, greetingLang, suggestions }) {
    this.words = words;
    this.does = does;
    this.suggestions = suggestions.map((title) => ({ title, payload: title }));
    this.greeting = make("div", { class: "message bot", lang: greetingLang }, greeting);
    this.typing = make("div", { class: "typing", hidden: true }, make("i"), make("i"), make("i"));
    this.list = make("div", { class: "list" }, this.greeting);
    this.element = make(
      "div",
      {
        class: "log",
        role: "log",
        tabindex: "0",
        "aria-live": "off",
        "aria-label": words.say("conversation"),
        lang: words.lang,
      },
      this.list,
      this.typing,
    );
  }

  /** Offers something to begin with. */
  suggest() {
    if (!this.suggestions.length) return;
    const { element } = this.#choices(this.suggestions, ({ title }) => ({ text: title }));
    element.lang = SPOKEN;
    this.list.append(element);
  }

  addTurn(turn) {
    for (const choices of this.#open.splice(0)) choices.close((part) => this.#rescueFocus(part));
    const root = make("div", { class: "turn" });
    const isBubble = turn.text !== null && !this.#isChoosing;
    if (isBubble) root.append(make("div", { class: "message user" }, turn.text));
    const status = make("div", { class: "status", lang: this.words.lang, hidden: true });
    root.append(status);
    this.#turns.set(turn.id, { root, status, replies: [], rating: null });
    this.list.append(root);
    this.toEnd();
  }

  addReply(turn, reply, { fresh }) {
    const shown = this.#turns.get(turn.id);
    const element = this.#reply(reply);
    shown.replies.push({ element, isAnswer: isAnswer(reply) });
    shown.root.append(element);
    if (!fresh) return;
    this.#follow(shown.replies[0].element);
    const count = reply.buttons?.length;
    this.does.announce(spoken(reply.text ?? ""), SPOKEN);
    if (count) this.does.announce(this.words.say("choiceCount", count), this.words.lang);
  }

  dropReplies(turn, kept) {
    for (const { element } of this.#turns.get(turn.id).replies.splice(kept)) element.remove();
  }

  showStatus(turn) {
    const shown = this.#turns.get(turn.id);
    if (!shown) return;
    const isUnderWay = turn.status === "sending";
    this.#sending[isUnderWay ? "add" : "delete"](turn.id);
    this.typing.hidden = this.#sending.size === 0;
    shown.root.classList.toggle("failed", turn.status === "failed");
    this.#say(shown.status, this.#statusOf(turn));
    clearTimeout(shown.slow);
    if (isUnderWay && turn.replies.length === 0) {
      const isSlow = () =>
        this.#turns.has(turn.id) && this.#say(shown.status, [this.words.say("slow")]);
      shown.slow = setTimeout(isSlow, SLOW);
    }
    if (turn.status === "sent") this.#rating(turn, shown);
  }

  clear() {
    this.#turns.clear();
    this.#open = [];
    this.#isChoosing = false;
    this.#rescueFocus(this.list);
    this.list.replaceChildren(this.greeting);
    this.suggest();
    this.#sending.clear();
    this.typing.hidden = true;
  }

  notice(code) {
    this.does.notice(code);
  }

  /** Takes a turn off the log again. */
  removeTurn(turn) {
    this.#turns.get(turn.id)?.root.remove();
    this.#turns.delete(turn.id);
  }

  toEnd() {
    this.element.scrollTop = this.element.scrollHeight;
  }

  #reply(reply) {
    const { recommendation } = reply.custom ?? {};
    const root = make("div", { class: "reply", lang: SPOKEN }, this.#content(reply));
    if (!reply.buttons?.length) return root;
    // What can be done with a recommendation stays on offer, unlike the answers to a question.
    const act = ({ title, payload }) => this.does.send({ payload }, title);
    if (recommendation) root.append(choiceRow(reply.buttons, act));
    else root.append(this.#choices(reply.buttons, ({ payload }) => ({ payload })).element);
    return root;
  }

  /** The text is always complete, so it stands in for what cannot be drawn. */
  #content({ text, custom }) {
    const { recommendation, file } = custom ?? {};
    try {
      if (recommendation) return recommendationCard(recommendation, file, this.words);
      if (file) return fileBox(file, this.words);
    } catch (error) {
      console.error(error);
    }
    if (!text) return null;
    return make("div", { class: "message bot" }, ...rich(text, this.words.say("newTab")));
  }

  #choices(buttons, saidBy) {
    const choices = new Choices(buttons, (button) => {
      this.#isChoosing = true;
      this.does.send(saidBy(button), button.title);
      this.#isChoosing = false;
    });
    this.#open.push(choices);
    return choices;
  }

  #statusOf(turn) {
    const { status, problem, body } = turn;
    const { say } = this.words;
    const does = (key, act) => button("small", act, say(key));
    if (status === "waiting") {
      if (problem.code === "tooFast") return [say("tooFast")];
      if (!navigator.onLine) return [say("offline")];
      return [say("waiting"), does("tryNow", () => this.does.retry(turn))];
    }
    if (status !== "failed") return [];
    const again = problem.passes || problem.code === "apology";
    return [
      say(SAYS[problem.code] ?? "unanswered"),
      again ? does("tryAgain", () => this.does.retry(turn)) : null,
      body.text === undefined ? null : does("edit", () => this.does.edit(turn)),
    ];
  }

  #say(status, content) {
    const said = content.filter(Boolean);
    const isNews = status.firstChild?.data !== said[0];
    this.#rescueFocus(status);
    status.replaceChildren(...said);
    status.hidden = said.length === 0;
    if (said.length === 0) return;
    if (isNews) this.does.announce(said[0], this.words.lang);
    status.scrollIntoView({ block: "nearest" });
  }

  #rating(turn, shown) {
    const answer = shown.replies.find(({ isAnswer }) => isAnswer);
    if (!answer || turn.text === null) return;
    if (!shown.rating) {
      const thumb = (value, key) =>
        iconButton("thumb", value, this.words.say(key), () =>
          this.does.rate(turn, turn.rated === value ? null : value),
        );
      shown.rating = { up: thumb("up", "good"), down: thumb("down", "bad") };
      answer.element.append(
        make("div", { class: "rating", lang: this.words.lang }, shown.rating.up, shown.rating.down),
      );
    }
    this.showRating(turn);
  }

  showRating(turn) {
    const thumbs = this.#turns.get(turn.id)?.rating ?? {};
    for (const [value, thumb] of Object.entries(thumbs)) {
      thumb.ariaPressed = String(turn.rated === value);
    }
  }

  /** Keeps the focus in the log when what has it goes. */
  #rescueFocus(part) {
    if (part.contains(part.getRootNode().activeElement)) this.element.focus();
  }

  /** Shows what is new from its beginning, below what it answers. */
  #follow(reply) {
    this.toEnd();
    this.element.scrollTop = Math.min(this.element.scrollTop, reply.offsetTop - PEEK);
  }
}

/** Questions and asides are short; what is worth rating is longer, or has something to show. */
function isAnswer({ text, custom }) {
  return Boolean(custom) || text.length > LONGEST_QUESTION;
}
