/** The search in the bar: a combobox over the index that the build makes. */
import { ranked, wordsOf } from "./ranking.js";

/** @typedef {import("./ranking.js").Page} Page */
/** @typedef {import("./ranking.js").Found} Found */

/** Show the search, and answer `/`, the arrows, Enter and Escape. */
export function startSearch() {
  const field = /** @type {HTMLInputElement | null} */ (document.getElementById("words"));
  const list = document.getElementById("found");
  const status = document.querySelector(".search [role=status]");
  const frame = field?.closest("search");
  if (!field || !list || !status || !frame) return;
  /** @type {Promise<Page[]> | undefined} */
  let index;
  /** @type {Found[]} */
  let found = [];
  let chosen = -1;

  const load = () => (index ??= fetch(field.dataset.index ?? "").then((answer) => answer.json()));

  async function look() {
    const words = field?.value ?? "";
    try {
      found = ranked(await load(), words);
    } catch {
      index = undefined; // the next key asks again
      return;
    }
    if (words === field?.value) draw(words);
  }

  /** @param {string} words */
  function draw(words) {
    list?.replaceChildren(...found.map((one, place) => option(one, place, wordsOf(words))));
    choose(found.length ? 0 : -1);
    open(Boolean(words.trim()));
    const pages = found.length === 1 ? "1 page" : `${found.length} pages`;
    if (status) status.textContent = words.trim() ? `${pages} found` : "";
    if (words.trim() && !found.length) list?.append(nothing());
  }

  /** @param {boolean} isOpen */
  function open(isOpen) {
    if (list) list.hidden = !isOpen;
    field?.setAttribute("aria-expanded", String(isOpen));
  }

  /** @param {number} place */
  function choose(place) {
    chosen = place;
    list?.querySelectorAll("[role=option]").forEach((one, number) => {
      one.setAttribute("aria-selected", String(number === place));
      if (number === place) one.scrollIntoView({ block: "nearest" });
    });
    if (place >= 0) field?.setAttribute("aria-activedescendant", `found-${place}`);
    else field?.removeAttribute("aria-activedescendant");
  }

  /** @type {Record<string, () => void>} */
  const keys = {
    ArrowDown: () => choose(found.length ? (chosen + 1) % found.length : -1),
    ArrowUp: () => choose(found.length ? (chosen - 1 + found.length) % found.length : -1),
    Enter: () => { if (found[chosen]) location.assign(found[chosen].url); },
    Escape: () => { if (list?.hidden) field.blur(); open(false); },
  };

  field.addEventListener("focus", () => { load().catch(() => { index = undefined; }); });
  field.addEventListener("input", look);
  field.addEventListener("blur", () => open(false));
  field.addEventListener("keydown", (event) => {
    if (!(event.key in keys)) return;
    event.preventDefault();
    keys[event.key]();
  });
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
  list.addEventListener("click", (event) => {
    const one = event.target instanceof Element ? event.target.closest("[data-url]") : null;
    if (one instanceof HTMLElement && one.dataset.url) location.assign(one.dataset.url);
  });
  document.addEventListener("keydown", (event) => {
    const inField = event.target instanceof Element && event.target.closest("input, textarea, select");
    if (event.key !== "/" || inField || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    field.focus();
  });
  frame.hidden = false;
}

/** @param {Found} one @param {number} place @param {string[]} words */
function option(one, place, words) {
  const item = Object.assign(document.createElement("li"), { id: `found-${place}` });
  item.setAttribute("role", "option");
  item.dataset.url = one.url;
  const title = document.createElement("b");
  title.append(...marked(one.title, words));
  item.append(title, Object.assign(document.createElement("span"), { textContent: one.text }));
  return item;
}

function nothing() {
  const item = Object.assign(document.createElement("li"), { textContent: "Nothing found" });
  item.setAttribute("role", "option");
  item.setAttribute("aria-disabled", "true");
  return item;
}

/** @param {string} text @param {string[]} words @returns {(string | HTMLElement)[]} */
function marked(text, words) {
  const pattern = new RegExp(`(${words.map((word) => word.replace(/[-]/g, "\\$&")).join("|")})`, "giu");
  return text.split(pattern).map((piece, place) =>
    place % 2 ? Object.assign(document.createElement("mark"), { textContent: piece }) : piece);
}
