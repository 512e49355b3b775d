/** The wire shapes (REST, snapshot and events share them) and the shapes the app makes of them. */
export type Role = "viewer" | "commenter" | "editor" | "admin";
export type EntityName = "board" | "member" | "column" | "sprint" | "task";

export interface BoardEntity { id: number; name: string; archived: boolean; version: number; role?: Role }
export interface Member { id: number; user: number; username: string; name: string; role: Role; version: number }
export interface Column { id: number; name: string; place: string; limit: number | null; kind: "todo" | "doing" | "done"; version: number }
export interface Sprint {
  id: number; name: string; goal: string; start: string | null; end: string | null;
  state: "planned" | "active" | "finished"; version: number;
}
export interface Task {
  id: number; name: string; description?: string; column: number; sprint: number | null; place: string;
  assignees: readonly number[]; estimate: number | null; due: string | null;
  started: string | null; completed: string | null; archived: boolean; version: number;
}

export interface Change { entity: EntityName; id: number; was: Record<string, any> | null; now: Record<string, any> | null }
export interface BoardEvent {
  seq: number; verb: string; by: number | null; at: string; cid: string | null; changes: Change[];
}
export interface Ticket { url: string; ticket: string; expires: string }
export interface Snapshot {
  board: BoardEntity; members: Member[]; columns: Column[]; sprints: Sprint[]; tasks: Task[];
  seq: number; epoch: string; me: { user: number; role: Role }; live: Ticket;
}

/** "backlog" or a column's id. */
export type LaneKey = "backlog" | number;
export interface Board {
  board: BoardEntity;
  members: readonly Member[];
  columns: readonly Column[];
  sprints: readonly Sprint[];
  tasks: ReadonlyMap<number, Task>;
  lanes: ReadonlyMap<LaneKey, readonly Task[]>;
  seq: number; epoch: string; me: number;
}

/** What is looked for: a sprint (null: all of them), words in the name, one person. */
export interface View { sprint: number | null; text: string; assignee: number | null }

export interface Operation {
  cid: string; method: "POST" | "PATCH" | "DELETE"; entity: EntityName; id: number;
  body: Record<string, any>; ifMatch?: number;
}
export interface Answer { entity: any; seq: number | null }
/** Who else looks at the board; `more` are not named. */
export interface Here { people: readonly { user: number; name: string }[]; more: number }
/** What another person has in hand. */
export interface InHand { user: number; kind: "dragging" | "editing" }
export type Liveness = "live" | "reconnecting" | "offline";
export interface Config {
  page: "boards" | "board"; board: number | null; csrf: string; language: string;
  me: { id: number; username: string; name: string };
  urls: { signOut: string; docs: string };
}
export interface Toast { id: number; text: string; tone: "plain" | "bad"; lasting?: boolean; action?: { label: string; run: () => void } }
