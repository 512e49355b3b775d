/**
 * Show a task's description, and edit it as Markdown beside a preview.
 *
 * @import {Task} from "./types"
 */
import { html } from "htm/preact";
import { useMemo, useState } from "preact/hooks";
import { Conflict } from "./conflict.js";
import { useDraft } from "./draft.js";
import { icon } from "./icons.js";
import { toHtml } from "./markdown.js";
import { t } from "./messages.js";

/** @typedef {{failed: boolean, again: () => void}} Reading of what snapshots leave out */

/** @param {{task: Task, writes: boolean, reading: Reading | null}} props null where there is nothing to read any more */
export function Description({ task, writes, reading }) {
  const draft = useDraft(task, "description");
  const [mode, setMode] = useState(/** @type {"read" | "write" | "preview"} */ ("read"));
  if (task.description === undefined) return reading && html`<${Unread} ...${reading} />`;
  const save = async () => { setMode("read"); await draft.save(); };
  const cancel = () => { draft.takeTheirs(); setMode("read"); };
  return html`
    <section class="description">
      <header><h3 id="description-title">${t("task.description")}</h3>
        ${mode === "read" ? writes && html`<button type="button" class="quiet" onClick=${() => setMode("write")}>${icon("edit")}${t("edit")}</button>`
          : html`<${Tabs} mode=${mode} setMode=${setMode} />`}</header>
      <${Conflict} task=${task} field=${t("task.description")} draft=${draft} />
      ${mode === "write" ? html`<textarea rows="10" aria-labelledby="description-title" value=${draft.text} ref=${focusOnce}
          onInput=${(/** @type {any} */ event) => draft.type(event.target.value)}></textarea>`
        : html`<${Rendered} text=${draft.text} />`}
      ${mode !== "read" || draft.dirty ? html`<div class="row"><button type="button" class="primary" onClick=${save}>${t("save")}</button>
        <button type="button" class="quiet" onClick=${cancel}>${t("cancel")}</button><span class="hint">${t("task.markdown")}</span></div>` : null}
    </section>`;
}

/** @param {Reading} props */
function Unread({ failed, again }) {
  if (!failed) return html`<section class="description"><p class="hint">${t("loading")}</p></section>`;
  return html`<section class="description"><div class="conflict" role="alert"><p>${t("task.unread")}</p><button type="button" onClick=${again}>${t("tryAgain")}</button></div></section>`;
}

/** @param {HTMLElement | null} node */
function focusOnce(node) {
  if (node && !node.dataset.focused) {
    node.dataset.focused = "true";
    node.focus();
  }
}

/** @param {{mode: string, setMode: (mode: "write" | "preview") => void}} props */
function Tabs({ mode, setMode }) {
  const tab = (/** @type {"write" | "preview"} */ one) => html`
    <button type="button" aria-pressed=${mode === one} onClick=${() => setMode(one)}>${t(`task.${one}`)}</button>`;
  return html`<div class="tabs" role="group" aria-label=${t("task.description")}>${tab("write")}${tab("preview")}</div>`;
}

/** @param {{text: string}} props */
function Rendered({ text }) {
  const safe = useMemo(() => ({ __html: toHtml(text) }), [text]);
  if (!text.trim()) return html`<p class="hint">${t("task.noDescription")}</p>`;
  return html`<div class="prose" dangerouslySetInnerHTML=${safe}></div>`;
}
