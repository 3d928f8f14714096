/* void - takes back what was saved, with a reason from the list. */
import { useEffect, useRef, useState } from "preact/hooks";
import { get } from "../../web/api.js";
import { html } from "../../web/html.js";
import { said, t } from "../../web/language.js";
import { Trouble, useSending } from "./entry/sending.js";

/* `what` is taken back; `label` is what the button says, `means` what it
 * does. */
export function Void({ id, what, title, means, label, onDone, onLeave }) {
  const [reasons, setReasons] = useState([]);
  const [reason, setReason] = useState("");
  const [state, run] = useSending(`events/${id}/void`, onDone);
  const first = useRef();
  useEffect(() => {
    first.current.focus();
    get("reasons").then((found) => setReasons(found.reasons), () => {});
  }, []);
  return html`<form class="card void" onSubmit=${(event) => {
    event.preventDefault();
    run(`${label}, ${what}`, { reason });
  }}>
    <h2>${title}</h2>
    <p>${means}</p>
    <label>${t("reason")} <select ref=${first} required value=${reason}
        onChange=${(event) => setReason(event.target.value)}>
      <option value="">${t("choose")}</option>
      ${reasons.map(({ key, label }) => html`<option key=${key} value=${key}>
        ${said(label)}</option>`)}</select></label>
    ${!reason && html`<p class="quiet">${t("reason_first")}</p>`}
    <${Trouble} ...${state} />
    <div class="actions">
      <button type="submit" class="main" disabled=${state.busy || !reason}>
        ${state.busy ? t("saving") : label}</button>
      <button type="button" disabled=${state.busy} onClick=${onLeave}>
        ${t("no_leave_it")}</button>
    </div>
  </form>`;
}
