/**
 * Give every component the parts of the running app.
 *
 * @import {Actions} from "./actions.js"
 * @import {Api} from "./api.js"
 * @import {Live} from "./live.js"
 * @import {Outbox} from "./outbox.js"
 * @import {Store} from "./store.js"
 * @import {BoardView} from "./view.js"
 * @import {Ui} from "./ui.js"
 * @import {Hands} from "./take-part.js"
 * @import {Config} from "./types"
 */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { useComputed } from "@preact/signals";
import { mayWrite } from "./state.js";

/**
 * @typedef {{config: Config, api: Api, store: Store, view: BoardView, ui: Ui, hands: Hands | null}} Shown what a board is drawn
 *   from; nobody can change it before its hands are there
 * @typedef {Shown & {outbox: Outbox, live: Live, actions: Actions}} App
 */

export const AppContext = createContext(/** @type {Shown} */ (/** @type {unknown} */ (null)));

/** @returns {boolean} whether the person may change this board's tasks, columns and sprints */
export function useWrites() {
  const { store } = useShown();
  return useComputed(() => mayWrite(store.board.value)).value;
}

/** @returns {Shown} */
export function useShown() {
  return useContext(AppContext);
}

/** @returns {App} for what is drawn only once the page takes part */
export function useApp() {
  return /** @type {App} */ (useContext(AppContext));
}
