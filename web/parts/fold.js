/* fold - what is shown when asked for, and always on paper. */
import { useState } from "preact/hooks";
import { html } from "../html.js";

/* `start`: whether it is open at first. */
export function Fold({ label, start = false, children }) {
  const [open, setOpen] = useState(start);
  return html`<div class="fold">
    <button type="button" aria-expanded=${String(open)}
        onClick=${() => setOpen(!open)}>
      <span aria-hidden="true">${open ? "▾" : "▸"}</span> ${label}</button>
    <div class=${open ? "" : "printed"}>${children}</div>
  </div>`;
}
