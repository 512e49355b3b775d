/**
 * Keep company: show who else is on the board and what each has in hand, and tell them what I have in hand.
 *
 * Nothing is shown while the board is not live: who is there then is not known.
 * @import {App} from "./context.js"
 * @import {BoardView} from "./view.js"
 */
import { batch, effect } from "@preact/signals-core";
import { markCard } from "./card.js";
import { Presence } from "./presence.js";
import { Says } from "./says.js";
import { NOBODY } from "./view.js";
import { Voice } from "./voice.js";

/**
 * @param {Pick<App, "config" | "live" | "view">} app @param {(run: () => void, ms: number) => () => void} later
 * @returns {(frame: any) => void} takes what is overheard
 */
export function keepCompany({ config, live, view }, later) {
  const me = config.me.id;
  const presence = new Presence();
  const says = new Says(later, () => show());
  const voice = new Voice((kind, key, d) => live.say(kind, key, d), later);
  const show = () => batch(() => {
    const isLive = live.sign.peek() === "live";
    view.here.value = isLive ? presence.besides(me) : NOBODY;
    view.inHands.value = isLive ? says.byTask() : new Map();
  });
  effect(() => {
    if (live.sign.value !== "live") { presence.forget(); says.forget(() => true); }
    show();
  });
  effect(() => voice.tell("dragging", view.carried.value));
  effect(() => voice.tell("editing", view.edited.value));
  markWhatChanges(view);
  return (frame) => {
    if (frame.t === "here") presence.hear(frame);
    else if (frame.u !== me) says.hear(frame);
    says.forget((user) => frame.out?.includes(user));
    show();
  };
}

/** Touch just the cards that were taken or let go. @param {BoardView} view */
function markWhatChanges(view) {
  let before = view.inHands.peek();
  effect(() => {
    const now = view.inHands.value;
    for (const id of new Set([...before.keys(), ...now.keys()])) {
      const card = document.getElementById(`task-${id}`);
      if (card && before.get(id) !== now.get(id)) markCard(card, id, view.around.peek());
    }
    before = now;
  });
}
