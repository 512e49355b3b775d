/**
 * Make or change a column: its name, kind and limit, its place among the others, its end.
 *
 * @import {Column} from "./types"
 */
import { html } from "htm/preact";
import { useApp } from "./context.js";
import { Confirm } from "./confirm.js";
import { Dialog } from "./dialog.js";
import { ChangedMeanwhile, useEntityForm } from "./entity-form.js";
import { icon } from "./icons.js";
import { lane } from "./state.js";
import { t } from "./messages.js";

const KINDS = /** @type {const} */ (["todo", "doing", "done"]);

/** @param {{id?: number, onClose: () => void}} props without an id: a new one */
export function ColumnDialog({ id, onClose }) {
  const { store } = useApp();
  const column = store.board.value.columns.find((one) => one.id === id);
  const { busy, onSubmit, theirs } = useEntityForm({ entity: "column", held: column, bodyOf, onDone: onClose });
  if (id !== undefined && !column) return null;
  return html`
    <${Dialog} title=${column ? t("column.edit") : t("column.add")} focusTitle=${false} onClose=${onClose}>
      <form onSubmit=${onSubmit}>
        ${theirs ? html`<${ChangedMeanwhile} text=${inWords(theirs)} />` : null}
        <label class="field">${t("name")}<input name="name" required maxlength="512" defaultValue=${column?.name ?? ""} autofocus /></label>
        <${KindField} kind=${column?.kind ?? "doing"} />
        <label class="field">${t("column.limit")}<input name="limit" type="number" min="1" max="5000" defaultValue=${column?.limit ?? ""} placeholder=${t("column.noLimit")} />
          <span class="hint">${t("column.limitHint")}</span></label>
        <div class="row end"><button type="submit" class="primary" aria-disabled=${busy}>${column ? t("save") : t("column.add")}</button></div>
      </form>
      ${column ? html`<${Place} column=${column} onClose=${onClose} />` : null}
    <//>`;
}

/** @param {import("./form.js").Fields} fields @returns {Pick<Column, "name" | "limit"> & {kind: string}} */
function bodyOf({ name, kind, limit }) {
  return { name, kind, limit: limit && kind !== "done" ? Number(limit) : null };
}

/** @param {Column} column @returns {string} */
function inWords({ name, kind, limit }) {
  return [name, t(`column.kind.${kind}`), limit === null ? t("column.noLimit") : `${t("column.limit")} ${limit}`].join(" · ");
}

/** @param {{kind: Column["kind"]}} props */
function KindField({ kind }) {
  return html`
    <fieldset class="field"><legend>${t("column.kind")}</legend>
      <div class="kinds">${KINDS.map((one) => html`
        <label key=${one} class="choice"><input type="radio" name="kind" value=${one} defaultChecked=${one === kind} />${icon(one)}<span>${t(`column.kind.${one}`)}</span></label>`)}</div>
    </fieldset>`;
}

/** @param {{column: Column, onClose: () => void}} props */
function Place({ column, onClose }) {
  const { store, actions } = useApp();
  const { columns } = store.board.value;
  const index = columns.findIndex(({ id }) => id === column.id);
  const held = lane(store.board.value, column.id).length;
  const step = (/** @type {string} */ side, /** @type {number} */ by) => actions.change("column", column.id, { [side]: columns[index + by].id });
  return html`
    <div class="row parting">
      <button type="button" class="quiet" disabled=${index === 0} onClick=${() => step("before", -1)}>${icon("left")}${t("column.left")}</button>
      <button type="button" class="quiet" disabled=${index === columns.length - 1} onClick=${() => step("after", 1)}>${icon("right")}${t("column.right")}</button>
      <${Confirm} label=${t("delete")} question=${held ? t("column.deleteHeld", { count: held }) : t("column.deleteQuestion")}
        onConfirm=${async () => { if (await actions.remove("column", column.id)) onClose(); }} />
    </div>`;
}
