/** Turn a description's Markdown into HTML that is safe to show: no scripts, no styles, no frames. */
import { marked } from "marked";
import DOMPurify from "dompurify";

/** A class or an id of the page's own would let a text lie over the page. */
export const ALLOWED = { USE_PROFILES: { html: true }, FORBID_TAGS: ["style", "form", "input", "button"], FORBID_ATTR: ["class", "style", "id", "name"], ALLOW_DATA_ATTR: false };

/** @param {string} text @returns {string} */
export function toHtml(text) {
  return DOMPurify.sanitize(marked.parse(text, { async: false, gfm: true, breaks: true }), ALLOWED);
}
