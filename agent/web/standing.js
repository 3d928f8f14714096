/* standing - whether an event counts by what this machine knows. What was
 * voided or replaced does not, wherever it lies: that is shown of it, and what
 * ended it, but not where it once was as if it counted. */
import { moment } from "../../web/dates.js";
import { html } from "../../web/html.js";
import { t, word } from "../../web/language.js";
import { Status } from "../../web/parts/status.js";
import { Link } from "../../web/route.js";
import { eventPath } from "./addresses.js";

const OVER = ["voided", "replaced", "outdone"];

export const isOver = ({ standing }) => OVER.includes(standing);

export const shownState = (event) => (isOver(event) ? event.standing
  : event.state);

/* Of a void or a correction: why, and by whom. */
export const givenText = ({ correction_reason: reason, role }) =>
  [reason && `${t("reason")}: ${reason}`, role].filter(Boolean).join(" · ");

/* What ended an event, and whether the province has that by now. */
export function Ended({ event: { standing, ended, receipt } }) {
  const { id, state, recorded_at: at } = ended;
  return html`<div class="notice ${state === "to_mend" ? "warn" : "none"}"
      role="status">
    <p><${Status} family="event" value=${standing} />
      ${" "}${t(`means_${standing}`)}</p>
    <p>${givenText(ended)}${" · "}${moment(at)}</p>
    <p>${t(ended.voids ? "the_void" : "the_newer")}:${" "}
      ${word("means", state)}.${" "}
      <${Link} to=${eventPath(id)}>${t(ended.voids ? "see_void"
        : "see_newer")}</${Link}></p>
    ${receipt && html`<p class="quiet">${t("receipt_of_old")}</p>`}
  </div>`;
}
