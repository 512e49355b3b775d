/** Add to a page what needs a script: search, a choice of colours, buttons that copy, links at headings. */
import { addAnchors, addCopyButtons, markPlace, showInMenu, wrapTables } from "./text.js";
import { startSchemes } from "./schemes.js";
import { startSearch } from "./search.js";

startSchemes();
startSearch();
addAnchors();
addCopyButtons();
wrapTables();
showInMenu();
markPlace();
