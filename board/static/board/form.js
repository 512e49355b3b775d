/** Read a form's fields by name, without reloading the page. */

/** @param {(fields: Record<string, string>, form: HTMLFormElement) => unknown} run @returns {(event: Event) => void} */
export function submitted(run) {
  return (event) => {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.currentTarget);
    const fields = [...new FormData(form)].map(([name, value]) => [name, String(value).trim()]);
    run(Object.fromEntries(fields), form);
  };
}
