import assert from "node:assert/strict";
import { test } from "node:test";
import { Actions } from "../../../board/static/board/actions.js";
import { BoardView } from "../../../board/static/board/view.js";
import { Keyboard } from "../../../board/static/board/keyboard.js";
import { Store } from "../../../board/static/board/store.js";
import { ids, moved, snapshot } from "./boards.js";

function setUp(more) {
  const store = new Store(snapshot(more));
  const view = new BoardView(store.board);
  const said = [];
  const asked = [];
  const ui = { announce: (text) => said.push(text), toast: (text) => said.push(text), open() {} };
  const outbox = { submit: async (wish) => { asked.push(wish); store.foresee(store.operation(wish)); return { entity: {}, seq: null }; } };
  const actions = new Actions({ store, outbox, ui, view, live: { expect() {} } });
  return { store, view, said, asked, keyboard: new Keyboard({ store, view, ui, actions }, () => {}) };
}

function press(keyboard, id, keys) {
  keys.forEach((key) => keyboard.press(id, key));
}

test("Space picks up, arrows carry, Space drops: one request, said as it happens", () => {
  const { keyboard, said, asked, store } = setUp();

  press(keyboard, 11, [" ", "ArrowRight", "ArrowDown", " "]);

  assert.deepEqual(asked.map(({ id, body }) => [id, body]), [[11, { column: 2, after: 21 }]]);
  assert.deepEqual(ids(store.board.value, 2), [21, 11]);
  assert.equal(said.at(-1), "Task 11, moved to Doing, position 2 of 2");
});

test("Escape puts a carried card back and asks nothing", () => {
  const { keyboard, asked, store, said } = setUp();

  press(keyboard, 12, [" ", "ArrowRight", "Escape"]);

  assert.deepEqual(ids(store.board.value, 1), [11, 12, 13]);
  assert.deepEqual(asked, []);
  assert.equal(said.at(-1), "Task 12 is back where it was");
});

test("a card carried away and back again asks nothing", () => {
  const { keyboard, asked } = setUp();

  press(keyboard, 12, [" ", "ArrowDown", "ArrowUp", " "]);

  assert.deepEqual(asked, []);
});

test("a carried card keeps its place while others change the board", () => {
  const { keyboard, store } = setUp();

  press(keyboard, 12, [" ", "ArrowRight"]);
  store.receive(moved(41));

  assert.deepEqual(ids(store.board.value, 2), [21, 12, 11]);
});

test("without an active sprint a backlog card stays, and the reason is said", () => {
  const { keyboard, said, store } = setUp({ sprints: [] });

  press(keyboard, 31, [" ", "ArrowRight"]);

  assert.deepEqual(ids(store.board.value, "backlog"), [31]);
  assert.match(said.at(-1), /No sprint is active/);
});

test("other keys mean nothing to it", () => {
  assert.equal(setUp().keyboard.press(11, "a"), false);
});

test("a key on another card puts the carried one back first", () => {
  const { keyboard, asked, store } = setUp();

  press(keyboard, 11, [" ", "ArrowRight"]);
  press(keyboard, 12, ["ArrowDown"]);

  assert.equal(keyboard.carrying, null);
  assert.deepEqual(ids(store.board.value, 1), [11, 12, 13]);
  assert.deepEqual(asked, []);
});

test("a carried card that someone deletes is let go", () => {
  const { keyboard, store } = setUp();
  press(keyboard, 11, [" "]);

  store.receive({ ...moved(41), changes: [{ entity: "task", id: 11, was: {}, now: null }] });
  press(keyboard, 12, ["ArrowDown"]);

  assert.equal(keyboard.carrying, null);
});

test("who may only look cannot pick a card up", () => {
  const [member] = snapshot().members;
  const { keyboard } = setUp({ members: [{ ...member, role: "viewer" }] });

  press(keyboard, 11, [" "]);

  assert.equal(keyboard.carrying, null);
});

test("the card that is carried is told, until it is dropped or put back", () => {
  const { keyboard, view } = setUp();

  press(keyboard, 11, [" ", "ArrowRight"]);
  assert.equal(view.carried.value, 11);
  press(keyboard, 11, [" "]);
  assert.equal(view.carried.value, null);
  press(keyboard, 12, [" ", "Escape"]);

  assert.equal(view.carried.value, null);
});
