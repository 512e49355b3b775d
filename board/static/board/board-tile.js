/** One board among all: a link, its name to change, a way to put it away. */
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { useForm } from "./form.js";
import { Menu } from "./menu.js";
import { t } from "./messages.js";

const HUES = 8;

/** @param {{board: import("./types").BoardEntity, change: import("./boards-page.js").Change}} props */
export function BoardTile({ board, change }) {
  const [renaming, setRenaming] = useState(false);
  const { id, name, archived, role = "admin" } = board;
  const { busy, onSubmit } = useForm(async (fields, cid) => {
    const renamed = await change(id, { name: fields.name }, cid);
    if (renamed) setRenaming(false);
    return renamed !== null;
  });
  const items = /** @type {import("./menu.js").Item[]} */ ([
    { label: t("rename"), icon: "edit", run: () => setRenaming(true) },
    archived ? { label: t("archive.restore"), icon: "undo", run: () => change(id, { archived: false }) }
      : { label: t("boards.archive"), icon: "archive", run: () => change(id, { archived: true }) },
  ]);
  return html`
    <li class=${`tile hue-${id % HUES}`}>
      ${renaming ? html`
        <form onSubmit=${onSubmit}><input name="name" aria-label=${t("board.name")} required maxlength="512" defaultValue=${name} ref=${(/** @type {any} */ node) => node?.focus()} />
          <div class="row"><button type="submit" class="primary" aria-disabled=${busy}>${t("save")}</button><button type="button" class="quiet" onClick=${() => setRenaming(false)}>${t("cancel")}</button></div></form>`
        : html`<a href=${`/boards/${id}/`}>${name}</a>${role === "admin" ? html`<${Menu} id=${`board-${id}-menu`} label=${t("boards.options", { name })} items=${items} />` : null}`}
    </li>`;
}
