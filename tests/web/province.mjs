/* The pages before a real province; province.py starts it and this, and does
 * in the province what a line "DO what" on standard output asks for. */
import readline from "node:readline";
import { launch, settled, shoot, sit, skipWithoutBrowser, violations } from
  "./browser.mjs";
import { expect, expectEqual, runTests } from "./runner.mjs";

const { TALLYLINE_WEB: base, TALLYLINE_PASSWORD: password } = process.env;
const LINE = "HN18-05";

skipWithoutBrowser();
const answers = readline.createInterface({ input: process.stdin })[
  Symbol.asyncIterator]();
const browser = await launch();

/* Has the province do something, and gives what it says of it. */
async function order(what) {
  console.log(`DO ${what}`);
  return (await answers.next()).value;
}

/* Signs in once, as a person does, and keeps the session. */
let session;

async function signIn(page) {
  await page.goto("/");
  await page.fill("[name=name]", "lan");
  await page.fill("[name=password]", password);
  await page.keyboard.press("Enter");
  await page.waitForSelector(".who");
  session = await page.context().storageState();
}

async function signedIn(test) {
  const { page, faults, context } = await sit(browser, base,
    { storageState: session });
  try {
    await (session ? page.goto("/") : signIn(page));
    await page.waitForSelector(".who");
    await test(page, faults);
    expectEqual(faults, [], "faults on the page");
  } finally {
    await context.close();
  }
}

const row = (page, id = LINE) => page.locator(`tbody tr:has-text("${id}")`);
const live = (page) => page.waitForSelector(".freshness:not(.lost)"
  + ":has-text('Đang cập nhật')");

async function figureOf(page) {
  return Number((await row(page).locator(".figure").innerText())
    .replace(/\D/g, ""));
}

function becomes(page, value) {
  return page.waitForFunction(([id, wanted]) =>
    [...document.querySelectorAll("tbody tr")].some((one) =>
      one.innerText.includes(id)
      && one.querySelector(".figure").innerText.trim() === wanted),
  [LINE, String(value)]);
}

async function aFigureMovesWhenAnOfficeRecords() {
  await signedIn(async (page) => {
    await live(page);
    const before = await figureOf(page);
    expect(before > 0, "the sample year is there");
    await order("record");
    await becomes(page, before + 1);
    await shoot(page, "province-overview");
    await page.reload();
    await becomes(page, before + 1);
  });
}

async function fromTheProvinceToACommune() {
  await signedIn(async (page) => {
    await row(page).locator("a").click();
    await page.waitForSelector("h2:has-text('Cách tính')");
    await shoot(page, "province-indicator");
    await page.click(".tiles a:has-text('Ba Đình')");
    await page.waitForSelector("h2:has-text('Theo xã')");
    await shoot(page, "province-district");
    await page.click(".tiles a:has-text('Ngọc Khánh')");
    await page.waitForSelector("nav.way:has-text('Ngọc Khánh')");
    await shoot(page, "province-commune");
    await page.click("main a:has-text('Trang của đơn vị này')");
    await page.waitForSelector("h1:has-text('Ngọc Khánh')");
    await page.click("nav.way a:has-text('Ba Đình')");
    await page.waitForSelector("h1:has-text('Ba Đình')");
    await page.waitForSelector("th:has-text('Phòng'), th:has-text('Office')");
    await shoot(page, "province-unit");
    await page.goBack();
    await page.waitForSelector("h1:has-text('Ngọc Khánh')");
  });
}

async function anotherPeriodAndAnotherLanguage() {
  await signedIn(async (page) => {
    await page.selectOption(".picker select", "nd09_2019/2018-H1");
    await page.waitForSelector(".coordinates:has-text('15/12/2017')");
    const half = await figureOf(page);
    await page.selectOption(".picker select", "calendar/2018-Q1");
    await page.waitForSelector(".coordinates:has-text('31/03/2018')");
    expect(await figureOf(page) <= half, "a quarter is no more than a half");
    await page.click("button:has-text('English')");
    await page.waitForSelector("h2:has-text('Most behind')");
    expectEqual(await page.getAttribute("html", "lang"), "en", "lang");
    expect(page.url().includes("period=2018-Q1"), "the period stays");
    await shoot(page, "province-english");
  });
}

async function aLostConnectionComesBack() {
  await signedIn(async (page, faults) => {
    await live(page);
    const before = await figureOf(page);
    await order("cut");
    await page.waitForSelector(".freshness.lost:has-text('Mất kết nối')");
    await order("record");
    expectEqual(await figureOf(page), before, "the figure while away");
    await order("heal");
    await live(page);
    await becomes(page, before + 1);
    faults.splice(0, faults.length, ...faults.filter((one) =>
      !/ERR_|Failed to load resource/.test(one)));
  });
}

async function aOneTimeAddressOpensTheDashboardOnce() {
  const address = await order("invite");
  for (const [time, shown] of [["first", ".who"], ["second", "[role=alert]"]]) {
    const { page, context } = await sit(browser, base);
    await page.goto(address);
    await page.waitForSelector(shown);
    expect(!page.url().includes("#"), `the secret stays the ${time} time`);
    await context.close();
  }
}

async function aSilentOfficeIsFound() {
  await signedIn(async (page) => {
    await page.waitForSelector(".card:has-text('Lâu nhất chưa liên lạc')"
      + ":has-text('Office 2'):has-text('mất liên lạc')");
    await page.click("nav a:has-text('Đường truyền')");
    await page.waitForSelector("tbody tr:first-child:has-text('Office 2')");
    await page.waitForSelector("tbody tr:has-text('Tây Hồ')"
      + ":has-text('chưa đăng ký')");
    await shoot(page, "province-links");
    await order("wake");
    await page.waitForSelector("tbody tr:has-text('Office 2')"
      + ":has-text('đang kết nối')");
  });
}

async function aReportIsPrintedAndOpenedAgain() {
  await signedIn(async (page) => {
    await page.click("nav a:has-text('Báo cáo')");
    await page.selectOption(".card select", "calendar/2018-Q2");
    const quarter = page.locator(".card");
    await page.waitForSelector("h2:has-text('quý 2/2018')");
    await shoot(page, "province-reports");
    const waiting = page.waitForEvent("download");
    await quarter.locator("a:has-text('Tải Excel')").click();
    const download = await waiting;
    expectEqual(download.suggestedFilename(),
      "bao-cao-ha-noi-2018-quy-2.xlsx", "name of the file");
    expectEqual(await order(`open ${await download.path()}`), "same",
      "the workbook beside the command's");
    const [paper] = await Promise.all([page.context().waitForEvent("page"),
      quarter.locator("a:has-text('Bản in')").click()]);
    await paper.waitForLoadState();
    await paper.waitForSelector("table");
    const font = await paper.evaluate(() =>
      getComputedStyle(document.querySelector("table")).borderCollapse);
    expectEqual(font, "collapse", "the paper has its layout");
    const pdf = await paper.pdf({ preferCSSPageSize: true });
    expect(pdf.subarray(0, 5).toString() === "%PDF-", "a paper");
  });
}

async function anAuditorFindsAnEvent() {
  await signedIn(async (page) => {
    const event = await order("correct");
    await page.click("nav a:has-text('Sổ cái')");
    await page.fill("[name=event]", event);
    await page.keyboard.press("Enter");
    await page.waitForSelector("h3:has-text('Chuỗi đính chính')");
    expectEqual(await page.locator("text=đang có hiệu lực").count(), 1,
      "versions that stand");
    await shoot(page, "province-ledger");
  });
}

async function allPagesSayNothingOnTheConsole() {
  await signedIn(async (page) => {
    for (const name of ["Tổng quan", "Đơn vị", "Đường truyền", "Báo cáo",
      "Sổ cái"]) {
      await page.click(`nav a:has-text('${name}')`);
      await page.waitForSelector(`nav a[aria-current]:has-text('${name}')`);
      await settled(page);
      expectEqual(await page.locator("[role=alert]").count(), 0,
        `troubles on ${name}`);
      expectEqual(await violations(page), [], `axe on ${name}`);
    }
    await page.click(".who button");
    await page.waitForSelector("[name=password]");
  });
}

await runTests({
  a_figure_moves_when_an_office_records: aFigureMovesWhenAnOfficeRecords,
  from_the_province_to_a_commune: fromTheProvinceToACommune,
  another_period_and_another_language: anotherPeriodAndAnotherLanguage,
  a_lost_connection_comes_back: aLostConnectionComesBack,
  a_one_time_address_opens_the_dashboard_once:
    aOneTimeAddressOpensTheDashboardOnce,
  a_silent_office_is_found: aSilentOfficeIsFound,
  a_report_is_printed_and_opened_again: aReportIsPrintedAndOpenedAgain,
  an_auditor_finds_an_event: anAuditorFindsAnEvent,
  all_pages_say_nothing_on_the_console: allPagesSayNothingOnTheConsole,
});
await browser.close();
process.exit();
