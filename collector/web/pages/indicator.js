/* Chỉ tiêu: one line of the plan over time and by unit, from the province down
 * to the communes, and how it is counted. */
import { useData, useTitle } from "../../../web/data.js";
import { day } from "../../../web/dates.js";
import { html } from "../../../web/html.js";
import { said, t } from "../../../web/language.js";
import { number } from "../../../web/numbers.js";
import { Chart } from "../../../web/parts/chart.js";
import { Figure, figureText, goalText, ratioText } from
  "../../../web/parts/figure.js";
import { Pills, SearchBox } from "../../../web/parts/filters.js";
import { Fold } from "../../../web/parts/fold.js";
import { Loaded } from "../../../web/parts/notice.js";
import { Progress } from "../../../web/parts/progress.js";
import { Status } from "../../../web/parts/status.js";
import { Table } from "../../../web/parts/table.js";
import { Tiles } from "../../../web/parts/tiles.js";
import { Link, shared, useQuery } from "../../../web/route.js";
import { finds } from "../../../web/search.js";
import { Coordinates, ofWhat } from "../coordinates.js";
import { judgedOn, numberOf, timeLeft } from "../../../web/parts/lines.js";
import { FIGURES } from "../program.js";
import { unitName, Way } from "../units.js";

/* For a drawing only: a ratio in per cent, or what it counts where the goal is
 * a number of these. */
function drawn({ state, value, denominator }, counted) {
  if (state !== "known") {
    return null;
  }
  return denominator == null || counted ? Number(value)
    : (100 * Number(value)) / Number(denominator);
}

function pathAt(expected) {
  const text = expected?.quantity ?? expected?.percent;
  return text == null ? null : Number(text);
}

/* From nothing, along the path so far, to the goal at its end. */
function wholePath(points, { goal, window }) {
  const path = points.map(({ to, expected }) =>
    ({ to, expected: pathAt(expected) }))
    .filter(({ expected }) => expected != null);
  if (path.length === 0 || !window) {
    return path;
  }
  const end = path[path.length - 1].to < window.to
    ? [{ to: window.to, expected: pathAt(goal) }] : [];
  return [{ to: window.from, expected: 0 }, ...path, ...end];
}

function pathText({ quantity, percent } = {}) {
  return quantity != null ? number(quantity)
    : percent != null ? `${number(percent)}%` : "–";
}

/* What a month did by itself is not told of a stock: it has its last day
 * alone. */
function Series({ data, label }) {
  const points = data.series.points.map((one) => ({ ...one, id: one.period }));
  if (points.length === 0) {
    return null;
  }
  const { months } = data.series;
  const monthly = months !== "stock";
  const path = wholePath(points, data.line);
  const counted = points.some(({ expected }) => expected?.quantity != null);
  const total = t(monthly ? "running_total" : "at_month_end");
  return html`<section>
    <h2>${t("over_time")}</h2>
    <${Chart} label=${t("chart_label", { label })}
      path=${path}
      points=${points.map(({ from, to, figure, so_far: sum }) =>
        ({ from, to, value: monthly ? drawn(figure, counted) : null,
          total: drawn(sum, counted) }))} />
    <p class="legend">
      <span class="key total">${total}</span>
      ${path.length > 0 && html`<span class="key path">
        ${t("expected_path")}</span>`}
      ${monthly && html`<span class="key bars">${t("in_month")}</span>`}</p>
    ${months === "own" && html`<p class="quiet">${t("months_own")}</p>`}
    <${Fold} label=${t("as_table")}>
      <${Table} hidden caption=${t("over_time")} rows=${points} columns=${[
        { key: "to", label: t("up_to"), head: true,
          cell: ({ to }) => day(to) },
        monthly && { key: "month", label: t("in_month"), right: true,
          cell: ({ figure }) => figureText(figure) },
        { key: "total", label: total, right: true,
          cell: ({ so_far: sum }) => figureText(sum) },
        path.length > 0 && { key: "path", label: t("expected_path"),
          right: true, cell: ({ expected }) => pathText(expected || {}) },
      ].filter(Boolean)} />
    </${Fold}>
  </section>`;
}

function rowColumns(goals, link, over) {
  const all = [
    { key: "unit", label: t("unit"), head: true,
      order: ({ unit }) => unit.name,
      cell: (row) => html`<${Link} ...${link(row)}>${unitName(row.unit)}
        </${Link}>` },
    { key: "value", label: t("done"), right: true,
      order: ({ figure }) => drawn(figure),
      cell: (row) => html`<${Figure} figure=${row.figure} row=${row}
        over=${over} /> <small class="quiet">${ratioText(row)}</small>` },
    { key: "goal", label: t("goal"), right: true, goal: true,
      cell: ({ goal }) => goalText(goal) },
    { key: "share", label: t("progress_head"), goal: true,
      order: ({ achieved }) => achieved && Number(achieved),
      cell: (row) => html`<${Progress} share=${row.achieved}
        status=${row.status} />` },
    { key: "status", label: t("status"), goal: true,
      order: ({ status }) => status,
      cell: ({ status }) => status && html`<${Status} value=${status} />` },
  ];
  return all.filter((column) => goals || !column.goal);
}

/* The same figure of a unit below, and from there on down. */
function rowLink(id, { unit }) {
  return { to: `/chi-tieu/${id}`, query: { unit: unit.key } };
}

function ByUnit({ id, data, query }) {
  if (data.rows.length === 0) {
    return null;
  }
  const link = (row) => rowLink(id, row);
  const { to, known_to: known } = data.coordinates;
  const over = to < known && to;
  const rows = data.rows
    .map((row) => ({ ...row, id: row.unit.key }))
    .filter(({ unit }) => !query.q || finds(query.q, unitName(unit), unit.key));
  const caption = t(`by_${data.by}`);
  const tiles = query.view !== "table";
  return html`<section>
    <h2>${caption}</h2>
    <div class="filters">
      <${Pills} name="view" label=${t("view")} standard="tiles"
        options=${["tiles", "table"].map((view) => ({ value: view,
          text: t(`view_${view}`) }))} />
      <${SearchBox} />
    </div>
    ${tiles && html`<${Tiles} ...${{ label: caption, rows, link, over }} />`}
    ${rows.some(({ figure }) => figure.hidden) && html`<p class="quiet">
      ${t("note_hidden")}</p>`}
    <div class=${tiles && "printed"}>
      <${Table} hidden caption=${caption} rows=${rows} empty=${t("none_found")}
        name="sort"
        columns=${rowColumns(rows.some(({ goal }) => goal), link,
          over)} /></div>
  </section>`;
}

function Head({ line, on }) {
  const { expected } = line;
  const due = expected?.quantity ?? expected?.percent;
  return html`<dl class="facts">
    <div><dt>${t("done")}</dt><dd class="big">
      <${Figure} figure=${line.figure} row=${line} />
      ${" "}<small>${said(line.unit_of_count)}
      ${" "}${ratioText(line)}</small></dd></div>
    ${line.goal && html`<div><dt>${t("goal")}</dt>
      <dd class="big">${goalText(line.goal)}</dd></div>`}
    ${due != null && html`<div><dt>${t("expected_on",
        { day: day(expected.on) })}</dt>
      <dd class="big">${number(due)}${expected.quantity == null && "%"}</dd>
      </div>`}
    ${line.status && html`<div><dt>${t("status")}</dt>
      <dd><${Status} value=${line.status} />
        <${Progress} share=${line.achieved} path=${expected?.share}
          status=${line.status} /></dd></div>`}
    ${line.due && (line.goal || line.status) && html`<div><dt>${t("due")}</dt>
      <dd>${day(line.due)}
        ${" "}<small class="quiet">${timeLeft(line, on)}</small></dd>
      </div>`}
  </dl>`;
}

function Meaning({ data }) {
  const { count, at_most: most, types } = data.events;
  const facts = [
    ["formula", said(data.formula)],
    ["events_behind", count != null && html`${most && "≤ "}${number(count)}
      ${" "}<span class="quiet">${types.map(({ label }) =>
        said(label)).join(", ")}</span>`],
    ["responsible", said(data.responsible)],
    ["note", said(data.note)],
    ["reason", said(data.line.reason)],
    ["baselines", data.baselines.map(said).join("; ")],
  ];
  return html`<section><h2>${t("how_counted")}</h2><dl class="facts wide">
    ${facts.filter(([, text]) => text).map(([key, text]) => html`<div
      key=${key}><dt>${t(key)}</dt><dd>${text}</dd></div>`)}
  </dl></section>`;
}

const isBelow = ({ line, plan }) => line.unit.key !== plan.unit.key;

function titleOf(data) {
  return [said(data.line.label), isBelow(data) && unitName(data.line.unit)]
    .filter(Boolean).join(", ");
}

export function Indicator({ id }) {
  const [query] = useQuery();
  const { unit, by } = query;
  const state = useData(`indicators/${encodeURIComponent(id)}`,
    { ...shared(query), unit, by }, FIGURES);
  useTitle(state.data && titleOf(state.data));
  return html`<${Loaded} state=${state}>${(data) => {
    const label = said(data.line.label);
    return html`
      <${Way} above=${data.above || [data.plan.unit]} unit=${data.line.unit}
        to=${(one) => ({ to: `/chi-tieu/${id}`,
          query: { unit: one.key === data.plan.unit.key ? "" : one.key } })} />
      <h1>${label} ${data.line.target && html`<small class="quiet">
        ${numberOf(data.line.target)}</small>`}</h1>
      <p class="quiet">${ofWhat(data, data.line.unit)}</p>
      ${isBelow(data) && html`<p><${Link} to=${`/don-vi/${data.line.unit.key}`}>
        ${t("unit_page")}</${Link}></p>`}
      <${Head} line=${data.line} on=${judgedOn(data.coordinates)} />
      <${Series} data=${data} label=${label} />
      <${ByUnit} ...${{ id, data, query }} />
      <${Meaning} data=${data} />
      <${Coordinates} data=${data} />`;
  }}</${Loaded}>`;
}
