/**
 * What a person can do to a board, each by its verb; a refusal is told in the server's words.
 *
 * @import {EntityName, Operation} from "./types"
 * @import {Destination} from "./moves.js"
 */
import { moveBody, sprintToJoin } from "./moves.js";
import { Refusal } from "./api.js";
import { t } from "./messages.js";

/** @typedef {Partial<Operation> & Pick<Operation, "method" | "entity">} Wish */

export class Actions {
  #app;

  /** @param {Pick<import("./context.js").App, "store" | "outbox" | "ui" | "view" | "live">} app */
  constructor(app) {
    this.#app = app;
  }

  /** @param {Wish} wish @returns {Promise<any | null>} the entity as it became ({} if removed); null where refused */
  async ask(wish) {
    try {
      return (await this.askOrRefuse(wish)).entity ?? {};
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#app.ui.toast(error.message, { tone: "bad" });
      return null;
    }
  }

  /** @param {Wish} wish rejects with the Refusal, for those who show it in place */
  async askOrRefuse(wish) {
    const answer = await this.#app.outbox.submit(wish);
    if (answer.seq !== null) this.#app.live.log.expect(answer.seq);
    return answer;
  }

  /** @param {EntityName} entity @param {Record<string, any>} body @param {{cid?: string}} [more] */
  add(entity, body, more = {}) {
    return this.ask({ method: "POST", entity, body: { board: this.#app.store.position.id, ...body }, ...more });
  }

  /** @param {EntityName} entity @param {number} id @param {Record<string, any>} body @param {{ifMatch?: number}} [more] */
  change(entity, id, body, more = {}) {
    return this.ask({ method: "PATCH", entity, id, body, ...more });
  }

  /**
   * Change what differs from the entity as it was read; rejects with the Refusal, also where another changed the same since.
   * @param {EntityName} entity @param {{id: number, version: number}} read @param {Record<string, any>} wanted @param {{cid?: string}} [more]
   */
  async revise(entity, read, wanted, more = {}) {
    const body = Object.fromEntries(Object.entries(wanted).filter(([name, value]) => value !== /** @type {any} */ (read)[name]));
    if (Object.keys(body).length) await this.askOrRefuse({ method: "PATCH", entity, id: read.id, body, ifMatch: read.version, ...more });
  }

  /** @param {EntityName} entity @param {number} id */
  remove(entity, id) {
    return this.ask({ method: "DELETE", entity, id });
  }

  /** @param {number} id @param {Destination} to @returns {Record<string, any> | null} what to ask; null where no sprint is shown */
  moveBody(id, to) {
    const board = this.#app.store.board.value;
    const task = board.tasks.get(id);
    return task ? moveBody(board, task, to, sprintToJoin(board, this.#app.view.sprint.value)) : null;
  }

  /** @param {number} id @param {Destination} to */
  async move(id, to) {
    const body = this.moveBody(id, to);
    if (body) return this.change("task", id, body);
    const { ui } = this.#app;
    ui.toast(t("move.needsSprint"), { tone: "bad", action: { label: t("sprint.start"), run: () => ui.open("sprints") } });
    return null;
  }

  /** @param {number} id */
  async archive(id) {
    const name = this.#app.store.board.value.tasks.get(id)?.name ?? "";
    this.#app.ui.close();
    if (!await this.change("task", id, { archived: true })) return;
    const run = () => this.change("task", id, { archived: false });
    this.#app.ui.toast(t("task.archived", { name }), { action: { label: t("undo"), run } });
  }
}
