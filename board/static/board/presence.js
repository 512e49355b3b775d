/**
 * Know who looks at the board, from the hub's list and the changes that follow it.
 *
 * @import {Here} from "./types"
 */

/** @typedef {{u: number, name: string}} Named */

export class Presence {
  /** @type {Map<number, string> | null} names by user; null until a whole list has come */
  #names = null;
  #more = 0;

  /** @param {{all?: Named[], in?: Named[], out?: number[], more?: number}} frame */
  hear({ all, in: came = [], out = [], more }) {
    if (all) this.#names = new Map();
    if (!this.#names) return;
    this.#more = more ?? (all ? 0 : this.#more);
    for (const user of out) this.#names.delete(user);
    for (const { u, name } of all ?? came) this.#names.set(u, name);
  }

  /** Nothing is known any more. */
  forget() {
    this.#names = null;
    this.#more = 0;
  }

  /** @param {number} me @returns {Here} the others */
  besides(me) {
    const names = [...this.#names ?? []].filter(([user]) => user !== me);
    return { people: names.map(([user, name]) => ({ user, name })), more: this.#more };
  }
}
