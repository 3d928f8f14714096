/* field - a control with its name, its help, and what is wrong with it. */
import { html } from "../../../web/html.js";
import { said, t } from "../../../web/language.js";
import { Input, isGroup } from "./inputs.js";

function Name({ field, id, group }) {
  const text = html`${said(field.label)}
    ${!field.required && html` <small class="quiet">${t("optional")}</small>`}`;
  return group
    ? html`<span class="name" id=${`${id}-name`}>${text}</span>`
    : html`<label class="name" for=${id}>${text}</label>`;
}

/* `issues` are texts; none are shown before somebody was there. */
export function Field({ field, id, value, day, issues, onChange,
  onBlur, read }) {
  const group = isGroup(field, true);
  const wrong = issues.length > 0;
  const more = {
    id, "aria-invalid": wrong ? "true" : null,
    "aria-describedby": `${id}-help ${id}-issue`,
    "aria-labelledby": group ? `${id}-name` : null,
    "aria-required": group || !field.required ? null : "true",
    disabled: read || null,
  };
  return html`<div class=${wrong ? "field wrong" : "field"}
      onFocusOut=${onBlur}>
    <${Name} field=${field} id=${id} group=${group} />
    <${Input} roomy field=${field} value=${value ?? ""} day=${day}
      onChange=${onChange} more=${more} />
    <small class="quiet help" id=${`${id}-help`}>${said(field.help)}</small>
    <p class="issue" id=${`${id}-issue`} aria-live="polite">
      ${issues.map((text) => html`<span key=${text}>
        <span aria-hidden="true">✕ </span>${text}</span>`)}</p>
  </div>`;
}

/* The next control that a person would fill in after `from`, by Enter. */
export function focusNext(from) {
  const all = [...from.closest("form").querySelectorAll(
    "input, select, button.main")].filter((one) => !one.disabled
    && one.tabIndex >= 0 && (one.type !== "radio" || one.checked
      || !one.form.querySelector(`[name="${one.name}"]:checked`)));
  const name = from.type === "radio" && from.name;
  const after = all.slice(all.indexOf(from) + 1)
    .find((one) => !name || one.name !== name);
  after?.focus();
  if (after?.select && after.type === "text") {
    after.select();
  }
}
