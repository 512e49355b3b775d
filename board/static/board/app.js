/** Wire the parts together and start: the board's data is asked for before anything else. */
import { effect } from "@preact/signals-core";
import { html, render } from "htm/preact";
import { Actions } from "./actions.js";
import { Api, Refusal } from "./api.js";
import { BoardPage } from "./board-page.js";
import { BoardView } from "./view.js";
import { turnTheDays } from "./calendar.js";
import { catchUp, restart } from "./catchup.js";
import { csrfToken } from "./csrf.js";
import { drawTheRest } from "./slices.js";
import { myRole } from "./state.js";
import { Live } from "./live.js";
import { Outbox } from "./outbox.js";
import { loadParts } from "./parts.js";
import { Store } from "./store.js";
import { Ui } from "./ui.js";
import { t, today } from "./messages.js";

/** @typedef {import("./types").Config} Config */

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
    start(await api.snapshot(id));
  } catch (error) {
    const text = error instanceof Refusal ? error.message : t("board.failed");
    render(html`<main class="sorry"><h1>${text}</h1><p><a class="button" href="/">${t("boards.all")}</a></p></main>`, root);
  }
}

/** @param {import("./types").Snapshot} snapshot */
function start(snapshot) {
  const store = new Store(snapshot);
  const outbox = new Outbox({ store, send: (operation) => api.send(operation) });
  const view = new BoardView(store.board);
  const ui = new Ui();
  const overheard = overhear(() => drawn.then(() => import("./company.js")).then(({ keepCompany }) => keepCompany(app, later)));
  const live = liveFor(store, snapshot, overheard);
  const app = { config, api, store, outbox, live, view, ui, actions: new Actions({ store, outbox, ui, view, live }) };
  render(html`<${BoardPage} app=${app} />`, root);
  turnTheDays(view.today, later);
  listenToTheBrowser(live, outbox, view);
  live.start();
  effect(() => { if (myRole(store.board.value) === null) live.end("not_found"); });
  const drawn = drawTheRest(view);
  drawn.then(loadParts);
}

/** @param {Store} store @param {import("./types").Snapshot} snapshot @param {(frame: any) => void} overheard */
function liveFor(store, snapshot, overheard) {
  const { id } = store.position;
  return new Live({
    ticket: snapshot.live, position: () => store.position, receive: (event) => store.receive(event),
    renew: () => api.ticket(id), catchUp: () => catchUp(api, store), reset: () => restart(api, store),
    draw: () => store.draw(), overheard, clock: { now: () => performance.now(), later },
    openers: { socket: ({ url }) => new WebSocket(url), slower: async (way) => (await import("./slower-ways.js")).opener(way) },
  });
}

/** @param {() => Promise<(frame: any) => void>} fetchHearer called with the first word of others @returns {(frame: any) => void} */
function overhear(fetchHearer) {
  /** @type {Promise<(frame: any) => void> | null} */
  let hearer = null;
  return (frame) => {
    hearer ??= fetchHearer().catch(() => { hearer = null; return () => {}; });
    hearer.then((hear) => hear(frame));
  };
}

/** @param {() => void} run @param {number} ms @returns {() => void} */
function later(run, ms) {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}

/** @param {Live} live @param {Outbox} outbox @param {BoardView} view */
function listenToTheBrowser(live, outbox, view) {
  const back = () => { live.wake(); outbox.flush(); view.today.value = today(); };
  addEventListener("online", back);
  addEventListener("pageshow", back);
  addEventListener("offline", () => live.unplugged());
  document.addEventListener("visibilitychange", () => { if (!document.hidden) back(); });
  addEventListener("beforeunload", (event) => { if (outbox.waiting.value) event.preventDefault(); });
}
