/* visit - one page before a mock of its own, for the tests of the pages. */
import { launch, settled, sit, skipWithoutBrowser } from "./browser.mjs";
import { createMock } from "./mock.mjs";
import { expect, expectEqual } from "./runner.mjs";

skipWithoutBrowser();
export const browser = await launch({ engineOnly: true });

/* No answer is as fast as a test would like: what a test reads too early is not
 * there yet on any machine, not only on a slow one. */
const LATE_MS = Number(process.env.TALLYLINE_LATE_MS || 60);

/* A page before a mock of its own; faults of any kind fail the test. The test
 * begins when the page has its answers, or with `first`. */
export async function at(address, test, options = {}) {
  const mock = await (options.make ?? createMock)().open();
  Object.assign(mock, { late: LATE_MS }, options.mock);
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
    await (options.first ? page.waitForSelector(options.first)
      : settled(page));
    await test(page, mock, faults);
    expectEqual([...faults, ...mock.csp], [], "faults on the page");
  } finally {
    await context.close();
    mock.close();
  }
}

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
