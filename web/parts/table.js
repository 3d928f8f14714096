/* table - rows that a narrow screen shows as cards and a keyboard sorts.
 *
 * A column: {key, label, cell(row), order(row), right, head}. `order` makes it
 * sortable (sorting.js); `head` marks the cell that names its row. */
import { useState } from "preact/hooks";
import { html } from "../html.js";
import { t } from "../language.js";
import { useQuery } from "../route.js";
import { arranged } from "../sorting.js";

/* How a table is sorted; one that has a name says so in the address, as "KEY"
 * or "-KEY". */
function useSort(name, start) {
  const [query, change] = useQuery();
  const [mine, setMine] = useState(start);
  if (!name) {
    return [mine, setMine];
  }
  const text = query[name];
  const sort = text ? { key: text.replace(/^-/, ""), down: text[0] === "-" }
    : start;
  return [sort, ({ key, down }) =>
    change({ [name]: (down ? "-" : "") + key }, true)];
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
    : html`<td class="c-${column.key} ${column.right ? "right" : ""}"
          data-label=${column.label}>
        ${content}</td>`;
}

/* `name`: in the address; `look`: "compact" takes two lines a row on a narrow
 * screen. */
export function Table({ caption, columns, rows, hidden, start = {}, empty,
  name, look }) {
  const [sort, setSort] = useSort(name, start);
  if (rows.length === 0) {
    return html`<p class="empty">${empty || t("nothing_here")}</p>`;
  }
  return html`<table class="rows ${look || ""}">
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
