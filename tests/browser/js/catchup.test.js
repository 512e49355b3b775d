/** A snapshot or a task that was on its way while events came does not undo them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readTask, restart } from "../../../board/static/board/catchup.js";
import { Store } from "../../../board/static/board/store.js";
import { moved, snapshot } from "./boards.js";

/** At seq 40; `meanwhile` happens while the answer is on its way. */
async function restarted(answer, meanwhile = () => {}) {
  const store = new Store(snapshot());
  await restart({ snapshot: async () => { meanwhile(store); return snapshot(answer); } }, store);
  return store.position;
}

test("a snapshot older than the events that came meanwhile is not taken", async () => {
  const { seq } = await restarted({ seq: 40 }, (store) => store.receive(moved(41)));

  assert.equal(seq, 41);
});

test("a newer one, one of another epoch and one of a rewound board are taken", async () => {
  assert.equal((await restarted({ seq: 60 })).seq, 60);
  assert.deepEqual(await restarted({ seq: 3, epoch: "e2" }, (store) => store.receive(moved(41))), { seq: 3, epoch: "e2", id: 7 });
  assert.equal((await restarted({ seq: 30 })).seq, 30);
});

test("a task overtaken by an event while it was read is read again", async () => {
  const store = new Store(snapshot());
  const answers = [{ id: 11, version: 1, description: "old" }, { id: 11, version: 41, description: "new" }];
  const read = async (path) => { assert.equal(path, "tasks/11"); store.receive(moved(41)); return answers.shift(); };

  await readTask({ read }, store, 11);

  assert.equal(store.board.value.tasks.get(11).description, "new");
});
