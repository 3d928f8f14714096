/* at_work - what this tab has before it: the row that is being typed, and those
 * rows, voids and nil reports that were asked for and not answered yet. Who has
 * to sign in again, or whose page is loaded anew, gets them back as they were.
 * Each person has their own. */
import { session } from "../../../web/api.js";

/* {open: {TYPE: ID}, unanswered: [{type, id, cells, by, change, seen}],
 * acts: [{key, path, title, body}]}. */
const name = () => `tallyline-at-work-${session.get()?.name}`;
const NOTHING = { open: {}, unanswered: [], acts: [] };

function read() {
  try {
    return { ...NOTHING, ...JSON.parse(sessionStorage.getItem(name())) };
  } catch {
    return NOTHING;
  }
}

function change(next) {
  try {
    sessionStorage.setItem(name(), JSON.stringify({ ...read(), ...next }));
  } catch {
    /* the browser keeps nothing: the draft on the machine is there */
  }
}

/* The row that is being typed; no id: there is none any more. */
export const openRow = (type) => read().open[type];
export const setOpenRow = (type, id) =>
  change({ open: { ...read().open, [type]: id } });

/* Rows whose saving was asked for, and of which it is not known whether they
 * are saved. */
export const askedRows = (type) => read().unanswered.filter((row) =>
  row.type === type);

export const isAsked = (id) => read().unanswered.some((row) => row.id === id);

/* Rows that are being saved now: their drafts are not sent meanwhile, since of
 * what is saved the machine takes none. */
export const inHand = new Set();

export const answered = (rows) => change({ unanswered: read().unanswered
  .filter(({ id }) => !rows.some((row) => row.id === id)) });

export function askFor(rows) {
  answered(rows);
  change({ unanswered: [...read().unanswered, ...rows] });
}

/* Voids and nil reports. */
export const acts = () => read().acts;

export const acted = (key) => change({ acts: read().acts.filter((act) =>
  act.key !== key) });

export function askAct(act) {
  acted(act.key);
  change({ acts: [...read().acts, act] });
}
