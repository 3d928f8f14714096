/* Sổ cái: how large and how sound the ledger is, who witnesses it, and one
 * event with its corrections. */
import { useData } from "../../../web/data.js";
import { day, moment } from "../../../web/dates.js";
import { html } from "../../../web/html.js";
import { said, t, word } from "../../../web/language.js";
import { bytes, number } from "../../../web/numbers.js";
import { Loaded } from "../../../web/parts/notice.js";
import { Status } from "../../../web/parts/status.js";
import { Table } from "../../../web/parts/table.js";
import { Link, useQuery } from "../../../web/route.js";
import { session } from "../../../web/api.js";
import { FIGURES, LINKS } from "../program.js";

/* Raw events are for the audit; the collector refuses them to others. */
const AUDITORS = ["auditor", "admin"];

function Facts({ facts }) {
  return html`<dl class="facts wide">${facts.filter(([, text]) => text)
    .map(([key, text]) => html`<div key=${key}><dt>${t(key)}</dt>
      <dd>${text}</dd></div>`)}</dl>`;
}

function Hash({ text }) {
  return text && html`<code class="hash">${text}</code>`;
}

function Standing({ data }) {
  const { checkpoint, verified, backup, trouble } = data;
  return html`
    ${(data.full || trouble || data.damaged > 0) && html`<p class="notice bad"
      role="alert">${data.full && t("ledger_full")}
      ${trouble && said(trouble.meaning)}
      ${data.damaged > 0 && t("ledger_damaged", { n: data.damaged })}</p>`}
    <${Facts} facts=${[
      ["origin", data.origin],
      ["entries", html`${number(data.size)} <${Hash} text=${data.hash} />`],
      ["figures_of", data.figures_complete
        ? number(data.figures_position)
        : t("figures_behind", { n: number(data.figures_position) })],
      ["last_entry", moment(data.committed_at)],
      ["room", t("room_used", { used: bytes(data.bytes_used),
        total: bytes(data.bytes_total) })],
      ["checkpoint", checkpoint && html`${t("entries_at", {
        n: number(checkpoint.size), at: moment(checkpoint.signed_at) })}
        <${Hash} text=${checkpoint.root} />`],
      ["verified", verified ? t("verified_at", { at: moment(verified.at),
        n: number(verified.entries), damaged: verified.damaged })
        : t("never_verified")],
      ["backup", backup ? t("entries_at", { n: number(backup.up_to),
        at: moment(backup.made_at) }) : t("never_backed_up")],
    ]} />`;
}

function Witnesses({ witnesses: { count, current, objections, offices } }) {
  return html`<section><h2>${t("witnesses")}</h2>
    <p>${t("witnesses_said", { n: current, all: count })}
      ${objections > 0 && html`<b class="status bad">${t("objections",
        { n: objections })}</b>`}</p>
    <${Table} hidden caption=${t("witnesses")} empty=${t("no_witness")}
      rows=${offices.map((one) => ({ ...one, id: one.agent }))} columns=${[
        { key: "name", label: t("office"), head: true,
          cell: ({ name, agent }) => html`${name}
            <small class="quiet">${agent}</small>` },
        { key: "size", label: t("entries"), right: true,
          order: ({ size }) => size, cell: ({ size }) => number(size) },
        { key: "at", label: t("signed_at"), order: ({ at }) => at,
          cell: ({ at }) => moment(at) },
        { key: "state", label: t("state"), cell: ({ current: now, objects }) =>
          html`<${Status} family="witness" value=${objects ? "trouble"
            : now ? "live" : "late"} />` },
      ]} />
  </section>`;
}

function Outcomes({ outcomes }) {
  return html`<section><h2>${t("outcomes")}</h2>
    <${Table} hidden caption=${t("outcomes")} columns=${[
        { key: "meaning", label: t("outcome"), head: true,
          cell: ({ meaning }) => said(meaning) },
        { key: "events", label: t("events"), right: true,
          order: ({ events }) => Number(events),
          cell: ({ events }) => number(events) },
      ]} rows=${outcomes.map((one) => ({ ...one, id: one.outcome }))} />
  </section>`;
}

function Chain({ versions }) {
  return versions.length > 0 && html`<h3>${t("chain")}</h3>
    <${Table} hidden caption=${t("chain")} columns=${[
      { key: "event", label: t("event"), head: true,
        cell: ({ event }) => html`<${Link} to="/so-cai"
          query=${{ event }}>${event}</${Link}>` },
      { key: "parent", label: t("corrects"),
        cell: ({ parent }) => parent || "–" },
      { key: "type", label: t("kind"), cell: ({ type }) => said(type?.label) },
      { key: "day", label: t("day"),
        cell: ({ occurred_on: on }) => day(on) },
      { key: "at", label: t("received_at"),
        cell: ({ received, received_at: at }) =>
          (received ? moment(at) : t("not_received")) },
      { key: "stands", label: t("state"), cell: ({ stands, outcome }) =>
        (stands ? html`<b>${t("stands")}</b>` : word("outcome", outcome)) },
    ]} rows=${versions.map((one) => ({ ...one, id: one.event }))} />`;
}

function Event({ data }) {
  const { entry } = data;
  return html`<h3>${data.event}: ${said(data.type?.label)}</h3>
    <${Facts} facts=${[
      ["day", day(data.occurred_on)],
      ["outcome", data.outcome && said(data.outcome.meaning)],
      ["office", `${entry.office} (${entry.agent})`],
      ["received_at", moment(entry.received_at)],
      ["entry", `${entry.index}`],
      ["signature", word("signature", data.signature)],
      ["content", word("bytes", data.bytes)],
      ["content_hash", html`<${Hash} text=${entry.content_hash} />`],
    ]} />
    <dl class="facts wide">${data.fields.map((field) => html`<div
      key=${field.name}><dt>${said(field.label)}</dt>
      <dd>${said(field.text)}</dd></div>`)}</dl>
    ${data.figures.length > 0 && html`<p>${t("counts_in")}${" "}
      ${data.figures.map((one, at) => html`${at > 0 && "; "}
        <${Link} to=${`/chi-tieu/${one.id}`}>${said(one.label)}</${Link}>`)}
      </p>`}
    <${Chain} versions=${data.versions} />`;
}

function Search() {
  const [{ event }, change] = useQuery();
  const state = useData(event && `events/${encodeURIComponent(event)}`, {},
    FIGURES);
  const search = (submitted) => {
    submitted.preventDefault();
    change({ event: submitted.target.elements.event.value.trim() });
  };
  return html`<section><h2>${t("find_event")}</h2>
    <form class="filters" role="search" onSubmit=${search}>
      <label>${t("event_id")} <input name="event" type="search" required
        pattern="\\s*\\d+\\.\\d+\\.\\d+\\s*" title=${t("event_id_form")}
        placeholder="271.1.42" key=${event} defaultValue=${event} /></label>
      <button type="submit">${t("find")}</button>
    </form>
    ${event && html`<${Loaded} state=${state}>${(data) =>
      html`<${Event} data=${data} />`}</${Loaded}>`}
  </section>`;
}

export function Ledger() {
  const state = useData("ledger", {}, LINKS);
  return html`<h1>${t("ledger")}</h1>
    <${Loaded} state=${state}>${(data) => html`<${Standing} data=${data} />
      ${AUDITORS.includes(session.get()?.role) && html`<${Search} />`}
      <${Witnesses} witnesses=${data.witnesses} />
      <${Outcomes} outcomes=${data.outcomes} />
      <footer class="coordinates"><p>${t("as_of", { at: moment(data.at) })}</p>
      </footer>`}
    </${Loaded}>`;
}
