import assert from "node:assert/strict";
import { test } from "node:test";
import { signal } from "@preact/signals-core";
import { CardList } from "../../../board/static/board/card-list.js";
import { keepCompany } from "../../../board/static/board/company.js";
import { Store } from "../../../board/static/board/store.js";
import { BoardView } from "../../../board/static/board/view.js";
import { fakeList, insertionsIn } from "./fake-document.js";
import { FakeClock } from "./fakes.js";
import { frames } from "./live-board.js";
import { snapshot } from "./boards.js";

const ME = 9;
const { hub } = frames;
const editing = { ...hub.say, kind: "editing", from: "another" };

/** A live board with its first column drawn; what is said stands in `said`. */
function setUp() {
  const list = fakeList();
  const clock = new FakeClock();
  const store = new Store(snapshot());
  const view = new BoardView(store.board);
  const said = [];
  const live = { sign: signal("live"), say: (...words) => said.push(words) };
  const hear = keepCompany({ config: { me: { id: ME } }, live, view }, clock.later);
  const cards = new CardList(list);
  const draw = () => cards.show(view.matching(1), view.around.value);
  draw();
  return { hear, live, view, clock, said, list, draw, mark: (id) => markOf(list, id) };
}

/** @returns {string | undefined} what a card says of who has it in hand */
function markOf(list, id) {
  const card = list.children.find((one) => one.dataset.task === String(id));
  return card.children.find(({ className }) => className.startsWith("hand "))?.children[0].textContent;
}

const people = (view) => view.here.value.people.map(({ name }) => name);

test("the hub's list and its changes tell who else is here", () => {
  const { hear, view } = setUp();

  hear(hub["here, all"]);
  assert.deepEqual(people(view), ["Ana", "Bo"]);
  hear(hub["here, one came and one went"]);
  assert.deepEqual(people(view), ["Ana", "Cy"]);
  hear(hub["here, one went"]);

  assert.deepEqual(view.here.value, { people: [{ user: 3, name: "Ana" }], more: 0 });
});

test("I am not among the others", () => {
  const { hear, view } = setUp();

  hear({ ...hub["here, all"], all: [{ u: ME, name: "Me" }, { u: 3, name: "Ana" }] });

  assert.deepEqual(people(view), ["Ana"]);
});

test("of a crowd the number of those not named is kept until it changes", () => {
  const { hear, view } = setUp();

  hear(hub["here, all of a crowd"]);
  hear(hub["here, one came"]);
  assert.equal(view.here.value.more, 41);
  hear(hub["here, one went of a crowd"]);
  assert.equal(view.here.value.more, 40);
  hear(hub["here, all"]);

  assert.equal(view.here.value.more, 0);
});

test("changes without a list to change tell nothing", () => {
  const { hear, view } = setUp();

  hear(hub["here, one came"]);

  assert.deepEqual(people(view), []);
});

test("while the board is not live nobody is shown, and afterwards only who is told anew", () => {
  const { hear, view, live, mark } = setUp();
  hear(hub["here, all"]);
  hear(hub.say);

  live.sign.value = "reconnecting";
  assert.deepEqual([people(view), mark(12)], [[], undefined]);
  live.sign.value = "live";
  assert.deepEqual([people(view), mark(12)], [[], undefined]);
  live.sign.value = "reconnecting";
  hear({ ...hub["here, all"], all: [{ u: 5, name: "Cy" }] });
  assert.deepEqual(people(view), []);
  live.sign.value = "live";

  assert.deepEqual(people(view), ["Cy"]);
});

test("a card that another moves says so until that is taken back", () => {
  const { hear, mark } = setUp();

  hear(hub.say);
  assert.equal(mark(12), "Ana Lima is moving this");
  hear(hub["say, taken back"]);

  assert.equal(mark(12), undefined);
});

test("it fades 12 s after the last word", async () => {
  const { hear, mark, clock } = setUp();

  hear(hub.say);
  await clock.pass(11_000);
  hear(hub.say);
  await clock.pass(11_900);
  assert.equal(mark(12), "Ana Lima is moving this");
  await clock.pass(200);

  assert.equal(mark(12), undefined);
});

test("it goes with the one who said it", () => {
  const { hear, mark } = setUp();
  hear(hub["here, all"]);
  hear(hub.say);

  hear({ ...hub["here, one went"], out: [hub.say.u] });

  assert.equal(mark(12), undefined);
});

test("of two who have one card in hand the first is named, then the other", () => {
  const { hear, mark } = setUp();

  hear(hub.say);
  hear({ ...editing, u: 4 });
  hear(hub.say);
  assert.equal(mark(12), "Ana Lima is moving this");
  hear(hub["say, taken back"]);

  assert.equal(mark(12), "Someone is editing this");
});

test("one's own other page is no company, and a key that is no task's is passed over", () => {
  const { hear, view } = setUp();

  hear({ ...hub.say, u: ME });
  hear({ ...hub.say, key: "column:1" });
  hear({ ...hub.say, key: "task:12x" });

  assert.equal(view.inHands.value.size, 0);
});

test("only the one card is touched, and a card drawn anew keeps its mark", () => {
  const { hear, view, draw, list, mark } = setUp();

  assert.equal(insertionsIn(() => hear(hub.say)), 2);
  assert.equal(insertionsIn(() => hear(hub.say)), 0);
  view.text.value = "13";
  draw();
  view.text.value = "";
  draw();

  assert.deepEqual([mark(12), list.children.map(({ dataset }) => dataset.task)], ["Ana Lima is moving this", ["11", "12", "13"]]);
});

test("what I carry is said at once, again every five seconds, and taken back once", async () => {
  const { view, said, clock } = setUp();

  view.carried.value = 12;
  await clock.pass(10_100);
  assert.deepEqual(said, Array(3).fill(["dragging", "task:12", {}]));
  view.carried.value = null;
  await clock.pass(20_000);

  assert.deepEqual(said.slice(3), [["dragging", "task:12", null]]);
});

test("what I edit is said beside what I carry, and one task after the other", () => {
  const { view, said } = setUp();

  view.carried.value = 11;
  view.edited.value = 12;
  view.edited.value = 13;

  assert.deepEqual(said.map(([kind, key, d]) => [kind, key, d === null]), [
    ["dragging", "task:11", false], ["editing", "task:12", false], ["editing", "task:12", true], ["editing", "task:13", false],
  ]);
});
