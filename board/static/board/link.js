/**
 * Keep one connection to the hub: make it, come back when it ends, by another way if need be, with a ticket that is good.
 *
 * @import {Ticket} from "./types"
 * @import {Clock, Owner} from "./connection.js"
 * @import {Ask, Openers} from "./ways.js"
 */
import { isAboutTheTicket, isFinal, TICKET_EXPIRED, wantsTicket } from "./close-codes.js";
import { Connection } from "./connection.js";
import { Retry } from "./backoff.js";
import { TicketKeeper } from "./ticket.js";
import { Ways } from "./ways.js";

/**
 * @typedef {Pick<Owner, "receive" | "position" | "overheard" | "unconfirmed"> & {
 *   confirmed: () => void, reset: () => Promise<boolean>, boardAnswers: () => Promise<boolean>,
 *   tryTo: (ask: () => Promise<void>) => Promise<boolean>, ended: (why: string) => void }} Holder
 *   `reset` and `tryTo` tell whether it was done
 * @typedef {{ticket: Ticket, renew: () => Promise<Ticket>, openers: Openers, clock: Clock, random?: () => number}} Options
 */
export class Link {
  #holder;
  #clock;
  #tickets;
  #retry;
  #ways;
  /** @type {Connection | null} */ #connection = null;
  #newTicketTried = false;
  #over = false;

  /** @param {Holder} holder @param {Options} options */
  constructor(holder, { ticket, renew, openers, clock, random }) {
    this.#holder = holder;
    this.#clock = clock;
    this.#retry = new Retry(clock.later, random);
    this.#ways = new Ways(clock, openers);
    this.#tickets = new TicketKeeper(ticket, clock, renew);
    /** Whether it goes by other means than a WebSocket. */
    this.slower = this.#ways.slower;
  }

  async connect() {
    this.#disconnect();
    this.#retry.cancel();
    if (this.#tickets.old && !await this.#renew()) return;
    if (this.#connection || this.#over) return;
    const ask = this.#ask();
    this.#connection = new Connection({ transport: this.#ways.open(ask), ticket: ask.ticket, clock: this.#clock, owner: this.#owner() });
    this.#renewInTime();
  }

  /** Waste no time: find out whether it still stands, or make it, by the best way. */
  hurry() {
    this.#retry.succeeded();
    this.#ways.stopTrying();
    if (this.#connection) return this.#connection.probe();
    this.#ways.startOver();
    return this.connect();
  }

  /** Let it go, and come back later. */
  drop() {
    this.#disconnect();
    this.#retryLater();
  }

  /** Let it go for good. */
  end() {
    this.#over = true;
    this.#disconnect();
    this.#retry.cancel();
  }

  /** @param {string} kind @param {string} key @param {object | null} d what I do; null: I stopped */
  say(kind, key, d) {
    this.#connection?.say(kind, key, d);
  }

  /** @returns {Ask} */
  #ask() {
    return { ...this.#tickets.ticket, position: this.#holder.position };
  }

  #disconnect() {
    this.#tickets.forget();
    this.#ways.stopTrying();
    this.#holder.unconfirmed();
    this.#connection?.close();
    this.#connection = null;
  }

  /** @returns {Owner} */
  #owner() {
    return {
      ...this.#holder,
      welcomed: () => this.#ways.welcomed(),
      confirmed: () => this.#confirmed(),
      reset: () => this.#startOver(),
      refused: (why) => (isAboutTheTicket(why) ? this.#closed(TICKET_EXPIRED) : this.#holder.ended(why)),
      closed: (code) => this.#closed(code),
    };
  }

  #confirmed() {
    this.#retry.succeeded();
    this.#newTicketTried = false;
    if (this.slower.value) this.#ways.trySocket(() => this.#ask(), () => this.connect());
    this.#holder.confirmed();
  }

  /** What is held cannot be continued: only a new snapshot can. */
  async #startOver() {
    const asker = this.#connection;
    const renewed = await this.#holder.reset();
    if (asker !== this.#connection || this.#over) return;
    if (renewed) asker?.subscribe();
    else this.#closed(0);
  }

  /** @param {number} code */
  async #closed(code) {
    this.#disconnect();
    this.#ways.ended(code, this.#holder.boardAnswers);
    if (wantsTicket(code) && !this.#newTicketTried) {
      this.#newTicketTried = true;
      if (await this.#renew()) this.connect();
    } else if (isFinal(code)) this.#holder.ended(String(code));
    else this.#retryLater();
  }

  #retryLater() {
    this.#retry.again(() => this.connect());
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
    if (await this.#holder.tryTo(() => this.#tickets.renew())) return true;
    if (!this.#over) this.#retryLater();
    return false;
  }
}
