/**
 * Keep the board level with the server: by the hub where it can be reached, else by reading the log.
 *
 * `sign` is true at every moment: *live* only while the subscription is confirmed and heard from in time.
 * @import {BoardEvent, Liveness} from "./types"
 * @import {Position} from "./connection.js"
 */
import { computed, signal } from "@preact/signals-core";
import { Link } from "./link.js";
import { LogReader } from "./log-reader.js";
import { Reach } from "./reach.js";

/** @typedef {import("./link.js").Options & { position: () => Position, receive: (event: BoardEvent) => "applied" | "old" | "gap",
 *   overheard: (frame: any) => void, catchUp: () => Promise<void>, draw: () => void, reset: () => Promise<void> }} Options */
export class Live {
  #options;
  #link;
  #level = signal(false);
  #reach = new Reach((code) => this.end(code));

  /** @param {Options} options */
  constructor(options) {
    this.#options = options;
    this.#link = new Link(this.#holder(), options);
    const isNeeded = () => !this.#level.value && !this.ended.value;
    this.log = new LogReader({ clock: options.clock, position: options.position, read: () => this.#readLog(), isNeeded });
    /** @type {import("@preact/signals-core").Signal<string | null>} why live updates ended for good: a close code or a refusal's code */
    this.ended = signal(null);
    const mayReturn = () => this.#reach.answers.value && !this.ended.value;
    this.sign = computed(() => /** @type {Liveness} */ (this.#level.value ? "live" : mayReturn() ? "reconnecting" : "offline"));
    /** Whether what is live is so by other means than a WebSocket. */
    this.slower = this.#link.slower;
  }

  start() {
    this.log.poll();
    this.#link.connect();
  }

  /** The page is shown again, or the network is back: waste no time. */
  wake() {
    if (this.ended.value) return;
    this.#link.hurry();
    this.#readLog();
  }

  /** The browser says that there is no network. */
  unplugged() {
    if (this.ended.value) return;
    this.#link.drop();
    this.#reach.answers.value = false;
  }

  /** Tell the others on this board what I do, as long as it is live. @param {string} kind @param {string} key @param {object | null} d null: I stopped */
  say(kind, key, d) {
    this.#link.say(kind, key, d);
  }

  /** There is nothing here for this person any more. @param {string} why */
  end(why) {
    this.#link.end();
    this.ended.value = why;
  }

  /** @returns {import("./link.js").Holder} */
  #holder() {
    const { receive, position, overheard } = this.#options;
    return {
      receive, position, overheard,
      confirmed: () => this.#levelAgain(),
      unconfirmed: () => { this.#level.value = false; },
      reset: () => this.#startOver(),
      boardAnswers: () => this.#readLog(),
      tryTo: (ask) => this.#reach.tryTo(ask),
      ended: (why) => this.end(why),
    };
  }

  #readLog() {
    return this.#reach.tryTo(this.#options.catchUp);
  }

  /** Until there is a new snapshot nothing here is live. */
  #startOver() {
    this.#level.value = false;
    return this.#reach.tryTo(this.#options.reset);
  }

  #levelAgain() {
    this.#reach.answers.value = true;
    if (!this.#level.value) this.#options.draw();
    this.#level.value = true;
  }
}
