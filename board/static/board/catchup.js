/**
 * Bring a board level by reading its log, or, where the log does not reach back, by a new snapshot.
 *
 * @import {Api} from "./api.js"
 * @import {Store} from "./store.js"
 */
import { Refusal } from "./api.js";

const TRIMMED = "gone";

/** @param {Api} api @param {Store} store @returns {Promise<void>} */
export async function catchUp(api, store) {
  const { id } = store.position;
  for (;;) {
    const page = await readLog(api, id, store.position.seq);
    if (!page || page.epoch !== store.position.epoch) return restart(api, store);
    const outcomes = page.events.map((event) => store.receive(event));
    if (outcomes.includes("gap")) return restart(api, store);
    if (store.position.seq >= page.seq || !outcomes.length) return undefined;
  }
}

/** @param {Api} api @param {Store} store @returns {Promise<void>} */
export async function restart(api, store) {
  store.reset(await api.snapshot(store.position.id));
}

/** @param {Api} api @param {number} id @param {number} after @returns {Promise<Awaited<ReturnType<Api["events"]>> | null>} null where trimmed */
async function readLog(api, id, after) {
  try {
    return await api.events(id, after);
  } catch (error) {
    if (error instanceof Refusal && error.code === TRIMMED) return null;
    throw error;
  }
}
