/* Excel files on an office's page, before a made-up machine: looked at before
 * they are saved, and saved once. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { shoot } from "./browser.mjs";
import { atOffice, browser, forgive } from "./office_visit.mjs";
import { expect, expectEqual, runTests } from "./runner.mjs";

async function aFileIsLookedAtBeforeItIsSaved() {
  await atOffice("/nhap-excel", async (page, office) => {
    await page.setInputFiles("input[type=file]", { name: "kiem-tra.xlsx",
      mimeType: "application/octet-stream", buffer: Buffer.from("PK") });
    await page.waitForSelector("tbody th:has-text('C5')");
    await page.waitForSelector("[role=status]:has-text('2 dòng có lỗi')");
    expectEqual(await page.getAttribute("tr:has-text('A9') a", "href"),
      "/hop-gui-di/271-1-1", "the event that the row is");
    expectEqual(await page.locator("tr:has-text('C5') a").count(), 0, "links");
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
    await page.waitForSelector("[role=status]:has-text('Tỉnh chưa nhận')");
    await shoot(page, "office-sheet-saved");
  });
}

/* Whatever else waits on the machine, and however long. */
async function theProvinceHasTheRowsOfThisFile() {
  await atOffice("/nhap-excel", async (page, office) => {
    const says = (words) => page.waitForSelector(
      `section [role=status]:has-text('${words}')`);
    const arrive = (count, toMend = 0) => {
      Object.assign(office, { arrived: count, toMend });
      office.say("outbox", {});
    };
    office.events.push({ ...office.example(7), state: "saved" });
    await page.setInputFiles("input[type=file]", { name: "kiem-tra.xlsx",
      mimeType: "application/octet-stream", buffer: Buffer.from("PK") });
    await page.click("button:has-text('Chỉ lưu 21 dòng đúng')");
    await says("Tỉnh chưa nhận");
    arrive(9);
    await says("Tỉnh đã nhận 9/21 dòng");
    arrive(21, 2);
    await says("Tỉnh đã nhận 21 dòng. 2 dòng cần sửa");
    await shoot(page, "office-sheet-received");
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
    expect(!said.includes("Tỉnh"), `nobody knows which rows: ${said}`);
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

await runTests({
  a_file_is_looked_at_before_it_is_saved: aFileIsLookedAtBeforeItIsSaved,
  the_province_has_the_rows_of_this_file: theProvinceHasTheRowsOfThisFile,
  a_lost_answer_is_no_failure: aLostAnswerIsNoFailure,
  files_come_in_the_pages_language: filesComeInThePagesLanguage,
  a_file_that_is_too_large_is_not_sent: aFileThatIsTooLargeIsNotSent,
});
await browser.close();
