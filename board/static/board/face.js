/** A person's face: their initials on their colour. */
import { html } from "htm/preact";
import { faceClass } from "./card.js";
import { initials } from "./messages.js";

/** @param {{user: number, name: string, hidden?: boolean}} props hidden from screen readers where the name stands beside it */
export function Face({ user, name, hidden = false }) {
  const spoken = hidden ? { "aria-hidden": "true" } : { role: "img", "aria-label": name, title: name };
  return html`<i class=${faceClass(user)} ...${spoken}>${initials(name)}</i>`;
}
