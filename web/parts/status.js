/* status - how something stands: a sign, a word and a colour, so that the
 * colour alone says nothing. */
import { html } from "../html.js";
import { word } from "../language.js";

const SIGNS = {
  good: "✓", fair: "●", warn: "▲", bad: "✕", none: "○",
};
const TONES = {
  met: "good", live: "good", frozen: "good", reported: "good", value: "good",
  counted: "good", zero_reported: "good", on_track: "fair", not_due: "fair",
  behind: "warn", late: "warn", reported_late: "warn", never: "warn",
  no_office: "warn", missed: "bad", silent: "bad", unreachable: "bad",
  trouble: "bad", saved: "fair", received: "good", backed_up: "good",
  to_mend: "warn",
};

export function tone(value) {
  return TONES[value] || "none";
}

export function Status({ family = "status", value }) {
  return html`<span class="status ${tone(value)}">
    <span aria-hidden="true">${SIGNS[tone(value)]}</span>
    ${word(family, value)}
  </span>`;
}
