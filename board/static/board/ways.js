/**
 * Choose the way to the hub: a WebSocket, and where none gets through a slower one, until one does again.
 *
 * That WebSockets are blocked shows in their never being welcomed while the board itself answers.
 * @import {Clock, Position, Transport} from "./connection.js"
 */
import { computed, signal } from "@preact/signals-core";
import { hello } from "./connection.js";

const NEXT = /** @type {const} */ ({ socket: "stream", stream: "poll", poll: "socket" });
const VAIN_TRIES = { socket: 2, stream: 1, poll: 1 };  // in a row, before the next way is taken
const SOCKET_AGAIN_MS = 300_000;
const HUB_CODES = 4000;  // from here on a close code is the hub's own word

/**
 * @typedef {keyof typeof NEXT} Way
 * @typedef {{url: string, ticket: string, position: () => Position}} Ask
 * @typedef {(ask: Ask) => Transport} Open
 * @typedef {{socket: Open, slower: (way: Way) => Promise<Open>}} Openers the slower ones are fetched when they are needed
 */
export class Ways {
  #clock;
  #openers;
  /** @type {Open} */ #open;
  /** @type {import("@preact/signals-core").Signal<Way>} */ #now = signal("socket");
  /** @type {Way} of the latest attempt; it may end after the next way was taken */ #tried = "socket";
  #welcomed = false;
  #vain = 0;
  /** @type {(() => void) | null} */ #trial = null;

  /** Whether the board is followed by other means than a WebSocket. */
  slower = computed(() => this.#now.value !== "socket");

  /** @param {Clock} clock @param {Openers} openers */
  constructor(clock, openers) {
    this.#clock = clock;
    this.#openers = openers;
    this.#open = openers.socket;
  }

  /** @param {Ask} ask @returns {Transport} by the way that is taken now */
  open(ask) {
    this.#welcomed = false;
    this.#tried = this.#now.value;
    return this.#open(ask);
  }

  /** The hub has greeted. */
  welcomed() {
    this.#welcomed = true;
    this.#vain = 0;
  }

  /** Take the first way again. */
  startOver() {
    this.stopTrying();
    this.#take("socket", this.#openers.socket);
  }

  /** A connection has ended. @param {number} code @param {() => Promise<boolean>} boardAnswers */
  async ended(code, boardAnswers) {
    const tried = this.#tried;
    if (this.#welcomed || code >= HUB_CODES || tried !== this.#now.value) return;
    this.#vain += 1;
    if (this.#vain < VAIN_TRIES[tried] || !await boardAnswers()) return;
    const next = NEXT[tried];
    const open = next === "socket" ? this.#openers.socket : await this.#openers.slower(next).catch(() => null);
    if (open && this.#now.value === tried) this.#take(next, open);
  }

  /**
   * Find out, beside what serves, now and every few minutes, whether a WebSocket gets through.
   * @param {() => Ask} ask @param {() => void} itDoes
   */
  trySocket(ask, itDoes) {
    if (this.#trial) return;
    const asked = ask();
    const socket = this.#openers.socket(asked);
    socket.onopen = () => socket.send(JSON.stringify(hello(asked.ticket)));
    socket.onmessage = () => { this.startOver(); itDoes(); };
    const again = () => { this.stopTrying(); this.trySocket(ask, itDoes); };
    const cancel = this.#clock.later(again, SOCKET_AGAIN_MS);
    this.#trial = () => { cancel(); silence(socket); };
  }

  stopTrying() {
    this.#trial?.();
    this.#trial = null;
  }

  /** @param {Way} way @param {Open} open */
  #take(way, open) {
    this.#now.value = way;
    this.#open = open;
    this.#vain = 0;
  }
}

/** @param {Transport} socket */
function silence(socket) {
  Object.assign(socket, { onopen: null, onmessage: null });
  socket.close();
}
