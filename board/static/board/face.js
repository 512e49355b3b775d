/** A person's face: their initials on their colour. */
import { html } from "htm/preact";
import { faceClass } from "./card.js";
import { initials } from "./messages.js";

/** @param {{user: number, name: string, hidden?: boolean}} props hidden from screen readers where the name stands beside it */
export function Face({ user, name, hidden = false }) {
  if (hidden) return html`<i class=${faceClass(user)} data-initials=${initials(name)}></i>`;
  return html`<i class=${faceClass(user)} role="img" aria-label=${name} title=${name}>${initials(name)}</i>`;
}
