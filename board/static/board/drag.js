/**
 * Let cards be dragged by mouse and by finger, and leave the document to Preact.
 *
 * While a card is in the air the lists are held as they are; on dropping, its element goes back to where it
 * came from, and the store is told where it was dropped: drawing it there is the store's business.
 */
const TOUCH_DELAY_MS = 180;   // a shorter touch scrolls
const START_DISTANCE_PX = 5;  // a shorter way is a click

/**
 * @typedef {import("./moves.js").Destination} Destination
 * @typedef {{lifted: (id: number) => void, dropped: (id: number, to: Destination | null) => void}} Owner null: where it was
 */

/** @param {HTMLElement} list an `ol` of cards @param {Pick<import("./context.js").App, "view" | "actions">} app @returns {() => void} undoes it */
export function allowDragging(list, app) {
  const owner = ownerFor(app);
  let wanted = true;
  let undo = () => {};
  import("sortablejs").then(({ default: Sortable }) => {
    if (!wanted) return;
    const sortable = Sortable.create(list, options(owner));
    undo = () => sortable.destroy();
  });
  return () => { wanted = false; undo(); owner.dropped(0, null); };
}

/** @param {Pick<import("./context.js").App, "view" | "actions">} app @returns {Owner} */
function ownerFor({ view, actions }) {
  return {
    lifted: (id) => {
      view.held.value = true;
      view.carried.value = id;
    },
    dropped: (id, to) => {
      view.held.value = false;
      view.carried.value = null;
      if (to) actions.move(id, to);
    },
  };
}

/** @param {Owner} owner @returns {import("sortablejs").Options} */
function options(owner) {
  /** @type {Element | null} */
  let next = null;
  return {
    group: "cards", draggable: "li", filter: ".unsaved", forceFallback: true, fallbackOnBody: true, animation: 0,
    fallbackTolerance: START_DISTANCE_PX, delay: TOUCH_DELAY_MS, delayOnTouchOnly: true, touchStartThreshold: 4,
    ghostClass: "gap", fallbackClass: "lifted", scrollSensitivity: 60, scrollSpeed: 14, emptyInsertThreshold: 40,
    onStart: ({ item }) => {
      next = item.nextElementSibling;
      document.documentElement.classList.add("dragging");
      owner.lifted(Number(item.dataset.task));
    },
    onEnd: ({ item, from, to }) => {
      const target = item.nextElementSibling === next && to === from ? null : destinationOf(item, to);
      document.documentElement.classList.remove("dragging");
      from.insertBefore(item, next?.parentNode === from ? next : null);
      owner.dropped(Number(item.dataset.task), target);
      // Sortable swallows the click after a drag. Where none comes it would swallow the next one, which is meant.
      setTimeout(() => document.dispatchEvent(new MouseEvent("click")));
    },
  };
}

/** @param {Element} item @param {HTMLElement} list @returns {Destination} */
function destinationOf(item, list) {
  return {
    lane: list.dataset.column ? Number(list.dataset.column) : "backlog",
    before: idOf(item.nextElementSibling), after: idOf(item.previousElementSibling),
  };
}

/** @param {Element | null} card @returns {number | null} */
function idOf(card) {
  const id = Number(/** @type {HTMLElement | null} */ (card)?.dataset.task);
  return id > 0 ? id : null;
}
