/* notice - what stands in place of figures: they are on their way, they could
 * not be had, or there are none. */
import { html } from "../html.js";
import { t } from "../language.js";
import { Link, shared } from "../route.js";

const WORDS = { 0: "no_answer", 400: "bad_address", 403: "not_allowed",
  404: "not_found", 429: "busy_server", 503: "busy_server" };
/* What does not come by waiting: one goes back to where all is well. */
const ASTRAY = [400, 403, 404];

export function problemText(problem) {
  return t(WORDS[problem.status] || "failed", { status: problem.status });
}

function Home() {
  const none = Object.fromEntries(Object.keys(shared({}))
    .map((name) => [name, ""]));
  return html`<${Link} to="/" query=${none}>${t("home")}</${Link}>`;
}

/* Shows `children(data)` once there is data; old figures stay while new ones
 * are on their way, and are said to be old when these do not come. `quiet`: it
 * holds no figures, and what stands within says what is wrong. */
export function Loaded({ state: { data, problem, busy }, quiet, children }) {
  return html`
    ${problem && !(quiet && data) && html`<p class="notice bad" role="alert">
      ${problemText(problem)} ${data && t("old_figures")}
      ${ASTRAY.includes(problem.status) && html`<${Home} />`}</p>`}
    ${data
      ? html`<div aria-busy=${busy ? "true" : "false"}>${children(data)}</div>`
      : busy && html`<p class="empty" role="status">${t("loading")}</p>`}`;
}
