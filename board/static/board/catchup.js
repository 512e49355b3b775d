/**
 * Bring a board level by reading its log, or, where the log does not reach back, by a new snapshot.
 *
 * @import {Api} from "./api.js"
 * @import {Position} from "./connection.js"
 * @import {Store} from "./store.js"
 * @import {Snapshot} from "./types"
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
  const before = store.position;
  const snapshot = await api.snapshot(before.id);
  if (!isOvertaken(snapshot, before, store.position)) store.reset(snapshot);
}

/**
 * @param {Snapshot} snapshot @param {Position} before it was asked for @param {Position} now
 * @returns {boolean} whether events have come meanwhile that it lacks; one that is older without them tells of a rewound board
 */
function isOvertaken({ epoch, seq }, before, now) {
  return epoch === now.epoch && seq < now.seq && (now.epoch !== before.epoch || now.seq > before.seq);
}

/** Read a task by itself, for what snapshots leave out, until no event overtakes it. @param {Api} api @param {Store} store @param {number} id */
export async function readTask(api, store, id) {
  while (!store.describe(await api.read(`tasks/${id}`)));
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
