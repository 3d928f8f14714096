/* office_visit - the office's page before a made-up machine, for its tests. */
import { settled } from "./browser.mjs";
import { createOffice } from "./office_mock.mjs";
import { at } from "./visit.mjs";

export { settled } from "./browser.mjs";
export { browser, forgive, noSidewaysScroll, text } from "./visit.mjs";

/* A visit to an establishment, as cells. */
export const VISIT = { inspected_on: "2018-03-05", subject_unit: "gso3:00025",
  est_ref: "EST-0271-000015-K", team_kind: "interagency_178", mode: "planned",
  result: "no_violation" };

export const ID = "0123456789abcdef0123456789abcdef";

/* The page where visits are typed, and what its tests do and look at there. */
export const FORM = "/ghi-nhan/inspection";
export const saveByKeys = (page) => page.keyboard.press("Control+Enter");
export const value = (page, key) => page.inputValue(`#field-${key}`);
export const saved = (page) => page.waitForSelector(".saved li");
export const drafts = (office) => [...office.drafts.values()];

export function atOffice(address, test, { events = [], ...options } = {}) {
  return at(address, async (page, office, faults) => {
    await test(page, office, faults);
  }, { ...options, make: () => {
    const office = createOffice();
    events.forEach((changes, place) => office.events.push({
      ...office.example(place), ...changes }));
    return office;
  } });
}

/* Loads the page anew, and waits until what `path` answers is shown. */
export async function reload(page, path) {
  const answered = page.waitForResponse((answer) =>
    answer.url().endsWith(path));
  await page.reload();
  await answered;
  await settled(page);
  await page.evaluate(() => new Promise((shown) =>
    requestAnimationFrame(() => requestAnimationFrame(shown))));
}

/* Fills in the form of a visit by keyboard alone, from its first field on. */
export async function typeVisit(page, { day = "5/3/18", place = "ngoc khanh",
  thing = "so-15" } = {}) {
  await page.waitForSelector("form.entry");
  await page.waitForFunction(() =>
    document.activeElement?.id === "field-inspected_on");
  await page.keyboard.press("Control+A");
  await page.keyboard.type(day);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Control+A");
  await page.keyboard.type(place);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => /Ngọc Khánh/.test(
    document.querySelector("#field-subject_unit").value));
  await page.keyboard.press("Enter");
  await page.keyboard.type(thing);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => /EST-/.test(
    document.querySelector("#field-est_ref").value));
  await page.keyboard.press("Enter");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Space");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Space");
}

/* By name and PIN, on the page that asks for them. */
export async function signIn(page) {
  await page.click(".people button:has-text('Lan')");
  await page.fill("[name=pin]", "123456");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".top .more");
}
