/**
 * Who is on the board and what they may do; an admin adds people, changes roles, removes.
 *
 * @import {Member, Role} from "./types"
 */
import { html } from "htm/preact";
import { useApp } from "./context.js";
import { Confirm } from "./confirm.js";
import { Dialog } from "./dialog.js";
import { Face } from "./face.js";
import { useForm } from "./form.js";
import { myRole } from "./state.js";
import { t } from "./messages.js";

const ROLES = /** @type {Role[]} */ (["viewer", "commenter", "editor", "admin"]);

/** @param {{onClose: () => void}} props */
export function PeopleDialog({ onClose }) {
  const { store, actions } = useApp();
  const board = store.board.value;
  const admin = myRole(board) === "admin";
  const { busy, onSubmit } = useForm(async ({ username, role }, cid, form) => {
    const added = await actions.add("member", { username, role }, { cid });
    if (added) form.reset();
    return added !== null;
  });
  return html`
    <${Dialog} title=${t("people")} onClose=${onClose}>
      <ul class="rows">${board.members.map((member) => html`<${Row} key=${member.id} member=${member} admin=${admin} />`)}</ul>
      ${admin ? html`
        <form class="inset" onSubmit=${onSubmit}>
          <div class="pair">
            <label class="field">${t("people.username")}<input name="username" required autocapitalize="none" autocomplete="off" spellcheck="false" /></label>
            <label class="field">${t("people.role")}<${RoleSelect} name="role" value="editor" /></label>
          </div>
          <div class="row end"><button type="submit" class="primary" aria-disabled=${busy}>${t("people.add")}</button></div>
        </form>` : html`<p class="hint">${t("people.onlyAdmins")}</p>`}
    <//>`;
}

/** @param {{member: Member, admin: boolean}} props */
function Row({ member, admin }) {
  const { actions, view } = useApp();
  const { id, user, name, username, role } = member;
  const isHere = view.here.value.people.some((one) => one.user === user);
  return html`
    <li class="person">
      <${Face} user=${user} name=${name} hidden />
      <div class="who"><strong>${name}</strong><span class="hint">@${username}${isHere ? html`<span class="here-now">${t("here.now")}</span>` : null}</span></div>
      ${admin ? html`
        <${RoleSelect} label=${t("people.roleOf", { name })} value=${role} onChange=${(/** @type {string} */ value) => actions.change("member", id, { role: value })} />
        <${Confirm} label=${t("people.remove")} question=${t("people.removeQuestion", { name })} onConfirm=${() => actions.remove("member", id)} />`
        : html`<span class="chip">${t(`role.${role}`)}</span>`}
    </li>`;
}

/** @param {{value: string, name?: string, label?: string, onChange?: (value: string) => unknown}} props */
function RoleSelect({ value, name, label, onChange }) {
  return html`
    <select name=${name} aria-label=${label} onChange=${(/** @type {any} */ event) => onChange?.(event.target.value)}>
      ${ROLES.map((role) => html`<option key=${role} value=${role} selected=${role === value}>${t(`role.${role}`)}</option>`)}
    </select>`;
}
