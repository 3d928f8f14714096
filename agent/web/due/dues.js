/* dues - the office's reports: the next ones, what is over and was not reported
 * in a line each, and the rest when it is asked for. */
import { useRef, useState } from "preact/hooks";
import { url } from "../../../web/api.js";
import { useData } from "../../../web/data.js";
import { day } from "../../../web/dates.js";
import { html } from "../../../web/html.js";
import { language, said, t } from "../../../web/language.js";
import { Fold } from "../../../web/parts/fold.js";
import { daysLeft } from "../../../web/parts/lines.js";
import { Loaded } from "../../../web/parts/notice.js";
import { Status } from "../../../web/parts/status.js";
import { Nil, NilDone } from "./nil.js";
import { keyOf, named, shortLabel } from "./periods.js";

const NEXT = 2; /* that are shown */
const OVER = 3; /* the latest of them */
const GROUPS = { next: "open", later: "open", over: "over", before: "over" };
const DONE = ["reported", "reported_late", "frozen"];

export function Paper({ row, children }) {
  return html`<a class="button" target="_blank" rel="noopener"
    href=${url("report", { ...named(row), format: "html",
      lang: language.get() })}>${children}</a>`;
}

function Missing({ missing }) {
  return missing?.length > 0 && html`<${Fold}
    label=${t("missing_of", { n: missing.length })}>
    <ul>${missing.map(({ indicator, label }) => html`<li key=${indicator}>
      ${said(label)}</li>`)}</ul></${Fold}>`;
}

/* What nil reports have left out of a report that was handed in: lines that one
 * more could name. Asked for each such report by itself, since to find it takes
 * all figures of the period. Null while it is not known. */
function useLeftOut(row, done) {
  const nils = row.nil ?? [];
  const asks = done && nils.length > 0;
  const { data } = useData(asks && "due", named(row), [], nils.length);
  return asks && !data ? null
    : (asks && data.rows[0]?.missing || []).filter(({ number }) => number);
}

/* In one line; `next`: with what is missing in it. */
function Due({ row, next, onDone }) {
  const [asking, setAsking] = useState(false);
  const nils = row.nil ?? [];
  const done = DONE.includes(row.state);
  const left = useLeftOut(row, done);
  const changed = () => {
    setAsking(false);
    onDone(row);
  };
  return html`<li class=${next ? "card" : ""}>
    <p class="due-line"><b title=${said(row.label)}>${shortLabel(row)}</b>
      ${left && html`<${Status} family="report"
        value=${left.length > 0 ? "partial" : row.state} />`}
      ${row.due && !done && html`<span>${t("due")}: ${day(row.due)}
        ${" "}(${daysLeft(row)})</span>`}
      <span class="end"><${Paper} row=${row}>${t("report_to_print")}</${Paper}>
      ${!asking && (!done || nils.length > 0) && html`<button type="button"
        onClick=${() => setAsking(true)}>${t(done ? "nil_more" : "nil")}
      </button>`}</span></p>
    ${!asking && html`<${Missing} missing=${done ? left
      : next && row.missing} />`}
    ${nils.map((nil) => html`<${NilDone} key=${nil.id} row=${row} nil=${nil}
      onDone=${changed} />`)}
    ${asking && html`<${Nil} row=${row} onDone=${changed}
      onLeave=${() => setAsking(false)} />`}
  </li>`;
}

const groupOf = ({ state }) => (state === "not_due" ? "open"
  : DONE.includes(state) ? "done" : "over");

/* In the order of their days; one of which something was reported here stays
 * where it was. */
function arrange(rows, stays) {
  const groups = { open: [], over: [], done: [] };
  const when = ({ due, to, from }) => `${due ?? to} ${to} ${from}`;
  [...rows].sort((a, b) => when(a).localeCompare(when(b))).forEach((row) =>
    groups[stays.get(keyOf(row)) ?? groupOf(row)].push(row));
  const { open, over, done } = groups;
  return { next: open.slice(0, NEXT), over: over.slice(-OVER),
    before: over.slice(0, -OVER), later: open.slice(NEXT), done };
}

function List({ rows, next, onDone }) {
  return html`<ul class="dues">${rows.map((row) => html`<${Due}
    key=${keyOf(row)} ...${{ row, next, onDone }} />`)}</ul>`;
}

function Places({ rows, onDone }) {
  const stays = useRef(new Map());
  const places = arrange(rows, stays.current);
  const list = (name) => places[name].length > 0 && html`<${List}
    rows=${places[name]} next=${name === "next"} onDone=${(row) => {
      if (name !== "done") {
        stays.current.set(keyOf(row), GROUPS[name]);
      }
      onDone();
    }} />`;
  const folded = (name) => places[name].length > 0 && html`<${Fold}
    label=${t(`reports_${name}`, { n: places[name].length })}>
    ${list(name)}</${Fold}>`;
  return html`${list("next")}
    ${places.over.length > 0 && html`<h3>${t("reports_over")}</h3>`}
    ${list("over")} ${folded("before")} ${folded("later")} ${folded("done")}`;
}

export function Dues({ turn, onDone }) {
  const state = useData("due", {}, ["outbox", "documents"], turn);
  return html`<section><h2>${t("due_reports")}</h2>
    <${Loaded} state=${state}>${({ rows }) => (rows.length > 0
      ? html`<${Places} rows=${rows} onDone=${onDone} />`
      : html`<p class="empty">${t("nothing_due")}</p>`)}
    </${Loaded}></section>`;
}
