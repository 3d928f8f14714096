/* Đơn vị: one unit, its figures, its reports, the link of its offices, and what
 * they have to mend. */
import { useData, useTitle } from "../../../web/data.js";
import { day } from "../../../web/dates.js";
import { html } from "../../../web/html.js";
import { said, t } from "../../../web/language.js";
import { number } from "../../../web/numbers.js";
import { Fold } from "../../../web/parts/fold.js";
import { Loaded } from "../../../web/parts/notice.js";
import { Status } from "../../../web/parts/status.js";
import { Table } from "../../../web/parts/table.js";
import { Link, shared, useQuery } from "../../../web/route.js";
import { Coordinates, ofWhat } from "../coordinates.js";
import { daysLeft, Lines } from "../../../web/parts/lines.js";
import { Offices } from "../office_table.js";
import { chosenPlan } from "../picker.js";
import { LINKS } from "../program.js";
import { choosePeriod, Files } from "../report_files.js";
import { unitCode, unitName, Way } from "../units.js";

const unitLink = ({ key }) => ({ to: `/don-vi/${key}` });

function Below({ units }) {
  return units.length > 0 && html`<${Fold}
      label=${t("below", { n: units.length })}>
    <ul class="names">${units.map((unit) => html`<li key=${unit.key}>
      <${Link} ...${unitLink(unit)}>${unitName(unit)}</${Link}></li>`)}</ul>
  </${Fold}>`;
}

function Reports({ data: { unit, reports }, plan, query }) {
  const chosen = choosePeriod(plan, query);
  const dated = reports.some(({ due }) => due);
  return html`<section><h2>${t("reports")}</h2>
    ${chosen && html`<p class="filters"><b>${said(chosen.label)}</b>
      <${Files} plan=${plan.id} unit=${unit.key} ...${chosen} /></p>`}
    <${Table} hidden caption=${t("reports")} rows=${reports}
      empty=${t("nothing_due")} columns=${[
        { key: "period", label: t("period"), head: true,
          cell: ({ label }) => said(label) },
        dated && { key: "due", label: t("due"), cell: (row) => html`
          ${day(row.due)} <small class="quiet">${daysLeft(row)}</small>` },
        { key: "state", label: t("state"), cell: ({ state }) =>
          html`<${Status} family="report" value=${state} />` },
      ].filter(Boolean)} /></section>`;
}

function ToMend({ rows, total, outcomes }) {
  const counts = outcomes.filter(({ outcome }) => outcome !== "counted");
  return html`<section><h2>${t("to_mend")}</h2>
    ${counts.length > 0 && html`<ul>${counts.map((one) => html`<li
      key=${one.outcome}>${number(one.events)}: ${said(one.meaning)}</li>`)}
      </ul>`}
    <${Table} hidden caption=${t("to_mend")} empty=${t("nothing_to_mend")}
      rows=${rows.map((row) => ({ ...row, id: row.event }))} columns=${[
        { key: "event", label: t("event"), head: true,
          cell: ({ event }) => html`<${Link} to="/so-cai"
            query=${{ event }}>${event}</${Link}>` },
        { key: "type", label: t("kind"),
          cell: ({ type }) => said(type?.label) },
        { key: "why", label: t("why"), cell: (row) => html`
          ${said(row.meaning)} ${row.field && html`<small class="quiet">
            ${row.field}${row.rule && `: ${row.rule}`}</small>`}` },
      ]} />
    ${Number(total) > rows.length && html`<p>${t("of_all",
      { n: rows.length, all: number(total) })}</p>`}
  </section>`;
}

/* What the unit itself has to reach, before what it adds to the whole. */
function Figures({ data }) {
  const isOwn = ({ goal }) => goal;
  const unit = data.unit.key;
  const groups = [["own_targets", data.lines.filter(isOwn)],
    ["other_figures", data.lines.filter((line) => !isOwn(line))]];
  return groups.filter(([, lines]) => lines.length > 0)
    .map(([key, lines]) => html`<section key=${key}><h2>${t(key)}</h2>
      <${Lines} ...${{ lines, unit, data, name: key }} caption=${t(key)}
        hidden /></section>`);
}

export function Unit({ id, plans }) {
  const [query] = useQuery();
  const plan = chosenPlan(plans, query.plan);
  const state = useData(`units/${encodeURIComponent(id)}`, shared(query),
    LINKS);
  useTitle(state.data && unitName(state.data.unit));
  return html`<${Loaded} state=${state}>${(data) => html`
    <${Way} above=${data.above} unit=${data.unit} to=${unitLink} />
    <h1>${unitName(data.unit)}
      ${" "}<small class="quiet">${unitCode(data.unit)}</small></h1>
    <${Below} units=${data.below} />
    <p class="quiet">${ofWhat(data, data.unit)}</p>
    <${Figures} data=${data} />
    <section><h2>${t("offices")}</h2>
      <${Offices} offices=${data.offices} empty=${t("no_offices")} /></section>
    <${Reports} ...${{ data, plan, query }} />
    <${ToMend} rows=${data.to_mend} total=${data.to_mend_total}
      outcomes=${data.outcomes} />
    <${Coordinates} data=${data} />`}
  </${Loaded}>`;
}
