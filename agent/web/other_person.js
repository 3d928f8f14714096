/* other_person - somebody else has signed in in another tab, so that this one
 * is theirs now: they are told so, and what became of what was typed. */
import { session } from "../../web/api.js";
import { html } from "../../web/html.js";
import { t } from "../../web/language.js";
import { createStore, useStore } from "../../web/store.js";

/* Who was here before; "" when nobody else was. */
const before = createStore("");
let last = "";

session.watch((who) => {
  before.set(last && who && who.name !== last ? last : "");
  last = who?.name ?? "";
});

export function OtherPerson() {
  const other = useStore(before);
  return other && html`<p class="notice warn" role="alert">
    ${t("other_person", { name: session.get()?.name, other })}${" "}
    <button type="button" onClick=${() => before.set("")}>
      ${t("understood")}</button></p>`;
}
