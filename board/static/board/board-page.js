/**
 * The board on the screen: its lanes at first, and around them, once the page takes part, all that is for hands.
 *
 * @import {Shown} from "./context.js"
 */
import { html } from "htm/preact";
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { AppContext, useShown, useWrites } from "./context.js";
import { taskAt } from "./card.js";
import { BacklogLane, ColumnLane } from "./lane.js";
import { icon } from "./icons.js";
import { t } from "./messages.js";

const NARROW = "(max-width: 560px)";  // one lane fills the screen: begin with the work at hand

/** @param {{app: Shown, failed?: boolean}} props failed: its hands will not come */
export function BoardPage({ app, failed = false }) {
  const { hands } = app;
  return html`
    <${AppContext.Provider} value=${app}>
      ${hands ? html`<${hands.TopBar} />` : html`<${BareBar} failed=${failed} />`}
      <${Lanes} />
      ${hands ? html`<${hands.OpenDialog} />` : null}
    <//>`;
}

/** Until the page takes part it follows nothing; where that lasts, it says so. @param {{failed: boolean}} props */
function BareBar({ failed }) {
  const sign = failed ? "offline" : "reconnecting";
  return html`
    <header class="topbar bare"><span class="live" data-live=${sign} role="status"><i></i>${t(`live.${sign}`)}</span></header>
    ${failed ? html`
      <div class="banner" role="alert"><span>${t("banner.halfLoaded")}</span>
        <button type="button" onClick=${() => location.reload()}>${t("reload")}</button></div>` : null}`;
}

function Lanes() {
  const { hands, store, ui, view } = useShown();
  const root = useRef(/** @type {any} */ (null));
  const folded = useSignal(matchMedia(NARROW).matches);
  useEffect(() => hands?.watch(root.current), [hands]);
  useEffect(() => store.board.subscribe((board) => { root.current.dataset.seq = String(board.seq); }), []);
  const open = (/** @type {MouseEvent} */ { target }) => {
    const id = taskAt(target);
    if (id && view.carried.value === null) ui.open("task", id);
  };
  return html`
    <main class="board" ref=${root} tabindex="-1" onClick=${open}>
      <${BacklogLane} folded=${folded.value} onFold=${() => { folded.value = !folded.value; }} />
      ${view.columns.value.map((column) => html`<${ColumnLane} key=${column.id} column=${column} />`)}
      <${AddColumn} />
    </main>`;
}

function AddColumn() {
  const { ui } = useShown();
  if (!useWrites()) return null;
  return html`<button type="button" class="add-column quiet" onClick=${() => ui.open("column")}>${icon("plus")}${t("column.add")}</button>`;
}
