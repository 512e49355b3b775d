/**
 * Keep what is being typed into one field while others may change the same field.
 *
 * What is typed is never lost: a change by someone else shows beside it, and the person chooses.
 * @import {Task} from "./types"
 */
import { useEffect, useRef, useState } from "preact/hooks";
import { useApp } from "./context.js";
import { Refusal } from "./api.js";
import { t } from "./messages.js";

const MOST_SHOWN = 120;  // characters of a text in a note

/**
 * @param {Task} task @param {"name" | "description"} field
 * @returns {{text: string, theirs: string | null, type: (text: string) => void, save: () => Promise<void>, keepMine: () => Promise<void>, takeTheirs: () => void, dirty: boolean}}
 */
export function useDraft(task, field) {
  const app = useApp();
  const { actions, ui } = app;
  const [draft, setDraft] = useState(/** @type {string | null} */ (null));
  const [refused, setRefused] = useState(/** @type {string | null} */ (null));
  const base = useRef({ text: "", version: 0 });
  const saved = useRef(0);
  const sending = useRef(/** @type {string | null} */ (null));
  const left = useRef(false);
  const held = task[field] ?? "";

  const rebase = () => { base.current = { text: held, version: Math.max(task.version, saved.current) }; };
  const type = (/** @type {string} */ text) => {
    if (draft === null) rebase();
    setDraft(text);
  };
  const takeTheirs = () => { setDraft(null); setRefused(null); };
  const save = async () => {
    if (draft === null || draft === held) return takeTheirs();
    sending.current = draft;
    try {
      const wish = /** @type {const} */ ({ method: "PATCH", entity: "task", id: task.id, body: { [field]: draft } });
      const { entity } = await actions.askOrRefuse({ ...wish, ifMatch: base.current.version });
      saved.current = entity.version ?? 0;
      takeTheirs();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.code !== "changed") ui.toast(error.message, { tone: "bad" });
      else if (left.current) offer(app, task.id, field, draft);
      else setRefused(error.current?.[field] ?? held);
    } finally {
      sending.current = null;
    }
  };
  const changed = draft !== null && draft !== held && held !== base.current.text;
  const theirs = changed ? held : refused;
  const dirty = draft !== null && draft !== held;
  const leave = () => {
    left.current = true;
    if (!dirty || sending.current === draft) return;
    if (theirs === null) save();
    else offer(app, task.id, field, draft);
  };
  useOnLeaving(leave);
  return { text: draft ?? held, theirs, type, save, keepMine: () => { rebase(); setRefused(null); return save(); }, takeTheirs, dirty };
}

/** Say what was not saved, and save it if that is wished.
 * @param {import("./context.js").App} app @param {number} id @param {"name" | "description"} field @param {string} text */
function offer({ actions, ui }, id, field, text) {
  const run = () => actions.change("task", id, { [field]: text });
  const shown = text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
  ui.toast(t("draft.unsaved", { field: t(`task.${field}`), text: shown }), { tone: "bad", lasting: true, action: { label: t("conflict.keepMine"), run } });
}

/** Whoever closes the dialog has not said that the text is to be lost. @param {() => void} leave as it is when last drawn */
function useOnLeaving(leave) {
  const latest = useRef(leave);
  latest.current = leave;
  useEffect(() => () => latest.current(), []);
}
