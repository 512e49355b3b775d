/**
 * Speak to the board's API: JSON both ways, the CSRF token, idempotency keys.
 *
 * A request ends in one of three ways: an answer, a Refusal (the server said no, and why), or Unreachable.
 * @import {Answer, BoardEvent, EntityName, Operation, Snapshot, Ticket} from "./types"
 */

/** The server's no: a code for programs, a sentence for people. */
export class Refusal extends Error {
  /** @param {number} status @param {{code?: string, message?: string, fields?: Record<string, string[]>, current?: any}} body */
  constructor(status, body) {
    super(body.message ?? `HTTP ${status}`);
    this.status = status;
    this.code = body.code ?? "unknown";
    this.fields = body.fields ?? {};
    this.current = body.current ?? null;
    /** Whether only the token of this one request was refused: Django REST framework gives that no code of its own. */
    this.isForgery = status === 403 && this.message.startsWith("CSRF Failed");
  }
}

/** Nothing came back that the server can be held to: try again later, the same request. */
export class Unreachable extends Error {}

const TIMEOUT_MS = 20_000;
const COME_BACK_LATER = [429, 502, 503, 504];

/** @type {Record<EntityName, string>} */
const COLLECTIONS = { board: "boards", column: "columns", sprint: "sprints", task: "tasks", member: "members" };

export class Api {
  #csrf;
  #fetch;

  /** @param {{csrf: () => string, fetch?: typeof globalThis.fetch}} options */
  constructor({ csrf, fetch = (url, init) => globalThis.fetch(url, init) }) {
    this.#csrf = csrf;
    this.#fetch = fetch;
  }

  /** @param {number} board @returns {Promise<Snapshot>} */
  snapshot(board) {
    return this.read(`boards/${board}/snapshot`);
  }

  /** @param {number} board @param {number} after @returns {Promise<{events: BoardEvent[], seq: number, epoch: string}>} */
  events(board, after) {
    return this.read(`boards/${board}/events?after=${after}&limit=500`);
  }

  /** @param {number} board @returns {Promise<Ticket>} */
  async ticket(board) {
    return (await this.#request("POST", `boards/${board}/ticket`)).body;
  }

  /** @param {Operation} operation @returns {Promise<Answer>} */
  async send({ method, entity, id, body, cid, ifMatch }) {
    const path = method === "POST" ? COLLECTIONS[entity] : `${COLLECTIONS[entity]}/${id}`;
    const headers = { "Idempotency-Key": cid, ...(ifMatch === undefined ? {} : { "If-Match": `"${ifMatch}"` }) };
    const answer = await this.#request(method, path, method === "DELETE" ? undefined : body, headers);
    const seq = answer.headers.get("Board-Seq");
    return { seq: seq === null ? null : Number(seq), entity: answer.body };
  }

  /** @param {string} path under /api/ @returns {Promise<any>} */
  async read(path) {
    return (await this.#request("GET", path)).body;
  }

  /** @param {string} path @returns {Promise<any[]>} every page of a paginated list, as one */
  async readAll(path) {
    const rows = [];
    for (let page = await this.read(path); ; page = await this.read(page.next.split("/api/")[1])) {
      rows.push(...(page.results ?? page));
      if (!page.next) return rows;
    }
  }

  /**
   * @param {string} method @param {string} path @param {object} [body] @param {Record<string, string>} [headers]
   * @returns {Promise<{headers: Headers, body: any}>}
   */
  async #request(method, path, body, headers = {}) {
    const response = await this.#reach(`/api/${path}`, {
      method, credentials: "same-origin", signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: { Accept: "application/json", ...(method === "GET" ? {} : this.#unsafe()), ...headers },
      body: body && JSON.stringify(body),
    });
    if (response.ok) return { headers: response.headers, body: await bodyOf(response) };
    if (COME_BACK_LATER.includes(response.status)) throw new Unreachable(`HTTP ${response.status}`);
    throw new Refusal(response.status, await response.json().catch(() => ({})));
  }

  /** @param {string} url @param {RequestInit} init @returns {Promise<Response>} */
  async #reach(url, init) {
    try {
      return await this.#fetch(url, init);
    } catch (error) {
      throw new Unreachable(String(error));
    }
  }

  #unsafe() {
    return { "Content-Type": "application/json", "X-CSRFToken": this.#csrf() };
  }
}

/** @param {Response} response @returns {Promise<any>} throws Unreachable for what the board did not say: another page in its place, half an answer */
async function bodyOf(response) {
  if (response.status === 204) return null;
  try {
    return await response.json();
  } catch (error) {
    throw new Unreachable(String(error));
  }
}
