/** Choose light or dark colours, or those of the system. */
const NAMES = { "": "as the system", light: "light", dark: "dark" };
const NEXT = /** @type {const} */ ({ "": "light", light: "dark", dark: "" });

/** @typedef {keyof typeof NEXT} Scheme */

/** Let the button in the bar change the colours, and remember the choice. */
export function startSchemes() {
  const root = document.documentElement;
  const button = document.getElementById("scheme");
  if (!button) return;
  button.addEventListener("click", () => show(NEXT[current()]));
  show(current());
  button.hidden = false;

  /** @returns {Scheme} */
  function current() {
    const chosen = root.dataset.scheme;
    return chosen === "light" || chosen === "dark" ? chosen : "";
  }

  /** @param {Scheme} scheme */
  function show(scheme) {
    if (scheme) root.dataset.scheme = scheme;
    else delete root.dataset.scheme;
    button?.setAttribute("aria-label", `Colours: ${NAMES[scheme]}`);
    button?.setAttribute("title", `Colours: ${NAMES[scheme]}`);
    try {
      if (scheme) localStorage.setItem("scheme", scheme);
      else localStorage.removeItem("scheme");
    } catch { // a browser that keeps nothing: the choice lasts as long as the page
    }
  }
}
