/**
 * Keep what others have in hand, by task, until they stop, go, or are not heard of any more.
 *
 * @import {InHand} from "./types"
 */
const FADE_MS = 12_000;  // after the last word; who goes on repeats it every 5 s
const TASK = /^task:(\d+)$/;

/** @typedef {{u: number, from: string, kind: InHand["kind"], key: string, d: object | null}} Say */

export class Says {
  /** @type {Map<string, InHand & {task: number, forget: () => void}>} by connection, kind and key, the first first */
  #held = new Map();
  #later;
  #changed;

  /** @param {(run: () => void, ms: number) => () => void} later @param {() => void} changed */
  constructor(later, changed) {
    this.#later = later;
    this.#changed = changed;
  }

  /** @param {Say} say */
  hear({ u, from, kind, key, d }) {
    const task = Number(TASK.exec(key)?.[1]);
    if (!task) return;
    const name = `${from} ${kind} ${key}`;
    const held = this.#held.get(name);
    held?.forget();
    if (d === null) return this.#drop(name);
    const forget = this.#later(() => this.#drop(name), FADE_MS);
    if (held) held.forget = forget;
    else this.#held.set(name, { user: u, kind, task, forget });
    if (!held) this.#changed();
  }

  /** @param {(user: number) => boolean} isGone */
  forget(isGone) {
    for (const [name, { user }] of this.#held) if (isGone(user)) this.#drop(name);
  }

  /** @returns {Map<number, InHand>} of several who have one task in hand, who took it first */
  byTask() {
    /** @type {Map<number, InHand>} */
    const tasks = new Map();
    for (const held of this.#held.values()) if (!tasks.has(held.task)) tasks.set(held.task, held);
    return tasks;
  }

  /** @param {string} name */
  #drop(name) {
    const held = this.#held.get(name);
    if (!held) return;
    held.forget();
    this.#held.delete(name);
    this.#changed();
  }
}
