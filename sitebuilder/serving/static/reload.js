/** Keep this page as its sources are: new styles at once, else load it again, and show what is wrong. */
import { showProblems } from './problems.js';

const OWN = '/.sitebuilder';
const CACHE_BUSTER = 'reloaded';

/** @typedef {{was: string, href: string, integrity: string}} Stylesheet */

/** @type {EventSource | undefined} */
let source;
let known = new URL(import.meta.url).searchParams.get('known') ?? '';
const run = new URL(import.meta.url).searchParams.get('run') ?? '';

listen();
// A hidden page gives its connection back: browsers allow six to a server.
document.addEventListener('visibilitychange', () => (document.hidden ? stop() : listen()));
addEventListener('pagehide', stop);
addEventListener('pageshow', listen);

function listen() {
  if (source || document.hidden) return;
  const query = new URLSearchParams({ address: location.pathname, run, known });
  source = new EventSource(`${OWN}/events?${query}`);
  on('page', () => location.reload());
  on('css', (/** @type {Stylesheet[]} */ links) => swapAll(links) || location.reload());
  on('files', (/** @type {string[]} */ paths) => paths.every(isFresh) || location.reload());
  on('problems', showProblems);
}

function stop() {
  source?.close();
  source = undefined;
}

/** @param {string} name @param {(what: any) => void} act */
function on(name, act) {
  source?.addEventListener(name, (event) => {
    known = event.lastEventId || known;
    act(JSON.parse(event.data));
  });
}

/** @param {Stylesheet[]} links @returns {boolean} whether the page had all that are to be replaced */
function swapAll(links) {
  const found = links.map(({ was }) => stylesheets().find((link) => written(link) === was));
  links.forEach(({ href, integrity }, place) => found[place] && swap(found[place], href, integrity));
  return found.every(Boolean);
}

/** Take in a changed file. @param {string} path @returns {boolean} whether the page is as it should be now */
function isFresh(path) {
  const links = stylesheets().filter((link) => new URL(link.href).pathname === path);
  for (const link of links) {
    const url = new URL(link.href);
    url.searchParams.set(CACHE_BUSTER, String(Date.now()));
    swap(link, url.href, '');
  }
  return links.length > 0 || !isUsed(path);
}

/** @param {string} path */
function isUsed(path) {
  const loaded = performance.getEntriesByType('resource').map((entry) => entry.name);
  const named = [...document.querySelectorAll('[src], link[href]')].map((element) =>
    element instanceof HTMLLinkElement ? element.href : String(Reflect.get(element, 'currentSrc') || Reflect.get(element, 'src')),
  );
  return [...loaded, ...named].some((url) => isOurs(url) && new URL(url).pathname === path);
}

/** @param {string} url */
function isOurs(url) {
  return URL.canParse(url) && new URL(url).host === location.host;
}

/** @returns {HTMLLinkElement[]} */
function stylesheets() {
  const links = /** @type {NodeListOf<HTMLLinkElement>} */ (document.querySelectorAll('link[rel~="stylesheet" i]'));
  return [...links].filter((link) => isOurs(link.href) && !link.dataset.leaving);
}

/** @param {HTMLLinkElement} link @returns {string | null} the address as the page's source has it */
function written(link) {
  return link.getAttribute('href');
}

/** The stylesheets that each one takes the place of: it may be replaced itself before it has come.
 * @type {WeakMap<HTMLLinkElement, HTMLLinkElement[]>} */
const replaced = new WeakMap();

/** Put a new stylesheet beside the old one, which leaves when the new one is there: no flash without any.
 * @param {HTMLLinkElement} link @param {string} href @param {string} integrity */
function swap(link, href, integrity) {
  const next = /** @type {HTMLLinkElement} */ (link.cloneNode());
  if (integrity) next.integrity = integrity;
  else next.removeAttribute('integrity');
  next.href = href;
  link.dataset.leaving = 'yes';
  delete next.dataset.leaving;
  const old = [...(replaced.get(link) ?? []), link];
  replaced.set(next, old);
  for (const end of ['load', 'error']) next.addEventListener(end, () => old.forEach((each) => each.remove()));
  link.after(next);
}
