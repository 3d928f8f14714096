/* nil - "nothing to report": of which lines is asked before, and each can be
 * left out; afterwards it says what was reported and takes it back. */
import { useEffect, useRef, useState } from "preact/hooks";
import { useData } from "../../../web/data.js";
import { moment } from "../../../web/dates.js";
import { html } from "../../../web/html.js";
import { said, t } from "../../../web/language.js";
import { Loaded } from "../../../web/parts/notice.js";
import { Status } from "../../../web/parts/status.js";
import { Link } from "../../../web/route.js";
import { eventPath } from "../addresses.js";
import { Trouble, useSending } from "../entry/sending.js";
import { Void } from "../void.js";
import { named, shortLabel } from "./periods.js";

/* {number, lines}: lines of one indicator are named together. */
function byNumber(missing) {
  const found = new Map();
  missing.filter(({ number }) => number).forEach((line) => found.set(
    line.number, [...(found.get(line.number) ?? []), line]));
  return [...found].map(([number, lines]) => ({ number, lines }));
}

function Choices({ choices, left, change }) {
  const turn = (number) => {
    const other = new Set(left);
    if (!other.delete(number)) {
      other.add(number);
    }
    change(other);
  };
  return html`<ul class="ticks">${choices.map(({ number, lines }) => html`
    <li key=${number}><label><input type="checkbox"
      checked=${!left.has(number)} onChange=${() => turn(number)} />
      <span>${lines.map(({ indicator, label }) => html`
        <span key=${indicator}>${said(label)}</span>`)}</span></label></li>`)}
  </ul>`;
}

/* What a nil report cannot name. */
function Own({ lines }) {
  return lines.length > 0 && html`<p class="quiet">${t("nil_own")}</p>
    <ul class="quiet">${lines.map(({ indicator, label }) => html`
      <li key=${indicator}>${said(label)}</li>`)}</ul>`;
}

function Question({ row, missing, onDone, onLeave }) {
  const [left, setLeft] = useState(new Set());
  const [state, run] = useSending("nil", onDone);
  const form = useRef();
  useEffect(() => form.current.querySelector("input, .actions button").focus(),
    []);
  const choices = byNumber(missing);
  const numbers = choices.map(({ number }) => number);
  const chosen = numbers.filter((number) => !left.has(number));
  const count = chosen.length;
  return html`<form class="nil" ref=${form} onSubmit=${(event) => {
    event.preventDefault();
    run(`${t("nil_save", { n: count })}, ${shortLabel(row)}`, {
      plan: row.plan, regime: row.regime, period: row.period,
      unit: row.unit?.key, indicators: chosen });
  }}>
    ${choices.length > 0 ? html`<fieldset>
      <legend>${t("nil_of", { period: shortLabel(row) })}</legend>
      <button type="button" onClick=${() =>
        setLeft(new Set(count > 0 ? numbers : []))}>
        ${t(count > 0 ? "untick_all" : "tick_all")}</button>
      <${Choices} choices=${choices} left=${left} change=${setLeft} />
    </fieldset>` : html`<p>${t("nil_none")}</p>`}
    ${count < choices.length && html`<p class="quiet">
      ${t("nil_left", { n: choices.length - count })}</p>`}
    <${Own} lines=${missing.filter(({ number }) => !number)} />
    <${Trouble} ...${state} />
    <div class="actions">
      ${choices.length > 0 && html`<button type="submit" class="main"
        disabled=${state.busy || count === 0}>${state.busy ? t("saving")
          : t("nil_save", { n: count })}</button>`}
      <button type="button" disabled=${state.busy} onClick=${onLeave}>
        ${t("no_leave_it")}</button>
    </div>
  </form>`;
}

/* What is missing may have changed since the list of all was made. */
export function Nil({ row, onDone, onLeave }) {
  const state = useData("due", named(row));
  return html`<${Loaded} state=${state}>${({ rows }) => html`<${Question}
    row=${row} missing=${rows[0]?.missing ?? []}
    onDone=${onDone} onLeave=${onLeave} />`}</${Loaded}>`;
}

/* One that stands. */
export function NilDone({ row, nil, onDone }) {
  const [back, setBack] = useState(false);
  return html`<div class="nil-done">
    <p role="status"><${Status} family="event" value=${nil.state} />
      ${" "}${t("nil_done", { period: shortLabel(row), n: nil.indicators,
        at: moment(nil.recorded_at) })}</p>
    ${back ? html`<${Void} id=${nil.id} what=${shortLabel(row)}
        title=${t("nil_back_sure")}
        means=${t("nil_back_means")} label=${t("nil_back")}
        onLeave=${() => setBack(false)} onDone=${onDone} />`
      : html`<p class="actions"><${Link} to=${eventPath(nil.id)}>
        ${t("nil_look")}</${Link}>
        <button type="button" onClick=${() => setBack(true)}>
          ${t("nil_back")}</button></p>`}
  </div>`;
}
