/**
 * The fields of a sprint, to plan one or to change one.
 *
 * @import {Sprint} from "./types"
 */
import { html } from "htm/preact";
import { useApp } from "./context.js";
import { submitted } from "./form.js";
import { t } from "./messages.js";

/** @param {{sprint?: Sprint, onDone: () => void}} props without a sprint: a new one */
export function SprintForm({ sprint, onDone }) {
  const { actions } = useApp();
  const save = submitted(async ({ name, goal, start, end }) => {
    const body = { name, goal, start: start || null, end: end || null };
    const saved = await (sprint ? actions.change("sprint", sprint.id, body) : actions.add("sprint", body));
    if (saved) onDone();
  });
  return html`
    <form class="inset" onSubmit=${save}>
      <label class="field">${t("name")}<input name="name" required maxlength="512" defaultValue=${sprint?.name ?? ""} placeholder=${t("sprint.namePlaceholder")} /></label>
      <label class="field">${t("sprint.goal")}<textarea name="goal" rows="2" placeholder=${t("sprint.goalPlaceholder")} defaultValue=${sprint?.goal ?? ""}></textarea></label>
      <div class="pair">
        <label class="field">${t("sprint.startDate")}<input type="date" name="start" defaultValue=${sprint?.start ?? ""} /></label>
        <label class="field">${t("sprint.endDate")}<input type="date" name="end" defaultValue=${sprint?.end ?? ""} /></label>
      </div>
      <div class="row end">
        <button type="button" class="quiet" onClick=${onDone}>${t("cancel")}</button>
        <button type="submit" class="primary">${sprint ? t("save") : t("sprint.add")}</button>
      </div>
    </form>`;
}
