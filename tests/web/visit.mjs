/* visit - one page before a mock of its own, for the tests of the pages. */
import { launch, sit, skipWithoutBrowser } from "./browser.mjs";
import { createMock } from "./mock.mjs";
import { expect, expectEqual } from "./runner.mjs";

skipWithoutBrowser();
export const browser = await launch();

/* A page before a mock of its own; faults of any kind fail the test. */
export async function at(address, test, options = {}) {
  const mock = await createMock().open();
  Object.assign(mock, options.mock);
  const { page, faults, context } = await sit(browser, mock.address(),
    options.screen);
  try {
    await page.addInitScript((signedIn) => {
      localStorage["tallyline-session"] ??= signedIn;
    }, mock.signedIn ? "1" : "");
    if (options.before) {
      await options.before(page);
    }
    await page.goto(address);
    await page.waitForSelector(options.first || "h1");
    await test(page, mock, faults);
    expectEqual([...faults, ...mock.csp], [], "faults on the page");
  } finally {
    await context.close();
    mock.close();
  }
}

export const settled = (page) => page.waitForFunction(() =>
  !document.querySelector('[role="status"].empty'));
export const text = (page, selector) =>
  page.locator(selector).first().innerText();
/* What a lost connection rightly puts on the console. */
export const forgive = (faults) => faults.splice(0, faults.length,
  ...faults.filter((one) => !/ERR_|Failed to load resource/.test(one)));

export async function noSidewaysScroll(page, what) {
  const over = await page.evaluate(() =>
    document.documentElement.scrollWidth - innerWidth);
  expect(over <= 0, `${what} is ${over} px too wide`);
}
