/* frame - what stands around every page: whose machine this is, where one can
 * go, whether the province is in reach, who is signed in. */
import { useEffect } from "preact/hooks";
import { session, signOut } from "../../web/api.js";
import { title, useData } from "../../web/data.js";
import { html } from "../../web/html.js";
import { t, word } from "../../web/language.js";
import { Choices } from "../../web/parts/choices.js";
import { More } from "../../web/parts/more.js";
import { Loaded } from "../../web/parts/notice.js";
import { Link, route } from "../../web/route.js";
import { finds } from "../../web/search.js";
import { useStore } from "../../web/store.js";
import { Sendings } from "./entry/sending.js";
import { lineTone, useLink } from "./link_words.js";
import { Choose } from "./pages/choose.js";
import { Event } from "./pages/event.js";
import { Line } from "./pages/line.js";
import { Outbox } from "./pages/outbox.js";
import { Progress } from "./pages/progress.js";
import { Record } from "./pages/record.js";
import { Sheets } from "./pages/sheets.js";
import { NotUsed } from "./once.js";
import { OtherPerson } from "./other_person.js";
import { machine } from "./reach.js";

/* By the first part of the path; `key` names the page in the dictionary. */
const PAGES = [
  { at: "", key: "record", page: Choose },
  { at: "ghi-nhan", key: "record", page: Choose, one: Record, inner: true },
  { at: "hop-gui-di", key: "outbox", page: Outbox, one: Event },
  { at: "tien-do", key: "my_progress", page: Progress },
  { at: "nhap-excel", key: "from_excel", page: Sheets },
  { at: "duong-truyen", key: "line", page: Line },
];

function Navigation({ at }) {
  const mine = PAGES.find((page) => page.at === at)?.key;
  return html`<nav aria-label=${t("pages")}><ul>
    ${PAGES.filter(({ inner }) => !inner).map((page) => html`<li
        key=${page.at}><${Link} to=${`/${page.at}`}
          aria-current=${page.key === mine ? "page" : null}>
        ${t(page.key)}</${Link}></li>`)}
  </ul></nav>`;
}

/* Two links, both in words: this page to the machine, the machine to the
 * province. Without the first nothing is known of the second. */
function Reach() {
  const { answers } = useStore(machine);
  const { data } = useLink();
  if (!answers) {
    return html`<p class="freshness lost" role="status">
      <span aria-hidden="true">✕</span>${t("machine_away")}</p>`;
  }
  return html`<p class="reach ${data ? lineTone(data.state) : "none"}"
      role="status">
    ${data && html`<${Link} to="/duong-truyen"><span aria-hidden="true">${
      data.state === "connected" ? "●" : "○"}</span>
      ${" "}${word("line", data.state)}</${Link}>`}</p>`;
}

function Who() {
  const { name, role } = useStore(session);
  return html`<div class="who">
    <span>${name} <span class="quiet">(${word("role", role)})</span></span>
    <button type="button" onClick=${() => signOut().catch(() => {})}>
      ${t("sign_out")}</button>
  </div>`;
}

function Page({ form }) {
  const { path } = useStore(route);
  const [at, id] = path.slice(1).split("/");
  const found = PAGES.find((page) => page.at === at);
  const Shown = id ? found?.one : found?.page;
  useEffect(() => title(Shown ? t(found.key) : t("not_found")), [path]);
  if (!Shown) {
    return html`<h1>${t("not_found")}</h1>
      <p><${Link} to="/">${t("record")}</${Link}></p>`;
  }
  return html`<${Shown} key=${path} id=${id} form=${form} />`;
}

/* The name that the province gave the office, and for which unit it records. */
function Brand({ form }) {
  const { office = "Tallyline", pairs: [pair] = [] } = form ?? {};
  return html`${office}${" "}
    ${pair && !finds(pair.name, office) && html`<small>${pair.name}
    </small>`}`;
}

export function Frame() {
  const state = useData("form", {}, ["documents"]);
  const { path } = useStore(route);
  const who = useStore(session);
  const skip = () => document.getElementById("main").focus();
  return html`
    <button type="button" class="skip" onClick=${skip}>${t("skip")}</button>
    <header class="top">
      <${Link} to="/" class="brand"><${Brand} form=${state.data} /></${Link}>
      <${Navigation} at=${path.slice(1).split("/")[0]} />
      <${Reach} />
      <${More} label=${who.name}><${Choices} /><${Who} /></${More}>
    </header>
    <main id="main" tabindex="-1">
      <${NotUsed} />
      <${OtherPerson} />
      <${Sendings} />
      <${Loaded} state=${state} quiet>${(form) =>
        html`<${Page} form=${form} />`}</${Loaded}>
    </main>`;
}
