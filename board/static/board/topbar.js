/** The bar above a board: its name, its sprint, what is looked for, who is here, whether it is live; and what must be known. */
import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import { useComputed } from "@preact/signals";
import { useApp, useWrites } from "./context.js";
import { csrfToken } from "./csrf.js";
import { icon } from "./icons.js";
import { ArchivedBanner, Banner, LiveSign } from "./live-sign.js";
import { Menu } from "./menu.js";
import { partOf } from "./parts.js";
import { FaceFilter, TextFilter } from "./filter.js";
import { SprintPicker } from "./sprint-picker.js";
import { mayWrite, myRole } from "./state.js";
import { t } from "./messages.js";

export function TopBar() {
  return html`
    <header class="topbar">
      <a class="quiet square" href="/" aria-label=${t("boards.all")}>${icon("back")}</a>
      <${BoardName} />
      <${LiveSign} />
      <${Others} />
      <${SprintPicker} />
      <${TextFilter} />
      <${FaceFilter} />
      <${BoardMenu} />
    </header>
    <${Banner} /><${ArchivedBanner} />`;
}

/** A field where it may be changed, else only a heading. */
function BoardName() {
  const { store, actions } = useApp();
  const name = useComputed(() => store.board.value.board.name).value;
  const mayRename = useComputed(() => myRole(store.board.value) === "admin" && mayWrite(store.board.value)).value;
  const rename = async (/** @type {HTMLInputElement} */ box) => {
    const wanted = box.value.trim();
    if (!wanted || wanted === name) box.value = name;
    else if (!await actions.change("board", store.position.id, { name: wanted })) box.value = name;
  };
  useEffect(() => { document.title = name; }, [name]);
  if (!mayRename) return html`<h1>${name}</h1>`;
  return html`<h1><input class="board-name" aria-label=${t("board.name")} maxlength="512" value=${name}
    onChange=${(/** @type {any} */ event) => rename(event.target)} onKeyDown=${blurOnEnter} /></h1>`;
}

/** Drawn only when there is somebody, which is known once the board is drawn. */
function Others() {
  const { view } = useApp();
  const Here = useComputed(() => view.here.value.people.length + view.here.value.more > 0).value && partOf("here");
  return Here ? html`<${Here} />` : null;
}

/** @param {KeyboardEvent} event */
function blurOnEnter(event) {
  if (event.key === "Enter") /** @type {HTMLElement} */ (event.target).blur();
}

function BoardMenu() {
  const { ui, config } = useApp();
  const items = [
    { label: t("people"), icon: "people", run: () => ui.open("people") },
    { label: t("sprints"), icon: "flag", run: () => ui.open("sprints") },
    ...(useWrites() ? [{ label: t("column.add"), icon: "plus", run: () => ui.open("column") }] : []),
    { label: t("archive"), icon: "archive", run: () => ui.open("archive") },
    { label: t("help"), icon: "keyboard", run: () => ui.open("help") },
    { label: t("signOut", { name: config.me.name }), icon: "out", run: () => signOut(config) },
  ];
  return html`<${Menu} id="board-menu" label=${t("board.menu")} items=${items} />`;
}

/** @param {import("./types").Config} config */
export function signOut({ urls, csrf }) {
  const form = Object.assign(document.createElement("form"), { method: "post", action: urls.signOut, hidden: true });
  form.append(Object.assign(document.createElement("input"), { name: "csrfmiddlewaretoken", value: csrfToken(csrf) }));
  document.body.append(form);
  form.submit();
}
