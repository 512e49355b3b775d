/** Look for cards: by words of their name, by person. */
import { html } from "htm/preact";
import { useApp } from "./context.js";
import { Face } from "./face.js";
import { icon } from "./icons.js";
import { t } from "./messages.js";

const MOST_FACES = 6;

export function TextFilter() {
  const { view } = useApp();
  return html`
    <label class="filter">${icon("search")}<span class="unseen">${t("filter")}</span>
      <input type="search" id="filter" placeholder=${t("filter")} value=${view.text.value}
        onInput=${(/** @type {any} */ event) => { view.text.value = event.target.value; }} /></label>`;
}

export function FaceFilter() {
  const { view, ui } = useApp();
  const members = view.members.value;
  const chosen = view.assignee.value;
  const toggle = (/** @type {number | null} */ user) => { view.assignee.value = user === chosen ? null : user; };
  if (members.length > MOST_FACES) return html`<${PersonSelect} members=${members} chosen=${chosen} choose=${toggle} />`;
  return html`
    <div class="face-filter" role="group" aria-label=${t("filter.person")}>
      ${members.map(({ user, name }) => html`
        <button key=${user} type="button" aria-pressed=${user === chosen} title=${name} aria-label=${t("filter.of", { name })} onClick=${() => toggle(user)}>
          <${Face} user=${user} name=${name} hidden /></button>`)}
      <button type="button" class="invite" aria-label=${t("people")} title=${t("people")} onClick=${() => ui.open("people")}>${icon("plus")}</button>
    </div>`;
}

/** @param {{members: readonly import("./types").Member[], chosen: number | null, choose: (user: number | null) => void}} props */
function PersonSelect({ members, chosen, choose }) {
  return html`
    <select aria-label=${t("filter.person")} value=${chosen ?? ""} onChange=${(/** @type {any} */ event) => choose(Number(event.target.value) || null)}>
      <option value="">${t("filter.anyone")}</option>
      ${members.map(({ user, name }) => html`<option key=${user} value=${user}>${name}</option>`)}
    </select>`;
}
