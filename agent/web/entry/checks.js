/* checks - what is wrong with a row by the rules of the office's machine, asked
 * a moment after the last key. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { send } from "../../../web/api.js";

const WAIT_MS = 300;

function createChecks(tell) {
  const running = new Map();
  const stop = (id) => {
    const { timer, control } = running.get(id) ?? {};
    clearTimeout(timer);
    control?.abort();
    running.delete(id);
  };
  return {
    ask(id, row) {
      stop(id);
      const control = new AbortController();
      const timer = setTimeout(async () => {
        try {
          const { signal } = control;
          tell(id, { ...await send("POST", "check", row, { signal }),
            cells: row.cells });
        } catch {
          /* What is not checked now is checked when it is saved. */
        }
      }, WAIT_MS);
      running.set(id, { timer, control });
    },
    stop,
    end: () => [...running.keys()].forEach(stop),
  };
}

/* [{ID: {ok, issues, filled, cells}}, ask(id, {type, cells}), put(id, result)];
 * `cells` are those that were looked at. */
export function useChecks() {
  const [found, setFound] = useState({});
  const put = (id, result) => setFound((old) => ({ ...old, [id]: result }));
  const checks = useMemo(() => createChecks(put), []);
  useEffect(() => checks.end, []);
  const settle = (id, result) => {
    checks.stop(id);
    put(id, result);
  };
  return [found, checks.ask, settle];
}

/* The texts for one field; none while it has changed since. */
export function issuesOf(result, field, cells) {
  return result?.cells[field] !== cells[field] ? []
    : (result?.issues ?? []).filter((one) => one.field === field)
      .map(({ text }) => text);
}
