/* things - what the office calls what it has only the number of. One is asked
 * for once; what is picked from a list is known already. The names are of this
 * machine: only the number is sent. */
import { get } from "../../web/api.js";
import { createStore } from "../../web/store.js";

/* {REFERENCE: name}, "" for what has none. */
export const things = createStore({});

const REFERENCE = /^([A-Z]{3})-[\d.]+-\d+-[A-Z\d]$/;

const plain = (name) => (name ?? "").replace(/^@/, "");

export function noteThing({ reference, name, label }) {
  const called = plain(name) || label || "";
  if (things.get()[reference] !== called) {
    things.set({ ...things.get(), [reference]: called });
  }
}

const asked = new Set();

export function loadThing(value) {
  const [, kind] = value?.match(REFERENCE) ?? [];
  if (!kind || asked.has(value) || value in things.get()) {
    return;
  }
  asked.add(value);
  get("things", { kind, reference: value }).then(({ things: rows }) =>
    rows.forEach(noteThing), () => asked.delete(value));
}

/* "quán sao mai · EST-0271-000015-K"; a name that is new is written @name. */
export function thingText(value) {
  const name = things.get()[value];
  return name ? `${name} · ${value}` : plain(value);
}
