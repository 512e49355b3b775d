/**
 * Draw one lane: a column or the backlog, its head, its cards and the box to add one.
 *
 * @import {Column, LaneKey} from "./types"
 */
import { html } from "htm/preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useComputed } from "@preact/signals";
import { useShown, useWrites } from "./context.js";
import { CardList } from "./card-list.js";
import { icon } from "./icons.js";
import { lane } from "./state.js";
import { t } from "./messages.js";

/** @param {{column: Column}} props */
export function ColumnLane({ column }) {
  const { ui, view } = useShown();
  const count = useComputed(() => view.matching(column.id).length).value;
  return html`
    <section class="lane" aria-labelledby=${`lane-${column.id}`} data-kind=${column.kind}>
      <header>
        ${icon(column.kind)}
        <h2 id=${`lane-${column.id}`}>${column.name}</h2>
        <${Count} column=${column} count=${count} />
        ${useWrites() ? html`<button type="button" class="quiet square" aria-haspopup="dialog" aria-label=${t("column.options", { name: column.name })}
          onClick=${() => ui.open("column", column.id)}>${icon("dots")}</button>` : null}
      </header>
      <${Cards} lane=${column.id} hint=${t(`column.empty.${column.kind}`)} label=${column.name} />
      ${column.kind === "done" ? null : html`<${QuickAdd} lane=${column.id} />`}
    </section>`;
}

/** The limit counts every card of the column, also those of sprints that are not shown.
 * @param {{column: Column, count: number}} props */
function Count({ column, count }) {
  const { store } = useShown();
  const all = useComputed(() => lane(store.board.value, column.id).length).value;
  if (column.limit === null) return html`<span class="count" aria-label=${t("column.count", { count })}>${count}</span>`;
  const state = all > column.limit ? "over" : all === column.limit ? "full" : "room";
  const label = t(`column.limit.${state}`, { count: all, limit: column.limit });
  return html`<span class=${`count ${state}`} title=${label} role="img" aria-label=${label}>${all}/${column.limit}</span>`;
}

/** @param {{folded: boolean, onFold: () => void}} props */
export function BacklogLane({ folded, onFold }) {
  const { view } = useShown();
  const count = useComputed(() => view.matching("backlog").length).value;
  return html`
    <section class=${folded ? "lane backlog folded" : "lane backlog"} aria-labelledby="lane-backlog">
      <header>
        <button type="button" class="fold" aria-expanded=${!folded} onClick=${onFold}>
          ${icon("inbox")}<h2 id="lane-backlog">${t("backlog")}</h2><span class="count">${count}</span>
        </button>
      </header>
      <${Cards} lane="backlog" hint=${t("backlog.empty")} label=${t("backlog")} />
      <${QuickAdd} lane="backlog" />
    </section>`;
}

/** @param {{lane: LaneKey, hint: string, label: string}} props */
function Cards({ lane: key, hint, label }) {
  const { view, hands } = useShown();
  const list = useRef(/** @type {any} */ (null));
  const tasks = view.lane(key).value;
  const around = view.around.value;
  const writes = useWrites();
  useEffect(() => (writes ? hands?.carry(list.current) : undefined), [writes, hands]);
  const cards = useRef(/** @type {CardList | null} */ (null));
  useLayoutEffect(() => {
    cards.current ??= new CardList(list.current);
    cards.current.show(tasks, around);
    keepTabStop(list.current);
  }, [tasks, around]);
  const of = key === "backlog" ? { "data-backlog": true } : { "data-column": key };
  return html`<ol ref=${list} class="cards" aria-label=${label} data-hint=${hint} ...${of}></ol>`;
}

/** Pressed before there is a box to type in, it opens when there is. @param {{lane: LaneKey}} props */
function QuickAdd({ lane: key }) {
  const { hands } = useShown();
  const [open, setOpen] = useState(false);
  if (!useWrites()) return null;
  if (open && hands) return html`<${hands.NameBox} lane=${key} onDone=${() => setOpen(false)} />`;
  return html`<button type="button" class="quiet add" onClick=${() => setOpen(true)}>${icon("plus")}${t("task.add")}</button>`;
}

/** One card of each list can be reached by Tab, the others from it by arrow keys. @param {HTMLOListElement} list */
function keepTabStop(list) {
  const first = /** @type {HTMLElement | null} */ (list.querySelector("button[tabindex='0']") ?? list.querySelector("button"));
  if (first) first.tabIndex = 0;
}
