/** A menu under a button: opens in the top layer, goes by arrow keys, closes by itself. */
import { html } from "htm/preact";
import { useRef } from "preact/hooks";
import { icon } from "./icons.js";

/** @typedef {{label: string, icon: any, run: () => void}} Item */

/** @param {{id: string, label: string, items: Item[]}} props */
export function Menu({ id, label, items }) {
  const menu = useRef(/** @type {any} */ (null));
  const button = useRef(/** @type {any} */ (null));
  const opened = (/** @type {any} */ event) => {
    const open = event.newState === "open";
    if (!button.current) return;  // what was chosen has taken the menu away
    button.current.setAttribute("aria-expanded", String(open));
    if (open) settle(menu.current, button.current);
  };
  const choose = (/** @type {Item} */ item) => { menu.current.hidePopover(); item.run(); };
  return html`
    <button type="button" ref=${button} class="quiet square" popovertarget=${id} aria-haspopup="menu" aria-expanded="false" aria-label=${label}>${icon("dots")}</button>
    <div id=${id} ref=${menu} popover="auto" role="menu" aria-label=${label} class="menu" onToggle=${opened} onKeyDown=${walk}>
      ${items.map((item) => html`<button key=${item.label} type="button" role="menuitem" onClick=${() => choose(item)}>${icon(item.icon)}${item.label}</button>`)}
    </div>`;
}

/** @param {HTMLElement} menu @param {HTMLElement} button put the menu's right edge under the button's */
function settle(menu, button) {
  const { bottom, right } = button.getBoundingClientRect();
  menu.style.top = `${bottom + 4}px`;
  menu.style.left = `${Math.max(8, right - menu.offsetWidth)}px`;
  menu.querySelector("button")?.focus();
}

/** @param {KeyboardEvent} event */
function walk(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const items = [.../** @type {HTMLElement} */ (event.currentTarget).querySelectorAll("button")];
  const at = items.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
  items[(at + step + items.length) % items.length].focus();
}
