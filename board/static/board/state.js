/**
 * Hold a board as a value: made from a snapshot, moved on by events, never changed in place.
 *
 * @import {Board, BoardEvent, Change, EntityName, LaneKey, Role, Snapshot, Task, View} from "./types"
 */
import { byPlace, LanesDraft, sortIntoLanes } from "./lanes.js";

/** An event that does not follow the one before: some are missing in between. */
export class Gap extends Error {
  /** @param {number} held @param {number} got */
  constructor(held, got) {
    super(`event ${got} does not follow ${held}`);
    this.held = held;
    this.got = got;
  }
}

/** @param {Snapshot} snapshot @returns {Board} */
export function fromSnapshot(snapshot) {
  const { board, members, columns, sprints, tasks, seq, epoch, me } = snapshot;
  return {
    board, members, columns, sprints, seq, epoch, me: me.user,
    tasks: new Map(tasks.map((task) => [task.id, task])), lanes: sortIntoLanes(tasks),
  };
}

/** @param {Board} board @param {BoardEvent} event @returns {Board} a new board; the old one is untouched */
export function apply(board, event) {
  if (event.seq !== board.seq + 1) throw new Gap(board.seq, event.seq);
  return { ...amend(board, event.changes, event.seq), seq: event.seq };
}

/**
 * @param {Board} board @param {Change[]} changes
 * @param {number | null} version given to all that is touched; null leaves versions, for what is only foreseen
 * @returns {Board}
 */
export function amend(board, changes, version) {
  const stamp = version === null ? {} : { version };
  const ofTasks = changes.filter((change) => change.entity === "task");
  const next = ofTasks.length ? { ...board, ...amendTasks(board, ofTasks, stamp) } : { ...board };
  for (const change of changes) {
    if (change.entity === "board") next.board = { ...next.board, ...change.now, ...stamp };
    else if (change.entity !== "task") amendList(next, change, stamp);
  }
  return next;
}

/** @param {Board} board @param {Change[]} changes @param {object} stamp @returns {Pick<Board, "tasks" | "lanes">} */
function amendTasks(board, changes, stamp) {
  const draft = new LanesDraft(board);
  for (const change of changes) {
    const task = taskAfter(draft.tasks.get(change.id), change, stamp);
    if (task && !task.archived) draft.put(task);
    else draft.drop(change.id);
  }
  return { tasks: draft.tasks, lanes: draft.lanes };
}

/**
 * @param {Task | undefined} held @param {Change} change @param {object} stamp
 * @returns {Task | null} null where there is none: removed, or an update of one not held
 */
function taskAfter(held, { id, was, now }, stamp) {
  if (!now) return null;
  const { description, ...rest } = now;
  if (!held) return was === null || was.archived === true ? /** @type {Task} */ ({ id, ...rest, ...stamp }) : null;
  const follow = description !== undefined && "description" in held ? { description } : {};
  return { ...held, ...rest, ...follow, ...stamp };
}

/** @type {Partial<Record<EntityName, "members" | "columns" | "sprints">>} */
const LISTS = { member: "members", column: "columns", sprint: "sprints" };

/** @param {any} next a fresh copy of a board @param {Change} change @param {object} stamp */
function amendList(next, { entity, id, was, now }, stamp) {
  const name = LISTS[entity];
  if (!name) return;
  const held = next[name].find((/** @type {{id: number}} */ one) => one.id === id);
  const rest = next[name].filter((/** @type {{id: number}} */ one) => one !== held);
  if (now && (held || was === null)) rest.push({ id, ...held, ...now, ...stamp });
  next[name] = rest.sort(entity === "column" ? byPlace : byId);
}

/** @param {{id: number}} a @param {{id: number}} b @returns {number} */
function byId(a, b) {
  return a.id - b.id;
}

/** @param {Board} board @param {number} id @param {string} description @returns {Board} with a detail that snapshots leave out */
export function describe(board, id, description) {
  const held = board.tasks.get(id);
  if (!held) return board;
  const draft = new LanesDraft(board);
  draft.put({ ...held, description });
  return { ...board, tasks: draft.tasks, lanes: draft.lanes };
}

/** @type {readonly Task[]} */
const EMPTY = Object.freeze([]);

/** @param {Board} board @param {LaneKey} key @returns {readonly Task[]} */
export function lane(board, key) {
  return board.lanes.get(key) ?? EMPTY;
}

/** @type {WeakMap<readonly Task[], {view: View, shown: readonly Task[]}>} */
const remembered = new WeakMap();

/** @param {readonly Task[]} tasks @param {View} view @returns {readonly Task[]} the same list for the same question */
export function matching(tasks, view) {
  if (view.sprint === null && !view.text && view.assignee === null) return tasks;
  const known = remembered.get(tasks);
  if (known?.view === view) return known.shown;
  const shown = tasks.filter((task) => matches(task, view));
  remembered.set(tasks, { view, shown });
  return shown;
}

/** @param {Task} task @param {View} view @returns {boolean} */
function matches(task, { sprint, text, assignee }) {
  return (sprint === null || task.sprint === sprint)
    && (assignee === null || task.assignees.includes(assignee))
    && (!text || task.name.toLowerCase().includes(text));
}

/** @param {Board} board */
export function activeSprint(board) {
  return board.sprints.find((sprint) => sprint.state === "active") ?? null;
}

/** @param {Board} board @returns {Role | null} what I may do here; null once I am no member any more */
export function myRole(board) {
  return board.members.find((member) => member.user === board.me)?.role ?? null;
}

/** @param {Board} board @returns {boolean} whether I may change tasks, columns and sprints: those of an archived board rest */
export function mayWrite(board) {
  return !board.board.archived && ["editor", "admin"].includes(myRole(board) ?? "");
}

/** @param {Board} board @param {number | null} sprint @returns {{done: number, total: number}} */
export function progress(board, sprint) {
  const counts = board.columns.map((column) => {
    const tasks = lane(board, column.id);
    const total = sprint === null ? tasks.length : tasks.filter((task) => task.sprint === sprint).length;
    return { total, done: column.kind === "done" ? total : 0 };
  });
  return counts.reduce((sum, one) => ({ total: sum.total + one.total, done: sum.done + one.done }), { total: 0, done: 0 });
}
