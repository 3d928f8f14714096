/* Ghi nhận: one type, as a form or as a table. The form of an event that is
 * to be corrected is filled with what it said. */
import { useEffect, useState } from "preact/hooks";
import { get, session } from "../../../web/api.js";
import { useTitle } from "../../../web/data.js";
import { html } from "../../../web/html.js";
import { said, t } from "../../../web/language.js";
import { Loaded } from "../../../web/parts/notice.js";
import { address, Link, useQuery, visit } from "../../../web/route.js";
import { eventPath } from "../addresses.js";
import { knows, recall, resume, wasDropped } from "../drafts.js";
import { answered, askedRows, openRow } from "../entry/at_work.js";
import { firstCells } from "../entry/defaults.js";
import { EntryForm } from "../entry/form.js";
import { Sheet } from "../entry/sheet.js";
import { newId } from "../identity.js";
import { Saved } from "../saved.js";

const fresh = (type) => ({ id: newId(), cells: firstCells(type) });

/* The version that a draft would take the place of. */
const correctedBy = ({ cells }) => cells.replaces ?? cells.corrects;

const openDraft = (type, draft) =>
  visit(address(`/ghi-nhan/${type.key}`, { draft }));

const ofMe = ({ person }) => person === session.get()?.name;

/* The draft of a row whose saving was asked for, `asked` when it is to be saved
 * now: not what was typed on elsewhere, and not while nobody answers. None when
 * it was thrown away there. */
async function takeUp(row, drafts) {
  const draft = drafts?.find(({ id }) => id === row.id);
  if (draft && !knows(row, draft)) {
    answered([row]);
    return draft;
  }
  if (drafts && !draft && await wasDropped(row)) {
    return undefined;
  }
  resume(row);
  return { ...row, asked: drafts };
}

/* What this form was when its saving was asked for; else what was begun of it,
 * here or, by its address, anywhere. */
async function findBegun(type, { draft: id, corrects }, signal) {
  const wanted = (one) => (id ? one.id === id
    : corrects ? correctedBy(one) === corrects
      : !correctedBy(one));
  const asked = askedRows(type.key).find(wanted);
  const open = !id && !corrects && openRow(type.key);
  if (!(asked || id || corrects || open)) {
    return undefined;
  }
  const drafts = await recall(signal).catch((problem) => {
    /* Who types while the machine is away types on, if into a new form. */
    if (signal.aborted || !(asked || open)) {
      throw problem;
    }
    return undefined;
  });
  return asked ? takeUp(asked, drafts)
    : drafts?.find((one) => (id ? wanted(one)
    : ofMe(one) && (open ? one.id === open : wanted(one))));
}

/* {draft, reasons, marked}: what a form begins with. */
async function begin(type, query, signal) {
  const { corrects } = query;
  const draft = await findBegun(type, query, signal);
  const target = corrects ?? (draft && correctedBy(draft));
  if (!target) {
    return { draft: draft ?? fresh(type) };
  }
  const [event, { reasons }] = await Promise.all([
    get(`events/${target}`, {}, signal), get("reasons", {}, signal)]);
  return {
    draft: draft ?? { id: newId(), cells: { ...event.cells,
      corrects: event.corrects,
      ...event.replaces && { replaces: event.replaces } } },
    reasons: { key: "reason", kind: "enum", required: true, values: reasons,
      label: t("reason"), help: t("reason_help") },
    marked: event.state === "to_mend" && event.outcome.field
      ? event.outcome : undefined };
}

function useBeginning(type, query, turn) {
  const [state, setState] = useState({ busy: true });
  const key = [type.key, query.draft, query.corrects, turn].join();
  useEffect(() => {
    const control = new AbortController();
    setState({ busy: true });
    begin(type, query, control.signal).then(
      (data) => setState({ data: { ...data, key } }),
      (problem) => !control.signal.aborted && setState({ problem }));
    return () => control.abort();
  }, [key]);
  return state;
}

function Views({ many, change }) {
  return html`<p class="pills" role="group" aria-label=${t("view")}>
    ${[["", "one_by_one"], ["1", "many_rows"]].map(([value, key]) => html`
      <button type="button" key=${key} aria-pressed=${String(many === value)}
        onClick=${() => change({ rows: value, draft: "" })}>${t(key)}
      </button>`)}</p>`;
}

function Rows({ type }) {
  const [state, setState] = useState({ busy: true });
  useEffect(() => {
    const control = new AbortController();
    recall(control.signal).catch(() => {}).then(async (drafts) => {
      const asked = askedRows(type.key).filter((row) => !correctedBy(row));
      const taken = await Promise.all(asked.map((row) => takeUp(row, drafts)));
      const rows = drafts?.filter((draft) => draft.type === type.key
        && !correctedBy(draft) && ofMe(draft)
        && !asked.some(({ id }) => id === draft.id)).reverse() ?? [];
      if (!control.signal.aborted) {
        setState({ data: [...taken, ...rows].filter(Boolean)
          .map((draft) => ({ ...draft, begun: true })) });
      }
    });
    return () => control.abort();
  }, [type.key]);
  return html`<${Loaded} state=${state}>${(drafts) => html`<${Sheet}
    key=${type.key} type=${type}
    drafts=${drafts.length > 0 ? drafts : [fresh(type)]}
    onOpen=${(id) => openDraft(type, id)} />`}</${Loaded}>`;
}

function One({ type, query }) {
  const [turn, setTurn] = useState(0);
  const state = useBeginning(type, query, turn);
  const next = ({ id }, { corrects }) => {
    if (query.draft || corrects) {
      visit(corrects ? eventPath(id) : `/ghi-nhan/${type.key}`);
    }
    setTurn((old) => old + 1);
  };
  const open = (id) => {
    openDraft(type, id);
    setTurn((old) => old + 1);
  };
  return html`<${Loaded} state=${state}>${({ draft, reasons, marked,
    key }) => html`${reasons && html`<p class="notice">${t("correcting")}</p>`}
      <${EntryForm} key=${key} type=${type} draft=${draft} reasons=${reasons}
        marked=${marked} onSaved=${next} onOpen=${open}
        onLeave=${() => visit(query.corrects ? eventPath(query.corrects)
          : "/")} />`}</${Loaded}>`;
}

export function Record({ id, form: { types } }) {
  const [query, change] = useQuery();
  const type = types.find(({ key }) => key === id);
  useTitle(type && said(type.label));
  if (!type) {
    return html`<h1>${t("not_found")}</h1>`;
  }
  const many = query.rows ?? "";
  return html`<p><${Link} to="/">‹ ${t("other_type")}</${Link}></p>
    <h1>${said(type.label)}</h1>
    ${said(type.help) && html`<p class="quiet">${said(type.help)}</p>`}
    ${!query.corrects && !query.draft && html`<${Views} many=${many}
      change=${change} />`}
    <${Saved} />
    ${many ? html`<${Rows} type=${type} />`
      : html`<${One} type=${type} query=${query} />`}`;
}
