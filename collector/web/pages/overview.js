/* Tổng quan: every target of the plan at a glance, and what to look at
 * first. */
import { useEffect, useState } from "preact/hooks";
import { ago } from "../../../web/dates.js";
import { useData } from "../../../web/data.js";
import { html } from "../../../web/html.js";
import { said, t, word } from "../../../web/language.js";
import { listen } from "../../../web/live.js";
import { Pills, SearchBox } from "../../../web/parts/filters.js";
import { Loaded } from "../../../web/parts/notice.js";
import { Progress } from "../../../web/parts/progress.js";
import { Status, tone } from "../../../web/parts/status.js";
import { Link, shared, useQuery } from "../../../web/route.js";
import { finds } from "../../../web/search.js";
import { Coordinates, ofWhat } from "../coordinates.js";
import { daysLeft, lag, Lines } from "../../../web/parts/lines.js";
import { bySilence, lastSign } from "../offices.js";
import { FIGURES } from "../program.js";
import { unitName } from "../units.js";

const SHOWN = ["missed", "behind", "on_track", "met", "monitor", "nothing",
  "later", "replaced", "not_computed"];
const WORST_MAX = 3;

/* What the stream has told since: {position, statuses, lines by id}. */
function addNews(old, { position, statuses, lines }) {
  const all = new Map(old.lines);
  lines.forEach((line) => all.set(line.id, { line, position }));
  return { position, statuses, lines: all };
}

/* What is newer than the answer takes its place, line by line: either of the
 * two may come first. */
function withNews(data, news) {
  const { position } = data.coordinates;
  if (!(news.position > position)) {
    return data;
  }
  return { ...data, statuses: news.statuses,
    coordinates: { ...data.coordinates, position: news.position },
    lines: data.lines.map((line) => {
      const found = news.lines.get(line.id);
      return found?.position > position
        ? { ...line, ...found.line, marked: true } : line;
    }) };
}

/* The whole year as it is now comes by the stream; other days are asked for
 * again. */
function useOverview(query) {
  const filters = { ...shared(query), unit: query.unit };
  const moves = !filters.period && !filters.unit;
  const state = useData("overview", filters, moves ? [] : FIGURES);
  const [news, setNews] = useState({});
  useEffect(() => {
    setNews({});
    return moves ? listen(({ type, data }) => type === "overview"
      && setNews((old) => addNews(old, data))) : undefined;
  }, [moves, filters.plan]);
  return state.data && moves
    ? { ...state, data: withNews(state.data, news) } : state;
}

function Worst({ lines }) {
  const worst = lines.filter((line) => lag(line) >= 0)
    .sort((a, b) => lag(b) - lag(a)).slice(0, WORST_MAX);
  return html`<section class="card">
    <h2>${t("most_behind")}</h2>
    ${worst.length === 0 ? html`<p>${t("none_behind")}</p>`
      : html`<ol>${worst.map((line) => html`<li key=${line.id}>
          <${Link} to=${`/chi-tieu/${line.id}`}>${said(line.label)}</${Link}>
          <${Progress} share=${line.achieved} path=${line.expected?.share}
            status=${line.status} />
        </li>`)}</ol>`}
  </section>`;
}

function LongestSilent({ at, counts, offices }) {
  const silent = bySilence(offices);
  const first = silent[0];
  const unheard = silent.slice(1).filter((one) => !lastSign(one)).length;
  const now = Date.parse(at);
  return html`
    ${first ? html`<p><b>${first.units.map(unitName).join(", ")}</b>
          ${" "}<${Status} family="link" value=${first.state} /></p>
        <p class="quiet"><${Link} to="/duong-truyen"
          query=${{ q: first.name }}>${first.name}</${Link}></p>
        <p>${lastSign(first) ? t("last_sign",
          { ago: ago(lastSign(first), now) }) : t("never_heard")}</p>`
      : html`<p>${t("all_live")}</p>`}
    ${unheard > 0 && html`<p>${t("never_heard_of", { n: unheard })}</p>`}
    <p><${Link} to="/duong-truyen">${t("offices_live",
      { n: counts.live, all: counts.enrolled })}</${Link}></p>`;
}

/* Its place is kept while its answer is on the way. */
function Silent() {
  const state = useData("offices", {}, ["offices"]);
  return html`<section class="card">
    <h2>${t("longest_silent")}</h2>
    <${Loaded} state=${state} quiet>${(data) =>
      html`<${LongestSilent} ...${data} />`}</${Loaded}>
  </section>`;
}

function NextReport({ due }) {
  return html`<section class="card">
    <h2>${t("next_report")}</h2>
    ${due ? html`<p><b>${said(due.label)}</b></p>
        <p>${due.due ? daysLeft(due) : t("no_due_day")}</p>
        <p><${Link} to="/bao-cao">${t("reported_of",
          { n: due.reported, all: due.units })}</${Link}></p>`
      : html`<p>${t("nothing_due")}</p>`}
    <p><${Link} to="/bao-cao">${t("one_report")}</${Link}></p>
  </section>`;
}

function Filters({ statuses }) {
  return html`<div class="filters">
    <${Pills} name="status" label=${t("status")} options=${SHOWN
      .filter((one) => statuses[one] > 0).map((one) => ({ value: one,
        text: word("status", one), count: statuses[one],
        tone: tone(one) }))} />
    <${SearchBox} />
  </div>`;
}

export function Overview() {
  const [query] = useQuery();
  const state = useOverview(query);
  return html`<${Loaded} state=${state}>${(data) => html`
    <h1>${said(data.plan.title)}</h1>
    <p class="quiet">${ofWhat(data, data.unit)}</p>
    <div class="cards">
      <${Worst} lines=${data.lines} />
      <${Silent} />
      <${NextReport} due=${data.next_due} />
    </div>
    <${Filters} statuses=${data.statuses} />
    <${Lines} caption=${t("all_targets")} data=${data} name="sort"
      empty=${t("none_found")}
      lines=${data.lines.filter((line) =>
        (!query.status || line.status === query.status)
        && (!query.q || finds(query.q, line.id, said(line.label))))} />
    <${Coordinates} data=${data} />`}
  </${Loaded}>`;
}
