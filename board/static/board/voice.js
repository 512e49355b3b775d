/** Tell the others what I have in hand, again and again while I have it: a word may be lost, and fades. */
const REPEAT_MS = 5_000;

export class Voice {
  #say;
  #later;
  /** @type {Map<string, () => void>} by kind, how to stop */
  #told = new Map();

  /** @param {(kind: string, key: string, d: object | null) => void} say @param {(run: () => void, ms: number) => () => void} later */
  constructor(say, later) {
    this.#say = say;
    this.#later = later;
  }

  /** @param {string} kind @param {number | null} task null: nothing any more */
  tell(kind, task) {
    this.#told.get(kind)?.();
    this.#told.delete(kind);
    if (task !== null) this.#told.set(kind, this.#repeat(kind, `task:${task}`));
  }

  /** @param {string} kind @param {string} key @returns {() => void} stops, and says so */
  #repeat(kind, key) {
    let cancel = () => {};
    const repeat = () => {
      this.#say(kind, key, {});
      cancel = this.#later(repeat, REPEAT_MS);
    };
    repeat();
    return () => { cancel(); this.#say(kind, key, null); };
  }
}
