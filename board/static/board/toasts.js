/** Short notes at the foot of the page, and the voice for screen readers; inside a modal dialog while one is open. */
import { html } from "htm/preact";
import { useApp } from "./context.js";
import { icon } from "./icons.js";
import { t } from "./messages.js";

export function Toasts() {
  const { ui } = useApp();
  return html`
    <div class="unseen" role="status" aria-live="polite" data-announcement>${ui.announcement.value}</div>
    <div class="toasts" role="region" aria-live="polite" aria-label=${t("notices")}>
      ${ui.toasts.value.map((toast) => html`<${Note} key=${toast.id} toast=${toast} />`)}
    </div>`;
}

/** @param {{toast: import("./types").Toast}} props */
function Note({ toast: { id, text, tone, action } }) {
  const { ui } = useApp();
  const act = () => { ui.dismiss(id); action?.run(); };
  return html`
    <div class=${`toast ${tone}`}><p>${text}</p>
      ${action ? html`<button type="button" onClick=${act}>${action.label}</button>` : null}
      <button type="button" class="quiet square" aria-label=${t("dismiss")} onClick=${() => ui.dismiss(id)}>${icon("close")}</button></div>`;
}
