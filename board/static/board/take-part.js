/**
 * Take part in a board that is drawn: follow what others change, send what I change, put hands on its cards.
 *
 * @import {App, Shown} from "./context.js"
 * @import {BoardView} from "./view.js"
 * @import {Ticket} from "./types"
 */
import { effect } from "@preact/signals-core";
import { Actions } from "./actions.js";
import { focusCard, keepFocus, listen } from "./board-keys.js";
import { turnTheDays } from "./calendar.js";
import { catchUp, restart } from "./catchup.js";
import { allowDragging } from "./drag.js";
import { Keyboard } from "./keyboard.js";
import { Live } from "./live.js";
import { today } from "./messages.js";
import { NameBox } from "./name-box.js";
import { OpenDialog } from "./open-dialog.js";
import { Outbox } from "./outbox.js";
import { loadParts } from "./parts.js";
import { myRole } from "./state.js";
import { TopBar } from "./topbar.js";

/**
 * @typedef {(props: any) => any} Component
 * @typedef {{TopBar: Component, OpenDialog: Component, NameBox: Component,
 *   carry: (list: HTMLElement) => () => void, watch: (root: HTMLElement) => () => void}} Hands
 *   what is drawn around the lanes; `carry` lets a list's cards be dragged, `watch` gives them keys: both return their undoing
 */

/** @param {Shown} shown @param {Ticket} ticket to the hub @returns {App} */
export function takePart(shown, ticket) {
  const { api, store, ui, view } = shown;
  const outbox = new Outbox({ store, send: (operation) => api.send(operation) });
  const overheard = overhear(async () => (await import("./company.js")).keepCompany(app, later));
  const live = liveFor(shown, ticket, overheard);
  const app = { ...shown, outbox, live, actions: new Actions({ store, outbox, ui, view, live }) };
  turnTheDays(view.today, later);
  listenToTheBrowser(live, outbox, view);
  live.start();
  effect(() => { if (myRole(store.board.value) === null) live.end("not_found"); });
  loadParts();
  return { ...app, hands: handsOf(app) };
}

/** @param {App} app @returns {Hands} */
function handsOf(app) {
  return {
    TopBar, OpenDialog, NameBox,
    carry: (list) => allowDragging(list, app),
    watch: (root) => {
      const ends = [listen(root, new Keyboard(app, focusCard), app), keepFocus(root, app.store.board)];
      return () => ends.forEach((end) => end());
    },
  };
}

/** @param {Shown} shown @param {Ticket} ticket @param {(frame: any) => void} overheard */
function liveFor({ api, store }, ticket, overheard) {
  const { id } = store.position;
  return new Live({
    ticket, position: () => store.position, receive: (event) => store.receive(event),
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
