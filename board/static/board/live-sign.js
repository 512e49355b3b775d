/** Say truly whether this page shows the board as it is now. */
import { html } from "htm/preact";
import { useComputed } from "@preact/signals";
import { useApp } from "./context.js";
import { myRole } from "./state.js";
import { t } from "./messages.js";

export function LiveSign() {
  const { live, outbox } = useApp();
  const sign = outbox.stuck.value ? "offline" : live.sign.value;
  const waiting = outbox.waiting.value;
  if (sign === "live" && live.slower.value) return html`<span class="live" data-live=${sign} role="status" title=${t("live.slower.why")}><i></i>${t("live.slower")}</span>`;
  const text = sign === "offline" && waiting ? t("live.offlineWaiting", { count: waiting }) : t(`live.${sign}`);
  return html`<span class="live" data-live=${sign} role="status"><i></i>${text}</span>`;
}

/** A line across the page where the person must know more, or do something. */
export function Banner() {
  const { live } = useApp();
  const why = live.ended.value;
  if (!why) return null;
  return html`
    <div class="banner" role="alert"><span>${ending(why)}</span>
      <button type="button" onClick=${() => location.reload()}>${t("reload")}</button></div>`;
}

/** What is put away says so, and how to get it back; it is no alarm. */
export function ArchivedBanner() {
  const { store, actions } = useApp();
  const { archived, id } = useComputed(() => store.board.value.board).value;
  const admin = useComputed(() => myRole(store.board.value) === "admin").value;
  if (!archived) return null;
  return html`
    <aside class="banner calm"><span>${t(admin ? "banner.archived" : "banner.archivedAsk")}</span>
      ${admin ? html`<button type="button" onClick=${() => actions.change("board", id, { archived: false })}>${t("banner.archivedRestore")}</button>` : null}</aside>`;
}

/** @param {string} why a close code or a refusal's code @returns {string} */
export function ending(why) {
  if (why === "not_signed_in") return t("banner.signedOut");
  return ["forbidden", "not_found"].includes(why) ? t("banner.out") : t("banner.ended", { why });
}
