/**
 * Bring a long board's cards into the document a slice at a time, so that the page answers meanwhile.
 *
 * @import {BoardView} from "./view.js"
 */
const SLICE_MS = 50;     // of work between two chances for the browser to answer; laying out takes three times as long
const FIRST_SLICE = 350; // cards of each lane
const MOST_PER_SLICE = 1_000;

/** @param {BoardView} view @returns {Promise<void>} when the last card is in the document */
export async function drawTheRest(view) {
  let step = FIRST_SLICE;
  while (view.drawn.value < view.longest) {
    await turn();
    const began = performance.now();
    view.drawn.value += step;
    await Promise.resolve();
    const tookMs = performance.now() - began;
    step = Math.max(8, Math.min(MOST_PER_SLICE, Math.round(step * Math.min(2, SLICE_MS / Math.max(tookMs, 0.5)))));
  }
  view.drawn.value = Infinity;
  await drawn();
  document.documentElement.dataset.ready = "all";
}

/** @returns {Promise<void>} after the browser has had its turn */
function turn() {
  return new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => { channel.port1.close(); resolve(); };
    channel.port2.postMessage(null);
  });
}

/** @returns {Promise<void>} when Preact, which draws in a microtask, has drawn what was asked for before */
async function drawn() {
  for (let microtasks = 0; microtasks < 5; microtasks += 1) await null;
}
