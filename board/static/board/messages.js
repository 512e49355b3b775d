/** Say things to people: every visible string comes from the catalogue, every number and date from Intl. */
import { english } from "./english.js";

/** @typedef {keyof typeof english} Key */
const LANGUAGE = "en";  // of the catalogue
const locale = globalThis.navigator?.languages?.find((one) => one.startsWith(LANGUAGE)) ?? LANGUAGE;
const plurals = new Intl.PluralRules(LANGUAGE);
const numbers = new Intl.NumberFormat(locale);
const days = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", timeZone: "UTC" });
const daysOfYears = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
const lists = new Intl.ListFormat(LANGUAGE, { type: "conjunction" });

/**
 * @param {Key} key @param {Record<string, string | number>} [values] `count` chooses between singular and plural
 * @returns {string}
 */
export function t(key, values = {}) {
  /** @type {string | Record<string, string>} */
  const entry = english[key];
  const text = typeof entry === "string" ? entry : entry[plurals.select(Number(values.count))] ?? entry.other;
  return text.replace(/\{(\w+)\}/g, (_, name) => shown(values[name]));
}

/** @param {string | number} value @returns {string} */
function shown(value) {
  return typeof value === "number" ? numbers.format(value) : value;
}

/** @param {string} iso a date, 2026-11-21 @returns {string} with the year only where it is not this one */
export function day(iso) {
  const date = new Date(`${iso.slice(0, 10)}T00:00:00Z`);
  return (date.getUTCFullYear() === new Date().getFullYear() ? days : daysOfYears).format(date);
}

/** @param {string[]} items @returns {string} "A, B and C" */
export function list(items) {
  return lists.format(items);
}

/** @param {Date} now @returns {string} today's date here, ISO */
export function today(now = new Date()) {
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

/** @param {string} name @returns {string} one or two letters for a face */
export function initials(name) {
  const words = name.trim().split(/\s+/);
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return letters.map((word) => [...word][0] ?? "").join("").toUpperCase();
}
