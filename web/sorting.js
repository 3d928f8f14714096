/* sorting - rows in the order of one of their columns. */
import { language } from "./language.js";

function compare(a, b) {
  return typeof a === "number" && typeof b === "number"
    ? a - b
    : String(a).localeCompare(String(b), language.get(), { numeric: true });
}

/* `order(row)` of the column says what its rows are sorted by; a row for which
 * it gives null comes last, whichever way one sorts. */
export function arranged(rows, columns, { key, down }) {
  const column = columns.find((one) => one.key === key);
  if (!column?.order) {
    return rows;
  }
  const values = new Map(rows.map((row) => [row, column.order(row)]));
  const has = (row) => values.get(row) != null;
  const sorted = rows.filter(has)
    .sort((a, b) => compare(values.get(a), values.get(b)));
  return [...(down ? sorted.reverse() : sorted),
    ...rows.filter((row) => !has(row))];
}
