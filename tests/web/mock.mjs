/* mock - a collector that never was: it serves the built pages and answers
 * with the examples of collector/api/openapi.json, made more of them, so that
 * pages can be tried in states that a real province is seldom in.
 *
 *   node tests/web/mock.mjs [PORT]      to look at by hand (any password) */
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { createServer, example, TOP } from "./server.mjs";

const STATUSES = ["met", "on_track", "behind", "missed", "monitor", "nothing",
  "later", "not_computed", "replaced"];

/* Districts of a real list, for names of real lengths. */
function districts() {
  return fs.readFileSync(path.join(TOP, "plans/ha-noi-2018/units.csv"), "utf8")
    .split("\n").map((row) => row.split(","))
    .filter((row) => row[3] === "district")
    .map(([system, code, , level, type, name]) =>
      ({ key: `${system}:${code}`, name, type, level }));
}

function plans() {
  const found = example("/plans");
  const [regime] = found.plans[0].regimes;
  found.plans[0].regimes.push({ ...regime, regime: "nd09_2019", in_plan: false,
    label: { vi: "theo Nghị định 09/2019", en: "by Decree 09/2019" },
    periods: [{ ...regime.periods[0], period: "2018-H1",
      label: { vi: "6 tháng đầu năm 2018 (15/12/2017 - 14/06/2018)",
        en: "H1 2018 (2017-12-15 to 2018-06-14)" } }] });
  return found;
}

/* One line for each status, each way to have no number, each kind of goal. */
function overview({ period }) {
  const found = example("/overview");
  const [one] = found.lines;
  const line = (at, changes) => ({ ...structuredClone(one), id: `M-${at}`,
    label: { vi: `Chỉ tiêu thứ ${at} của kế hoạch, có tên dài như trong văn `
      + "bản để xem chữ xuống dòng", en: `Target ${at} of the plan, with a name `
      + "as long as in a document to see how it is broken" }, ...changes });
  STATUSES.forEach((status, at) => found.lines.push(line(at, { status,
    achieved: String(90 - at * 10), percent: String(90 - at * 10),
    days_left: 4 - at * 2 })));
  const figure = (changes) => ({ ...one.figure, ...changes });
  found.lines.push(
    line("10", { figure: figure({ state: "not_arisen", value: null,
      denominator: "0" }), status: "nothing", achieved: null }),
    line("11", { figure: figure({ state: "nothing_received", value: null }),
      status: "nothing", achieved: null, expected: null }),
    line("12", { figure: figure({ state: "suppressed", value: null,
      hidden: "under_5" }), persons: true, achieved: null }),
    line("13", { figure: figure({ value: "12345678901234567890",
      lower_bound: true, erased: true }), goal: { ...one.goal,
      comparator: "between", quantity: "1", quantity_to: "2" } }),
    line("14", { figure: figure({ value: "-3", change: true,
      not_divided: true }), goal: { ...one.goal, comparator: "none",
      quantity: null }, units_met: 2, units_judged: 30 }));
  found.hidden = found.not_divided = found.erased = true;
  for (const status of STATUSES) {
    found.statuses[status] = found.lines.filter((each) =>
      each.status === status).length;
  }
  if (period) {
    found.coordinates.period = period;
    found.lines = found.lines.slice(0, 4);
  }
  return found;
}

function indicator({ unit }) {
  const found = example("/indicators/{id}");
  const [point] = found.series.points;
  const [row] = found.rows;
  const places = districts();
  found.series.points = [1, 2, 3, 4, 5, 6].map((month) => {
    const at = String(month).padStart(2, "0");
    return { ...point, period: `2018-M${at}`, from: `2018-${at}-01`,
      to: new Date(Date.UTC(2018, month, 0)).toISOString().slice(0, 10),
      figure: { ...point.figure, value: String(20 + month * 7) },
      so_far: { ...point.so_far, value: String(month * 38) },
      expected: { ...point.expected, quantity: String(month * 40) } };
  });
  found.above = [found.plan.unit];
  found.rows = places.map((place, at) => ({ ...row, unit: place,
    figure: at % 7 === 3 ? { ...row.figure, state: "nothing_received",
      value: null } : { ...row.figure, value: String((at * 5) % 23) },
    reporting: at % 7 === 3 ? "silent" : "value" }));
  if (unit) {
    found.line.unit = places.find(({ key }) => key === unit);
    found.above.push(found.line.unit);
    found.by = "commune";
    found.rows = found.rows.slice(0, 8).map((each, at) => ({ ...each,
      unit: { key: `gso3:${String(at).padStart(5, "0")}`, type: "Phường",
        name: `Ngọc Khánh ${at}`, level: "commune" } }));
  }
  return found;
}

function units() {
  const found = example("/units");
  found.units.push(...districts().slice(1).map((place, at) => ({ ...place,
    parent: "gso3:01", offices: at % 3 ? [at] : [] })));
  return found;
}

function offices() {
  const found = example("/offices");
  const [live, silent] = found.offices;
  ["never", "revoked", "closed", "live", "live", "silent"]
    .forEach((state, at) => found.offices.push({ ...structuredClone(silent),
      number: 10 + at, name: `Phòng LĐ-TB&XH huyện thứ ${at}`, state,
      waiting: state === "live" ? "1250" : null,
      oldest_waiting: state === "live" ? live.heard_at : null,
      frozen: at === 5, received_at: state === "never" ? null
        : `2018-0${at + 1}-02T08:31:00.000000Z` }));
  for (const { state } of found.offices) {
    found.counts[state]++;
  }
  return found;
}

function unit() {
  const found = example("/units/{code}");
  found.to_mend_total = "1204";
  return found;
}

function reports() {
  const found = example("/reports");
  found.periods.push({ ...found.periods[0], period: "2018-Q1", versions: 2,
    label: { vi: "quý 1/2018 (01/01/2018 - 31/03/2018)",
      en: "Q1 2018 (2018-01-01 to 2018-03-31)" }, reported: 30, days_left: -70,
    frozen: { entry: 2044, at: "2018-04-10T02:00:00Z", position: 2040 } });
  for (const state of ["late", "unreachable", "no_office", "reported_late"]) {
    found.rows.push({ ...found.rows[0], state, days_left: -3,
      unit: { ...found.rows[0].unit, key: `gso3:${state}` } });
  }
  return found;
}

function event() {
  const found = example("/events/{id}");
  const version = { event: "1.1.42", parent: null, received: true, entry: 17,
    received_at: found.entry.received_at, type: found.type,
    occurred_on: "2018-03-05", outcome: "replaced", stands: false };
  found.versions = [version, { ...version, event: "1.1.77", parent: "1.1.42",
    outcome: "counted", stands: true }];
  return found;
}

const ANSWERS = [
  [/^plans$/, plans],
  [/^overview$/, overview],
  [/^indicators\/[^/]+$/, indicator],
  [/^units$/, units],
  [/^units\/[^/]+$/, unit],
  [/^offices$/, offices],
  [/^reports$/, reports],
  [/^ledger$/, () => example("/ledger")],
  [/^events\/[^/]+$/, event],
];

/* A province of which a test decides how it is: `role`, and what server.mjs
 * says. */
export function createMock() {
  const mock = createServer("collector_web", { role: "admin",
    who: () => ({ name: "lan", role: mock.role, unit: null, csrf: "c5f" }),
    opens: ({ password, link }) => password === "right" || link === "once",
    answers: ANSWERS.map(([pattern, make]) =>
      ["GET", pattern, (_, { query }) => make(query)]) });
  return mock;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const mock = await createMock().open(Number(process.argv[2] || 0));
  console.log(mock.address());
}
