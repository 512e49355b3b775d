/** Say from when until when a sprint goes.
 *
 * @import {Sprint} from "./types"
 */
import { day, t } from "./messages.js";

/** @param {Sprint} sprint @returns {string} empty where it has no dates */
export function dates({ start, end }) {
  if (start && end) return t("sprint.dates", { start: day(start), end: day(end) });
  return start ? t("sprint.from", { date: day(start) }) : end ? t("sprint.until", { date: day(end) }) : "";
}
