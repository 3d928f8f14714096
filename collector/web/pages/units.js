/* Đơn vị: every unit, found by its name without its marks, or by its code. */
import { useData } from "../../../web/data.js";
import { html } from "../../../web/html.js";
import { t } from "../../../web/language.js";
import { number } from "../../../web/numbers.js";
import { Pills, SearchBox } from "../../../web/parts/filters.js";
import { Loaded } from "../../../web/parts/notice.js";
import { Table } from "../../../web/parts/table.js";
import { Link, useQuery } from "../../../web/route.js";
import { finds } from "../../../web/search.js";
import { FIGURES } from "../program.js";
import { unitCode, unitName } from "../units.js";

/* More rows than anyone reads; a search makes them fewer. */
const ROWS_MAX = 200;

function columns(names) {
  return [
    { key: "unit", label: t("unit"), head: true,
      cell: (unit) => html`<${Link} to=${`/don-vi/${unit.key}`}>
        ${unitName(unit)}</${Link}>` },
    { key: "code", label: t("code"), cell: unitCode },
    { key: "parent", label: t("belongs_to"),
      cell: ({ parent }) => names.get(parent) || "" },
    { key: "offices", label: t("offices"), right: true,
      cell: ({ offices }) => (offices.length ? offices.length : "–") },
  ];
}

function chosen(units, { q, level }) {
  return units.filter((unit) => (!level || unit.level === level)
    && (!q || finds(q, unitName(unit), unit.key)));
}

export function Units() {
  const [query] = useQuery();
  const state = useData("units", {}, FIGURES);
  return html`<h1>${t("units")}</h1>
    <${Loaded} state=${state}>${({ units }) => {
      const names = new Map(units.map((unit) => [unit.key, unitName(unit)]));
      const levels = [...new Set(units.map(({ level }) => level))];
      const found = chosen(units, query);
      return html`<div class="filters">
          <${Pills} name="level" label=${t("level")} options=${levels
            .map((level) => ({ value: level, text: t(`level_${level}`) }))} />
          <${SearchBox} />
        </div>
        <p role="status">${t("found", { n: number(found.length) })}
          ${" "}${found.length > ROWS_MAX
            && t("first_rows", { n: ROWS_MAX })}</p>
        <${Table} hidden caption=${t("units")} columns=${columns(names)}
          empty=${t("none_found")} rows=${found.slice(0, ROWS_MAX)
            .map((unit) => ({ ...unit, id: unit.key }))} />`;
    }}</${Loaded}>`;
}
