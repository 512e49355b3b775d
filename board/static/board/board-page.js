/**
 * The board on the screen: its lanes, the dialog that is open, and the keys and clicks on its cards.
 *
 * @import {App} from "./context.js"
 */
import { html } from "htm/preact";
import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { AppContext, useApp, useWrites } from "./context.js";
import { BacklogLane, ColumnLane } from "./lane.js";
import { ArchivedBanner, Banner } from "./live-sign.js";
import { icon } from "./icons.js";
import { Keyboard } from "./keyboard.js";
import { focusCard, keepFocus, listen } from "./board-keys.js";
import { partOf } from "./parts.js";
import { Toasts } from "./toasts.js";
import { TopBar } from "./topbar.js";
import { t } from "./messages.js";

const NARROW = "(max-width: 560px)";  // one lane fills the screen: begin with the work at hand

/** @param {{app: App}} props */
export function BoardPage({ app }) {
  return html`
    <${AppContext.Provider} value=${app}>
      <${TopBar} /><${Banner} /><${ArchivedBanner} /><${Lanes} /><${OpenDialog} />
    <//>`;
}

function Lanes() {
  const app = useApp();
  const root = useRef(/** @type {any} */ (null));
  const keyboard = useMemo(() => new Keyboard(app, focusCard), [app]);
  const folded = useSignal(matchMedia(NARROW).matches);
  useEffect(() => listen(root.current, keyboard, app), [keyboard]);
  useEffect(() => keepFocus(root.current, app.store.board), []);
  useEffect(() => app.store.board.subscribe((board) => { root.current.dataset.seq = String(board.seq); }), []);
  return html`
    <main class="board" ref=${root} tabindex="-1">
      <${BacklogLane} folded=${folded.value} onFold=${() => { folded.value = !folded.value; }} />
      ${app.view.columns.value.map((column) => html`<${ColumnLane} key=${column.id} column=${column} />`)}
      <${AddColumn} />
    </main>`;
}

function AddColumn() {
  const { ui } = useApp();
  if (!useWrites()) return null;
  return html`<button type="button" class="add-column quiet" onClick=${() => ui.open("column")}>${icon("plus")}${t("column.add")}</button>`;
}

function OpenDialog() {
  const { ui } = useApp();
  const open = ui.dialog.value;
  const Kind = open && partOf(open.kind);
  if (!Kind) return html`<${Toasts} />`;
  return html`<${Kind} key=${`${open.kind}-${open.id}`} id=${open.id} onClose=${() => { if (ui.dialog.value === open) ui.close(); }} />`;
}
