import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { amend, apply, describe, fromSnapshot, Gap, lane, matching, myRole, progress } from "../../../board/static/board/state.js";
import { ids, moved, snapshot, task } from "./boards.js";

const golden = JSON.parse(readFileSync(new URL("../../wire/events.json", import.meta.url), "utf8"));
const me = { user: 3, role: "admin" };

for (const { name, before, event, after } of golden) {
  test(`golden event: ${name}`, () => {
    assert.deepEqual(apply(fromSnapshot({ ...before, me }), event), fromSnapshot({ ...after, me }));
  });

  test(`the board before is untouched by: ${name}`, () => {
    const held = fromSnapshot(structuredClone({ ...before, me }));

    apply(held, event);

    assert.deepEqual(held, fromSnapshot({ ...before, me }));
  });
}

test("an event that skips one is a gap, and says what was held and what came", () => {
  assert.throws(() => apply(fromSnapshot(snapshot()), moved(42)), (error) => error instanceof Gap && error.held === 40 && error.got === 42);
});

test("a move gives new lists to the two columns it concerns and to no other", () => {
  const before = fromSnapshot(snapshot());
  const after = apply(before, moved(41));

  assert.notEqual(lane(after, 1), lane(before, 1));
  assert.notEqual(lane(after, 2), lane(before, 2));
  assert.equal(lane(after, "backlog"), lane(before, "backlog"));
  assert.equal(after.tasks.get(12), before.tasks.get(12));
  assert.equal(after.columns, before.columns);
});

test("a lane lists its tasks by place, compared by code unit", () => {
  const board = fromSnapshot(snapshot({ tasks: [task(1, 1, "Zz"), task(2, 1, "a0")] }));
  const next = amend(board, [{ entity: "task", id: 3, was: null, now: task(3, 1, "a") }], 41);

  assert.deepEqual(ids(next, 1), [1, 3, 2]);
});

test("a task without a sprint lies in the backlog, not in its column", () => {
  const board = fromSnapshot(snapshot());

  assert.deepEqual(ids(board, "backlog"), [31]);
  assert.deepEqual(ids(board, 1), [11, 12, 13]);
});

test("a description that was loaded follows later events", () => {
  const board = describe(fromSnapshot(snapshot()), 12, "old");
  const change = { entity: "task", id: 12, was: { description: "old" }, now: { description: "new" } };

  assert.equal(amend(board, [change], 41).tasks.get(12).description, "new");
});

test("the same question to the same list gives the very same answer", () => {
  const tasks = lane(fromSnapshot(snapshot()), 1);
  const view = { sprint: null, text: "task 12", assignee: null };

  assert.deepEqual(matching(tasks, view).map(({ id }) => id), [12]);
  assert.equal(matching(tasks, view), matching(tasks, view));
});

test("cards are found by sprint and by person", () => {
  const board = fromSnapshot(snapshot({ tasks: [task(1, 1, "a1", { sprint: 2 }), task(2, 1, "a2", { assignees: [3] })] }));

  assert.deepEqual(matching(lane(board, 1), { sprint: 2, text: "", assignee: null }).map(({ id }) => id), [1]);
  assert.deepEqual(matching(lane(board, 1), { sprint: null, text: "", assignee: 3 }).map(({ id }) => id), [2]);
});

test("progress counts the tasks in columns of done work", () => {
  const board = fromSnapshot(snapshot({ tasks: [task(1, 1, "a1"), task(2, 3, "a2"), task(3, 3, "a3", { sprint: 2 })] }));

  assert.deepEqual(progress(board, 1), { done: 1, total: 2 });
  assert.deepEqual(progress(board, null), { done: 2, total: 3 });
});

test("who is removed from the board has no role on it any more", () => {
  const board = fromSnapshot(snapshot());
  const after = amend(board, [{ entity: "member", id: 1, was: board.members[0], now: null }], 41);

  assert.equal(myRole(board), "admin");
  assert.equal(myRole(after), null);
});
