/**
 * Make an entity, or change one: only what this form changed is sent, and nothing over what another changed
 * meanwhile, unless the person has seen it.
 *
 * @import {EntityName} from "./types"
 * @import {Fields} from "./form.js"
 */
import { html } from "htm/preact";
import { useRef, useState } from "preact/hooks";
import { useApp } from "./context.js";
import { Refusal } from "./api.js";
import { useForm } from "./form.js";
import { t } from "./messages.js";

/**
 * @template {{id: number, version: number}} Held
 * @param {{entity: EntityName, held?: Held, bodyOf: (fields: Fields) => Record<string, any>, onDone: () => void}} options without `held`: a new one
 * @returns {ReturnType<typeof useForm> & {theirs: Held | null}} `theirs`: as another has changed it, where that was refused
 */
export function useEntityForm({ entity, held, bodyOf, onDone }) {
  const { actions, store, ui } = useApp();
  const opened = useRef(held).current;
  const [theirs, setTheirs] = useState(/** @type {Held | null} */ (null));
  const form = useForm(async (fields, cid) => {
    const body = bodyOf(fields);
    try {
      if (opened && held) await actions.revise(entity, { ...opened, version: (theirs ? held : opened).version }, body, { cid });
      else await actions.askOrRefuse({ method: "POST", entity, body: { board: store.position.id, ...body }, cid });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.code === "changed") setTheirs(error.current);
      else ui.toast(error.message, { tone: "bad" });
      return false;
    }
    onDone();
    return true;
  });
  return { ...form, theirs };
}

/** @param {{text: string}} props the entity as it is now, in words */
export function ChangedMeanwhile({ text }) {
  return html`<div class="conflict" role="alert"><p>${t("conflict.form")}</p><blockquote>${text}</blockquote></div>`;
}
