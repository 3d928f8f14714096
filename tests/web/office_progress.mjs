/* What is due of an office, before a made-up machine: reports of nothing, what
 * stands first, and what is printed. */
import { atOffice, browser } from "./office_visit.mjs";
import { expect, expectEqual, runTests } from "./runner.mjs";

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
    await month.locator(".status:has-text('báo một phần')").waitFor();
    await month.locator("button:has-text('Còn 2 dòng chưa báo')").click();
    expectEqual(await month.locator("li").allInnerTexts(),
      ["Số vụ án đã xử lý", "Số vụ án đã xét xử"], "what is not told");
    await month.locator("button:has-text('Báo thêm không phát sinh')").click();
    await page.click("button:has-text('Báo không phát sinh 1 chỉ tiêu')");
    await month.locator(".status:has-text('đã báo cáo')").waitFor();
    expect(await month.locator("button:has-text('Còn')").count() === 0,
      "nothing is left");
    await month.locator("button:has-text('Rút lại')").last().click();
    await month.locator("select").selectOption("typing_error");
    await month.locator("form button:has-text('Rút lại')").click();
    await month.locator(".status:has-text('báo một phần')").waitFor();
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

/* Goals stand behind a stroke there, and a line without one has none. */
async function aNarrowScreenHasNoStrokeBeforeNothing() {
  await atOffice("/tien-do", async (page) => {
    await page.waitForSelector(".c-value");
    const shown = await page.locator(".c-goal:visible").allInnerTexts();
    expectEqual(shown.map((one) => one.trim()), ["≥ 30"], "goals");
    expectEqual(await page.locator(".c-value:visible").count(), 2, "lines");
  }, { screen: { viewport: { width: 360, height: 900 } } });
}

await runTests({
  nothing_is_reported_of_what_was_named_and_can_be_taken_back:
    nothingIsReportedOfWhatWasNamedAndCanBeTakenBack,
  the_next_reports_stand_first_and_the_rest_is_folded:
    theNextReportsStandFirstAndTheRestIsFolded,
  every_period_is_printed: everyPeriodIsPrinted,
  a_narrow_screen_has_no_stroke_before_nothing:
    aNarrowScreenHasNoStrokeBeforeNothing,
});
await browser.close();
