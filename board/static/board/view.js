/**
 * Say what of the board is shown: which sprint, which words, whose; and how much of it is drawn so far.
 *
 * Each lane is a signal of its own that changes only with its own cards, so only that lane is drawn again.
 * @import {ReadonlySignal, Signal} from "@preact/signals-core"
 * @import {Board, Here, InHand, LaneKey, Task, View} from "./types"
 * @import {ShownLane} from "./moves.js"
 */
import { computed, signal } from "@preact/signals-core";
import { activeSprint, lane, matching } from "./state.js";
import { today } from "./messages.js";

export const NOBODY = /** @type {Here} */ ({ people: [], more: 0 });
export const FIRST_CARDS = 24;  // of each lane: more than a tall screen shows

export class BoardView {
  #board;
  /** @type {Map<LaneKey, ReadonlySignal<readonly Task[]>>} */ #lanes = new Map();

  text = signal("");
  /** @type {Signal<number | null>} */ assignee = signal(null);
  /** @type {Signal<number | "all" | null>} null: whichever is active */ choice = signal(null);
  /** The date here; cards are late by it. */
  today = signal(today());
  /** How many cards of a lane may be in the document. */
  drawn = signal(FIRST_CARDS);
  /** While a card is dragged the lists stay as they are: the browser's hand is in them. */
  held = signal(false);
  /** @type {Signal<number | null>} the card that I carry, by hand or by keys */ carried = signal(null);
  /** @type {Signal<number | null>} the task that I edit */ edited = signal(null);
  /** Who else is here. */
  here = signal(NOBODY);
  /** @type {Signal<ReadonlyMap<number, InHand>>} what others have in hand, by task */ inHands = signal(new Map());

  /** @param {ReadonlySignal<Board>} board */
  constructor(board) {
    this.#board = board;
    this.sprint = computed(() => this.#shownSprint());
    this.columns = computed(() => board.value.columns);
    this.members = computed(() => board.value.members);
    this.sprints = computed(() => board.value.sprints);
    /** What cards show beside their tasks. */
    this.around = computed(() => ({ names: new Map(this.members.value.map((member) => [member.user, member])), today: this.today.value, inHands: this.inHands }));
    this.ofColumns = computed(() => this.#view(this.sprint.value));
    this.ofBacklog = computed(() => this.#view(null));
  }

  /** @param {LaneKey} key @returns {ReadonlySignal<readonly Task[]>} the cards to draw now */
  lane(key) {
    let known = this.#lanes.get(key);
    if (!known) this.#lanes.set(key, known = this.#laneSignal(key));
    return known;
  }

  /** @param {LaneKey} key @returns {readonly Task[]} all that match, drawn or not */
  matching(key) {
    return matching(lane(this.#board.value, key), (key === "backlog" ? this.ofBacklog : this.ofColumns).value);
  }

  /** @returns {ShownLane[]} what a person sees, from left to right */
  get shown() {
    /** @type {LaneKey[]} */
    const keys = ["backlog", ...this.#board.value.columns.map((column) => column.id)];
    return keys.map((key) => ({ key, ids: this.matching(key).map((task) => task.id) }));
  }

  /** @returns {number} of the longest lane */
  get longest() {
    return Math.max(0, ...[...this.#board.value.lanes.values()].map((tasks) => tasks.length));
  }

  /** @param {LaneKey} key */
  #laneSignal(key) {
    /** @type {readonly Task[]} */
    let before = [];
    return computed(() => {
      if (this.held.value) return before;
      const tasks = this.matching(key);
      before = tasks.length <= this.drawn.value ? tasks : tasks.slice(0, this.drawn.value);
      return before;
    });
  }

  /** @returns {number | null} */
  #shownSprint() {
    const { choice } = this;
    if (choice.value === "all") return null;
    const chosen = this.#board.value.sprints.find((sprint) => sprint.id === choice.value);
    return (chosen ?? activeSprint(this.#board.value))?.id ?? null;
  }

  /** @param {number | null} sprint @returns {View} */
  #view(sprint) {
    return { sprint, text: this.text.value.trim().toLowerCase(), assignee: this.assignee.value };
  }
}
