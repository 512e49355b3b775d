/** What a form read and left alone is not sent; what it changed goes only upon what it read. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Actions } from "../../../board/static/board/actions.js";
import { Refusal } from "../../../board/static/board/api.js";

const DOING = { id: 2, name: "Doing", kind: "doing", limit: 2, version: 38 };

function setUp(answer = async () => ({ entity: {}, seq: null })) {
  const asked = [];
  const toasts = [];
  const outbox = { submit: (wish) => { asked.push(wish); return answer(); } };
  const ui = { toast: (text) => toasts.push(text) };
  return { actions: new Actions({ outbox, ui, store: { position: { id: 7 } } }), asked, toasts };
}

test("a revision sends the fields that differ, with the version that was read", async () => {
  const { actions, asked } = setUp();

  await actions.revise("column", DOING, { name: "Doing", kind: "doing", limit: 3 }, { cid: "k1" });

  assert.deepEqual(asked, [{ method: "PATCH", entity: "column", id: 2, body: { limit: 3 }, ifMatch: 38, cid: "k1" }]);
});

test("a revision that changes nothing asks for nothing", async () => {
  const { actions, asked } = setUp();

  await actions.revise("column", DOING, { name: "Doing", limit: 2 });

  assert.deepEqual(asked, []);
});

test("a change made upon what another has changed since is told, and not done", async () => {
  const message = "Somebody changed this in the meantime; look at it and decide again.";
  const { actions, asked, toasts } = setUp(async () => { throw new Refusal(412, { code: "changed", message }); });

  assert.equal(await actions.change("task", 11, { assignees: [3] }, { ifMatch: 38 }), null);

  assert.equal(asked[0].ifMatch, 38);
  assert.deepEqual(toasts, [message]);
});
