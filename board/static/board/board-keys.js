/**
 * Listen once, at the board, for the keys on all its cards; and keep the focus on a card that moves.
 *
 * @import {ReadonlySignal} from "@preact/signals-core"
 * @import {App} from "./context.js"
 * @import {Keyboard} from "./keyboard.js"
 * @import {Board} from "./types"
 */
import { taskAt } from "./card.js";

/** @param {HTMLElement} root @param {Keyboard} keyboard @param {App} app @returns {() => void} stops listening */
export function listen(root, keyboard, { ui }) {
  const ending = new AbortController();
  const { signal } = ending;
  document.addEventListener("keydown", (event) => {
    // Between two lanes the carried card is without the focus for a frame; its keys must not be lost.
    const id = taskAt(event.target) ?? (event.target === document.body ? keyboard.carrying : null);
    const carriesEnter = keyboard.carrying !== null && event.key === "Enter";
    if (id && !event.ctrlKey && !event.metaKey && !event.altKey && keyboard.press(id, carriesEnter ? " " : event.key)) event.preventDefault();
  }, { signal });
  root.addEventListener("keyup", (event) => { if (event.key === " " && taskAt(event.target)) event.preventDefault(); }, { signal });
  root.addEventListener("focusin", ({ target }) => moveTabStop(target), { signal });
  root.addEventListener("pointerdown", () => keyboard.cancel(), { signal });
  document.addEventListener("keydown", (event) => shortcut(event, ui), { signal });
  return () => ending.abort();
}

/** @param {KeyboardEvent} event @param {App["ui"]} ui */
function shortcut(event, ui) {
  const typing = event.target instanceof Element && event.target.closest("input, textarea, select, dialog, [popover]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const act = { "?": () => ui.open("help"), "/": () => document.getElementById("filter")?.focus(), n: addHere, N: addHere }[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

/** Open the adding box of the lane that has the focus, or of the first. */
function addHere() {
  const lane = document.activeElement?.closest(".lane") ?? document.querySelector(".lane:not(.backlog)") ?? document;
  /** @type {HTMLElement | null} */ (lane.querySelector(".add"))?.click();
}

/** @param {EventTarget | null} target */
function moveTabStop(target) {
  if (!(target instanceof HTMLElement) || !taskAt(target)) return;
  target.closest("ol")?.querySelectorAll("button[tabindex='0']").forEach((stop) => stop.setAttribute("tabindex", "-1"));
  target.tabIndex = 0;
}

/** @param {number} id of a card @returns {HTMLElement | null} */
function buttonOf(id) {
  return document.querySelector(`#task-${id} > button`);
}

/** Put the focus on a card once what was asked for is drawn. @param {number} id @param {boolean} carried */
export function focusCard(id, carried) {
  requestAnimationFrame(() => {
    document.querySelector(".card.carried")?.classList.remove("carried");
    buttonOf(id)?.focus();
    if (carried) buttonOf(id)?.parentElement?.classList.add("carried");
  });
}

/**
 * A card that goes to another lane is a new element there: give it the focus that the old one had.
 * @param {HTMLElement} root @param {ReadonlySignal<Board>} board @returns {() => void}
 */
export function keepFocus(root, board) {
  /** @type {number | null} */
  let focused = taskAt(document.activeElement);
  const ending = new AbortController();
  root.addEventListener("focusin", ({ target }) => { focused = taskAt(target); }, { signal: ending.signal });
  root.addEventListener("focusout", ({ relatedTarget }) => { if (relatedTarget) focused = null; }, { signal: ending.signal });
  const stop = board.subscribe(() => {
    if (focused === null) return;
    const id = focused;
    requestAnimationFrame(() => { if (document.activeElement === document.body) buttonOf(id)?.focus(); });
  });
  return () => { ending.abort(); stop(); };
}
