/**
 * Move among the cards by arrow keys, and move cards: Space picks up, arrows carry, Space drops, Escape cancels.
 *
 * A carried card is shown by an operation that is foreseen and not yet sent; dropping sends it.
 * @import {Operation} from "./types"
 * @import {App} from "./context.js"
 * @import {Spot} from "./moves.js"
 */
import { carry, destination, neighbour, spotOf, without } from "./moves.js";
import { mayWrite } from "./state.js";
import { t } from "./messages.js";

const ARROWS = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"];

/**
 * @typedef {Pick<App, "store" | "view" | "ui" | "actions">} Parts
 * @typedef {{id: number, from: Spot, spot: Spot, foreseen: Operation | null}} Carried
 */

export class Keyboard {
  #app;
  #focus;
  /** @type {Carried | null} */ #carried = null;

  /** @param {Parts} app @param {(id: number, carried: boolean) => void} focus puts the focus on a card, once it is drawn */
  constructor(app, focus) {
    this.#app = app;
    this.#focus = focus;
  }

  /** @returns {number | null} the card that is carried */
  get carrying() {
    return this.#carried?.id ?? null;
  }

  /** @param {number} id of the focused card @param {string} key @returns {boolean} whether the key meant something */
  press(id, key) {
    this.#letGoUnless(id);
    if (ARROWS.includes(key)) this.#carried ? this.#carry(key) : this.#go(id, key);
    else if (key === " ") this.#carried ? this.#drop() : this.#pickUp(id);
    else if (key === "Escape" && this.#carried) this.cancel();
    else return false;
    this.#tell();
    return true;
  }

  /** Put a carried card back where it was. */
  cancel() {
    if (!this.#carried) return;
    const { id } = this.#takeBack();
    this.#announce("keyboard.cancelled", id);
    this.#focus(id, this.#carried !== null);
    this.#tell();
  }

  #tell() {
    this.#app.view.carried.value = this.carrying;
  }

  /** The focus went to another card, or the carried one is gone. @param {number} id */
  #letGoUnless(id) {
    if (!this.#carried) return;
    if (!this.#app.store.board.value.tasks.has(this.#carried.id)) {
      this.#takeBack();
      this.#tell();
    } else if (this.#carried.id !== id) this.cancel();
  }

  /** @param {number} id @param {string} key */
  #go(id, key) {
    const lanes = this.#app.view.shown;
    const from = spotOf(lanes, id);
    const next = from && neighbour(lanes, from, key);
    if (next) this.#focus(next, this.#carried !== null);
  }

  /** @param {number} id */
  #pickUp(id) {
    const from = spotOf(this.#app.view.shown, id);
    if (!from || id < 0 || !mayWrite(this.#app.store.board.value)) return;
    this.#carried = { id, from, spot: from, foreseen: null };
    this.#announce("keyboard.pickedUp", id, from);
    this.#focus(id, this.#carried !== null);
  }

  /** @param {string} key */
  #carry(key) {
    const carried = this.#takeBack();
    const lanes = without(this.#app.view.shown, carried.id);
    const spot = carry(lanes, carried.spot, key);
    const body = this.#app.actions.moveBody(carried.id, destination(lanes, spot));
    if (body) this.#carried = { ...carried, spot, foreseen: this.#foresee(carried.id, body) };
    else this.#stay(carried);
    this.#focus(carried.id, this.#carried !== null);
  }

  /** @param {Carried} carried */
  #stay(carried) {
    if (carried.foreseen) this.#app.store.foresee(carried.foreseen);
    this.#carried = carried;
    this.#app.ui.announce(t("move.needsSprint"));
  }

  /** @param {number} id @param {Record<string, any>} body */
  #foresee(id, body) {
    const operation = this.#app.store.operation({ method: "PATCH", entity: "task", id, body });
    this.#app.store.foresee(operation);
    const spot = spotOf(this.#app.view.shown, id);
    if (spot) this.#announce("keyboard.moved", id, spot);
    return operation;
  }

  #drop() {
    const { id, from, spot } = this.#takeBack();
    if (spot.lane !== from.lane || spot.index !== from.index) {
      this.#app.actions.move(id, destination(without(this.#app.view.shown, id), spot));
    }
    this.#announce("keyboard.dropped", id, spot);
    this.#focus(id, this.#carried !== null);
  }

  #takeBack() {
    const carried = /** @type {Carried} */ (this.#carried);
    if (carried.foreseen) this.#app.store.takeBack(carried.foreseen);
    this.#carried = null;
    return carried;
  }

  /** @param {import("./messages.js").Key} key @param {number} id @param {Spot} [spot] */
  #announce(key, id, spot) {
    const { store, view, ui } = this.#app;
    const board = store.board.value;
    const where = board.columns.find((column) => column.id === spot?.lane)?.name ?? t("backlog");
    const total = spot ? view.matching(spot.lane).length : 0;
    const name = board.tasks.get(id)?.name ?? "";
    ui.announce(t(key, { name, where, position: (spot?.index ?? 0) + 1, total }));
  }
}
