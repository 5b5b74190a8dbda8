/**
 * @typedef {{title: string, payload: string}} Button
 * @typedef {{text: string, buttons?: Button[], custom?: Record<string, any>}} Reply
 * @typedef {{id: string, text?: string, payload?: string}} Body
 */

const SILENCE = 30_000;
const BY_STATUS = { 401: "expired", 403: "refused", 413: "tooLong", 429: "tooFast" };

/** Why a request came to nothing, as a code that the widget has words for. */
export class Problem extends Error {
  /**
   * @param {string} code expired, refused, tooLong, tooFast, rejected, busy, network or silent
   * @param {number} [seconds] how long the server asks us to wait
   */
  constructor(code, seconds = 0) {
    super(code);
    this.code = code;
    this.seconds = seconds;
  }

  /** Whether the same message may be sent again: the server takes each id only once. */
  get passes() {
    return ["tooFast", "busy", "network", "silent"].includes(this.code);
  }
}

/** The web channel's routes. */
export class Api {
  /** @param {string} server the server's address */
  constructor(server) {
    this.base = `${server}/webhooks/web`;
    this.reached = false;
    this.blocked = 0;
  }

  /** Starts a conversation and gives its token. */
  async start() {
    const answer = await this.#call("POST", "/session", null, watchdog());
    return (await answer.json()).token;
  }

  /** Gives the conversation so far. */
  async history(token) {
    const answer = await this.#call("GET", "/history", token, watchdog());
    return (await answer.json()).messages;
  }

  /** Deletes the conversation on the server. */
  async forget(token) {
    await this.#call("DELETE", "/session", token, watchdog());
  }

  /** Rates the answer to the message with this id: "up", "down", or null to take it back. */
  async rate(token, id, rating) {
    await this.#call("PUT", "/rating", token, watchdog(), { id, rating });
  }

  /**
   * Sends a message and gives each reply as it arrives.
   *
   * @param {string} token
   * @param {Body} body
   * @returns {AsyncGenerator<Reply & {done?: boolean, error?: object}>} the last one has "done"
   */
  async *say(token, body) {
    const watch = watchdog();
    const answer = await this.#call("POST", "/messages", token, watch, body);
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    try {
      for (;;) {
        const { value, done } = await reader.read();
        watch.alive();
        const lines = (rest + (value ?? "")).split("\n");
        rest = lines.pop();
        for (const line of lines) {
          const message = JSON.parse(line);
          if (!message.done && typeof message.text !== "string") throw new Problem("network");
          yield message;
          if (message.done) return;
        }
        if (done) throw new Problem("network");
      }
    } catch (error) {
      throw watch.explain(error);
    } finally {
      watch.stop();
      reader.cancel().catch(() => {});
    }
  }

  async #call(method, path, token, watch, body) {
    const headers = {};
    if (token) headers.Authorization = `Bearer ${token}`;
    if (body) headers["Content-Type"] = "application/json";
    const options = { method, headers, body: body && JSON.stringify(body), signal: watch.signal };
    let answer;
    try {
      answer = await fetch(this.base + path, {
        ...options,
        credentials: "omit",
        cache: "no-store",
      });
    } catch (error) {
      watch.stop();
      throw await this.#unreached(watch.explain(error));
    }
    this.reached = true;
    if (answer.ok) {
      watch.alive();
      return answer;
    }
    watch.stop();
    const code = BY_STATUS[answer.status] ?? (answer.status >= 500 ? "busy" : "rejected");
    throw new Problem(code, Number(answer.headers.get("Retry-After")) || 0);
  }

  /**
   * A site that is not allowed cannot read why. That nothing gets through twice although the server
   * is there tells it all the same.
   */
  async #unreached(problem) {
    if (this.reached || problem.code !== "network") return problem;
    try {
      // Any site may read the script, so this tells a server that is there from one that is not.
      /** @type {RequestInit} */
      const options = { method: "HEAD", cache: "no-store", signal: watchdog().signal };
      const { ok } = await fetch(`${this.base}/widget.js`, options);
      if (!ok) return problem;
    } catch {
      return problem;
    }
    this.blocked += 1;
    if (this.blocked < 2) return problem;
    console.error(`Sourcing Advisor refuses ${location.origin}: add it to WEB_ORIGINS.`);
    return new Problem("refused");
  }
}

/** Ends a request that has brought nothing for too long. */
function watchdog() {
  const controller = new AbortController();
  let timer;
  const alive = () => {
    clearTimeout(timer);
    timer = setTimeout(() => controller.abort(), SILENCE);
  };
  alive();
  return {
    signal: controller.signal,
    alive,
    stop: () => clearTimeout(timer),
    explain: (error) => {
      if (error instanceof Problem) return error;
      return new Problem(controller.signal.aborted ? "silent" : "network");
    },
  };
}
