/* figure - a number of the interface, or the word for why there is none. */
import { day } from "../dates.js";
import { html } from "../html.js";
import { t, word } from "../language.js";
import { number, percent } from "../numbers.js";

const MARKS = [["not_divided", "*"], ["erased", "†"]];

function bounds(figure) {
  const { lower_bound: lower, upper_bound: upper } = figure;
  return lower && upper ? "≈ " : lower ? "≥ " : upper ? "≤ " : "";
}

/* Why a unit has no number, or whose word its zero is. */
const UNHEARD = ["silent", "never", "no_office"];

/* `row` is what the figure stands in: `reporting` says whose statement it is,
 * `received_from` and `received_to` of which days the unit's office has told
 * all. `over`: the last of the days that were asked for, if it is over. */
export function figureText(figure, row = {}, over = false) {
  const { reporting, received_from: since, received_to: told } = row;
  if (figure.state === "known") {
    const plus = figure.change && !figure.value.startsWith("-") ? "+" : "";
    const part = figure.denominator == null ? ""
      : `/${number(figure.denominator)}`;
    const text = bounds(figure) + plus + number(figure.value) + part;
    const partly = reporting === "so_far" && [since && "since",
      over && told && !(told > over) && "to"].filter(Boolean).join("_");
    return partly
      ? t(`told_${partly}`, { figure: text, day: day(told), since: day(since) })
      : text;
  }
  if (figure.hidden === "under_5") {
    return "<5";
  }
  if (figure.hidden) {
    return "…";
  }
  return UNHEARD.includes(reporting) ? t(`reporting_${reporting}`)
    : word("figure", figure.state);
}

function why({ hidden }, { reporting } = {}) {
  return hidden ? t("hidden_why")
    : reporting === "zero_reported" ? t("zero_reported")
      : reporting === "no_office" ? t("no_office") : null;
}

export function Figure({ figure, row, over }) {
  const known = figure.state === "known";
  return html`<span class=${known ? "figure" : "figure unknown"}
      title=${why(figure, row)}>
    ${figureText(figure, row, over)}
    ${MARKS.map(([name, mark]) => figure[name]
      && html`<abbr title=${t(`mark_${name}`)}>(${mark})</abbr>`)}
  </span>`;
}

/* A ratio is said as a share, too; that is not its share of the goal. */
export function ratioText({ figure, percent: share }) {
  return figure.state === "known" && figure.denominator != null
    && share != null ? percent(share) : "";
}

/* Whose word a zero is: a person will sign under it. Over days that no report
 * is of there is nothing to report either. */
export function wordOfZero({ reporting, figure }, period) {
  return reporting === "zero_reported" ? t(reporting)
    : figure.state === "not_arisen" ? t("zero_no_whole")
      : ["zero", "so_far"].includes(reporting)
        && t(period ? "zero_found" : "zero_nowhere");
}

/* What a line is to come to: "≥ 470", "80%", "1–2"; nothing without a goal. */
export function goalText(goal) {
  if (!goal) {
    return "";
  }
  const count = goal.quantity == null ? "" : number(goal.quantity);
  const main = goal.percent == null ? count : percent(goal.percent);
  const upper = goal.quantity_to == null ? "" : number(goal.quantity_to);
  if (!main && !["none", "all_named"].includes(goal.comparator)) {
    return "–"; /* each unit sets its own */
  }
  const text = t(`goal_${goal.comparator}`, { n: main, upper }).trim();
  return goal.percent != null && count ? `${text} (${count})` : text;
}
