/* api - the interface of the program, /api/v1. An answer that did not change is
 * not sent again (ETag); what changes something carries the session's token
 * against forged requests. */
import { language } from "./language.js";
import { createSetting, createStore } from "./store.js";

const ANSWERS_MAX = 40;

/* undefined: not asked yet; null: nobody is signed in. */
export const session = createStore(undefined);
/* True when somebody was signed in and is not any more, unasked. */
export const ended = createStore(false);
/* When the last answer came, in ms; 0 before the first. */
export const answered = createStore(0);

/* "1" while somebody may be signed in here; who never was is not asked for. */
const perhaps = createSetting("tallyline-session", "");
const answers = new Map();

/* `wait`: seconds until one may ask again, where the answer says so. */
export class Problem extends Error {
  constructor(status, body, wait = 0) {
    super(body.title || String(status));
    this.status = status;
    this.detail = body.detail;
    this.wait = wait;
  }
}

function keep(url, etag, body) {
  answers.delete(url);
  if (etag) {
    answers.set(url, { etag, body });
  }
  if (answers.size > ANSWERS_MAX) {
    answers.delete(answers.keys().next().value);
  }
}

export function url(path, query = {}) {
  const kept = Object.entries(query).filter(([, value]) => value);
  const text = new URLSearchParams(kept).toString();
  return `/api/v1/${path}${text && `?${text}`}`;
}

async function ask(method, target, { body, signal, headers = {} } = {}) {
  let reply;
  try {
    reply = await fetch(target, {
      method, signal, body, cache: "no-store", credentials: "same-origin",
      headers: { ...headers, "Accept-Language": language.get() },
    });
  } catch (error) {
    throw signal?.aborted ? error : new Problem(0, {});
  }
  if (reply.ok || reply.status === 304) {
    answered.set(Date.now());
    return reply;
  }
  if (reply.status === 401) {
    end();
  }
  throw new Problem(reply.status, await reply.json().catch(() => ({})),
    Number(reply.headers.get("Retry-After")));
}

function end() {
  ended.set(Boolean(session.get()));
  forget();
}

function forget() {
  answers.clear();
  perhaps.set("");
  session.set(null);
}

export async function get(path, query, signal) {
  const target = url(path, query);
  const name = `${language.get()} ${target}`;
  const known = answers.get(name);
  const headers = known ? { "If-None-Match": known.etag } : {};
  const reply = await ask("GET", target, { signal, headers });
  if (reply.status === 304) {
    return known.body;
  }
  const body = await reply.json();
  keep(name, reply.headers.get("ETag"), body);
  return body;
}

/* Who is signed in; also asked again when the session may have ended. Nobody
 * is no error, so that the browser tells none of its own. */
export async function findSession() {
  if (!perhaps.get()) {
    session.set(null);
    return;
  }
  try {
    const who = await get("session");
    if (who.signed_in === false) {
      end();
    } else if (who.csrf !== session.get()?.csrf) {
      session.set(who);
    }
  } catch (problem) {
    if (problem.status !== 401) {
      throw problem;
    }
  }
}

export async function signIn(words) {
  const reply = await ask("POST", url("session"), {
    body: JSON.stringify(words),
    headers: { "Content-Type": "application/json" },
  });
  const who = await reply.json();
  if (who.signed_in === false) {
    throw new Problem(401, {});
  }
  answers.clear();
  ended.set(false);
  perhaps.set("1");
  session.set(who);
}

export async function signOut() {
  const headers = { "X-Tallyline-CSRF": session.get().csrf };
  await ask("DELETE", url("session"), { headers });
  forget();
}

async function sendAs(method, path, body, { query, signal }) {
  const headers = { "X-Tallyline-CSRF": session.get()?.csrf ?? "" };
  const file = body instanceof Blob;
  if (body !== undefined) {
    headers["Content-Type"] = file ? "application/octet-stream"
      : "application/json";
  }
  const reply = await ask(method, url(path, query), { signal, headers,
    body: file || body === undefined ? body : JSON.stringify(body) });
  return reply.status === 204 ? null : reply.json();
}

/* Changes something; gives what is answered, if anything. `body` is a file or
 * becomes JSON. Where somebody has signed in anew in another tab, the token of
 * this one is dead: it is asked for again, and used if it is the same person's;
 * else whoever was here has to sign in again (401). */
export async function send(method, path, body, options = {}) {
  const before = session.get();
  try {
    return await sendAs(method, path, body, options);
  } catch (problem) {
    if (problem.status !== 403 || !before) {
      throw problem;
    }
    await findSession();
    const now = session.get();
    if (now?.name !== before.name) {
      throw new Problem(401, {});
    }
    if (now.csrf === before.csrf) {
      throw problem;
    }
    return sendAs(method, path, body, options);
  }
}
