/** Lay what is wrong over the page; Escape, or its button, takes it away until there is news. */

const HOST = 'sitebuilder-problems';

/** @param {string} html what the server says is wrong, escaped; empty when all is well */
export function showProblems(html) {
  document.querySelector(HOST)?.remove();
  if (!html || document.body.classList.contains('whole')) return;
  const host = document.createElement(HOST);
  const sheet = document.createElement('section');
  sheet.className = 'sheet';
  sheet.tabIndex = -1;
  sheet.setAttribute('role', 'alert');
  sheet.innerHTML = `<header><h1>This site cannot be built as it is</h1><button type="button">Hide</button></header>${html}`;
  sheet.querySelector('button')?.addEventListener('click', hide);
  const style = document.createElement('link');
  style.rel = 'stylesheet';
  style.href = '/.sitebuilder/problems.css';
  host.attachShadow({ mode: 'open' }).append(style, sheet);
  document.body.append(host);
  document.addEventListener('keydown', onKey);
}

function hide() {
  document.querySelector(HOST)?.remove();
  document.removeEventListener('keydown', onKey);
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.key === 'Escape') hide();
}
