import assert from "node:assert/strict";
import { test } from "node:test";
import { Unreachable } from "../../../board/static/board/api.js";
import { Ways } from "../../../board/static/board/ways.js";
import { settled } from "./fakes.js";
import { ev, frames, greet, setUp, setUpLive } from "./live-board.js";

const ways = (sockets) => sockets.map(({ way }) => way);
const last = (sockets) => sockets.at(-1);

/** No WebSocket gets through: the third connection is a stream. */
async function setUpBlocked(options) {
  const parts = setUp(options);
  for (let tries = 0; tries < 2; tries += 1) {
    last(parts.sockets).drop(1006);
    await settled();
    await parts.clock.pass(2_000);
  }
  return parts;
}

/** The same, and live by the stream; a WebSocket is being tried beside it. */
async function setUpSlower(options) {
  const parts = await setUpBlocked(options);
  const stream = last(parts.sockets);
  stream.hear({ ...frames.hub.welcome, ping: 25 });
  stream.hear({ t: "sub", b: 7, s: 40, n: 0 });
  return { ...parts, stream, trial: last(parts.sockets) };
}

test("where two WebSockets in a row are not welcomed while the board answers, a stream is opened", async () => {
  const { sockets, live } = await setUpBlocked();

  assert.deepEqual(ways(sockets), ["socket", "socket", "stream"]);
  assert.equal(live.sign.value, "reconnecting");
});

test("a WebSocket that opens and hears no welcome is one that does not get through", async () => {
  const { sockets, clock } = setUp();

  sockets[0].onopen();
  await clock.pass(12_000);
  sockets[1].onopen();
  await clock.pass(12_000);

  assert.deepEqual(ways(sockets).slice(0, 3), ["socket", "socket", "stream"]);
});

test("while the board does not answer either, it is not the WebSockets that are blocked", async () => {
  const { sockets } = await setUpBlocked({ catchUp: async () => { throw new Unreachable("away"); } });

  assert.deepEqual(ways(sockets), ["socket", "socket", "socket"]);
});

test("a hub that closes a WebSocket with a word of its own has been reached by it", async () => {
  const { sockets, clock } = setUp();

  for (let times = 0; times < 3; times += 1) {
    last(sockets).drop(4000);
    await clock.pass(5_000);
  }

  assert.deepEqual(ways(sockets), ["socket", "socket", "socket", "socket"]);
});

test("a WebSocket that was welcomed and lost is made again", async () => {
  const { sockets, clock } = await setUpLive();

  last(sockets).drop(1006);
  await clock.pass(1_000);
  greet(last(sockets));
  last(sockets).drop(1006);
  await clock.pass(1_000);

  assert.deepEqual(ways(sockets), ["socket", "socket", "socket"]);
});

test("an attempt by a way that was left meanwhile says nothing of the next one", async () => {
  const opened = [];
  const opener = (way) => () => opened.push(way);
  const ways = new Ways({ later: () => () => {} }, { socket: opener("socket"), slower: async (way) => opener(way) });
  const yes = async () => true;
  for (let tries = 0; tries < 2; tries += 1) {
    ways.open();
    await ways.ended(0, yes);
  }
  let answer;
  ways.open();
  const ended = ways.ended(0, () => new Promise((resolve) => { answer = resolve; }));
  ways.open();
  answer(true);
  await ended;

  await ways.ended(0, yes);
  ways.open();

  assert.deepEqual(opened, ["socket", "socket", "stream", "stream", "poll"]);
});

test("a stream that yields nothing for ten seconds is given up for polling, and that for a WebSocket", async () => {
  const { sockets, clock } = await setUpBlocked();

  await clock.pass(12_000);
  assert.deepEqual(ways(sockets), ["socket", "socket", "stream", "poll"]);
  await clock.pass(16_000);

  assert.equal(ways(sockets)[4], "socket");
});

test("a stream makes the board live like a WebSocket does, and says that it is slower", async () => {
  const { live, store, stream } = await setUpSlower();

  assert.deepEqual([live.sign.value, live.slower.value], ["live", true]);
  stream.hear(ev(41));

  assert.equal(store.position.seq, 41);
});

test("beside the slower way a WebSocket is tried, once, and once it is welcomed it takes over", async () => {
  const { live, sockets, stream, trial } = await setUpSlower();
  stream.hear(ev(41));
  assert.deepEqual(ways(sockets), ["socket", "socket", "stream", "socket"]);

  trial.onopen();
  assert.deepEqual([trial.sent[0].t, stream.closed], ["hello", false]);
  trial.onmessage({ data: JSON.stringify(frames.hub.welcome) });
  greet(last(sockets), 41);

  assert.deepEqual([stream.closed, trial.closed, last(sockets).way], [true, true, "socket"]);
  assert.deepEqual([live.sign.value, live.slower.value, sockets.length], ["live", false, 5]);
});

test("a WebSocket that is still blocked is tried again every five minutes, and what serves goes on", async () => {
  const { live, clock, sockets, stream } = await setUpSlower();
  for (let ping = 0; ping < 13; ping += 1) {
    await clock.pass(25_000);
    stream.hear({ t: "ping", tops: { 7: 40 } });
  }

  assert.deepEqual(ways(sockets).slice(4), ["socket"]);
  assert.deepEqual([live.sign.value, stream.closed], ["live", false]);
});

test("a page that wakes tries a WebSocket again when what serves has answered", async () => {
  const { live, sockets, stream, trial } = await setUpSlower();

  live.wake();
  stream.hear({ t: "sub", b: 7, s: 40, n: 0 });

  assert.deepEqual([trial.closed, sockets.length, last(sockets).way], [true, 5, "socket"]);
});

test("a page that wakes unconnected takes a WebSocket first", async () => {
  const { live, sockets } = await setUpBlocked();
  last(sockets).drop(0);

  live.wake();

  assert.equal(last(sockets).way, "socket");
});

test("whoever leaves leaves no trial behind", async () => {
  const { live, clock, sockets, trial } = await setUpSlower();

  live.end("not_found");
  await clock.pass(600_000);

  assert.deepEqual([trial.closed, sockets.length], [true, 4]);
});
