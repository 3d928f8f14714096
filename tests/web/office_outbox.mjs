/* An office's outbox and its events one by one, before a made-up machine: one
 * always knows where each is, and what was corrected or voided. */
import { shoot } from "./browser.mjs";
import { atOffice, browser, ID, saveByKeys, text, VISIT } from
  "./office_visit.mjs";
import { expect, expectEqual, runTests, waitUntil } from "./runner.mjs";

const MEND = { text: "Đơn vị chưa có hiệu lực.", what_to_do: "Chọn đơn vị "
  + "khác.", field: "subject_unit" };

/* ---- the outbox ---- */

async function theOutboxSaysWhereEachEventIs() {
  await atOffice("/hop-gui-di", async (page, office) => {
    const count = (at) => text(page, `.counts div:nth-child(${at}) b`);
    expectEqual(await Promise.all([1, 2, 3, 4].map(count)),
      ["1", "1", "1", "1"], "counts");
    await page.click(".pills button:has-text('Cần sửa')");
    await page.waitForFunction(() =>
      document.querySelectorAll("tbody tr").length === 1);
    expect(page.url().includes("state=to_mend"), "the address says it");
    await page.goBack();
    office.receive();
    await page.waitForFunction(() => document.querySelector(
      ".counts div:nth-child(1) b").innerText === "0");
  }, { events: [{ state: "saved" }, { state: "received" },
    { state: "backed_up" }, { state: "to_mend", outcome: MEND }] });
}

async function aLongOutboxIsReadPageByPage() {
  await atOffice("/hop-gui-di", async (page) => {
    expectEqual(await page.locator("tbody tr").count(), 50, "rows at first");
    await page.click("button:has-text('Xem cũ hơn')");
    await page.waitForFunction(() =>
      document.querySelectorAll("tbody tr").length === 60);
    expectEqual(await page.locator("button:has-text('cũ hơn')").count(), 0,
      "there is no more");
  }, { events: Array.from({ length: 60 }, () => ({})) });
}

async function anEventIsFoundByItsDayAndItsPlace() {
  const rows = (page, n) => page.waitForFunction((wanted) =>
    document.querySelectorAll("tbody tr").length === wanted, n);
  await atOffice("/hop-gui-di", async (page) => {
    await rows(page, 3);
    await page.fill("input[type=search]", "so-16");
    await page.keyboard.press("Enter");
    await rows(page, 1);
    await page.fill("input[type=search]", "");
    await page.fill(".filters .day", "6/3/18");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => /06\/03\/2018/.test(
      document.querySelector("tbody").innerText));
    await rows(page, 1);
    expect(page.url().includes("on=2018-03-06"), "the address says it");
    await page.fill("input[type=search]", "nowhere");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".empty");
  }, { events: [{}, { cells: { ...VISIT, est_ref: "EST-0271-000016-3" } },
    { occurred_on: "2018-03-06" }] });
}

/* Ten visits of a day look alike but for what the office calls the places. */
async function aPlaceIsCalledAsTheOfficeCallsIt() {
  const draft = { id: ID, type: "inspection", cells: { ...VISIT,
    subject_unit: "" }, person: "Hùng", updated_at: "2018-03-05T03:05:00Z" };
  await atOffice("/hop-gui-di", async (page, office) => {
    expect((await text(page, "tbody tr:last-child")).includes(
      "so-15 · Không vi phạm"), "in the outbox");
    await page.click("tbody tr:last-child a");
    await page.click(".actions a:has-text('Sửa')");
    await page.waitForSelector("form.entry");
    await page.waitForFunction(() => document.querySelector(
      "#field-est_ref").value === "so-15 · EST-0271-000015-K");
    office.drafts.set(ID, draft);
    await page.goto("/");
    await page.waitForSelector(".drafts li:has-text('so-15 · EST-0271')");
    expectEqual(office.events.length, 2, "nothing was saved");
  }, { events: [{}, { cells: { ...VISIT, est_ref: "EST-0271-000016-3" } }] });
}

/* Text of people and of the province is text, not markup. */
async function textIsNeverMarkup() {
  const bad = "<img src=x onerror=alert(1)>";
  await atOffice("/hop-gui-di/271-1-1", async (page) => {
    await page.waitForSelector("h1:has-text('<img')");
    expectEqual(await page.locator("main img").count(), 0, "images");
  }, { events: [{ label: { vi: bad, en: bad }, unit: bad,
    state: "to_mend", outcome: { ...MEND, text: bad } }] });
}

/* ---- what is changed afterwards ---- */

async function aCorrectionAsksForItsReasonFirst() {
  await atOffice("/hop-gui-di/271-1-1", async (page, office) => {
    await page.click(".actions a");
    await page.waitForSelector("form.entry");
    expectEqual(await text(page, ".field .name"), "Lý do", "first");
    await page.click(".field label:has-text('Gõ sai')");
    await page.click("label:has-text('Có vi phạm')");
    await saveByKeys(page);
    await page.waitForSelector("h1");
    await waitUntil(() => office.events.length === 2, "the correction");
    const { cells } = office.events[1];
    expectEqual([cells.corrects, cells.reason, cells.result],
      ["271.1.1", "typing_error", "violation"], "the correction");
    await page.waitForSelector("h2:has-text('Chuỗi đính chính')");
    expectEqual(await page.locator("tbody tr").count(), 2, "both are shown");
    expect(page.url().endsWith("/271-1-2"), "the version in force");
    await page.click("tbody a");
    await page.waitForSelector(".notice .status:has-text('Đã thay')");
    expect((await text(page, ".notice")).includes("Lý do: Gõ sai · Văn thư"),
      "why, and by which role");
    expectEqual(await page.locator(".actions a").count(), 0,
      "what was corrected is not corrected again");
    expectEqual(await page.locator(".notice .good").count(), 0,
      "what was received does not look as if it counted");
    await page.click(".notice a:has-text('Xem bản mới')");
    await page.waitForSelector(".notice .status:has-text('Đã lưu')");
  }, { events: [{}] });
}

async function whatIsToMendOpensAtItsFault() {
  await atOffice("/hop-gui-di/271-1-1", async (page) => {
    await page.waitForSelector(".notice.warn:has-text('Chọn đơn vị khác')");
    await page.click(".actions a:has-text('Sửa cho đúng')");
    await page.waitForSelector(
      "#field-subject_unit-issue:has-text('chưa có hiệu lực')");
    expectEqual(await page.evaluate(() => document.activeElement.id),
      "field-subject_unit", "focus");
  }, { events: [{ state: "to_mend", outcome: MEND }] });
}

async function anEventIsVoidedOnceWithAReason() {
  await atOffice("/hop-gui-di/271-1-1", async (page, office) => {
    await page.click("button:has-text('Hủy sự kiện này')");
    expect(await page.isDisabled(".void .main"), "not without a reason");
    await page.selectOption(".void select", "double");
    await page.dblclick(".void .main");
    await page.waitForSelector(".notice .status:has-text('Đã hủy')");
    expectEqual(office.events.length, 2, "events");
    expectEqual(office.events[1].cells.reason, "double", "reason");
    const notice = await text(page, ".notice");
    expect(notice.includes("Lý do: Ghi hai lần · Văn thư"), notice);
    expect(notice.includes("chờ gửi lên tỉnh"), "the void itself waits");
    expect(!notice.includes("Đã nhận"), "the old state is no state any more");
    expectEqual((await page.locator("tbody tr").allInnerTexts()).map((row) =>
      [/Đã hủy/.test(row), /lệnh hủy/.test(row), /Ghi hai lần/.test(row)]),
    [[true, false, false], [false, true, true]], "the chain");
    await page.click("nav a:has-text('Hộp gửi đi')");
    await page.waitForSelector("tbody tr:nth-child(2)");
    const [voiding, voided] = await page.locator("tbody tr").allInnerTexts();
    expect(/Hủy: Lượt kiểm tra cơ sở/.test(voiding), voiding);
    expect(/Đã hủy\s+Lý do: Ghi hai lần/.test(voided), voided);
    expect(!/đính chính/.test(voiding + voided), "a void is no correction");
    expectEqual(await page.locator("td.c-on").evaluateAll((all) => all.map(
      (cell) => {
        const range = document.createRange();
        range.selectNodeContents(cell);
        return new Set([...range.getClientRects()].map(({ top }) => top)).size;
      })), [1, 1], "a day is one line");
    await shoot(page, "office-outbox-voided");
  }, { events: [{}], screen: { viewport: { width: 1280, height: 900 } } });
}

await runTests({
  the_outbox_says_where_each_event_is: theOutboxSaysWhereEachEventIs,
  a_long_outbox_is_read_page_by_page: aLongOutboxIsReadPageByPage,
  an_event_is_found_by_its_day_and_its_place: anEventIsFoundByItsDayAndItsPlace,
  a_place_is_called_as_the_office_calls_it: aPlaceIsCalledAsTheOfficeCallsIt,
  text_is_never_markup: textIsNeverMarkup,
  a_correction_asks_for_its_reason_first: aCorrectionAsksForItsReasonFirst,
  what_is_to_mend_opens_at_its_fault: whatIsToMendOpensAtItsFault,
  an_event_is_voided_once_with_a_reason: anEventIsVoidedOnceWithAReason,
});
await browser.close();
