/* browser - Debian's Chromium for the tests of the pages. Whatever a page says
 * on its console, and every request that leaves the province, is a fault. */
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { chromium } from "playwright-core";
import { TOP } from "./server.mjs";

const SHOTS = path.join(TOP, "build/web-shots");
const EXECUTABLE = "/usr/bin/chromium";
/* The same engine without a desktop around it: half the work. */
const SHELL = "/usr/bin/chromium-headless-shell";
export const WAIT_MS = Number(process.env.TALLYLINE_WAIT_MS || 30000);
const AXE = fs.readFileSync(
  createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa",
  "best-practice"];

export function skipWithoutBrowser() {
  if (!fs.existsSync(EXECUTABLE)) {
    console.log(`skipped: there is no ${EXECUTABLE}`);
    process.exit(77);
  }
}

/* What people have, or only the engine, for pages before a mock. */
export function launch({ engineOnly = false } = {}) {
  const short = engineOnly && fs.existsSync(SHELL);
  return chromium.launch({ executablePath: short ? SHELL : EXECUTABLE,
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
      const { url } = message.location();
      faults.push(`console: ${message.text()} ${url}`);
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

/* A page that shows a title and waits for no answer. */
export const settled = (page) => page.waitForFunction(() =>
  document.querySelector("h1")
  && !document.querySelector('[role="status"].empty, [aria-busy="true"]'));

export async function shoot(page, name) {
  fs.mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: path.join(SHOTS, `${name}.png`),
    fullPage: true });
}

/* What is wrong by the rules for accessibility, one text each. */
export async function violations(page) {
  await page.evaluate(AXE);
  return page.evaluate(async (tags) => {
    const found = await window.axe.run(document,
      { runOnly: tags, resultTypes: ["violations"] });
    return found.violations.map(({ id, nodes }) =>
      `${id}: ${nodes.slice(0, 3).map(({ html }) => html).join(" ")}`);
  }, RULES);
}
