/* Nhập từ Excel: a template, a file, what is in it before anything is
 * saved, then all of it or what is right; what was not goes back as a file. */
import { useEffect, useState } from "preact/hooks";
import { send, url } from "../../../web/api.js";
import { useData } from "../../../web/data.js";
import { day } from "../../../web/dates.js";
import { html } from "../../../web/html.js";
import { language, said, t } from "../../../web/language.js";
import { number } from "../../../web/numbers.js";
import { problemText } from "../../../web/parts/notice.js";
import { Table } from "../../../web/parts/table.js";
import { Link } from "../../../web/route.js";
import { eventPath } from "../addresses.js";
import { sendSurely } from "../entry/save.js";

const FILE_BYTES_MAX = 8 * 1024 * 1024;

/* A link asks in the browser's language unless it says the page's. */
const file = (path) => url(path, { lang: language.get() });

function Templates({ types }) {
  const [type, setType] = useState(types[0]?.key ?? "");
  return html`<section><h2>${t("step_template")}</h2>
    <p>${t("template_why")}</p>
    <p class="picker"><label>${t("kind")} <select value=${type}
        onChange=${(event) => setType(event.target.value)}>
      ${types.map(({ key, label }) => html`<option key=${key} value=${key}>
        ${said(label)}</option>`)}</select></label>
    <a class="button" download href=${file(`templates/${type}.xlsx`)}>
      ${t("template_get")}</a></p></section>`;
}

function Choice({ busy, onFile }) {
  return html`<section><h2>${t("step_file")}</h2>
    <p><label>${t("file")} <input type="file" disabled=${busy}
      accept=".xlsx,.csv" onChange=${(event) => {
        const [file] = event.target.files;
        event.target.value = "";
        if (file) {
          onFile(file);
        }
      }} /></label></p>
    ${busy && html`<p role="status">${t("reading_file")}</p>`}</section>`;
}

function Issues({ issues, refused }) {
  return issues.length > 0 && html`<${Table}
    caption=${t("faults_of", { n: number(refused) })}
    rows=${issues.map((one, id) => ({ ...one, id }))} columns=${[
      { key: "cell", label: t("cell"), head: true, cell: (one) =>
        html`<b>${one.cell ?? one.row}</b>
          ${one.sheet && html` <small class="quiet">${one.sheet}</small>`}` },
      { key: "field", label: t("field"), cell: (one) => said(one.label
        ?? one.column ?? one.field) },
      { key: "text", label: t("fault"), cell: (one) => html`${said(one.text)}
        ${one.event && html` <${Link} to=${eventPath(one.event)}>
          ${t("see_saved")}</${Link}>`}` },
    ]} />`;
}

/* A cell that shows a day is read as 2018-03-05, which nobody writes. */
const asWritten = (text) => (/^\d{4}-\d\d-\d\d$/.test(text) ? day(text)
  : text);

/* The first rows as they were understood. */
function Preview({ rows: all }) {
  const rows = all.filter(({ verdict }) => verdict !== "passed_over");
  const keys = Object.keys(rows[0]?.cells ?? {});
  return keys.length > 0 && html`<div class="wide"><${Table}
    caption=${t("first_rows_read", { n: rows.length })}
    rows=${rows.map((row, at) => ({ ...row, id: row.row ?? at }))}
    columns=${[{ key: "row", label: t("row_number"), head: true,
      cell: (row) => row.id }, ...keys.map((key) => ({ key,
      label: said(rows[0].labels?.[key]) || key,
      cell: (row) => asWritten(said(row.cells[key])) }))]} /></div>`;
}

function Read({ sheet, busy, onSave, onLeave }) {
  const { rows, good, known, refused, token, name } = sheet;
  const values = { rows: number(rows), good: number(good),
    known: number(known), refused: number(refused) };
  return html`<section><h2>${t("step_look")}</h2>
    <p class="notice ${refused > 0 ? "warn" : "good"}" role="status">
      <b>${name}</b>${": "}${t("sheet_counts", values)}
      ${known > 0 && ` ${t("sheet_known", values)}`}
      ${refused > 0 && ` ${t("sheet_refused", values)}`}
      ${sheet.hidden_rows > 0 && ` ${t("sheet_hidden", {
        n: number(sheet.hidden_rows) })}`}</p>
    ${sheet.unread?.length > 0 && html`<p class="notice warn">
      ${t("sheet_unread", { sheet: sheet.sheet,
        others: sheet.unread.join(", ") })}</p>`}
    <div class="actions">
      ${good > 0 && html`<button type="button" class="main" disabled=${busy}
        onClick=${() => onSave(refused > 0)}>${busy ? t("saving")
          : t(refused > 0 ? "save_good" : "save_all", values)}</button>`}
      ${refused > 0 && html`<a class="button" download
        href=${file(`sheets/${token}/refused.xlsx`)}>${t("get_refused")}</a>`}
      <button type="button" disabled=${busy} onClick=${onLeave}>
        ${t("other_file")}</button>
    </div>
    <${Issues} issues=${sheet.issues} refused=${refused} />
    <${Preview} rows=${sheet.preview} /></section>`;
}

/* What the province has of the rows that were saved. Of ids that were given
 * anew since, and while the machine has not said, nothing is told. */
function There({ first, last }) {
  const { data } = useData(first && "received", { first, last }, ["outbox"]);
  if (!data || data.moved > 0) {
    return null;
  }
  const { events: all, received: there, to_mend: mend } = data;
  const values = { n: number(all), there: number(there) };
  return html`${t(there === all ? "sheet_there" : there > 0 ? "sheet_some"
    : "sheet_later", values)}
    ${mend > 0 && ` ${t("sheet_mend", { n: number(mend) })}`}`;
}

/* Saving again, after an answer that was lost, finds the rows saved. */
function Done({ done: { saved, known, refused, first, last }, sheet,
  onLeave }) {
  return html`<section><p class="notice ${refused > 0 ? "warn" : "good"}"
      role="status">
      ${(saved > 0 || !known) && `${t("sheet_saved", { n: number(saved) })} `}
      ${known > 0 && `${t("sheet_known", { known: number(known) })} `}
      ${refused > 0 && `${t("sheet_not_saved", { n: number(refused) })} `}
      <${There} first=${first} last=${last} />
      ${" "}<${Link} to="/hop-gui-di">${t("look")}</${Link}></p>
    <div class="actions">
      ${sheet.refused > 0 && html`<a class="button main" download
        href=${file(`sheets/${sheet.token}/refused.xlsx`)}>
        ${t("get_refused")}</a>`}
      <button type="button" onClick=${onLeave}>${t("other_file")}</button>
    </div></section>`;
}

/* What takes long is answered before it is done, and asked for again. */
async function finished(answer, ask) {
  let now = await answer;
  while (now.working) {
    now = await ask("GET", `sheets/${now.token}`);
  }
  return now;
}

/* Only what the machine did not answer is asked again by itself. */
const LOST = [0];

export function Sheets({ form: { types } }) {
  const [sheet, setSheet] = useState();
  const [done, setDone] = useState();
  const [problem, setProblem] = useState();
  const [busy, setBusy] = useState(false);
  const [control] = useState(() => new AbortController());
  useEffect(() => () => control.abort(), []);
  const ask = (method, path, body) => sendSurely(path, body, control.signal,
    () => setProblem({ detail: t("save_unsure") }), { method, passing: LOST });
  const run = async (work) => {
    setBusy(true);
    setProblem(undefined);
    try {
      await work();
    } catch (found) {
      setProblem(found);
    }
    setBusy(false);
  };
  const read = (file) => run(async () => {
    if (file.size > FILE_BYTES_MAX) {
      throw Object.assign(new Error(), { detail: t("file_too_large") });
    }
    setDone(undefined);
    setSheet({ ...await finished(send("POST", "sheets", file,
      { query: { name: file.name } }), send), name: file.name });
  });
  const save = (goodOnly) => run(async () => {
    setDone(await finished(ask("POST", `sheets/${sheet.token}`,
      goodOnly ? { good_only: true } : { all: true }), ask));
    setProblem(undefined);
  });
  const leave = () => {
    send("DELETE", `sheets/${sheet.token}`).catch(() => {});
    setSheet(undefined);
    setDone(undefined);
  };
  return html`<h1>${t("from_excel")}</h1>
    ${!sheet && html`<${Templates} types=${types} />
      <${Choice} busy=${busy} onFile=${read} />`}
    ${problem && html`<p class="notice bad" role="alert">
      ${problem.detail ?? problemText(problem)}</p>`}
    ${sheet && (done ? html`<${Done} ...${{ done, sheet }} onLeave=${leave} />`
      : html`<${Read} ...${{ sheet, busy }} onSave=${save}
          onLeave=${leave} />`)}`;
}
