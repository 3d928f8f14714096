/* report_files - the report of a period, to print or to take along; and which
 * period is meant when nobody has chosen one. */
import { url } from "../../web/api.js";
import { html } from "../../web/html.js";
import { language, said, t } from "../../web/language.js";

const DOWNLOADS = ["xlsx", "csv"];

/* `unit`: its key; the plan's own without one. */
export function Files({ plan, period, regime, label, unit }) {
  const file = (format) => url("reports/print",
    { plan, period, regime, unit, format, language: language.get() });
  const name = said(label);
  const stem = `${t("file_name")}-${plan}-${period}`;
  return html`<span class="files">
    <a href=${file("html")} target="_blank" rel="noopener"
      aria-label=${t("print_of", { name })}>${t("print")}</a>
    ${DOWNLOADS.map((format) => html`<a href=${file(format)} key=${format}
      download=${`${stem}.${format}`}
      aria-label=${`${t(`take_${format}`)}: ${name}`}>
      ${t(`take_${format}`)}</a>`)}
  </span>`;
}

/* All periods of a plan, of all its regimes. */
export function periodsOf(plan) {
  return plan.regimes.flatMap((one) => one.periods.map((each) =>
    ({ ...each, regime: one.regime })));
}

const lastFirst = (a, b) => (a.to + b.from < b.to + a.from ? 1 : -1);

/* The period asked for; else the one whose report is due next; else the last
 * that is over, the longest of those that end with it. */
export function choosePeriod(plan, { regime, period }, due = []) {
  const all = periodsOf(plan);
  const asked = all.find((one) => one.period === period
    && one.regime === regime);
  const open = due.filter(({ frozen, days_left: left }) =>
    !frozen && left != null && left >= 0)
    .sort((a, b) => a.days_left - b.days_left);
  const over = all.filter((one) => one.over).sort(lastFirst);
  return asked || open[0] || over[0] || all[0];
}
