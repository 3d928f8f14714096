/* The province's dashboard. Which page is shown follows from the address; who
 * may see what is decided by the collector alone. */
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import "../../web/styles/base.css";
import "../../web/styles/parts.css";
import "../../web/styles/chart.css";
import "../../web/styles/print.css";
import { findSession, session } from "../../web/api.js";
import { html } from "../../web/html.js";
import { language } from "../../web/language.js";
import { connect, link } from "../../web/live.js";
import { problemText } from "../../web/parts/notice.js";
import { route, useQuery } from "../../web/route.js";
import { useStore } from "../../web/store.js";
import "./words/index.js";
import { Frame } from "./frame.js";
import { SignIn } from "./pages/sign_in.js";
import { EVENTS } from "./program.js";

/* The stream tells the lines of one plan. It also ends when the session does,
 * which cannot be seen from it. */
function useLive(on, plan) {
  useEffect(() => {
    if (!on) {
      return undefined;
    }
    const query = plan ? `?plan=${encodeURIComponent(plan)}` : "";
    const ends = [connect(`/api/v1/live${query}`, EVENTS),
      link.watch(({ live }) => live === false && findSession()
        .catch(() => {}))];
    return () => ends.forEach((end) => end());
  }, [on, plan]);
}

function App() {
  const who = useStore(session);
  const words = useStore(language);
  const [{ plan }] = useQuery();
  const [problem, setProblem] = useState();
  useLive(Boolean(who), plan);
  useEffect(() => {
    document.documentElement.lang = words;
  }, [words]);
  useEffect(() => {
    findSession().catch(setProblem);
  }, []);
  if (who === undefined) {
    return problem && html`<main><p class="notice bad" role="alert">
      ${problemText(problem)}</p></main>`;
  }
  return who ? html`<${Frame} key=${words} />`
    : html`<${SignIn} key=${words} from=${route.get()} />`;
}

render(html`<${App} />`, document.getElementById("page"));
