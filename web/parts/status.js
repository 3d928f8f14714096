/* status - how something stands: a sign, a word and a colour, so that the
 * colour alone says nothing. */
import { html } from "../html.js";
import { word } from "../language.js";

const SIGNS = {
  good: "✓", fair: "●", warn: "▲", bad: "✕", none: "○",
};
/* What both programs tell of targets and reports. */
const tones = {
  met: "good", live: "good", frozen: "good", reported: "good", value: "good",
  counted: "good", zero_reported: "good", on_track: "fair", not_due: "fair",
  behind: "warn", late: "warn", partial: "warn", reported_late: "warn",
  missed: "bad", trouble: "bad",
};

/* {state: tone}: those of one program. */
export function addTones(more) {
  Object.assign(tones, more);
}

export function tone(value) {
  return tones[value] || "none";
}

export function Status({ family = "status", value }) {
  return html`<span class="status ${tone(value)}">
    <span aria-hidden="true">${SIGNS[tone(value)]}</span>
    ${word(family, value)}
  </span>`;
}
