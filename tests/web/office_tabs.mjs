/* What an office's page promises whoever has it open twice, or with another
 * person: of two texts of one draft neither is lost, nothing is saved that
 * nobody chose, and who is behind is told so. */
import { atOffice, browser, drafts, forgive, FORM, saveByKeys, saved, text,
  typeVisit, value, VISIT } from "./office_visit.mjs";
import { expect, expectEqual, runTests, waitUntil } from "./runner.mjs";

/* A name gets its @ when its field is left. */
const bare = (name) => name.replace("@", "");
const things = (office) => drafts(office).map(({ cells }) =>
  bare(cells.est_ref)).sort().join();
const kept = (page) => page.waitForSelector(".kept:has-text('Đã giữ nháp')");
const overtaken = (page) => page.waitForSelector(".overtaken");
const press = (page, words) =>
  page.click(`.overtaken button:has-text('${words}')`);

/* ---- in the browser ---- */

async function tabsKeepTheirDraftsApart() {
  await atOffice(FORM, async (page, office, faults) => {
    const other = await page.context().newPage();
    await other.goto(FORM);
    await other.waitForSelector("form.entry");
    office.lose();
    for (const [tab, thing] of [[page, "so-1"], [other, "so-2"]]) {
      await tab.fill("#field-est_ref", thing);
      await tab.waitForSelector(".kept.warn");
    }
    await page.close();
    await other.close();
    office.come();
    const third = await browser.contexts()[0].newPage();
    await third.goto(office.address());
    await waitUntil(() => drafts(office).length === 2, "both drafts");
    expectEqual(drafts(office).map(({ cells }) => cells.est_ref).sort(),
      ["so-1", "so-2"], "what was typed");
    forgive(faults);
  });
}

/* A tab that was opened while the machine was away knows an old text. */
async function anOldTextOfAnotherTabIsNotBroughtBack() {
  await atOffice(FORM, async (page, office, faults) => {
    await page.waitForSelector("form.entry");
    await page.route("**/api/v1/drafts/*", (route) => route.abort());
    await page.fill("#field-est_ref", "so-1");
    await page.waitForSelector(".kept.warn");
    const other = await page.context().newPage();
    await other.route("**/api/v1/drafts/*", (route) => route.abort());
    await other.goto("/");
    await other.waitForSelector(".drafts li");
    await page.unroute("**/api/v1/drafts/*");
    await page.fill("#field-est_ref", "so-15");
    await page.waitForSelector(".kept:not(.warn):has-text('Đã giữ nháp')");
    await other.unroute("**/api/v1/drafts/*");
    const asked = office.asked.length;
    await other.click("nav a:has-text('Hộp gửi đi')");
    await other.click("nav a:has-text('Ghi nhận')");
    await other.waitForSelector(".drafts li");
    await waitUntil(() => office.asked.slice(asked).includes("drafts"),
      "the list");
    expectEqual(drafts(office).map(({ cells }) => cells.est_ref), ["so-15"],
      "on the machine");
    expectEqual(await other.evaluate(() => Object.keys(localStorage)
      .filter((key) => key.startsWith("tallyline-draft"))), [],
    "in the browser");
    forgive(faults);
  });
}

/* It was typed while the machine was away, from a text that another tab went
 * on with in another way. */
async function whatAClosedTabTypedBecomesADraftOfItsOwn() {
  await atTwoTabs(async ({ page, other, office }) => {
    await other.route("**/api/v1/drafts/*", (route) => route.abort());
    await other.fill("#field-est_ref", "so-99");
    await other.waitForSelector(".kept.warn");
    const typed = await other.evaluate(() => ({ ...localStorage }));
    await other.close();
    await page.evaluate(() => Object.keys(localStorage).forEach((key) =>
      key.startsWith("tallyline-draft") && localStorage.removeItem(key)));
    await page.fill("#field-est_ref", "so-15");
    await waitUntil(() => things(office) === "so-15", "the newer text");
    await kept(page);
    const third = await page.context().newPage();
    await third.addInitScript((all) => Object.assign(localStorage, all), typed);
    await third.goto(office.address());
    await third.waitForSelector(".drafts li:nth-child(2)");
    await waitUntil(() => things(office) === "so-15,so-99", "both texts");
  });
}

/* ---- one draft, two tabs ---- */

/* Both have the draft open, with the same text. */
async function atTwoTabs(test, path = FORM) {
  await atOffice(FORM, async (page, office, faults) => {
    await page.waitForSelector("form.entry");
    await page.fill("#field-est_ref", "so-1");
    await kept(page);
    await waitUntil(() => things(office) === "so-1", "the draft");
    const other = await page.context().newPage();
    await other.goto(path === FORM ? `${office.address()}${FORM}?draft=${
      drafts(office)[0].id}` : office.address() + path);
    await other.waitForSelector("form .actions button.main:not(:disabled)");
    await test({ page, other, office });
    forgive(faults);
  });
}

/* The one goes on, and the other types as many keys as it likes. */
async function typeInBoth({ page, other, office },
  field = "#field-est_ref") {
  await page.fill("#field-est_ref", "so-15");
  await waitUntil(() => things(office) === "so-15", "the newer text");
  await kept(page);
  await other.fill(field, "so-99");
  await overtaken(other);
}

async function whatAnotherTabTypedIsNotTypedOver() {
  await atTwoTabs(async ({ page, other, office }) => {
    await typeInBoth({ page, other, office });
    expectEqual(await other.isDisabled("#field-est_ref"), true, "typed on");
    expectEqual(await other.locator("form .main").count(), 0, "saved from it");
    const words = await text(other, ".overtaken");
    expect(words.includes("chưa được giữ"), words);
    await saveByKeys(other);
    expectEqual([things(office), office.events.length], ["so-15", 0],
      "on the machine");
    await press(other, "mở bản mới hơn");
    await waitUntil(async () => bare(await value(other, "est_ref"))
      === "so-15", "the newer text is shown");
    await other.fill("#field-est_ref", "so-16");
    await waitUntil(() => things(office) === "so-16", "typed on from there");
    await page.fill("#field-est_ref", "so-17");
    await overtaken(page);
    expectEqual(things(office), "so-16", "the first one is behind now");
  });
}

async function whoIsBehindKeepsTheirTextAsADraftOfItsOwn() {
  await atTwoTabs(async ({ page, other, office }) => {
    await typeInBoth({ page, other, office });
    await press(other, "nháp riêng");
    await waitUntil(() => things(office) === "so-15,so-99", "both texts");
    await other.waitForSelector(".kept:has-text('Đã giữ nháp')");
    expectEqual(bare(await value(other, "est_ref")), "so-99", "shown");
    await other.fill("#field-est_ref", "so-98");
    await waitUntil(() => things(office) === "so-15,so-98", "typed on");
  });
}

/* It has not heard yet that there is a newer one. */
async function aSaveFromBehindLeavesTheNewerText() {
  for (const path of [FORM, `${FORM}?rows=1`]) {
    await atTwoTabs(async ({ page, other, office }) => {
      await other.route("**/api/v1/drafts/*", (route) => route.abort());
      await other.fill(path === FORM ? "#field-est_ref"
        : "[data-column=est_ref]", "so-99");
      await other.waitForSelector(".kept.warn");
      await other.evaluate(() => Object.keys(localStorage).forEach((key) =>
        key.startsWith("tallyline-draft") && localStorage.removeItem(key)));
      await page.fill("#field-est_ref", "so-15");
      await waitUntil(() => things(office) === "so-15", "the newer text");
      office.issues = () => [];
      await saveByKeys(other);
      await overtaken(other);
      expectEqual([things(office), office.events.length], ["so-15", 0],
        "on the machine");
    }, path);
  }
}

async function aRowThatIsBehindIsLeftAlone() {
  await atTwoTabs(async ({ page, other, office }) => {
    office.issues = () => [];
    await typeInBoth({ page, other, office }, "[data-column=est_ref]");
    await other.click("button:has-text('Thêm dòng')");
    await other.fill("tr[data-row='1'] [data-column=est_ref]", "so-2");
    await other.click("form .main");
    await saved(other);
    expectEqual(office.events.map(({ cells }) => bare(cells.est_ref)),
      ["so-2"], "saved");
    expectEqual(things(office), "so-15", "the newer text");
    await press(other, "mở bản mới hơn");
    await waitUntil(async () => await other.locator("#field-est_ref").count()
      && bare(await value(other, "est_ref")) === "so-15", "it is shown");
  }, `${FORM}?rows=1`);
}

/* ---- saved in another tab ---- */

async function whatWasSavedElsewhereLeadsToItsEvent() {
  for (const late of [false, true]) {
    await atOffice(FORM, async (page, office, faults) => {
      await typeVisit(page);
      await kept(page);
      const other = await page.context().newPage();
      await other.goto(`${office.address()}${FORM}?draft=${
        drafts(office)[0].id}`);
      await other.waitForSelector("form.entry");
      await saveByKeys(page);
      await saved(page);
      if (late) {
        await other.route("**/api/v1/drafts/*", (route) => route.abort());
      }
      await other.check("[value=violation]");
      if (late) {
        await saveByKeys(other);
      }
      await overtaken(other);
      expectEqual(await other.getAttribute(".overtaken a", "href"),
        "/hop-gui-di/271-1-1", "the event");
      await press(other, "Bỏ phần gõ ở đây");
      await other.waitForSelector("h1:has-text('Ghi nhận')");
      expectEqual([office.events.map(({ cells }) => cells), things(office)],
        [[VISIT], ""], "one event");
      forgive(faults);
    });
  }
}

/* ---- signed in anew in another tab ---- */

const signInElsewhere = (office, changes) => {
  const who = { ...office.who(), csrf: "anew", ...changes };
  office.who = () => who;
};

async function whoHasSignedInAnewElsewhereGoesOn() {
  await atOffice(FORM, async (page, office, faults) => {
    await typeVisit(page);
    await kept(page);
    signInElsewhere(office, {});
    await page.fill("#field-est_ref", "so-16");
    await waitUntil(() => things(office) === "so-16", "the draft");
    signInElsewhere(office, { csrf: "once more" });
    await saveByKeys(page);
    await saved(page);
    expectEqual(office.events.length, 1, "events");
    forgive(faults);
  });
}

/* Nothing is saved by another person than who typed it. */
async function anotherPersonsSessionIsTold() {
  await atOffice(FORM, async (page, office, faults) => {
    const { name } = office.who();
    await typeVisit(page);
    await kept(page);
    signInElsewhere(office, { name: "Trần Văn Minh" });
    await saveByKeys(page);
    await page.waitForSelector(`[role=alert]:has-text('nháp của ${name}')`);
    await page.waitForSelector(".top .more:has-text('Trần Văn Minh')");
    expectEqual([office.events.length, drafts(office)[0].person], [0, name],
      "saved");
    signInElsewhere(office, { name, csrf: "again" });
    await page.reload();
    await saved(page);
    expectEqual(office.events.map(({ cells }) => cells), [VISIT],
      "by who pressed");
    forgive(faults);
  });
}

/* The machine makes its list before a text comes, and the answer is behind it.
 */
async function whatIsKeptWhileTheListIsAskedForIsInIt() {
  await atOffice(FORM, async (page, office) => {
    await page.waitForSelector("form.entry");
    await page.route("**/api/v1/drafts", async (route) => {
      const response = await route.fetch();
      await page.waitForFunction(() =>
        Object.keys(localStorage).every((key) => !key.includes("draft")));
      await route.fulfill({ response });
    });
    await page.fill("#field-est_ref", "so-16");
    await page.click("nav a:has-text('Ghi nhận')");
    await page.waitForSelector(".drafts li:has-text('so-16')");
    expectEqual(things(office), "so-16", "on the machine");
  });
}

await runTests({
  what_is_kept_while_the_list_is_asked_for_is_in_it:
    whatIsKeptWhileTheListIsAskedForIsInIt,
  who_has_signed_in_anew_elsewhere_goes_on: whoHasSignedInAnewElsewhereGoesOn,
  another_persons_session_is_told: anotherPersonsSessionIsTold,
  tabs_keep_their_drafts_apart: tabsKeepTheirDraftsApart,
  an_old_text_of_another_tab_is_not_brought_back:
    anOldTextOfAnotherTabIsNotBroughtBack,
  what_a_closed_tab_typed_becomes_a_draft_of_its_own:
    whatAClosedTabTypedBecomesADraftOfItsOwn,
  what_another_tab_typed_is_not_typed_over: whatAnotherTabTypedIsNotTypedOver,
  who_is_behind_keeps_their_text_as_a_draft_of_its_own:
    whoIsBehindKeepsTheirTextAsADraftOfItsOwn,
  a_save_from_behind_leaves_the_newer_text: aSaveFromBehindLeavesTheNewerText,
  a_row_that_is_behind_is_left_alone: aRowThatIsBehindIsLeftAlone,
  what_was_saved_elsewhere_leads_to_its_event:
    whatWasSavedElsewhereLeadsToItsEvent,
});
await browser.close();
