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
  const out = ["not_signed_in", "forbidden", "not_found"].includes(why);
  return html`
    <div class="banner" role="alert"><span>${t(out ? "banner.out" : "banner.ended", { why })}</span>
      <button type="button" onClick=${() => location.reload()}>${t("reload")}</button></div>`;
}
