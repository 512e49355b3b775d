/** A number or a date, saved when it is left; what is being typed stays until then, whatever arrives. */
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { useApp } from "./context.js";
import { t } from "./messages.js";

/** @param {{label: string, held: string, commit: (text: string) => unknown, type: string, min?: string, max?: string}} props */
export function TypedField({ label, held, commit, ...rest }) {
  const { ui } = useApp();
  const [draft, setDraft] = useState(/** @type {string | null} */ (null));
  const leave = (/** @type {HTMLInputElement} */ box) => {
    const left = whatIsLeft(box, held);
    if (left === "changed") commit(box.value);
    if (left === "unfinished") {
      box.value = held;
      ui.toast(t("field.unfinished", { field: label }), { tone: "bad" });
    }
    setDraft(null);
  };
  return html`<label class="field">${label}<input ...${rest} value=${draft ?? held} onBlur=${(/** @type {any} */ event) => leave(event.target)}
    onInput=${(/** @type {any} */ event) => setDraft(event.target.value)} onKeyDown=${(/** @type {any} */ event) => event.key === "Enter" && leave(event.target)} /></label>`;
}

/**
 * @param {Pick<HTMLInputElement, "value"> & {validity: Pick<ValidityState, "badInput">}} box half a date has the value of an empty box
 * @param {string} held @returns {"unfinished" | "same" | "changed"}
 */
export function whatIsLeft({ value, validity }, held) {
  if (validity.badInput) return "unfinished";
  return value === held ? "same" : "changed";
}
