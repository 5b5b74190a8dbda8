/**
 * What the browser keeps for us: the token for all tabs of the site, and for this tab whether the
 * panel is open. Nothing else is stored. A browser that refuses to store gets a conversation that
 * ends with the page.
 */
export class Keep {
  /** @param {string} server two servers on one site do not share a conversation */
  constructor(server) {
    this.key = `sourcing-advisor:${server}`;
    this.memory = {};
  }

  get token() {
    return this.#read("localStorage");
  }

  set token(value) {
    this.#write("localStorage", value);
  }

  /** @returns {boolean | null} null where the visitor has neither opened nor closed it yet */
  get open() {
    const kept = this.#read("sessionStorage");
    return kept && kept === "open";
  }

  set open(value) {
    this.#write("sessionStorage", value ? "open" : "closed");
  }

  #read(store) {
    try {
      return globalThis[store].getItem(this.key) ?? this.memory[store] ?? null;
    } catch {
      return this.memory[store] ?? null;
    }
  }

  #write(store, value) {
    this.memory[store] = null;
    try {
      if (value === null) globalThis[store].removeItem(this.key);
      else globalThis[store].setItem(this.key, value);
    } catch {
      // Blocked or full.
      this.memory[store] = value;
    }
  }
}
