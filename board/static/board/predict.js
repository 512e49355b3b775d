/**
 * Foresee what an operation will do, so that it shows before the server has answered.
 *
 * A place foreseen is only for drawing: one character below every character the server uses, so that it
 * sorts directly after the card before it and ahead of whatever follows. The event brings the real one.
 * @import {Board, Change, Operation, Task} from "./types"
 */
import { amend, lane } from "./state.js";
import { laneOf, position } from "./lanes.js";

const BELOW_ANY_PLACE = 0x20;  // places are made of 0-9, A-Z and a-z, and "0" is 0x30

/** @param {string} before @param {string | undefined} after @returns {string} directly after `before` */
export function placeAfter(before, after) {
  const follows = after !== undefined && after.length > before.length && after.startsWith(before);
  const ceiling = follows ? after.charCodeAt(before.length) - 1 : BELOW_ANY_PLACE;
  return before + String.fromCharCode(Math.min(ceiling, BELOW_ANY_PLACE));
}

/** @param {Board} board @param {Operation} operation @returns {Board} */
export function foresee(board, operation) {
  const change = foreseenChange(board, operation);
  return change ? amend(board, [change], null) : board;
}

/** @param {Board} board @param {Operation} operation @returns {Change | null} */
function foreseenChange(board, { method, entity, id, body }) {
  if (method === "DELETE") return { entity, id, was: {}, now: null };
  if (entity === "task") return method === "POST" ? added(board, id, body) : patched(board, id, body);
  if (method === "POST") return null;
  const { before, after, ...now } = body;
  if (entity === "column") Object.assign(now, columnPlace(board, id, before, after));
  return { entity, id, was: {}, now };
}

/** @param {Board} board @param {number} id @param {Record<string, any>} body @returns {Change} */
function added(board, id, body) {
  const blank = { assignees: [], estimate: null, due: null, started: null, completed: null, archived: false, sprint: null };
  const task = /** @type {Task} */ (/** @type {unknown} */ ({ ...blank, version: 0, ...body, id, place: "" }));
  return { entity: "task", id, was: null, now: { ...task, place: taskPlace(board, task, undefined, undefined) } };
}

/** @param {Board} board @param {number} id @param {Record<string, any>} body @returns {Change | null} */
function patched(board, id, { before, after, ...fields }) {
  const held = board.tasks.get(id);
  if (!held) return null;
  const moves = before || after || "column" in fields || "sprint" in fields;
  const task = { ...held, ...fields };
  return { entity: "task", id, was: {}, now: moves ? { ...fields, place: taskPlace(board, task, before, after) } : fields };
}

/** @param {Board} board @param {Task} task @param {number} [before] @param {number} [after] @returns {string} */
function taskPlace(board, task, before, after) {
  const others = lane(board, laneOf(task)).filter((one) => one.id !== task.id);
  const ahead = before ? board.tasks.get(before) : undefined;
  const behind = after ? board.tasks.get(after) : undefined;
  const index = ahead ? position(others, ahead) : behind ? position(others, behind) + 1 : others.length;
  return placeAfter(others[index - 1]?.place ?? "", others[index]?.place);
}

/** @param {Board} board @param {number} id @param {number} [before] @param {number} [after] @returns {{place?: string}} */
function columnPlace(board, id, before, after) {
  if (!before && !after) return {};
  const others = board.columns.filter((column) => column.id !== id);
  const index = others.findIndex((column) => column.id === (before ?? after)) + (before ? 0 : 1);
  return { place: placeAfter(others[index - 1]?.place ?? "", others[index]?.place) };
}
