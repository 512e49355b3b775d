/** Know whether a task is being edited in its dialog: a field has the focus, or a description is being written. */
import { useEffect, useRef } from "preact/hooks";
import { useApp } from "./context.js";

const AT_WORK = ":is(textarea, input, select):focus:not([readonly]), .tabs";

/** @param {number} id of a task @returns {import("preact").RefObject<HTMLElement>} for the element that holds its fields */
export function useEditing(id) {
  const { view } = useApp();
  const root = useRef(/** @type {any} */ (null));
  useEffect(() => {
    const ending = new AbortController();
    const look = () => { view.edited.value = root.current?.querySelector(AT_WORK) ? id : null; };
    const soon = () => setTimeout(look);  // on leaving, the next field has not got the focus yet
    root.current.addEventListener("focusin", look, { signal: ending.signal });
    root.current.addEventListener("focusout", soon, { signal: ending.signal });
    const changes = new MutationObserver(look);
    changes.observe(root.current, { childList: true, subtree: true });
    return () => { ending.abort(); changes.disconnect(); view.edited.value = null; };
  }, [id]);
  return root;
}
