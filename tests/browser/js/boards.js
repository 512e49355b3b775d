/** Small boards to test with. */

/** @param {object} [more] */
export function task(id, column, place, more = {}) {
  return {
    id, name: `Task ${id}`, column, sprint: 1, place, assignees: [], estimate: null, due: null,
    started: null, completed: null, archived: false, version: 1, ...more,
  };
}

/** Three columns; tasks 11, 12, 13 in the first, 21 in the second, 31 in the backlog. */
export function snapshot(more = {}) {
  return {
    board: { id: 7, name: "Release", archived: false, version: 1 },
    members: [{ id: 1, user: 3, username: "ana", name: "Ana Lima", role: "admin", version: 1 }],
    columns: [
      { id: 1, name: "To do", place: "a0", limit: null, kind: "todo", version: 1 },
      { id: 2, name: "Doing", place: "a1", limit: 2, kind: "doing", version: 1 },
      { id: 3, name: "Done", place: "a2", limit: null, kind: "done", version: 1 },
    ],
    sprints: [{ id: 1, name: "Sprint 1", goal: "", start: null, end: null, state: "active", version: 1 }],
    tasks: [task(11, 1, "a1"), task(12, 1, "a2"), task(13, 1, "a3"), task(21, 2, "a4"), task(31, 1, "a5", { sprint: null })],
    seq: 40, epoch: "e1", me: { user: 3, role: "admin" },
    live: { url: "ws://hub/live", ticket: "h.e30.s", expires: "2026-11-21T13:10:00Z" },
    ...more,
  };
}

/** The event that moves task 11 to the end of the second column. */
export function moved(seq, more = {}) {
  const change = { entity: "task", id: 11, was: { column: 1, place: "a1" }, now: { column: 2, place: "a9" } };
  return { seq, verb: "task.moved", by: 4, at: "2026-11-21T13:00:00.000Z", cid: null, changes: [change], ...more };
}

/** @param {import("../../../board/static/board/types").Board} board */
export function ids(board, key) {
  return (board.lanes.get(key) ?? []).map(({ id }) => id);
}
