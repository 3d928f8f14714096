/* filters - what narrows a list down; what is chosen stands in the address. */
import { html } from "../html.js";
import { t } from "../language.js";
import { useQuery } from "../route.js";

/* One of `options` ({value, text, count, tone}) or none; `name` is its name in
 * the address, and pressing what is chosen lets it go. */
export function Pills({ name, label, options, standard = "" }) {
  const [query, change] = useQuery();
  const chosen = query[name] || standard;
  const choose = (value) =>
    change({ [name]: value === chosen || value === standard ? "" : value });
  return html`<div class="pills" role="group" aria-label=${label}>
    ${options.map(({ value, text, count, tone }) => html`<button type="button"
        key=${value} class=${tone} aria-pressed=${String(value === chosen)}
        onClick=${() => choose(value)}>
      ${count != null && html`<b>${count}</b> `} ${text}</button>`)}
  </div>`;
}

/* What is typed does not become a step of "back". */
export function SearchBox() {
  const [query, change] = useQuery();
  return html`<label>${t("search")} <input type="search" value=${query.q || ""}
    onInput=${(event) => change({ q: event.target.value }, true)} /></label>`;
}
