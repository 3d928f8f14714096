/* frame - what stands around every page: where one can go, for which plan and
 * period, how fresh the figures are, who is signed in. */
import { useEffect } from "preact/hooks";
import { session, signOut } from "../../web/api.js";
import { title, useData } from "../../web/data.js";
import { html } from "../../web/html.js";
import { t, word } from "../../web/language.js";
import { Loaded } from "../../web/parts/notice.js";
import { Freshness } from "../../web/parts/freshness.js";
import { Choices } from "../../web/parts/choices.js";
import { More } from "../../web/parts/more.js";
import { go, Link, route } from "../../web/route.js";
import { useStore } from "../../web/store.js";
import { Indicator } from "./pages/indicator.js";
import { Ledger } from "./pages/ledger.js";
import { Links } from "./pages/links.js";
import { Overview } from "./pages/overview.js";
import { Reports } from "./pages/reports.js";
import { Unit } from "./pages/unit.js";
import { Units } from "./pages/units.js";
import { SIGN_IN } from "./pages/sign_in.js";
import { Picker } from "./picker.js";
import { FIGURES } from "./program.js";

/* By the first part of the path; `key` names the page in the dictionary. What
 * is of the whole province is not offered to a district. */
const PAGES = [
  { at: "", key: "overview", page: Overview },
  { at: "chi-tieu", key: "indicator", page: Indicator, inner: true },
  { at: "don-vi", key: "units", page: Units, one: Unit },
  { at: "duong-truyen", key: "links", page: Links },
  { at: "bao-cao", key: "reports", page: Reports },
  { at: "so-cai", key: "ledger", page: Ledger, whole: true },
];

function Navigation({ at }) {
  const { role } = useStore(session);
  const offered = ({ inner, whole }) =>
    !inner && !(whole && role === "district");
  return html`<nav aria-label=${t("pages")}><ul>
    ${PAGES.filter(offered).map((page) => html`<li key=${page.key}>
      <${Link} to=${`/${page.at}`}
          aria-current=${page.at === at ? "page" : null}>
        ${t(page.key)}</${Link}></li>`)}
  </ul></nav>`;
}

function Who() {
  const { name, role } = useStore(session);
  return html`<div class="who">
    <span>${name} <span class="quiet">(${word("role", role)})</span></span>
    <button type="button" onClick=${() => signOut().catch(() => {})}>
      ${t("sign_out")}</button>
  </div>`;
}

/* Who is signed in needs no one-time address; its secret goes from sight. */
function Away() {
  useEffect(() => go("/", true), []);
  return null;
}

function Page({ plans }) {
  const { path } = useStore(route);
  const [at, id] = path.slice(1).split("/");
  const found = PAGES.find((page) => page.at === at);
  const known = found && (id ? found.one || found.inner : !found.inner);
  useEffect(() => {
    title(known ? t(found.key) : t("not_found"));
  }, [path]);
  if (path === SIGN_IN) {
    return html`<${Away} />`;
  }
  if (!known) {
    return html`<h1>${t("not_found")}</h1>
      <p><${Link} to="/">${t("overview")}</${Link}></p>`;
  }
  const Shown = id && found.one ? found.one : found.page;
  return html`<${Shown} key=${path} id=${id} plans=${plans} />`;
}

export function Frame() {
  const state = useData("plans", {}, FIGURES);
  const { path } = useStore(route);
  const skip = () => document.getElementById("main").focus();
  return html`
    <button type="button" class="skip" onClick=${skip}>${t("skip")}</button>
    <header class="top">
      <${Link} to="/" class="brand">Tallyline</${Link}>
      <${Navigation} at=${path.slice(1).split("/")[0]} />
      <${Freshness} />
      <${More}><${Choices} /><${Who} /></${More}>
    </header>
    <main id="main" tabindex="-1">
      <${Loaded} state=${state} quiet>${(plans) => html`
        <${Picker} plans=${plans} path=${path} />
        <${Page} plans=${plans} />`}
      </${Loaded}>
    </main>`;
}
