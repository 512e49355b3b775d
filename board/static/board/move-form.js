/**
 * Move a task without dragging: choose the lane and the position. For touch, switches and screen readers.
 *
 * @import {LaneKey, Task} from "./types"
 */
import { html } from "htm/preact";
import { useApp } from "./context.js";
import { icon } from "./icons.js";
import { destination, spotOf, without } from "./moves.js";
import { t } from "./messages.js";

const MOST_POSITIONS = 200;  // offered one by one; further down there is "last"

/** @param {{task: Task}} props */
export function MoveForm({ task }) {
  const { store, view, actions, ui } = useApp();
  const lanes = without(view.shown, task.id);
  const spot = spotOf(view.shown, task.id);
  const lane = task.sprint === null ? "backlog" : task.column;
  const names = [{ key: "backlog", name: t("backlog") }, ...store.board.value.columns.map(({ id, name }) => ({ key: id, name }))];
  const count = lanes.find(({ key }) => key === lane)?.ids.length ?? 0;
  const move = async (/** @type {LaneKey} */ to, /** @type {number} */ index) => {
    if (!await actions.move(task.id, destination(lanes, { lane: to, index }))) return;
    const where = names.find(({ key }) => key === to)?.name ?? "";
    const total = (lanes.find(({ key }) => key === to)?.ids.length ?? 0) + 1;
    ui.announce(t("keyboard.dropped", { name: task.name, where, position: index + 1, total }));
  };
  const toLane = (/** @type {string} */ value) => {
    const to = value === "backlog" ? value : Number(value);
    move(to, lanes.find(({ key }) => key === to)?.ids.length ?? 0);
  };
  return html`
    <div class="pair">
      <label class="field">${icon("right")}${t("task.moveTo")}
        <select value=${lane} onChange=${(/** @type {any} */ event) => toLane(event.target.value)}>
          ${names.map(({ key, name }) => html`<option key=${key} value=${key}>${name}</option>`)}
        </select></label>
      <label class="field">${t("task.position")}
        <select value=${spot?.index ?? ""} onChange=${(/** @type {any} */ event) => move(lane, Number(event.target.value))}>
          ${spot ? null : html`<option value="">${t("task.notShown")}</option>`}
          ${positions(count, spot?.index).map((index) => html`<option key=${index} value=${index}>${t("task.positionOf", { position: index + 1, total: count + 1 })}</option>`)}
        </select></label>
    </div>`;
}

/** @param {number} last @param {number} [own] @returns {number[]} */
function positions(last, own) {
  const near = Array.from({ length: Math.min(last + 1, MOST_POSITIONS) }, (_, index) => index);
  return [...new Set([...near, own ?? last, last])].sort((a, b) => a - b);
}
