/* Every page of an office in both languages, dark and light, wide and narrow,
 * and in the states that matter: no violation of the rules for accessibility,
 * nothing that sticks out. The screenshots lie in build/web-shots. */
import { choose, shoot, violations } from "./browser.mjs";
import { atOffice, browser, ID, noSidewaysScroll, settled, VISIT } from
  "./office_visit.mjs";
import { expectEqual, runTests } from "./runner.mjs";

const MEND = { text: "Đơn vị chưa có hiệu lực vào ngày đó.",
  what_to_do: "Sửa ngày hoặc chọn đơn vị khác.", field: "subject_unit" };
const EVENTS = [{ state: "backed_up" }, { state: "received" },
  { state: "to_mend", outcome: MEND, reason: "đơn vị không có hiệu lực" },
  { state: "received", corrected_by: "271.1.5" },
  { state: "received", corrects: "271.1.4" }, { state: "saved", sent: true },
  { state: "saved", sent: false }];
const FILE = { name: "kiem-tra.xlsx", mimeType: "application/octet-stream",
  buffer: Buffer.from("PK") };

const PAGES = {
  choose: ["/"],
  form: ["/ghi-nhan/inspection", async (page) => {
    await page.click("button:has-text('Ctrl+Enter')");
    await page.waitForSelector(".issue span");
  }],
  picker: ["/ghi-nhan/communication_activity", async (page) => {
    await page.click(".fold button");
    await page.fill("#field-subject_unit", "phuc");
    await page.waitForSelector(".found li");
  }],
  rows: ["/ghi-nhan/inspection?rows=1", async (page) => {
    await page.fill("[data-column=inspected_on]", "");
    await page.keyboard.press("Control+Enter");
    await page.waitForSelector("td.wrong");
  }],
  outbox: ["/hop-gui-di"],
  event: ["/hop-gui-di/271-1-3"],
  chain: ["/hop-gui-di/271-1-5", async (page) => {
    await page.click(".actions button");
    await page.waitForSelector("option[value=double]",
      { state: "attached" });
  }],
  mend: ["/ghi-nhan/inspection?corrects=271.1.3"],
  progress: ["/tien-do", async (page) => {
    await page.click(".dues > li:not(.card) button");
    await page.waitForSelector(".ticks");
  }],
  sheet: ["/nhap-excel"],
  preview: ["/nhap-excel", async (page) => {
    await page.setInputFiles("input[type=file]", FILE);
    await page.waitForSelector("tbody tr");
  }],
  line: ["/duong-truyen"],
};

async function lookOver(language, width) {
  const screen = { viewport: { width, height: 900 } };
  await atOffice("/", async (page, office) => {
    office.drafts.set(ID, { id: ID, type: "inspection", cells: VISIT,
      updated_at: "2018-03-05T03:05:00Z", person: office.people[0].name });
    for (const [name, [address, act]] of Object.entries(PAGES)) {
      await page.goto(address);
      await page.waitForSelector("h1");
      await settled(page);
      await act?.(page);
      for (const theme of ["light", "dark"]) {
        const what = `office-${name}-${language}-${theme}-${width}`;
        await page.emulateMedia({ colorScheme: theme });
        expectEqual(await violations(page), [], `axe on ${what}`);
        await noSidewaysScroll(page, what);
        await shoot(page, what);
      }
      expectEqual(await page.getAttribute("html", "lang"), language, "lang");
    }
  }, { screen, events: EVENTS, before: (page) =>
    choose(page, language, "auto") });
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
    await atOffice("/", async (page) => {
      await page.waitForSelector(".people button");
      expectEqual(await violations(page), [], `axe on the names, ${theme}`);
      await shoot(page, `office-people-${theme}`);
      await page.click(".people button");
      await page.waitForSelector("[name=pin]");
      expectEqual(await violations(page), [], `axe on the PIN, ${theme}`);
      await shoot(page, `office-pin-${theme}`);
    }, { mock: { signedIn: false },
      before: (page) => choose(page, "vi", theme) });
  }
}

/* What a page says when the link, or the machine itself, is away. */
async function whatIsAwayIsAccessible() {
  const link = { state: "down", since: "2018-03-01T01:00:00Z",
    heard_at: "2018-03-01T01:00:00Z", sentence: "Mất kết nối với tỉnh từ 08:00 "
      + "01/03/2018 (4 ngày). Số liệu đã lưu vẫn an toàn và sẽ tự gửi khi nối "
      + "lại. 2 sự kiện chờ gửi.", collectors: [{ name: "first",
      address: "tcp://10.0.0.1:7000", primary: true, state: "down",
      since: "2018-03-01T01:00:00Z", waiting: 2, holds_room: false,
      received_at: "2018-03-01T00:59:00Z" }, { name: "dự phòng",
      address: "tcp://10.0.0.2:7000", primary: false, state: "never",
      since: null, waiting: 14, holds_room: true, received_at: null },
    { name: "nơi ba", address: "tcp://10.0.0.3:7000", primary: false,
      state: "connected", since: "2018-03-01T01:00:00Z", waiting: 0,
      holds_room: false, received_at: "2018-03-04T00:59:00Z" }],
    clock_ahead_s: -7200, ledger: { state: "behind", alarm: true, since: null,
      text: "Sổ cái của tỉnh ĐANG THIẾU so với những gì máy này đã thấy." },
    room: { used: "220000000", total: "268435456", days_left: 40,
      text: "46 MiB, đủ cho khoảng 40 ngày nữa" } };
  const findings = [{ check: "address", state: "bad", title: "Địa chỉ của tỉnh",
    text: "tcp://10.0.0.1:7000: không có ai nghe ở cổng đó",
    advice: "hỏi người quản trị của tỉnh xem trung tâm có chạy không" },
  { check: "disk", state: "good", title: "Ổ đĩa", advice: null,
    text: "ghi được, còn trống 9000 MiB" }];
  const stick = { wrote_at: "2018-03-04T03:00:00Z", batches: 2, events: 12,
    took_at: "2018-03-04T03:00:00Z", receipts: 3, documents: 1,
    refusal: "tỉnh hết chỗ" };
  await atOffice("/duong-truyen", async (page) => {
    await settled(page);
    await page.waitForSelector("text=Mất kết nối với tỉnh");
    await page.waitForSelector("text=không có ai nghe ở cổng đó");
    await page.waitForSelector("text=12 sự kiện tỉnh chưa nhận");
    await page.waitForSelector("text=tỉnh hết chỗ");
    await page.waitForSelector("text=Còn 14 sự kiện chưa nhận");
    await page.waitForSelector("text=chưa giải phóng được chỗ trống");
    await page.waitForSelector("text=Trung tâm thứ nhất (first)");
    await page.waitForSelector(
      "text=tallyline-agent collectors primary \"nơi ba\"");
    expectEqual(await violations(page), [], "axe on a link that is down");
    await shoot(page, "office-down");
  }, { events: EVENTS, mock: { link, findings, stick } });
}

await runTests({
  every_page_is_accessible: everyPageIsAccessible,
  sign_in_is_accessible: signInIsAccessible,
  what_is_away_is_accessible: whatIsAwayIsAccessible,
});
await browser.close();
