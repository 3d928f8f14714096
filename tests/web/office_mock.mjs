/* office_mock - an office's machine that never was: it serves the built pages
 * and keeps drafts and events in memory, so that pages can be tried in states
 * that a real one is seldom in.
 *
 *   node tests/web/office_mock.mjs [PORT]     to look at by hand (any PIN) */
import { fileURLToPath } from "node:url";
import { both, placeOf, REASONS, RESULTS, TYPES, units } from
  "./office_form.mjs";
import { createServer, example } from "./server.mjs";

const PEOPLE = [{ name: "Nguyễn Thị Lan", role: "clerk" },
  { name: "Trần Văn Hùng", role: "officer" }];

/* The rules of this office: what is required, and that a visit without a
 * violation has none. */
function issuesOf({ type, cells }) {
  const { fields } = TYPES.find(({ key }) => key === type);
  const found = fields.filter(({ key, required }) => required && !cells[key])
    .map(({ key, label }) => ({ field: key, text: `${label.vi}: còn trống` }));
  if (cells.violations && !/^\d+$/.test(cells.violations)) {
    found.push({ field: "violations", text: `"${cells.violations}" không phải `
      + "số nguyên; hãy ghi như 1250 hoặc 1.250" });
  }
  if (cells.est_ref && !/^(@|EST-)/.test(cells.est_ref)) {
    found.push({ field: "est_ref", text: `"${cells.est_ref}" không phải mã` });
  }
  if (cells.corrects && !cells.reason) {
    found.push({ field: "reason", text: "Hãy chọn lý do" });
  }
  return found;
}

function describe({ type, cells }) {
  const { fields } = TYPES.find(({ key }) => key === type);
  return fields.filter(({ key }) => cells[key]).map(({ key, label, values }) =>
    ({ key, label, text: values?.find((one) => one.key === cells[key])?.label
      ?? cells[key] }));
}

/* A machine of which a test decides how it is (server.mjs). */
export function createOffice() {
  const office = createServer("agent_web", {
    called: "Phòng LĐ-TB&XH quận Ba Đình", people: PEOPLE,
    drafts: new Map(), nils: [], events: [], sheets: 0, imported: [],
    link: { state: "connected", since: "2018-03-05T01:00:00Z",
      heard_at: "2018-03-05T03:05:00Z", sentence: "Đang nối với tỉnh.",
      primary: "tcp://10.0.0.1:7000", collectors: [], clock_ahead_s: null,
      ledger: { state: "none", alarm: false, since: null, text: null },
      room: { used: "1048576", total: "268435456", days_left: 1200,
        text: "215 MiB, đủ cho khoảng 1.200 ngày nữa" } },
    stick: { wrote_at: null, batches: 0, events: 0, took_at: null,
      receipts: 0, documents: 0, refusal: null },
    findings: [{ check: "clock", state: "good", advice: null,
      title: "Đồng hồ", text: "10:05 05/03/2018" }],
    issues: issuesOf, bodyMax: 64 * 1024 });
  const moment = () => new Date().toISOString();
  /* An event that is there already; what is asked of it can be changed. */
  office.example = (at = 0) => ({ id: `271.1.${at + 1}`, key: `k${at}`,
    type: "inspection", label: TYPES[0].label, state: "received", sent: true,
    recorded_at: "2018-03-05T03:05:00Z", occurred_on: "2018-03-05",
    unit: placeOf(units()[at % 9].code), corrects: null, corrected_by: null, reason: null,
    cells: { inspected_on: "2018-03-05", subject_unit: units()[at % 9].code,
      est_ref: "EST-0271-000015-K", team_kind: "interagency_178",
      mode: "planned", result: "no_violation" } });
  const waiting = () => office.events.filter(({ state }) => state === "saved");

  function add({ type, cells, entry_key: key, voids }) {
    const known = office.events.find((one) => one.key === key);
    if (known) {
      return { id: known.id, state: known.state, known: true };
    }
    const { label } = TYPES.find((one) => one.key === type);
    const event = { id: `271.1.${office.events.length + 1}`, key, type, label,
      cells, voids, state: "saved", sent: false, recorded_at: moment(),
      occurred_on: cells.inspected_on ?? cells.held_on ?? cells.as_of ?? null,
      unit: placeOf(cells.subject_unit),
      corrects: cells.corrects ?? null, corrected_by: null, reason: null };
    office.events.push(event);
    office.drafts.delete(key);
    const target = office.events.find(({ id }) => id === event.corrects);
    if (target) {
      target.corrected_by = event.id;
    }
    office.say("outbox", {});
    return { id: event.id, state: "saved", recorded_at: event.recorded_at };
  }

  /* Whether it counts, and by what it was ended. */
  function lineage(one) {
    const first = one.corrects ?? one.id;
    const chain = office.events.filter((each) => each.id === first
      || each.corrects === first);
    const last = chain[chain.length - 1];
    const standing = one === last ? one.voids ? "void" : "stands"
      : last.voids ? "voided" : "replaced";
    return { chain, last, standing, ended: one === last ? null
      : { id: last.id, voids: Boolean(last.voids), state: last.state,
        sent: last.sent, recorded_at: last.recorded_at, ...given(last) } };
  }

  const given = ({ cells }) => ({ role: "Văn thư", correction_reason:
    REASONS.find(({ key }) => key === cells.reason)?.label.vi ?? null });

  const CALLED = [["@so-15", "EST-0271-000015-K"],
    ["@so-16", "EST-0271-000016-3"]];

  /* As the office calls the place, then what came of the visit. */
  const glance = ({ cells }) => [CALLED.find(([, code]) =>
    code === cells.est_ref)?.[0].slice(1), RESULTS.find(({ key }) =>
    key === cells.result)?.label.vi].filter(Boolean).join(" · ");

  function row(one) {
    const { standing, ended } = lineage(one);
    const about = one.voids && office.events.find(({ id }) =>
      id === one.corrects);
    return { ...one, ...given(one), standing, ended, glance: glance(one),
      voids: about ? { id: about.id, label: about.label, glance: glance(about),
        occurred_on: about.occurred_on, unit: about.unit }
      : null };
  }

  function outbox({ state, type, on, q = "", limit = "50", after = "0" }) {
    const counts = { saved: 0, received: 0, backed_up: 0, to_mend: 0 };
    office.events.forEach((one) => { counts[one.state]++; });
    const rows = office.events.filter((one) =>
      (!state || one.state === state) && (!type || one.type === type)
      && (!on || one.occurred_on === on)
      && `${one.unit} ${glance(one)}`.includes(q))
      .reverse();
    const end = Number(after) + Number(limit);
    return { counts, rows: rows.slice(Number(after), end).map(row),
      next: rows.length > end ? String(end) : null };
  }

  function event(id) {
    const one = office.events.find((each) => each.id === id);
    if (!one) {
      return null;
    }
    const first = one.corrects ?? one.id;
    const { chain, last, standing, ended } = lineage(one);
    return { ...one, fields: describe(one), ...given(one), standing, ended,
      voided: Boolean(last.voids), chain: chain.map((each) =>
      ({ id: each.id, type: each.type, label: each.label,
        parent: each.corrects, ...given(each),
        voids: Boolean(each.voids), here: true, state: each.state, stands: each === last
          && !each.voids, recorded_at: each.recorded_at })),
    may: { correct: one === last && !one.voids,
      void: one === last && !one.voids },
    corrects: first, replaces: one.id === first ? null : one.id,
    outcome: one.outcome ?? null,
    receipt: one.state === "saved" ? null
      : { index: 4127, received_at: one.recorded_at } };
  }

  function things({ q = "", reference: only }) {
    const rows = CALLED.map(([name, reference]) =>
      ({ name, reference, unit: "gso3:00025", label: null }));
    return { things: rows.filter(({ name, reference }) => (only
      ? reference === only : name.includes(q) || reference.includes(q))) };
  }

  /* Of what was typed, or of the one import, which begins at 501. */
  function received({ first, last }) {
    const [from, to] = [first, last].map((id) => Number(id.split(".").pop()));
    const rows = office.events.slice(from - 1, to);
    const mend = rows.filter(({ state }) => state === "to_mend").length;
    return from > 500 ? { events: 21, received: office.arrived,
      to_mend: office.toMend ?? 0, moved: 0 }
      : { events: rows.length, to_mend: mend, moved: 0,
        received: rows.filter(({ state }) => state !== "saved").length };
  }

  const link = () => ({ ...office.link, waiting: String(waiting().length),
    oldest_waiting: waiting()[0]?.recorded_at ?? null });

  const sheet = () => ({ token: `t${++office.sheets}`, rows: 24, good: 21,
    known: 1, refused: 2, hidden_rows: 0, sheet: "Lượt kiểm tra cơ sở",
    unread: ["Quý 2"], issues: [
      { sheet: "Lượt kiểm tra cơ sở", cell: "C5", row: 5, field: "subject_unit",
        label: both("Nơi xảy ra", "Place"), text: "\"Ngọc Kánh\" không có "
        + "trong địa bàn; có phải \"Ngọc Khánh\"?" },
      { sheet: "Lượt kiểm tra cơ sở", cell: "A9", row: 9, field: "entry_key",
        label: both("Khóa dòng", "Row key"), event: "271.1.1",
        text: "việc này đã được lưu với nội dung khác, là sự kiện 271.1.1: "
        + "muốn sửa, hãy mở sự kiện đó trong Hộp gửi đi và bấm Sửa" }],
    preview: units().slice(0, 5).map((unit, at) => ({ row: at + 3,
      labels: { inspected_on: both("Ngày kiểm tra", "Date of inspection"),
        subject_unit: both("Nơi xảy ra", "Place") },
      cells: { inspected_on: "05/03/2018", subject_unit: unit.name } })) });

  function progress() {
    const lines = structuredClone(example("/units/{code}").lines);
    const [one] = lines;
    return { ...example("/units/{code}"), own: { waiting: waiting().length },
      lines: [{ ...one, status: "behind", achieved: "40.00",
      goal: { comparator: "at_least", quantity: "30", quantity_to: null,
        percent: null }, due: "2018-12-31", days_left: 194 },
      { ...one, goal: null, status: null }],
    periods: [["2018-Q1", "quarter", "quý 1/2018", "Q1 2018"],
      ["2018-H1", "half_year", "6 tháng đầu năm 2018", "first half of 2018"],
      ["2018", "year", "năm 2018", "2018"]].map(([period, kind, vi, en]) =>
      ({ period, kind, regime: "calendar", reports: kind !== "half_year",
        label: both(`${vi} (01/01/2018 - 30/06/2018)`, en) })) };
  }

  /* Five months that are over, a quarter and a half-year that are not. */
  const MISSING = [["inspection_visit_count", "8", "Số lượt kiểm tra liên ngành",
    "Inspection visits"], ["case_handled_count", "23", "Số vụ án đã xử lý",
    "Cases handled"], ["case_tried_count", "23", "Số vụ án đã xét xử",
    "Cases tried"], ["plan_unit_ratio", null, "Ban hành kế hoạch",
    "Plan issued"]].map(([indicator, number, vi, en]) =>
    ({ indicator, number, label: both(vi, en) }));

  function dueRow(period, name, en, late) {
    const nil = office.nils.filter((one) => one.period === period);
    const said = nil.flatMap(({ numbers }) => numbers);
    return { plan: "ha-noi-2018", regime: "calendar", period, label: both(
      `${name} (01/01/2018 - 30/06/2018)`, `${en} (2018-01-01 to 2018-06-30)`),
    from: "2018-01-01", to: "2018-06-30", due: "2018-07-10",
    days_left: late ? -4 : 4, unit: { key: "gso3:001", name: "Ba Đình" },
    state: nil.length > 0 ? "reported" : late ? "late" : "not_due",
    missing: MISSING.filter(({ number }) => !said.includes(number)),
    nil: nil.map(({ id, numbers }) => ({ id, recorded_at: moment(),
      state: "saved", sent: false, indicators: numbers.length })) };
  }

  const due = ({ period }) => ({ rows: [
    ...[1, 2, 3, 4, 5].map((month) => dueRow(`2018-M0${month}`,
      `tháng 0${month}/2018`, `Month ${month} 2018`, true)),
    dueRow("2018-Q2", "quý 2/2018", "Q2 2018", false),
    dueRow("2018-H1", "6 tháng đầu năm 2018", "first half of 2018", false),
    dueRow("2018", "năm 2018", "2018", false),
  ].filter((row) => !period || row.period === period)
    .sort((a, b) => (a.state === "reported") - (b.state === "reported")) });

  const form = () => ({ office: office.called, agent: 271,
    ready: true, today: "2018-03-05", types: TYPES, pairs: [{ unit: "gso3:001",
      name: "Quận Ba Đình", office: "labour", label: "Phòng LĐ-TB&XH" }] });

  const draft = (id, { type, cells, corrects, change, by }) => ({ id, type,
    cells, corrects: corrects ?? null, change, by, updated_at: moment(),
    person: office.who().name });

  /* As the real one (draft_version.c): who typed in another tab has to know the
   * text that is kept, however often they changed theirs. */
  function isBehind(id, { by, change, seen, cells } = {}) {
    const old = office.drafts.get(id);
    if (!old || change === undefined) {
      return false;
    }
    if (old.by === by) {
      return change < old.change || (cells && change === old.change
        && JSON.stringify(old.cells) !== JSON.stringify(cells));
    }
    return !(seen?.[old.by ?? ""] >= old.change);
  }

  function keepDraft(id, body) {
    const saved = office.events.find(({ key }) => key === id);
    if (saved) {
      return office.refuses(409, `việc này đã được lưu, là sự kiện ${saved.id}`
        + ": muốn sửa, hãy mở sự kiện đó và bấm Sửa.");
    }
    if (isBehind(id, body)) {
      return office.refuses(412, "nháp này đã được sửa tiếp");
    }
    office.drafts.set(id, draft(id, body));
    return null;
  }

  /* What is wrong with a row by what became of it elsewhere. */
  function issuesElsewhere({ entry_key: key, cells, draft: version }) {
    const saved = office.events.find((one) => one.key === key);
    if (saved && JSON.stringify(saved.cells) !== JSON.stringify(cells)) {
      return [{ field: "entry_key", text: "việc này đã được lưu với nội dung "
        + `khác, là sự kiện ${saved.id}: muốn sửa, hãy mở sự kiện đó` }];
    }
    return !saved && isBehind(key, version)
      ? [{ field: "draft", text: "nháp này đã được sửa tiếp" }] : [];
  }

  office.answers = [
    ["GET", /^people$/, () => ({ people: office.people }), true],
    ["GET", /^form$/, form],
    ["GET", /^units$/, () => ({ units: units() })],
    ["GET", /^things$/, (_, { query }) => things(query)],
    ["POST", /^check$/, (_, { body }) => {
      const issues = office.issues(body);
      return { ok: issues.length === 0, issues, filled: {} };
    }],
    ["POST", /^events$/, (_, { body }) =>
      (JSON.stringify(body).length > office.bodyMax
        ? office.refuses(413, "quá lớn") : { rows: body.rows.map((row) => {
      const issues = [...office.issues(row), ...issuesElsewhere(row)];
      return issues.length > 0 ? { issues } : add(row);
    }) })],
    ["GET", /^drafts$/, () => ({ drafts: [...office.drafts.values()] })],
    ["PUT", /^drafts\/(\w+)$/, ([, id], { body }) => keepDraft(id, body)],
    ["DELETE", /^drafts\/(\w+)$/, ([, id]) => {
      office.drafts.delete(id);
      return null;
    }],
    ["GET", /^outbox$/, (_, { query }) => outbox(query)],
    ["GET", /^events\/([\d.]+)$/, ([, id]) => event(id)],
    ["POST", /^events\/([\d.]+)\/void$/, ([, id], { body }) => {
      if (office.nils.some((one) => one.id === id)) {
        office.nils = office.nils.filter((one) => one.id !== id);
        return { id: "271.1.999", state: "saved" };
      }
      const { type, cells } = office.events.find((one) => one.id === id);
      return add({ type, voids: true, entry_key: body.entry_key,
        cells: { ...cells, corrects: id, reason: body.reason } });
    }],
    ["GET", /^reasons$/, () => ({ reasons: REASONS })],
    ["GET", /^link$/, link],
    ["GET", /^stick$/, () => office.stick],
    ["POST", /^doctor$/, () => ({ findings: office.findings })],
    ["GET", /^progress$/, progress],
    ["GET", /^due$/, (_, { query }) => due(query)],
    ["POST", /^nil$/, (_, { body }) => {
      const known = office.nils.find(({ key }) => key === body.entry_key);
      const id = known?.id ?? `271.1.${900 + office.nils.length}`;
      if (!known) {
        office.nils.push({ id, period: body.period, key: body.entry_key,
          numbers: body.indicators });
      }
      return { id, state: "saved" };
    }],
    ["POST", /^sheets$/, sheet],
    ["POST", /^sheets\/\w+$/, () => {
      office.imported.push(office.imported.length === 0 ? 21 : 0);
      office.arrived = 0;
      return { token: "t1", working: true };
    }],
    ["GET", /^sheets\/\w+$/, () => {
      const saved = office.imported.at(-1);
      return { saved, known: 22 - saved, refused: 2,
        first: saved > 0 ? "271.1.501" : null,
        last: saved > 0 ? "271.1.521" : null };
    }],
    ["GET", /^received$/, (_, { query }) => received(query)],
    ["DELETE", /^sheets\/\w+$/, () => null],
  ];
  office.who = () => ({ name: PEOPLE[0].name, role: PEOPLE[0].role,
    csrf: "c5f" });
  office.opens = ({ pin, link: once }) => pin === "123456" || once === "once";
  /* The province takes what waits. */
  office.receive = (state = "received") => {
    waiting().forEach((one) => { one.state = state; });
    office.say("outbox", {});
  };
  return office;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const office = await createOffice().open(Number(process.argv[2] || 0));
  console.log(office.address());
}
