/* link_words - how things stand between this machine and the province. The
 * sentence is the machine's: what waits, since when, whether the province is in
 * reach. */
import { useData } from "../../web/data.js";
import { html } from "../../web/html.js";

const TONES = { connected: "good", down: "warn", never: "warn",
  refused: "bad", frozen: "bad" };

export const lineTone = (state) => TONES[state] ?? "none";

export function useLink() {
  return useData("link", {}, ["link", "outbox"]);
}

export function LinkSentence() {
  const { data } = useLink();
  return data ? html`<p class="notice ${lineTone(data.state)}" role="status">
    ${data.sentence}</p>` : null;
}
