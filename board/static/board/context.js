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
 * @import {Config} from "./types"
 */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { useComputed } from "@preact/signals";
import { mayWrite } from "./state.js";

/** @typedef {{config: Config, api: Api, store: Store, outbox: Outbox, live: Live, view: BoardView, ui: Ui, actions: Actions}} App */

export const AppContext = createContext(/** @type {App} */ (/** @type {unknown} */ (null)));

/** @returns {boolean} whether the person may change this board's tasks, columns and sprints */
export function useWrites() {
  const { store } = useApp();
  return useComputed(() => mayWrite(store.board.value)).value;
}

/** @returns {App} */
export function useApp() {
  return useContext(AppContext);
}
