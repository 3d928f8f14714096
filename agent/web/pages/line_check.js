/* What `doctor` finds on this machine, and what sticks last took along and
 * brought. Looking takes some seconds, so it is asked for once, and again when
 * somebody wants it. */
import { useState } from "preact/hooks";
import { send } from "../../../web/api.js";
import { useData } from "../../../web/data.js";
import { moment } from "../../../web/dates.js";
import { html } from "../../../web/html.js";
import { t } from "../../../web/language.js";
import { number } from "../../../web/numbers.js";
import { Loaded } from "../../../web/parts/notice.js";
import { Status } from "../../../web/parts/status.js";

function Finding({ finding: { title, state, text, advice } }) {
  return html`<div><dt>${title}</dt><dd>
    <${Status} family="finding" value=${state} /> ${text}
    ${advice && html`<br /><b>${t("finding_do")}</b> ${advice}`}</dd></div>`;
}

// It starts a program, so it is not for whoever can make a link.
const look = (path, query, signal) =>
  send("POST", path, undefined, { query, signal });

export function Checkup() {
  const [turn, setTurn] = useState(0);
  const state = useData("doctor", {}, [], turn, look);
  return html`<section><h2>${t("checkup")}</h2>
    <${Loaded} state=${state}>${({ findings }) => html`
      <dl class="facts wide">${findings.map((finding, at) => html`
        <${Finding} key=${at} finding=${finding} />`)}</dl>`}
    </${Loaded}>
    <button type="button" disabled=${state.busy && state.data}
      onClick=${() => setTurn(turn + 1)}>${t("checkup_again")}</button>
  </section>`;
}

export function Sticks() {
  const { data } = useData("stick", {}, ["outbox"]);
  return data?.wrote_at && html`<section><h2>${t("sticks")}</h2>
    <p>${t("stick_wrote", { at: moment(data.wrote_at),
      n: number(data.events) })}${" "}
      ${data.took_at && t("stick_took", { at: moment(data.took_at),
        n: number(data.receipts), documents: number(data.documents) })}</p>
    ${data.refusal && html`<p class="notice warn">${data.refusal}</p>`}
  </section>`;
}
