/* drafts - what is typed and not yet saved. Each key puts it into this browser
 * at once and, a moment later, onto the disk of the office's machine; it stays
 * in the browser until that has answered. A row has one id (identity.js) for
 * its draft and its event, so that nothing is saved twice.
 *
 * In the browser each draft has a place of its own: {type, cells, corrects, by,
 * change, seen, person, at}, or {gone, ...} for one that is to be deleted.
 * `change` counts the changes of its text, `by` is the tab that made them, and
 * `seen` says from which texts of other tabs they began. A text takes the place
 * of one that it knows, and of no other; who does not know what is there is
 * told so, and keeps nothing more until they have chosen (entry/overtaken.js).
 */
import { get, send, session } from "../../web/api.js";
import { createStore } from "../../web/store.js";
import { problemText } from "../../web/parts/notice.js";
import { answered, inHand, isAsked } from "./entry/at_work.js";
import { newId } from "./identity.js";

const PREFIX = "tallyline-draft-";
const WAIT_MS = 500;
const AGAIN_MS = 3000;
const SEEN_MAX = 16;
/* This tab. */
const ME = newId();

/* {ID: {state, at, detail}}: "typing", "kept" on the machine, "here" in the
 * browser alone, "refused" with `detail`; "elsewhere" (changed there since) and
 * "saved" (there, with `detail`), in which nothing is kept any more. None
 * before the first key. */
export const keeping = createStore({});

export const isOvertaken = (one) =>
  ["elsewhere", "saved"].includes(one?.state);

/* What this tab has to tell the machine, should the browser keep nothing. */
const waiting = new Map();
/* {by, change, seen} of the text that this tab has before it. */
const versions = new Map();
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

/* Whether the text `one` was made by who knew `other`: what the machine asks.
 */
export const knows = (one, other) => ((one.by ?? "") === (other.by ?? "")
  ? one.change : one.seen?.[other.by ?? ""] ?? -1) >= (other.change ?? 0);

/* Of a text of this tab that goes on from `base`. */
function following({ by = "", change, seen }) {
  return { by: ME, change: change + 1, seen: by === ME ? seen
    : Object.fromEntries([...Object.entries(seen ?? {}), [by, change]]
      .slice(-SEEN_MAX)) };
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

/* Nothing that goes on from `draft` has to be told. */
function forget(id, draft) {
  if (waiting.has(id) && knows(draft, waiting.get(id))) {
    waiting.delete(id);
  }
  if (knows(draft, browserHas(id) ?? draft)) {
    browserKeeps(id);
  }
}

/* What this tab has of it is not kept any more. */
export function overtake(id, state, detail) {
  const mine = waiting.get(id);
  if (mine) {
    forget(id, mine);
  }
  tell(id, state, detail);
}

async function push(id, { gone, type, cells, corrects, change, by, seen }) {
  const path = `drafts/${id}`;
  try {
    await (gone ? send("DELETE", path)
      : send("PUT", path, { type, cells, corrects, change, by, seen }));
    return undefined;
  } catch (problem) {
    return problem;
  }
}

/* What the answer means for a draft. True when it has to be tried again. A text
 * of a tab that is not there any more waits for recall(). */
function settle(id, draft, problem) {
  const typed = waiting.has(id) && !waiting.get(id).gone && !draft.gone;
  const mine = draft.by === ME;
  const status = problem?.status;
  if (!problem || status === 409 || (status === 412 && mine)
      || (draft.gone && status === 404)) {
    forget(id, draft);
  }
  if (typed && !problem) {
    tell(id, waiting.has(id) ? "typing" : "kept");
  } else if (typed && status === 0) {
    tell(id, "here");
  } else if (typed && mine && status === 412) {
    overtake(id, "elsewhere");
  } else if (typed && mine && status === 409) {
    /* It may be this tab that saved it, and has not heard of it yet. */
    if (!isAsked(id)) {
      overtake(id, "saved", problem.detail);
    }
  } else if (typed && mine && status !== 401) {
    tell(id, "refused", problem.detail ?? problemText(problem));
  }
  return status === 0 || status >= 500;
}

/* One after the other. What cannot be had now is tried again. */
async function pushAll() {
  if (busy) {
    return;
  }
  busy = true;
  let again = false;
  for (const [id] of mine()) {
    if (inHand.has(id)) {
      again = true;
      continue;
    }
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

function set(id, draft, base) {
  const version = following(base);
  const next = { ...draft, ...version, person: session.get()?.name };
  versions.set(id, version);
  waiting.set(id, next);
  browserKeeps(id, next);
  later(WAIT_MS);
}

export function keep(id, { type, cells, corrects }) {
  const base = versions.get(id) ?? { by: ME, change: 0 };
  const there = browserHas(id);
  if (isOvertaken(keeping.get()[id])) {
    return;
  }
  if (there && !there.gone && !knows(base, there)) {
    overtake(id, "elsewhere");
  } else {
    set(id, { type, cells, corrects, at: Date.now() }, base);
    tell(id, "typing");
  }
}

/* Which text of it this tab has; undefined before the first key. */
export const versionOf = (id) => versions.get(id);

/* This tab has the text of that row before it. */
export function resume({ id, by, change = 0, seen }) {
  if (!versions.has(id)) {
    versions.set(id, { by, change, seen });
  }
}

/* What was typed becomes a draft of its own, whose id is given. */
export function branch({ type, cells, corrects }) {
  const id = newId();
  set(id, { type, cells, corrects, at: Date.now() }, { by: ME, change: 0 });
  return id;
}

/* What is thrown away is not to be saved either. What another tab has made of
 * it since, as far as this one was told, stays. */
export function drop(id) {
  answered([{ id }]);
  if (!isOvertaken(keeping.get()[id])) {
    const [base, there] = [versions.get(id), browserHas(id)];
    set(id, { gone: true }, { by: ME,
      change: Math.max(base?.change ?? 0, there?.change ?? 0) });
  }
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

const listed = (id, draft) => ({ ...draft, id,
  updated_at: new Date(draft.at).toISOString() });

/* All drafts of the office, the newest first. What the browser still holds is
 * the newer text, or one that went another way, in a tab that was closed: that
 * becomes a draft of its own. */
export async function recall(signal) {
  let before;
  let found;
  /* What is brought to the machine while it answers is in no list: it is asked
   * once more. */
  do {
    before = new Map(mine());
    found = await get("drafts", {}, signal);
  } while ([...before].some(([id, { gone }]) => !gone && !newest(id)
    && !found.drafts.some((one) => one.id === id)));
  const drafts = new Map(found.drafts.map((one) => [one.id, one]));
  drafts.forEach((kept, id) => {
    const draft = before.get(id);
    if (draft && !draft.gone && knows(draft, kept)) {
      drafts.set(id, listed(id, draft));
    }
  });
  for (const [id, draft] of mine()) {
    const kept = drafts.get(id);
    if (draft.gone) {
      drafts.delete(id);
    } else if (!kept || knows(draft, kept)) {
      drafts.set(id, listed(id, draft));
    } else {
      if (kept.by !== draft.by) {
        const own = branch(draft);
        drafts.set(own, listed(own, waiting.get(own)));
      }
      forget(id, draft);
    }
  }
  drafts.forEach(({ by, change = 0, seen }, id) =>
    versions.set(id, { by, change, seen }));
  keeping.set(Object.fromEntries(Object.entries(keeping.get())
    .filter(([, one]) => !isOvertaken(one))));
  if (mine().length > 0) {
    later(0);
  }
  return [...drafts.values()].sort((a, b) =>
    (a.updated_at < b.updated_at ? 1 : -1));
}

/* Who comes in again finds what waited kept. */
session.watch((who) => who && later(0));
