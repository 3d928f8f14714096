/* picker - which plan, and which days: the plan's year, or a report period of
 * one of the regimes. What is chosen stands in the address. */
import { day } from "../../web/dates.js";
import { html } from "../../web/html.js";
import { said, t, word } from "../../web/language.js";
import { useQuery } from "../../web/route.js";

/* These pages have no figures of a period. */
const WITHOUT = ["/duong-truyen", "/so-cai", "/bao-cao", "/don-vi"];

export function chosenPlan(plans, id) {
  return plans.plans.find((plan) => plan.id === id)
    || plans.plans.find((plan) => plan.default) || plans.plans[0];
}

function Plans({ plans, plan, change }) {
  if (plans.plans.length < 2) {
    return null;
  }
  const choose = (event) => change({ plan: event.target.value, period: "",
    regime: "" });
  return html`<label>${t("plan")}
    <select value=${plan.id} onChange=${choose}>
      ${plans.plans.map((one) => html`<option key=${one.id} value=${one.id}>
        ${said(one.title)}</option>`)}
    </select></label>`;
}

function regimeText({ regime, label }) {
  const text = word("regime", regime);
  return text === regime ? said(label) : text;
}

/* `value` is "REGIME/PERIOD", or empty for `whole`, the words of no period. */
export function PeriodSelect({ plan, value, whole, choose }) {
  const take = (event) => {
    const [regime, period] = event.target.value.split("/");
    choose({ regime, period });
  };
  return html`<label>${t("period")}
    <select value=${value} onChange=${take}>
      ${whole && html`<option value="">${whole}</option>`}
      ${plan.regimes.map((regime) => html`<optgroup key=${regime.regime}
          label=${regimeText(regime)}>
        ${regime.periods.map((one) => html`<option key=${one.period}
            value=${`${regime.regime}/${one.period}`}>
          ${said(one.label)}</option>`)}
      </optgroup>`)}
    </select></label>`;
}

export function Picker({ plans, path }) {
  const [query, change] = useQuery();
  const plan = chosenPlan(plans, query.plan);
  if (!plan) {
    return html`<p class="notice">${t("no_plan")}</p>`;
  }
  const days = { from: day(plan.from), to: day(plan.to) };
  return html`<div class="picker">
    <${Plans} ...${{ plans, plan, change }} />
    ${!WITHOUT.includes(path) && html`<${PeriodSelect} plan=${plan}
      value=${query.period ? `${query.regime}/${query.period}` : ""}
      whole=${t("whole_plan", days)} choose=${change} />`}
  </div>`;
}
