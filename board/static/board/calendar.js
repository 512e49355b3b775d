/** Let the day go on where a page stays open: cards become late at midnight. */
import { today } from "./messages.js";

const AFTER_MIDNIGHT_MS = 1_000;  // timers may run a little early

/** @param {Date} now @returns {number} until shortly after the next midnight here, in ms */
export function untilTomorrowMs(now) {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1).getTime() - now.getTime() + AFTER_MIDNIGHT_MS;
}

/**
 * @param {import("@preact/signals-core").Signal<string>} day
 * @param {(run: () => void, ms: number) => unknown} later @param {() => Date} now
 */
export function turnTheDays(day, later, now = () => new Date()) {
  later(() => {
    day.value = today(now());
    turnTheDays(day, later, now);
  }, untilTomorrowMs(now()));
}
