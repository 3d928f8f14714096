/* Báo cáo: what is due, how complete it is, whether it is on record, and the
 * report itself as a file or on paper. */
import { url } from "../../../web/api.js";
import { useData } from "../../../web/data.js";
import { day, moment } from "../../../web/dates.js";
import { html } from "../../../web/html.js";
import { language, said, t, word } from "../../../web/language.js";
import { Loaded } from "../../../web/parts/notice.js";
import { Progress } from "../../../web/parts/progress.js";
import { Status } from "../../../web/parts/status.js";
import { Table } from "../../../web/parts/table.js";
import { Link, useQuery } from "../../../web/route.js";
import { chosenPlan, PeriodSelect } from "../picker.js";
import { daysLeft } from "../../../web/parts/lines.js";
import { FIGURES } from "../program.js";
import { unitName } from "../units.js";

function Files({ plan, period, regime, label }) {
  const file = (format) => url("reports/print",
    { plan, period, regime, format, language: language.get() });
  const name = said(label);
  const stem = `${t("file_name")}-${plan}-${period}`;
  return html`<span class="files">
    <a href=${file("html")} target="_blank" rel="noopener"
      aria-label=${t("print_of", { name })}>${t("print")}</a>
    ${["xlsx", "csv"].map((format) => html`<a href=${file(format)} key=${format}
      download=${`${stem}.${format}`} aria-label=${`.${format}: ${name}`}>
      .${format}</a>`)}
  </span>`;
}

function Complete({ row: { reported, on_time: inTime, units } }) {
  if (units === 0) {
    return "–";
  }
  return html`<${Progress} status=${reported === units ? "met" : "on_track"}
      share=${String(Math.floor((100 * reported) / units))} />
    <small class="quiet">${t("reported_of", { n: reported, all: units })};
      ${" "}${t("in_time", { n: inTime })}</small>`;
}

function Frozen({ frozen, versions }) {
  return frozen
    ? html`<${Status} family="report" value="frozen" />
        <small class="quiet">${moment(frozen.at)};
          ${" "}${t("freeze", { entry: frozen.entry, n: versions })}</small>`
    : t("not_frozen");
}

/* The worst first. */
const URGENCY = ["no_office", "unreachable", "late", "no_day", "not_due",
  "reported_late", "reported", "frozen"];

function Periods({ rows, chosen }) {
  const dated = rows.some(({ due }) => due);
  const counted = rows.some(({ units }) => units > 0);
  return html`<${Table} caption=${t("report_periods")} rows=${rows}
    start=${{ key: "label", down: true }} empty=${t("no_periods")} columns=${[
      { key: "label", label: t("period"), head: true,
        order: ({ from, to }) => to + from,
        cell: (row) => html`<${Link} to="/bao-cao"
            query=${{ period: row.period, regime: row.regime }}
            aria-current=${row.period === chosen.period
              && row.regime === chosen.regime ? "true" : null}>
          ${said(row.label)}</${Link}>
          <small class="quiet">${word("regime", row.regime)}</small>` },
      { key: "due", label: t("due"), order: ({ due }) => due || "9",
        cell: (row) => html`<span class="nowrap">${day(row.due) || "–"}</span>
          <small class="quiet">${daysLeft(row)}</small>` },
      { key: "complete", label: t("complete"),
        cell: (row) => html`<${Complete} row=${row} />` },
      { key: "frozen", label: t("on_record"),
        cell: (row) => html`<${Frozen} ...${row} />` },
      { key: "files", label: t("files"),
        cell: (row) => html`<${Files} ...${row} />` },
    ].filter(({ key }) => (dated || key !== "due")
      && (counted || key !== "complete"))} />`;
}

function OfUnits({ plan, chosen }) {
  const state = useData("reports",
    { plan: plan.id, period: chosen.period, limit: "500" }, FIGURES);
  return html`<${Loaded} state=${state}>${({ rows }) => html`
    <${Table} hidden caption=${t("due_reports")} start=${{ key: "state" }}
      rows=${identified(rows.filter(({ regime }) => regime === chosen.regime))}
      empty=${t("not_asked_for")} columns=${[
        { key: "unit", label: t("unit"), head: true,
          order: ({ unit }) => unit.name,
          cell: ({ unit }) => html`<${Link} to=${`/don-vi/${unit.key}`}>
            ${unitName(unit)}</${Link}>` },
        { key: "due", label: t("due"), order: ({ due }) => due || "9",
          cell: (row) => html`<span class="nowrap">${day(row.due) || "–"}</span>
            <small class="quiet">${daysLeft(row)}</small>` },
        { key: "state", label: t("state"),
          order: ({ state: at }) => URGENCY.indexOf(at),
          cell: ({ state: at }) => html`<${Status} family="report"
            value=${at} />` },
      ]} />`}</${Loaded}>`;
}

function identified(rows) {
  return rows.map((row) => ({ ...row,
    id: [row.plan, row.regime, row.period, row.unit?.key].join() }));
}

/* The period asked for; else the one that is due next, else the last one. */
function choose(plan, periods, { regime, period }) {
  const all = plan.regimes.flatMap((one) => one.periods.map((each) =>
    ({ ...each, regime: one.regime })));
  const asked = all.find((one) => one.period === period
    && one.regime === regime);
  const open = periods.filter((one) => !one.frozen && one.days_left >= 0)
    .sort((a, b) => a.days_left - b.days_left);
  const last = [...periods].sort((a, b) => (a.to < b.to ? 1 : -1));
  return asked || open[0] || last[0] || all[0];
}

function Report({ plan, chosen, change }) {
  return html`<section class="card">
    <h2>${t("one_report")}</h2>
    <div class="filters">
      <${PeriodSelect} plan=${plan} choose=${change}
        value=${`${chosen.regime}/${chosen.period}`} />
      <${Files} plan=${plan.id} ...${chosen} />
    </div>
  </section>`;
}

export function Reports({ plans }) {
  const [query, change] = useQuery();
  const plan = chosenPlan(plans, query.plan);
  const state = useData(plan && "reports", { plan: plan?.id, limit: "1" },
    FIGURES);
  return html`<h1>${t("reports")}</h1>
    <${Loaded} state=${state}>${({ on, periods }) => {
      const chosen = choose(plan, periods, query);
      return chosen && html`
        <${Report} ...${{ plan, chosen, change }} />
        <section><h2>${t("due_reports")}: ${said(chosen.label)}</h2>
          <${OfUnits} ...${{ plan, chosen }} /></section>
        <section><${Periods} rows=${identified(periods)} chosen=${chosen} />
          </section>
        <footer class="coordinates"><p>${t("as_of", { at: day(on) })}</p>
        </footer>`;
    }}</${Loaded}>`;
}
