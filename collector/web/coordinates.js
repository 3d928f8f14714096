/* coordinates - what the figures of a page are of, said below them; and the
 * marks that they bear. */
import { day } from "../../web/dates.js";
import { html } from "../../web/html.js";
import { t } from "../../web/language.js";
import { number } from "../../web/numbers.js";
import { unitName } from "./units.js";

/* Whose figures and of which days: what paper must say at its head. */
export function ofWhat({ coordinates: { from, to } }, unit) {
  return t("of_what", { unit: unitName(unit), from: day(from), to: day(to) });
}

const MARKS = ["hidden", "not_divided", "erased"];

export function Coordinates({ data }) {
  const { from, to, units_on, known_to, position, plan } = data.coordinates;
  return html`<footer class="coordinates">
    ${MARKS.filter((mark) => data[mark]).map((mark) => html`<p key=${mark}>
      ${t(`note_${mark}`)}</p>`)}
    <p>${t("coordinates", { from: day(from), to: day(to), units: day(units_on),
      known: day(known_to), position: number(position), plan: plan.id,
      revision: plan.revision })}</p>
  </footer>`;
}
