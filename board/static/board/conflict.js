/**
 * Show both texts where someone else changed what is being typed, and let the person choose.
 *
 * @import {Task} from "./types"
 */
import { html } from "htm/preact";
import { useApp } from "./context.js";
import { t } from "./messages.js";

/** @param {{task: Task, field: string, draft: ReturnType<typeof import("./draft.js").useDraft>}} props */
export function Conflict({ task, field, draft }) {
  const { store } = useApp();
  if (draft.theirs === null) return null;
  const editor = store.lastEditor(task.id);
  const name = store.board.value.members.find(({ user }) => user === editor)?.name ?? t("someone");
  return html`
    <div class="conflict" role="status">
      <p>${t("conflict.changed", { name, field })}</p>
      <blockquote>${draft.theirs || t("conflict.empty")}</blockquote>
      <button type="button" onClick=${draft.keepMine}>${t("conflict.keepMine")}</button>
      <button type="button" onClick=${draft.takeTheirs}>${t("conflict.takeTheirs")}</button>
    </div>`;
}
