/** Find the pages and headings that a reader's words mean; without a page, so that it can be tested. */

/** @typedef {{ url: string, title: string, text: string, tags: string[], headings: [string, string][] }} Page */
/** @typedef {{ url: string, title: string, text: string, score: number }} Found */

const MOST = 12;
const WORTH = { title: 12, tag: 8, heading: 6, text: 2 };

/**
 * Each word has to be found somewhere in the page; the beginning of a word counts double.
 * @param {Page[]} pages @param {string} query @returns {Found[]} the best first
 */
export function ranked(pages, query) {
  const words = wordsOf(query);
  if (!words.length) return [];
  const found = pages.flatMap((page) => findings(page, words));
  return found.sort((a, b) => b.score - a.score || a.title.length - b.title.length).slice(0, MOST);
}

/** @param {string} text @returns {string[]} */
export function wordsOf(text) {
  return text.toLowerCase().split(/[^\p{L}\p{N}_-]+/u).filter(Boolean);
}

/** @param {Page} page @param {string[]} words @returns {Found[]} the page, or its best heading */
function findings(page, words) {
  const heading = best(page.headings ?? [], words);
  const scores = words.map((word) => Math.max(
    WORTH.title * match(page.title, word),
    WORTH.tag * Math.max(0, ...page.tags.map((tag) => match(tag, word))),
    WORTH.heading * Math.max(0, ...(page.headings ?? []).map(([, text]) => match(text, word))),
    WORTH.text * match(page.text, word),
  ));
  if (scores.includes(0)) return [];
  const score = scores.reduce((sum, one) => sum + one, 0);
  const inTitle = words.every((word) => match(page.title, word));
  if (heading && !inTitle) {
    return [{ url: `${page.url}#${heading[0]}`, title: heading[1], text: page.title, score }];
  }
  return [{ url: page.url, title: page.title, text: page.text, score }];
}

/** @param {[string, string][]} headings @param {string[]} words @returns {[string, string] | undefined} */
function best(headings, words) {
  const scored = headings.map((heading) => ({
    heading,
    score: words.reduce((sum, word) => sum + match(heading[1], word), 0),
  }));
  return scored.filter(({ score }) => score > 0).sort((a, b) => b.score - a.score)[0]?.heading;
}

/** @param {string} text @param {string} word @returns {number} 2 where a word begins so, 1 inside of one, else 0 */
function match(text, word) {
  const place = text.toLowerCase().indexOf(word);
  if (place < 0) return 0;
  return wordsOf(text).some((one) => one.startsWith(word)) ? 2 : 1;
}
