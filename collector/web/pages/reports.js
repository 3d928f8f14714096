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
import { chosenPlan } from "../picker.js";
import { daysLeft } from "../lines.js";
import { unitName } from "../units.js";

function Files({ plan, period, regime, label }) {
  const file = (format) => url("reports/print",
    { plan, period, regime, format, language: language.get() });
  const name = said(label);
  return html`<span class="files">
    <a href=${file("html")} target="_blank" rel="noopener"
      aria-label=${t("print_of", { name })}>${t("print")}</a>
    <a href=${file("xlsx")} download aria-label=${`.xlsx: ${name}`}>.xlsx</a>
    <a href=${file("csv")} download aria-label=${`.csv: ${name}`}>.csv</a>
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

function Periods({ rows }) {
  return html`<${Table} caption=${t("report_periods")} rows=${rows}
    empty=${t("nothing_due")} columns=${[
      { key: "label", label: t("period"), head: true,
        order: ({ from }) => from,
        cell: (row) => html`${said(row.label)}
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
    ]} />`;
}

function Missing({ rows }) {
  return html`<section><h2>${t("due_reports")}</h2>
    <${Table} hidden caption=${t("due_reports")} rows=${rows}
      empty=${t("nothing_due")} columns=${[
        { key: "unit", label: t("unit"), head: true,
          order: ({ unit }) => unit.name,
          cell: ({ unit }) => html`<${Link} to=${`/don-vi/${unit.key}`}>
            ${unitName(unit)}</${Link}>` },
        { key: "period", label: t("period"), order: ({ from }) => from,
          cell: ({ label }) => said(label) },
        { key: "due", label: t("due"), order: ({ due }) => due || "9",
          cell: (row) => html`<span class="nowrap">${day(row.due) || "–"}</span>
            <small class="quiet">${daysLeft(row)}</small>` },
        { key: "state", label: t("state"), order: ({ state }) => state,
          cell: ({ state }) => html`<${Status} family="report"
            value=${state} />` },
      ]} /></section>`;
}

function identified(rows) {
  return rows.map((row) => ({ ...row,
    id: [row.plan, row.regime, row.period, row.unit?.key].join() }));
}

export function Reports({ plans }) {
  const [query, change] = useQuery();
  const { plan, all, after } = query;
  const state = useData("reports",
    { plan: chosenPlan(plans, plan)?.id, all, after, limit: "100" });
  return html`<h1>${t("reports")}</h1>
    <${Loaded} state=${state}>${({ on, periods, rows, next }) => html`
      <p class="quiet">${t("as_of", { at: day(on) })}</p>
      <${Periods} rows=${identified(periods)} />
      <${Missing} rows=${identified(rows)} />
      <p class="filters"><label class="check"><input type="checkbox"
          checked=${all === "1"} onChange=${() => change({
            all: all === "1" ? "" : "1", after: "" })} />
          ${t("show_all_reports")}</label>
        ${next && html`<button type="button"
          onClick=${() => change({ after: next })}>${t("next_rows")}</button>`}
      </p>`}
    </${Loaded}>`;
}
