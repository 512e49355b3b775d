import assert from "node:assert/strict";
import { test } from "node:test";
import { Outbox } from "../../../board/static/board/outbox.js";
import { Refusal, Unreachable } from "../../../board/static/board/api.js";
import { placeAfter } from "../../../board/static/board/predict.js";
import { Store } from "../../../board/static/board/store.js";
import { ids, moved, snapshot, task } from "./boards.js";

const MOVE = { method: "PATCH", entity: "task", id: 11, body: { column: 2, before: 21 } };

/** A server that answers when told to; `sent` holds what reached it. */
function setUp() {
  const store = new Store(snapshot());
  const sent = [];
  const timers = [];
  const send = (operation) => new Promise((resolve, reject) => sent.push({ operation, resolve, reject }));
  const outbox = new Outbox({ store, send, later: (run, ms) => timers.push({ run, ms }), random: () => 0.5 });
  return { store, outbox, sent, timers };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("a move shows at once, before the server has answered", () => {
  const { store, outbox } = setUp();

  outbox.submit(MOVE);

  assert.deepEqual(ids(store.board.value, 2), [11, 21]);
  assert.deepEqual(ids(store.board.value, 1), [12, 13]);
});

test("a refused move goes back, and its asker gets the server's reason", async () => {
  const { store, outbox, sent } = setUp();
  const asked = outbox.submit(MOVE);

  sent[0].reject(new Refusal(409, { code: "wip_limit", message: "Doing is full." }));

  await assert.rejects(asked, { code: "wip_limit", message: "Doing is full." });
  assert.deepEqual(ids(store.board.value, 1), [11, 12, 13]);
  assert.equal(outbox.waiting.value, 0);
});

test("one's own event replaces what was foreseen, also when it comes before the answer", async () => {
  const { store, outbox, sent } = setUp();
  outbox.submit(MOVE);
  const { cid } = sent[0].operation;

  store.receive(moved(41, { cid }));
  sent[0].resolve({ entity: task(11, 2, "a9"), seq: 41 });
  await settled();

  assert.deepEqual(ids(store.board.value, 2), [21, 11]);
  assert.equal(store.board.value.tasks.get(11).place, "a9");
});

test("between the answer and the event the card stays where it was put", async () => {
  const { store, outbox, sent } = setUp();
  outbox.submit(MOVE);

  sent[0].resolve({ entity: task(11, 2, "a3V"), seq: 41 });
  await settled();

  assert.deepEqual(ids(store.board.value, 2), [11, 21]);
});

test("what is pending is foreseen anew upon what others do meanwhile", () => {
  const { store, outbox } = setUp();
  outbox.submit(MOVE);
  const change = { entity: "task", id: 11, was: { name: "Task 11" }, now: { name: "Renamed" } };

  store.receive({ ...moved(41), verb: "task.changed", changes: [change] });

  const shown = store.board.value.tasks.get(11);
  assert.deepEqual([shown.name, shown.column], ["Renamed", 2]);
});

test("offline, changes wait in order and go again under the same key", async () => {
  const { outbox, sent, timers } = setUp();
  outbox.submit(MOVE);
  outbox.submit({ ...MOVE, body: { name: "Other" } });
  const { cid } = sent[0].operation;

  sent[0].reject(new Unreachable("no network"));
  await settled();
  assert.deepEqual([outbox.waiting.value, outbox.stuck.value, sent.length], [2, true, 1]);
  timers[0].run();
  sent[1].resolve({ entity: {}, seq: 41 });
  await settled();

  assert.equal(sent[1].operation.cid, cid);
  assert.deepEqual(sent[2].operation.body, { name: "Other" });
  assert.equal(outbox.stuck.value, false);
});

test("a card added offline can be moved before it exists on the server", async () => {
  const { store, outbox, sent } = setUp();
  outbox.submit({ method: "POST", entity: "task", body: { board: 7, name: "New", column: 1, sprint: 1 } });
  const temporary = ids(store.board.value, 1).at(-1);
  outbox.submit({ method: "PATCH", entity: "task", id: temporary, body: { column: 2 } });

  sent[0].resolve({ entity: task(50, 1, "b0"), seq: 41 });
  await settled();

  assert.ok(temporary < 0);
  assert.equal(sent[1].operation.id, 50);
});

test("an event that is already held changes nothing, one that skips is a gap", () => {
  const { store } = setUp();

  assert.equal(store.receive(moved(40)), "old");
  assert.equal(store.receive(moved(43)), "gap");
  assert.equal(store.receive(moved(41)), "applied");
  assert.equal(store.lastEditor(11), 4);
});

test("a new snapshot keeps what is still waiting to be sent", () => {
  const { store, outbox } = setUp();
  outbox.submit(MOVE);

  store.reset(snapshot({ seq: 60, epoch: "e2" }));

  assert.deepEqual(store.position, { seq: 60, epoch: "e2", id: 7 });
  assert.deepEqual(ids(store.board.value, 2), [11, 21]);
});

test("a place foreseen sorts directly behind its neighbour, time and again", () => {
  let next = "a1";
  for (let count = 0; count < 20; count += 1) {
    const place = placeAfter("a0", next);
    assert.ok("a0" < place && place < next);
    next = place;
  }
});

test("a description read before an event overtook it is not believed", () => {
  const { store } = setUp();
  const { version } = store.board.value.tasks.get(11);

  assert.equal(store.describe({ id: 11, version: version - 1, description: "old" }), false);
  assert.equal(store.board.value.tasks.get(11).description, undefined);
  assert.equal(store.describe({ id: 11, version, description: "new" }), true);
  assert.equal(store.board.value.tasks.get(11).description, "new");
});

test("a change whose taking back fails holds up no other", async () => {
  const { store, outbox, sent } = setUp();
  const refused = outbox.submit(MOVE);
  outbox.submit({ ...MOVE, body: { name: "Other" } });
  sent[0].reject(new Unreachable("no network"));
  await settled();
  store.takeBack = () => { throw new Error("broken"); };

  const flushed = outbox.flush();
  sent[1].reject(new Refusal(409, {}));
  await Promise.all([assert.rejects(refused, Refusal), assert.rejects(flushed, /broken/)]);
  outbox.flush();

  assert.deepEqual(sent[2].operation.body, { name: "Other" });
});

test("a tick upon one's own tick conflicts with nobody, but an older reading does", async () => {
  const { outbox, sent } = setUp();
  const tick = (assignees, ifMatch) => outbox.submit({ method: "PATCH", entity: "task", id: 11, body: { assignees }, ifMatch });
  tick([3], 38);
  tick([3, 4], 38);
  tick([4], 37);

  sent[0].resolve({ entity: task(11, 1, "a1", { version: 41 }), seq: 41 });
  await settled();
  sent[1].resolve({ entity: task(11, 1, "a1", { version: 42 }), seq: 42 });
  await settled();

  assert.deepEqual(sent.map(({ operation }) => operation.ifMatch), [38, 41, 37]);
});
