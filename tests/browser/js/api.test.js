/** What is not the board's own answer is no answer: the request goes again. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Api, Refusal, Unreachable } from "../../../board/static/board/api.js";

const MOVE = { cid: "k1", method: "PATCH", entity: "task", id: 11, body: { column: 2 } };

function answering(body, init) {
  const sent = [];
  const fetch = async (url, options) => { sent.push({ url, ...options }); return new Response(body, init); };
  return { api: new Api({ csrf: () => "c", fetch }), sent };
}

test("an answer carries the entity and the seq of its event, and the request its key", async () => {
  const { api, sent } = answering('{"id": 11}', { headers: { "Board-Seq": "41" } });

  assert.deepEqual(await api.send(MOVE), { seq: 41, entity: { id: 11 } });
  assert.deepEqual([sent[0].url, sent[0].headers["Idempotency-Key"]], ["/api/tasks/11", "k1"]);
});

test("a page of somebody else's in its place is no answer", async () => {
  await assert.rejects(answering("<html>Sign in to the network</html>", { status: 200 }).api.send(MOVE), Unreachable);
});

test("a proxy that finds no server is no answer", async () => {
  for (const status of [502, 503, 504]) await assert.rejects(answering("", { status }).api.send(MOVE), Unreachable);
});

test("a refusal keeps the server's reason", async () => {
  const said = JSON.stringify({ code: "wip_limit", message: "Doing is full.", fields: { column: ["Doing is full."] } });

  await assert.rejects(answering(said, { status: 409 }).api.send(MOVE), (error) => {
    assert.ok(error instanceof Refusal);
    assert.deepEqual([error.code, error.message], ["wip_limit", "Doing is full."]);
    return true;
  });
});
