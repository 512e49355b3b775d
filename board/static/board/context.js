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

/** @typedef {{config: Config, api: Api, store: Store, outbox: Outbox, live: Live, view: BoardView, ui: Ui, actions: Actions}} App */

export const AppContext = createContext(/** @type {App} */ (/** @type {unknown} */ (null)));

/** @returns {App} */
export function useApp() {
  return useContext(AppContext);
}
