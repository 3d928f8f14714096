/* link_words - how things stand between this machine and the province, as a
 * sentence: what waits, since when, whether the province is in reach. */
import { useEffect, useState } from "preact/hooks";
import { useData } from "../../web/data.js";
import { ago, moment } from "../../web/dates.js";
import { html } from "../../web/html.js";
import { t } from "../../web/language.js";
import { number } from "../../web/numbers.js";

const MINUTE_MS = 60000;
const TONES = { connected: "good", down: "warn", never: "warn",
  frozen: "bad" };

export const lineTone = (state) => TONES[state] ?? "none";

/* "3 minutes ago" is another sentence a minute later. */
export function useNow() {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), MINUTE_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}

export function waitingText({ waiting, oldest_waiting: oldest }) {
  return Number(waiting) === 0 ? t("nothing_waits")
    : t("waits", { n: number(waiting), since: moment(oldest) });
}

export function reachText({ state, since, heard_at: heard }, now) {
  const at = heard ?? since;
  return state === "down" && at
    ? t("reach_down", { since: moment(since ?? heard), ago: ago(at, now) })
    : t(`reach_${state}`, { since: moment(since) });
}

export function LinkSentence() {
  const { data } = useData("link", {}, ["link", "outbox"]);
  const now = useNow();
  return data ? html`<p class="notice ${lineTone(data.state)}"
      role="status">${waitingText(data)} ${reachText(data, now)}</p>` : null;
}
