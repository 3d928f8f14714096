/* saving - the one way by which rows are saved: once, however often somebody
 * presses; again and again while nobody answers; then their drafts go. */
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../../web/language.js";
import { html } from "../../../web/html.js";
import { problemText } from "../../../web/parts/notice.js";
import { drop, overtake, versionOf } from "../drafts.js";
import { linked } from "../linked.js";
import { noteSaved } from "../saved.js";
import { answered, askFor, inHand } from "./at_work.js";
import { sendSurely } from "./save.js";

/* The machine takes 64 KiB at a time. */
const PIECE_BYTES_MAX = 48 * 1024;

/* [{type, cells, entry_key}] as pieces that the machine takes, in order. */
function piecesOf(rows) {
  const coder = new TextEncoder();
  const pieces = [];
  let room = 0;
  for (const row of rows) {
    const size = coder.encode(JSON.stringify(row)).length;
    if (size > room) {
      pieces.push([]);
      room = PIECE_BYTES_MAX;
    }
    pieces[pieces.length - 1].push(row);
    room -= size;
  }
  return pieces;
}

/* What is wrong with a row by what became of it elsewhere: {field: state}. */
const ELSEWHERE = { draft: "elsewhere", entry_key: "saved" };

/* The result without what is told of its draft (overtaken.js). */
function tellOvertaken(id, result) {
  const issues = result.issues?.filter(({ field, text }) => {
    if (ELSEWHERE[field]) {
      overtake(id, ELSEWHERE[field], text);
    }
    return !ELSEWHERE[field];
  });
  return issues ? { ...result, issues } : result;
}

/* {state, problem, save(type, rows)}. `state`: "", "saving", "unsure" (nobody
 * answers), "failed". save() gives the results of as many rows as there is an
 * answer for, in their order. Whoever leaves before that finds them again
 * (at_work.js). */
export function useSaving() {
  const [now, setNow] = useState({ state: "" });
  const busy = useRef(false);
  const control = useRef();
  useEffect(() => {
    control.current = new AbortController();
    return () => control.current.abort();
  }, []);
  const save = async (type, rows) => {
    if (busy.current || rows.length === 0) {
      return [];
    }
    const { signal } = control.current;
    const results = [];
    busy.current = true;
    rows.forEach(({ id }) => inHand.add(id));
    setNow({ state: "saving" });
    askFor(rows.map(({ id, cells }) =>
      ({ type: type.key, id, cells, ...versionOf(id) })));
    try {
      for (const piece of piecesOf(rows.map(({ id, cells }) =>
        ({ type: type.key, cells, entry_key: id, draft: versionOf(id) })))) {
        const found = await sendSurely("events", { rows: piece }, signal,
          () => setNow({ state: "unsure" }));
        const at = results.length;
        found.rows.forEach((result, row) => results.push(
          tellOvertaken(rows[at + row].id, result)));
        answered(rows.slice(at, results.length));
      }
      setNow({ state: "" });
    } catch (problem) {
      if (!signal.aborted && problem.status !== 401) {
        answered(rows);
      }
      setNow({ state: "failed", problem });
    }
    rows.forEach(({ id }) => inHand.delete(id));
    const saved = results.map((result, at) => ({ ...result, row: rows[at] }))
      .filter(({ issues }) => !issues);
    saved.forEach(({ row }) => drop(row.id));
    noteSaved(type, saved);
    busy.current = false;
    return results;
  };
  return { ...now, save };
}

export function SavingNotice({ saving: { state, problem } }) {
  if (state === "unsure") {
    return html`<p class="notice warn" role="alert">${t("save_unsure")}</p>`;
  }
  return state === "failed" && html`<p class="notice bad" role="alert">
    ${t("not_saved")} ${linked(problem.detail ?? problemText(problem))}</p>`;
}
