/**
 * Plan sprints, start one, finish one, knowing beforehand what will happen to its tasks.
 *
 * @import {Sprint} from "./types"
 */
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { useApp, useWrites } from "./context.js";
import { Confirm } from "./confirm.js";
import { Dialog } from "./dialog.js";
import { icon } from "./icons.js";
import { progress } from "./state.js";
import { dates } from "./sprint-dates.js";
import { SprintForm } from "./sprint-form.js";
import { t } from "./messages.js";

const ORDER = ["active", "planned", "finished"];

/** @param {{onClose: () => void}} props */
export function SprintsDialog({ onClose }) {
  const { store } = useApp();
  const writes = useWrites();
  const [adding, setAdding] = useState(false);
  const sprints = [...store.board.value.sprints].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
  const add = html`<button type="button" onClick=${() => setAdding(true)}>${icon("plus")}${t("sprint.add")}</button>`;
  return html`
    <${Dialog} title=${t("sprints")} onClose=${onClose}>
      ${sprints.length ? null : html`<p class="hint">${t("sprint.none")}</p>`}
      <ul class="rows">${sprints.map((sprint) => html`<${SprintRow} key=${sprint.id} sprint=${sprint} />`)}</ul>
      ${!writes ? null : adding || !sprints.length ? html`<${SprintForm} onDone=${() => setAdding(false)} />` : html`<div class="row end">${add}</div>`}
    <//>`;
}

/** @param {{sprint: Sprint}} props */
function SprintRow({ sprint }) {
  const { store } = useApp();
  const writes = useWrites();
  const [mode, setMode] = useState(/** @type {"read" | "edit" | "finish"} */ ("read"));
  const { done, total } = progress(store.board.value, sprint.id);
  return html`
    <li class="sprint">
      <div class="row"><strong>${sprint.name}</strong><span class=${`chip ${sprint.state}`}>${t(`sprint.${sprint.state}`)}</span>
        <span class="hint">${dates(sprint)}</span></div>
      ${sprint.goal ? html`<p>${sprint.goal}</p>` : null}
      <p class="hint">${total ? t("sprint.progress", { done, count: total }) : t("sprint.empty")}</p>
      ${mode === "edit" ? html`<${SprintForm} sprint=${sprint} onDone=${() => setMode("read")} />` : null}
      ${mode === "finish" ? html`<${Finish} sprint=${sprint} onDone=${() => setMode("read")} />` : null}
      ${mode === "read" && writes ? html`<${Steps} sprint=${sprint} setMode=${setMode} />` : null}
    </li>`;
}

/** @param {{sprint: Sprint, setMode: (mode: "edit" | "finish") => void}} props */
function Steps({ sprint, setMode }) {
  const { actions } = useApp();
  const start = () => actions.change("sprint", sprint.id, { state: "active" });
  return html`
    <div class="row">
      ${sprint.state === "planned" ? html`<button type="button" class="primary" onClick=${start}>${icon("flag")}${t("sprint.startThis")}</button>` : null}
      ${sprint.state === "active" ? html`<button type="button" onClick=${() => setMode("finish")}>${icon("done")}${t("sprint.finish")}</button>` : null}
      <button type="button" class="quiet" onClick=${() => setMode("edit")}>${icon("edit")}${t("edit")}</button>
      <${Confirm} label=${t("delete")} question=${t("sprint.deleteQuestion", { name: sprint.name })} onConfirm=${() => actions.remove("sprint", sprint.id)} />
    </div>`;
}

/** @param {{sprint: Sprint, onDone: () => void}} props */
function Finish({ sprint, onDone }) {
  const { store, actions } = useApp();
  const { done, total } = progress(store.board.value, sprint.id);
  const finish = () => { onDone(); actions.change("sprint", sprint.id, { state: "finished" }); };
  return html`
    <div class="confirm" role="group" aria-label=${t("sprint.finish")}>
      <p>${t("sprint.finishDone", { count: done })} ${t("sprint.finishOpen", { count: total - done })}</p>
      <button type="button" class="primary" onClick=${finish}>${t("sprint.finish")}</button>
      <button type="button" onClick=${onDone}>${t("cancel")}</button>
    </div>`;
}
