/**
 * The fields of a sprint, to plan one or to change one.
 *
 * @import {Sprint} from "./types"
 */
import { html } from "htm/preact";
import { ChangedMeanwhile, useEntityForm } from "./entity-form.js";
import { dates } from "./sprint-dates.js";
import { t } from "./messages.js";

/** @param {{sprint?: Sprint, onDone: () => void}} props without a sprint: a new one */
export function SprintForm({ sprint, onDone }) {
  const { busy, onSubmit, theirs } = useEntityForm({ entity: "sprint", held: sprint, bodyOf, onDone });
  return html`
    <form class="inset" onSubmit=${onSubmit}>
      ${theirs ? html`<${ChangedMeanwhile} text=${inWords(theirs)} />` : null}
      <label class="field">${t("name")}<input name="name" required maxlength="512" defaultValue=${sprint?.name ?? ""} placeholder=${t("sprint.namePlaceholder")} /></label>
      <label class="field">${t("sprint.goal")}<textarea name="goal" rows="2" placeholder=${t("sprint.goalPlaceholder")} defaultValue=${sprint?.goal ?? ""}></textarea></label>
      <div class="pair">
        <label class="field">${t("sprint.startDate")}<input type="date" name="start" defaultValue=${sprint?.start ?? ""} /></label>
        <label class="field">${t("sprint.endDate")}<input type="date" name="end" defaultValue=${sprint?.end ?? ""} /></label>
      </div>
      <div class="row end">
        <button type="button" class="quiet" onClick=${onDone}>${t("cancel")}</button>
        <button type="submit" class="primary" aria-disabled=${busy}>${sprint ? t("save") : t("sprint.add")}</button>
      </div>
    </form>`;
}

/** @param {import("./form.js").Fields} fields */
function bodyOf({ name, goal, start, end }) {
  return { name, goal, start: start || null, end: end || null };
}

/** @param {Sprint} sprint @returns {string} */
function inWords(sprint) {
  return [sprint.name, sprint.goal, dates(sprint)].filter(Boolean).join(" · ");
}
