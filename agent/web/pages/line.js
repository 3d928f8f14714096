/* Đường truyền: is the province in reach, what waits, how much room is left,
 * and what to do. */
import { useData } from "../../../web/data.js";
import { moment } from "../../../web/dates.js";
import { html } from "../../../web/html.js";
import { said, t, word } from "../../../web/language.js";
import { bytes, number } from "../../../web/numbers.js";
import { Loaded } from "../../../web/parts/notice.js";
import { lineTone, reachText, useNow, waitingText } from "../link_words.js";

function Fact({ label, children }) {
  return html`<div><dt>${label}</dt><dd>${children}</dd></div>`;
}

function Room({ room }) {
  const share = Number(room.used) / Number(room.total || 1);
  return html`<span class="progress ${share > 0.8 ? "warn" : "fair"}">
      <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        <rect class="track" width="100" height="8" />
        <rect class="bar" width=${Math.min(100, share * 100)} height="8" />
      </svg></span>
    ${t("room_of", { used: bytes(room.used), total: bytes(room.total) })}
    ${room.days_left != null && html`<small class="quiet"> ${t("room_days",
      { n: number(room.days_left) })}</small>`}`;
}

function Collectors({ collectors }) {
  return collectors?.length > 1 && html`<section><h2>${t("collectors")}</h2>
    <ul>${collectors.map((one) => html`<li key=${one.name}>
      <b>${one.name}</b>${one.primary && ` · ${t("is_primary")}`}${": "}
      ${word("line", one.state)}${", "}${waitingText(one)}</li>`)}</ul>
  </section>`;
}

export function Line() {
  const state = useData("link", {}, ["link", "outbox"]);
  const now = useNow();
  return html`<h1>${t("line")}</h1>
    <${Loaded} state=${state}>${(data) => html`
      <p class="notice ${lineTone(data.state)}">
        ${reachText(data, now)} ${data.sentence && said(data.sentence)}</p>
      <p>${t(`advice_${data.state}`)}</p>
      <dl class="facts wide">
        <${Fact} label=${t("waiting")}>${waitingText(data)}</${Fact}>
        <${Fact} label=${t("last_heard")}>${data.heard_at
          ? moment(data.heard_at) : t("never_yet")}</${Fact}>
        ${data.room && html`<${Fact} label=${t("room")}>
          <${Room} room=${data.room} /></${Fact}>`}
        ${data.clock && html`<${Fact} label=${t("machine_clock")}>
          ${said(data.clock.sentence ?? data.clock)}</${Fact}>`}
      </dl>
      ${data.alarm && html`<p class="notice bad" role="alert">
        ${said(data.alarm)}</p>`}
      <${Collectors} collectors=${data.collectors} />`}
    </${Loaded}>`;
}
