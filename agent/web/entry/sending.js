/* sending - a void or a nil report: asked of the machine once, however often it
 * is pressed and however late it is answered, by the key that it was given. It
 * goes on when one leaves its page, or has to sign in again, and then what
 * became of it is told above whatever page is there. */
import { useEffect, useState } from "preact/hooks";
import { session } from "../../../web/api.js";
import { html } from "../../../web/html.js";
import { t } from "../../../web/language.js";
import { problemText } from "../../../web/parts/notice.js";
import { createStore, useStore } from "../../../web/store.js";
import { newId } from "../identity.js";
import { acted, acts, askAct } from "./at_work.js";
import { sendSurely } from "./save.js";

/* {KEY: {title, there, busy, unsure, problem, done}}; `there`: where it was
 * pressed is before one's eyes, and tells it. */
const sendings = createStore({});

const tell = (key, changes) => sendings.set({ ...sendings.get(),
  [key]: { ...sendings.get()[key], ...changes } });

const forget = (key) => sendings.set(Object.fromEntries(
  Object.entries(sendings.get()).filter(([one]) => one !== key)));

/* As the one who pressed, and nobody else. */
async function carryOn({ key, path, body, title }) {
  const control = new AbortController();
  const name = session.get()?.name;
  const end = session.watch((who) => {
    if (who?.name !== name) {
      control.abort();
      forget(key);
    }
  });
  tell(key, { title, busy: true, unsure: false, problem: undefined });
  try {
    await sendSurely(path, { ...body, entry_key: key }, control.signal,
      () => tell(key, { unsure: true }));
    acted(key);
    tell(key, { busy: false, unsure: false, done: true });
  } catch (problem) {
    if (!control.signal.aborted) {
      acted(key);
      tell(key, { busy: false, unsure: false, problem });
    }
  }
  end();
}

/* [{busy, unsure, problem}, run(title, body)]; `onDone` when it is done. */
export function useSending(path, onDone) {
  const [key] = useState(newId);
  const state = useStore(sendings)[key] ?? {};
  useEffect(() => () => {
    if (sendings.get()[key]) {
      tell(key, { there: false });
    }
  }, []);
  useEffect(() => {
    if (state.done) {
      forget(key);
      onDone();
    }
  }, [state.done]);
  const run = (title, body) => {
    if (!state.busy) {
      const act = { key, path, title, body };
      askAct(act);
      tell(key, { there: true });
      carryOn(act);
    }
  };
  return [state, run];
}

/* What is in the way of it. */
export function Trouble({ unsure, problem }) {
  return html`${unsure && html`<p class="notice warn" role="alert">
      ${t("save_unsure")}</p>`}
    ${problem && html`<p class="notice bad" role="alert">
      ${problem.detail ?? problemText(problem)}</p>`}`;
}

const toneOf = ({ done, problem }) => (done ? "good" : problem ? "bad"
  : "warn");

/* What was pressed on a page that is not there any more. */
export function Sendings() {
  const all = Object.entries(useStore(sendings))
    .filter(([, { there }]) => !there);
  return all.map(([key, one]) => html`<p key=${key} role="status"
      class="notice ${toneOf(one)}"><b>${one.title}:</b>${" "}
    ${one.done ? t("act_done") : one.problem ? html`${t("act_not_done")}
      ${" "}${one.problem.detail ?? problemText(one.problem)}`
      : t(one.unsure ? "save_unsure" : "saving")}
    ${!one.busy && html` <button type="button" onClick=${() => forget(key)}>
      ${t("understood")}</button>`}</p>`);
}

/* Who signs in again has pressed already. */
session.watch((who) => who && acts().forEach((act) =>
  !sendings.get()[act.key] && carryOn(act)));
