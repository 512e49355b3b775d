/**
 * Know how long a hub ticket lasts, by its own two times, so that a wrong clock here does not matter.
 *
 * @import {Ticket} from "./types"
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

/** A ticket and when it came. */
export class HeldTicket {
  /** @param {Ticket} ticket @param {number} receivedMs */
  constructor(ticket, receivedMs) {
    this.url = ticket.url;
    this.text = ticket.ticket;
    this.renewAtMs = receivedMs + RENEW_AT * lifetimeMs(ticket);
  }
}
