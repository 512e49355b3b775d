/** Draw the board that the page is for, then take part in it: what draws is fetched first, and by itself. */
import { html, render } from "htm/preact";
import { Api, Refusal } from "./api.js";
import { BoardPage } from "./board-page.js";
import { csrfToken } from "./csrf.js";
import { t } from "./messages.js";
import { drawTheRest } from "./slices.js";
import { Store } from "./store.js";
import { Ui } from "./ui.js";
import { BoardView } from "./view.js";

/**
 * @import {Shown} from "./context.js"
 * @import {Config, Snapshot} from "./types"
 */
const root = /** @type {HTMLElement} */ (document.getElementById("app"));
/** @type {Config} */
const config = JSON.parse(/** @type {HTMLElement} */ (document.getElementById("config")).textContent ?? "");
const api = new Api({ csrf: () => csrfToken(config.csrf) });
if (config.board === null) listBoards();
else openBoard(config.board);

async function listBoards() {
  const { BoardsPage } = await import("./boards-page.js");
  render(html`<${BoardsPage} api=${api} config=${config} boards=${api.readAll("boards")} />`, root);
}

/** @param {number} id */
async function openBoard(id) {
  try {
    show(await api.snapshot(id));
  } catch (error) {
    const text = error instanceof Refusal ? error.message : t("board.failed");
    render(html`<main class="sorry"><h1>${text}</h1><p><a class="button" href="/">${t("boards.all")}</a></p></main>`, root);
  }
}

/** @param {Snapshot} snapshot */
function show(snapshot) {
  const store = new Store(snapshot);
  const shown = { config, api, store, view: new BoardView(store.board), ui: new Ui(), hands: null };
  render(html`<${BoardPage} app=${shown} />`, root);
  drawTheRest(shown.view).finally(() => join(shown, snapshot));
}

/** Fetch the rest all at once, as the page lists it, so that no module waits for who imports it. @param {Shown} shown @param {Snapshot} snapshot */
async function join(shown, { live }) {
  document.head.append(/** @type {HTMLTemplateElement} */ (document.getElementById("later")).content);
  try {
    const { takePart } = await import("./take-part.js");
    render(html`<${BoardPage} app=${takePart(shown, live)} />`, root);
  } catch (error) {
    render(html`<${BoardPage} app=${shown} failed />`, root);
    throw error;
  }
}
