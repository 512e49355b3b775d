/** A live board whose hub, API and clock are the test's. */
import { readFileSync } from "node:fs";
import { Live } from "../../../board/static/board/live.js";
import { Store } from "../../../board/static/board/store.js";
import { FakeClock, FakeSocket, settled } from "./fakes.js";
import { moved, snapshot } from "./boards.js";

export const frames = JSON.parse(readFileSync(new URL("../../wire/frames.json", import.meta.url), "utf8"));
const WELCOME = { ...frames.hub.welcome, ping: 25 };
export const ev = (seq, more = {}) => ({ t: "ev", b: 7, s: seq, ...moved(seq, more) });

/** At seq 40, connecting. What was opened, by whichever way, stands in `sockets`. */
export function setUp({ renew, catchUp, reset, ticketLifeMs = 600_000 } = {}) {
  const clock = new FakeClock();
  const sockets = [];
  const heard = [];
  const opened = (way) => () => { sockets.push(Object.assign(new FakeSocket(), { way })); return sockets.at(-1); };
  const calls = { renew: 0, catchUp: 0, reset: 0 };
  const body = btoa(JSON.stringify({ iat: 0, exp: ticketLifeMs / 1000 }));
  const store = new Store(snapshot());
  const live = new Live({
    ticket: { url: "ws://hub/live", ticket: `h.${body}.0`, expires: "" },
    position: () => store.position, receive: (event) => store.receive(event), clock, random: () => 0.5,
    openers: { socket: opened("socket"), slower: async (way) => opened(way) }, overheard: (frame) => heard.push(frame),
    renew: async () => { calls.renew += 1; return renew ? renew() : { url: "ws://hub/live", ticket: `h.${body}.${calls.renew}`, expires: "" }; },
    catchUp: async () => { calls.catchUp += 1; await catchUp?.(store); },
    draw: () => store.draw(),
    reset: async () => { calls.reset += 1; await reset?.(); store.reset(snapshot({ seq: 90, epoch: "e2" })); },
  });
  live.start();
  return { live, store, clock, sockets, calls, heard };
}

/** The same, welcomed and confirmed at the seq it holds. */
export async function setUpLive(options) {
  const parts = setUp(options);
  greet(parts.sockets[0]);
  await settled();
  return parts;
}

export function greet(socket, seq = 40) {
  socket.onopen();
  socket.hear(WELCOME);
  socket.hear({ t: "sub", b: 7, s: seq, n: 0 });
}
