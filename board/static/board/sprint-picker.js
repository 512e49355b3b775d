/**
 * Choose the sprint whose tasks the columns show.
 *
 * @import {Sprint} from "./types"
 */
import { html } from "htm/preact";
import { useComputed } from "@preact/signals";
import { useApp } from "./context.js";
import { progress } from "./state.js";
import { t } from "./messages.js";

export function SprintPicker() {
  const { view, store, ui } = useApp();
  const sprints = view.sprints.value;
  const shown = view.sprint.value;
  if (!sprints.length) return html`<button type="button" class="sprint-picker" onClick=${() => ui.open("sprints")}>${t("sprint.plan")}</button>`;
  const choose = (/** @type {string} */ value) => { view.choice.value = value === "all" ? "all" : Number(value); };
  return html`
    <div class="sprint-picker">
      <select aria-label=${t("sprint.shown")} value=${shown ?? "all"} onChange=${(/** @type {any} */ event) => choose(event.target.value)}>
        <option value="all">${t("sprint.all")}</option>
        ${sprints.map((sprint) => html`<option key=${sprint.id} value=${sprint.id}>${sprintLabel(sprint)}</option>`)}
      </select>
      <${Progress} store=${store} sprint=${shown} />
    </div>`;
}

/** @param {Sprint} sprint @returns {string} */
export function sprintLabel({ name, state }) {
  return state === "planned" ? name : t(`sprint.named.${state}`, { name });
}

/** @param {{store: import("./store.js").Store, sprint: number | null}} props */
function Progress({ store, sprint }) {
  const counted = useComputed(() => { const { done, total } = progress(store.board.value, sprint); return `${done} ${total}`; }).value;
  const [done, total] = counted.split(" ").map(Number);
  const label = t("sprint.progress", { done, count: total });
  return html`<progress max=${total || 1} value=${done} aria-label=${label} title=${label}></progress>`;
}
