import { Problem } from "./api.js";

/**
 * @typedef {"sending" | "waiting" | "sent" | "failed"} Status
 * @typedef {object} Turn
 * @property {string} id the message's id: sent again with the same one it is not taken twice
 * @property {string | null} text what the visitor said or chose; null before the first word
 * @property {import("./api.js").Body | null} body what is sent; null for what came from the server
 * @property {import("./api.js").Reply[]} replies
 * @property {Status} status
 * @property {Problem | null} problem why it waits or has failed
 * @property {"up" | "down" | null} rated
 * @property {boolean} [renewed] whether it has been carried over from a conversation that ended
 *
 * @typedef {object} View what shows a conversation; see log.js
 * @property {(turn: Turn) => void} addTurn
 * @property {(turn: Turn) => void} showStatus
 * @property {(turn: Turn, reply: import("./api.js").Reply, how: {fresh: boolean}) => void} addReply
 * @property {(turn: Turn, kept: number) => void} dropReplies
 * @property {() => void} clear
 * @property {() => void} toEnd
 * @property {(code: string) => void} notice tells what holds for all of it; "" takes it back
 */

const PAUSES = [1, 2, 4, 8, 15];
const LATE = 3_000;
const OPEN = ["sending", "waiting"];

/** A visitor's conversation: sends, retries, restores and keeps step with other tabs. No DOM. */
export class Conversation {
  #turns = new Map();
  #era = 0;
  /** @type {Promise<any>} */
  #line = Promise.resolve();
  #underWay = 0;
  #isStale = false;
  #restoring = Promise.resolve();
  #next = null;
  #wakers = new Set();
  #listening = new AbortController();

  /**
   * @param {import("./api.js").Api} api
   * @param {import("./keep.js").Keep} keep
   * @param {(name: string, detail: object) => void} tell events for the page
   */
  constructor(api, keep, tell) {
    this.api = api;
    this.keep = keep;
    this.tell = tell;
    this.tabs = new BroadcastChannel(keep.key);
    this.#listen();
  }

  get isEmpty() {
    return this.#turns.size === 0;
  }

  /** @param {View} view what shows the conversation from now on */
  show(view) {
    this.view = view;
    for (const turn of this.#turns.values()) {
      view.addTurn(turn);
      for (const reply of turn.replies) view.addReply(turn, reply, { fresh: false });
      view.showStatus(turn);
    }
    view.toEnd();
  }

  /** Gives up listening; the conversation itself stays on the server. */
  leave() {
    this.#begin();
    this.#listening.abort();
    this.tabs.close();
  }

  /** Shows what the server has of the conversation and this page has not. */
  restore() {
    // One that has not begun yet brings all there is.
    this.#next ??= this.#restoring.then(() => {
      this.#next = null;
      this.#restoring = this.#restore();
      return this.#restoring;
    });
    return this.#next;
  }

  async #restore() {
    const era = this.#era;
    const { token } = this.keep;
    if (!token) return;
    try {
      const work = () => this.api.history(token);
      const messages = await this.#patiently(era, work, () => this.view.notice("waiting"));
      if (era !== this.#era) return;
      this.#calm();
      this.#merge(turnsIn(messages));
    } catch (problem) {
      if (era !== this.#era) return;
      this.#report(problem);
      if (problem.code === "expired") this.reset();
      this.view.notice(
        ["expired", "refused"].find((code) => code === problem.code) ?? "unanswered",
      );
    }
  }

  /**
   * Sends a message, typed (`text`) or chosen (`payload`).
   *
   * @param {{text?: string, payload?: string}} said
   * @param {string} shown what the visitor sees of it
   * @returns {Promise<boolean>} whether it was answered
   */
  send(said, shown) {
    const id = uuid();
    /** @type {Turn} */
    const turn = {
      id,
      text: shown,
      body: { id, ...said },
      replies: [],
      status: "sending",
      problem: null,
      rated: null,
    };
    this.#turns.set(id, turn);
    this.#calm();
    this.view.addTurn(turn);
    this.tell("send", { ...turn.body });
    return this.#queue(turn);
  }

  /** Sends a message that has failed again, as the same message. */
  retry(turn) {
    if (turn.status === "waiting") this.#wake();
    else if (turn.status === "failed") this.#queue(turn);
  }

  /** Takes a failed message off, so that its text can be changed. */
  withdraw(turn) {
    this.#turns.delete(turn.id);
  }

  /** Leaves the conversation as it is and begins a fresh one. */
  reset() {
    this.#begin();
    this.keep.token = null;
    this.tabs.postMessage("changed");
  }

  /** Deletes the conversation on the server, then here. Raises a Problem where it cannot. */
  async forget() {
    const { token } = this.keep;
    // Nothing more may be sent into it meanwhile.
    this.#begin();
    try {
      if (token) await this.api.forget(token);
    } catch (problem) {
      if (problem.code !== "expired") {
        this.restore();
        throw problem;
      }
    }
    this.reset();
  }

  /** Keeps the visitor's rating of an answer. Raises a Problem where it cannot. */
  async rate(turn, rating) {
    await this.api.rate(this.keep.token, turn.id, rating);
    turn.rated = rating;
    this.tell("rate", { id: turn.id, rating });
  }

  /** One at a time, in the order in which they were said. */
  #queue(turn) {
    const era = this.#era;
    this.#underWay += 1;
    this.#show(turn, "sending");
    this.#line = this.#line.then(() => era === this.#era && this.#deliver(turn));
    return this.#line;
  }

  async #deliver(turn) {
    const era = this.#era;
    this.#show(turn, "sending");
    try {
      await this.#patiently(
        era,
        () => this.#once(era, turn),
        (problem) => this.#show(turn, "waiting", problem),
      );
      if (era === this.#era) this.#show(turn, "sent");
    } catch (problem) {
      if (era !== this.#era) return false;
      this.#report(problem);
      if (problem.code !== "expired") this.#show(turn, "failed", problem);
      else return await this.#goOnAfresh();
    } finally {
      if (era === this.#era) this.#finish();
    }
    return turn.status === "sent";
  }

  async #once(era, turn) {
    const token = this.keep.token || (await this.api.start());
    if (era !== this.#era) return;
    this.keep.token = token;
    let count = 0;
    for await (const { done, error, ...reply } of this.api.say(token, turn.body)) {
      if (era !== this.#era) return;
      if (done && error) throw new Problem("apology");
      if (done) break;
      this.#take(turn, reply, count);
      count += 1;
    }
    if (turn.replies.length > count) this.#drop(turn, count);
  }

  /** A message sent again brings its replies again: those that are there already stay. */
  #take(turn, reply, place) {
    if (JSON.stringify(turn.replies[place]) === JSON.stringify(reply)) return;
    if (turn.replies.length > place) this.#drop(turn, place);
    turn.replies.push(reply);
    this.#show(turn, "sending");
    this.view.addReply(turn, reply, { fresh: true });
    this.tell("message", reply);
  }

  #drop(turn, kept) {
    turn.replies.length = kept;
    this.view.dropReplies(turn, kept);
  }

  #goOnAfresh() {
    this.keep.token = null;
    this.tabs.postMessage("changed");
    return this.#carryOver("expired");
  }

  /** Begins anew with what has not been answered: words make sense there, choices do not. */
  #carryOver(notice) {
    const open = [...this.#turns.values()].filter(({ status }) => OPEN.includes(status));
    this.#begin();
    this.view.notice(notice);
    const answered = open.map((turn) => {
      const { renewed, body } = turn;
      Object.assign(turn, { replies: [], renewed: true });
      this.#turns.set(turn.id, turn);
      this.view.addTurn(turn);
      if (body.text !== undefined && !renewed) return this.#queue(turn);
      this.#show(turn, "failed", new Problem("expired"));
      return false;
    });
    return answered[0];
  }

  #finish() {
    this.#underWay -= 1;
    this.tabs.postMessage("changed");
    if (this.#isStale) this.#refresh();
  }

  /** Takes the server's order; what it does not have yet comes after that. */
  #merge(turns) {
    const mine = this.#turns;
    let isNew = false;
    this.#turns = new Map();
    for (const turn of turns) {
      const known = mine.get(turn.id) ?? { ...turn, replies: [] };
      if (known.replies.length < turn.replies.length || !mine.has(turn.id)) {
        isNew = true;
        Object.assign(known, { replies: turn.replies, status: "sent", problem: null });
      }
      known.rated = turn.rated;
      this.#turns.set(turn.id, known);
      mine.delete(turn.id);
    }
    for (const [id, turn] of mine) this.#turns.set(id, turn);
    if (!isNew) return;
    this.view.clear();
    this.show(this.view);
  }

  #begin() {
    this.#era += 1;
    this.#underWay = 0;
    this.#line = Promise.resolve();
    this.#turns.clear();
    this.#wake();
    this.view.clear();
    this.#calm();
  }

  #calm() {
    this.view.notice(navigator.onLine ? "" : "offline");
  }

  #show(turn, status, problem = null) {
    turn.status = status;
    turn.problem = problem;
    this.view.showStatus(turn);
  }

  #report(problem) {
    this.tell("error", { code: problem.code });
  }

  async #patiently(era, work, isWaiting) {
    for (const pause of [...PAUSES, null]) {
      try {
        return await work();
      } catch (error) {
        const problem = error instanceof Problem ? error : new Problem("network");
        if (era !== this.#era || pause === null || !problem.passes) throw problem;
        isWaiting(problem);
        await this.#pause(Math.max(problem.seconds, pause), problem.code !== "tooFast");
        if (era !== this.#era) throw problem;
      }
    }
  }

  /** Waits; being seen again or back on line ends the wait, and while off line only that does. */
  #pause(seconds, mayHurry) {
    return /** @type {Promise<void>} */ (
      new Promise((resolve) => {
        const wake = () => {
          clearTimeout(timer);
          this.#wakers.delete(wake);
          resolve();
        };
        const timer = navigator.onLine || !mayHurry ? setTimeout(wake, seconds * 1000) : 0;
        if (mayHurry) this.#wakers.add(wake);
      })
    );
  }

  #wake() {
    for (const wake of [...this.#wakers]) wake();
  }

  #listen() {
    const options = { signal: this.#listening.signal };
    const again = () => {
      if (document.visibilityState === "hidden") return;
      this.#calm();
      this.#wake();
      // Only the last one: what was given up before that has been left behind.
      const last = [...this.#turns.values()].at(-1);
      if (last?.problem?.passes) this.retry(last);
      this.#refresh();
    };
    // A turn that was under way when the page was left is kept a little later.
    const late = setTimeout(() => this.#refresh(), LATE);
    options.signal.addEventListener("abort", () => clearTimeout(late));
    addEventListener("offline", () => this.#calm(), options);
    addEventListener("online", again, options);
    addEventListener("pageshow", (event) => event.persisted && again(), options);
    document.addEventListener("visibilitychange", again, options);
    this.tabs.addEventListener("message", () => this.#refresh(), options);
    const isToken = ({ key, storageArea }) => key === this.keep.key && storageArea === localStorage;
    addEventListener("storage", (event) => isToken(event) && this.#otherToken(), options);
  }

  /** Another tab has begun a conversation, or ended this one. */
  #otherToken() {
    if (this.keep.token) this.#carryOver("");
    else this.#begin();
    this.restore();
  }

  async #refresh() {
    this.#isStale = this.#underWay > 0;
    if (!this.#isStale) await this.restore();
  }
}

/** @returns {Turn[]} the server's messages, each of the visitor's with the replies to it */
function turnsIn(messages) {
  const turns = [];
  for (const message of messages) {
    if (message.from === "user" || turns.length === 0) {
      const isUser = message.from === "user";
      turns.push({
        id: message.id ?? message.time,
        text: isUser ? message.text : null,
        body: null,
        replies: [],
        status: "sent",
        problem: null,
        rated: message.rating ?? null,
      });
      if (isUser) continue;
    }
    const { text, buttons, custom } = message;
    turns.at(-1).replies.push({ text, buttons: buttons ?? [], custom });
  }
  return turns;
}

/** Taken from a blob's address, as crypto.randomUUID is missing on pages that come over plain HTTP. */
function uuid() {
  const address = URL.createObjectURL(new Blob());
  URL.revokeObjectURL(address);
  return address.slice(-36);
}
