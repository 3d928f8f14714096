/* A day of an office before its real page; office_day.py starts it and this,
 * and does what a line "DO what" on standard output asks for. The parts follow
 * each other: the link is down until the last one but one. */
import readline from "node:readline";
import { launch, shoot, sit, skipWithoutBrowser, violations } from
  "./browser.mjs";
import { expect, expectEqual, runTests, waitUntil } from "./runner.mjs";

const { TALLYLINE_WEB: base, TALLYLINE_PERSON: person, TALLYLINE_PIN: pin } =
  process.env;
const TYPE = "Lượt kiểm tra cơ sở";
const EVENTS = 10;

skipWithoutBrowser();
const answers = readline.createInterface({ input: process.stdin })[
  Symbol.asyncIterator]();
const browser = await launch();
const { page, faults } = await sit(browser, base);

async function order(what) {
  console.log(`DO ${what}`);
  return (await answers.next()).value;
}

async function askFor(what) {
  return JSON.parse(await order(what));
}

/* What the browser says of a machine that is off, and that knows nobody when it
 * is on again; of a page's own requests, and only from the one until somebody
 * has signed in. Anything else is a fault. */
const OFF = new RegExp("^console: Failed to load resource: (net::ERR_"
  + "(CONNECTION_REFUSED|CONNECTION_RESET|EMPTY_RESPONSE|ABORTED) "
  + `${base}/api/v1/(session|people|events|check|outbox|link|form|reasons`
  + "|units|things|drafts|live|received)|the server responded with a status of "
  + `401 \\(Unauthorized\\) ${base}/api/v1/(events|check|drafts|outbox|link`
  + "|units|things|live|received))");

async function whileOff(act) {
  const before = faults.length;
  await act();
  faults.push(...faults.splice(before).filter((one) => !OFF.test(one)));
}

const count = async (at) => Number(await page.locator(
  `.counts div:nth-child(${at}) b`).innerText());
const drafted = () => page.waitForSelector(".kept:has-text('Đã giữ nháp')");

async function signIn() {
  await page.click(`.people button:has-text('${person}')`);
  await page.fill("[name=pin]", pin);
  await page.keyboard.press("Enter");
  await page.waitForSelector(".top .more");
}

async function fill(key, text) {
  await page.fill(`#field-${key}`, text);
}

/* A value of a list, however long the list is. */
async function choose(key, value) {
  const field = page.locator(`#field-${key}`);
  await (await field.evaluate(({ tagName }) => tagName) === "SELECT"
    ? field.selectOption(value)
    : field.locator(`input[value="${value}"]`).check());
}

/* One visit, typed into the form. */
async function typeVisit(name) {
  await page.waitForSelector("form.entry #field-inspected_on");
  await fill("inspected_on", "5/3/2018");
  await fill("subject_unit", "ngoc khanh");
  await page.waitForSelector(".found li:has-text('Ngọc Khánh')");
  await page.keyboard.press("Enter");
  await fill("est_ref", name);
  await page.waitForSelector(`.found li:has-text('${name}')`);
  await page.keyboard.press("Enter");
  await choose("team_kind", "interagency_178");
  await choose("team_level", "district");
  await choose("mode", "planned");
  await choose("result", "no_violation");
}

const cell = (row, key) =>
  page.locator(`tr[data-row="${row}"] [data-column=${key}]`);

async function oneComesIn() {
  await page.goto("/");
  await signIn();
  await page.waitForSelector(".reach:has-text('đang nối')");
  expectEqual(await violations(page), [], "axe");
  await shoot(page, "day-1-choose");
}

async function blankFormAfter(saves) {
  await page.waitForSelector(
    `.saved li:nth-child(${saves}):has-text('tỉnh chưa nhận')`);
  await page.waitForFunction(() =>
    document.querySelector("#field-est_ref")?.value === "");
  expectEqual(await page.innerText(".kept"), "", "the foot of a blank form");
}

/* The power is off when she presses; then she has to sign in again. */
async function aSaveIsTakenUpWhenThePowerComesBack() {
  await typeVisit("quan 2");
  await drafted();
  await whileOff(async () => {
    await order("off");
    await page.keyboard.press("Control+Enter");
    await page.waitForSelector("[role=alert]:has-text('tự thử lưu lại')");
    await order("on");
    await page.waitForSelector(".notice:has-text('vẫn còn')");
    await signIn();
    await blankFormAfter(2);
  });
}

async function fillVisit(row) {
  await cell(row, "team_kind").selectOption("interagency_178");
  await cell(row, "team_level").selectOption("district");
  await cell(row, "mode").selectOption("planned");
  await cell(row, "result").selectOption("no_violation");
}

async function tenEventsAreRecordedWithoutALink() {
  await order("cut");
  await page.waitForSelector(".reach:has-text('mất liên lạc')");
  await page.click(`.types a:has-text('${TYPE}')`);
  await typeVisit("quan 1");
  await page.keyboard.press("Control+Enter");
  await blankFormAfter(1);
  expectEqual(await page.inputValue("#field-inspected_on"), "05/03/2018",
    "the day that was typed last");
  await aSaveIsTakenUpWhenThePowerComesBack();
  await shoot(page, "day-2-form");
  await page.click("button:has-text('Ghi nhiều dòng')");
  await page.waitForSelector("form.sheet");
  await cell(0, "inspected_on").fill("6/3/2018");
  await cell(0, "est_ref").fill("@quan 3");
  await fillVisit(0);
  for (let row = 1; row < EVENTS - 2; row++) {
    await cell(row - 1, "result").focus();
    await page.keyboard.press("Enter");
    await cell(row, "est_ref").waitFor();
    await waitUntil(() => page.evaluate((at) => document.activeElement
      .closest("tr")?.dataset.row === String(at), row), "the new row");
    await cell(row, "est_ref").fill(`@quan ${row + 3}`);
    await fillVisit(row);
  }
  await shoot(page, "day-3-rows");
  await page.keyboard.press("Control+Enter");
  await page.waitForSelector(`.saved li:has-text('${EVENTS - 2} dòng')`);
  await page.click("nav a:has-text('Hộp gửi đi')");
  await page.waitForSelector(".counts");
  await waitUntil(async () => await count(1) === EVENTS, "ten that wait");
  await shoot(page, "day-4-outbox");
}

async function thePowerGoesBetweenAKeyAndItsDraft() {
  await page.click("nav a:has-text('Ghi nhận')");
  await page.click(`.types a:has-text('${TYPE}')`);
  await page.click("button:has-text('Ghi từng việc')");
  await typeVisit("quan 11");
  await drafted();
  await whileOff(async () => {
    await page.route("**/api/v1/drafts/*", (route) => route.abort("aborted"));
    await choose("team_level", "province");
    await order("power");
    await page.unroute("**/api/v1/drafts/*");
    await page.goto("/");
    await page.waitForSelector(".people button, .top .more");
    if (await page.locator(".people button").count() > 0) {
      await signIn();
    }
  });
  await page.waitForSelector(".drafts li:has-text('quan 11')");
  await shoot(page, "day-5-draft");
  await page.click(".drafts a");
  await page.waitForSelector("form.entry");
  const level = page.locator("#field-team_level input[value=province]");
  await waitUntil(() => level.isChecked(), "the last key before the power");
  expectEqual(await page.inputValue("#field-est_ref"), "quan 11", "the thing");
  expectEqual((await askFor("outbox")).length, EVENTS, "nothing was saved");
  await page.click("button:has-text('Bỏ nháp')");
  await page.click(".sure .main");
  await page.waitForSelector("h1:has-text('Ghi nhận')");
}

async function oneIsCorrectedAndOneIsVoided() {
  await page.click("nav a:has-text('Hộp gửi đi')");
  await page.click("tbody tr:last-child a");
  await page.click(".actions a:has-text('Sửa')");
  await page.waitForSelector("form.entry");
  await choose("reason", "typing_error");
  await choose("result", "violation");
  if (await page.locator("#field-violations").isHidden()) {
    await page.click(".fold button");
  }
  await fill("violations", "1");
  await shoot(page, "day-6-correct");
  await page.keyboard.press("Control+Enter");
  await page.waitForSelector("h2:has-text('Chuỗi đính chính')");
  await shoot(page, "day-7-chain");
  await page.click("nav a:has-text('Hộp gửi đi')");
  await page.waitForSelector("tbody tr:has-text('bản đính chính')");
  await page.click(`tbody tr:has-text('${TYPE}'):not(:has-text('đính chính')) `
    + "a");
  await page.click("button:has-text('Hủy sự kiện này')");
  await page.waitForSelector(".void option:nth-child(2)",
    { state: "attached" });
  await page.selectOption(".void select", { index: 1 });
  await shoot(page, "day-8-void");
  await page.click(".void .main");
  await page.waitForSelector("h2:has-text('Chuỗi đính chính')");
  await page.waitForSelector("tbody tr:has-text('hủy')");
}

async function theLinkComesBackAndAllIsReceivedOnce() {
  await page.click("nav a:has-text('Hộp gửi đi')");
  await waitUntil(async () => await count(1) === EVENTS + 2, "what waits");
  await order("heal");
  await page.waitForFunction(() => document.querySelector(
    ".counts div:nth-child(1) b")?.innerText === "0");
  const outcomes = await askFor("received");
  await page.waitForSelector(".reach:has-text('đang nối')");
  await shoot(page, "day-9-received");
  const states = await askFor("outbox");
  expectEqual(states.length, EVENTS + 2, "events of the office");
  expectEqual(outcomes.counted, EVENTS,
    `ten stand, of ${JSON.stringify(outcomes)}`);
}

async function bothPagesShowTheSameFigures() {
  await page.click("nav a:has-text('Tiến độ')");
  await page.waitForSelector("table .figure");
  const mine = await page.evaluate(async () => {
    const { lines } = await (await fetch("/api/v1/progress")).json();
    return Object.fromEntries(lines.map(({ id, figure }) =>
      [id, figure.value]));
  });
  const same = JSON.stringify(mine);
  await waitUntil(async () => JSON.stringify(await askFor("figures")) === same,
    `the province to show what the office does: ${same}`);
  expect(Object.values(mine).some((value) => Number(value) > 0),
    "some work was done");
  await shoot(page, "day-10-progress");
}

/* ---- reports ---- */

const MONTH = "2018-M12";
const month = page.locator(".dues > li:has-text('tháng 12/2018')");

/* What the lines of a month say, on the office's page and the dashboard. */
async function saidOfTheMonth() {
  await order("received");
  const mine = await page.evaluate(async (period) => {
    const { lines } = await (await fetch(
      `/api/v1/progress?period=${period}&regime=calendar`)).json();
    return lines.map(({ id, figure, reporting }) =>
      [id, figure.value, reporting]);
  }, MONTH);
  const same = JSON.stringify(mine);
  await waitUntil(async () => JSON.stringify(
    await askFor(`states ${MONTH}`)) === same, "the province to say the same");
  return mine;
}

const reported = (lines) => lines.filter(([, value, state]) =>
  value === "0" && state === "zero_reported").map(([id]) => id);

async function nothingIsReportedOfWhatIsNamed() {
  await page.click("nav a:has-text('Tiến độ')");
  await month.waitFor();
  await shoot(page, "day-11-due");
  expectEqual(reported(await saidOfTheMonth()), [], "nothing is said yet");
  await month.locator("button:has-text('Không có gì để báo cáo')").click();
  await page.waitForSelector(".ticks li:nth-child(5)");
  await shoot(page, "day-12-nil");
  await month.locator(".ticks input").nth(1).uncheck();
  await month.locator("form .main").click();
  await month.locator(".nil-done:has-text('Đã báo không phát sinh "
    + "tháng 12/2018')").waitFor();
  const said = await saidOfTheMonth();
  expect(reported(said).length > 5, `both say 0: ${JSON.stringify(said)}`);
  await month.locator(".nil-done:has-text('Đã nhận')").waitFor();
  await shoot(page, "day-13-nil-told");
  await page.selectOption(".picker select", `calendar ${MONTH}`);
  await waitUntil(async () => await page.locator(
    "td:has-text('đã báo không phát sinh')").count()
    === said.filter(([, , state]) => state === "zero_reported").length,
  "each of them to be shown as reported");
}

async function whatWasReportedIsTakenBack() {
  await month.locator("button:has-text('Rút lại')").click();
  await month.locator("select").selectOption("typing_error");
  await month.locator("form button:has-text('Rút lại')").click();
  await month.locator("button:has-text('Không có gì để báo cáo')").waitFor();
  expectEqual(reported(await saidOfTheMonth()), [], "nothing is said any more");
  await page.waitForFunction(() => ![...document.querySelectorAll("td")].some(
    (one) => one.innerText.includes("đã báo không phát sinh")));
}

async function theHalfYearIsPrintedAsAtTheProvince() {
  const cells = (paper) => paper.locator("table.form tr").evaluateAll((rows) =>
    rows.map((row) => [...row.cells].map((one) => one.innerText)));
  await page.selectOption(".picker select", "calendar 2018-H1");
  const [paper] = await Promise.all([page.waitForEvent("popup"),
    page.click(".papers a:has-text('6 tháng đầu năm 2018')")]);
  await paper.waitForSelector("table.form");
  const mine = await cells(paper);
  expect(mine.length > 10, `${mine.length} lines`);
  await shoot(paper, "day-14-paper");
  await paper.setContent(await askFor("paper 2018-H1"));
  expectEqual(mine, await cells(paper), "the paper of the province");
  await paper.close();
}

await runTests({
  one_comes_in: oneComesIn,
  ten_events_are_recorded_without_a_link: tenEventsAreRecordedWithoutALink,
  the_power_goes_between_a_key_and_its_draft:
    thePowerGoesBetweenAKeyAndItsDraft,
  one_is_corrected_and_one_is_voided: oneIsCorrectedAndOneIsVoided,
  the_link_comes_back_and_all_is_received_once:
    theLinkComesBackAndAllIsReceivedOnce,
  both_pages_show_the_same_figures: bothPagesShowTheSameFigures,
  nothing_is_reported_of_what_is_named: nothingIsReportedOfWhatIsNamed,
  what_was_reported_is_taken_back: whatWasReportedIsTakenBack,
  the_half_year_is_printed_as_at_the_province:
    theHalfYearIsPrintedAsAtTheProvince,
  nothing_else_was_said_on_the_console: () => {
    expectEqual(faults, [], "faults");
  },
});
await browser.close();
process.exit();
