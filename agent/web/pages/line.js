/* Đường truyền: is the province in reach, what waits, how much room is left,
 * and what to do. */
import { moment, span } from "../../../web/dates.js";
import { html } from "../../../web/html.js";
import { t } from "../../../web/language.js";
import { bytes, number } from "../../../web/numbers.js";
import { Loaded } from "../../../web/parts/notice.js";
import { lineTone, useLink } from "../link_words.js";
import { Checkup, Sticks } from "./line_check.js";

/* From here on one has to think of more room. */
const FULL = 0.8;
/* What the machine calls the first collector until somebody names it. */
const FIRST = "first";

function Fact({ label, children }) {
  return html`<div><dt>${label}</dt><dd>${children}</dd></div>`;
}

function Room({ room }) {
  const share = Number(room.used) / Number(room.total || 1);
  return html`<span class="progress ${share > FULL ? "warn" : "fair"}">
      <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        <rect class="track" width="100" height="8" />
        <rect class="bar" width=${Math.min(100, share * 100)} height="8" />
      </svg></span>
    ${room.text}${" "}<small class="quiet">
      ${t("room_of", { used: bytes(room.used), total: bytes(room.total) })}
    </small>`;
}

function Waiting({ waiting, oldest_waiting: oldest }) {
  return html`${number(waiting)}
    ${oldest && html` <small class="quiet">${t("since", {
      at: moment(oldest) })}</small>`}`;
}

function Collector({ name, primary, state, since, waiting, received_at: at,
  holds_room: holds }) {
  return html`<li><strong>${name === FIRST ? `${t("collector_first")} (${name})`
    : name}</strong>${primary && ` · ${t("is_primary")}`}:
    ${" "}${t(`collector_${state}`)}${since && html` <small class="quiet">
      ${t("collector_since", { at: moment(since) })}</small>`}
    <br />${waiting ? t("collector_lacks", { n: number(waiting) })
      : t("collector_has_all")}${at && html` <small class="quiet">
      ${t("collector_last", { at: moment(at) })}</small>`}
    ${holds && html`<p class="notice warn">${t("collector_holds")}</p>`}</li>`;
}

/* One that is connected, while the primary is not. */
const instead = ([primary, ...others]) => (primary.state === "connected" ? null
  : others.find(({ state }) => state === "connected"));

function Collectors({ collectors }) {
  const other = collectors?.length > 1 && instead(collectors);
  return collectors?.length > 1 && html`<section><h2>${t("collectors")}</h2>
    <p>${t("collectors_mean")}</p>
    ${other && html`<p class="notice warn">
      ${t("collector_instead", other)}</p>`}
    <ul>${collectors.map((one) => html`<${Collector} key=${one.name}
      ...${one} />`)}</ul></section>`;
}

export function Line() {
  const state = useLink();
  return html`<h1>${t("line")}</h1>
    <${Loaded} state=${state}>${(data) => html`
      <p class="notice ${lineTone(data.state)}">${data.sentence}</p>
      <p>${t(`advice_${data.state}`)}</p>
      ${data.ledger?.alarm && html`<p class="notice bad" role="alert">
        ${data.ledger.text}</p>`}
      ${data.clock_ahead_s != null && html`<p class="notice bad" role="alert">
        ${t(data.clock_ahead_s > 0 ? "clock_ahead" : "clock_behind",
          { span: span(Math.abs(data.clock_ahead_s)) })}</p>`}
      <dl class="facts wide">
        <${Fact} label=${t("waiting")}><${Waiting} ...${data} /></${Fact}>
        <${Fact} label=${t("last_heard")}>${data.heard_at
          ? moment(data.heard_at) : t("never_yet")}</${Fact}>
        <${Fact} label=${t("room")}><${Room} room=${data.room} /></${Fact}>
      </dl>
      <${Collectors} collectors=${data.collectors} />`}
    </${Loaded}>
    <${Sticks} />
    <${Checkup} />`;
}
