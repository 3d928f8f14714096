/* more - what a head has room for on a wide screen; a narrow one shows it when
 * asked for. `label` is what stands on the button. */
import { useState } from "preact/hooks";
import { html } from "../html.js";
import { t } from "../language.js";

export function More({ label = "⋯", children }) {
  const [open, setOpen] = useState(false);
  return html`<button type="button" class="more"
      aria-label=${label.length > 1 ? `${label}, ${t("more")}` : t("more")}
      aria-expanded=${String(open)} onClick=${() => setOpen(!open)}>${label}
    </button>
    <div class=${open ? "tools open" : "tools"}>${children}</div>`;
}
