/**
 * Keep the tasks of each lane (the backlog or a column) sorted by place.
 *
 * A draft copies only the lists it touches, so every other list keeps its identity and is not drawn again.
 * @import {Board, LaneKey, Task} from "./types"
 */

/** @param {{place: string, id: number}} a @param {{place: string, id: number}} b @returns {number} */
export function byPlace(a, b) {
  if (a.place === b.place) return a.id - b.id;
  return a.place < b.place ? -1 : 1;
}

/** @param {Task} task @returns {LaneKey} a task without a sprint lies in the backlog, whatever its column */
export function laneOf(task) {
  return task.sprint === null ? "backlog" : task.column;
}

/** @param {Iterable<Task>} tasks in order of place @returns {Map<LaneKey, Task[]>} */
export function sortIntoLanes(tasks) {
  /** @type {Map<LaneKey, Task[]>} */
  const lanes = new Map();
  for (const task of tasks) {
    const lane = lanes.get(laneOf(task));
    if (lane) lane.push(task);
    else lanes.set(laneOf(task), [task]);
  }
  return lanes;
}

/** @param {readonly Task[]} lane @param {Task} task @returns {number} where the task is, or where it would go */
export function position(lane, task) {
  let low = 0;
  let high = lane.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (byPlace(lane[middle], task) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

export class LanesDraft {
  /** @type {Map<number, Task>} */ tasks;
  /** @type {Map<LaneKey, readonly Task[]>} */ lanes;
  /** @type {Map<LaneKey, Task[]>} */ #copied = new Map();

  /** @param {Pick<Board, "tasks" | "lanes">} board */
  constructor(board) {
    this.tasks = new Map(board.tasks);
    this.lanes = new Map(board.lanes);
  }

  /** @param {Task} task replaces the one with its id, if any */
  put(task) {
    this.drop(task.id);
    const lane = this.#own(laneOf(task));
    lane.splice(position(lane, task), 0, task);
    this.tasks.set(task.id, task);
  }

  /** @param {number} id */
  drop(id) {
    const task = this.tasks.get(id);
    if (!task) return;
    const lane = this.#own(laneOf(task));
    lane.splice(position(lane, task), 1);
    if (lane.length === 0) this.#forget(laneOf(task));
    this.tasks.delete(id);
  }

  /** @param {LaneKey} key @returns {Task[]} */
  #own(key) {
    let lane = this.#copied.get(key);
    if (!lane) {
      lane = [...(this.lanes.get(key) ?? [])];
      this.#copied.set(key, lane);
      this.lanes.set(key, lane);
    }
    return lane;
  }

  /** @param {LaneKey} key */
  #forget(key) {
    this.lanes.delete(key);
    this.#copied.delete(key);
  }
}
