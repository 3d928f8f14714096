/* table - rows that a narrow screen shows as cards and a keyboard sorts.
 *
 * A column: {key, label, cell(row), order(row), right, head}. `order` makes it
 * sortable; `head` marks the cell that names its row. */
import { useState } from "preact/hooks";
import { html } from "../html.js";
import { language, t } from "../language.js";

export function compare(a, b) {
  return typeof a === "number" && typeof b === "number"
    ? a - b
    : String(a).localeCompare(String(b), language.get(), { numeric: true });
}

function arranged(rows, columns, { key, down }) {
  const column = columns.find((one) => one.key === key);
  if (!column) {
    return rows;
  }
  const sorted = [...rows].sort((a, b) =>
    compare(column.order(a), column.order(b)));
  return down ? sorted.reverse() : sorted;
}

function Heading({ column, sort, setSort }) {
  const { key, label, order, right } = column;
  const mine = sort.key === key;
  const turn = () => setSort({ key, down: mine && !sort.down });
  const order_word = mine ? (sort.down ? "descending" : "ascending") : null;
  return html`<th scope="col" class=${right && "right"}
      aria-sort=${order_word}>
    ${order
      ? html`<button type="button" class="plain" onClick=${turn}>${label}
          <span aria-hidden="true">${mine ? (sort.down ? " ↓" : " ↑") : " ↕"}
          </span></button>`
      : label}
  </th>`;
}

function Cell({ column, row }) {
  const content = column.cell(row);
  return column.head
    ? html`<th scope="row">${content}</th>`
    : html`<td class=${column.right && "right"} data-label=${column.label}>
        ${content}</td>`;
}

export function Table({ caption, columns, rows, hidden, start = {}, empty }) {
  const [sort, setSort] = useState(start);
  if (rows.length === 0) {
    return html`<p class="empty">${empty || t("nothing_here")}</p>`;
  }
  return html`<table class="rows">
    <caption class=${hidden && "spoken"}>${caption}</caption>
    <thead><tr>
      ${columns.map((column) => html`<${Heading} key=${column.key}
        ...${{ column, sort, setSort }} />`)}
    </tr></thead>
    <tbody>
      ${arranged(rows, columns, sort).map((row, at) => html`<tr
          key=${row.id ?? at} class=${row.marked && "marked"}>
        ${columns.map((column) => html`<${Cell} key=${column.key}
          column=${column} row=${row} />`)}
      </tr>`)}
    </tbody>
  </table>`;
}
