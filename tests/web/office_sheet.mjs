/* A sheet with two mistakes before an office's real page; office_sheet.py
 * starts it and this, and does what a line "DO what" on standard output asks
 * for. The browser's language is English: files come in the page's. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import readline from "node:readline";
import { launch, shoot, sit, skipWithoutBrowser, violations } from
  "./browser.mjs";
import { expect, expectEqual, runTests } from "./runner.mjs";

const { TALLYLINE_WEB: base, TALLYLINE_PERSON: person, TALLYLINE_PIN: pin } =
  process.env;

skipWithoutBrowser();
const answers = readline.createInterface({ input: process.stdin })[
  Symbol.asyncIterator]();
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "tallyline-"));
const browser = await launch();
const { page, faults } = await sit(browser, base);

async function order(what) {
  console.log(`DO ${what}`);
  return (await answers.next()).value;
}

const saved = async () => Number(await order("saved -"));

/* Presses a link and gives the file that comes. */
async function take(link) {
  const [download] = await Promise.all([page.waitForEvent("download"),
    page.click(link)]);
  const file = path.join(folder, download.suggestedFilename());
  await download.saveAs(file);
  return file;
}

async function give(file) {
  await page.setInputFiles("input[type=file]", file);
  await page.waitForSelector("h2:has-text('3. Xem trước')");
}

async function another() {
  await page.click("button:has-text('Chọn tệp khác')");
  await page.waitForSelector("input[type=file]");
}

const columns = () => page.locator("table").last().locator("thead th")
  .allInnerTexts();

let file;

async function theTemplateIsInHerLanguage() {
  await page.goto("/nhap-excel");
  await page.click(`.people button:has-text('${person}')`);
  await page.fill("[name=pin]", pin);
  await page.keyboard.press("Enter");
  await page.waitForSelector("h2:has-text('1. Lấy mẫu')");
  await page.selectOption(".picker select", "admin_sanction");
  file = await take("a.button[download]");
  expectEqual(path.basename(file), "mau-xu-phat-vi-pham-hanh-chinh.xlsx",
    "what it is called");
}

async function bothMistakesAreToldAtTheirCells() {
  const places = (await order(`fill ${file}`)).split(" ");
  expectEqual(places.length, 2, "mistakes");
  await give(file);
  for (const place of places) {
    await page.waitForSelector(`tbody th:has-text('${place}')`);
  }
  await page.waitForSelector("[role=status]:has-text('2 dòng có lỗi')");
  await page.waitForSelector("td:has-text('31/02/2018')");
  /* The day of a cell, as she reads it. */
  await page.waitForSelector("td:text-is('03/02/2018')");
  expectEqual(await violations(page), [], "axe");
  await shoot(page, "sheet-1-two-mistakes");
  expectEqual(await saved(), 0, "saved before she said so");
}

async function theRightOnesAreSavedAndTheOthersComeBack() {
  await page.click("button:has-text('Chỉ lưu 3 dòng đúng')");
  await page.waitForSelector("[role=status]:has-text('Đã lưu 3 dòng')");
  await page.waitForSelector(
    "[role=status]:has-text('2 dòng có lỗi, chưa lưu')");
  expectEqual(await saved(), 3, "saved");
  file = await take("a.main[download]");
  expectEqual(path.basename(file), "can-sua.xlsx", "what it is called");
  await another();
}

async function onlyTheMendedRowsAreNew() {
  file = await order(`mend ${file}`);
  await give(file);
  await page.waitForSelector("[role=status]:has-text('2 dòng đúng')");
  const names = await columns();
  expect(names.includes("Hành vi"), `columns ${names}`);
  expect(!names.some((name) => /Lỗi cần sửa|To mend/.test(name)),
    `why they came back is no column: ${names}`);
  await shoot(page, "sheet-2-mended");
  await page.click("button:has-text('Lưu cả 2 dòng')");
  await page.waitForSelector("[role=status]:has-text('Đã lưu 2 dòng')");
  expectEqual(await saved(), 5, "saved");
  await another();
}

async function theSameFileAgainAddsNothing() {
  await give(file);
  await page.waitForSelector(
    "[role=status]:has-text('2 dòng đã lưu từ trước')");
  expectEqual(await page.locator("button.main").count(), 0, "what to save");
  expectEqual(await saved(), 5, "saved");
}

await runTests({
  the_template_is_in_her_language: theTemplateIsInHerLanguage,
  both_mistakes_are_told_at_their_cells: bothMistakesAreToldAtTheirCells,
  the_right_ones_are_saved_and_the_others_come_back:
    theRightOnesAreSavedAndTheOthersComeBack,
  only_the_mended_rows_are_new: onlyTheMendedRowsAreNew,
  the_same_file_again_adds_nothing: theSameFileAgainAddsNothing,
});
expectEqual(faults, [], "faults of the page");
await browser.close();
fs.rmSync(folder, { recursive: true });
process.exit();
