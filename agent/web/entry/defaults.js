/* defaults - what a new row begins with: today, and the unit that was written
 * last. Nothing is guessed that could be wrong without being seen, such as the
 * next number of a document. */
import { localDay } from "../../../web/dates.js";
import { createSetting } from "../../../web/store.js";

const TYPES_MAX = 6;

const lastUnit = createSetting("tallyline-last-unit", "");
const lastTypes = createSetting("tallyline-last-types", "");

export const mainUnit = ({ fields }) =>
  fields.find(({ kind, required }) => kind === "unit" && required);

export function firstCells(type) {
  const cells = {};
  for (const { key, default: value } of type.fields) {
    if (value) {
      cells[key] = value === "today" ? localDay(Date.now()) : String(value);
    }
  }
  const unit = mainUnit(type);
  if (unit && !cells[unit.key] && lastUnit.get()) {
    cells[unit.key] = lastUnit.get();
  }
  return cells;
}

/* The types that were used last, the last one first. */
export const usedTypes = () => lastTypes.get().split(" ").filter(Boolean);

export function remember(type, cells) {
  const unit = mainUnit(type);
  if (unit && cells[unit.key]) {
    lastUnit.set(cells[unit.key]);
  }
  lastTypes.set([type.key, ...usedTypes().filter((key) => key !== type.key)]
    .slice(0, TYPES_MAX).join(" "));
}
