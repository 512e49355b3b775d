/** A native modal dialog: focus stays inside, Escape and a click beside it close it, focus returns. */
import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { icon } from "./icons.js";
import { Toasts } from "./toasts.js";
import { t } from "./messages.js";

/** @param {{title: string, kind?: string, quietTitle?: boolean, focusTitle?: boolean, onClose: () => void, children: any}} props */
export function Dialog({ title, kind = "", quietTitle = false, focusTitle = true, onClose, children }) {
  const ref = useRef(/** @type {any} */ (null));
  useEffect(() => {
    const before = document.activeElement;
    ref.current.showModal();
    return () => { if (before instanceof HTMLElement && before.isConnected) before.focus(); };
  }, []);
  const beside = (/** @type {MouseEvent} */ event) => { if (event.target === ref.current) ref.current.close(); };
  return html`
    <dialog ref=${ref} class=${kind} aria-labelledby="dialog-title" onClose=${onClose} onMouseDown=${beside}>
      <div class="sheet">
        <header>
          <h2 id="dialog-title" tabindex="-1" autofocus=${focusTitle} class=${quietTitle ? "quiet-title" : ""}>${title}</h2>
          <button type="button" class="quiet square" aria-label=${t("close")} onClick=${() => ref.current.close()}>${icon("close")}</button>
        </header>
        ${children}
      </div>
      <${Toasts} />
    </dialog>`;
}
