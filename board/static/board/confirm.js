/** Ask once more, in place, before something that cannot be undone. */
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { icon } from "./icons.js";
import { t } from "./messages.js";

/** @param {{label: string, question: string, onConfirm: () => unknown, disabled?: boolean}} props */
export function Confirm({ label, question, onConfirm, disabled = false }) {
  const [asking, setAsking] = useState(false);
  if (!asking) {
    return html`<button type="button" class="danger quiet" disabled=${disabled} onClick=${() => setAsking(true)}>${icon("trash")}${label}</button>`;
  }
  return html`
    <div class="confirm" role="group" aria-label=${question}>
      <p>${question}</p>
      <button type="button" class="danger" ref=${(/** @type {any} */ node) => node?.focus()} onClick=${onConfirm}>${label}</button>
      <button type="button" onClick=${() => setAsking(false)}>${t("cancel")}</button>
    </div>`;
}
