/* drafts - what is typed and not yet saved. Each key puts it into this browser
 * at once and, a moment later, onto the disk of the office's machine; it stays
 * in the browser until that has answered. A row has one id (identity.js) for
 * its draft and its event, so that nothing is saved twice.
 *
 * In the browser each draft has a place of its own, so that tabs do not write
 * over each other's: {type, cells, corrects, change, person, at}, or {gone,
 * change, person} for one that is to be deleted. `change` counts the changes
 * of its text: of two texts the one that was changed more often is the newer,
 * and the machine takes no older one. */
import { get, send, session } from "../../web/api.js";
import { createStore } from "../../web/store.js";
import { problemText } from "../../web/parts/notice.js";
import { answered } from "./entry/at_work.js";

const PREFIX = "tallyline-draft-";
const WAIT_MS = 500;
const AGAIN_MS = 3000;

/* {ID: {state, at, detail}}: "typing", "kept" on the machine, "here" in the
 * browser alone, "elsewhere" (changed in another tab since), "refused" with
 * `detail`. None before the first key. */
export const keeping = createStore({});

/* What this tab has to tell the machine, should the browser keep nothing. */
const waiting = new Map();
/* How often a draft was changed, as far as this tab has seen. */
const changes = new Map();
let timer;
let busy = false;

function browserHas(id) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + id));
  } catch {
    return null;
  }
}

function browserKeeps(id, draft) {
  try {
    if (draft) {
      localStorage.setItem(PREFIX + id, JSON.stringify(draft));
    } else {
      localStorage.removeItem(PREFIX + id);
    }
  } catch {
    /* the browser keeps nothing; the machine does */
  }
}

function browserIds() {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(PREFIX))
      .map((name) => name.slice(PREFIX.length));
  } catch {
    return [];
  }
}

/* Another tab may have gone on with it, or told the machine already. */
function newest(id) {
  const [mine, theirs] = [waiting.get(id), browserHas(id)];
  return theirs?.change > (mine?.change ?? -1) ? theirs : mine;
}

/* [id, draft], those that are to be deleted first: they make room. */
const mine = () => [...new Set([...waiting.keys(), ...browserIds()])]
  .map((id) => [id, newest(id)])
  .filter(([, draft]) => draft && draft.person === session.get()?.name)
  .sort(([, one], [, other]) => !one.gone - !other.gone);

function tell(id, state, detail) {
  keeping.set({ ...keeping.get(), [id]: { state, detail, at: Date.now() } });
}

/* Nothing newer than `draft` has to be told. */
function forget(id, draft) {
  if (!(waiting.get(id)?.change > draft.change)) {
    waiting.delete(id);
  }
  if (!(browserHas(id)?.change > draft.change)) {
    browserKeeps(id);
  }
}

async function push(id, { gone, type, cells, corrects, change }) {
  const path = `drafts/${id}`;
  try {
    await (gone ? send("DELETE", path)
      : send("PUT", path, { type, cells, corrects, change }));
    return undefined;
  } catch (problem) {
    return problem;
  }
}

/* What the answer means for a draft. True when it has to be tried again. */
function settle(id, draft, problem) {
  const typed = waiting.has(id) && !draft.gone;
  if (!problem || problem.status === 409
      || (draft.gone && problem.status === 404)) {
    forget(id, draft);
  }
  if (typed && !problem) {
    tell(id, waiting.has(id) ? "typing" : "kept");
  } else if (typed && problem.status === 0) {
    tell(id, "here");
  } else if (typed && problem.status !== 401) {
    tell(id, "refused", problem.detail ?? problemText(problem));
  }
  return problem?.status === 0 || problem?.status >= 500;
}

/* One after the other. What cannot be had now is tried again. */
async function pushAll() {
  if (busy) {
    return;
  }
  busy = true;
  let again = false;
  for (const [id] of mine()) {
    const draft = newest(id);
    const problem = draft && await push(id, draft);
    again = Boolean(draft && settle(id, draft, problem)) || again;
    /* Who gave an answer may take the next one. */
    if (problem?.status === 0 || problem?.status === 401) {
      break;
    }
  }
  busy = false;
  if (again) {
    later(AGAIN_MS);
  }
}

function later(ms) {
  clearTimeout(timer);
  timer = setTimeout(pushAll, ms);
}

/* False: another tab has gone on with it. */
function put(id, draft) {
  const change = (changes.get(id) ?? 0) + 1;
  if (browserHas(id)?.change >= change) {
    return false;
  }
  const next = { ...draft, change, person: session.get()?.name };
  changes.set(id, change);
  waiting.set(id, next);
  browserKeeps(id, next);
  later(WAIT_MS);
  return true;
}

export function keep(id, { type, cells, corrects }) {
  tell(id, put(id, { type, cells, corrects, at: Date.now() }) ? "typing"
    : "elsewhere");
}

/* How often this tab knows it to have been changed. */
export const changeOf = (id) => changes.get(id) ?? 0;

/* What is thrown away is not to be saved either. */
export function drop(id) {
  answered([{ id }]);
  changes.set(id, Math.max(changes.get(id) ?? 0,
    browserHas(id)?.change ?? 0));
  put(id, { gone: true });
}

/* Whether a row that has no draft any more was thrown away: of one that is
 * saved the machine takes no draft. */
export async function wasDropped(row) {
  const problem = await push(row.id, row);
  if (!problem) {
    drop(row.id);
  }
  return !problem;
}

/* All drafts of the office, the newest first; of what the browser still holds
 * it has the newer text. */
export async function recall(signal) {
  const found = await get("drafts", {}, signal);
  const drafts = new Map(found.drafts.map((one) => [one.id, one]));
  for (const [id, draft] of mine()) {
    if (draft.gone) {
      drafts.delete(id);
    } else if (draft.change > (drafts.get(id)?.change ?? 0)) {
      drafts.set(id, { ...draft, id,
        updated_at: new Date(draft.at).toISOString() });
    }
  }
  drafts.forEach(({ change = 0 }, id) => changes.set(id, change));
  if (mine().length > 0) {
    later(0);
  }
  return [...drafts.values()].sort((a, b) =>
    (a.updated_at < b.updated_at ? 1 : -1));
}

/* Who comes in again finds what waited kept. */
session.watch((who) => who && later(0));
