/* Ghi nhận: what was begun and not saved, and what one can record: the types
 * used last, those that the plans ask for, then all others. */
import { useEffect, useState } from "preact/hooks";
import { session } from "../../../web/api.js";
import { moment } from "../../../web/dates.js";
import { html } from "../../../web/html.js";
import { said, t } from "../../../web/language.js";
import { number } from "../../../web/numbers.js";
import { Fold } from "../../../web/parts/fold.js";
import { Link } from "../../../web/route.js";
import { finds } from "../../../web/search.js";
import { useStore } from "../../../web/store.js";
import { drop, recall } from "../drafts.js";
import { usedTypes } from "../entry/defaults.js";
import { dayOf, valueText } from "../entry/inputs.js";
import { loadPlaces, places } from "../places.js";
import { Saved } from "../saved.js";
import { Sure } from "../sure.js";
import { loadThing, things } from "../things.js";

const SHOWN_MAX = 3;

function Types({ label, types }) {
  return types.length > 0 && html`<section><h2>${label}</h2>
    <ul class="types">${types.map((type) => html`<li key=${type.key}>
      <${Link} to=${`/ghi-nhan/${type.key}`}>${said(type.label)}</${Link}>
    </li>`)}</ul></section>`;
}

/* The first values of a draft, so that it can be told from another. */
function glance(draft, type) {
  return type.fields.filter(({ key }) => draft.cells[key]).slice(0, SHOWN_MAX)
    .map((field) => valueText(field, draft.cells[field.key],
      dayOf(type, draft.cells))).join(" · ");
}

function Drafts({ types }) {
  const [drafts, setDrafts] = useState([]);
  useStore(places);
  useStore(things);
  useEffect(() => drafts.forEach(({ cells }) =>
    Object.values(cells).forEach(loadThing)), [drafts]);
  useEffect(() => {
    const control = new AbortController();
    loadPlaces();
    recall(control.signal).then(setDrafts, () => {});
    return () => control.abort();
  }, []);
  const forget = (id) => {
    drop(id);
    setDrafts((old) => old.filter((one) => one.id !== id));
  };
  const known = drafts.map((draft) => ({ draft,
    type: types.find(({ key }) => key === draft.type) }))
    .filter(({ type }) => type);
  return known.length > 0 && html`<section>
    <h2>${t("begun", { n: number(known.length) })}</h2>
    <ul class="drafts">${known.map(({ draft, type }) => html`<li
        key=${draft.id}>
      <${Link} to=${`/ghi-nhan/${type.key}`} query=${{ draft: draft.id }}>
        <b>${said(type.label)}</b>${" "}<span>${glance(draft, type)}</span>
      </${Link}>${" "}
      <small class="quiet">${t("draft_of", { time: moment(draft.updated_at) })}
        ${draft.person !== session.get().name && ` · ${draft.person}`}</small>
      <${Sure} label=${t("drop")} question=${t("drop_sure")}
        onSure=${() => forget(draft.id)} /></li>`)}
    </ul></section>`;
}

export function Choose({ form: { types, ready } }) {
  const [query, setQuery] = useState("");
  const used = usedTypes().map((key) => types.find((one) => one.key === key))
    .filter(Boolean);
  const planned = types.filter(({ in_plan: planned }) => planned);
  const others = types.filter(({ in_plan: planned }) => !planned);
  const found = types.filter(({ label, help }) =>
    finds(query, said(label), said(help)));
  return html`<h1>${t("record")}</h1>
    <${Saved} />
    ${!ready && html`<p class="notice warn">${t("not_ready")}</p>`}
    <${Drafts} types=${types} />
    <p><label>${t("find_type")} <input type="search" value=${query}
      onInput=${(event) => setQuery(event.target.value)} /></label></p>
    ${query.trim()
      ? html`<${Types} label=${t("types_found", { n: found.length })}
          types=${found} />`
      : html`<${Types} label=${t("types_used")} types=${used} />
        <${Types} label=${t("types_planned")} types=${planned} />
        ${planned.length > 0 && others.length > 0
          ? html`<${Fold} label=${t("types_others", { n: others.length })}>
            <${Types} label=${t("types_all_others")} types=${others} />
          </${Fold}>`
          : html`<${Types} label=${t("types_all_others")}
            types=${others} />`}`}`;
}
