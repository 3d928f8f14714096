/* more - what a head has room for on a wide screen; a narrow one shows it when
 * asked for. */
import { useState } from "preact/hooks";
import { html } from "../html.js";
import { t } from "../language.js";

export function More({ children }) {
  const [open, setOpen] = useState(false);
  return html`<button type="button" class="more" aria-label=${t("more")}
      aria-expanded=${String(open)} onClick=${() => setOpen(!open)}>⋯</button>
    <div class=${open ? "tools open" : "tools"}>${children}</div>`;
}
