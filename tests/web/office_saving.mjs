/* What an office's page promises of saving, before a made-up machine that goes
 * away, ends sessions and loses answers: what was typed is there again, what
 * was to be saved is saved once, and the page says which. */
import { atOffice, browser, drafts, forgive, FORM, saveByKeys, saved, signIn,
  text, typeVisit, value, VISIT } from "./office_visit.mjs";
import { expect, expectEqual, runTests, waitUntil } from "./runner.mjs";

const ROWS = 60;
const NEWER = 200;
const kept = (page) => page.waitForSelector(".kept:has-text('Đã giữ nháp')");

/* The machine goes and comes back, and knows nobody any more. */
async function comeBack(page, office) {
  office.signedIn = false;
  office.come();
  await page.waitForSelector(".notice:has-text('vẫn còn')");
  await signIn(page);
}

/* ---- what was to be saved ---- */

async function aSaveThatNobodyAnsweredIsTakenUp() {
  await atOffice(FORM, async (page, office, faults) => {
    await typeVisit(page);
    await kept(page);
    office.lose();
    await saveByKeys(page);
    await page.waitForSelector("[role=alert]:has-text('chưa trả lời')");
    expectEqual(office.events.length, 0, "saved before");
    await comeBack(page, office);
    await saved(page);
    expectEqual(office.events.map(({ cells }) => cells), [VISIT], "saved");
    await waitUntil(async () => await value(page, "est_ref") === "",
      "the next form");
    expectEqual(await text(page, ".kept"), "", "the foot");
    await waitUntil(() => drafts(office).length === 0, "no draft is left");
    forgive(faults);
  });
}

/* It was saved, and the session ended before the answer. */
async function anAnswerThatWasLostWithTheSessionIsToldAfterwards() {
  let losing = true;
  await atOffice(FORM, async (page, office, faults) => {
    await typeVisit(page);
    await saveByKeys(page);
    await waitUntil(() => office.events.length === 1, "the event");
    await page.waitForSelector("[role=alert]:has-text('chưa trả lời')");
    office.lose();
    losing = false;
    await comeBack(page, office);
    await saved(page);
    expect((await text(page, ".saved")).includes("không ghi hai lần"), "said");
    expectEqual(office.events.length, 1, "events");
    forgive(faults);
  }, { mock: { lost: (name, method) => losing && name === "events"
    && method === "POST" } });
}

/* What the rules refuse when it is asked for again is typed on. */
async function whatIsRefusedAfterSigningInIsTypedOn() {
  await atOffice(FORM, async (page, office, faults) => {
    await typeVisit(page);
    await kept(page);
    office.lose();
    await saveByKeys(page);
    await page.waitForSelector("[role=alert]:has-text('chưa trả lời')");
    office.issues = () => [{ field: "est_ref", text: "Mã đã đổi" }];
    await comeBack(page, office);
    await page.waitForSelector("#field-est_ref-issue:has-text('đã đổi')");
    office.issues = () => [];
    await page.fill("#field-est_ref", "so-99");
    await waitUntil(() => drafts(office)[0]?.cells.est_ref === "so-99",
      "the draft on the machine");
    await page.waitForSelector(".kept:not(.warn):has-text('Đã giữ nháp')");
    await saveByKeys(page);
    await saved(page);
    expectEqual(office.events.map(({ cells }) => cells.est_ref), ["@so-99"],
      "saved");
    forgive(faults);
  });
}

async function rowsThatNobodyAnsweredAreTakenUp() {
  await atOffice(`${FORM}?rows=1`, async (page, office, faults) => {
    for (const [key, cell] of Object.entries(VISIT)) {
      const field = page.locator(`[data-column=${key}]`);
      await (await field.evaluate(({ tagName }) => tagName) === "SELECT"
        ? field.selectOption(cell) : field.fill(cell));
    }
    await kept(page);
    office.lose();
    await saveByKeys(page);
    await page.waitForSelector("[role=alert]:has-text('chưa trả lời')");
    await comeBack(page, office);
    await saved(page);
    expectEqual(office.events.length, 1, "events");
    forgive(faults);
  });
}

/* Saves while nobody answers, and leaves for the list of drafts. */
async function askAndLeave(page, office) {
  await typeVisit(page);
  await kept(page);
  office.lose();
  await saveByKeys(page);
  await page.waitForSelector("[role=alert]:has-text('chưa trả lời')");
  await page.click("a[href='/']:has-text('‹')");
  office.come();
  await page.reload();
  await page.waitForSelector(".drafts li");
}

const field = (path) => (path === FORM ? "#field-est_ref"
  : "[data-column=est_ref]");

/* In this tab, or in another one. */
async function whatWasThrownAwayIsNotSaved() {
  for (const elsewhere of [false, true]) {
    for (const path of [FORM, `${FORM}?rows=1`]) {
      await atOffice(FORM, async (page, office, faults) => {
        await askAndLeave(page, office);
        const tab = elsewhere ? await page.context().newPage() : page;
        await tab.goto(office.address());
        await tab.click(".drafts li button");
        await tab.click(".drafts li .sure button.main");
        await waitUntil(() => drafts(office).length === 0, "thrown away");
        await page.goto(office.address() + path);
        await page.fill(field(path), "so-5");
        /* What was asked after, too, is a draft for a moment. */
        await waitUntil(() => drafts(office).map(({ cells }) => cells.est_ref)
          .join() === "so-5", "the draft alone");
        expectEqual(office.events.length, 0, "saved");
        forgive(faults);
      });
    }
  }
}

async function whatWasTypedOnElsewhereIsNotSavedAsItWas() {
  for (const path of [FORM, `${FORM}?rows=1`]) {
    await atOffice(FORM, async (page, office, faults) => {
      await askAndLeave(page, office);
      const other = await page.context().newPage();
      await other.goto(`${office.address()}${FORM}?draft=${
        drafts(office)[0].id}`);
      await other.waitForSelector("form.entry");
      await other.fill("#field-est_ref", "so-77");
      await waitUntil(() => drafts(office)[0].cells.est_ref === "so-77",
        "typed on");
      await page.goto(office.address() + path);
      await page.waitForSelector("form .actions button.main:not(:disabled)");
      expectEqual(await page.inputValue(field(path)), "so-77", "shown");
      expectEqual(office.events.length, 0, "saved");
      expectEqual(drafts(office)[0].cells.est_ref, "so-77", "the draft");
      forgive(faults);
    });
  }
}

/* Not asked to be saved, it is not; it stands as it was left. */
async function whatWasTypedStandsAfterSigningInAgain() {
  await atOffice(FORM, async (page, office, faults) => {
    await typeVisit(page);
    await kept(page);
    office.lose();
    await page.click(".fold button");
    await page.fill("#field-violations", "3");
    await page.waitForSelector(".kept.warn:has-text('trong trình duyệt')");
    await comeBack(page, office);
    await page.waitForSelector("#field-violations");
    expectEqual([await value(page, "violations"), await value(page,
      "inspected_on")], ["3", "05/03/2018"], "as it was left");
    await page.waitForSelector(
      ".kept:not(.warn):has-text('Đã giữ nháp'):has-text('chưa lưu')");
    expectEqual(drafts(office)[0].cells.violations, "3", "on the machine");
    expectEqual(office.events.length, 0, "saved");
    forgive(faults);
  });
}

async function moreRowsThanOneBodyTakesAreSaved() {
  const rows = Array.from({ length: ROWS }, (_, at) =>
    [String(at).padStart(32, "0"), { ...VISIT,
      document_number: `${at}/KH-UBND ${"x".repeat(1500)}` }]);
  await atOffice("/", async (page, office) => {
    rows.forEach(([id, cells]) => office.drafts.set(id, { id, cells,
      type: "inspection", person: office.who().name, change: 1,
      updated_at: "2018-03-05T03:05:00Z" }));
    await page.goto(`${FORM}?rows=1`);
    await page.waitForSelector(`tr[data-row="${ROWS - 1}"]`);
    office.asked.length = 0;
    await saveByKeys(page);
    await page.waitForSelector(`.saved li:has-text('${ROWS} dòng')`);
    expectEqual(office.events.map(({ key }) => key).sort(),
      rows.map(([id]) => id), "all of them, once");
    expect(office.asked.filter((one) => one === "events").length > 1,
      "in pieces");
  });
}

/* ---- voids and nil reports ---- */

const EVENT = "/hop-gui-di/271-1-1";
const acted = (page) =>
  page.waitForSelector("[role=status].good:has-text('đã lưu trên máy này')");

async function pressVoid(page) {
  await page.click("button:has-text('Hủy sự kiện này')");
  await page.selectOption(".void select", { index: 1 });
  await page.click(".void button.main");
  await page.waitForSelector("[role=alert]:has-text('chưa trả lời')");
}

/* Pressed while the machine is away, or done and its answer lost. */
async function aVoidThatNobodyAnsweredIsTakenUp() {
  for (const lost of [false, true]) {
    let losing = lost;
    await atOffice(EVENT, async (page, office, faults) => {
      if (!lost) {
        await page.waitForSelector("button:has-text('Hủy sự kiện này')");
        office.lose();
      }
      /* Its reasons were asked for before. */
      await page.route("**/reasons", (route) => route.fulfill({
        json: { reasons: [{ key: "typo", label: { vi: "Gõ nhầm",
          en: "Typo" } }] } }));
      await pressVoid(page);
      office.lose();
      losing = false;
      await comeBack(page, office);
      await acted(page);
      expectEqual(office.events.filter(({ voids }) => voids).length, 1,
        "voids");
      await page.waitForSelector("#main:has-text('Đã hủy')");
      await page.click(".notice.good button:has-text('Đã hiểu')");
      expectEqual(await page.locator(".notice.good button").count(), 0,
        "told once");
      forgive(faults);
    }, { events: [{}], mock: { lost: (name, method) => losing
      && method === "POST" && name.endsWith("/void") } });
  }
}

/* One who leaves its page is told elsewhere, also what was not done. */
async function aVoidGoesOnWhereverOneIs() {
  await atOffice(EVENT, async (page, office, faults) => {
    let away = true;
    await page.route("**/void", (route) => (away ? route.abort()
      : route.fulfill({ status: 409, json: { title: "no",
        detail: "đã bị hủy trước đó" } })));
    await pressVoid(page);
    await page.click("nav a:has-text('Tiến độ')");
    await page.waitForSelector("[role=status].warn:has-text('chưa trả lời')");
    away = false;
    await page.waitForSelector(
      "[role=status].bad:has-text('chưa làm được'):has-text('trước đó')");
    await page.reload();
    await page.waitForSelector(".dues");
    expectEqual(await page.locator("[role=status].notice").count(), 0,
      "it is not asked again");
    forgive(faults);
  }, { events: [{}] });
}

async function aNilReportThatNobodyAnsweredIsTakenUp() {
  await atOffice("/tien-do", async (page, office, faults) => {
    await page.click(".dues button:has-text('Không có gì')");
    await page.waitForSelector("form.nil button.main");
    office.lose();
    await page.click("form.nil button.main");
    await page.waitForSelector("[role=alert]:has-text('chưa trả lời')");
    await comeBack(page, office);
    await acted(page);
    expectEqual(office.nils.length, 1, "nil reports");
    await page.waitForSelector(".nil-done", { state: "attached" });
    forgive(faults);
  });
}

/* ---- what the page says ---- */

/* Others save meanwhile, more than a page of the outbox holds. */
async function whatTheProvinceHasIsToldHoweverMuchIsNewer() {
  await atOffice(FORM, async (page, office) => {
    await typeVisit(page);
    await saveByKeys(page);
    await page.waitForSelector(".saved li:has-text('tỉnh chưa nhận')");
    for (let at = 1; at <= NEWER; at++) {
      office.events.push(office.example(at));
    }
    office.receive();
    await page.waitForSelector(".saved li.good:has-text('tỉnh đã nhận')");
  });
}

/* Nothing is said of it before it is known. */
async function whatIsNotKnownIsNotDenied() {
  let asked;
  const answer = new Promise((resolve) => { asked = resolve; });
  await atOffice(FORM, async (page) => {
    await typeVisit(page);
    await saveByKeys(page);
    await saved(page);
    expect(!(await text(page, ".saved")).includes("tỉnh"), "too early");
    asked();
    await page.waitForSelector(".saved li:has-text('tỉnh chưa nhận')");
  }, { mock: { before: (name) => name === "received" && answer } });
}

async function anUntouchedFormSaysNothingOfDrafts() {
  await atOffice(FORM, async (page, office) => {
    await typeVisit(page);
    await saveByKeys(page);
    await saved(page);
    await waitUntil(async () => await value(page, "est_ref") === "",
      "the next form");
    expectEqual(await text(page, ".kept"), "", "of a blank form");
    await page.click(".saved a");
    await page.click(".actions a");
    await page.waitForSelector("form.entry");
    expectEqual(await text(page, ".kept"), "", "of a correction");
    await page.click("nav a:has-text('Ghi nhận')");
    office.drafts.set("a".repeat(32), { id: "a".repeat(32), cells: VISIT,
      type: "inspection", person: office.who().name, change: 1,
      updated_at: "2018-03-05T03:05:00Z" });
    await page.click("nav a:has-text('Hộp gửi đi')");
    await page.click("nav a:has-text('Ghi nhận')");
    await page.click(".drafts a");
    await kept(page);
  });
}

async function whatIsHalfTypedIsNotBlamed() {
  await atOffice(FORM, async (page) => {
    await typeVisit(page);
    const issue = page.locator("#field-est_ref-issue span");
    await page.fill("#field-est_ref", "zz");
    await page.focus("#field-inspected_on");
    await issue.first().waitFor();
    await page.focus("#field-est_ref");
    await page.keyboard.press("Control+A");
    const checked = page.waitForResponse((answer) =>
      answer.url().endsWith("/check")
      && answer.request().postData().includes("karaoke"));
    await page.keyboard.type("karaoke");
    await checked;
    expectEqual(await issue.count(), 0, "while it is typed");
  });
}

async function aCorrectionWithoutAReasonIsMarked() {
  await atOffice("/hop-gui-di/271-1-1", async (page, office) => {
    await page.click(".actions a");
    await page.waitForSelector("form.entry");
    await saveByKeys(page);
    await page.waitForSelector(".field.wrong .issue:has-text('lý do')");
    expectEqual(office.events.length, 1, "events");
    expectEqual(await page.evaluate(() => document.activeElement.name
      || document.activeElement.id), "field-reason", "the focus");
  }, { events: [{}] });
}

async function theNextVisitIsOfTheSameDay() {
  await atOffice(FORM, async (page) => {
    await typeVisit(page);
    await saveByKeys(page);
    await saved(page);
    await waitUntil(async () => await value(page, "est_ref") === "",
      "the next form");
    expectEqual(await value(page, "inspected_on"), "05/03/2018", "the day");
  });
}

await runTests({
  a_save_that_nobody_answered_is_taken_up: aSaveThatNobodyAnsweredIsTakenUp,
  an_answer_that_was_lost_with_the_session_is_told_afterwards:
    anAnswerThatWasLostWithTheSessionIsToldAfterwards,
  what_is_refused_after_signing_in_is_typed_on:
    whatIsRefusedAfterSigningInIsTypedOn,
  rows_that_nobody_answered_are_taken_up: rowsThatNobodyAnsweredAreTakenUp,
  what_was_thrown_away_is_not_saved: whatWasThrownAwayIsNotSaved,
  what_was_typed_on_elsewhere_is_not_saved_as_it_was:
    whatWasTypedOnElsewhereIsNotSavedAsItWas,
  what_was_typed_stands_after_signing_in_again:
    whatWasTypedStandsAfterSigningInAgain,
  more_rows_than_one_body_takes_are_saved: moreRowsThanOneBodyTakesAreSaved,
  what_the_province_has_is_told_however_much_is_newer:
    whatTheProvinceHasIsToldHoweverMuchIsNewer,
  what_is_not_known_is_not_denied: whatIsNotKnownIsNotDenied,
  a_void_that_nobody_answered_is_taken_up: aVoidThatNobodyAnsweredIsTakenUp,
  a_void_goes_on_wherever_one_is: aVoidGoesOnWhereverOneIs,
  a_nil_report_that_nobody_answered_is_taken_up:
    aNilReportThatNobodyAnsweredIsTakenUp,
  an_untouched_form_says_nothing_of_drafts: anUntouchedFormSaysNothingOfDrafts,
  what_is_half_typed_is_not_blamed: whatIsHalfTypedIsNotBlamed,
  a_correction_without_a_reason_is_marked: aCorrectionWithoutAReasonIsMarked,
  the_next_visit_is_of_the_same_day: theNextVisitIsOfTheSameDay,
});
await browser.close();
