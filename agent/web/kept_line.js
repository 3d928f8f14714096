/* kept_line - says whether what was typed is on the disk, since when. */
import { clock } from "../../web/dates.js";
import { html } from "../../web/html.js";
import { t } from "../../web/language.js";
import { useStore } from "../../web/store.js";
import { keeping } from "./drafts.js";

export function KeptLine() {
  const { state, at, detail } = useStore(keeping) ?? {};
  return html`<span class=${state === "here" || state === "refused"
    ? "kept warn" : "kept"} role="status">
    ${state && t(`draft_${state}`, { time: clock(at).slice(0, 5), detail })}
  </span>`;
}
