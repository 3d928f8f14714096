/* units - names of units, and the way from the province down to one. */
import { html } from "../../web/html.js";
import { t } from "../../web/language.js";
import { Link } from "../../web/route.js";

/* "Quận Ba Đình" */
export function unitName({ type, name }) {
  return `${type} ${name}`.trim();
}

/* Without its code system: of one day all are of the same. */
export function unitCode({ key }) {
  return key.split(":")[1];
}

/* `above` from the province down, then `unit`; `to(unit)` gives the properties
 * of a Link. */
export function Way({ above, unit, to }) {
  const steps = above.filter(({ key }) => key !== unit.key);
  if (steps.length === 0) {
    return null;
  }
  return html`<nav class="way" aria-label=${t("way")}><ol>
    ${steps.map((one) => html`<li key=${one.key}><${Link} ...${to(one)}>
      ${unitName(one)}</${Link}></li>`)}
    <li aria-current="page">${unitName(unit)}</li>
  </ol></nav>`;
}
