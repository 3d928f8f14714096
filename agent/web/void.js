/* void - takes back what was saved, with a reason from the list. */
import { useEffect, useRef, useState } from "preact/hooks";
import { get } from "../../web/api.js";
import { html } from "../../web/html.js";
import { said, t } from "../../web/language.js";
import { problemText } from "../../web/parts/notice.js";
import { sendSurely } from "./entry/save.js";
import { newId } from "./identity.js";

function useVoiding(id, onDone) {
  const [state, setState] = useState({});
  const control = useRef(new AbortController());
  const [key] = useState(newId);
  useEffect(() => () => control.current.abort(), []);
  const run = async (reason) => {
    if (state.busy) {
      return;
    }
    setState({ busy: true });
    try {
      await sendSurely(`events/${id}/void`, { reason, entry_key: key },
        control.current.signal, () => setState({ busy: true, unsure: true }));
      setState({});
      onDone();
    } catch (problem) {
      setState({ problem });
    }
  };
  return [state, run];
}

/* `label` is what the button says, `means` what it does. */
export function Void({ id, title, means, label, onDone, onLeave }) {
  const [reasons, setReasons] = useState([]);
  const [reason, setReason] = useState("");
  const [{ busy, unsure, problem }, run] = useVoiding(id, onDone);
  const first = useRef();
  useEffect(() => {
    first.current.focus();
    get("reasons").then((found) => setReasons(found.reasons), () => {});
  }, []);
  return html`<form class="card void" onSubmit=${(event) => {
    event.preventDefault();
    run(reason);
  }}>
    <h2>${title}</h2>
    <p>${means}</p>
    <label>${t("reason")} <select ref=${first} required value=${reason}
        onChange=${(event) => setReason(event.target.value)}>
      <option value="">${t("choose")}</option>
      ${reasons.map(({ key, label }) => html`<option key=${key} value=${key}>
        ${said(label)}</option>`)}</select></label>
    ${unsure && html`<p class="notice warn" role="alert">${t("save_unsure")}
    </p>`}
    ${problem && html`<p class="notice bad" role="alert">
      ${problem.detail ?? problemText(problem)}</p>`}
    <div class="actions">
      <button type="submit" class="main" disabled=${busy || !reason}>
        ${busy ? t("saving") : label}</button>
      <button type="button" disabled=${busy} onClick=${onLeave}>
        ${t("no_leave_it")}</button>
    </div>
  </form>`;
}
