/* saved - what was saved since the page was opened, and where it is by now. */
import { useData } from "../../web/data.js";
import { clock } from "../../web/dates.js";
import { html } from "../../web/html.js";
import { said, t } from "../../web/language.js";
import { Link } from "../../web/route.js";
import { createStore, useStore } from "../../web/store.js";
import { eventPath } from "./addresses.js";

const NOTES_MAX = 2;
const ROWS_MAX = 200;

/* [{at, label, ids, known}], the newest first. */
const notes = createStore([]);

export function noteSaved(type, saved) {
  if (saved.length > 0) {
    notes.set([{ at: Date.now(), label: type.label,
      ids: saved.map(({ id }) => id),
      known: saved.filter(({ known }) => known).length },
    ...notes.get()].slice(0, NOTES_MAX));
  }
}

const THERE = ["received", "backed_up"];

function Note({ note, rows }) {
  const mine = rows.filter(({ id }) => note.ids.includes(id));
  const there = mine.filter(({ state }) =>
    THERE.includes(state) || state === "to_mend").length;
  const mend = mine.filter(({ state }) => state === "to_mend").length;
  const all = note.ids.length;
  const done = there === all && mend === 0;
  const values = { time: clock(note.at).slice(0, 5), n: all, there };
  return html`<li class=${mend ? "warn" : done ? "good" : "fair"}>
    <span aria-hidden="true">${mend ? "▲" : done ? "✓" : "●"}</span>${" "}
    <b>${[said(note.label), mine[0]?.glance].filter(Boolean).join(", ")}
      ${all > 1 && " …"}:</b>
    ${t(all > 1 ? "saved_many" : "saved_one", values)}${" · "}
    ${mend ? t("saved_mend", { n: mend, there, all })
      : done ? t("province_has") : there > 0 ? t("province_has_some", values)
        : t("province_has_not")}
    ${note.known > 0 && html` <span class="quiet">${t("saved_before")}</span>`}
    ${" "}<${Link} to=${all === 1 ? eventPath(note.ids[0])
      : "/hop-gui-di"}>${t("look")}</${Link}>
  </li>`;
}

export function Saved() {
  const all = useStore(notes);
  const { data } = useData(all.length > 0 && "outbox",
    { limit: String(ROWS_MAX) }, ["outbox"], all[0]?.at);
  return html`<div role="status">${all.length > 0 && html`<ul class="saved">
    ${all.map((note) => html`<${Note} key=${note.at} note=${note}
      rows=${data?.rows ?? []} />`)}</ul>`}</div>`;
}
