/* Hộp gửi đi: does the province have it? How many events are where, since
 * when they wait, then each of them. */
import { useEffect, useRef, useState } from "preact/hooks";
import { get } from "../../../web/api.js";
import { useData } from "../../../web/data.js";
import { day, localDay, moment } from "../../../web/dates.js";
import { html } from "../../../web/html.js";
import { said, t } from "../../../web/language.js";
import { number } from "../../../web/numbers.js";
import { Loaded } from "../../../web/parts/notice.js";
import { Pills } from "../../../web/parts/filters.js";
import { Status, tone } from "../../../web/parts/status.js";
import { Table } from "../../../web/parts/table.js";
import { Link, useQuery } from "../../../web/route.js";
import { eventPath } from "../addresses.js";
import { readDay } from "../entry/days.js";
import { LinkSentence } from "../link_words.js";
import { Saved } from "../saved.js";
import { givenText, isOver, shownState } from "../standing.js";

const STATES = ["saved", "received", "backed_up", "to_mend"];
const PAGE = "50";

function Counts({ counts }) {
  return html`<dl class="counts">${STATES.map((state) => html`<div
      key=${state} class=${tone(state)}>
    <dt>${t(`event_${state}`)}</dt>
    <dd><b>${number(counts[state])}</b>
      <small>${t(`means_${state}`)}</small></dd></div>`)}</dl>`;
}

const COLUMNS = [
  { key: "label", labelKey: "what", head: true, cell: (row) => html`<${Link}
    to=${eventPath(row.id)}>${row.voids
      ? t("void_of", { label: said(row.voids.label) })
      : said(row.label)}</${Link}>
    ${(row.voids ?? row).glance && html`<span class="glance">
      ${(row.voids ?? row).glance}</span>`}
    ${row.corrects && html`<small class="quiet">
      ${!row.voids && `${t("is_correction")} · `}${givenText(row)}
    </small>`}` },
  { key: "on", labelKey: "happened_on", cell: (row) => day(row.occurred_on) },
  { key: "unit", labelKey: "unit", cell: (row) =>
    (row.voids ?? row).unit },
  { key: "at", labelKey: "saved_at", cell: (row) => moment(row.recorded_at) },
  { key: "state", labelKey: "state", cell: (row) => html`<${Status}
      family="event" value=${shownState(row)} />
    ${isOver(row) ? row.ended && html`<small class="quiet">
        ${givenText(row.ended)} · ${moment(row.ended.recorded_at)}</small>`
      : row.state === "to_mend" ? html`<small class="quiet">
        ${row.reason}</small>`
        : row.state === "saved" && row.sent && html`<small class="quiet">
        ${t("on_its_way")}</small>`}` },
];

const columns = () => COLUMNS.map(({ labelKey, ...column }) =>
  ({ ...column, label: t(labelKey) }));

/* The first rows move by themselves; older ones are added when asked for. */
function useRows(query) {
  const state = useData("outbox", { ...query, limit: PAGE }, ["outbox"]);
  const key = JSON.stringify(query);
  const [older, setOlder] = useState({ key, rows: [] });
  const mine = older.key === key ? older : { rows: [] };
  const first = state.data?.rows ?? [];
  const rows = [...first, ...mine.rows.filter(({ id }) =>
    !first.some((one) => one.id === id))];
  const next = mine.next !== undefined ? mine.next : state.data?.next;
  const more = async () => {
    const found = await get("outbox", { ...query, limit: PAGE, after: next });
    setOlder({ key, rows: [...mine.rows, ...found.rows], next: found.next });
  };
  /* A page looks at so many events and may find none of those asked for. */
  const looking = rows.length === 0 && Boolean(next);
  useEffect(() => {
    if (looking) {
      more().catch(() => {});
    }
  }, [looking, next]);
  return { state, rows, next, more, looking };
}

/* What is looked for: taken when it is typed in whole. The list moves by itself
 * meanwhile, and leaves it as it is. */
function Wanted({ value, onTake, ...more }) {
  const input = useRef();
  useEffect(() => {
    input.current.value = value;
  }, [value]);
  return html`<input autocomplete="off" ...${more} ref=${input}
    onChange=${(event) => onTake(event.target.value)} />`;
}

export function Outbox({ form: { types } }) {
  const [query, change] = useQuery();
  const { state: shown = "", type = "", on = "", q = "" } = query;
  const { state, rows, next, more, looking } =
    useRows({ state: shown, type, on, q });
  const [stuck, setStuck] = useState(false);
  const ask = () => more().then(() => setStuck(false), () => setStuck(true));
  return html`<h1>${t("outbox")}</h1>
    <${Saved} />
    <${Loaded} state=${state}>${({ counts }) => html`
      <${LinkSentence} />
      <${Counts} counts=${counts} />
      <div class="filters">
        <${Pills} name="state" label=${t("state")} options=${STATES.map(
          (one) => ({ value: one, text: t(`event_${one}`),
            tone: tone(one) }))} />
        <label>${t("kind")} <select value=${type} onChange=${(event) =>
            change({ type: event.target.value })}>
          <option value="">${t("all_kinds")}</option>
          ${types.map((one) => html`<option key=${one.key} value=${one.key}>
            ${said(one.label)}</option>`)}
        </select></label>
        <label>${t("happened_on")} <${Wanted} class="day" inputmode="numeric"
          placeholder=${t("day_form")} value=${on && day(on)}
          onTake=${(text) => change({
            on: readDay(text, localDay(Date.now())) ?? "" })} /></label>
        <label>${t("find_place")} <${Wanted} type="search" value=${q}
          onTake=${(text) => change({ q: text.trim() })} /></label>
      </div>
      <${Table} hidden caption=${t("outbox")} columns=${columns()}
        rows=${rows} empty=${looking ? t("loading")
          : shown || type || on || q ? t("nothing_here")
            : t("nothing_recorded")} />
      ${next && html`<p><button type="button" onClick=${ask}>
        ${t("older")}</button></p>`}
      ${stuck && html`<p class="notice bad" role="alert">${t("no_answer")}
      </p>`}`}
    </${Loaded}>`;
}
