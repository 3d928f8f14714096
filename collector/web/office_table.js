/* office_table - how offices stand: their link, what waits, what was not
 * counted. */
import { useEffect, useState } from "preact/hooks";
import { ago, moment } from "../../web/dates.js";
import { html } from "../../web/html.js";
import { said, t } from "../../web/language.js";
import { number } from "../../web/numbers.js";
import { Status } from "../../web/parts/status.js";
import { Table } from "../../web/parts/table.js";
import { Link } from "../../web/route.js";
import { lastSign } from "./offices.js";
import { unitName } from "./units.js";

const TICK_MS = 10000;
const STATES = ["silent", "never", "not_joined", "live", "closed", "revoked"];

/* The hour, so that "3 minutes ago" grows. */
function useNow() {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}

function When({ at, now }) {
  return at ? html`<span title=${moment(at)}>${ago(at, now)}</span>` : "–";
}

function Troubles({ office }) {
  const rows = office.alarms.map(({ alarm, count, meaning }) => html`<li
    key=${alarm}>${said(meaning)} (${number(count)})</li>`);
  return html`${office.frozen && html`<${Status} family="link"
      value="trouble" />`}
    ${office.refusal && html`<p>${said(office.refusal.meaning)}</p>`}
    ${rows.length > 0 && html`<ul>${rows}</ul>`}`;
}

function columns(now) {
  return [
    { key: "name", label: t("office"), head: true,
      order: ({ units, name }) => units.map(unitName).join() || name,
      cell: ({ name, number: id, units }) => html`
        ${units.map((unit, at) => html`${at > 0 && ", "}<${Link}
          key=${unit.key} to=${`/don-vi/${unit.key}`}>
          ${unitName(unit)}</${Link}>`)}
        <small class="quiet">${name}${" · "}${id}</small>` },
    { key: "state", label: t("link"),
      order: ({ state }) => STATES.indexOf(state),
      cell: (office) => html`
        <${Status} family="link" value=${office.state} />${" "}
        <${Troubles} office=${office} />` },
    { key: "heard", label: t("last_heard"),
      order: (office) => lastSign(office),
      cell: (office) => html`<${When} at=${lastSign(office)} now=${now} />` },
    { key: "event", label: t("last_batch"),
      order: ({ received_at: at }) => at,
      cell: ({ received_at: at }) => html`<${When} at=${at} now=${now} />` },
    { key: "waiting", label: t("waiting"), right: true,
      order: ({ waiting }) => waiting && Number(waiting),
      cell: ({ waiting, oldest_waiting: oldest }) => html`
        ${waiting == null ? "–" : number(waiting)}
        ${oldest && html`<small class="quiet">${ago(oldest, now)}</small>`}` },
    { key: "events", label: t("received"), right: true,
      order: ({ events }) => Number(events),
      cell: ({ events }) => number(events) },
    { key: "mend", label: t("to_mend"), right: true,
      order: ({ to_mend: events }) => events && Number(events),
      cell: ({ to_mend: events }) => (events == null ? "–" : number(events)) },
  ];
}

export function Offices({ offices, start, empty, name }) {
  const now = useNow();
  return html`<${Table} hidden caption=${t("offices")} start=${start}
    name=${name}
    columns=${columns(now)} empty=${empty}
    rows=${offices.map((office) => ({ ...office, id: office.number }))} />`;
}
