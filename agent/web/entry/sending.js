/* sending - one thing that is asked of the machine once: pressed twice or
 * answered late, it is the same thing, by the key it was given here. */
import { useEffect, useRef, useState } from "preact/hooks";
import { html } from "../../../web/html.js";
import { t } from "../../../web/language.js";
import { problemText } from "../../../web/parts/notice.js";
import { newId } from "../identity.js";
import { sendSurely } from "./save.js";

/* [{busy, unsure, problem}, run(body)]; `onDone` when it is done. */
export function useSending(path, onDone) {
  const [state, setState] = useState({});
  const control = useRef(new AbortController());
  const [key] = useState(newId);
  useEffect(() => () => control.current.abort(), []);
  const run = async (body) => {
    if (state.busy) {
      return;
    }
    setState({ busy: true });
    try {
      await sendSurely(path, { ...body, entry_key: key },
        control.current.signal, () => setState({ busy: true, unsure: true }));
      setState({});
      onDone();
    } catch (problem) {
      setState({ problem });
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
