// Look through the site's index as the reader types; nothing leaves the browser. The page has the words.

/** @typedef {{ url: string, title: string, text: string, tags: string[] }} Entry */

const MOST_RESULTS = 20;
const form = /** @type {HTMLFormElement} */ (document.querySelector("form.search"));
const input = /** @type {HTMLInputElement} */ (form.elements.namedItem("q"));
const status = /** @type {HTMLElement} */ (document.querySelector(".found"));
const list = /** @type {HTMLElement} */ (document.querySelector(".results"));
/** @type {Promise<Entry[]> | undefined} */
let loading;

form.addEventListener("submit", (event) => event.preventDefault());
input.addEventListener("input", () => {
  const { pathname } = location;
  history.replaceState(null, "", input.value ? `${pathname}?q=${encodeURIComponent(input.value)}` : pathname);
  void search();
});
input.value = new URLSearchParams(location.search).get("q") ?? "";
void search();

async function search() {
  const asked = input.value;
  const words = plain(asked).split(/\s+/).filter(Boolean);
  if (words.length === 0) return show([], "");
  try {
    const entries = await index();
    if (asked !== input.value) return; // the reader typed on
    const found = best(entries, words);
    show(found.slice(0, MOST_RESULTS), said(found.length, asked.trim()));
  } catch {
    loading = undefined;
    show([], status.dataset.failed ?? "");
  }
}

/** @returns {Promise<Entry[]>} the index, fetched once */
function index() {
  loading ??= fetch(list.dataset.index ?? "").then((answer) => {
    if (!answer.ok) throw new Error(`${answer.url} answers ${answer.status}`);
    return answer.json();
  });
  return loading;
}

/** @param {Entry[]} entries @param {string[]} words @returns {Entry[]} those with all the words, best first */
function best(entries, words) {
  return entries
    .map((entry) => ({ entry, score: scored(entry, words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ entry }) => entry);
}

/** @param {Entry} entry @param {string[]} words */
function scored(entry, words) {
  const [title, tags, text] = [entry.title, entry.tags.join(" "), entry.text].map(plain);
  const scores = words.map(
    (word) => (title.includes(word) ? 10 : 0) + (tags.includes(word) ? 5 : 0) + (text.includes(word) ? 1 : 0),
  );
  return scores.includes(0) ? 0 : scores.reduce((sum, score) => sum + score, 0);
}

/** @param {string} text @returns {string} in small letters, without accents */
function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** @param {number} count @param {string} asked @returns {string} as the page says it, in its language */
function said(count, asked) {
  const phrase = (count ? status.dataset.found : status.dataset.none) ?? "";
  const number = count.toLocaleString(document.documentElement.lang);
  return phrase.replace(/\{(words|count)\}/g, (_, name) => (name === "words" ? asked : number));
}

/** @param {Entry[]} entries @param {string} message */
function show(entries, message) {
  status.textContent = message;
  list.replaceChildren(...entries.map(item));
}

/** @param {Entry} entry */
function item({ url, title, text }) {
  const link = Object.assign(document.createElement("a"), { href: url, textContent: title });
  const heading = document.createElement("h2");
  heading.append(link);
  const summary = Object.assign(document.createElement("p"), { textContent: text });
  const made = document.createElement("li");
  made.append(heading, summary);
  return made;
}
