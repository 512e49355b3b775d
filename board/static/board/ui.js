/**
 * Hold what is on the screen beside the board: the open dialog, the toasts, the last announcement.
 *
 * @import {Signal} from "@preact/signals-core"
 * @import {Toast} from "./types"
 */
import { signal } from "@preact/signals-core";

const TOAST_MS = 8_000;

/** @typedef {{kind: string, id?: number}} OpenDialog */

export class Ui {
  /** @type {Signal<OpenDialog | null>} */ dialog = signal(null);
  /** @type {Signal<Toast[]>} */ toasts = signal([]);
  /** Read out by screen readers. */
  announcement = signal("");
  #lastId = 0;

  /** @param {string} kind @param {number} [id] */
  open(kind, id) {
    this.dialog.value = { kind, id };
  }

  close() {
    this.dialog.value = null;
  }

  /** @param {string} text @param {Partial<Toast>} [more] */
  toast(text, more = {}) {
    const id = ++this.#lastId;
    this.toasts.value = [...this.toasts.value.slice(-3), { id, text, tone: "plain", ...more }];
    if (!more.lasting) setTimeout(() => this.dismiss(id), TOAST_MS);
  }

  /** @param {number} id */
  dismiss(id) {
    this.toasts.value = this.toasts.value.filter((toast) => toast.id !== id);
  }

  /** @param {string} text */
  announce(text) {
    this.announcement.value = text;
  }
}
