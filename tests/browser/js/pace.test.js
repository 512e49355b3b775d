/** What is asked for now and then is done at once; a burst is done together. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Pace } from "../../../board/static/board/pace.js";

/** @returns {{time: {now: () => number, later: (run: () => void, ms: number) => void}, pass: (ms: number) => void}} */
function stoppedTime() {
  let now = 0;
  /** @type {{at: number, run: () => void}[]} */
  let timers = [];
  return {
    time: { now: () => now, later: (run, ms) => { timers.push({ at: now + ms, run }); } },
    pass(ms) {
      now += ms;
      const due = timers.filter(({ at }) => at <= now);
      timers = timers.filter(({ at }) => at > now);
      for (const { run } of due) run();
    },
  };
}

test("what is asked for now and then is done at once", () => {
  const { time, pass } = stoppedTime();
  let done = 0;
  const pace = new Pace(() => { done += 1; }, time);

  for (let asked = 1; asked <= 50; asked += 1) {
    pace.soon();
    assert.equal(done, asked);
    pass(100);
  }
});

test("a burst of 150 a second is done half a dozen times, and its last one is never left undone", () => {
  const { time, pass } = stoppedTime();
  let asked = 0;
  let seen = 0;
  let done = 0;
  const pace = new Pace(() => { done += 1; seen = asked; }, time);

  for (let second = 0; second < 10; second += 1) {
    for (let each = 0; each < 150; each += 1) {
      asked += 1;
      pace.soon();
      pass(1000 / 150);
    }
  }
  pass(200);

  assert.equal(seen, asked);
  assert.ok(done < 10 * 6 + 30, `${done} times`);
});
