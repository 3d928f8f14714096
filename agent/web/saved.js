/* saved - what was saved since the page was opened, and where it is by now. */
import { get } from "../../web/api.js";
import { useData } from "../../web/data.js";
import { clock } from "../../web/dates.js";
import { html } from "../../web/html.js";
import { said, t } from "../../web/language.js";
import { Link } from "../../web/route.js";
import { createStore, useStore } from "../../web/store.js";
import { eventPath } from "./addresses.js";

const NOTES_MAX = 2;
const ROWS_MAX = 200;

/* [{at, label, ids, runs, known}], the newest first. */
const notes = createStore([]);

const place = (id) => Number(id.split(".").pop());

/* [{first, last}]: ids that follow on each other. */
function runsOf(ids) {
  const runs = [];
  [...ids].sort((one, other) => place(one) - place(other)).forEach((id) => {
    const run = runs[runs.length - 1];
    if (run && place(run.last) + 1 === place(id)) {
      run.last = id;
    } else {
      runs.push({ first: id, last: id });
    }
  });
  return runs;
}

export function noteSaved(type, saved) {
  if (saved.length > 0) {
    notes.set([{ at: Date.now(), label: type.label,
      ids: saved.map(({ id }) => id), runs: runsOf(saved.map(({ id }) => id)),
      known: saved.filter(({ known }) => known).length },
    ...notes.get()].slice(0, NOTES_MAX));
  }
}

/* How many the province has of each note, however much is newer. */
async function askAll(_, { all }, signal) {
  const counts = new Map();
  for (const { at, runs } of all) {
    const found = await Promise.all(runs.map((run) =>
      get("received", run, signal)));
    const sum = (key) => found.reduce((n, one) => n + one[key], 0);
    counts.set(at, { there: sum("received"), mend: sum("to_mend"),
      moved: sum("moved") });
  }
  return counts;
}

/* Where the saved ones are by now; nothing while that is not known. */
function where(count, values, mend, done) {
  if (!count || count.moved > 0) {
    return "";
  }
  return " · " + (mend ? t("saved_mend", { ...values, n: mend, all: values.n })
    : done ? t("province_has") : values.there > 0
      ? t("province_has_some", values) : t("province_has_not"));
}

function Note({ note, count, glance }) {
  const { there = 0, mend = 0 } = count ?? {};
  const all = note.ids.length;
  const done = there === all && mend === 0;
  const values = { time: clock(note.at).slice(0, 5), n: all, there };
  return html`<li class=${mend ? "warn" : done ? "good" : "fair"}>
    <span aria-hidden="true">${mend ? "▲" : done ? "✓" : "●"}</span>${" "}
    <b>${[said(note.label), glance].filter(Boolean).join(", ")}
      ${all > 1 && " …"}:</b>
    ${t(all > 1 ? "saved_many" : "saved_one", values)}${where(count, values,
      mend, done)}
    ${note.known > 0 && html` <span class="quiet">${t("saved_before")}</span>`}
    ${" "}<${Link} to=${all === 1 ? eventPath(note.ids[0])
      : "/hop-gui-di"}>${t("look")}</${Link}>
  </li>`;
}

export function Saved() {
  const all = useStore(notes);
  const [some, turn] = [all.length > 0, all[0]?.at];
  const { data } = useData(some && "outbox", { limit: String(ROWS_MAX) },
    ["outbox"], turn);
  const { data: counts } = useData(some && "received", { all }, ["outbox"],
    turn, askAll);
  return html`<div role="status">${some && html`<ul class="saved">
    ${all.map((note) => html`<${Note} key=${note.at} note=${note}
      count=${counts?.get(note.at)} glance=${data?.rows.find(({ id }) =>
        note.ids.includes(id))?.glance} />`)}</ul>`}</div>`;
}
