/** The faces of who else looks at this board. */
import { html } from "htm/preact";
import { useApp } from "./context.js";
import { Face } from "./face.js";
import { icon } from "./icons.js";
import { list, t } from "./messages.js";

const MOST_FACES = 3;

export function Here() {
  const { view, ui } = useApp();
  const { people, more } = view.here.value;
  const count = people.length + more;
  const shown = people.slice(0, count > MOST_FACES + 1 ? MOST_FACES : count);
  const hidden = count - shown.length;
  const names = shown.map(({ name }) => name);
  const text = t("here", { names: list(hidden ? [...names, t("here.others", { count: hidden })] : names), count });
  return html`
    <button type="button" class="here" aria-label=${text} title=${text} onClick=${() => ui.open("people")}>
      ${shown.map(({ user, name }) => html`<${Face} key=${user} user=${user} name=${name} hidden />`)}
      ${hidden ? html`<i class="face more" data-initials=${`+${hidden}`}></i>` : null}
      <span class="how-many" data-count=${count}>${icon("people")}</span>
    </button>`;
}
