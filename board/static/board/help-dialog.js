/** The keys that work on the board. */
import { html } from "htm/preact";
import { Dialog } from "./dialog.js";
import { t } from "./messages.js";

/** @type {[string[], import("./messages.js").Key][]} */
const KEYS = [
  [["↑", "↓", "←", "→"], "help.arrows"], [["Enter"], "help.enter"], [["Space"], "help.space"], [["Esc"], "help.escape"],
  [["/"], "help.filter"], [["N"], "help.new"], [["?"], "help.help"],
];

/** @param {{onClose: () => void}} props */
export function HelpDialog({ onClose }) {
  return html`
    <${Dialog} title=${t("help")} onClose=${onClose}>
      <dl class="keys">${KEYS.map(([keys, meaning]) => html`
        <div key=${meaning}><dt>${keys.map((key) => html`<kbd key=${key}>${key}</kbd>`)}</dt><dd>${t(meaning)}</dd></div>`)}</dl>
      <p class="hint">${t("help.touch")}</p>
    <//>`;
}
