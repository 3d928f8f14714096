/* Báo cáo: what is due, how complete it is, whether it is on record, and the
 * report itself as a file or on paper. */
import { useData } from "../../../web/data.js";
import { day, moment } from "../../../web/dates.js";
import { html } from "../../../web/html.js";
import { said, t, word } from "../../../web/language.js";
import { Loaded } from "../../../web/parts/notice.js";
import { Progress } from "../../../web/parts/progress.js";
import { Status } from "../../../web/parts/status.js";
import { Table } from "../../../web/parts/table.js";
import { Link, useQuery } from "../../../web/route.js";
import { chosenPlan, PeriodSelect } from "../picker.js";
import { daysLeft } from "../../../web/parts/lines.js";
import { FIGURES } from "../program.js";
import { choosePeriod, Files, periodsOf } from "../report_files.js";
import { unitName } from "../units.js";

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

const KINDS = ["year", "half_year", "quarter", "month"];

/* The worst first. */
const URGENCY = ["no_office", "unreachable", "late", "no_day", "not_due",
  "reported_late", "reported", "frozen"];

function periodColumns(rows, chosen) {
  const dated = rows.some(({ due }) => due);
  const counted = rows.some(({ units }) => units > 0);
  return [
    { key: "label", label: t("period"), head: true,
      cell: (row) => html`<${Link} to="/bao-cao"
          query=${{ period: row.period, regime: row.regime }}
          aria-current=${row.period === chosen.period
            && row.regime === chosen.regime ? "true" : null}>
        ${said(row.label)}</${Link}>
        ${row.regime !== "calendar" && html`<small class="quiet">
          ${word("regime", row.regime)}</small>`}` },
    dated && { key: "due", label: t("due"), order: ({ due }) => due,
      cell: (row) => html`<span class="nowrap">${day(row.due) || "–"}</span>
        <small class="quiet">${daysLeft(row)}</small>` },
    counted && { key: "complete", label: t("complete"),
      cell: (row) => html`<${Complete} row=${row} />` },
    { key: "frozen", label: t("on_record"),
      cell: (row) => row.known && html`<${Frozen} ...${row} />` },
    { key: "files", label: t("files"),
      cell: (row) => html`<${Files} ...${row} />` },
  ].filter(Boolean);
}

/* Every period of the plan's own regimes, also one whose report is not asked
 * for: it can be printed. */
function allPeriods(plan, rows) {
  const own = plan.regimes.filter((one) => one.in_plan)
    .map(({ regime }) => regime);
  const known = (one) => rows.find(({ regime, period }) =>
    regime === one.regime && period === one.period);
  const asked = periodsOf(plan).filter((one) =>
    own.includes(one.regime) || known(one));
  return identified(asked.map((one) => ({ plan: plan.id, units: 0, ...one,
    ...known(one), known: Boolean(known(one)) })));
}

/* From the year down, each kind in the order of its days. */
function Periods({ plan, rows, chosen }) {
  const all = allPeriods(plan, rows);
  const kinds = [...new Set([...KINDS, ...all.map(({ kind }) => kind)])];
  const columns = periodColumns(all, chosen);
  return html`<section><h2>${t("report_periods")}</h2>
    ${all.length === 0 && html`<p class="empty">${t("no_periods")}</p>`}
    ${kinds.map((kind) => [kind, all.filter((row) => row.kind === kind)
      .sort((a, b) => (a.to + a.from < b.to + b.from ? -1 : 1))])
      .filter(([, found]) => found.length > 0)
      .map(([kind, found]) => html`<${Table} key=${kind} rows=${found}
        caption=${word("kind", kind)} columns=${columns} look="even" />`)}
  </section>`;
}

function unitColumns(rows) {
  return [
    { key: "unit", label: t("unit"), head: true,
      order: ({ unit }) => unit.name,
      cell: ({ unit }) => html`<${Link} to=${`/don-vi/${unit.key}`}>
        ${unitName(unit)}</${Link}>` },
    rows.some(({ due }) => due) && { key: "due", label: t("due"),
      order: ({ due }) => due,
      cell: (row) => html`<span class="nowrap">${day(row.due) || "–"}</span>
        <small class="quiet">${daysLeft(row)}</small>` },
    { key: "state", label: t("state"),
      order: ({ state: at }) => URGENCY.indexOf(at),
      cell: ({ state: at }) => html`<${Status} family="report"
        value=${at} />` },
  ].filter(Boolean);
}

function OfUnits({ plan, chosen }) {
  const state = useData("reports",
    { plan: plan.id, period: chosen.period, limit: "500" }, FIGURES);
  return html`<${Loaded} state=${state}>${({ rows }) => {
    const mine = rows.filter(({ regime }) => regime === chosen.regime);
    return html`<${Table} hidden caption=${t("due_reports")} name="sort"
      start=${{ key: "state" }} look="compact" rows=${identified(mine)}
      empty=${t("not_asked_for")} columns=${unitColumns(mine)} />`;
  }}</${Loaded}>`;
}

function identified(rows) {
  return rows.map((row) => ({ ...row,
    id: [row.plan, row.regime, row.period, row.unit?.key].join() }));
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

/* Where nothing has a day by which it is due, one comes to print. */
export function Reports({ plans }) {
  const [query, change] = useQuery();
  const plan = chosenPlan(plans, query.plan);
  const state = useData(plan && "reports", { plan: plan?.id, limit: "1" },
    FIGURES);
  return html`<h1>${t("reports")}</h1>
    <${Loaded} state=${state}>${({ on, periods }) => {
      const chosen = choosePeriod(plan, query, periods);
      const dated = periods.some(({ due }) => due);
      const units = chosen && html`<section key="units">
        <h2>${t("due_reports")}: ${said(chosen.label)}</h2>
        <${OfUnits} ...${{ plan, chosen }} /></section>`;
      const all = html`<${Periods} key="all" rows=${periods}
        ...${{ plan, chosen }} />`;
      return chosen && html`
        <${Report} ...${{ plan, chosen, change }} />
        ${dated ? [units, all] : [all, units]}
        <footer class="coordinates"><p>${t("as_of", { at: day(on) })}</p>
        </footer>`;
    }}</${Loaded}>`;
}
