/* Every page in both languages, dark and light, wide and narrow: no violation
 * of the rules for accessibility, nothing that sticks out to the side. The
 * screenshots lie in build/web-shots, to be looked at. */
import { choose, settled, shoot, violations } from "./browser.mjs";
import { expect, expectEqual, runTests } from "./runner.mjs";
import { at, browser, noSidewaysScroll } from "./visit.mjs";

const PAGES = {
  overview: "/",
  indicator: "/chi-tieu/HN18-05",
  indicator_table: "/chi-tieu/HN18-05?unit=gso3:001&view=table",
  units: "/don-vi",
  unit: "/don-vi/gso3:001",
  links: "/duong-truyen",
  reports: "/bao-cao",
  ledger: "/so-cai?event=1.1.42",
};

/* One tab for each language and width goes through all pages, and shows each
 * in both colours. */
async function lookOver(language, width) {
  const screen = { viewport: { width, height: 900 } };
  await at("/", async (page) => {
    for (const [name, address] of Object.entries(PAGES)) {
      await page.goto(address);
      await settled(page);
      for (const theme of ["light", "dark"]) {
        const what = `${name}-${language}-${theme}-${width}`;
        await page.emulateMedia({ colorScheme: theme });
        await page.waitForSelector(`html[data-theme=${theme}]`);
        expectEqual(await violations(page), [], `axe on ${what}`);
        await noSidewaysScroll(page, what);
        await shoot(page, what);
      }
      expectEqual(await page.getAttribute("html", "lang"), language, "lang");
    }
  }, { screen, before: (page) => choose(page, language, "auto") });
}

async function everyPageIsAccessible() {
  await Promise.all(["vi", "en"].map(async (language) => {
    for (const width of [360, 1280]) {
      await lookOver(language, width);
    }
  }));
}

async function signInIsAccessible() {
  for (const theme of ["light", "dark"]) {
    await at("/", async (page) => {
      expectEqual(await violations(page), [], `axe on sign-in, ${theme}`);
      await shoot(page, `sign-in-${theme}`);
    }, { mock: { signedIn: false },
      before: (page) => choose(page, "vi", theme) });
  }
}

/* Above the first line of a page. */
async function thePhonesHeadIsSmall() {
  const screen = { viewport: { width: 360, height: 740 } };
  await at("/", async (page) => {
    const { height } = await page.locator(".top").boundingBox();
    expect(height <= 740 / 8, `the head takes ${height} px of 740`);
    await page.click(".more");
    await page.click("button:has-text('English')");
    await page.waitForSelector("h2:has-text('Most behind')");
  }, { screen });
}

/* That the two checks above can fail. */
async function whatIsWrongIsSeen() {
  await at("/", async (page) => {
    await page.evaluate(() => {
      document.querySelector("h1").insertAdjacentHTML("afterend",
        '<input><p class="wide">mờ nhạt</p>');
      const wide = document.querySelector(".wide");
      wide.style.width = "200vw";
      wide.style.color = "#e0e0e0";
    });
    const found = (await violations(page)).map((one) => one.split(":")[0]);
    expect(["label", "color-contrast"].every((id) => found.includes(id)),
      `found only ${found}`);
    const error = await noSidewaysScroll(page, "it").catch((one) => one);
    expect(error?.message.includes("too wide"), "a page that sticks out");
  });
}

await runTests({
  the_phones_head_is_small: thePhonesHeadIsSmall,
  what_is_wrong_is_seen: whatIsWrongIsSeen,
  every_page_is_accessible: everyPageIsAccessible,
  sign_in_is_accessible: signInIsAccessible,
});
await browser.close();
