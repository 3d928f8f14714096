/* The office's page. Which page is shown follows from the address; who may do
 * what is decided by the office's machine alone. */
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import "../../web/styles/base.css";
import "../../web/styles/parts.css";
import "../../web/styles/print.css";
import "./styles/office.css";
import "./styles/entry.css";
import { findSession, session } from "../../web/api.js";
import { html } from "../../web/html.js";
import { language } from "../../web/language.js";
import { problemText } from "../../web/parts/notice.js";
import { useStore } from "../../web/store.js";
import "./words/index.js";
import { Frame } from "./frame.js";
import { SignIn } from "./pages/sign_in.js";
import { useReach } from "./reach.js";

function App() {
  const who = useStore(session);
  const words = useStore(language);
  const [problem, setProblem] = useState();
  useReach(Boolean(who));
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
  return who ? html`<${Frame} key=${`${words} ${who.name}`} />`
    : html`<${SignIn} key=${words} />`;
}

render(html`<${App} />`, document.getElementById("page"));
