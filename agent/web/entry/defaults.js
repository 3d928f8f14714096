/* defaults - what a new row begins with: today or, once another day was
 * written, that one for as long as the page is open; and the unit that was
 * written last. Nothing is guessed that could be wrong without being seen, such
 * as the next number of a document. */
import { session } from "../../../web/api.js";
import { localDay } from "../../../web/dates.js";
import { createSetting } from "../../../web/store.js";
import { readDay } from "./days.js";

const TYPES_MAX = 6;

const lastUnit = createSetting("tallyline-last-unit", "");
const lastTypes = createSetting("tallyline-last-types", "");

/* The day that was written last, by person and type; none where it was today,
 * which moves on by itself. */
const lastDays = new Map();
const dayName = (type) => `${session.get()?.name} ${type.key}`;
const dayField = ({ fields }) =>
  fields.find(({ default: value }) => value === "today");

/* Where it happened: the first unit that is not who records it. */
export const placeField = ({ fields }) =>
  fields.find(({ kind, key }) => kind === "unit" && key !== "unit");

const mainUnit = ({ fields }) =>
  fields.find(({ kind, required }) => kind === "unit" && required);

export function firstCells(type) {
  const cells = {};
  for (const { key, default: value } of type.fields) {
    if (value) {
      cells[key] = value === "today" ? lastDays.get(dayName(type))
        ?? localDay(Date.now()) : String(value);
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
  const today = localDay(Date.now());
  const day = readDay(cells[dayField(type)?.key] ?? "", today);
  lastDays.set(dayName(type), day === today ? undefined : day);
  const unit = mainUnit(type);
  if (unit && cells[unit.key]) {
    lastUnit.set(cells[unit.key]);
  }
  lastTypes.set([type.key, ...usedTypes().filter((key) => key !== type.key)]
    .slice(0, TYPES_MAX).join(" "));
}
