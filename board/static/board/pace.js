/**
 * Do at once what is asked for now and then, and together what is asked for in a burst.
 *
 * A page that drew each of 150 changes a second by itself would have no time left for its reader.
 */
const CALM_A_SECOND = 20;
const REST_MS = 200;  // five drawings a second are enough to follow, and leave the machine to its other work

/** @typedef {{now: () => number, later: (run: () => void, ms: number) => unknown}} Timing */

export class Pace {
  #run;
  #timing;
  /** @type {number[]} when it was asked for during the last second */
  #asked = [];
  #resting = false;

  /** @param {() => void} run @param {Timing} timing */
  constructor(run, { now, later }) {
    this.#run = run;
    this.#timing = { now, later };
  }

  /** Run now, or a little later with whatever else is asked for until then. */
  soon() {
    const now = this.#timing.now();
    this.#asked = [...this.#asked.filter((at) => now - at < 1000), now];
    if (this.#resting) return;
    if (this.#asked.length <= CALM_A_SECOND) this.#run();
    else this.#rest();
  }

  #rest() {
    this.#resting = true;
    this.#timing.later(() => {
      this.#resting = false;
      this.#run();
    }, REST_MS);
  }
}
