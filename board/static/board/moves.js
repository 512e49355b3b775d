/**
 * Turn "put this card there" into what the server is asked, and arrow keys into places.
 *
 * @import {Board, LaneKey, Task} from "./types"
 */
import { activeSprint } from "./state.js";

/**
 * @typedef {{lane: LaneKey, before: number | null, after: number | null}} Destination before or after which card
 * @typedef {{lane: LaneKey, index: number}} Spot
 * @typedef {{key: LaneKey, ids: number[]}} ShownLane
 */

/**
 * @param {Board} board @param {Task} task @param {Destination} to
 * @param {number | null} sprint the one that a backlog task would join
 * @returns {Record<string, any> | null} the body of a PATCH; null where a sprint is needed and none is known
 */
export function moveBody(board, task, { lane, before, after }, sprint) {
  const beside = before !== null ? { before } : after !== null ? { after } : {};
  if (lane === "backlog") return { sprint: null, column: backlogColumn(board, task, before ?? after), ...beside };
  if (task.sprint !== null) return { column: lane, ...beside };
  return sprint === null ? null : { sprint, column: lane, ...beside };
}

/** @param {Board} board @param {Task} task @param {number | null} beside @returns {number} a todo column */
function backlogColumn(board, task, beside) {
  const neighbour = beside === null ? undefined : board.tasks.get(beside);
  const todo = board.columns.filter((column) => column.kind === "todo");
  const held = [neighbour?.column, task.column].find((id) => todo.some((column) => column.id === id));
  return held ?? todo[0]?.id ?? task.column;
}

/** @param {Board} board @param {number | null} chosen @returns {number | null} the sprint that a card dropped on a column joins */
export function sprintToJoin(board, chosen) {
  return chosen ?? activeSprint(board)?.id ?? null;
}

/** @param {ShownLane[]} lanes @param {number} id @returns {Spot | null} */
export function spotOf(lanes, id) {
  for (const { key, ids } of lanes) {
    const index = ids.indexOf(id);
    if (index >= 0) return { lane: key, index };
  }
  return null;
}

/**
 * @param {ShownLane[]} lanes without the card that is carried @param {Spot} from @param {string} key an arrow
 * @returns {Spot} where the carried card would lie next; `from` at an edge
 */
export function carry(lanes, from, key) {
  const at = lanes.findIndex((lane) => lane.key === from.lane);
  if (key === "ArrowUp") return { ...from, index: Math.max(0, from.index - 1) };
  if (key === "ArrowDown") return { ...from, index: Math.min(lanes[at].ids.length, from.index + 1) };
  const next = lanes[at + (key === "ArrowLeft" ? -1 : 1)];
  return next ? { lane: next.key, index: Math.min(from.index, next.ids.length) } : from;
}

/** @param {ShownLane[]} lanes @param {Spot} from @param {string} key an arrow @returns {number | null} the card to go to */
export function neighbour(lanes, from, key) {
  const at = lanes.findIndex((lane) => lane.key === from.lane);
  if (key === "ArrowUp") return lanes[at].ids[from.index - 1] ?? null;
  if (key === "ArrowDown") return lanes[at].ids[from.index + 1] ?? null;
  const beyond = key === "ArrowLeft" ? lanes.slice(0, at).reverse() : lanes.slice(at + 1);
  const ids = beyond.find((lane) => lane.ids.length)?.ids ?? [];
  return ids[Math.min(from.index, ids.length - 1)] ?? null;
}

/** @param {ShownLane[]} lanes without the card that is moved @param {Spot} spot @returns {Destination} */
export function destination(lanes, { lane, index }) {
  const ids = lanes.find(({ key }) => key === lane)?.ids ?? [];
  return { lane, before: ids[index] ?? null, after: ids[index - 1] ?? null };
}

/** @param {ShownLane[]} lanes @param {number} id @returns {ShownLane[]} */
export function without(lanes, id) {
  return lanes.map(({ key, ids }) => ({ key, ids: ids.filter((one) => one !== id) }));
}
