/** One board among all: a link, its name to change, a way to put it away. */
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { submitted } from "./form.js";
import { Menu } from "./menu.js";
import { t } from "./messages.js";

const HUES = 8;

/** @param {{board: import("./types").BoardEntity, change: (id: number, body: object) => Promise<unknown>}} props */
export function BoardTile({ board, change }) {
  const [renaming, setRenaming] = useState(false);
  const { id, name, archived } = board;
  const rename = submitted(async (fields) => { if (await change(id, { name: fields.name })) setRenaming(false); });
  const items = /** @type {import("./menu.js").Item[]} */ ([
    { label: t("rename"), icon: "edit", run: () => setRenaming(true) },
    archived ? { label: t("archive.restore"), icon: "undo", run: () => change(id, { archived: false }) }
      : { label: t("boards.archive"), icon: "archive", run: () => change(id, { archived: true }) },
  ]);
  return html`
    <li class=${`tile hue-${id % HUES}`}>
      ${renaming ? html`
        <form onSubmit=${rename}><input name="name" aria-label=${t("board.name")} required maxlength="512" defaultValue=${name} ref=${(/** @type {any} */ node) => node?.focus()} />
          <div class="row"><button type="submit" class="primary">${t("save")}</button><button type="button" class="quiet" onClick=${() => setRenaming(false)}>${t("cancel")}</button></div></form>`
        : html`<a href=${`/boards/${id}/`}>${name}</a><${Menu} id=${`board-${id}-menu`} label=${t("boards.options", { name })} items=${items} />`}
    </li>`;
}
