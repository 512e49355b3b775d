/**
 * Keep the board level with the server: by the hub where it can be reached, else by reading the log.
 *
 * `sign` is true at every moment: *live* only while the subscription is confirmed and heard from in time.
 * @import {BoardEvent, Liveness, Ticket} from "./types"
 * @import {Clock, Position, Socket} from "./connection.js"
 */
import { computed, signal } from "@preact/signals-core";
import { Connection } from "./connection.js";
import { Refusal } from "./api.js";
import { waitMs } from "./backoff.js";
import { HeldTicket } from "./ticket.js";

const POLL_MS = 5_000;
const TICKET_EXPIRED = 4004;
const TICKET_CODES = [TICKET_EXPIRED, 4500, 4503];  // worth one try with a new ticket
const FINAL_CODES = 4500;                           // and above: coming back the same way would not help

/**
 * @typedef {{
 *   ticket: Ticket, position: () => Position, receive: (event: BoardEvent) => "applied" | "old" | "gap",
 *   renew: () => Promise<Ticket>, catchUp: () => Promise<void>, reset: () => Promise<void>,
 *   open: (url: string) => Socket, clock: Clock, random?: () => number }} Options
 */
export class Live {
  #options;
  #ticket;
  /** @type {Connection | null} */ #connection = null;
  #failures = 0;
  #newTicketTried = false;
  #level = signal(false);
  #reachable = signal(true);
  #cancelRenewal = () => {};
  #cancelRetry = () => {};
  #cancelPoll = () => {};

  /** @param {Options} options */
  constructor(options) {
    this.#options = { random: Math.random, ...options };
    this.#ticket = new HeldTicket(options.ticket, options.clock.now());
    /** @type {import("@preact/signals-core").Signal<string | null>} why live updates ended for good: a close code or a refusal's code */
    this.ended = signal(null);
    this.sign = computed(() => /** @type {Liveness} */ (this.#level.value ? "live" : this.#mayReturn ? "reconnecting" : "offline"));
  }

  start() {
    this.#poll();
    this.#connect();
  }

  /** The page is shown again, or the network is back: waste no time. */
  wake() {
    if (this.ended.value || (this.#connection && !this.#connection.silent)) return;
    this.#failures = 0;
    this.#connect();
    this.#catchUp();
  }

  /** The browser says that there is no network. */
  unplugged() {
    this.#reachable.value = false;
  }

  /** @param {number} seq of an event that must come; read the log if the hub is slow to bring it */
  expect(seq) {
    const { clock, position } = this.#options;
    clock.later(() => { if (position().seq < seq) this.#catchUp(); }, 1_000);
  }

  stop() {
    this.#disconnect();
    this.#cancelPoll();
    this.#cancelRetry();
  }

  get #mayReturn() {
    return this.#reachable.value && !this.ended.value;
  }

  async #connect() {
    this.#disconnect();
    this.#cancelRetry();
    const { clock } = this.#options;
    if (clock.now() >= this.#ticket.renewAtMs && !await this.#renew()) return;
    if (this.#connection || this.ended.value) return;
    const socket = this.#options.open(this.#ticket.url);
    this.#connection = new Connection({ socket, ticket: this.#ticket.text, clock, owner: this.#owner() });
    this.#renewInTime();
  }

  #disconnect() {
    this.#cancelRenewal();
    this.#level.value = false;
    this.#connection?.close();
    this.#connection = null;
  }

  /** @returns {import("./connection.js").Owner} */
  #owner() {
    const { receive, position, reset } = this.#options;
    return {
      receive, position,
      confirmed: () => this.#levelAgain(),
      unconfirmed: () => { this.#level.value = false; },
      reset: () => this.#tryTo(async () => { await reset(); this.#connection?.subscribe(); }),
      refused: (why) => (why === "ticket" ? this.#closed(TICKET_EXPIRED) : this.#end(why)),
      closed: (code) => this.#closed(code),
    };
  }

  #levelAgain() {
    this.#failures = 0;
    this.#newTicketTried = false;
    this.#reachable.value = true;
    this.#level.value = true;
  }

  /** @param {number} code */
  async #closed(code) {
    this.#disconnect();
    if (TICKET_CODES.includes(code) && !this.#newTicketTried) {
      this.#newTicketTried = true;
      if (await this.#renew()) this.#connect();
    } else if (code >= FINAL_CODES) this.#end(String(code));
    else this.#retryLater();
  }

  #retryLater() {
    this.#failures += 1;
    this.#cancelRetry();
    this.#cancelRetry = this.#options.clock.later(() => this.#connect(), waitMs(this.#failures, this.#options.random));
  }

  #renewInTime() {
    const { clock } = this.#options;
    this.#cancelRenewal = clock.later(async () => {
      if (!await this.#renew()) return;
      this.#connection?.renew(this.#ticket.text);
      this.#renewInTime();
    }, this.#ticket.renewAtMs - clock.now());
  }

  /** @returns {Promise<boolean>} whether there is a new ticket */
  async #renew() {
    const renewed = await this.#tryTo(async () => {
      this.#ticket = new HeldTicket(await this.#options.renew(), this.#options.clock.now());
    });
    if (!renewed && !this.ended.value) this.#retryLater();
    return renewed;
  }

  /** While the hub is away the log keeps the board right, only slower. */
  #poll() {
    this.#cancelPoll = this.#options.clock.later(async () => {
      if (!this.#level.value) await this.#catchUp();
      this.#poll();
    }, POLL_MS);
  }

  #catchUp() {
    return this.#tryTo(() => this.#options.catchUp());
  }

  /** @param {() => Promise<void>} ask @returns {Promise<boolean>} whether the server answered, and did not refuse */
  async #tryTo(ask) {
    try {
      await ask();
      this.#reachable.value = true;
      return true;
    } catch (error) {
      if (error instanceof Refusal) this.#end(error.code);
      else this.#reachable.value = false;
      return false;
    }
  }

  /** @param {string} why */
  #end(why) {
    this.#disconnect();
    this.#cancelRetry();
    this.ended.value = why;
  }
}
