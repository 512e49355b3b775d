/**
 * Follow a board by plain requests, behaving as a WebSocket does, where none gets through.
 *
 * By `fetch`, for an EventSource would have to carry the ticket in its address. Only what the hub says comes
 * this way: what I do is not told to the others.
 * @import {Transport} from "./connection.js"
 * @import {Ask, Way} from "./ways.js"
 */
import { TICKET_EXPIRED } from "./close-codes.js";

const ABOUT_THE_TICKET = [401, 403];
const ANSWERS = ["sub", "reset", "no"];
const MESSAGE_END = /\r?\n\r?\n/;

/** The server's no. */
class Refused extends Error {
  /** @param {number} status */
  constructor(status) {
    super(`HTTP ${status}`);
    this.code = ABOUT_THE_TICKET.includes(status) ? TICKET_EXPIRED : 0;
  }
}

/** @typedef {(path: string, more?: string) => Promise<Response>} Request asks for what comes after the event held */

/** @param {Way} way @returns {import("./ways.js").Open} */
export function opener(way) {
  return (ask) => new SlowerWay(ask, way === "stream" ? streamed : polled);
}

/** Frames as texts. @param {Request} request one answer that has no end; each message of it a frame (the HTML standard, 9.2.6) */
async function* streamed(request) {
  const { body } = await request("events");
  let held = "";
  for await (const piece of textOf(/** @type {ReadableStream<Uint8Array<ArrayBuffer>>} */ (body))) {
    const messages = (held + piece).split(MESSAGE_END);
    held = messages.pop() ?? "";
    for (const message of messages) {
      const lines = message.split(/\r?\n/).filter((line) => line.startsWith("data:"));
      if (lines.length) yield lines.map((line) => line.slice(5).trimStart()).join("\n");
    }
  }
}

/** @param {ReadableStream<Uint8Array<ArrayBuffer>>} body Safari cannot iterate over one @returns {AsyncIterable<string>} */
async function* textOf(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) yield value ?? "";
}

/** The same. @param {Request} request the first one is answered at once, the others when there is something to tell */
async function* polled(request) {
  for (let more = "&wait=0"; ; more = "") {
    const { frames } = await (await request("poll", more)).json();
    for (const frame of frames) yield JSON.stringify(frame);
  }
}

/** @implements {Transport} */
class SlowerWay {
  /** @type {any} */ onopen = null;
  /** @type {any} */ onmessage = null;
  /** @type {any} */ onclose = null;
  #ask;
  #ticket;
  #frames;
  #following = new AbortController();
  #answerDue = false;

  /** @param {Ask} ask @param {(request: Request) => AsyncIterable<string>} frames */
  constructor(ask, frames) {
    this.#ask = ask;
    this.#ticket = ask.ticket;
    this.#frames = frames;
    this.#follow();
  }

  /** @param {string} text of a frame; those that only a socket can bring are dropped */
  send(text) {
    const { t, ticket } = JSON.parse(text);
    if (t === "sub" && !this.#answerDue) this.#follow();
    if (t !== "ticket") return;
    this.#ticket = ticket;
    this.#follow({ beside: true });
  }

  close() {
    this.#following.abort();
  }

  /** @param {{beside?: boolean}} [how] beside: what is followed now goes on until the new answer has begun */
  async #follow({ beside = false } = {}) {
    const before = this.#following;
    const { signal } = this.#following = new AbortController();
    if (!beside) before.abort();
    this.#answerDue ||= !beside;
    for await (const text of this.#arriving(signal)) {
      before.abort();
      if (!signal.aborted) this.#hear(text);
    }
  }

  /** @param {AbortSignal} signal @returns {AsyncIterable<string>} frames, until they end, which is told */
  async *#arriving(signal) {
    let code = 0;
    try {
      yield* this.#frames((path, more) => this.#request(path, more, signal));
    } catch (error) {
      if (error instanceof Refused) code = error.code;
    }
    if (!signal.aborted) this.onclose?.({ code });
  }

  /** Each answer begins with a welcome; only one that was asked for is news. @param {string} data */
  #hear(data) {
    const { t } = JSON.parse(data);
    if (t === "welcome" && !this.#answerDue) return;
    if (ANSWERS.includes(t)) this.#answerDue = false;
    this.onmessage?.({ data });
  }

  /** @param {string} path @param {string | undefined} more @param {AbortSignal} signal */
  async #request(path, more = "", signal) {
    const { seq, epoch } = this.#ask.position();
    const url = `${this.#ask.url.replace(/^ws/, "http")}/${path}?after=${seq}&e=${encodeURIComponent(epoch)}${more}`;
    const headers = { Authorization: `Bearer ${this.#ticket}` };
    const response = await fetch(url, { headers, signal, cache: "no-store", credentials: "omit" });
    if (!response.ok) throw new Refused(response.status);
    return response;
  }
}
