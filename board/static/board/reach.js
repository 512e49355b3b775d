/** Know, from every request made, whether the server can be reached, and tell when it refuses. */
import { signal } from "@preact/signals-core";
import { Refusal } from "./api.js";

const FOR_GOOD = ["not_signed_in", "forbidden", "not_found"];  // the board's own words; a proxy's 404 has none

export class Reach {
  /** Whether the last request was answered. */
  answers = signal(true);
  #refused;

  /** @param {(code: string) => void} refused called with the code of a refusal that will not change by itself */
  constructor(refused) {
    this.#refused = refused;
  }

  /** @param {() => Promise<void>} ask @returns {Promise<boolean>} whether the server answered, and did not refuse */
  async tryTo(ask) {
    try {
      await ask();
      this.answers.value = true;
      return true;
    } catch (error) {
      if (!(error instanceof Refusal)) this.answers.value = false;
      else if (FOR_GOOD.includes(error.code) && !error.isForgery) this.#refused(error.code);
      return false;
    }
  }
}
