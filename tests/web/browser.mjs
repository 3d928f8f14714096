/* browser - Debian's Chromium for the tests of the pages. Whatever a page says
 * on its console, and every request that leaves the province, is a fault. */
import fs from "node:fs";
import path from "node:path";
import { chromium } from "playwright-core";
import { TOP } from "./mock.mjs";

export const SHOTS = path.join(TOP, "build/web-shots");
const EXECUTABLE = "/usr/bin/chromium";
export const WAIT_MS = 15000;

export function skipWithoutBrowser() {
  if (!fs.existsSync(EXECUTABLE)) {
    console.log(`skipped: there is no ${EXECUTABLE}`);
    process.exit(77);
  }
}

export function launch() {
  return chromium.launch({ executablePath: EXECUTABLE,
    args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}

/* A person at a screen: {page, faults}. `faults` fills up as they happen. */
export async function sit(browser, base, options = {}) {
  const context = await browser.newContext({ baseURL: base,
    viewport: { width: 1280, height: 900 }, acceptDownloads: true,
    ...options });
  const faults = [];
  const page = await context.newPage();
  page.setDefaultTimeout(WAIT_MS);
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) {
      faults.push(`console: ${message.text()}`);
    }
  });
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(base) && !/^(data|blob):/.test(url)) {
      faults.push(`outside: ${url}`);
    }
  });
  await page.addInitScript(() => addEventListener("securitypolicyviolation",
    (event) => console.error(`CSP: ${event.violatedDirective} `
      + `${event.blockedURI}`)));
  return { context, page, faults };
}

export function choose(page, language, theme) {
  return page.addInitScript(([words, look]) => {
    localStorage.setItem("tallyline-language", words);
    localStorage.setItem("tallyline-theme", look);
  }, [language, theme]);
}

export async function shoot(page, name) {
  fs.mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: path.join(SHOTS, `${name}.png`),
    fullPage: true });
}
