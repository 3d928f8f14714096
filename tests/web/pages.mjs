/* The pages in a browser, answered by mock.mjs: who signs in, what the address
 * says, the keyboard, paper, texts that are no markup. What moves by itself is
 * in live.mjs, what a real province does in province.mjs. */
import fs from "node:fs";
import path from "node:path";
import { settled, shoot } from "./browser.mjs";
import { BUILT } from "./server.mjs";
import { expect, expectEqual, runTests, waitUntil } from "./runner.mjs";
import { at, browser, forgive, noSidewaysScroll, text } from "./visit.mjs";

async function onePersonSignsIn() {
  await at("/duong-truyen?q=x", async (page, mock, faults) => {
    await shoot(page, "sign-in");
    await page.fill("[name=name]", "lan");
    await page.fill("[name=password]", "wrong");
    await page.keyboard.press("Enter");
    expect((await text(page, "[role=alert]")).includes("không đúng"),
      "a wrong password is said");
    expectEqual(await page.evaluate(() => document.activeElement.name),
      "password", "where one goes on");
    await page.fill("[name=password]", "right");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".who");
    expect(page.url().endsWith("/duong-truyen?q=x"), "the page asked for");
    await settled(page);
    expectEqual(faults, [], "faults while one is signed in");
    await page.click(".who button");
    await page.waitForSelector("[name=password]");
    expect(!mock.signedIn, "signed out with the token");
    /* What the page asked in the moment of leaving is refused. */
    forgive(faults);
  }, { mock: { signedIn: false } });
}

async function aSessionThatEndsIsSaid() {
  await at("/bao-cao", async (page, mock, faults) => {
    mock.signedIn = false;
    await page.click("nav a:has-text('Sổ cái')");
    await page.waitForSelector("[role=status]:has-text('đã kết thúc')");
    await page.fill("[name=name]", "lan");
    await page.fill("[name=password]", "right");
    await page.keyboard.press("Enter");
    await page.waitForSelector("h1:has-text('Sổ cái')");
    forgive(faults);
  });
}

/* The stream ends with it: the page asks who is signed in, and gets no error. */
async function aSessionEndsWithoutAnError() {
  await at("/bao-cao", async (page, mock) => {
    await waitUntil(() => mock.listeners() === 1, "the stream");
    mock.signOff();
    await page.waitForSelector("[role=status]:has-text('đã kết thúc')");
    expect(page.url().endsWith("/bao-cao"), "the page stays to come back to");
  });
}

async function aOneTimeAddressSignsInOnce() {
  await at("/dang-nhap#once", async (page) => {
    await page.waitForSelector(".who");
    expectEqual(new URL(page.url()).pathname + new URL(page.url()).hash, "/",
      "address without the secret");
    await page.reload();
    await page.waitForSelector(".who");
  }, { mock: { signedIn: false } });
  await at("/dang-nhap#used", async (page) => {
    expect((await text(page, "[role=alert]")).includes("đã dùng"),
      "a used address is said");
  }, { mock: { signedIn: false } });
  await at("/dang-nhap#used", async (page) => {
    await page.waitForURL((url) => url.pathname + url.hash === "/");
    expectEqual(await page.locator(".cards").count(), 1,
      "who is signed in needs no address");
  });
}

async function textIsNeverRun() {
  const bad = '"><img src=x onerror=alert(1)><script>alert(1)</script>';
  const poison = (value, key) => {
    if (Array.isArray(value)) {
      return value.map((one) => poison(one, key));
    }
    if (value && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([name, one]) =>
        [name, poison(one, name)]));
    }
    return ["vi", "en", "name", "type", "origin", "software", "field",
      "number"].includes(key) && typeof value === "string"
      ? `${bad}${value}` : value;
  };
  for (const address of ["/", "/chi-tieu/HN18-05", "/don-vi",
    "/don-vi/gso3:001", "/duong-truyen", "/bao-cao", "/so-cai?event=1.1.42"]) {
    await at(address, async (page) => {
      page.on("dialog", () => { throw new Error("a script ran"); });
      expectEqual(await page.locator("img, main script").count(), 0,
        `markup from texts on ${address}`);
      expect((await text(page, "main")).includes("<img src=x"),
        `the text as it is on ${address}`);
    }, { mock: { change: poison } });
  }
}

const row = (page) => page.locator("tbody tr").first().innerText();

async function theAddressSaysAll() {
  await at("/", async (page) => {
    await page.selectOption(".picker select", "nd09_2019/2018-H1");
    await page.waitForURL("**/?regime=nd09_2019&period=2018-H1");
    await page.waitForFunction(() =>
      document.querySelectorAll("tbody tr").length === 4);
    await page.click("text=Kiểm tra ít nhất 470 lượt cơ sở");
    await page.waitForSelector(".tiles");
    expect(page.url().includes("period=2018-H1"), "the period stays");
    await page.click(".tiles a:has-text('Tây Hồ')");
    await page.waitForSelector("text=Theo xã");
    expect(page.url().includes("unit=gso3%3A003"), "the unit is there");
    await page.click("nav.way a");
    await page.waitForSelector("text=Theo huyện");
    await page.goBack();
    await page.waitForSelector("text=Theo xã");
    await page.goBack();
    await page.waitForSelector("text=Theo huyện");
    await page.goBack();
    await page.waitForSelector(".cards");
    await page.click(".pills button:has-text('chậm tiến độ')");
    await page.reload();
    await page.waitForSelector(".pills [aria-pressed=true]");
    expect(page.url().includes("status=behind"), "the filter stays");
  });
}

async function searchNeedsNoMarks() {
  await at("/don-vi", async (page) => {
    await page.fill("[type=search]", "tay ho");
    await page.waitForFunction(() =>
      document.querySelectorAll("tbody tr").length === 1);
    expect((await row(page)).includes("Tây Hồ"), "the unit");
    await page.fill("[type=search]", "dong da");
    await page.waitForSelector("th:has-text('Đống Đa')");
  });
}

async function theKeyboardGoesEverywhere() {
  await at("/", async (page) => {
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expectEqual(await page.evaluate(() => document.activeElement.id), "main",
      "the skip link");
    const seen = new Set();
    for (let step = 0; step < 40; step++) {
      await page.keyboard.press("Tab");
      seen.add(await page.evaluate(() => {
        const { outlineStyle } = getComputedStyle(document.activeElement);
        return `${document.activeElement.tagName} ${outlineStyle}`;
      }));
    }
    const named = [...seen].filter((one) => !one.startsWith("BODY"));
    expect(named.length >= 4 && named.every((one) => !one.endsWith(" none")),
      `a focus that is seen: ${named.join(", ")}`);
    await page.focus("thead button:has-text('So với kế hoạch')");
    await page.keyboard.press("Enter");
    expectEqual(await page.getAttribute("thead th[aria-sort]", "aria-sort"),
      "ascending", "sorted by key");
    await page.focus("nav a:has-text('Đường truyền')");
    await page.keyboard.press("Enter");
    await page.waitForSelector("h1:has-text('Đường truyền')");
  });
}

const focused = (page, tag, what) => page.waitForFunction(([name, wanted]) => {
  const { tagName, innerText } = document.activeElement;
  return tagName === name && innerText.includes(wanted);
}, [tag, what]);

/* Who hears a page is told its title; who goes back is where it was left, also
 * when the page was loaded anew meanwhile. */
async function oneArrivesWhereOneShould() {
  await at("/", async (page) => {
    const link = page.locator("tbody a").nth(9);
    const name = await link.innerText();
    await link.focus();
    await page.waitForFunction(() => scrollY > 0);
    const left = await page.evaluate(() => scrollY);
    await page.keyboard.press("Enter");
    await page.waitForSelector(".tiles");
    await focused(page, "H1", "Kiểm tra ít nhất 470");
    expectEqual(await page.evaluate(() => scrollY), 0, "at the title");
    await page.waitForFunction(() => document.title.startsWith("Kiểm tra"));
    await page.goBack();
    await focused(page, "A", name);
    expectEqual(await page.evaluate(() => scrollY), left, "where it was left");
    await page.evaluate(() => scrollTo(0, 40));
    await page.waitForFunction(() => history.state.y === 40);
    await page.reload();
    await page.waitForFunction(() => scrollY === 40);
  });
}

async function theRoleDecidesWhatIsOffered() {
  await at("/", async (page) => {
    expectEqual(await page.locator("nav a:has-text('Sổ cái')").count(), 0,
      "the ledger for a district");
  }, { mock: { role: "district" } });
  await at("/so-cai", async (page) => {
    expectEqual(await page.locator("form").count(), 0, "search for a viewer");
  }, { mock: { role: "viewer" } });
  await at("/so-cai", async (page) => {
    await page.fill("[name=event]", "1.1.42");
    await page.keyboard.press("Enter");
    await page.waitForSelector("text=Chuỗi đính chính");
    expectEqual(await page.locator("b:has-text('đang có hiệu lực')").count(),
      1, "versions that stand");
  }, { mock: { role: "auditor" } });
}

async function theOrderOfATableIsInItsAddress() {
  const shares = (page) => page.locator("td.c-share").allInnerTexts();
  await at("/", async (page) => {
    const button = page.locator("thead button:has-text('So với kế hoạch')");
    await button.click();
    await page.waitForURL("**/?sort=share");
    await button.click();
    await page.waitForURL("**/?sort=-share");
    await page.reload();
    await settled(page);
    const found = (await shares(page)).map((one) => one.trim());
    expectEqual(found[0], "90%", "the most first");
    expectEqual(found.slice(-3), ["", "", ""], "those without a value last");
  });
}

async function anAddressThatNamesNothingLeadsBack() {
  await at("/khong-co", async (page) => {
    await page.click("main a");
    await page.waitForSelector(".cards");
  });
  await at("/chi-tieu/KHONG?period=2018-H9&regime=x", async (page, mock,
    faults) => {
    mock.answers = mock.answers.filter(([, pattern]) =>
      !pattern.test("indicators/KHONG"));
    await page.reload();
    await page.click("[role=alert] a:has-text('Về trang đầu')");
    await page.waitForSelector(".cards");
    expectEqual(new URL(page.url()).search, "", "without the wrong period");
    forgive(faults);
  });
}

async function paperHasTheTables() {
  await at("/chi-tieu/HN18-05", async (page) => {
    await page.emulateMedia({ media: "print" });
    for (const [selector, shown] of [[".top", false], [".tiles", false],
      [".picker", false], [".printed table", true], [".fold table", true],
      [".chart", true]]) {
      expectEqual(await page.locator(selector).first().isVisible(), shown,
        `${selector} on paper`);
    }
    const pdf = await page.pdf({ preferCSSPageSize: true });
    fs.writeFileSync(path.join(BUILT, "..", "web-print.pdf"), pdf);
    expect(pdf.length > 10000, "a paper");
  });
}

async function textMayBeTwiceAsLarge() {
  const screen = { viewport: { width: 640, height: 450 } };
  await at("/", (page) => noSidewaysScroll(page, "200 %"), { screen });
}

async function whatDoesNotAnswerIsSaid() {
  await at("/khong-co", async (page) => {
    expect((await text(page, "h1")).includes("Không tìm thấy"), "no page");
  });
  await at("/", async (page, mock, faults) => {
    mock.lose();
    await page.click("nav a:has-text('Sổ cái')");
    await page.waitForSelector("[role=alert]:has-text('Không liên lạc')");
    forgive(faults);
  });
}

await runTests({
  one_person_signs_in: onePersonSignsIn,
  a_session_that_ends_is_said: aSessionThatEndsIsSaid,
  a_session_ends_without_an_error: aSessionEndsWithoutAnError,
  a_one_time_address_signs_in_once: aOneTimeAddressSignsInOnce,
  text_is_never_run: textIsNeverRun,
  the_address_says_all: theAddressSaysAll,
  search_needs_no_marks: searchNeedsNoMarks,
  the_keyboard_goes_everywhere: theKeyboardGoesEverywhere,
  one_arrives_where_one_should: oneArrivesWhereOneShould,
  the_role_decides_what_is_offered: theRoleDecidesWhatIsOffered,
  the_order_of_a_table_is_in_its_address: theOrderOfATableIsInItsAddress,
  an_address_that_names_nothing_leads_back: anAddressThatNamesNothingLeadsBack,
  paper_has_the_tables: paperHasTheTables,
  text_may_be_twice_as_large: textMayBeTwiceAsLarge,
  what_does_not_answer_is_said: whatDoesNotAnswerIsSaid,
});
await browser.close();
