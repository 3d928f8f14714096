/* drafts - what is typed and not yet saved. Each key puts it into this browser
 * at once and, a moment later, onto the disk of the office's machine; it stays
 * in the browser until that has answered. A row has one id (identity.js) for
 * its draft and its event, so that nothing is saved twice.
 *
 * In the browser: {ID: {type, cells, corrects, person, at}}, or {gone, person}
 * for one that is to be deleted. */
import { get, send, session } from "../../web/api.js";
import { createStore } from "../../web/store.js";

const NAME = "tallyline-drafts";
const WAIT_MS = 500;
const AGAIN_MS = 3000;

/* {state, at}: "typing", "kept" on the machine, "here" in the browser alone,
 * "refused" with `detail`; null before the first key. */
export const keeping = createStore(null);

const waiting = new Map(Object.entries(recallHere()));
let timer;
let busy = false;

function recallHere() {
  try {
    return JSON.parse(localStorage.getItem(NAME)) || {};
  } catch {
    return {};
  }
}

function rememberHere() {
  try {
    localStorage.setItem(NAME, JSON.stringify(Object.fromEntries(waiting)));
  } catch {
    /* the browser keeps nothing; the machine does */
  }
}

const mine = () => [...waiting].filter(([, { person }]) =>
  person === session.get()?.name);

function tell(state, more) {
  keeping.set({ state, at: Date.now(), ...more });
}

function push(id, { gone, type, cells, corrects }) {
  const path = `drafts/${id}`;
  return gone ? send("DELETE", path)
    : send("PUT", path, { type, cells, corrects });
}

/* One after the other. What cannot be had now is tried again. */
async function pushAll() {
  if (busy) {
    return;
  }
  busy = true;
  let again = false;
  for (const [id, draft] of mine()) {
    let problem;
    try {
      await push(id, draft);
    } catch (found) {
      problem = found;
    }
    const over = !problem || (draft.gone && problem.status === 404);
    if (over && waiting.get(id) === draft) {
      waiting.delete(id);
    }
    again ||= problem?.status === 0 || problem?.status >= 500;
    if (problem && !over && problem.status !== 401) {
      tell(again ? "here" : "refused", { detail: problem.detail });
    } else if (over && !draft.gone) {
      tell(waiting.has(id) ? "typing" : "kept");
    }
    /* Who gave an answer may take the next one. */
    if (problem && !over && !(problem.status >= 400)) {
      break;
    }
  }
  busy = false;
  rememberHere();
  if (again) {
    later(AGAIN_MS);
  }
}

function later(ms) {
  clearTimeout(timer);
  timer = setTimeout(pushAll, ms);
}

function put(id, draft) {
  waiting.set(id, { ...draft, person: session.get()?.name });
  rememberHere();
  later(WAIT_MS);
}

export function keep(id, { type, cells, corrects }) {
  put(id, { type, cells, corrects, at: Date.now() });
  tell("typing");
}

export function drop(id) {
  put(id, { gone: true });
}

/* All drafts of the office, the newest first; of what the browser still holds
 * it has the newer text. */
export async function recall(signal) {
  const found = await get("drafts", {}, signal);
  const drafts = new Map((found.drafts ?? found).map((one) => [one.id, one]));
  for (const [id, draft] of mine()) {
    if (draft.gone) {
      drafts.delete(id);
    } else {
      drafts.set(id, { ...draft, id,
        updated_at: new Date(draft.at).toISOString() });
    }
  }
  if (mine().length > 0) {
    later(0);
  }
  return [...drafts.values()].sort((a, b) =>
    (a.updated_at < b.updated_at ? 1 : -1));
}
