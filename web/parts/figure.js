/* figure - a number of the interface, or the word for why there is none. */
import { html } from "../html.js";
import { t, word } from "../language.js";
import { number, percent } from "../numbers.js";

const MARKS = [["not_divided", "*"], ["erased", "†"]];

function bounds(figure) {
  const { lower_bound: lower, upper_bound: upper } = figure;
  return lower && upper ? "≈ " : lower ? "≥ " : upper ? "≤ " : "";
}

/* `reporting` says what it means that a unit gave nothing. */
export function figureText(figure, reporting) {
  if (figure.state === "known") {
    const plus = figure.change && !figure.value.startsWith("-") ? "+" : "";
    const part = figure.denominator == null ? ""
      : `/${number(figure.denominator)}`;
    return bounds(figure) + plus + number(figure.value) + part;
  }
  if (figure.hidden === "under_5") {
    return "<5";
  }
  if (figure.hidden) {
    return "…";
  }
  return reporting && reporting !== "value"
    ? word("reporting", reporting)
    : word("figure", figure.state);
}

export function Figure({ figure, reporting }) {
  const known = figure.state === "known";
  const title = figure.hidden ? t("hidden_why") : null;
  return html`<span class=${known ? "figure" : "figure unknown"} title=${title}>
    ${figureText(figure, reporting)}
    ${MARKS.map(([name, mark]) => figure[name]
      && html`<abbr title=${t(`mark_${name}`)}>(${mark})</abbr>`)}
  </span>`;
}

/* A ratio is said as a share, too; that is not its share of the goal. */
export function ratioText({ figure, percent: share }) {
  return figure.state === "known" && figure.denominator != null
    && share != null ? percent(share) : "";
}

/* What a line is to come to: "≥ 470", "80%", "1–2"; nothing without a goal. */
export function goalText(goal) {
  if (!goal) {
    return "";
  }
  const count = goal.quantity == null ? "" : number(goal.quantity);
  const main = goal.percent == null ? count : percent(goal.percent);
  const upper = goal.quantity_to == null ? "" : number(goal.quantity_to);
  const text = t(`goal_${goal.comparator}`, { n: main, upper }).trim();
  return goal.percent != null && count ? `${text} (${count})` : text;
}
