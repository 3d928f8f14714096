/* progress - how much of a goal there is: a bar, a mark where it should be
 * today, and the percentage. Drawn, so that it prints. */
import { html } from "../html.js";
import { t } from "../language.js";
import { percent } from "../numbers.js";
import { tone } from "./status.js";

const clip = (text) => Math.min(100, Math.max(0, Number(text)));

/* `share` and `path` in percent of the goal, as text; either may be null. */
export function Progress({ share, path, status }) {
  if (share == null) {
    return null;
  }
  const label = t("progress", { share: percent(share) })
    + (path == null ? "" : t("progress_path", { path: percent(path) }));
  return html`<span class="progress ${tone(status)}">
    <svg viewBox="0 -3 100 14" preserveAspectRatio="none" role="img"
        aria-label=${label}>
      <rect class="track" width="100" height="8" />
      <rect class="bar" width=${clip(share)} height="8" />
      ${path != null && html`<rect class="path" width="1.4" height="14"
        y="-3" x=${Math.min(98.6, clip(path))} />`}
    </svg>
    <span aria-hidden="true">${percent(share)}</span>
  </span>`;
}
