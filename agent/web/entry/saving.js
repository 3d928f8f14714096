/* saving - the one way by which rows are saved: once, however often somebody
 * presses; again and again while nobody answers; then their drafts go. */
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../../web/language.js";
import { html } from "../../../web/html.js";
import { problemText } from "../../../web/parts/notice.js";
import { drop } from "../drafts.js";
import { noteSaved } from "../saved.js";
import { sendSurely } from "./save.js";

/* {state, problem, save(type, rows)}. `state`: "", "saving", "unsure" (nobody
 * answers), "failed". save() gives the results, one a row, or nothing. */
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
      return undefined;
    }
    busy.current = true;
    setNow({ state: "saving" });
    try {
      const found = await sendSurely("events", { rows: rows.map(
        ({ id, cells }) => ({ type: type.key, cells, entry_key: id })) },
      control.current.signal, () => setNow({ state: "unsure" }));
      const saved = found.rows.map((result, at) => ({ ...result,
        row: rows[at] })).filter(({ issues }) => !issues);
      saved.forEach(({ row }) => drop(row.id));
      noteSaved(type, saved);
      setNow({ state: "" });
      return found.rows;
    } catch (problem) {
      setNow({ state: "failed", problem });
      return undefined;
    } finally {
      busy.current = false;
    }
  };
  return { ...now, save };
}

export function SavingNotice({ saving: { state, problem } }) {
  if (state === "unsure") {
    return html`<p class="notice warn" role="alert">${t("save_unsure")}</p>`;
  }
  return state === "failed" && html`<p class="notice bad" role="alert">
    ${t("not_saved")} ${problem.detail ?? problemText(problem)}</p>`;
}
