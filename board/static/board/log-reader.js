/**
 * Read the board's log wherever the hub does not bring it: while it is away, and for an event that is late.
 *
 * @import {Clock, Position} from "./connection.js"
 */
const POLL_MS = 5_000;
const LATE_EVENT_MS = 1_000;

export class LogReader {
  #options;

  /** @param {{clock: Clock, position: () => Position, read: () => unknown, isNeeded: () => boolean}} options */
  constructor(options) {
    this.#options = options;
  }

  /** Read now and then, as long as it is needed. */
  poll() {
    const { clock, read, isNeeded } = this.#options;
    clock.later(async () => {
      if (isNeeded()) await read();
      this.poll();
    }, POLL_MS);
  }

  /** @param {number} seq of an event that must come */
  expect(seq) {
    const { clock, position, read } = this.#options;
    clock.later(() => { if (position().seq < seq) read(); }, LATE_EVENT_MS);
  }
}
