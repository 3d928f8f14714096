/* Tiến độ: the office's own targets from its own events, the next report and
 * what is missing in it, "nothing to report", the report to print. */
import { useRef, useState } from "preact/hooks";
import { url } from "../../../web/api.js";
import { useData } from "../../../web/data.js";
import { day } from "../../../web/dates.js";
import { html } from "../../../web/html.js";
import { language, said, t } from "../../../web/language.js";
import { daysLeft, Lines } from "../../../web/parts/lines.js";
import { Loaded, problemText } from "../../../web/parts/notice.js";
import { Status } from "../../../web/parts/status.js";
import { useQuery } from "../../../web/route.js";
import { sendSurely } from "../entry/save.js";
import { newId } from "../identity.js";
import { Sure } from "../sure.js";

function Nil({ row, onDone }) {
  const [problem, setProblem] = useState();
  const [busy, setBusy] = useState(false);
  const key = useRef(newId());
  const save = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      await sendSurely("nil", { regime: row.regime, period: row.period,
        entry_key: key.current }, new AbortController().signal, setProblem);
      setProblem(undefined);
      onDone();
    } catch (found) {
      setProblem(found);
    }
    setBusy(false);
  };
  return html`<${Sure} label=${t("nil")} tone="warn" disabled=${busy}
      question=${t("nil_sure", { period: said(row.label) })} onSure=${save} />
    ${problem && html`<p class="notice bad" role="alert">
      ${problem.detail ?? problemText(problem)}</p>`}`;
}

function Report({ row }) {
  const target = url("report", { period: row.period, regime: row.regime,
    format: "html", lang: language.get() });
  return html`<a class="button" href=${target} target="_blank"
    rel="noopener">${t("report_to_print")}</a>`;
}

function Due({ row, onDone }) {
  const missing = row.missing ?? [];
  return html`<li class="card">
    <h3>${said(row.label)}</h3>
    <p><${Status} family="report" value=${row.state} />
      ${row.due && html` ${t("due")}: <b>${day(row.due)}</b>
        ${" "}(${daysLeft(row)})`}</p>
    ${missing.length > 0 && html`<p>${t("missing")}</p>
      <ul>${missing.map((one) => html`<li key=${one.indicator}>
        ${said(one.label)}</li>`)}</ul>`}
    <div class="actions">
      <${Report} row=${row} />
      ${row.state !== "reported" && row.state !== "reported_late"
        && html`<${Nil} row=${row} onDone=${onDone} />`}
    </div></li>`;
}

function Dues({ turn, onDone }) {
  const state = useData("due", {}, ["outbox", "documents"], turn);
  /* A machine of before has no list of them. */
  if (state.problem?.status === 404) {
    return null;
  }
  return html`<section><h2>${t("due_reports")}</h2>
    <${Loaded} state=${state}>${({ rows }) => (rows.length > 0
      ? html`<ul class="cards">${rows.map((row) => html`<${Due}
          key=${`${row.plan} ${row.regime} ${row.period}`} row=${row}
          onDone=${onDone} />`)}</ul>`
      : html`<p class="empty">${t("nothing_due")}</p>`)}
    </${Loaded}></section>`;
}

/* The periods that the plan knows, as a choice. */
function Periods({ periods }) {
  const [query, change] = useQuery();
  return periods?.length > 0 && html`<p class="picker"><label>${t("period")}
    <select value=${query.period ?? ""} onChange=${(event) =>
        change({ period: event.target.value })}>
      <option value="">${t("whole_year")}</option>
      ${periods.map(({ period, label }) => html`<option key=${period}
        value=${period}>${said(label)}</option>`)}
    </select></label></p>`;
}

export function Progress({ form: { office } }) {
  const [{ period }] = useQuery();
  const [turn, setTurn] = useState(0);
  const state = useData("progress", { period }, ["outbox", "documents"], turn);
  return html`<h1>${t("my_progress")}</h1>
    <p class="quiet">${t("own_figures", { office })}</p>
    <${Dues} turn=${turn} onDone=${() => setTurn(turn + 1)} />
    <${Loaded} state=${state}>${(data) => html`
      <section><h2>${t("figures")}</h2>
        <${Periods} periods=${data.periods} />
        ${Number(data.not_received) > 0 && html`<p class="notice warn">
          ${t("not_received_yet", { n: data.not_received })}</p>`}
        <${Lines} plain lines=${data.lines} caption=${t("my_targets")}
          data=${data} />
        <p class="coordinates">${t("own_coordinates", {
          from: day(data.coordinates.from), to: day(data.coordinates.to) })}</p>
      </section>`}</${Loaded}>`;
}
