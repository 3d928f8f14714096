/* kept_line - says whether what was typed is on the disk, since when. */
import { clock } from "../../web/dates.js";
import { html } from "../../web/html.js";
import { t } from "../../web/language.js";
import { useStore } from "../../web/store.js";
import { keeping } from "./drafts.js";

/* Of several rows what is worst; of equals the last. What became of a row
 * elsewhere is told by itself (entry/overtaken.js). */
const WORST = ["kept", "typing", "here", "refused"];

/* `drafts` are those on the page: {id, updated_at}. An untouched one says
 * nothing. */
export function KeptLine({ drafts }) {
  const all = useStore(keeping);
  const { state, at, detail } = drafts.map(({ id, updated_at: since }) =>
    all[id] ?? (since && { state: "kept", at: Date.parse(since) }))
    .filter((one) => WORST.includes(one?.state))
    .sort((one, other) => WORST.indexOf(other.state)
      - WORST.indexOf(one.state) || other.at - one.at)[0] ?? {};
  return html`<span class=${WORST.indexOf(state) > 1 ? "kept warn" : "kept"}
      role="status">
    ${state && t(`draft_${state}`, { time: clock(at).slice(0, 5), detail })}
  </span>`;
}
