/* sheet - many events of one type, one a row, by keyboard: Enter goes to the
 * row below or adds one, values that are carried on are there already, and
 * Ctrl+Enter saves. Rows that are right are saved and leave; those that are not
 * stay with what is wrong. Each row is a draft of its own. */
import { useEffect, useRef, useState } from "preact/hooks";
import { html } from "../../../web/html.js";
import { said, t } from "../../../web/language.js";
import { drop, isOvertaken, keep, keeping } from "../drafts.js";
import { useStore } from "../../../web/store.js";
import { newId } from "../identity.js";
import { KeptLine } from "../kept_line.js";
import { linked } from "../linked.js";
import { issuesOf, useChecks } from "./checks.js";
import { firstCells, placeField, remember } from "./defaults.js";
import { dayOf, Input } from "./inputs.js";
import { useSaveKey } from "./keys.js";
import { Overtaken } from "./overtaken.js";
import { SavingNotice, useSaving } from "./saving.js";

const ROWS_MAX = 200;
/* What is mostly the same from row to row, and never what was found. */
const CARRIED = ["date", "unit", "year", "period"];
const HIDDEN = ["corrects", "replaces", "reason"];

/* Which fields are columns, and which of them the next row takes over. */
function useColumns(type, rows) {
  const all = type.fields.filter(({ key }) => !HIDDEN.includes(key));
  const place = placeField(type)?.key;
  const [extra, setExtra] = useState(() => all.filter(({ key, required }) =>
    !required && (key === place || rows.some(({ cells }) => cells[key])))
    .map(({ key }) => key));
  const [carried, setCarried] = useState(() => all.filter(
    ({ kind, required }) => required && CARRIED.includes(kind))
    .map(({ key }) => key));
  const turn = (list, key) => (list.includes(key)
    ? list.filter((one) => one !== key) : [...list, key]);
  return {
    columns: all.filter(({ key, required }) => required || extra.includes(key)),
    offered: all.filter(({ required }) => !required),
    extra, carried,
    turnExtra: (key) => setExtra((old) => turn(old, key)),
    turnCarried: (key) => setCarried((old) => turn(old, key)),
  };
}

function useRows(type, drafts) {
  const [rows, setRows] = useState(drafts);
  const [found, ask, settle] = useChecks();
  const [tried, setTried] = useState({});
  const change = (id, key, text) => setRows((old) => old.map((row) => {
    if (row.id !== id) {
      return row;
    }
    const cells = { ...row.cells, [key]: text };
    keep(id, { type: type.key, cells });
    ask(id, { type: type.key, cells });
    return { ...row, cells, begun: true };
  }));
  const add = (cells) => {
    if (rows.length < ROWS_MAX) {
      setRows((old) => [...old, { id: newId(), cells }]);
    }
  };
  const remove = (ids) => setRows((old) => {
    const left = old.filter(({ id }) => !ids.includes(id));
    return left.length > 0 ? left
      : [{ id: newId(), cells: firstCells(type) }];
  });
  const refuse = (id, result) => {
    setTried((old) => ({ ...old, [id]: true }));
    settle(id, result);
  };
  return { rows, found, tried, change, add, remove, refuse };
}

function Heading({ field, carried, turn }) {
  return html`<th scope="col">${said(field.label)}
    <label class="carry"><input type="checkbox" checked=${carried}
      onChange=${turn} /> ${t("carry")}</label></th>`;
}

function Row({ row, at, day, columns, issues, locked, change, remove }) {
  const known = columns.map(({ key }) => key);
  const others = issues.all.filter(({ field }) => !known.includes(field));
  return html`<tr data-row=${at}>
    <th scope="row"><span class="narrow">${t("row_number")} </span>
      ${at + 1}</th>
    ${columns.map((field) => {
      const id = `cell-${row.id}-${field.key}`;
      const texts = issues.at(field.key);
      return html`<td key=${field.key} data-label=${said(field.label)}
          class=${texts.length > 0 && "wrong"}>
        <${Input} field=${field} day=${day} value=${row.cells[field.key] ?? ""}
          onChange=${(text) => change(row.id, field.key, text)} more=${{ id,
            "aria-label": `${said(field.label)}, ${t("row", { n: at + 1 })}`,
            "aria-invalid": texts.length > 0 ? "true" : null,
            "aria-describedby": `${id}-issue`, disabled: locked || null,
            "data-column": field.key }} />
        <small class="issue" id=${`${id}-issue`}>${texts.join(" ")}</small>
      </td>`;
    })}
    <td class="last">
      ${others.map(({ text }) => html`<small class="issue" key=${text}>
        ${linked(text)}</small>`)}
      <button type="button" disabled=${locked} onClick=${remove}
        aria-label=${`${t("remove_row")} ${at + 1}`}>✕</button></td>
  </tr>`;
}

/* Below the cell that has the focus; true when there is a row there. */
function focusBelow(table, target) {
  const cell = target.closest("td");
  const row = target.closest("tr").nextElementSibling;
  const at = cell && [...cell.parentElement.children].indexOf(cell);
  row?.children[at]?.querySelector("input, select")?.focus();
  return Boolean(row);
}

/* Drafts that are `asked` are saved at once: that was never answered. */
export function Sheet({ type, drafts, onOpen }) {
  const sheet = useRows(type, drafts);
  const { rows, found, tried } = sheet;
  const { columns, offered, extra, carried, turnExtra, turnCarried } =
    useColumns(type, drafts);
  const saving = useSaving();
  const table = useRef();
  const [left, setLeft] = useState(0);
  const locked = saving.state === "saving" || saving.state === "unsure";
  const kept = useStore(keeping);
  const overtaken = ({ id }) => isOvertaken(kept[id]);
  const begun = rows.filter((row) => row.begun && !overtaken(row));
  useEffect(() => {
    const cells = [...table.current.querySelectorAll(
      "tbody tr:last-child [data-column]")];
    const first = cells.find(({ dataset }) =>
      !carried.includes(dataset.column)) ?? cells[0];
    first?.focus();
  }, [rows.length]);
  const add = () => sheet.add(Object.fromEntries(carried.map((key) =>
    [key, rows[rows.length - 1].cells[key]]).filter(([, value]) => value)));
  const remove = (id) => {
    drop(id);
    sheet.remove([id]);
  };
  const saveRows = async (wanted) => {
    const results = await saving.save(type, wanted);
    const done = wanted.slice(0, results.length);
    const good = done.filter((row, at) => !results[at].issues);
    results.forEach((result, at) => result.issues
      && sheet.refuse(done[at].id, { ...result, cells: done[at].cells }));
    if (good.length > 0) {
      remember(type, good[good.length - 1].cells);
      sheet.remove(good.map(({ id }) => id));
    }
    if (done.length > 0) {
      setLeft(done.length - good.length);
    }
  };
  const save = () => saveRows(begun);
  useSaveKey(save);
  useEffect(() => {
    saveRows(rows.filter(({ asked }) => asked));
  }, []);
  const press = (event) => {
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey
        && event.target.matches("tbody input, tbody select")) {
      event.preventDefault();
      if (!focusBelow(table.current, event.target)) {
        add();
      }
    }
  };
  const issuesOfRow = (row) => ({
    all: tried[row.id] ? found[row.id]?.issues ?? [] : [],
    at: (key) => (tried[row.id] || row.cells[key]
      ? issuesOf(found[row.id], key, row.cells) : []),
  });
  return html`<form class="sheet" onKeyDown=${press}
      onSubmit=${(event) => event.preventDefault()}>
    <p class="quiet">${t("sheet_keys")}</p>
    <fieldset class="pills"><legend>${t("more_columns")}</legend>
      ${offered.map(({ key, label }) => html`<label class="pill" key=${key}>
        <input type="checkbox" checked=${extra.includes(key)}
          onChange=${() => turnExtra(key)} /> ${said(label)}</label>`)}
    </fieldset>
    <div class="wide"><table class="rows" ref=${table}>
      <caption class="spoken">${said(type.label)}</caption>
      <thead><tr><th scope="col">${t("row_number")}</th>
        ${columns.map((field) => html`<${Heading} key=${field.key}
          field=${field} carried=${carried.includes(field.key)}
          turn=${() => turnCarried(field.key)} />`)}
        <td></td></tr></thead>
      <tbody>${rows.map((row, at) => html`<${Row} key=${row.id}
        ...${{ row, at, columns, change: sheet.change }}
        locked=${locked || overtaken(row)}
        day=${dayOf(type, row.cells)}
        issues=${issuesOfRow(row)} remove=${() => remove(row.id)} />`)}
      </tbody></table></div>
    ${left > 0 && html`<p class="notice bad" role="alert">
      ${t("rows_left", { n: left })}</p>`}
    <${SavingNotice} saving=${saving} />
    ${rows.map((row, at) => html`<${Overtaken} key=${row.id} id=${row.id}
      at=${at + 1} type=${type} cells=${row.cells} onOpen=${onOpen}
      onLeave=${() => sheet.remove([row.id])} />`)}
    <div class="actions">
      <button type="button" class="main" onClick=${save}
          disabled=${locked || begun.length === 0}>${locked ? t("saving")
            : t("save_rows", { n: begun.length })}
        ${" "}<kbd>${t("save_keys")}</kbd></button>
      <button type="button" disabled=${locked || rows.length >= ROWS_MAX}
        onClick=${add}>${t("add_row")}</button>
      <${KeptLine} drafts=${begun} />
    </div>
  </form>`;
}
