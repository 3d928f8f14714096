/* One event: where it is, all that it says, its receipt, its corrections; and
 * what can be done with it. */
import { useState } from "preact/hooks";
import { useData, useTitle } from "../../../web/data.js";
import { moment } from "../../../web/dates.js";
import { html } from "../../../web/html.js";
import { said, t } from "../../../web/language.js";
import { number } from "../../../web/numbers.js";
import { Loaded } from "../../../web/parts/notice.js";
import { Status, tone } from "../../../web/parts/status.js";
import { Table } from "../../../web/parts/table.js";
import { Link } from "../../../web/route.js";
import { eventId, eventPath } from "../addresses.js";
import { Ended, givenText, isOver } from "../standing.js";
import { Void } from "../void.js";

/* What is told elsewhere on the page, or says nothing to people. */
const UNTOLD = ["recorded_at", "entry_key"];

/* Where it is, in a sentence. */
function Standing({ event }) {
  const { state, receipt, outcome } = event;
  if (isOver(event) && event.ended) {
    return html`<${Ended} event=${event} />`;
  }
  return html`<div class="notice ${tone(state)}" role="status">
    <p><${Status} family="event" value=${state} />
      ${" "}${t(`means_${state}`)}</p>
    ${event.correction_reason && html`<p>${givenText(event)}</p>`}
    ${receipt && html`<p>${t("receipt", { n: number(receipt.index),
      at: moment(receipt.received_at) })}</p>`}
    ${state === "to_mend" && html`<p><b>${outcome.text}</b>
      ${" "}${outcome.what_to_do}</p>`}
  </div>`;
}

function Actions({ event, onDone }) {
  const [voiding, setVoiding] = useState(false);
  const { correct = true, void: voidable = true } = event.may ?? {};
  if (voiding) {
    return html`<${Void} id=${event.id} what=${said(event.label)}
      title=${t("void_sure")}
      means=${t("void_means")} label=${t("void_it")}
      onLeave=${() => setVoiding(false)} onDone=${() => {
        setVoiding(false);
        onDone();
      }} />`;
  }
  return html`<div class="actions">
    ${correct && html`<${Link} class="button main"
      to=${`/ghi-nhan/${event.type}`} query=${{ corrects: event.id }}>
      ${t(event.state === "to_mend" ? "mend_it" : "correct_it")}</${Link}>`}
    ${voidable && html`<button type="button"
      onClick=${() => setVoiding(true)}>${t("void_it")}</button>`}
    ${event.standing === "voided" && html`<p class="quiet">
      ${t("void_for_good")}</p>`}
  </div>`;
}

function Chain({ event: { chain, id, voided } }) {
  return chain?.length > 1 && html`<section><h2>${t("chain")}</h2>
    <${Table} hidden caption=${t("chain")} rows=${chain} columns=${[
      { key: "id", label: t("version"), head: true, cell: (one) =>
        (one.id === id ? html`<b aria-current="page">${t("this_one")}</b>`
          : !one.here ? one.id
            : html`<${Link} to=${eventPath(one.id)}>${one.id}</${Link}>`) },
      { key: "what", label: t("what"), cell: (one) =>
        html`${t(one.voids ? "is_void" : one.parent ? "is_correction"
          : "is_first")} <small class="quiet">${givenText(one)}</small>` },
      { key: "at", label: t("saved_at"), cell: (one) =>
        one.recorded_at && moment(one.recorded_at) },
      { key: "state", label: t("state"), cell: (one) => html`${one.state
        && html`<${Status} family="event" value=${one.stands || one.voids
          ? one.state : voided ? "voided" : "replaced"} />`}
        ${one.stands && html` <small class="quiet">${t("in_force")}
        </small>`}` },
    ]} /></section>`;
}

/* A void is called by what it is about. */
function eventLabel({ label, standing, chain }) {
  return standing === "void" && chain[0].label
    ? t("void_of", { label: said(chain[0].label) }) : said(label);
}

export function Event({ id: part }) {
  const id = eventId(part);
  const [turn, setTurn] = useState(0);
  const state = useData(`events/${id}`, {}, ["outbox"], turn);
  useTitle(state.data && eventLabel(state.data));
  return html`<p><${Link} to="/hop-gui-di">‹ ${t("outbox")}</${Link}></p>
    <${Loaded} state=${state}>${(event) => html`
      <h1>${eventLabel(event)}</h1>
      <${Standing} event=${event} />
      <${Actions} event=${event} onDone=${() => setTurn(turn + 1)} />
      <dl class="facts wide">
        ${event.fields.filter(({ key }) => !UNTOLD.includes(key)).map(
          ({ key, label, text }) => html`<div key=${key}>
          <dt>${said(label)}</dt><dd>${said(text)}</dd></div>`)}
        <div><dt>${t("saved_at")}</dt>
          <dd>${moment(event.recorded_at)}</dd></div>
        <div><dt>${t("event_number")}</dt><dd>${event.id}</dd></div>
      </dl>
      <${Chain} event=${event} />`}
    </${Loaded}>`;
}
