/* Tiến độ: the next report and what is missing in it, "nothing to report", the
 * office's own targets from its own events, the reports to print. */
import { useState } from "preact/hooks";
import { useData } from "../../../web/data.js";
import { day } from "../../../web/dates.js";
import { html } from "../../../web/html.js";
import { said, t } from "../../../web/language.js";
import { Lines } from "../../../web/parts/lines.js";
import { Loaded } from "../../../web/parts/notice.js";
import { useQuery } from "../../../web/route.js";
import { Dues, Paper } from "../due/dues.js";
import { shortLabel } from "../due/periods.js";

const KINDS = ["half_year", "year", "quarter", "month"];

const valueOf = ({ regime, period }) => `${regime} ${period}`;

/* The one that the address names; without a regime the first one. */
const chosenOf = (periods, query) => periods.find(({ regime, period }) =>
  period === query.period && regime === (query.regime || regime));

/* The periods that the plan knows, as a choice. */
function Periods({ periods }) {
  const [query, change] = useQuery();
  const chosen = chosenOf(periods, query);
  return html`<p class="picker"><label>${t("period")}
    <select value=${chosen ? valueOf(chosen) : ""} onChange=${(event) => {
        const [regime = "", period = ""] = event.target.value.split(" ");
        change({ regime, period });
      }}>
      <option value="">${t("whole_year")}</option>
      ${KINDS.map((kind) => html`<optgroup key=${kind}
          label=${t(`kind_${kind}`)}>
        ${periods.filter((one) => one.kind === kind).map((one) => html`<option
          key=${valueOf(one)} value=${valueOf(one)}>
          ${said(one.label)}</option>`)}
      </optgroup>`)}
    </select></label></p>`;
}

/* The one that is looked at; else the half-years and the year. */
function Papers({ periods, plan }) {
  const [query] = useQuery();
  const chosen = chosenOf(periods, query);
  const usual = periods.filter(({ kind }) => KINDS.indexOf(kind) < 2);
  const regimes = new Set(usual.map(({ regime }) => regime));
  const name = (row) => (regimes.size > 1 ? said(row.label) : shortLabel(row));
  return html`<p class="actions papers">${t("report_to_print")}:
    ${(chosen ? [chosen] : usual).map((row) => html`<${Paper}
      key=${valueOf(row)} row=${{ ...row, plan }}>${name(row)}</${Paper}>`)}
  </p>`;
}

export function Progress({ form: { office } }) {
  const [{ period, regime }] = useQuery();
  const [turn, setTurn] = useState(0);
  const state = useData("progress", { period, regime },
    ["outbox", "documents"], turn);
  return html`<h1>${t("my_progress")}</h1>
    <p class="quiet">${t("own_figures", { office })}</p>
    <${Dues} turn=${turn} onDone=${() => setTurn(turn + 1)} />
    <${Loaded} state=${state}>${(data) => html`
      <section><h2>${t("figures")}</h2>
        <${Periods} periods=${data.periods} />
        <${Papers} periods=${data.periods} plan=${data.plan?.id} />
        ${Number(data.own?.waiting) > 0 && html`<p class="notice warn">
          ${t("not_received_yet", { n: data.own.waiting })}</p>`}
        <${Lines} plain lines=${data.lines} caption=${t("my_targets")}
          data=${data} />
        <p class="coordinates">${t("own_coordinates", {
          from: day(data.coordinates.from), to: day(data.coordinates.to) })}</p>
      </section>`}</${Loaded}>`;
}
