/** Find the CSRF token of the moment: signing in anew, in another tab, gives the browser another one. */
const COOKIE = "csrftoken";

/** @param {string} given with the page, for where the browser keeps no such cookie @param {string} cookies @returns {string} */
export function csrfToken(given, cookies = document.cookie) {
  const pair = cookies.split("; ").find((one) => one.startsWith(`${COOKIE}=`));
  return pair?.slice(COOKIE.length + 1) || given;
}
