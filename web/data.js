/* data - what a page asks of the interface, asked again when something has
 * changed at the province. The old answer stands until the new one is there. */
import { useEffect, useState } from "preact/hooks";
import { get, session } from "./api.js";
import { localDay } from "./dates.js";
import { link, listen } from "./live.js";

/* These answers do not become others by waiting. */
const FINAL = [403, 404];
/* Between two times that the same page asks because of live events. */
const AGAIN_MS = 2000;

export function title(text) {
  document.title = text ? `${text} · Tallyline` : "Tallyline";
}

/* The title of a page that is known once its answer is there. */
export function useTitle(text) {
  useEffect(() => {
    if (text) {
      title(text);
    }
  }, [text]);
}

/* What is due and what is over changes with the day. */
const today = () => localDay(Date.now());

/* {data, problem, busy}; asks nothing while `path` is empty. `types` are the
 * events of the stream after which the answer may be another one; another
 * `turn` asks at once; `how` is get() for what is only read. */
export function useData(path, query = {}, types = [], turn = 0, how = get) {
  const key = JSON.stringify([path, query, turn]);
  const [state, setState] = useState({ busy: true });

  useEffect(() => {
    if (!path) {
      setState({});
      return undefined;
    }
    const control = new AbortController();
    let timer;
    let next = 0;
    let asked;
    let ended = false;
    const ask = async () => {
      timer = undefined;
      next = Date.now() + AGAIN_MS;
      asked = today();
      try {
        const data = await how(path, query, control.signal);
        setState({ key, data });
      } catch (problem) {
        ended = FINAL.includes(problem.status);
        if (!control.signal.aborted) {
          setState((old) => ({ ...old, key, problem, busy: false }));
        }
      }
    };
    const again = () => {
      if (!ended) {
        timer ??= setTimeout(ask, Math.max(0, next - Date.now()));
      }
    };
    let lost = false;
    const stops = [
      listen(({ type }) =>
        (types.includes(type) || asked !== today()) && again()),
      link.watch(({ live }) => {
        if (live && lost) {
          again();
        }
        lost = live === false;
      }),
    ];
    setState((old) => ({ ...old, problem: undefined, busy: true }));
    ask();
    return () => {
      control.abort();
      clearTimeout(timer);
      stops.forEach((stop) => stop());
    };
  }, [key, session.get()?.name]);

  return state;
}
