/* lines - the targets of a plan as a table: what there is, what there should
 * be, how it stands, how long there is left. */
import { day, daysBetween } from "../dates.js";
import { html } from "../html.js";
import { said, t } from "../language.js";
import { number } from "../numbers.js";
import { Figure, goalText, ratioText, wordOfZero } from "./figure.js";
import { Progress } from "./progress.js";
import { Status } from "./status.js";
import { Table } from "./table.js";
import { Link } from "../route.js";

/* The most urgent first. */
const URGENCY = ["missed", "behind", "on_track", "nothing", "not_computed",
  "monitor", "later", "replaced", "met"];

/* How far a line lags behind its path, in percent of its goal; who is ahead of
 * it or has none is behind by less than nothing. */
export function lag({ achieved, expected, status }) {
  if (achieved == null || (status !== "behind" && status !== "missed")) {
    return -1;
  }
  return Number(expected?.share ?? 100) - Number(achieved);
}

export function daysLeft({ due, days_left }) {
  if (!due) {
    return "";
  }
  if (days_left === 0) {
    return t("due_today");
  }
  return days_left > 0 ? t("days_left", { n: number(days_left) })
    : t("days_over", { n: number(-days_left) });
}

/* The day as of which the figures of a period that is over are judged; null
 * where that is today. */
export function judgedOn({ period, to, known_to: known }) {
  return period && to < known ? to : null;
}

/* Of a target: a goal that is met does not wait for its day, and when that is
 * over it does not matter since when. */
export function timeLeft(line, on) {
  if (!line.due || line.status === "met") {
    return "";
  }
  const left = on ? daysBetween(on, line.due) : line.days_left;
  return left < 0 ? t("over") : daysLeft({ ...line, days_left: left });
}

function Due({ line, on }) {
  return (line.goal || line.status) && html`
    <span class="nowrap">${day(line.due)}</span>
    <small class="quiet nowrap">${timeLeft(line, on)}</small>`;
}

/* As the plan counts its targets: what tells two figures of one target apart,
 * "-kept", is for programs. */
export function numberOf(target) {
  return target.replace(/-[a-z][a-z0-9_]*$/, "");
}

function Name({ line, unit, plain }) {
  return html`${plain ? said(line.label)
    : html`<${Link} to=${`/chi-tieu/${line.id}`} query=${{ unit }}>
      ${said(line.label)}</${Link}>`}
    ${line.target && html`<small class="quiet">${numberOf(line.target)}
      </small>`}`;
}

/* "Nothing occurred" is not "nobody has given a number". */
function Standing({ line }) {
  const unheard = line.status === "nothing"
    && line.figure.state === "nothing_received";
  const met = line.units_judged != null && html`<small class="quiet">
    ${t("units_met", { n: line.units_met, all: line.units_judged })}</small>`;
  return html`${line.status && html`<${Status} value=${unheard
    ? "nothing_received" : line.status} family=${unheard ? "figure"
    : "status"} />`} ${met}`;
}

function columns({ unit, on, over, plain, period }, goals) {
  const all = [
    { key: "line", label: t("target"), head: true,
      cell: (line) => html`<${Name} ...${{ line, unit, plain }} />` },
    { key: "value", label: t("done"), right: true,
      cell: (line) => html`<${Figure} figure=${line.figure} row=${line}
        over=${over} /> <small class="quiet">
        ${[said(line.unit_of_count), ratioText(line),
          wordOfZero(line, period)]
          .filter(Boolean).join(" · ")}</small>` },
    { key: "goal", label: t("goal"), right: true,
      goal: true, cell: (line) => line.goal && html`<span class="nowrap">
        ${goalText(line.goal)}</span>` },
    { key: "share", goal: true, label: t("progress_head"),
      order: ({ achieved }) => achieved && Number(achieved),
      cell: (line) => html`<${Progress} share=${line.achieved}
        path=${line.expected?.share} status=${line.status} />` },
    { key: "status", label: t("status"), goal: true,
      order: (line) => URGENCY.indexOf(line.status) * 1000 - lag(line),
      cell: (line) => html`<${Standing} line=${line} />` },
    { key: "due", label: t("due"), goal: true,
      order: ({ due }) => due,
      cell: (line) => html`<${Due} line=${line} on=${on} />` },
  ];
  return all.filter((column) => goals || !column.goal);
}

/* `data` has the coordinates; `plain`: a target has no page of its own here;
 * `name`: see Table. */
export function Lines({ lines, caption, unit, empty, data, plain, name,
  hidden }) {
  const { to, known_to: known, period } = data.coordinates;
  const about = { unit, plain, period, on: judgedOn(data.coordinates),
    over: to < known && to };
  return html`<${Table} caption=${caption} rows=${lines}
    name=${name} hidden=${hidden}
    look="compact" empty=${empty}
    columns=${columns(about, lines.some(({ goal }) => goal))} />`;
}
