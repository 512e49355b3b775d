/**
 * Keep the board level with the server: by the hub where it can be reached, else by reading the log.
 *
 * `sign` is true at every moment: *live* only while the subscription is confirmed and heard from in time.
 * @import {BoardEvent, Liveness, Ticket} from "./types"
 * @import {Clock, Position, Socket} from "./connection.js"
 */
import { computed, signal } from "@preact/signals-core";
import { isFinal, TICKET_EXPIRED, wantsTicket } from "./close-codes.js";
import { Connection } from "./connection.js";
import { Reach } from "./reach.js";
import { waitMs } from "./backoff.js";
import { TicketKeeper } from "./ticket.js";

const POLL_MS = 5_000;
const LATE_EVENT_MS = 1_000;

/** @typedef {{ ticket: Ticket, position: () => Position, receive: (event: BoardEvent) => "applied" | "old" | "gap",
 *   renew: () => Promise<Ticket>, catchUp: () => Promise<void>, reset: () => Promise<void>,
 *   open: (url: string) => Socket, clock: Clock, random?: () => number }} Options */
export class Live {
  #options;
  #tickets;
  /** @type {Connection | null} */ #connection = null;
  #failures = 0;
  #newTicketTried = false;
  #level = signal(false);
  #reach = new Reach((code) => this.end(code));
  #cancelRetry = () => {};

  /** @param {Options} options */
  constructor(options) {
    this.#options = { random: Math.random, ...options };
    this.#tickets = new TicketKeeper(options.ticket, options.clock, options.renew);
    /** @type {import("@preact/signals-core").Signal<string | null>} why live updates ended for good: a close code or a refusal's code */
    this.ended = signal(null);
    const mayReturn = () => this.#reach.answers.value && !this.ended.value;
    this.sign = computed(() => /** @type {Liveness} */ (this.#level.value ? "live" : mayReturn() ? "reconnecting" : "offline"));
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
    this.#reach.tryTo(this.#options.catchUp);
  }

  /** The browser says that there is no network. */
  unplugged() {
    this.#reach.answers.value = false;
  }

  /** @param {number} seq of an event that must come; read the log if the hub is slow to bring it */
  expect(seq) {
    const { clock, position, catchUp } = this.#options;
    clock.later(() => { if (position().seq < seq) this.#reach.tryTo(catchUp); }, LATE_EVENT_MS);
  }

  async #connect() {
    this.#disconnect();
    this.#cancelRetry();
    const { clock } = this.#options;
    if (this.#tickets.old && !await this.#renew()) return;
    if (this.#connection || this.ended.value) return;
    const { url, ticket } = this.#tickets.ticket;
    this.#connection = new Connection({ socket: this.#options.open(url), ticket, clock, owner: this.#owner() });
    this.#renewInTime();
  }

  #disconnect() {
    this.#tickets.forget();
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
      reset: () => this.#reach.tryTo(async () => { await reset(); this.#connection?.subscribe(); }),
      refused: (why) => (why === "ticket" ? this.#closed(TICKET_EXPIRED) : this.end(why)),
      closed: (code) => this.#closed(code),
    };
  }

  #levelAgain() {
    this.#failures = 0;
    this.#newTicketTried = false;
    this.#reach.answers.value = true;
    this.#level.value = true;
  }

  /** @param {number} code */
  async #closed(code) {
    this.#disconnect();
    if (wantsTicket(code) && !this.#newTicketTried) {
      this.#newTicketTried = true;
      if (await this.#renew()) this.#connect();
    } else if (isFinal(code)) this.end(String(code));
    else this.#retryLater();
  }

  #retryLater() {
    this.#failures += 1;
    this.#cancelRetry();
    this.#cancelRetry = this.#options.clock.later(() => this.#connect(), waitMs(this.#failures, this.#options.random));
  }

  #renewInTime() {
    this.#tickets.arrange(async () => {
      if (!await this.#renew()) return;
      this.#connection?.renew(this.#tickets.ticket.ticket);
      this.#renewInTime();
    });
  }

  /** @returns {Promise<boolean>} whether there is a new ticket */
  async #renew() {
    if (await this.#reach.tryTo(() => this.#tickets.renew())) return true;
    if (!this.ended.value) this.#retryLater();
    return false;
  }

  /** While the hub is away the log keeps the board right, only slower. */
  #poll() {
    this.#options.clock.later(async () => {
      if (!this.#level.value) await this.#reach.tryTo(this.#options.catchUp);
      this.#poll();
    }, POLL_MS);
  }

  /** There is nothing here for this person any more. @param {string} why */
  end(why) {
    this.#disconnect();
    this.#cancelRetry();
    this.ended.value = why;
  }
}
