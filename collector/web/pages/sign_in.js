/* Sign-in, by name and password or by a one-time address: what stands behind
 * its # is sent once and taken out of the address. */
import { useEffect, useRef, useState } from "preact/hooks";
import { ended, signIn } from "../../../web/api.js";
import { clock } from "../../../web/dates.js";
import { html } from "../../../web/html.js";
import { t } from "../../../web/language.js";
import { Choices } from "../../../web/parts/choices.js";
import { problemText } from "../../../web/parts/notice.js";
import { go } from "../../../web/route.js";

/* The path of a one-time address. */
export const SIGN_IN = "/dang-nhap";

const WORDS = { 401: "wrong_password", 429: "too_many_until" };

function Problem({ problem, once }) {
  if (!problem) {
    return null;
  }
  const key = once && problem.status === 401 ? "wrong_link"
    : WORDS[problem.status];
  const time = clock(Date.now() + problem.wait * 1000);
  return html`<p class="notice bad" role="alert">
    ${key ? t(key, { time }) : problemText(problem)}</p>`;
}

export function SignIn({ from }) {
  const [problem, setProblem] = useState();
  const [busy, setBusy] = useState(false);
  const [once] = useState(location.hash.slice(1));
  const password = useRef();
  const enter = async (words) => {
    setBusy(true);
    setProblem(undefined);
    try {
      await signIn(words);
    } catch (found) {
      setProblem(found);
      password.current.focus();
      password.current.select();
    }
    setBusy(false);
  };
  useEffect(() => {
    document.title = `${t("sign_in")} · Tallyline`;
    if (from.path === SIGN_IN) {
      go("/", true);
    }
    if (once) {
      enter({ link: once });
    }
  }, []);
  const submit = (event) => {
    event.preventDefault();
    const { name, password } = event.target.elements;
    enter({ name: name.value, password: password.value });
  };
  return html`<main class="sign-in">
    <h1>Tallyline</h1>
    <p>${t("sign_in_why")}</p>
    ${!problem && ended.get() && html`<p class="notice" role="status">
      ${t("session_ended")}</p>`}
    <${Problem} problem=${problem} once=${once} />
    <form onSubmit=${submit}>
      <label>${t("name")} <input name="name" autocomplete="username" required
        autocapitalize="none" spellcheck=${false} /></label>
      <label>${t("password")} <input name="password" type="password" required
        autocomplete="current-password" ref=${password} /></label>
      <button type="submit" class="main" disabled=${busy}>
        ${busy ? t("loading") : t("sign_in")}</button>
    </form>
    <p class="quiet">${t("forgotten")}</p>
    <${Choices} />
  </main>`;
}
