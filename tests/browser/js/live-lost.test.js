import assert from "node:assert/strict";
import { test } from "node:test";
import { Refusal, Unreachable } from "../../../board/static/board/api.js";
import { waitMs } from "../../../board/static/board/backoff.js";
import { ev, frames, greet, setUpLive } from "./live-board.js";
import { settled } from "./fakes.js";
import { moved } from "./boards.js";

test("silence for two pings ends the connection and opens another", async () => {
  const { live, clock, sockets } = await setUpLive();

  await clock.pass(49_000);
  assert.equal(live.sign.value, "live");
  await clock.pass(1_000);
  assert.deepEqual([live.sign.value, sockets[0].closed], ["reconnecting", true]);
  await clock.pass(1_000);

  assert.equal(sockets.length, 2);
});

test("it reconnects for ever, waiting longer each time but never over 30 s", async () => {
  const { clock, sockets } = await setUpLive();
  sockets[0].drop(1006);

  await clock.pass(600_000);

  assert.ok(sockets.length > 20, `${sockets.length} connections in 10 minutes of silence`);
  assert.equal(waitMs(1, () => 1), 1_000);
  assert.equal(waitMs(50, () => 1), 30_000);
});

test("shown again, or back on the network, it connects at once", async () => {
  const { live, clock, sockets } = await setUpLive();
  sockets[0].drop(1006);
  sockets[0].onclose = null;

  live.wake();
  await settled();
  assert.equal(sockets.length, 2);
  greet(sockets[1]);
  await clock.pass(10);

  assert.equal(live.sign.value, "live");
});

test("while the hub is away the log keeps the board right, and the sign says reconnecting", async () => {
  const catchUp = async (store) => { store.receive(moved(41)); };
  const { live, store, clock, sockets } = await setUpLive({ catchUp });
  sockets[0].drop(1006);

  await clock.pass(5_000);

  assert.equal(store.position.seq, 41);
  assert.equal(live.sign.value, "reconnecting");
});

test("with neither hub nor API it is offline, and comes back by itself", async () => {
  let reachable = false;
  const { live, clock, sockets } = await setUpLive({ catchUp: async () => { if (!reachable) throw new Unreachable("down"); } });
  sockets[0].drop(1006);

  await clock.pass(5_000);
  assert.equal(live.sign.value, "offline");
  reachable = true;
  await clock.pass(5_000);

  assert.equal(live.sign.value, "reconnecting");
});

test("while it is live the log is not asked", async () => {
  const { clock, calls, sockets: [socket] } = await setUpLive();

  await clock.pass(20_000);
  socket.hear({ t: "ping", tops: {} });
  await clock.pass(20_000);

  assert.equal(calls.catchUp, 0);
});

test("an expired ticket is replaced and the connection made again", async () => {
  const { calls, sockets } = await setUpLive();

  sockets[0].drop(4004);
  await settled();
  await settled();

  assert.deepEqual([calls.renew, sockets.length], [1, 2]);
});

test("a revoked person whom the API refuses too is told, and nothing is tried again", async () => {
  const renew = () => { throw new Refusal(404, { code: "not_found", message: "" }); };
  const { live, clock, sockets } = await setUpLive({ renew });

  sockets[0].drop(4503);
  await clock.pass(60_000);

  assert.deepEqual([live.ended.value, live.sign.value, sockets.length], ["not_found", "offline", 1]);
});

test("a close that coming back would not mend ends it, with the reason", async () => {
  const { live, clock, sockets } = await setUpLive();

  sockets[0].drop(4504);
  await clock.pass(60_000);

  assert.deepEqual([live.ended.value, sockets.length], ["4504", 1]);
});

test("who is no member any more is not told that the board is live", async () => {
  const { live, store, clock, sockets } = await setUpLive();
  store.board.subscribe(({ seq }) => { if (seq === 41) live.end("not_found"); });

  sockets[0].hear(ev(41));
  await clock.pass(60_000);

  assert.deepEqual([live.sign.value, sockets[0].closed, sockets.length], ["offline", true, 1]);
});

test("a snapshot that cannot be had after a reset leaves it not live, and is asked for again", async () => {
  let away = true;
  const { live, clock, sockets, calls } = await setUpLive({ reset: async () => { if (away) throw new Unreachable("away"); } });

  sockets[0].hear({ t: "reset", b: 7, why: "epoch" });
  assert.notEqual(live.sign.value, "live");
  await settled();
  assert.notEqual(live.sign.value, "live");

  away = false;
  await clock.pass(1_000);
  sockets[1].onopen();
  sockets[1].hear({ ...frames.hub.welcome, ping: 25 });
  sockets[1].hear({ t: "reset", b: 7, why: "epoch" });
  await settled();
  sockets[1].hear({ t: "sub", b: 7, s: 90, n: 0 });
  assert.deepEqual([live.sign.value, calls.reset], ["live", 2]);
});

test("a network that the browser says is gone is never shown as live", async () => {
  const { live, clock, sockets } = await setUpLive();

  live.unplugged();

  assert.equal(live.sign.value, "offline");
  assert.ok(sockets[0].closed);
  await clock.pass(1_000);
  assert.equal(sockets.length, 2);
});

test("a page that wakes is live again only when the hub has answered, and gives a dead line up soon", async () => {
  const { live, clock, sockets } = await setUpLive();

  live.wake();
  assert.equal(live.sign.value, "reconnecting");
  sockets[0].hear({ t: "sub", b: 7, s: 40, n: 0 });
  assert.equal(live.sign.value, "live");

  live.wake();
  await clock.pass(10_000);
  assert.equal(sockets.length, 2);
});

test("a server that stumbles over one request does not end it for good", async () => {
  let stumbles = 1;
  const renew = () => { if (stumbles-- > 0) throw new Refusal(500, { code: "broken" }); return { url: "ws://hub/live", ticket: "h.e30.1", expires: "" }; };
  const { live, clock, sockets } = await setUpLive({ renew });

  sockets[0].drop(4004);
  await settled();
  await clock.pass(30_000);

  assert.equal(live.ended.value, null);
  assert.ok(sockets.length > 1);
});

test("a board that the hub does not find is asked for again, and only the API's no ends it", async () => {
  let member = true;
  const renew = () => { if (!member) throw new Refusal(404, { code: "not_found" }); return { url: "ws://hub/live", ticket: "h.e30.1", expires: "" }; };
  const { live, sockets, calls } = await setUpLive({ renew });
  const refuse = async () => { sockets.at(-1).hear({ t: "no", b: 7, why: "board" }); await settled(); };

  await refuse();
  assert.deepEqual([live.ended.value, calls.renew, sockets.length], [null, 1, 2]);
  greet(sockets[1]);
  assert.equal(live.sign.value, "live");
  member = false;
  await refuse();

  assert.equal(live.ended.value, "not_found");
});
