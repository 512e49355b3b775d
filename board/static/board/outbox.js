/**
 * Send the operations asked for, one after the other, until each is taken or refused.
 *
 * Where the server cannot be reached they wait, in order, and go again with the same idempotency key: sent
 * twice, done once. They live in memory only.
 * @import {Answer, Operation} from "./types"
 */
import { computed, signal } from "@preact/signals-core";
import { Unreachable } from "./api.js";
import { OwnChanges } from "./own-changes.js";
import { waitMs } from "./backoff.js";

/**
 * @typedef {{send: (operation: Operation) => Promise<Answer>, store: import("./store.js").Store,
 *   later?: (run: () => void, ms: number) => unknown, random?: () => number}} Options
 * @typedef {{operation: Operation, resolve: (answer: Answer) => void, reject: (error: unknown) => void}} Letter
 */
export class Outbox {
  #options;
  /** @type {import("@preact/signals-core").Signal<readonly Letter[]>} */ #letters = signal([]);
  #own = new OwnChanges();
  #sending = false;
  #failures = signal(0);

  /** @param {Options} options */
  constructor({ later = (run, ms) => setTimeout(run, ms), random = Math.random, ...rest }) {
    this.#options = { later, random, ...rest };
    /** How many changes have not reached the server. */
    this.waiting = computed(() => this.#letters.value.length);
    /** Whether the server could not be reached when last tried. */
    this.stuck = computed(() => this.#failures.value > 0);
  }

  /**
   * @param {Partial<Operation> & Pick<Operation, "method" | "entity">} wish
   * @returns {Promise<Answer>} settled by the server's answer; rejects with its Refusal
   */
  submit(wish) {
    const operation = this.#options.store.operation(wish);
    this.#options.store.foresee(operation);
    return new Promise((resolve, reject) => {
      this.#letters.value = [...this.#letters.value, { operation, resolve, reject }];
      this.flush();
    });
  }

  /** Send what waits, now: the network or the server may be back. */
  async flush() {
    if (this.#sending) return;
    this.#sending = true;
    try {
      while (this.#letters.value.length && await this.#deliver(this.#letters.value[0])) this.#failures.value = 0;
    } finally {
      this.#sending = false;
    }
  }

  /** @param {Letter} letter @returns {Promise<boolean>} whether the server was reached */
  async #deliver(letter) {
    try {
      const answer = await this.#options.send(this.#own.raised(letter.operation));
      this.#own.taken(letter.operation, answer);
      this.#done(letter);
      this.#options.store.taken(letter.operation, answer);
      letter.resolve(answer);
    } catch (error) {
      if (error instanceof Unreachable) return this.#retryLater();
      this.#done(letter);
      letter.reject(error);
      this.#options.store.takeBack(letter.operation);
    }
    return true;
  }

  /** @param {Letter} letter */
  #done(letter) {
    this.#letters.value = this.#letters.value.filter((one) => one !== letter);
  }

  /** @returns {false} */
  #retryLater() {
    this.#failures.value += 1;
    const { later, random } = this.#options;
    later(() => this.flush(), waitMs(this.#failures.value, random));
    return false;
  }
}
