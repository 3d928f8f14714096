/* sure - a button that asks once more before it does what cannot be undone. */
import { useEffect, useRef, useState } from "preact/hooks";
import { html } from "../../web/html.js";
import { t } from "../../web/language.js";

export function Sure({ label, question, onSure, disabled, tone = "bad" }) {
  const [asked, setAsked] = useState(false);
  const yes = useRef();
  useEffect(() => {
    if (asked) {
      yes.current.focus();
    }
  }, [asked]);
  if (!asked) {
    return html`<button type="button" disabled=${disabled}
      onClick=${() => setAsked(true)}>${label}</button>`;
  }
  const answer = (sure) => () => {
    setAsked(false);
    if (sure) {
      onSure();
    }
  };
  return html`<span class="sure ${tone}" role="group" aria-label=${question}>
    <span>${question}</span>
    <button type="button" class="main" ref=${yes} disabled=${disabled}
      onClick=${answer(true)}>${label}</button>
    <button type="button" onClick=${answer(false)}>${t("no_leave_it")}</button>
  </span>`;
}
