/** Wait a random while that grows with each failure, so that a thousand clients do not come back at once. */
const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/** @param {number} failures in a row, from 1 @param {() => number} random in [0, 1) @returns {number} full jitter, in ms */
export function waitMs(failures, random) {
  return random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** failures);
}
