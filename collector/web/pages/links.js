/* Đường truyền: every office's freshness at a glance. One that never connected
 * stays in the list. */
import { useData } from "../../../web/data.js";
import { moment } from "../../../web/dates.js";
import { html } from "../../../web/html.js";
import { t, word } from "../../../web/language.js";
import { Pills, SearchBox } from "../../../web/parts/filters.js";
import { Loaded } from "../../../web/parts/notice.js";
import { tone } from "../../../web/parts/status.js";
import { useQuery } from "../../../web/route.js";
import { finds } from "../../../web/search.js";
import { bySilence } from "../offices.js";
import { Offices } from "../office_table.js";
import { LINKS } from "../program.js";
import { unitName } from "../units.js";

const STATES = ["silent", "never", "not_joined", "live", "revoked", "closed"];

/* The silent ones first, the longest silence at the top; then the others. */
function arranged(offices) {
  const silent = bySilence(offices);
  return [...silent, ...offices.filter((one) => !silent.includes(one))];
}

function matches({ state, q }, office) {
  return (!state || office.state === state)
    && (!q || finds(q, office.name, String(office.number),
      ...office.units.map(unitName)));
}

export function Links() {
  const [query] = useQuery();
  const state = useData("offices", {}, LINKS);
  return html`<h1>${t("links")}</h1>
    <p class="quiet">${t("links_why")}</p>
    <${Loaded} state=${state}>${({ at, counts, offices }) => html`
      <div class="filters">
        <${Pills} name="state" label=${t("link")} options=${STATES
          .filter((one) => counts[one] > 0).map((one) => ({ value: one,
            text: word("link", one), count: counts[one],
            tone: tone(one) }))} />
        <${SearchBox} />
      </div>
      <${Offices} name="sort" empty=${t("none_found")}
        offices=${arranged(offices)
          .filter((office) => matches(query, office))} />
      <footer class="coordinates"><p>${t("as_of", { at: moment(at) })}</p>
      </footer>`}
    </${Loaded}>`;
}
