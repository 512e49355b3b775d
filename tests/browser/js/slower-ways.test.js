import assert from "node:assert/strict";
import { createServer } from "node:http";
import { once } from "node:events";
import { afterEach, beforeEach, test } from "node:test";
import { opener } from "../../../board/static/board/slower-ways.js";
import { frames } from "./live-board.js";

const { welcome, sub } = frames.hub;
const ping = { t: "ping", tops: { 7: 1076 } };
const position = { seq: 1075, epoch: "J x", id: 7 };

/** Requests that wait for an answer, in the order of their coming. */
let asked = [];
let come = () => {};
let open = [];
let server;

beforeEach(async () => {
  const of = [];
  [asked, open, position.seq] = [of, [], 1075];
  server = createServer((request, response) => { of.push({ request, response }); come(); });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterEach(() => {
  open.forEach((one) => one.close());
  server.close();
  server.closeAllConnections();
});

/** @returns {Promise<{request: import("node:http").IncomingMessage, response: import("node:http").ServerResponse}>} */
async function nextRequest() {
  if (!asked.length) await new Promise((done) => { come = done; });
  return asked.shift();
}

/** A way to the server, what it brought so far, and how to wait for the next. */
function follow(way) {
  const transport = opener(way)({ url: `ws://127.0.0.1:${server.address().port}/live`, ticket: "first", position: () => position });
  open.push(transport);
  const came = [];
  let heard = () => {};
  const tell = (thing) => { came.push(thing); heard(); };
  transport.onmessage = ({ data }) => tell(JSON.parse(data));
  transport.onclose = ({ code }) => tell({ closed: code });
  const comes = async (count) => { while (came.length < count) await new Promise((done) => { heard = done; }); return came; };
  return { transport, came, comes, send: (frame) => transport.send(JSON.stringify(frame)) };
}

const block = (frame, end = "\n") => `id: Jx:7:1076${end}data: ${JSON.stringify(frame)}${end}${end}`;

/** @param {import("node:http").ServerResponse} response whose reader has left */
async function gone(response) {
  if (!response.closed) await once(response, "close");
}

async function stream() {
  const followed = follow("stream");
  const { request, response } = await nextRequest();
  response.writeHead(200, { "Content-Type": "text/event-stream" });
  return { ...followed, request, response };
}

test("a stream is asked for after the event held, with the ticket in the header alone", async () => {
  const { request } = await stream();

  assert.equal(request.url, "/live/events?after=1075&e=J%20x");
  assert.equal(request.headers.authorization, "Bearer first");
});

test("its messages are frames, however they are cut and whatever ends their lines", async () => {
  const { response, comes } = await stream();
  const text = `: a comment\n\n${block(welcome)}${block(sub, "\r\n")}${block({ ...ping, word: "größer" })}`;

  for (const byte of Buffer.from(text)) response.write(Buffer.from([byte]));

  assert.deepEqual(await comes(3), [welcome, sub, { ...ping, word: "größer" }]);
});

test("a subscription that is being answered already is not asked for again", async () => {
  const { response, comes, send } = await stream();
  response.write(block(welcome));
  await comes(1);

  send(frames.client.sub);
  response.write(block(sub));
  await comes(2);
  send(frames.client.sub);
  const again = await nextRequest();

  assert.equal(again.request.url, "/live/events?after=1075&e=J%20x");
  assert.equal(asked.length, 0);
  await gone(response);
});

test("a new ticket is used at once, and the stream before goes on until the new one has begun", async () => {
  const { response, comes, send } = await stream();
  response.write(block(welcome) + block(sub));
  await comes(2);

  send({ ...frames.client.ticket, ticket: "second" });
  const { request, response: renewed } = await nextRequest();
  response.write(block(ping));
  await comes(3);
  renewed.write(block(welcome) + block(sub));

  assert.equal(request.headers.authorization, "Bearer second");
  assert.deepEqual(await comes(4), [welcome, sub, ping, sub]);
  await gone(response);
});

test("what only a WebSocket brings is dropped", async () => {
  const { send } = await stream();

  send(frames.client.pong);
  send(frames.client.say);

  assert.equal(asked.length, 0);
});

for (const [status, code] of [[401, 4004], [403, 4004], [429, 0], [503, 0], [404, 0]]) {
  test(`${status} closes it with ${code}`, async () => {
    const { comes } = follow("stream");
    (await nextRequest()).response.writeHead(status).end('{"error": "no"}');

    assert.deepEqual(await comes(1), [{ closed: code }]);
  });
}

test("a stream that ends, and a server that is gone, close it", async () => {
  const ended = await stream();
  ended.response.end(block(welcome));
  assert.deepEqual(await ended.comes(2), [welcome, { closed: 0 }]);

  const cut = await stream();
  cut.response.write(block(welcome));
  await cut.comes(1);
  cut.response.destroy();
  assert.deepEqual(await cut.comes(2), [welcome, { closed: 0 }]);
});

test("closed from this side it asks nothing more and tells nothing", async () => {
  const { transport, response, comes, came } = await stream();
  response.write(block(welcome));
  await comes(1);

  transport.close();
  await gone(response);

  assert.deepEqual(came, [welcome]);
});

test("polling asks again when it has been answered, always after the event held", async () => {
  const { comes } = follow("poll");
  const first = await nextRequest();
  position.seq = 1076;
  first.response.end(JSON.stringify({ frames: [welcome, sub] }));
  await comes(2);
  const second = await nextRequest();

  assert.deepEqual([first.request.url, second.request.url], ["/live/poll?after=1075&e=J%20x&wait=0", "/live/poll?after=1076&e=J%20x"]);
  second.response.end(JSON.stringify({ frames: [welcome, sub, ping] }));
  assert.deepEqual(await comes(4), [welcome, sub, sub, ping]);
});

test("an answer that is no JSON closes it", async () => {
  const { comes } = follow("poll");
  (await nextRequest()).response.end("<html>");

  assert.deepEqual(await comes(1), [{ closed: 0 }]);
});
