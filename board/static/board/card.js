/**
 * Draw a card, once for each state of its task.
 *
 * The same task gives the same vnode object, by which Preact knows that nothing below it changed.
 * @import {VNode} from "preact"
 * @import {Member, Task} from "./types"
 */
import { h } from "preact";
import { day, initials, t, today } from "./messages.js";

const HUES = 8;

/** @type {{members: readonly Member[], date: string, cards: WeakMap<Task, VNode<any>>, names: Map<number, Member>}} */
let drawn = { members: [], date: "", cards: new WeakMap(), names: new Map() };

/** @param {readonly Task[]} tasks @param {readonly Member[]} members @returns {VNode<any>[]} */
export function cardsOf(tasks, members) {
  const date = today();
  if (drawn.members !== members || drawn.date !== date) {
    drawn = { members, date, cards: new WeakMap(), names: new Map(members.map((member) => [member.user, member])) };
  }
  return tasks.map(cardOf);
}

/** @param {Task} task @returns {VNode<any>} */
function cardOf(task) {
  let card = drawn.cards.get(task);
  if (!card) drawn.cards.set(task, card = draw(task));
  return card;
}

/** @param {Task} task @returns {VNode<any>} */
function draw(task) {
  /** @type {VNode<any>[]} */
  const inside = [h("button", { type: "button", tabIndex: -1 }, task.name)];
  const facts = factsOf(task);
  if (facts) inside.push(h("small", isLate(task) ? { class: "late" } : null, facts));
  if (task.assignees.length) inside.push(h("span", { class: "faces" }, task.assignees.map(faceOf)));
  const props = { key: task.id, id: `task-${task.id}`, "data-task": task.id, class: task.id < 0 ? "card unsaved" : "card" };
  return h("li", props, inside);
}

/** @param {Task} task @returns {string} */
function factsOf({ due, estimate }) {
  const points = estimate === null ? "" : t("points.short", { count: estimate });
  return [due && t("due.short", { date: day(due) }), points].filter(Boolean).join(" · ");
}

/** @param {Task} task @returns {boolean} */
function isLate({ due, completed }) {
  return due !== null && completed === null && due < drawn.date;
}

/** @param {number} user */
function faceOf(user) {
  const name = drawn.names.get(user)?.name ?? t("someone");
  return h("i", { key: user, class: faceClass(user), title: name, role: "img", "aria-label": name }, initials(name));
}

/** @param {number} user @returns {string} each person keeps a colour */
export function faceClass(user) {
  return `face hue-${user % HUES}`;
}
