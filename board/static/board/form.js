/** Read a form's fields by name, without reloading the page, and send them once. */
import { useMemo } from "preact/hooks";
import { Submission } from "./submission.js";

/** @typedef {Record<string, string>} Fields */

/**
 * @param {(fields: Fields, cid: string, form: HTMLFormElement) => Promise<boolean>} run tells whether it was done
 * @returns {{busy: boolean, onSubmit: (event: Event) => void}}
 */
export function useForm(run) {
  const submission = useMemo(() => new Submission(), []);
  const onSubmit = (/** @type {Event} */ event) => {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.currentTarget);
    const fields = fieldsOf(form);
    submission.send(fields, (cid) => run(fields, cid, form));
  };
  return { busy: submission.busy.value, onSubmit };
}

/** @param {HTMLFormElement} form @returns {Fields} */
function fieldsOf(form) {
  return Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value).trim()]));
}
