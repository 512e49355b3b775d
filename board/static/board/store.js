/**
 * Hold what the server has confirmed and, over it, what was asked for and not yet confirmed.
 *
 * What is drawn is the confirmed board with the pending operations foreseen upon it, in order. An operation
 * leaves when its event arrives (known by its cid) or when the server refuses it: then the board is as if it
 * had never been asked. Nothing else changes a board. In a burst of events the drawn board follows the
 * confirmed one a tenth of a second behind.
 * @import {Signal} from "@preact/signals-core"
 * @import {Answer, Board, BoardEvent, EntityName, Operation, Snapshot} from "./types"
 */
import { batch, computed, signal } from "@preact/signals-core";
import { apply, describe, fromSnapshot, Gap } from "./state.js";
import { foresee } from "./predict.js";
import { Pace } from "./pace.js";

const REAL_TIME = { now: () => performance.now(), later: (/** @type {() => void} */ run, /** @type {number} */ ms) => setTimeout(run, ms) };

export class Store {
  /** @type {Board} */ #confirmed;
  /** @type {Signal<Board>} the confirmed board as it was drawn last */ #drawn;
  /** @type {Signal<readonly Operation[]>} those whose event has not arrived */
  #pending = signal([]);
  /** @type {Map<number, number | null>} who changed each task last, since this page opened */
  #editors = new Map();
  /** @type {Map<string, number>} operations the server has taken: by cid, the seq of their event */
  #taken = new Map();
  #temporaryId = 0;
  #pace;

  /** @param {Snapshot} snapshot @param {import("./pace.js").Timing} timing */
  constructor(snapshot, timing = REAL_TIME) {
    this.#confirmed = fromSnapshot(snapshot);
    this.#drawn = signal(this.#confirmed);
    this.#pace = new Pace(() => this.draw(), timing);
    this.board = computed(() => this.#pending.value.reduce(foresee, this.#drawn.value));
  }

  /** @returns {{seq: number, epoch: string, id: number}} where the confirmed board stands in its log */
  get position() {
    const { seq, epoch, board } = this.#confirmed;
    return { seq, epoch, id: board.id };
  }

  /** @param {Snapshot} snapshot taken anew where events could not heal; what was asked for stays asked for */
  reset(snapshot) {
    this.#confirmed = fromSnapshot(snapshot);
    this.draw();
  }

  /** @param {BoardEvent} event @returns {"applied" | "old" | "gap"} */
  receive(event) {
    if (event.seq <= this.#confirmed.seq) return "old";
    try {
      this.#confirm(apply(this.#confirmed, event), event);
      return "applied";
    } catch (error) {
      if (error instanceof Gap) return "gap";
      throw error;
    }
  }

  /** @param {Operation} operation shown from now on */
  foresee(operation) {
    this.#pending.value = [...this.#pending.value, operation];
  }

  /** @param {Operation} operation @param {Answer} answer */
  taken(operation, { seq, entity }) {
    if (operation.id < 0 && entity) this.#rename(operation, entity.id);
    this.#taken.set(operation.cid, seq ?? 0);
    this.#settle();
  }

  /** @param {Operation} operation refused: it is no longer shown */
  takeBack(operation) {
    this.#pending.value = this.#pending.value.filter((one) => one.cid !== operation.cid);
  }

  /**
   * @param {{id: number, version: number, description: string}} task read by itself, for what snapshots leave out
   * @returns {boolean} false where an event has overtaken it: read it again
   */
  describe({ id, version, description }) {
    if ((this.#confirmed.tasks.get(id)?.version ?? 0) > version) return false;
    this.#confirmed = describe(this.#confirmed, id, description);
    this.draw();
    return true;
  }

  /** @param {number} id @returns {number | null} the user who changed the task last, while this page was open */
  lastEditor(id) {
    return this.#editors.get(id) ?? null;
  }

  /** @param {Partial<Operation> & Pick<Operation, "method" | "entity">} wish @returns {Operation} with a cid of its own */
  operation(wish) {
    return { cid: crypto.randomUUID(), id: --this.#temporaryId, body: {}, ...wish };
  }

  /** @param {Board} board @param {BoardEvent} event */
  #confirm(board, event) {
    for (const { entity, id } of event.changes) if (entity === "task") this.#editors.set(id, event.by);
    this.#confirmed = board;
    if (event.cid) this.#taken.set(event.cid, event.seq);
    this.#pace.soon();
  }

  /** Show what is confirmed, now. */
  draw() {
    batch(() => {
      this.#drawn.value = this.#confirmed;
      this.#settle();
    });
  }

  /** Drop the operations whose event the drawn board holds. */
  #settle() {
    const { seq } = this.#drawn.value;
    const open = this.#pending.value.filter(({ cid }) => (this.#taken.get(cid) ?? Infinity) > seq);
    if (open.length < this.#pending.value.length) this.#pending.value = open;
    for (const [cid, at] of this.#taken) if (at <= seq) this.#taken.delete(cid);
  }

  /** @param {Operation} operation that made something @param {number} id given to it by the server */
  #rename(operation, id) {
    const { entity, id: temporary } = operation;
    for (const one of this.#pending.value) rename(one, entity, temporary, id);
    this.#pending.value = [...this.#pending.value];
  }
}

/** @param {Operation} operation @param {EntityName} entity @param {number} from @param {number} to */
function rename(operation, entity, from, to) {
  if (operation.entity !== entity) return;
  if (operation.id === from && operation.method !== "POST") operation.id = to;
  for (const key of ["before", "after"]) if (operation.body[key] === from) operation.body[key] = to;
}
