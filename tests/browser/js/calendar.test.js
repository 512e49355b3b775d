/** A board left open overnight knows what day it is, and draws its cards anew only for that. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { signal } from "@preact/signals-core";
import { turnTheDays, untilTomorrowMs } from "../../../board/static/board/calendar.js";
import { Store } from "../../../board/static/board/store.js";
import { BoardView } from "../../../board/static/board/view.js";
import { FakeClock } from "./fakes.js";
import { moved, snapshot } from "./boards.js";

const EVENING_MS = new Date(2026, 10, 21, 23, 30).getTime();

test("the day turns shortly after each midnight, not before", async () => {
  const clock = new FakeClock();
  const day = signal("2026-11-21");
  turnTheDays(day, clock.later, () => new Date(EVENING_MS + clock.now()));

  await clock.pass(30 * 60_000 - 1);
  assert.equal(day.value, "2026-11-21");
  await clock.pass(2_000);
  assert.equal(day.value, "2026-11-22");
  await clock.pass(24 * 3_600_000);
  assert.equal(day.value, "2026-11-23");
});

test("tomorrow is never now", () => {
  assert.ok(untilTomorrowMs(new Date(2026, 10, 22, 0, 0, 0)) > 86_000_000);
});

test("what cards show beside their tasks changes with the day and the people, and with nothing else", () => {
  const store = new Store(snapshot());
  const view = new BoardView(store.board);
  const before = view.around.value;

  store.receive(moved(41));
  view.today.value = before.today;
  assert.equal(view.around.value, before);
  view.today.value = "2031-01-01";

  assert.equal(view.around.value.today, "2031-01-01");
});
