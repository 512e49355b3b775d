/**
 * Add a card to a lane by typing its name and Enter, one after the other.
 *
 * @import {LaneKey} from "./types"
 */
import { html } from "htm/preact";
import { useRef } from "preact/hooks";
import { useApp } from "./context.js";
import { sprintToJoin } from "./moves.js";
import { t } from "./messages.js";

/** @param {{lane: LaneKey, onDone: () => void}} props */
export function NameBox({ lane, onDone }) {
  const app = useApp();
  const box = useRef(/** @type {any} */ (null));
  const add = () => {
    const name = box.current.value.trim();
    if (!name) return onDone();
    box.current.value = "";
    return addTask(app, lane, name);
  };
  const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Escape") onDone();
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    add();
  };
  const onBlur = () => { if (!box.current?.value.trim()) onDone(); };
  return html`
    <form class="name-box" onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); add(); }}>
      <textarea ref=${(/** @type {any} */ node) => { if (node && !box.current) node.focus(); box.current = node; }} rows="2" maxlength="512"
        aria-label=${t("task.newName")} placeholder=${t("task.newName")} onKeyDown=${onKeyDown} onBlur=${onBlur}></textarea>
      <div><button type="submit" class="primary">${t("add")}</button>
      <button type="button" class="quiet" onClick=${onDone}>${t("close")}</button></div>
    </form>`;
}

/** @param {import("./context.js").App} app @param {LaneKey} lane @param {string} name */
function addTask({ store, view, actions, ui }, lane, name) {
  const board = store.board.value;
  if (lane === "backlog") {
    const column = board.columns.find(({ kind }) => kind === "todo")?.id;
    return actions.add("task", { name, column, sprint: null });
  }
  const sprint = sprintToJoin(board, view.sprint.value);
  if (sprint !== null) return actions.add("task", { name, column: lane, sprint });
  return ui.toast(t("move.needsSprint"), { tone: "bad", action: { label: t("sprint.start"), run: () => ui.open("sprints") } });
}
