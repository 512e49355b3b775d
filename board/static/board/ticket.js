/**
 * Hold a hub ticket and renew it in time.
 *
 * How long it lasts is told by its own two times, so that a wrong clock here does not matter.
 * @import {Ticket} from "./types"
 * @import {Clock} from "./connection.js"
 */
const RENEW_AT = 0.8;  // of its life
const USUAL_LIFETIME_MS = 600_000;

/** @param {Ticket} ticket a JWT (RFC 7519) @returns {number} from being issued to expiring, in ms */
export function lifetimeMs({ ticket }) {
  try {
    const { iat, exp } = JSON.parse(atob(ticket.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));
    return (exp - iat) * 1000 || USUAL_LIFETIME_MS;
  } catch {
    return USUAL_LIFETIME_MS;
  }
}

export class TicketKeeper {
  #clock;
  #ask;
  #ticket;
  #renewAtMs = 0;
  #cancel = () => {};

  /** @param {Ticket} ticket @param {Clock} clock @param {() => Promise<Ticket>} ask for a new one */
  constructor(ticket, clock, ask) {
    this.#clock = clock;
    this.#ask = ask;
    this.#ticket = ticket;
    this.#keep(ticket);
  }

  /** @returns {Ticket} */
  get ticket() {
    return this.#ticket;
  }

  /** @returns {boolean} whether it is due for renewal */
  get old() {
    return this.#clock.now() >= this.#renewAtMs;
  }

  async renew() {
    this.#keep(await this.#ask());
  }

  /** @param {() => void} renew called when it is due; replaces what was arranged before */
  arrange(renew) {
    this.forget();
    this.#cancel = this.#clock.later(renew, this.#renewAtMs - this.#clock.now());
  }

  forget() {
    this.#cancel();
  }

  /** @param {Ticket} ticket */
  #keep(ticket) {
    this.#ticket = ticket;
    this.#renewAtMs = this.#clock.now() + RENEW_AT * lifetimeMs(ticket);
  }
}
