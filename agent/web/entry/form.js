/* form - one event as a form. Enter goes on to the next field, Ctrl+Enter
 * saves; what is typed is a draft from the first key on. */
import { useEffect, useRef, useState } from "preact/hooks";
import { html } from "../../../web/html.js";
import { said, t } from "../../../web/language.js";
import { Fold } from "../../../web/parts/fold.js";
import { drop, isOvertaken, keep, keeping } from "../drafts.js";
import { useStore } from "../../../web/store.js";
import { KeptLine } from "../kept_line.js";
import { linked } from "../linked.js";
import { Sure } from "../sure.js";
import { setOpenRow } from "./at_work.js";
import { issuesOf, useChecks } from "./checks.js";
import { placeField, remember } from "./defaults.js";
import { Field, focusNext } from "./field.js";
import { dayOf } from "./inputs.js";
import { useSaveKey } from "./keys.js";
import { Overtaken } from "./overtaken.js";
import { SavingNotice, useSaving } from "./saving.js";

/* What makes an event a correction; of it the reason alone is asked. */
const CORRECTION = ["corrects", "replaces", "reason"];

/* Half a day or half a name is no mistake yet: told when the field is left,
 * each time that it is typed into. */
const FOUND_LATE = ["date", "unit", "units", "reference"];

function useRow(type, draft) {
  const [cells, setCells] = useState(draft.cells);
  const [touched, setTouched] = useState({});
  const [typed, setTyped] = useState();
  const [found, ask, settle] = useChecks();
  useEffect(() => ask(draft.id, { type: type.key, cells }), []);
  const change = (key, text) => {
    const next = { ...cells, [key]: text };
    setCells(next);
    setTyped(key);
    if (!next.corrects) {
      setOpenRow(type.key, draft.id);
    }
    keep(draft.id, { type: type.key, cells: next,
      corrects: next.corrects || undefined });
    ask(draft.id, { type: type.key, cells: next });
  };
  const touch = (key) => {
    setTouched((old) => ({ ...old, [key]: true }));
    setTyped(undefined);
  };
  return { cells, change, touched, touch, typed, result: found[draft.id],
    settle: (result) => settle(draft.id, result) };
}

/* What is wrong with no field that is shown. */
function OtherIssues({ result, fields }) {
  const known = fields.map(({ key }) => key);
  const others = (result?.issues ?? []).filter(({ field }) =>
    !known.includes(field));
  return others.length > 0 && html`<div class="notice bad" role="alert">
    ${others.map(({ text }) => html`<p key=${text}>${linked(text)}</p>`)}
  </div>`;
}

function focusFirstWrong(form) {
  requestAnimationFrame(() => {
    const first = form.current?.querySelector(
      '[aria-invalid="true"], .wrong input');
    (first?.matches("input, select") ? first
      : first?.querySelector("input"))?.focus();
  });
}

/* `reasons`: the field that is asked first when this is a correction. A draft
 * that is `asked` is saved at once: that was asked for and never answered. */
export function EntryForm({ type, draft, reasons, marked, onSaved,
  onLeave, onOpen }) {
  const row = useRow(type, draft);
  const saving = useSaving();
  const form = useRef();
  const [tried, setTried] = useState(Boolean(marked));
  const overtaken = isOvertaken(useStore(keeping)[draft.id]);
  const busy = saving.state === "saving" || saving.state === "unsure";
  const locked = busy || overtaken;
  const fields = [...(reasons ? [reasons] : []), ...type.fields.filter(
    ({ key }) => !CORRECTION.includes(key))];
  const place = placeField(type)?.key;
  const needed = fields.filter(({ required, key }) => required
    || key === marked?.field || key === place);
  const others = fields.filter((field) => !needed.includes(field));
  const save = async () => {
    if (overtaken) {
      return;
    }
    const [result] = await saving.save(type, [{ id: draft.id,
      cells: row.cells }]);
    if (result?.issues) {
      setTried(true);
      row.settle({ ...result, cells: row.cells });
      focusFirstWrong(form);
    } else if (result) {
      remember(type, row.cells);
      setOpenRow(type.key);
      onSaved(result, row.cells);
    }
  };
  useSaveKey(save);
  const press = (event) => {
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey
        && event.target.matches("input, select")) {
      event.preventDefault();
      focusNext(event.target);
    }
  };
  const issuesAt = ({ key, kind }) => {
    const late = FOUND_LATE.includes(kind);
    const shown = !(late && row.typed === key) && (tried || row.touched[key]
      || (row.cells[key] && !late));
    const issues = shown ? issuesOf(row.result, key, row.cells) : [];
    return marked?.field === key && row.cells[key] === draft.cells[key]
      && !issues.includes(marked.text) ? [marked.text, ...issues] : issues;
  };
  const show = (field) => html`<${Field} key=${field.key} field=${field}
    id=${`field-${field.key}`} value=${row.cells[field.key]} read=${locked}
    day=${dayOf(type, row.cells)}
    issues=${issuesAt(field)} onBlur=${() => row.touch(field.key)}
    onChange=${(text) => row.change(field.key, text)} />`;
  const leave = () => {
    drop(draft.id);
    onLeave();
  };
  useEffect(() => {
    const first = marked ? '[aria-invalid="true"]' : "input, select";
    form.current.querySelector(first)?.focus();
    if (draft.asked) {
      save();
    }
  }, []);
  return html`<form class="entry" ref=${form} onKeyDown=${press}
      onSubmit=${(event) => event.preventDefault()} aria-label=${said(
        type.label)}>
    ${needed.map(show)}
    ${others.length > 0 && html`<${Fold} start=${others.some(({ key }) =>
      draft.cells[key])} label=${t("more_fields", { n: others.length })}>
      ${others.map(show)}</${Fold}>`}
    ${tried && html`<${OtherIssues} result=${row.result} fields=${fields} />`}
    <${SavingNotice} saving=${saving} />
    <${Overtaken} id=${draft.id} type=${type} cells=${row.cells}
      onOpen=${onOpen} onLeave=${onLeave} />
    ${!overtaken && html`<div class="actions">
      <button type="button" class="main" disabled=${locked} onClick=${save}>
        ${locked ? t("saving") : t("save")}
        ${" "}<kbd>${t("save_keys")}</kbd></button>
      <${Sure} label=${t("drop")} question=${t("drop_sure")}
        disabled=${locked} onSure=${leave} />
      <${KeptLine} drafts=${[draft]} />
    </div>`}
  </form>`;
}
