/** All my boards: open one, make one, rename, put away and bring back. */
import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { Refusal } from "./api.js";
import { BoardTile } from "./board-tile.js";
import { useForm } from "./form.js";
import { icon } from "./icons.js";
import { Face } from "./face.js";
import { signOut } from "./topbar.js";
import { t } from "./messages.js";

/**
 * @typedef {import("./types").BoardEntity} BoardEntity
 * @typedef {(id: number, body: object, cid?: string) => Promise<BoardEntity | null>} Change null where it failed
 */

/** @param {{api: import("./api.js").Api, config: import("./types").Config, boards: Promise<BoardEntity[]>}} props */
export function BoardsPage({ api, config, boards }) {
  const [held, setHeld] = useState(/** @type {BoardEntity[] | null} */ (null));
  const [failure, setFailure] = useState("");
  const tell = (/** @type {unknown} */ error) => setFailure(error instanceof Refusal ? error.message : t("boards.unreachable"));
  useEffect(() => { boards.then(setHeld, tell); }, [boards]);
  const send = async (/** @type {"POST" | "PATCH"} */ method, /** @type {number} */ id, /** @type {object} */ body, /** @type {string} */ cid = crypto.randomUUID()) => {
    try {
      const { entity } = await api.send({ method, entity: "board", id, body, cid });
      setFailure("");
      setHeld((all) => [...(all ?? []).filter((one) => one.id !== entity.id), entity].sort((a, b) => a.id - b.id));
      return entity;
    } catch (error) { tell(error); return null; }
  };
  /** @type {Change} */
  const change = (id, body, cid) => send("PATCH", id, body, cid);
  return html`
    <${Top} config=${config} />
    <main class="boards" tabindex="-1">
      <h1>${t("boards")}</h1>
      ${failure ? html`<p class="banner" role="alert">${failure}</p>` : null}
      <${New} onAdd=${(/** @type {string} */ name, /** @type {string} */ cid) => send("POST", 0, { name }, cid)} />
      ${held ? html`<${Listing} boards=${held} change=${change} />` : failure ? null : html`<p class="hint">${t("loading")}</p>`}
    </main>`;
}

/** @param {{config: import("./types").Config}} props */
function Top({ config }) {
  return html`
    <header class="topbar"><span class="brand">${icon("done")}${t("product")}</span><span class="grow"></span>
      <${Face} user=${config.me.id} name=${config.me.name} hidden /><span class="my-name">${config.me.name}</span>
      <button type="button" class="quiet" onClick=${() => signOut(config)}>${icon("out")}${t("signOut.short")}</button>
    </header>`;
}

/** @param {{onAdd: (name: string, cid: string) => Promise<BoardEntity | null>}} props */
function New({ onAdd }) {
  const { busy, onSubmit } = useForm(async ({ name }, cid) => {
    const board = name ? await onAdd(name, cid) : null;
    if (board) location.assign(`/boards/${board.id}/`);
    return board !== null;
  });
  return html`
    <form class="new-board" onSubmit=${onSubmit}>
      <label><span class="unseen">${t("boards.newName")}</span><input name="name" required maxlength="512" placeholder=${t("boards.newName")} /></label>
      <button type="submit" class="primary" aria-disabled=${busy}>${icon("plus")}${t("boards.add")}</button>
    </form>`;
}

/** @param {{boards: BoardEntity[], change: Change}} props */
function Listing({ boards, change }) {
  const open = boards.filter((board) => !board.archived);
  const away = boards.filter((board) => board.archived);
  return html`
    ${open.length ? html`<ul class="tiles">${open.map((board) => html`<${BoardTile} key=${board.id} board=${board} change=${change} />`)}</ul>` : html`<${Empty} />`}
    ${away.length ? html`<details class="away"><summary>${t("boards.archived", { count: away.length })}</summary>
      <ul class="tiles">${away.map((board) => html`<${BoardTile} key=${board.id} board=${board} change=${change} />`)}</ul></details>` : null}`;
}

function Empty() {
  return html`
    <div class="empty">
      <svg viewBox="0 0 160 90" aria-hidden="true"><rect x="6" y="8" width="44" height="74" rx="8" /><rect x="58" y="8" width="44" height="74" rx="8" /><rect x="110" y="8" width="44" height="74" rx="8" />
        <rect class="card" x="12" y="16" width="32" height="16" rx="4" /><rect class="card" x="12" y="37" width="32" height="16" rx="4" /><rect class="card moving" x="70" y="26" width="32" height="16" rx="4" /><rect class="card" x="116" y="16" width="32" height="16" rx="4" /></svg>
      <h2>${t("boards.empty.title")}</h2><p>${t("boards.empty.text")}</p>
    </div>`;
}
