/** Draw the icons: 16 units square, one stroke, in the colour of the text around them. */
import { html } from "htm/preact";

const PATHS = {
  plus: "M8 3v10M3 8h10",
  close: "m4 4 8 8M12 4l-8 8",
  dots: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  back: "M10 3 5 8l5 5",
  down: "m4 6 4 4 4-4",
  search: "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10Zm3.6-1.4L14 14",
  people: "M6 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Zm-4.5 5.5a4.5 4.5 0 0 1 9 0M10.5 3.2a2.5 2.5 0 0 1 0 4.6M12.5 10a4.5 4.5 0 0 1 2 3.5",
  flag: "M3.5 14V2.5h8l-1.5 3 1.5 3h-8",
  archive: "M2 3h12v3H2zM3 6v7h10V6M6.5 9h3",
  keyboard: "M1.5 4h13v8h-13zM4 7h.01M6.7 7h.01M9.3 7h.01M12 7h.01M5 9.5h6",
  out: "M6 2.5H3v11h3M10 5l3 3-3 3M13 8H6.5",
  trash: "M2.5 4.5h11M6 4.5v-2h4v2M4 4.5l.7 9h6.6l.7-9M6.7 7v4M9.3 7v4",
  edit: "M10.5 3 13 5.5 5.5 13 2.5 13.5 3 10.5z",
  left: "M13 8H3m4-4L3 8l4 4",
  right: "M3 8h10M9 4l4 4-4 4",
  inbox: "M2 9.5 4 3h8l2 6.5V13H2zM2 9.5h3.5a2.5 2.5 0 0 0 5 0H14",
  todo: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12Z",
  doing: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 4.5v7a3.5 3.5 0 0 0 0-7Z",
  done: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM5.3 8.2l1.9 1.9 3.5-4",
  clock: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 4.8V8l2.2 1.6",
  undo: "M5.5 3 2.5 6l3 3M2.5 6h7a4 4 0 0 1 0 8H6",
};

/** @param {keyof typeof PATHS} name */
export function icon(name) {
  return html`<svg class=${`icon icon-${name}`} viewBox="0 0 16 16" aria-hidden="true"><path d=${PATHS[name]} /></svg>`;
}
