/* What an office's page promises its people, before a made-up machine: nothing
 * typed is lost, nothing is saved twice, and one always knows where it is. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { shoot } from "./browser.mjs";
import { atOffice, browser, forgive, ID, settled, text, typeVisit, VISIT } from
  "./office_visit.mjs";
import { expect, expectEqual, runTests, waitUntil } from "./runner.mjs";

const FORM = "/ghi-nhan/inspection";
const saveByKeys = (page) => page.keyboard.press("Control+Enter");
const value = (page, key) => page.inputValue(`#field-${key}`);
const saved = (page) => page.waitForSelector(".saved li");
const drafts = (office) => [...office.drafts.values()];

/* ---- coming in ---- */

async function oneComesInByNameAndPin() {
  await atOffice("/hop-gui-di", async (page, office, faults) => {
    await page.click(".people button:has-text('Lan')");
    await page.keyboard.type("000000");
    await page.keyboard.press("Enter");
    await page.waitForSelector("[role=alert]:has-text('Mã PIN không đúng')");
    await page.fill("[name=pin]", "123456");
    await page.keyboard.press("Enter");
    await page.waitForSelector("h1:has-text('Hộp gửi đi')");
    forgive(faults);
  }, { mock: { signedIn: false } });
}

/* A one-time address: what it carries never stays in the address, and whoever
 * opens it a second time, or is in already, is told so in words. */
async function aOneTimeAddressSaysWhatBecameOfIt() {
  const plain = (page) => expect(page.url().endsWith("/"), page.url());
  await atOffice("/dang-nhap#once", async (page) => {
    await page.waitForSelector("h1:has-text('Ghi nhận')");
    plain(page);
    expectEqual(await page.locator(".notice").count(), 0, "notices");
  }, { mock: { signedIn: false } });
  await atOffice("/dang-nhap#used", async (page, office, faults) => {
    await page.waitForSelector("[role=alert]:has-text('đã dùng rồi')");
    plain(page);
    forgive(faults);
  }, { mock: { signedIn: false } });
  await atOffice("/dang-nhap#once", async (page, office) => {
    await page.waitForSelector("[role=status]:has-text('đang đăng nhập')");
    await page.waitForSelector("h1:has-text('Ghi nhận')");
    plain(page);
    expect(!office.asked.includes("session") || office.signedIn, "the session");
    await page.click(".notice button:has-text('Đã hiểu')");
    expectEqual(await page.locator(".notice").count(), 0, "notices");
  });
}

/* The head of the page takes one row of a usual screen, and says for which unit
 * the office records where its name does not. */
async function theHeadIsOneRow() {
  const screen = { viewport: { width: 1280, height: 800 } };
  await atOffice("/", async (page) => {
    const middles = await page.evaluate(() => [...document
      .querySelectorAll(".top > *")].map((one) => one.getBoundingClientRect())
      .filter(({ height }) => height > 0)
      .map(({ top, height }) => top + height / 2));
    expect(Math.max(...middles) - Math.min(...middles) < 12,
      `one row, not ${middles}`);
    expectEqual(await page.locator(".brand small").count(), 0, "said once");
    expect(!await page.isVisible(".who"), "the way out is behind the name");
    await page.click(".top .more:has-text('Nguyễn Thị Lan')");
    await page.waitForSelector(".who button:has-text('Đăng xuất')");
  }, { screen });
  await atOffice("/", async (page) => {
    expect(/Office 1\s+Quận Ba Đình/.test(await text(page, ".brand")),
      await text(page, ".brand"));
  }, { screen, mock: { called: "Office 1" } });
}

async function whereNobodyMayComeInThatIsSaid() {
  await atOffice("/", async (page) => {
    await page.waitForSelector(".notice:has-text('people add')");
    expectEqual(await page.locator("input").count(), 0, "fields");
  }, { mock: { signedIn: false, people: [] } });
}

/* ---- one event ---- */

async function aVisitIsSavedByKeyboardAlone() {
  await atOffice(FORM, async (page, office) => {
    await typeVisit(page);
    await saveByKeys(page);
    await saved(page);
    expectEqual(office.events.map(({ cells }) => cells), [VISIT], "saved");
    expect((await text(page, ".saved")).includes("tỉnh chưa nhận"), "where");
    office.receive();
    await page.waitForSelector(".saved li.good:has-text('tỉnh đã nhận')");
    expect(/^\S*\s*Lượt kiểm tra cơ sở, so-15 · Không vi phạm:\s/.test(
      await text(page, ".saved li")), "which, and no blank before the colon");
    expectEqual(await value(page, "subject_unit"), "Phường Ngọc Khánh",
      "the last unit is there again");
    expectEqual(await value(page, "est_ref"), "", "what is not carried on");
  });
}

async function aThingCanBeNewAndNamedByTheOffice() {
  await atOffice(FORM, async (page, office) => {
    await typeVisit(page);
    await page.fill("#field-est_ref", "quan sao mai");
    await page.waitForSelector(".found li:has-text('Thêm mới: quan sao mai')");
    await page.keyboard.press("Enter");
    await saveByKeys(page);
    await saved(page);
    expectEqual(office.events[0].cells.est_ref, "@quan sao mai", "the name");
  });
}

async function whatIsWrongIsSaidAtItsField() {
  await atOffice(FORM, async (page, office) => {
    await typeVisit(page);
    await page.click(".fold button");
    expectEqual(await page.locator(".issue span").count(), 0, "issues before");
    await page.fill("#field-violations", "hai");
    await page.waitForSelector("#field-violations-issue:has-text('số nguyên')",
      { state: "attached" });
    await page.waitForSelector("#field-violations[aria-invalid=true]");
    await saveByKeys(page);
    await waitUntil(() => office.asked.includes("events"), "saving");
    expectEqual(office.events.length, 0, "what is wrong is not saved");
    await waitUntil(() => page.evaluate(() =>
      document.activeElement.id === "field-violations"), "the focus there");
    await page.fill("#field-violations", "2");
    await saveByKeys(page);
    await saved(page);
  });
}

async function whatWasNotReachedIsNotBlamed() {
  await atOffice(FORM, async (page) => {
    await waitUntil(() => page.evaluate(() =>
      document.activeElement.id === "field-inspected_on"), "the first field");
    await page.waitForTimeout(500);
    expectEqual(await page.locator(".issue span").count(), 0, "issues");
    await page.keyboard.press("Control+Enter");
    await page.waitForSelector(".issue span");
    expect(await page.locator(".field.wrong").count() >= 4, "all are marked");
  });
}

async function whoClicksTwiceSavesOnce() {
  await atOffice(FORM, async (page, office) => {
    await typeVisit(page);
    await page.dblclick(".actions .main");
    await saved(page);
    expectEqual(office.events.length, 1, "events");
    expectEqual(office.asked.filter((one) => one === "events").length, 1,
      "times asked");
  });
}

async function aLostReplyAddsNothing() {
  let losing = true;
  await atOffice(FORM, async (page, office, faults) => {
    await typeVisit(page);
    await saveByKeys(page);
    await page.waitForSelector("[role=alert]:has-text('chưa trả lời')");
    expect(await page.isDisabled("#field-mode-first"), "nothing is changed "
      + "while it is not known whether it was saved");
    losing = false;
    await saved(page);
    expectEqual(office.events.length, 1, "events");
    expect((await text(page, ".saved")).includes("không ghi hai lần"), "said");
    forgive(faults);
  }, { mock: { lost: (name, method) => losing && name === "events"
    && method === "POST" } });
}

/* ---- drafts ---- */

async function eachKeyIsADraft() {
  await atOffice(FORM, async (page, office) => {
    await page.waitForSelector("form.entry");
    await page.fill("#field-est_ref", "so-15");
    await page.waitForSelector(".kept:has-text('Đã giữ nháp lúc')");
    expectEqual(drafts(office).map(({ cells }) => cells.est_ref), ["so-15"],
      "on the machine");
    await page.goto("/");
    await page.click(".drafts a");
    await page.waitForSelector("form.entry");
    expectEqual(await value(page, "est_ref"), "so-15", "typed before");
  });
}

/* The machine dies between a key and its draft: the page and the browser have
 * the text, also for who has to sign in again. */
async function aDeadMachineLosesNothing() {
  await atOffice(FORM, async (page, office, faults) => {
    await typeVisit(page);
    await page.waitForSelector(".kept:has-text('Đã giữ nháp lúc')");
    office.lose();
    await page.click(".fold button");
    await page.fill("#field-violations", "3");
    await page.waitForSelector(".kept.warn:has-text('trong trình duyệt')");
    await page.waitForSelector(".freshness.lost");
    office.signedIn = false;
    office.come();
    await page.waitForSelector(".notice:has-text('vẫn còn')");
    await page.reload();
    await page.click(".people button:has-text('Lan')");
    await page.fill("[name=pin]", "123456");
    await page.keyboard.press("Enter");
    await page.waitForSelector("form.entry");
    await page.click("nav a:has-text('Ghi nhận')");
    await page.click(".drafts a");
    await page.waitForSelector("#field-violations",
      { state: "attached" });
    expectEqual(await value(page, "violations"), "3", "the last key");
    await waitUntil(() => drafts(office)[0]?.cells.violations === "3",
      "the draft on the machine");
    await saveByKeys(page);
    await saved(page);
    expectEqual(office.events.map(({ cells }) => cells),
      [{ ...VISIT, violations: "3" }], "saved");
    await waitUntil(() => drafts(office).length === 0, "no draft is left");
    forgive(faults);
  });
}

async function aDraftIsDroppedAfterAQuestion() {
  const draft = { id: ID, type: "inspection", cells: VISIT, person: "Hùng",
    updated_at: "2018-03-05T03:05:00Z" };
  await atOffice("/", async (page, office) => {
    office.drafts.set(ID, draft);
    await page.reload();
    await page.waitForSelector(".drafts li:has-text('Phường Ngọc Khánh')");
    await page.click(".drafts button");
    await page.click(".sure button:has-text('để nguyên')");
    expectEqual(office.drafts.size, 1, "left as it is");
    await page.click(".drafts button");
    await page.click(".sure .main");
    await waitUntil(() => office.drafts.size === 0, "the draft to go");
  });
}

/* Another person of the office does not get what the browser kept for one. */
async function whatTheBrowserKeepsIsOfOnePerson() {
  await atOffice(FORM, async (page, office, faults) => {
    await page.waitForSelector("form.entry");
    office.before = (name) => (name.startsWith("drafts/")
      ? new Promise(() => {}) : Promise.resolve());
    await page.fill("#field-est_ref", "so-15");
    office.who = () => ({ name: "Trần Văn Hùng", role: "officer",
      csrf: "c5f" });
    await page.goto("/");
    await page.waitForSelector("h1");
    await settled(page);
    office.drafts.clear();
    const listed = page.waitForResponse((answer) =>
      answer.url().endsWith("/drafts"));
    await page.reload();
    await listed;
    await settled(page);
    await page.evaluate(() => new Promise((shown) =>
      requestAnimationFrame(() => requestAnimationFrame(shown))));
    expectEqual(await page.locator(".drafts li").count(), 0, "drafts");
    forgive(faults);
  });
}

/* ---- many rows ---- */

async function manyRowsAreTypedWithoutAMouse() {
  await atOffice(`${FORM}?rows=1`, async (page, office) => {
    await page.waitForSelector("form.sheet");
    const cell = (row, key) =>
      page.locator(`tr[data-row="${row}"] [data-column=${key}]`);
    await cell(0, "inspected_on").fill("5/3/18");
    await cell(0, "subject_unit").fill("ngoc khanh");
    await page.keyboard.press("Enter");
    await cell(0, "est_ref").fill("so-15");
    await page.keyboard.press("Enter");
    await cell(0, "team_kind").selectOption("police");
    await cell(0, "mode").selectOption("planned");
    await cell(0, "result").selectOption("violation");
    await settled(page);
    await shoot(page, "office-rows-typed");
    expectEqual(await page.locator("[data-column=subject_unit], .wide")
      .evaluateAll((all) => all.filter((one) =>
        one.scrollWidth > one.clientWidth).length), 0, "what is cut");
    await cell(0, "result").focus();
    await page.keyboard.press("Enter");
    await cell(1, "est_ref").waitFor();
    await waitUntil(() => page.evaluate(() =>
      document.activeElement.dataset.column === "est_ref"
      && document.activeElement.closest("tr").dataset.row === "1"),
    "the first cell that is not carried on");
    expectEqual(await cell(1, "subject_unit").inputValue(),
      "Phường Ngọc Khánh", "carried on");
    await page.keyboard.type("so-16");
    await page.keyboard.press("Enter");
    await waitUntil(() => drafts(office).length === 2, "a draft a row");
    expectEqual(await cell(1, "result").inputValue(), "", "what was found");
    await cell(1, "team_kind").selectOption("police");
    await cell(1, "mode").selectOption("planned");
    await saveByKeys(page);
    await page.waitForSelector("[role=alert]:has-text('Còn 1 dòng')");
    expectEqual(office.events.map(({ cells }) => cells.est_ref),
      ["EST-0271-000015-K"], "the row that is right");
    expectEqual(await page.locator("tbody tr").count(), 1, "rows left");
    await cell(0, "result").selectOption("violation");
    await saveByKeys(page);
    await page.waitForSelector(".saved li:nth-child(2)");
    expectEqual(office.events.length, 2, "events");
  }, { screen: { viewport: { width: 1280, height: 900 } } });
}

async function rowsThatWereBegunAreThereAgain() {
  await atOffice(`${FORM}?rows=1`, async (page, office) => {
    await page.waitForSelector("form.sheet");
    await page.fill("[data-column=est_ref]", "so-15");
    await waitUntil(() => drafts(office).length === 1, "a draft");
    await page.reload();
    await page.waitForSelector("form.sheet");
    expectEqual(await page.inputValue("[data-column=est_ref]"), "so-15",
      "typed before");
  });
}

/* ---- the outbox ---- */

const MEND = { text: "Đơn vị chưa có hiệu lực.", what_to_do: "Chọn đơn vị "
  + "khác.", field: "subject_unit" };

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

/* Part of an address is where its pages begin. */
async function anAddressCutByHandLeadsOn() {
  await atOffice("/ghi-nhan", (page) =>
    page.waitForSelector("h1:has-text('Ghi nhận')"));
}

/* ---- progress, files ---- */

async function nothingIsReportedOfWhatWasNamedAndCanBeTakenBack() {
  await atOffice("/tien-do", async (page, office) => {
    const month = page.locator(".dues > li:has-text('tháng 05/2018')");
    await month.locator("button:has-text('Không có gì để báo cáo')").click();
    await page.waitForSelector(".ticks li:nth-child(2)");
    expectEqual(await month.locator(".ticks li").allInnerTexts(),
      ["Số lượt kiểm tra liên ngành",
        "Số vụ án đã xử lý\nSố vụ án đã xét xử"], "of what");
    expect(/riêng của kế hoạch[^]*Ban hành kế hoạch/.test(
      await month.innerText()), "what cannot be named");
    expect(office.nils.length === 0, "nothing is said yet");
    await month.locator("label:has-text('vụ án') input").uncheck();
    await page.click("button:has-text('Báo không phát sinh 1 chỉ tiêu')");
    await page.waitForSelector(
      ".nil-done:has-text('Đã báo không phát sinh tháng 05/2018: 1 chỉ tiêu')");
    expectEqual(office.nils.map(({ numbers }) => numbers), [["8"]], "said of");
    expect(await month.isVisible(), "it stays where it was");
    await month.locator("button:has-text('Rút lại')").click();
    await month.locator("select").selectOption("typing_error");
    await month.locator("form button:has-text('Rút lại')").click();
    await month.locator("button:has-text('Không có gì để báo cáo')").waitFor();
    expectEqual(office.nils, [], "taken back");
    await month.locator("button:has-text('Không có gì để báo cáo')").click();
    await month.locator("button:has-text('Bỏ đánh dấu tất cả')").click();
    expect(await month.locator("form button.main").isDisabled(),
      "nothing is said of nothing");
  });
}

async function theNextReportsStandFirstAndTheRestIsFolded() {
  await atOffice("/tien-do", async (page) => {
    await page.waitForSelector(".dues");
    const names = () => page.locator(".due-line b:visible").allInnerTexts();
    expectEqual(await names(), ["quý 2/2018", "6 tháng đầu năm 2018",
      "tháng 03/2018", "tháng 04/2018", "tháng 05/2018"], "what is shown");
    const line = await page.locator(".dues > li:has-text('tháng 05/2018')")
      .boundingBox();
    expect(line.height < 70, `one line: ${line.height} px`);
    await page.click("button:has-text('Các kỳ trước nữa')");
    await page.click("button:has-text('Chưa đến hạn (1)')");
    expectEqual((await names()).length, 8, "all of them");
  });
}

async function everyPeriodIsPrinted() {
  await atOffice("/tien-do", async (page) => {
    await page.waitForSelector(".papers a");
    const papers = () => page.locator(".papers a").evaluateAll((all) =>
      all.map((one) => [one.innerText, new URL(one.href).search]));
    const [[half, address]] = await papers();
    expectEqual(half, "6 tháng đầu năm 2018", "the half-year");
    expect(/period=2018-H1/.test(address) && /regime=calendar/.test(address)
      && /lang=vi/.test(address), address);
    await page.selectOption(".picker select", "calendar 2018-Q1");
    await page.waitForSelector(".papers a:has-text('quý 1/2018')");
    expectEqual((await papers()).length, 1, "the one that is looked at");
    expect(/regime=calendar/.test(page.url()), page.url());
  });
}

async function aFileIsLookedAtBeforeItIsSaved() {
  await atOffice("/nhap-excel", async (page, office) => {
    await page.setInputFiles("input[type=file]", { name: "kiem-tra.xlsx",
      mimeType: "application/octet-stream", buffer: Buffer.from("PK") });
    await page.waitForSelector("tbody th:has-text('C5')");
    await page.waitForSelector("[role=status]:has-text('2 dòng có lỗi')");
    expect(!office.asked.includes("sheets/t1"), "nothing is saved yet");
    await page.waitForSelector(".notice:has-text('Chưa đọc: Quý 2')");
    await shoot(page, "office-sheet-read");
    await page.dblclick("button:has-text('Chỉ lưu 21 dòng đúng')");
    await page.waitForSelector("[role=status]:has-text('Đã lưu 21 dòng')");
    /* It took long: saved once, asked for once. */
    expectEqual(office.asked.filter((one) => one === "sheets/t1").length, 2,
      "times saved, and asked for");
    expectEqual(await page.getAttribute("a.main", "href"),
      "/api/v1/sheets/t1/refused.xlsx?lang=vi", "what was refused");
    await page.waitForSelector("[role=status]:has-text('2 dòng có lỗi, chưa lưu')");
    await page.waitForSelector("[role=status]:has-text('Tỉnh sẽ nhận')");
    office.receive();
    await page.waitForSelector("[role=status]:has-text('Tỉnh đã nhận')");
    await shoot(page, "office-sheet-saved");
  });
}

/* The rows are saved, and the answer is lost: asked again, they are known. */
async function aLostAnswerIsNoFailure() {
  await atOffice("/nhap-excel", async (page, office, faults) => {
    await page.setInputFiles("input[type=file]", { name: "kiem-tra.xlsx",
      mimeType: "application/octet-stream", buffer: Buffer.from("PK") });
    await page.waitForSelector("tbody th:has-text('C5')");
    await page.route("**/api/v1/sheets/t1", async (route) => {
      await route.fetch();
      await route.abort();
    }, { times: 1 });
    await page.click("button:has-text('Chỉ lưu 21 dòng đúng')");
    await page.waitForSelector(
      "[role=status]:has-text('22 dòng đã lưu từ trước')");
    expectEqual(office.imported, [21, 0], "saved, and asked for again");
    const said = await page.innerText("section [role=status]");
    expect(!said.includes("Đã lưu 0"), said);
    expectEqual(await page.locator("[role=alert]").count(), 0, "alarms");
    forgive(faults);
  });
}

/* A link asks in the browser's language, which need not be the page's. */
async function filesComeInThePagesLanguage() {
  await atOffice("/nhap-excel", async (page) => {
    const link = () => page.getAttribute("a.button[download]", "href");
    expect((await link()).endsWith(".xlsx?lang=vi"), "the template");
    await page.click(".top .more");
    await page.click("button[lang=en]");
    await page.waitForSelector("a.button[href$='?lang=en']");
  });
}

async function aFileThatIsTooLargeIsNotSent() {
  await atOffice("/nhap-excel", async (page, office) => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "tallyline-"));
    const file = path.join(folder, "to.xlsx");
    fs.writeFileSync(file, "");
    fs.truncateSync(file, 8 * 1024 * 1024 + 1);
    await page.setInputFiles("input[type=file]", file);
    await page.waitForSelector("[role=alert]:has-text('8 MB')");
    expect(!office.asked.includes("sheets"), "sent");
    fs.rmSync(folder, { recursive: true });
  });
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

await runTests({
  one_comes_in_by_name_and_pin: oneComesInByNameAndPin,
  a_one_time_address_says_what_became_of_it: aOneTimeAddressSaysWhatBecameOfIt,
  the_head_is_one_row: theHeadIsOneRow,
  where_nobody_may_come_in_that_is_said: whereNobodyMayComeInThatIsSaid,
  a_visit_is_saved_by_keyboard_alone: aVisitIsSavedByKeyboardAlone,
  a_thing_can_be_new_and_named_by_the_office: aThingCanBeNewAndNamedByTheOffice,
  what_is_wrong_is_said_at_its_field: whatIsWrongIsSaidAtItsField,
  what_was_not_reached_is_not_blamed: whatWasNotReachedIsNotBlamed,
  who_clicks_twice_saves_once: whoClicksTwiceSavesOnce,
  a_lost_reply_adds_nothing: aLostReplyAddsNothing,
  each_key_is_a_draft: eachKeyIsADraft,
  a_dead_machine_loses_nothing: aDeadMachineLosesNothing,
  a_draft_is_dropped_after_a_question: aDraftIsDroppedAfterAQuestion,
  what_the_browser_keeps_is_of_one_person: whatTheBrowserKeepsIsOfOnePerson,
  many_rows_are_typed_without_a_mouse: manyRowsAreTypedWithoutAMouse,
  rows_that_were_begun_are_there_again: rowsThatWereBegunAreThereAgain,
  the_outbox_says_where_each_event_is: theOutboxSaysWhereEachEventIs,
  a_long_outbox_is_read_page_by_page: aLongOutboxIsReadPageByPage,
  an_event_is_found_by_its_day_and_its_place:
    anEventIsFoundByItsDayAndItsPlace,
  a_correction_asks_for_its_reason_first: aCorrectionAsksForItsReasonFirst,
  a_place_is_called_as_the_office_calls_it: aPlaceIsCalledAsTheOfficeCallsIt,
  what_is_to_mend_opens_at_its_fault: whatIsToMendOpensAtItsFault,
  an_event_is_voided_once_with_a_reason: anEventIsVoidedOnceWithAReason,
  an_address_cut_by_hand_leads_on: anAddressCutByHandLeadsOn,
  nothing_is_reported_of_what_was_named_and_can_be_taken_back:
    nothingIsReportedOfWhatWasNamedAndCanBeTakenBack,
  the_next_reports_stand_first_and_the_rest_is_folded:
    theNextReportsStandFirstAndTheRestIsFolded,
  every_period_is_printed: everyPeriodIsPrinted,
  a_file_is_looked_at_before_it_is_saved: aFileIsLookedAtBeforeItIsSaved,
  a_lost_answer_is_no_failure: aLostAnswerIsNoFailure,
  files_come_in_the_pages_language: filesComeInThePagesLanguage,
  a_file_that_is_too_large_is_not_sent: aFileThatIsTooLargeIsNotSent,
  text_is_never_markup: textIsNeverMarkup,
});
await browser.close();
