/**
 * Keep the board level with the server: by the hub where it can be reached, else by reading the log.
 *
 * `sign` is true at every moment: *live* only while the subscription is confirmed and heard from in time.
 * @import {BoardEvent, Liveness, Ticket} from "./types"
 * @import {Clock, Position, Socket} from "./connection.js"
 */
import { computed, signal } from "@preact/signals-core";
import { isAboutTheTicket, isFinal, TICKET_EXPIRED, wantsTicket } from "./close-codes.js";
import { Connection } from "./connection.js";
import { LogReader } from "./log-reader.js";
import { Reach } from "./reach.js";
import { Retry } from "./backoff.js";
import { TicketKeeper } from "./ticket.js";

/** @typedef {{ ticket: Ticket, position: () => Position, receive: (event: BoardEvent) => "applied" | "old" | "gap",
 *   renew: () => Promise<Ticket>, catchUp: () => Promise<void>, draw: () => void, reset: () => Promise<void>,
 *   open: (url: string) => Socket, clock: Clock, random?: () => number }} Options */
export class Live {
  #options;
  #tickets;
  /** @type {Connection | null} */ #connection = null;
  #retry;
  #newTicketTried = false;
  #level = signal(false);
  #reach = new Reach((code) => this.end(code));

  /** @param {Options} options */
  constructor(options) {
    this.#options = options;
    this.#retry = new Retry(options.clock.later, options.random);
    this.#tickets = new TicketKeeper(options.ticket, options.clock, options.renew);
    const isNeeded = () => !this.#level.value && !this.ended.value;
    this.log = new LogReader({ clock: options.clock, position: options.position, read: () => this.#readLog(), isNeeded });
    /** @type {import("@preact/signals-core").Signal<string | null>} why live updates ended for good: a close code or a refusal's code */
    this.ended = signal(null);
    const mayReturn = () => this.#reach.answers.value && !this.ended.value;
    this.sign = computed(() => /** @type {Liveness} */ (this.#level.value ? "live" : mayReturn() ? "reconnecting" : "offline"));
  }

  start() {
    this.log.poll();
    this.#connect();
  }

  /** The page is shown again, or the network is back: waste no time. */
  wake() {
    if (this.ended.value) return;
    this.#retry.succeeded();
    if (this.#connection) this.#connection.probe();
    else this.#connect();
    this.#readLog();
  }

  /** The browser says that there is no network. */
  unplugged() {
    if (this.ended.value) return;
    this.#disconnect();
    this.#reach.answers.value = false;
    this.#retryLater();
  }

  async #connect() {
    this.#disconnect();
    this.#retry.cancel();
    if (this.#tickets.old && !await this.#renew()) return;
    if (this.#connection || this.ended.value) return;
    const { url, ticket } = this.#tickets.ticket;
    this.#connection = new Connection({ socket: this.#options.open(url), ticket, clock: this.#options.clock, owner: this.#owner() });
    this.#renewInTime();
  }

  #readLog() {
    return this.#reach.tryTo(this.#options.catchUp);
  }

  #disconnect() {
    this.#tickets.forget();
    this.#level.value = false;
    this.#connection?.close();
    this.#connection = null;
  }

  /** @returns {import("./connection.js").Owner} */
  #owner() {
    const { receive, position } = this.#options;
    return {
      receive, position,
      confirmed: () => this.#levelAgain(),
      unconfirmed: () => { this.#level.value = false; },
      reset: () => this.#startOver(),
      refused: (why) => (isAboutTheTicket(why) ? this.#closed(TICKET_EXPIRED) : this.end(why)),
      closed: (code) => this.#closed(code),
    };
  }

  /** What is held cannot be continued: only a new snapshot can, and until then nothing here is live. */
  async #startOver() {
    const asker = this.#connection;
    this.#level.value = false;
    const renewed = await this.#reach.tryTo(this.#options.reset);
    if (asker !== this.#connection || this.ended.value) return;
    if (renewed) asker?.subscribe();
    else this.#closed(0);
  }

  #levelAgain() {
    this.#retry.succeeded();
    this.#newTicketTried = false;
    this.#reach.answers.value = true;
    if (!this.#level.value) this.#options.draw();
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
    this.#retry.again(() => this.#connect());
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

  /** There is nothing here for this person any more. @param {string} why */
  end(why) {
    this.#disconnect();
    this.#retry.cancel();
    this.ended.value = why;
  }
}
