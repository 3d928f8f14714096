/* tiles - every unit as one tile, in the order of the codes: where work has
 * been done and where not, at a glance. The table beside it says the same. */
import { html } from "../html.js";
import { word } from "../language.js";
import { Link } from "../route.js";
import { figureText } from "./figure.js";
import { tone } from "./status.js";

const STEPS = 4;

function part({ figure }) {
  return figure.state === "known"
    ? Number(figure.value) / Number(figure.denominator || 1)
    : NaN;
}

/* How much of the most that a unit has, in so many steps of a colour. */
function step(row, most) {
  const mine = part(row);
  if (Number.isNaN(mine)) {
    return "no-figure";
  }
  return mine > 0 ? `step${Math.ceil((mine / most) * STEPS)}` : "step0";
}

/* `link(row)` gives the properties of the Link of a tile; `over`: see
 * figureText(). */
export function Tiles({ label, rows, link, over }) {
  const most = Math.max(0, ...rows.map(part).filter((one) => one > 0));
  return html`<ul class="tiles" aria-label=${label}>
    ${rows.map((row) => html`<li key=${row.unit.key}
        class=${row.status ? tone(row.status) : step(row, most)}>
      <${Link} ...${link(row)}>
        <span>${row.unit.name}</span>
        <b>${figureText(row.figure, row, over)}</b>
        ${row.status && html`<span class="spoken">
          ${word("status", row.status)}</span>`}
      </${Link}></li>`)}
  </ul>`;
}
