/**
 * Draw a card: as few elements as it can do with, because there may be five thousand.
 *
 * @import {Signal} from "@preact/signals-core"
 * @import {InHand, Member, Task} from "./types"
 */
import { day, initials, t } from "./messages.js";

const HUES = 8;

/**
 * @typedef {{names: ReadonlyMap<number, Member>, today: string, inHands: Signal<ReadonlyMap<number, InHand>>}} Surroundings
 *   what a card shows beside its task
 */

/** @param {Task} task @param {Surroundings} around @returns {HTMLLIElement} */
export function makeCard(task, around) {
  const card = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.tabIndex = -1;
  card.append(button);
  card.id = `task-${task.id}`;
  card.dataset.task = String(task.id);
  card.className = task.id < 0 ? "card unsaved" : "card";
  fillCard(card, task, around);
  return card;
}

/** @param {EventTarget | null} target @returns {number | null} the task of the card that an event happened on */
export function taskAt(target) {
  const card = target instanceof Element ? target.closest("[data-task]") : null;
  const id = Number(/** @type {HTMLElement | null} */ (card)?.dataset.task);
  return id > 0 ? id : null;
}

/** Say anew what a card says; its button stays, and the focus upon it.
 * @param {HTMLElement} card @param {Task} task @param {Surroundings} around */
export function fillCard(card, task, around) {
  const button = /** @type {HTMLElement} */ (card.firstElementChild);
  if (button.textContent !== task.name) button.textContent = task.name;
  while (button.nextSibling) button.nextSibling.remove();
  const facts = factsOf(task);
  if (facts) card.append(element("small", isLate(task, around.today) ? "late" : "", facts));
  if (task.assignees.length) card.append(facesOf(task, around.names));
  if (around.inHands.peek().has(task.id)) markCard(card, task.id, around);
}

/** Show whether another person has this card in hand. @param {HTMLElement} card @param {number} id @param {Surroundings} around */
export function markCard(card, id, { inHands, names }) {
  const held = inHands.peek().get(id);
  const last = /** @type {Element} */ (card.lastElementChild);
  if (last.className.startsWith("hand ")) last.remove();
  card.classList.toggle("in-hand", held !== undefined);
  if (!held) return;
  const name = names.get(held.user)?.name ?? t("someone");
  const mark = element("span", `hand ${hueClass(held.user)}`, "");
  const label = element("span", "", t(`hand.${held.kind}`, { name }));
  label.dataset.initials = initials(name);
  mark.append(label);
  card.append(mark);
}

/** @param {Task} task @returns {string} */
function factsOf({ due, estimate }) {
  const points = estimate === null ? "" : t("points.short", { count: estimate });
  return [due && t("due.short", { date: day(due) }), points].filter(Boolean).join(" · ");
}

/** @param {Task} task @param {string} today @returns {boolean} */
function isLate({ due, completed }, today) {
  return due !== null && completed === null && due < today;
}

/** @param {Task} task @param {ReadonlyMap<number, Member>} names @returns {HTMLElement} */
function facesOf({ assignees }, names) {
  const faces = element("span", "faces", "");
  for (const user of assignees) {
    const name = names.get(user)?.name ?? t("someone");
    const face = element("i", faceClass(user), initials(name));
    face.setAttribute("role", "img");
    face.setAttribute("aria-label", name);
    face.title = name;
    faces.append(face);
  }
  return faces;
}

/** @param {number} user @returns {string} */
export function faceClass(user) {
  return `face ${hueClass(user)}`;
}

/** @param {number} user @returns {string} each person keeps a colour */
function hueClass(user) {
  return `hue-${user % HUES}`;
}

/** @param {string} tag @param {string} kind @param {string} text @returns {HTMLElement} */
function element(tag, kind, text) {
  const made = document.createElement(tag);
  if (kind) made.className = kind;
  if (text) made.textContent = text;
  return made;
}
