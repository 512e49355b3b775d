/**
 * One connection's life: say hello, subscribe, take events in order, answer pings, notice silence.
 *
 * What carries the frames is a WebSocket, or something that behaves like one where none gets through.
 * @import {BoardEvent} from "./types"
 */
const FIRST_WORD_MS = 10_000;  // to open and be welcomed
const PROBE_MS = 5_000;        // for an answer after the page slept
const SILENT_PINGS = 2;        // this many missed: the line is dead, whatever the socket says

export const hello = (/** @type {string} */ ticket) => ({ t: "hello", v: 1, ticket });

/**
 * @typedef {{now: () => number, later: (run: () => void, ms: number) => () => void}} Clock `later` returns its cancel
 * @typedef {Pick<WebSocket, "send" | "close"> & {onopen: any, onmessage: any, onclose: any}} Transport
 * @typedef {{seq: number, epoch: string, id: number}} Position
 * @typedef {{
 *   receive: (event: BoardEvent) => "applied" | "old" | "gap", position: () => Position, overheard: (frame: any) => void,
 *   welcomed: () => void, confirmed: () => void, unconfirmed: () => void, reset: () => void, refused: (why: string) => void,
 *   closed: (code: number) => void }} Owner `overheard`: of who is here and what they do
 */
export class Connection {
  #transport;
  #ticket;
  #clock;
  #owner;
  #silenceMs = FIRST_WORD_MS;
  #welcome = false;
  /** @type {number | null} the seq that the hub promised on subscribing; null until it has answered */
  #promised = null;
  #stopListening = () => {};

  /** @param {{transport: Transport, ticket: string, clock: Clock, owner: Owner}} options */
  constructor({ transport, ticket, clock, owner }) {
    this.#transport = transport;
    this.#ticket = ticket;
    this.#clock = clock;
    this.#owner = owner;
    transport.onopen = () => this.#send(hello(ticket));
    transport.onmessage = (/** @type {{data: string}} */ message) => this.#hear(JSON.parse(message.data));
    transport.onclose = (/** @type {{code: number}} */ { code }) => this.#end(code);
    this.#listen();
  }

  /** @param {string} ticket a newer one for the same board */
  renew(ticket) {
    this.#ticket = ticket;
    if (this.#promised !== null) this.#send({ t: "ticket", b: this.#board, ticket });
  }

  /** Ask for everything after the event held. */
  subscribe() {
    const { seq, epoch } = this.#owner.position();
    this.#promised = null;
    this.#owner.unconfirmed();
    this.#send({ t: "sub", b: this.#board, ticket: this.#ticket, after: seq, e: epoch });
  }

  /** Tell the others on the board what I do, where there is a way to tell it. @param {string} kind @param {string} key @param {object | null} d null: I stopped */
  say(kind, key, d) {
    if (this.#promised !== null) this.#send({ t: "say", b: this.#board, kind, key, d });
  }

  /** Find out soon whether the line still stands: after a sleep the socket says so in any case. */
  probe() {
    if (!this.#welcome) return;
    this.subscribe();
    this.#listen(PROBE_MS);
  }

  /** End it from this side; the owner is not told. */
  close() {
    this.#stopListening();
    this.#promised = null;
    Object.assign(this.#transport, { onopen: null, onmessage: null, onclose: null });
    this.#transport.close();
  }

  get #board() {
    return this.#owner.position().id;
  }

  /** @param {object} frame */
  #send(frame) {
    this.#transport.send(JSON.stringify(frame));
  }

  /** @param {any} frame */
  #hear(frame) {
    this.#listen();
    if (frame.t === "welcome") this.#welcomed(frame.ping);
    else if (frame.t === "ping") this.#pinged(frame.tops);
    else if (frame.b === this.#board) this.#hearOfBoard(frame);
  }

  /** @param {any} frame */
  #hearOfBoard(frame) {
    if (frame.t === "sub") this.#subscribed(frame.s);
    else if (frame.t === "ev") this.#event(frame);
    else if (frame.t === "reset") this.#owner.reset();
    else if (frame.t === "no") this.#owner.refused(frame.why);
    else if (frame.t === "here" || frame.t === "say") this.#owner.overheard(frame);
  }

  /** @param {number} pingSeconds */
  #welcomed(pingSeconds) {
    this.#welcome = true;
    this.#silenceMs = SILENT_PINGS * pingSeconds * 1000;
    this.#listen();
    this.#owner.welcomed();
    this.subscribe();
  }

  /** @param {Record<string, number>} tops the last seq of each board, so that the last event cannot be lost unseen */
  #pinged(tops) {
    this.#send({ t: "pong" });
    const behind = (tops?.[this.#board] ?? 0) > this.#owner.position().seq;
    if (behind && this.#promised !== null) this.subscribe();
  }

  /** @param {number} top */
  #subscribed(top) {
    this.#promised = top;
    this.#confirmWhenLevel();
  }

  /** @param {any} frame */
  #event({ s, by, at, cid, verb, changes }) {
    const outcome = this.#owner.receive({ seq: s, by, at, cid, verb, changes });
    if (outcome === "gap" && this.#promised !== null) this.subscribe();
    else this.#confirmWhenLevel();
  }

  #confirmWhenLevel() {
    if (this.#promised !== null && this.#owner.position().seq >= this.#promised) this.#owner.confirmed();
  }

  #listen(ms = this.#silenceMs) {
    this.#stopListening();
    this.#stopListening = this.#clock.later(() => { this.close(); this.#end(0); }, ms);
  }

  /** @param {number} code 0 where this side gave up */
  #end(code) {
    this.#stopListening();
    this.#owner.closed(code);
  }
}
