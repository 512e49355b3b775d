/**
 * The facts of a task, each saved as it is changed: column, sprint, people, points, due date.
 *
 * @import {Task} from "./types"
 */
import { html } from "htm/preact";
import { useApp } from "./context.js";
import { Face } from "./face.js";
import { MoveForm } from "./move-form.js";
import { sprintLabel } from "./sprint-picker.js";
import { TypedField } from "./typed-field.js";
import { t } from "./messages.js";

/** @param {{task: Task, writes: boolean}} props */
export function TaskSide({ task, writes }) {
  const { actions } = useApp();
  const change = (/** @type {Record<string, any>} */ body) => actions.change("task", task.id, body);
  return html`
    <fieldset class="side" disabled=${!writes}>
      <legend class="unseen">${t("task.details")}</legend>
      <${MoveForm} task=${task} />
      <${SprintField} task=${task} change=${change} />
      <${People} task=${task} />
      <div class="pair">
        <${TypedField} label=${t("task.estimate")} held=${String(task.estimate ?? "")} type="number" min="0" max="1000"
          commit=${(/** @type {string} */ text) => change({ estimate: text === "" ? null : Number(text) })} />
        <${TypedField} label=${t("task.due")} held=${task.due ?? ""} type="date" commit=${(/** @type {string} */ text) => change({ due: text || null })} />
      </div>
    </fieldset>`;
}

/** @param {{task: Task, change: (body: Record<string, any>) => unknown}} props */
function SprintField({ task, change }) {
  const { store } = useApp();
  const board = store.board.value;
  const todo = board.columns.find(({ kind }) => kind === "todo")?.id;
  const inTodo = board.columns.find(({ id }) => id === task.column)?.kind === "todo";
  const choose = (/** @type {string} */ value) => change(value ? { sprint: Number(value) } : { sprint: null, ...(inTodo ? {} : { column: todo }) });
  const open = board.sprints.filter((sprint) => sprint.state !== "finished" || sprint.id === task.sprint);
  return html`
    <label class="field">${t("task.sprint")}
      <select value=${task.sprint ?? ""} onChange=${(/** @type {any} */ event) => choose(event.target.value)}>
        <option value="">${t("backlog")}</option>
        ${open.map((sprint) => html`<option key=${sprint.id} value=${sprint.id}>${sprintLabel(sprint)}</option>`)}
      </select>
    </label>`;
}

/** @param {{task: Task}} props */
function People({ task }) {
  const { store, actions } = useApp();
  const toggle = (/** @type {number} */ user) => {
    const rest = task.assignees.filter((one) => one !== user);
    const assignees = rest.length < task.assignees.length ? rest : [...rest, user].sort((a, b) => a - b);
    actions.change("task", task.id, { assignees }, { ifMatch: task.version });
  };
  return html`
    <fieldset class="field people"><legend>${t("task.assignees")}</legend>
      <div>${store.board.value.members.map((member) => html`
        <label key=${member.user} class="choice"><input type="checkbox" checked=${task.assignees.includes(member.user)} onChange=${() => toggle(member.user)} />
          <${Face} user=${member.user} name=${member.name} hidden /><span>${member.name}</span></label>`)}</div>
    </fieldset>`;
}
