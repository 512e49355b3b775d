/** What a script adds to the text of a page. */

const COPIED_MS = 2000;

/** Give every heading below the title a link to itself. */
export function addAnchors() {
  for (const heading of document.querySelectorAll(".text :is(h2, h3)[id]")) {
    const link = Object.assign(document.createElement("a"), { className: "anchor", href: `#${heading.id}`, textContent: "#" });
    link.setAttribute("aria-label", `Link to “${heading.textContent}”`);
    heading.append(link);
  }
}

/** Give every block of code a button that copies it. */
export function addCopyButtons() {
  if (!navigator.clipboard) return; // on plain http other than localhost a browser has none
  for (const block of document.querySelectorAll("pre")) {
    const frame = Object.assign(document.createElement("div"), { className: "code" });
    const button = Object.assign(document.createElement("button"), { type: "button", className: "copy", textContent: "Copy" });
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(block.textContent ?? "");
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = "Copy"; }, COPIED_MS);
    });
    block.replaceWith(frame);
    frame.append(block, button);
  }
}

/** Let a table that is wider than the text be scrolled by itself, by keyboard too. */
export function wrapTables() {
  for (const table of document.querySelectorAll(".text > table")) {
    const frame = Object.assign(document.createElement("div"), { className: "scroll" });
    table.replaceWith(frame);
    frame.append(table);
    for (const cell of table.querySelectorAll("th:empty")) cell.replaceWith(document.createElement("td")); // heads nothing
    new ResizeObserver(() => letFocus(frame)).observe(frame);
  }
}

/** @param {HTMLElement} frame */
function letFocus(frame) {
  if (frame.scrollWidth > frame.clientWidth) {
    frame.tabIndex = 0;
    frame.setAttribute("role", "group");
    frame.setAttribute("aria-label", "A wide table, which can be scrolled");
  } else {
    for (const name of ["tabindex", "role", "aria-label"]) frame.removeAttribute(name);
  }
}

/** Mark, in the list of headings, the one that is being read. */
export function markPlace() {
  const links = [...document.querySelectorAll(".contents a")];
  const headings = links.map((link) => document.getElementById(decodeURIComponent(link.getAttribute("href") ?? "").slice(1)));
  if (!links.length) return;
  const mark = () => {
    const last = headings.findLastIndex((heading) => heading && heading.getBoundingClientRect().top < innerHeight / 4);
    links.forEach((link, place) => {
      if (place === last) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
  };
  document.addEventListener("scroll", mark, { passive: true });
  mark();
}

/** Show the place of this page in a menu that is longer than the window. */
export function showInMenu() {
  const menu = document.getElementById("menu");
  const here = menu?.querySelector("[aria-current]");
  if (!menu || !(here instanceof HTMLElement)) return;
  const middle = here.getBoundingClientRect().top - menu.getBoundingClientRect().top - menu.clientHeight / 2;
  if (middle > 0) menu.scrollTop = middle;
}
