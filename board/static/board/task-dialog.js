/**
 * A task, open: everything about it, and what others change meanwhile, as they change it.
 *
 * @import {Task} from "./types"
 */
import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useComputed } from "@preact/signals";
import { useApp } from "./context.js";
import { Confirm } from "./confirm.js";
import { Conflict } from "./conflict.js";
import { Description } from "./task-description.js";
import { Dialog } from "./dialog.js";
import { Face } from "./face.js";
import { TaskSide } from "./task-side.js";
import { useDraft } from "./draft.js";
import { useEditing } from "./editing.js";
import { icon } from "./icons.js";
import { readTask } from "./catchup.js";
import { mayWrite } from "./state.js";
import { t } from "./messages.js";

/** @param {{id: number, onClose: () => void}} props */
export function TaskDialog({ id, onClose }) {
  const { store } = useApp();
  const last = useRef(/** @type {Task | null} */ (null));
  const task = store.board.value.tasks.get(id) ?? null;
  if (task) last.current = task;
  const shown = last.current;
  const reading = useReading(id, task !== null && task.description === undefined);
  if (!shown) return html`<${Dialog} title=${t("task.gone.title")} onClose=${onClose}><p>${t("task.gone.unknown")}</p><//>`;
  return html`<${Dialog} title=${t("task.title", { id: String(id) })} kind="wide" quietTitle onClose=${onClose}>
    ${task ? html`<${InHand} id=${id} />` : html`<${Gone} id=${id} />`}
    <${TaskForm} task=${shown} writes=${task !== null && mayWrite(store.board.value)} reading=${task && reading} /><//>`;
}

/** Who else has this task in hand: good to know, and nobody is kept from anything. @param {{id: number}} props */
function InHand({ id }) {
  const { view } = useApp();
  const held = useComputed(() => view.inHands.value.get(id)).value;
  const name = view.around.value.names.get(held?.user ?? 0)?.name ?? t("someone");
  return html`<div role="status" class="in-hand-note">${held ? html`<${Face} user=${held.user} name=${name} hidden />${t(`hand.${held.kind}`, { name })}` : null}</div>`;
}

/** @param {{id: number}} props */
function Gone({ id }) {
  const { store } = useApp();
  const editor = store.board.value.members.find(({ user }) => user === store.lastEditor(id));
  return html`<p class="conflict" role="alert">${t("task.gone.by", { name: editor?.name ?? t("someone") })}</p>`;
}

/**
 * Read what snapshots leave out, as often as it is missing: a new snapshot, and a task brought back, have it not.
 * @param {number} id @param {boolean} missing @returns {import("./task-description.js").Reading}
 */
function useReading(id, missing) {
  const { api, store } = useApp();
  const [failed, setFailed] = useState(false);
  const again = () => {
    setFailed(false);
    readTask(api, store, id).catch(() => setFailed(true));
  };
  useEffect(() => { if (missing) again(); }, [id, missing]);
  return { failed, again };
}

/** @param {{task: Task, writes: boolean, reading: import("./task-description.js").Reading | null}} props */
function TaskForm({ task, writes, reading }) {
  const fields = useEditing(task.id);
  return html`
    <div class="task" ref=${fields}>
      <div class="main">
        <${Name} task=${task} writes=${writes} />
        <${Description} task=${task} writes=${writes} reading=${reading} />
      </div>
      <div class="aside">
        <${TaskSide} task=${task} writes=${writes} />
        ${writes ? html`<${Ending} task=${task} />` : null}
      </div>
    </div>`;
}

/** @param {{task: Task, writes: boolean}} props */
function Name({ task, writes }) {
  const draft = useDraft(task, "name");
  const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    draft.save();
  };
  return html`
    <textarea class="name" rows="1" maxlength="512" aria-label=${t("task.name")} readonly=${!writes} value=${draft.text} onKeyDown=${onKeyDown}
      onInput=${(/** @type {any} */ event) => draft.type(event.target.value)} onBlur=${() => draft.theirs === null && draft.save()}></textarea>
    <${Conflict} task=${task} field=${t("task.name")} draft=${draft} />`;
}

/** @param {{task: Task}} props */
function Ending({ task }) {
  const { actions, ui } = useApp();
  const remove = () => { ui.close(); actions.remove("task", task.id).then((done) => done && ui.toast(t("task.deleted", { name: task.name }))); };
  return html`
    <div class="ending">
      <button type="button" class="quiet" onClick=${() => actions.archive(task.id)}>${icon("archive")}${t("task.archive")}</button>
      <${Confirm} label=${t("delete")} question=${t("task.deleteQuestion")} onConfirm=${remove} />
    </div>`;
}
