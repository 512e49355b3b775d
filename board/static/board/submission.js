/** Send what a form asks for once: not again while it is on its way, and under one key until it is done. */
import { signal } from "@preact/signals-core";

export class Submission {
  /** Whether it is on its way. */
  busy = signal(false);
  #asked = "";
  #cid = "";

  /**
   * @param {object} fields @param {(cid: string) => Promise<boolean>} send tells whether it was done
   * @returns {Promise<void>}
   */
  async send(fields, send) {
    if (this.busy.value) return;
    this.busy.value = true;
    try {
      if (await send(this.#keyOf(fields))) this.#asked = "";
    } finally {
      this.busy.value = false;
    }
  }

  /** @param {object} fields @returns {string} the same for the same: the server may have done it and not been heard */
  #keyOf(fields) {
    const asked = JSON.stringify(fields);
    if (asked !== this.#asked) this.#cid = crypto.randomUUID();
    this.#asked = asked;
    return this.#cid;
  }
}
