/** Wait a random while that grows with each failure, so that a thousand clients do not come back at once. */
const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/** @param {number} failures in a row, from 1 @param {() => number} random in [0, 1) @returns {number} full jitter, in ms */
export function waitMs(failures, random) {
  return random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** failures);
}

/** Try again, each time after a longer while, until all is well. */
export class Retry {
  #later;
  #random;
  #failures = 0;
  #cancel = () => {};

  /** @param {(run: () => void, ms: number) => () => void} later @param {() => number} random */
  constructor(later, random = Math.random) {
    this.#later = later;
    this.#random = random;
  }

  /** @param {() => void} run replaces what was to be tried before */
  again(run) {
    this.#failures += 1;
    this.cancel();
    this.#cancel = this.#later(run, waitMs(this.#failures, this.#random));
  }

  /** What fails next is a first failure. */
  succeeded() {
    this.#failures = 0;
  }

  cancel() {
    this.#cancel();
  }
}
