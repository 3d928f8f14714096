/* inputs - one control for each kind of field. A control takes {field, value,
 * day, onChange(text), more}; `day` is that of the event, `more` what ties the
 * control to its label and its faults. */
import { useEffect, useState } from "preact/hooks";
import { get } from "../../../web/api.js";
import { day, localDay } from "../../../web/dates.js";
import { html } from "../../../web/html.js";
import { said, t } from "../../../web/language.js";
import { number } from "../../../web/numbers.js";
import { fold } from "../../../web/search.js";
import { useStore } from "../../../web/store.js";
import { findPlaces, loadPlaces, placeName, places, placeText } from
  "../places.js";
import { loadThing, noteThing, things, thingText } from "../things.js";
import { readDay } from "./days.js";
import { Picker } from "./picker.js";

const FOUND_MAX = 12;
const RADIOS_MAX = 4;
const FLAGS = ["yes", "no"];
/* From here on a number is easier to read in groups of three. */
const GROUPED_FROM = 10000;

function DayInput({ value, onChange, more }) {
  const leave = () => {
    const found = readDay(value, localDay(Date.now()));
    if (found && found !== value) {
      onChange(found);
    }
  };
  const shown = /^\d{4}-\d{2}-\d{2}$/.test(value) ? day(value) : value;
  return html`<input ...${more} type="text" inputmode="numeric"
    autocomplete="off" placeholder=${t("day_form")} value=${shown}
    onInput=${(event) => onChange(event.target.value)} onBlur=${leave} />`;
}

function NumberInput({ value, onChange, more }) {
  const plain = value.replace(/[.\s]/g, "");
  const large = /^\d+$/.test(plain) && Number(plain) >= GROUPED_FROM;
  return html`<input ...${more} class="number" type="text"
      inputmode="numeric" autocomplete="off" value=${value}
      onInput=${(event) => onChange(event.target.value)} />
    ${large && html`<small class="quiet">= ${number(plain)}</small>`}`;
}

function TextInput({ value, onChange, more }) {
  return html`<input ...${more} type="text" autocomplete="off" value=${value}
    onInput=${(event) => onChange(event.target.value)} />`;
}

/* A flag is a list of two. */
function valuesOf({ kind, values }) {
  return kind === "flag"
    ? FLAGS.map((key) => ({ key, label: t(`flag_${key}`) })) : values ?? [];
}

function SelectInput({ field, value, onChange, more }) {
  return html`<select ...${more} value=${value}
      onChange=${(event) => onChange(event.target.value)}>
    <option value="">${t("choose")}</option>
    ${valuesOf(field).map(({ key, label }) => html`<option key=${key}
      value=${key}>${said(label)}</option>`)}
  </select>`;
}

/* What is chosen and may be left out is let go by pressing it again. */
function RadioInput({ field, value, onChange, more }) {
  const { id, disabled, ...group } = more;
  return html`<span class="pills" role="radiogroup" id=${id} ...${group}>
    ${valuesOf(field).map(({ key, label }, at) => html`<label key=${key}
        class="pill"><input type="radio" name=${id} value=${key}
        disabled=${disabled}
        checked=${value === key} id=${at === 0 ? `${id}-first` : null}
        onClick=${() => !field.required && value === key && onChange("")}
        onChange=${() => onChange(key)} /> ${said(label)}</label>`)}
  </span>`;
}

function SetInput({ field, value, onChange, more }) {
  const { id, disabled, ...group } = more;
  const chosen = value.split(";").map((one) => one.trim()).filter(Boolean);
  const turn = (key) => onChange((chosen.includes(key)
    ? chosen.filter((one) => one !== key) : [...chosen, key]).join(";"));
  return html`<span class="pills" role="group" id=${id} ...${group}>
    ${valuesOf(field).map(({ key, label }) => html`<label key=${key}
      class="pill"><input type="checkbox" checked=${chosen.includes(key)}
        disabled=${disabled} onChange=${() => turn(key)} />
      ${" "}${said(label)}</label>`)}
  </span>`;
}

/* Whoever types sooner than the places come waits for them. */
const searchPlaces = (day) => async (query) => {
  await loadPlaces();
  return findPlaces(query, day, FOUND_MAX).map((place) => ({
    value: place.code, text: placeName(place),
    note: place.code.split(":")[1] }));
};

function UnitInput({ value, day, onChange, more }) {
  useStore(places);
  loadPlaces();
  return html`<${Picker} ...${more} value=${value}
    text=${placeText(value, day)} search=${searchPlaces(day)}
    onChange=${onChange} />`;
}

/* What the office itself calls a thing is written @name; a name that is not
 * there yet makes a new one. */
function findThings(kind, day) {
  return async (query, signal) => {
    const name = thingText(query.trim());
    const { things: rows } = await get("things", { kind, q: name,
      limit: String(FOUND_MAX) }, signal);
    rows.forEach(noteThing);
    const found = rows.map((row) => ({ value: row.reference,
      text: row.name ? thingText(row.reference) : row.reference,
      note: row.label ?? (row.unit && placeText(row.unit, day)) }));
    const known = rows.some((row) => row.reference === name
      || fold(thingText(row.name)) === fold(name));
    return name && !known ? [...found, { value: `@${name}`,
      text: t("new_thing", { name }) }] : found;
  };
}

function ThingInput({ field, value, day, onChange, more }) {
  useStore(things);
  useEffect(() => loadThing(value), [value]);
  return html`<${Picker} ...${more} value=${value} text=${thingText(value)}
    search=${findThings(field.reference_kind, day)} onChange=${onChange} />`;
}

/* Several units, one after the other. */
function UnitsInput({ value, day, onChange, more }) {
  const [next, setNext] = useState("");
  useStore(places);
  loadPlaces();
  const chosen = value.split(";").map((one) => one.trim()).filter(Boolean);
  const add = (key) => {
    const known = places.get()?.some(({ code }) => code === key);
    setNext(known ? "" : key);
    if (known && !chosen.includes(key)) {
      onChange([...chosen, key].join(";"));
    }
  };
  return html`<span class="several">
    ${chosen.map((key) => html`<button type="button" key=${key}
      title=${t("remove")} onClick=${() => onChange(chosen.filter((one) =>
        one !== key).join(";"))}>${placeText(key, day)} ✕</button>`)}
    <${Picker} ...${more} value=${next} text=${placeText(next, day)}
      search=${searchPlaces(day)} onChange=${add} /></span>`;
}

const INPUTS = { date: DayInput, number: NumberInput, money: NumberInput,
  year: NumberInput, enum: SelectInput, flag: SelectInput, set: SetInput,
  unit: UnitInput, units: UnitsInput, reference: ThingInput };

/* Few choices are shown at once where there is room. */
export function Input({ roomy, ...properties }) {
  const { kind } = properties.field;
  const listed = kind === "enum" || kind === "flag";
  const few = listed && roomy
    && valuesOf(properties.field).length <= RADIOS_MAX;
  /* What names a thing of a kind that another field says is written out. */
  const plain = kind === "reference" && !properties.field.reference_kind;
  const Shown = few ? RadioInput
    : (!plain && INPUTS[kind]) || TextInput;
  return html`<${Shown} ...${properties} />`;
}

/* Whether a <label for> can name it; a group of controls is named otherwise. */
export function isGroup(field, roomy) {
  return field.kind === "set" || (roomy && valuesOf(field).length > 0
    && valuesOf(field).length <= RADIOS_MAX);
}

/* The day of a row, or today while it has none. */
export function dayOf(type, cells) {
  const found = type.fields.find(({ kind }) => kind === "date");
  const today = localDay(Date.now());
  return readDay(cells[found?.key] ?? "", today) ?? today;
}

/* What a value is called, for reading. */
export function valueText(field, value, on) {
  const chosen = valuesOf(field).filter(({ key }) =>
    value.split(";").includes(key));
  if (chosen.length > 0) {
    return chosen.map(({ label }) => said(label)).join("; ");
  }
  return field.kind === "date" ? day(value)
    : field.kind === "unit" ? placeText(value, on) : thingText(value);
}
