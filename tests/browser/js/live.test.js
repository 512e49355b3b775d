import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Live } from "../../../board/static/board/live.js";
import { Refusal, Unreachable } from "../../../board/static/board/api.js";
import { Store } from "../../../board/static/board/store.js";
import { waitMs } from "../../../board/static/board/backoff.js";
import { FakeClock, FakeSocket, settled } from "./fakes.js";
import { ids, moved, snapshot } from "./boards.js";

const frames = JSON.parse(readFileSync(new URL("../../wire/frames.json", import.meta.url), "utf8"));
const WELCOME = { ...frames.hub.welcome, ping: 25 };
const ev = (seq, more = {}) => ({ t: "ev", b: 7, s: seq, ...moved(seq, more) });

/** A live board at seq 40 whose hub, API and clock are the test's. */
function setUp({ renew, catchUp, ticketLifeMs = 600_000 } = {}) {
  const clock = new FakeClock();
  const sockets = [];
  const calls = { renew: 0, catchUp: 0, reset: 0 };
  const body = btoa(JSON.stringify({ iat: 0, exp: ticketLifeMs / 1000 }));
  const store = new Store(snapshot());
  const live = new Live({
    ticket: { url: "ws://hub/live", ticket: `h.${body}.0`, expires: "" },
    position: () => store.position, receive: (event) => store.receive(event), clock, random: () => 0.5,
    open: () => { sockets.push(new FakeSocket()); return sockets.at(-1); },
    renew: async () => { calls.renew += 1; return renew ? renew() : { url: "ws://hub/live", ticket: `h.${body}.${calls.renew}`, expires: "" }; },
    catchUp: async () => { calls.catchUp += 1; await catchUp?.(store); },
    reset: async () => { calls.reset += 1; store.reset(snapshot({ seq: 90, epoch: "e2" })); },
  });
  live.start();
  return { live, store, clock, sockets, calls };
}

/** The same, welcomed and confirmed at the seq it holds. */
async function setUpLive(options) {
  const parts = setUp(options);
  greet(parts.sockets[0]);
  await settled();
  return parts;
}

function greet(socket, seq = 40) {
  socket.onopen();
  socket.hear(WELCOME);
  socket.hear({ t: "sub", b: 7, s: seq, n: 0 });
}

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

test("the ticket is renewed at four fifths of its life, over the same socket", async () => {
  const { clock, calls, sockets: [socket] } = await setUpLive({ ticketLifeMs: 50_000 });

  await clock.pass(39_900);
  assert.equal(calls.renew, 0);
  await clock.pass(200);

  assert.equal(calls.renew, 1);
  assert.deepEqual([socket.sent.at(-1).t, socket.sent.at(-1).b], ["ticket", 7]);
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

test("a reset fetches a new snapshot and subscribes from there", async () => {
  const { calls, sockets: [socket] } = await setUpLive();

  socket.hear({ t: "reset", b: 7, why: "epoch" });
  await settled();

  assert.equal(calls.reset, 1);
  assert.deepEqual([socket.sent.at(-1).after, socket.sent.at(-1).e], [90, "e2"]);
});

test("an event that the answer promised is fetched if the hub does not bring it", async () => {
  const { live, clock, calls } = await setUpLive();

  live.expect(41);
  await clock.pass(1_000);

  assert.equal(calls.catchUp, 1);
});
