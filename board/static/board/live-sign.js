/** Say truly whether this page shows the board as it is now. */
import { html } from "htm/preact";
import { useApp } from "./context.js";
import { t } from "./messages.js";

export function LiveSign() {
  const { live, outbox } = useApp();
  const sign = outbox.stuck.value ? "offline" : live.sign.value;
  const waiting = outbox.waiting.value;
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

/** @param {string} why a close code or a refusal's code @returns {string} */
export function ending(why) {
  if (why === "not_signed_in") return t("banner.signedOut");
  return ["forbidden", "not_found"].includes(why) ? t("banner.out") : t("banner.ended", { why });
}
