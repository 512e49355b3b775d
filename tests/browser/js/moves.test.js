import assert from "node:assert/strict";
import { test } from "node:test";
import { carry, destination, moveBody, neighbour, sprintToJoin, without } from "../../../board/static/board/moves.js";
import { fromSnapshot } from "../../../board/static/board/state.js";
import { snapshot, task } from "./boards.js";

const board = fromSnapshot(snapshot());
const LANES = [{ key: "backlog", ids: [31] }, { key: 1, ids: [11, 12, 13] }, { key: 2, ids: [] }, { key: 3, ids: [41] }];

test("a card dropped on another column asks for that column, ahead of the next card", () => {
  assert.deepEqual(moveBody(board, board.tasks.get(11), { lane: 2, before: 21, after: null }, 1), { column: 2, before: 21 });
});

test("a card dropped last asks to lie behind the one before it", () => {
  assert.deepEqual(moveBody(board, board.tasks.get(11), { lane: 2, before: null, after: 21 }, 1), { column: 2, after: 21 });
});

test("a backlog card dropped on a column joins the sprint", () => {
  assert.deepEqual(moveBody(board, board.tasks.get(31), { lane: 2, before: null, after: null }, 1), { sprint: 1, column: 2 });
});

test("without a sprint a backlog card cannot leave the backlog", () => {
  assert.equal(moveBody(board, board.tasks.get(31), { lane: 2, before: null, after: null }, null), null);
});

test("a card dropped on the backlog leaves its sprint, for a column of work to do", () => {
  const doing = board.tasks.get(21);

  assert.deepEqual(moveBody(board, doing, { lane: "backlog", before: 31, after: null }, 1), { sprint: null, column: 1, before: 31 });
});

test("the sprint to join is the one shown, else the active one", () => {
  const planned = fromSnapshot(snapshot({ sprints: [{ ...snapshot().sprints[0], state: "planned" }] }));

  assert.equal(sprintToJoin(board, 5), 5);
  assert.equal(sprintToJoin(board, null), 1);
  assert.equal(sprintToJoin(planned, null), null);
});

test("arrows go from card to card, over empty lanes, and stop at the edges", () => {
  assert.equal(neighbour(LANES, { lane: 1, index: 0 }, "ArrowDown"), 12);
  assert.equal(neighbour(LANES, { lane: 1, index: 0 }, "ArrowUp"), null);
  assert.equal(neighbour(LANES, { lane: 1, index: 2 }, "ArrowRight"), 41);
  assert.equal(neighbour(LANES, { lane: 1, index: 2 }, "ArrowLeft"), 31);
  assert.equal(neighbour(LANES, { lane: 3, index: 0 }, "ArrowRight"), null);
});

test("a carried card goes to the place before, behind, or into the next lane, also an empty one", () => {
  const lanes = without(LANES, 12);

  assert.deepEqual(carry(lanes, { lane: 1, index: 1 }, "ArrowDown"), { lane: 1, index: 2 });
  assert.deepEqual(carry(lanes, { lane: 1, index: 2 }, "ArrowDown"), { lane: 1, index: 2 });
  assert.deepEqual(carry(lanes, { lane: 1, index: 1 }, "ArrowRight"), { lane: 2, index: 0 });
  assert.deepEqual(carry(lanes, { lane: 1, index: 1 }, "ArrowLeft"), { lane: "backlog", index: 1 });
  assert.deepEqual(carry(lanes, { lane: 3, index: 0 }, "ArrowRight"), { lane: 3, index: 0 });
});

test("a spot becomes the cards it lies between", () => {
  assert.deepEqual(destination(without(LANES, 12), { lane: 1, index: 1 }), { lane: 1, before: 13, after: 11 });
  assert.deepEqual(destination(LANES, { lane: 2, index: 0 }), { lane: 2, before: null, after: null });
});

test("a neighbour in the backlog decides which column of work to do", () => {
  const columns = [...snapshot().columns, { id: 9, name: "Ready", place: "a9", limit: null, kind: "todo", version: 1 }];
  const held = fromSnapshot(snapshot({ columns, tasks: [task(21, 2, "a4"), task(31, 9, "a5", { sprint: null })] }));

  assert.deepEqual(moveBody(held, held.tasks.get(21), { lane: "backlog", before: 31, after: null }, 1), { sprint: null, column: 9, before: 31 });
});
