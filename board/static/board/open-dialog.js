/** Show the dialog that is open, once its part is there; the notes lie in it, or at the foot of the page. */
import { html } from "htm/preact";
import { useApp } from "./context.js";
import { partOf } from "./parts.js";
import { Toasts } from "./toasts.js";

export function OpenDialog() {
  const { ui } = useApp();
  const open = ui.dialog.value;
  const Kind = open && partOf(open.kind);
  if (!Kind) return html`<${Toasts} />`;
  return html`<${Kind} key=${`${open.kind}-${open.id}`} id=${open.id} onClose=${() => { if (ui.dialog.value === open) ui.close(); }} />`;
}
