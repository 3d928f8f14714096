/* at_work - what this tab has before it: the row that is being typed, and those
 * whose saving was asked for and not answered yet. Who has to sign in again, or
 * whose page is loaded anew, gets them back as they were. Each person has their
 * own. */
import { session } from "../../../web/api.js";

/* {open: {TYPE: ID}, asked: {TYPE: [{id, cells}]}}. */
const name = () => `tallyline-at-work-${session.get()?.name}`;
const NOTHING = { open: {}, asked: {} };

function read() {
  try {
    return { ...NOTHING, ...JSON.parse(sessionStorage.getItem(name())) };
  } catch {
    return NOTHING;
  }
}

function change(part, type, value) {
  const all = read();
  const next = { ...all, [part]: { ...all[part], [type]: value } };
  try {
    sessionStorage.setItem(name(), JSON.stringify(next));
  } catch {
    /* the browser keeps nothing: the draft on the machine is there */
  }
}

/* The row that is being typed; no id: there is none any more. */
export const openRow = (type) => read().open[type];
export const setOpenRow = (type, id) => change("open", type, id);

/* Rows whose saving was asked for, and of which it is not known whether they
 * are saved. */
export const askedRows = (type) => read().asked[type] ?? [];

export function askFor(type, rows) {
  change("asked", type, rows.map(({ id, cells }) => ({ id, cells })));
}

export function answered(type, ids) {
  change("asked", type, askedRows(type).filter(({ id }) =>
    !ids.includes(id)));
}
