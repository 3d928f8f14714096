/* How one comes into an office's page, before a made-up machine, and where one
 * is then. */
import { atOffice, browser, forgive, text } from "./office_visit.mjs";
import { expect, expectEqual, runTests } from "./runner.mjs";

async function oneComesInByNameAndPin() {
  await atOffice("/hop-gui-di", async (page, office, faults) => {
    await page.click(".people button:has-text('Lan')");
    await page.waitForSelector("[name=pin]:focus");
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

/* Part of an address is where its pages begin. */
async function anAddressCutByHandLeadsOn() {
  await atOffice("/ghi-nhan", (page) =>
    page.waitForSelector("h1:has-text('Ghi nhận')"));
}

await runTests({
  one_comes_in_by_name_and_pin: oneComesInByNameAndPin,
  a_one_time_address_says_what_became_of_it: aOneTimeAddressSaysWhatBecameOfIt,
  the_head_is_one_row: theHeadIsOneRow,
  where_nobody_may_come_in_that_is_said: whereNobodyMayComeInThatIsSaid,
  an_address_cut_by_hand_leads_on: anAddressCutByHandLeadsOn,
});
await browser.close();
