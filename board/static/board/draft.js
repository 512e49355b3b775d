/**
 * Keep what is being typed into one field while others may change the same field.
 *
 * What is typed is never lost: a change by someone else shows beside it, and the person chooses.
 * @import {Task} from "./types"
 */
import { useRef, useState } from "preact/hooks";
import { useApp } from "./context.js";
import { Refusal } from "./api.js";

/**
 * @param {Task} task @param {"name" | "description"} field
 * @returns {{text: string, theirs: string | null, type: (text: string) => void, save: () => Promise<void>, keepMine: () => Promise<void>, takeTheirs: () => void, dirty: boolean}}
 */
export function useDraft(task, field) {
  const { actions, ui } = useApp();
  const [draft, setDraft] = useState(/** @type {string | null} */ (null));
  const [refused, setRefused] = useState(/** @type {string | null} */ (null));
  const base = useRef({ text: "", version: 0 });
  const saved = useRef(0);
  const held = task[field] ?? "";

  const rebase = () => { base.current = { text: held, version: Math.max(task.version, saved.current) }; };
  const type = (/** @type {string} */ text) => {
    if (draft === null) rebase();
    setDraft(text);
  };
  const takeTheirs = () => { setDraft(null); setRefused(null); };
  const save = async () => {
    if (draft === null || draft === held) return takeTheirs();
    try {
      const wish = /** @type {const} */ ({ method: "PATCH", entity: "task", id: task.id, body: { [field]: draft } });
      const { entity } = await actions.askOrRefuse({ ...wish, ifMatch: base.current.version });
      saved.current = entity.version ?? 0;
      takeTheirs();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.code === "changed") setRefused(error.current?.[field] ?? held);
      if (error.code !== "changed" || !ui.dialog.value) ui.toast(error.message, { tone: "bad" });
    }
  };
  const changed = draft !== null && draft !== held && held !== base.current.text;
  const theirs = changed ? held : refused;
  return { text: draft ?? held, theirs, type, save, keepMine: () => { rebase(); setRefused(null); return save(); }, takeTheirs, dirty: draft !== null && draft !== held };
}
