/** The tasks that were archived, to look for one and bring it back. */
import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { useApp } from "./context.js";
import { Dialog } from "./dialog.js";
import { icon } from "./icons.js";
import { t } from "./messages.js";

/** @typedef {{id: number, name: string}} Archived */

/** @param {{onClose: () => void}} props */
export function ArchiveDialog({ onClose }) {
  const { api, store, actions } = useApp();
  const [tasks, setTasks] = useState(/** @type {Archived[] | null} */ (null));
  const [failure, setFailure] = useState("");
  const { id } = store.position;
  useEffect(() => {
    api.readAll(`tasks?board=${id}&archived=true`).then(setTasks, () => setFailure(t("archive.failed")));
  }, [id]);
  const restore = async (/** @type {Archived} */ task) => {
    if (await actions.change("task", task.id, { archived: false })) setTasks((held) => (held ?? []).filter((one) => one.id !== task.id));
  };
  return html`
    <${Dialog} title=${t("archive")} onClose=${onClose}>
      ${failure ? html`<p role="alert">${failure}</p>` : tasks === null ? html`<p class="hint">${t("loading")}</p>`
        : tasks.length ? html`<ul class="rows">${tasks.map((task) => html`<${Row} key=${task.id} task=${task} onRestore=${() => restore(task)} />`)}</ul>`
        : html`<p class="hint">${t("archive.empty")}</p>`}
    <//>`;
}

/** @param {{task: Archived, onRestore: () => void}} props */
function Row({ task, onRestore }) {
  return html`
    <li class="row"><span class="grow">${task.name}</span>
      <button type="button" aria-label=${t("archive.restoreNamed", { name: task.name })} onClick=${onRestore}>${icon("undo")}${t("archive.restore")}</button></li>`;
}
