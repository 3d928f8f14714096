/* What an office's page promises of what is typed, before a made-up machine:
 * nothing is lost, and nothing is saved twice. */
import { shoot } from "./browser.mjs";
import { atOffice, browser, drafts, forgive, FORM, ID, reload, saveByKeys,
  saved, settled, text, typeVisit, value, VISIT } from "./office_visit.mjs";
import { expect, expectEqual, runTests, waitUntil } from "./runner.mjs";

/* ---- one event ---- */

async function aVisitIsSavedByKeyboardAlone() {
  await atOffice(FORM, async (page, office) => {
    await typeVisit(page);
    await saveByKeys(page);
    await saved(page);
    expectEqual(office.events.map(({ cells }) => cells), [VISIT], "saved");
    await page.waitForSelector(".saved li:has-text('tỉnh chưa nhận')");
    office.receive();
    await page.waitForSelector(".saved li.good:has-text('tỉnh đã nhận')");
    expect(/^\S*\s*Lượt kiểm tra cơ sở, so-15 · Không vi phạm:\s/.test(
      await text(page, ".saved li")), "which, and no blank before the colon");
    expectEqual(await value(page, "subject_unit"), "Phường Ngọc Khánh",
      "the last unit is there again");
    expectEqual(await value(page, "est_ref"), "", "what is not carried on");
  });
}

/* Enter came before the list of the office's places. */
async function whoTypesSoonerThanThePlacesComeWaitsForThem() {
  let come;
  const coming = new Promise((resolve) => {
    come = resolve;
  });
  await atOffice(FORM, async (page) => {
    await page.fill("#field-subject_unit", "ngoc khanh");
    await page.press("#field-subject_unit", "Enter");
    come();
    await waitUntil(async () =>
      await value(page, "subject_unit") === "Phường Ngọc Khánh", "the place");
  }, { mock: { before: (name) => (name === "units" ? coming : undefined) } });
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
    await reload(page, "/check");
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
    await reload(page, "/drafts");
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

await runTests({
  a_visit_is_saved_by_keyboard_alone: aVisitIsSavedByKeyboardAlone,
  who_types_sooner_than_the_places_come_waits_for_them:
    whoTypesSoonerThanThePlacesComeWaitsForThem,
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
});
await browser.close();
