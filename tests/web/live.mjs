/* What moves by itself: figures by the stream, one connection for all tabs, and
 * what a page says when there is none. Answered by mock.mjs. */
import { settled, shoot } from "./browser.mjs";
import { expect, expectEqual, runTests, waitUntil } from "./runner.mjs";
import { at, browser, forgive, text } from "./visit.mjs";

const row = (page) => page.locator("tbody tr").first().innerText();

const news = (value, position) => ({ position, statuses: {}, lines: [{
  id: "HN18-05", figure: { state: "known", value, denominator: null },
  achieved: "60.00", status: "on_track" }] });

async function aFigureMovesByItself() {
  await at("/", async (page, mock) => {
    await waitUntil(() => mock.listeners() === 1, "the stream");
    const row = page.locator("tbody tr").first();
    expect((await row.innerText()).includes("231"), "the figure before");
    mock.say("overview", news("1232", 4128));
    await page.waitForSelector("text=1.232");
    expect((await text(page, ".coordinates")).includes("4.128"), "position");
    expect(!mock.asked.slice(5).includes("overview"), "asked again");
  });
}

/* What the stream tells while an answer is on its way is not lost; what the
 * answer has already is not undone. */
async function theStreamMayBeFaster() {
  for (const [position, shown] of [[4128, "1.232"], [4127, "231"]]) {
    let release;
    const held = new Promise((resolve) => { release = resolve; });
    const before = (name) => (name === "overview" ? held : Promise.resolve());
    await at("/", async (page, mock) => {
      await waitUntil(() => mock.listeners() === 1
        && mock.asked.includes("overview"), "the stream");
      mock.say("overview", news("1232", position));
      await waitUntil(() => mock.asked.filter((one) => one === "plans")
        .length === 2, "what else is asked for after news");
      release();
      await page.waitForSelector("tbody tr");
      expect((await row(page)).includes(shown), `${shown} at ${position}`);
    }, { mock: { before }, first: ".top" });
  }
}

/* A dead link looks like a quiet one, but for the beats that do not come. */
async function aSilentStreamIsLost() {
  const before = async (page) => {
    await page.addInitScript(() => { delete window.SharedWorker; });
    await page.clock.install();
  };
  await at("/", async (page, mock) => {
    await waitUntil(() => mock.listeners() === 1, "the stream");
    await page.waitForSelector(".freshness:has-text('Đang cập nhật')");
    await page.clock.fastForward(30000);
    mock.say("overview", news("1232", 4128));
    await page.waitForSelector("text=1.232");
    await page.clock.fastForward(30000);
    expect((await text(page, ".freshness")).includes("Đang cập nhật"),
      "30 s after a sign");
    await page.clock.fastForward(11000);
    await page.waitForSelector(".freshness.lost");
    await page.clock.fastForward(3100);
    await page.waitForSelector(".freshness:has-text('Đang cập nhật')");
  }, { before });
}

async function tabsShareOneConnection() {
  await at("/", async (page, mock) => {
    await waitUntil(() => mock.listeners() === 1, "the stream");
    const other = await page.context().newPage();
    await other.goto("/duong-truyen");
    await other.waitForSelector(".freshness:has-text('Đang cập nhật')");
    await settled(other);
    expectEqual(mock.listeners(), 1, "streams of two tabs");
    await page.close();
    mock.say("offices", { offices: [] });
    await waitUntil(() => mock.asked.filter((one) => one === "offices")
      .length >= 3, "the other tab to ask again");
  });
}

async function withoutASharedWorkerOneTabLeads() {
  const before = (page) => page.context().addInitScript(() => {
    delete window.SharedWorker;
  });
  await at("/", async (page, mock) => {
    const other = await page.context().newPage();
    await other.goto("/duong-truyen");
    await settled(other);
    await waitUntil(() => mock.listeners() === 1, "the stream");
    mock.say("beat", {});
    await other.waitForSelector(".freshness:has-text('Đang cập nhật')");
    expectEqual(mock.listeners(), 1, "streams of two tabs");
    const before = mock.asked.length;
    await page.close();
    await waitUntil(() => mock.asked.slice(before).includes("live"),
      "the other tab to lead");
    await waitUntil(() => mock.listeners() === 1, "one stream");
    await other.waitForSelector(".freshness:has-text('Đang cập nhật')");
  }, { before });
}

async function aLostConnectionIsSaidAndComesBack() {
  await at("/", async (page, mock, faults) => {
    await page.waitForSelector(".freshness:has-text('Đang cập nhật')");
    mock.lose();
    await page.waitForSelector(".freshness.lost:has-text('Mất kết nối, số "
      + "liệu lúc')");
    expect((await row(page)).includes("231"), "figures stay");
    await shoot(page, "no-connection");
    mock.come();
    await page.waitForSelector(".freshness:has-text('Đang cập nhật')");
    forgive(faults);
  });
}

await runTests({
  a_figure_moves_by_itself: aFigureMovesByItself,
  the_stream_may_be_faster: theStreamMayBeFaster,
  a_silent_stream_is_lost: aSilentStreamIsLost,
  tabs_share_one_connection: tabsShareOneConnection,
  without_a_shared_worker_one_tab_leads: withoutASharedWorkerOneTabLeads,
  a_lost_connection_is_said_and_comes_back: aLostConnectionIsSaidAndComesBack,
});
await browser.close();
