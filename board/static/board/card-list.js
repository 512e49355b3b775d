/**
 * Keep a list's cards in step with its tasks, touching only what changed.
 *
 * Preact draws everything but this: its tree costs 1.5 kB a card, and reusing a vnode (so that it skips a
 * card) keeps every earlier list alive through the vnode's parent: 200 MB at 5,000 cards.
 * @import {Task} from "./types"
 * @import {Surroundings} from "./card.js"
 */
import { fillCard, makeCard } from "./card.js";

export class CardList {
  #list;
  /** @type {readonly Task[]} */ #tasks = [];
  /** @type {Map<number, {task: Task, card: HTMLElement}>} */ #cards = new Map();
  /** @type {Surroundings | null} */ #around = null;

  /** @param {HTMLElement} list whose children are this object's from now on */
  constructor(list) {
    this.#list = list;
  }

  /** @param {readonly Task[]} tasks in order @param {Surroundings} around */
  show(tasks, around) {
    if (around !== this.#around) this.#refill(around);
    const before = this.#tasks;
    const start = sameAtStart(before, tasks);
    const end = sameAtEnd(before, tasks, start);
    this.#remove(before.slice(start, before.length - end), tasks.slice(start, tasks.length - end));
    const first = start ? this.#cards.get(tasks[start - 1].id)?.card.nextElementSibling ?? null : this.#list.firstElementChild;
    this.#place(tasks.slice(start, tasks.length - end), first, around);
    this.#tasks = tasks;
  }

  /** @param {Surroundings} around */
  #refill(around) {
    this.#around = around;
    for (const { task, card } of this.#cards.values()) fillCard(card, task, around);
  }

  /** @param {readonly Task[]} gone @param {readonly Task[]} staying */
  #remove(gone, staying) {
    const ids = new Set(staying.map((task) => task.id));
    for (const { id } of gone) {
      if (ids.has(id)) continue;
      this.#cards.get(id)?.card.remove();
      this.#cards.delete(id);
    }
  }

  /** @param {readonly Task[]} tasks @param {Element | null} next the card that now lies where they begin @param {Surroundings} around */
  #place(tasks, next, around) {
    for (const task of tasks) {
      const card = this.#cardFor(task, around);
      if (next && card === next.nextElementSibling) next = card;  // the one between is to move: its turn comes
      if (card === next) next = next.nextElementSibling;
      else this.#list.insertBefore(card, next);
    }
  }

  /** @param {Task} task @param {Surroundings} around @returns {HTMLElement} */
  #cardFor(task, around) {
    const known = this.#cards.get(task.id);
    const card = known?.card ?? makeCard(task, around);
    if (known && known.task !== task) fillCard(card, task, around);
    if (known?.task !== task) this.#cards.set(task.id, { task, card });
    return card;
  }
}

/** @param {readonly Task[]} a @param {readonly Task[]} b @returns {number} */
function sameAtStart(a, b) {
  let count = 0;
  while (count < a.length && count < b.length && a[count] === b[count]) count += 1;
  return count;
}

/** @param {readonly Task[]} a @param {readonly Task[]} b @param {number} start @returns {number} */
function sameAtEnd(a, b, start) {
  let count = 0;
  while (count < a.length - start && count < b.length - start && a[a.length - 1 - count] === b[b.length - 1 - count]) count += 1;
  return count;
}
