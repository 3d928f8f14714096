/* Sign-in: one's name as a tile, then the PIN; or a one-time address (once.js),
 * which is sent at once. */
import { useEffect, useRef, useState } from "preact/hooks";
import { ended, get, signIn } from "../../../web/api.js";
import { title } from "../../../web/data.js";
import { clock } from "../../../web/dates.js";
import { html } from "../../../web/html.js";
import { t, word } from "../../../web/language.js";
import { Choices } from "../../../web/parts/choices.js";
import { problemText } from "../../../web/parts/notice.js";
import { takeOnce } from "../once.js";

const WORDS = { 401: "wrong_pin", 429: "too_many_until" };

function usePeople() {
  const [state, setState] = useState({});
  useEffect(() => {
    get("people").then(({ people }) => setState({ people }),
      (problem) => setState({ problem }));
  }, []);
  return state;
}

function Problem({ problem, once }) {
  if (!problem) {
    return null;
  }
  const key = once && problem.status === 401 ? "wrong_link"
    : WORDS[problem.status];
  return html`<p class="notice bad" role="alert">
    ${key ? t(key, { time: clock(Date.now() + problem.wait * 1000) })
      : problemText(problem)}</p>`;
}

function People({ people, onChoose }) {
  return html`<h2>${t("who_are_you")}</h2>
    <ul class="people">${people.map(({ name, role }) => html`<li key=${name}>
      <button type="button" onClick=${() => onChoose(name)}><b>${name}</b>
        <small class="quiet">${word("role", role)}</small></button></li>`)}
    </ul>`;
}

function Pin({ name, busy, onEnter, onBack }) {
  const pin = useRef();
  useEffect(() => pin.current.focus(), []);
  const submit = (event) => {
    event.preventDefault();
    onEnter({ name, pin: pin.current.value });
  };
  return html`<form onSubmit=${submit}>
    <h2>${name}</h2>
    <label>${t("pin")} <input ref=${pin} type="password" inputmode="numeric"
      name="pin" autocomplete="off" required /></label>
    <button type="submit" class="main" disabled=${busy}>
      ${busy ? t("loading") : t("sign_in")}</button>
    <button type="button" onClick=${onBack}>${t("not_me")}</button>
  </form>`;
}

export function SignIn() {
  const { people, problem: trouble } = usePeople();
  const [name, setName] = useState();
  const [problem, setProblem] = useState();
  const [busy, setBusy] = useState(false);
  const [once] = useState(takeOnce);
  const enter = async (words) => {
    setBusy(true);
    setProblem(undefined);
    try {
      await signIn(words);
    } catch (found) {
      setProblem(found);
    }
    setBusy(false);
  };
  useEffect(() => {
    title(t("sign_in"));
    if (once) {
      enter({ link: once });
    }
  }, []);
  const choose = (chosen) => {
    setProblem(undefined);
    setName(chosen);
  };
  return html`<main class="sign-in">
    <h1>Tallyline</h1>
    ${!problem && ended.get() && html`<p class="notice" role="status">
      ${t("session_ended_kept")}</p>`}
    <${Problem} problem=${problem ?? trouble} once=${once && !name} />
    ${name ? html`<${Pin} ...${{ name, busy, onEnter: enter }}
        onBack=${() => choose(undefined)} />`
      : people?.length > 0
        ? html`<${People} people=${people} onChoose=${choose} />`
        : people && html`<p class="notice">${t("no_people")}</p>`}
    <${Choices} />
  </main>`;
}
