/* office_form - what the office of office_mock.mjs records: its types of events
 * with their fields, reasons and places. */
import fs from "node:fs";
import path from "node:path";
import { TOP } from "./server.mjs";

const choice = (list) => list.map(([key, vi, en]) =>
  ({ key, label: { vi, en } }));
export const both = (vi, en) => ({ vi, en });
const DATE = { key: "inspected_on", kind: "date", required: true,
  default: "today", label: both("Ngày kiểm tra", "Date of inspection"),
  help: both("Ngày sự việc xảy ra; quyết định kỳ báo cáo.",
    "The day it happened; decides the period.") };
const PLACE = { key: "subject_unit", kind: "unit", required: true,
  label: both("Nơi xảy ra", "Place"), help: both(
    "Đơn vị hành chính nơi sự việc xảy ra.", "The unit where it happened.") };
const DOCUMENT = { key: "document_number", kind: "document", required: false,
  label: both("Số văn bản", "Document number"), help: both(
    "Số, ký hiệu văn bản, ví dụ 25/KH-UBND.",
    "Number and signs of the document, such as 25/KH-UBND.") };
const THING = { key: "est_ref", kind: "reference", required: true,
  reference_kind: "EST", label: both("Mã cơ sở", "Establishment"),
  help: both("Mã trong sổ quản lý, hoặc tên gọi riêng sau @.",
    "Reference of the establishment in the register, never its name.") };
const MODES = choice([["planned", "Theo kế hoạch", "Planned"],
  ["unannounced", "Đột xuất", "Unannounced"],
  ["follow_up", "Hậu kiểm tra", "Follow-up"]]);
const TEAMS = choice([["interagency_178", "Đội kiểm tra liên ngành 178",
  "Inter-agency team 178"], ["police", "Công an", "Police"],
["culture", "Thanh tra văn hóa", "Culture"], ["health", "Y tế", "Health"],
["labour", "Thanh tra lao động", "Labour"]]);
export const RESULTS = choice([["no_violation", "Không vi phạm", "No violation"],
  ["violation", "Có vi phạm", "Violation"]]);
const THEMES = choice([["drug", "Phòng, chống ma túy", "Drugs"],
  ["hiv", "Phòng, chống HIV/AIDS", "HIV/AIDS"],
  ["trafficking", "Phòng, chống mua bán người", "Trafficking"]]);
const FORMS = choice([["conference", "Hội nghị", "Conference"],
  ["talk", "Nói chuyện chuyên đề", "Talk"],
  ["loudspeaker", "Truyền thanh", "Loudspeaker"],
  ["contest", "Hội thi", "Contest"], ["leaflet", "Tờ rơi", "Leaflet"],
  ["club_meeting", "Sinh hoạt câu lạc bộ", "Club meeting"]]);

const field = (key, kind, vi, en, more = {}) => ({ key, kind, required: false,
  label: both(vi, en), help: both(`${vi}, ghi theo biên bản.`,
    `${en}, as in the record.`), ...more });

export const TYPES = [
  { number: 8, key: "inspection", in_plan: true,
    label: both("Lượt kiểm tra cơ sở", "Inspection visit"), fields: [
      DATE, PLACE, THING,
      field("team_kind", "enum", "Loại đoàn, đội", "Kind of team",
        { required: true, values: TEAMS }),
      field("mode", "enum", "Hình thức", "Mode",
        { required: true, values: MODES }),
      field("result", "enum", "Kết quả", "Result",
        { required: true, values: RESULTS }),
      field("violations", "number", "Số vi phạm", "Violations",
        { min: 0, max: 1000 }),
      field("fine_vnd", "money", "Tiền phạt (đồng)", "Fines (dong)"),
      field("transferred", "flag", "Chuyển xử lý hình sự",
        "Transferred to the police"), DOCUMENT] },
  { number: 2, key: "communication_activity", in_plan: true,
    label: both("Hoạt động tuyên truyền", "Outreach activity"), fields: [
      { ...DATE, key: "held_on",
        label: both("Ngày tổ chức", "Date held") }, PLACE,
      field("form", "enum", "Hình thức", "Form", { required: true,
        values: FORMS }),
      field("topics", "set", "Nội dung lồng ghép", "Topics",
        { values: THEMES }),
      field("sessions", "number", "Số buổi", "Sessions", { required: true }),
      field("attendees", "number", "Số lượt người dự", "Attendances",
        { persons: true }), DOCUMENT] },
  { number: 11, key: "hotspot_status", in_plan: false,
    label: both("Trạng thái tụ điểm", "Hotspot status"), fields: [
      { ...DATE, key: "as_of", label: both("Từ ngày", "As of") },
      { ...THING, key: "hotspot_ref", reference_kind: "HOT",
        label: both("Mã tụ điểm", "Hotspot") },
      field("units", "units", "Các xã, phường", "Communes",
        { required: true })] },
];

export const REASONS = choice([["typing_error", "Gõ sai", "Typing error"],
  ["wrong_day", "Sai ngày", "Wrong day"],
  ["double", "Ghi hai lần", "Recorded twice"]]);
/* The wards of one district of a real list. */
export function units() {
  return fs.readFileSync(path.join(TOP, "plans/ha-noi-2018/units.csv"), "utf8")
    .split("\n").map((row) => row.split(","))
    .filter((row) => row[3] === "commune" && row[1] < "00070")
    .map(([system, code, , level, type, name]) =>
      ({ code: `${system}:${code}`, name, type, level, from: "2008-08-01",
        to: null }));
}

export function placeOf(key) {
  const found = units().find(({ code }) => code === key);
  return found ? `${found.type} ${found.name}` : key;
}
