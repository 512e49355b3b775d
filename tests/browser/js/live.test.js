import assert from "node:assert/strict";
import { test } from "node:test";
import { ev, frames, setUp, setUpLive } from "./live-board.js";
import { settled } from "./fakes.js";
import { ids } from "./boards.js";

const WELCOME = { ...frames.hub.welcome, ping: 25 };

test("it says hello, subscribes after what it holds, and is live once confirmed, not before", async () => {
  const { live, sockets: [socket] } = setUp();

  socket.onopen();
  assert.equal(live.sign.value, "reconnecting");
  socket.hear(WELCOME);
  assert.equal(live.sign.value, "reconnecting");
  socket.hear({ t: "sub", b: 7, s: 40, n: 0 });

  assert.equal(live.sign.value, "live");
  assert.deepEqual(Object.keys(socket.sent[0]).sort(), Object.keys(frames.client.hello).sort());
  assert.deepEqual(Object.keys(socket.sent[1]).sort(), Object.keys(frames.client.sub).sort());
  assert.deepEqual([socket.sent[1].after, socket.sent[1].e], [40, "e1"]);
});

test("it is not live until the missed events have come", () => {
  const { live, store, sockets: [socket] } = setUp();
  socket.onopen();
  socket.hear(WELCOME);

  socket.hear({ t: "sub", b: 7, s: 41, n: 1 });
  assert.equal(live.sign.value, "reconnecting");
  socket.hear(ev(41));

  assert.equal(live.sign.value, "live");
  assert.deepEqual(ids(store.board.value, 2), [21, 11]);
});

test("a gap makes it ask again from what it holds, and it is not live meanwhile", async () => {
  const { live, sockets: [socket] } = await setUpLive();

  socket.hear(ev(43));

  assert.equal(live.sign.value, "reconnecting");
  assert.deepEqual([socket.sent.at(-1).t, socket.sent.at(-1).after], ["sub", 40]);
});

test("a ping is answered, and one that names a later event makes it ask again", async () => {
  const { live, sockets: [socket] } = await setUpLive();

  socket.hear({ t: "ping", tops: { 7: 40 } });
  assert.deepEqual([socket.sent.at(-1), live.sign.value], [frames.client.pong, "live"]);
  socket.hear({ t: "ping", tops: { 7: 41 } });

  assert.deepEqual([socket.sent.at(-1).t, live.sign.value], ["sub", "reconnecting"]);
});

test("the ticket is renewed at four fifths of its life, over the same socket", async () => {
  const { clock, calls, sockets: [socket] } = await setUpLive({ ticketLifeMs: 50_000 });

  await clock.pass(39_900);
  assert.equal(calls.renew, 0);
  await clock.pass(200);

  assert.equal(calls.renew, 1);
  assert.deepEqual([socket.sent.at(-1).t, socket.sent.at(-1).b], ["ticket", 7]);
});

test("a reset fetches a new snapshot and subscribes from there", async () => {
  const { calls, sockets: [socket] } = await setUpLive();

  socket.hear({ t: "reset", b: 7, why: "epoch" });
  await settled();

  assert.equal(calls.reset, 1);
  assert.deepEqual([socket.sent.at(-1).after, socket.sent.at(-1).e], [90, "e2"]);
});

test("an event that the answer promised is fetched if the hub does not bring it", async () => {
  const { live, clock, calls } = await setUpLive();

  live.log.expect(41);
  await clock.pass(1_000);

  assert.equal(calls.catchUp, 1);
});
