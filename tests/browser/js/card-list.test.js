import assert from "node:assert/strict";
import { test } from "node:test";
import { signal } from "@preact/signals-core";
import { CardList } from "../../../board/static/board/card-list.js";
import { fakeList, insertionsIn } from "./fake-document.js";
import { task } from "./boards.js";

const AROUND = { names: new Map(), today: "2026-11-21", inHands: signal(new Map()) };
const TASKS = new Map(Array.from({ length: 40 }, (_, id) => [id + 1, task(id + 1, 1, String(id))]));

function setUp() {
  const list = fakeList();
  const cards = new CardList(list);
  return { list, show: (ids) => cards.show(ids.map((id) => TASKS.get(id)), AROUND), cards };
}

const drawn = (list) => list.children.map((card) => Number(card.dataset.task));

/** A generator of the same numbers every time (mulberry32). */
function numbers(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test("whatever is shown after whatever, the cards are the tasks, in order", () => {
  const random = numbers(7);
  const { list, show } = setUp();
  for (let round = 0; round < 500; round += 1) {
    const ids = [...TASKS.keys()].filter(() => random() < 0.6);
    const shuffled = round % 2 ? ids : ids.map((id) => [random(), id]).sort(([a], [b]) => a - b).map(([, id]) => id);

    show(shuffled);

    assert.deepEqual(drawn(list), shuffled);
  }
});

test("one card that moves is one element moved, up or down", () => {
  const { show } = setUp();
  show([1, 2, 3, 4, 5, 6]);

  assert.equal(insertionsIn(() => show([2, 3, 4, 5, 1, 6])), 1);
  assert.equal(insertionsIn(() => show([5, 2, 3, 4, 1, 6])), 1);
});

test("a card that changes keeps its element and its button", () => {
  const { list, cards, show } = setUp();
  show([1, 2]);
  const [card] = list.children;
  const button = card.firstElementChild;

  cards.show([{ ...TASKS.get(1), name: "Renamed", estimate: 3 }, TASKS.get(2)], AROUND);

  assert.equal(list.children[0], card);
  assert.equal(card.firstElementChild, button);
  assert.deepEqual(card.children.map(({ textContent }) => textContent), ["Renamed", "3 pts"]);
});

test("a new name of a person shows on the cards already drawn", () => {
  const { list, cards } = setUp();
  const tasks = [task(1, 1, "a", { assignees: [3] })];
  const around = (name) => ({ ...AROUND, names: new Map([[3, { name }]]) });
  cards.show(tasks, around("Ana Lima"));

  cards.show(tasks, around("Bea Lima"));

  assert.equal(list.children[0].children[1].children[0].textContent, "BL");
});
