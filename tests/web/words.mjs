/* Numbers, days and searches as people write them, without a browser. */
import { clock, day, localDay, moment, shortDay, span } from
  "../../web/dates.js";
import { language, said, t, word } from "../../web/language.js";
import { bytes, number, percent } from "../../web/numbers.js";
import { figureText, goalText, wordOfZero } from
  "../../web/parts/figure.js";
import { finds, fold } from "../../web/search.js";
import { arranged } from "../../web/sorting.js";
import "../../collector/web/words/index.js";
import { bySilence } from "../../collector/web/offices.js";
import { expect, expectEqual, runTests } from "./runner.mjs";

function inBoth(vi, en, make, what) {
  language.set("vi");
  expectEqual(make(), vi, `${what}, vi`);
  language.set("en");
  expectEqual(make(), en, `${what}, en`);
  language.set("vi");
}

function numbersAreWrittenAsInTheirLanguage() {
  inBoth("1.250.000", "1,250,000", () => number("1250000"), "a million");
  inBoth("-1.250,5", "-1,250.5", () => number("-1250.5"), "a part");
  inBoth("999", "999", () => number(999), "a small one");
  inBoth("80,48%", "80.48%", () => percent("80.48"), "a share");
  inBoth("80%", "80%", () => percent("80.00"), "a whole share");
  inBoth("18.446.744.073.709.551.615", "18,446,744,073,709,551,615",
    () => number("18446744073709551615"), "the largest");
  inBoth("1,5 MiB", "1.5 MiB", () => bytes("1572864"), "room");
  inBoth("18 MiB", "18 MiB", () => bytes("18350080"), "more room");
}

function daysAreThoseOfTheProvince() {
  inBoth("05/03/2018", "2018-03-05", () => day("2018-03-05"), "a day");
  inBoth("05/03", "03-05", () => shortDay("2018-03-05"), "without its year");
  inBoth("", "", () => day(null), "no day");
  inBoth("00:30 01/01/2019", "00:30 2019-01-01",
    () => moment("2018-12-31T17:30:00.5Z"), "after midnight here");
  expectEqual(localDay(Date.parse("2018-12-31T16:59:59Z")), "2018-12-31",
    "the last second of the year");
  expectEqual(clock(Date.parse("2018-12-31T17:00:00Z")), "00:00:00", "clock");
  inBoth("1 ngày", "1 day", () => span(86400 * 1.9), "one day");
  inBoth("3 giờ", "3 hours", () => span(10900), "hours");
  inBoth("0 giây", "0 seconds", () => span(-5), "a clock that is ahead");
}

function searchNeedsNoMarks() {
  expectEqual(fold("Đống Đa"), "dong da", "fold");
  for (const [query, name] of [["thai nguyen", "Tỉnh Thái Nguyên"],
    ["hoà bình", "Hòa Bình"], ["ĐỐNG", "Đống Đa"], ["dinh ba", "Ba Đình"],
    ["0001", "gso3:00010"], ["", "Tây Hồ"]]) {
    expect(finds(query, name), `${query} finds ${name}`);
  }
  expect(!finds("tay ho", "Hoàn Kiếm"), "another unit");
}

const figure = (changes) => ({ state: "known", value: "1250",
  denominator: null, hidden: null, lower_bound: false, upper_bound: false,
  change: false, not_divided: false, erased: false, ...changes });

function whatIsNotKnownIsAWord() {
  const none = { value: null };
  for (const [found, wanted] of [
    [figure(), "1.250"],
    [figure({ value: "0" }), "0"],
    [figure({ denominator: "2500" }), "1.250/2.500"],
    [figure({ lower_bound: true }), "≥ 1.250"],
    [figure({ lower_bound: true, upper_bound: true }), "≈ 1.250"],
    [figure({ change: true }), "+1.250"],
    [figure({ change: true, value: "-3" }), "-3"],
    [figure({ ...none, state: "not_arisen" }), "không phát sinh"],
    [figure({ ...none, state: "nothing_received" }), "chưa có số liệu"],
    [figure({ ...none, state: "unknown" }), "chưa tính được"],
    [figure({ ...none, state: "suppressed", hidden: "under_5" }), "<5"],
    [figure({ ...none, state: "suppressed", hidden: "complement" }), "…"],
  ]) {
    expectEqual(figureText(found), wanted, JSON.stringify(found));
  }
}

function aZeroIsSomebodys() {
  const zero = figure({ value: "0" });
  const none = figure({ value: null, state: "nothing_received" });
  const soFar = { reporting: "so_far", received_to: "2018-01-20" };
  for (const [found, row, over, wanted] of [
    [zero, { reporting: "zero", received_to: "2018-02-01" }, true, "0"],
    [zero, { reporting: "zero_reported" }, true, "0"],
    [zero, soFar, false, "0"],
    [zero, soFar, true, "0 (đến 20/01/2018)"],
    [zero, { ...soFar, received_from: "2018-01-15" }, false,
      "0 (từ 15/01/2018)"],
    [zero, { ...soFar, received_from: "2018-01-15" }, "2018-01-31",
      "0 (từ 15/01/2018 đến 20/01/2018)"],
    [zero, { ...soFar, received_from: "2018-01-15" }, "2018-01-19",
      "0 (từ 15/01/2018)"],
    [figure(), { reporting: "value" }, true, "1.250"],
    [none, { reporting: "silent" }, true, "chưa có số liệu kỳ này"],
    [none, { reporting: "no_office" }, true, "chưa có số liệu"],
    [none, {}, true, "chưa có số liệu"],
  ]) {
    expectEqual(figureText(found, row, over), wanted, JSON.stringify(row));
  }
}

function aZeroSaysWhoseWordItIs() {
  const zero = figure({ value: "0" });
  const share = figure({ value: null, state: "not_arisen", denominator: "0" });
  for (const [found, reporting, period, wanted] of [
    [zero, "zero_reported", "2018-Q1", "đã báo không phát sinh"],
    [zero, "zero", "2018-Q1", "chưa báo không phát sinh"],
    [zero, "so_far", "2018-Q1", "chưa báo không phát sinh"],
    [zero, "zero", null, "không có ghi nhận"],
    [zero, null, "2018-Q1", ""],
    [figure(), "value", "2018-Q1", ""],
    [share, "zero", "2018-Q1", "không có để tính"],
    [share, "zero_reported", "2018-Q1", "đã báo không phát sinh"],
    [share, null, null, "không có để tính"],
  ]) {
    expectEqual(wordOfZero({ figure: found, reporting }, period) || "", wanted,
      `${reporting} ${period}`);
  }
}

function whatHasNoValueComesLast() {
  const rows = [3, null, 1, 0, undefined, 2].map((value) => ({ value }));
  const columns = [{ key: "it", order: ({ value }) => value }];
  const sorted = (down) => arranged(rows, columns, { key: "it", down })
    .map(({ value }) => value ?? "-").join("");
  expectEqual(sorted(false), "0123--", "from the least");
  expectEqual(sorted(true), "3210--", "from the most");
  expectEqual(arranged(rows, columns, { key: "gone" }), rows, "no column");
}

function goalsSayHowTheyAreMet() {
  const goal = (comparator, changes) => goalText({ comparator, quantity: "470",
    quantity_to: null, percent: null, ...changes });
  inBoth("≥ 470", "≥ 470", () => goal("at_least"), "at least");
  inBoth("80%", "80%", () => goal("exactly",
    { percent: "80.00", quantity: null }), "a share");
  inBoth("≥ 80% (470)", "≥ 80% (470)",
    () => goal("at_least", { percent: "80.00" }), "a share and a number");
  inBoth("470 – 500", "470 to 500",
    () => goal("between", { quantity_to: "500" }), "between");
  inBoth("0", "0", () => goal("none", { quantity: null }), "none");
  inBoth("–", "–", () => goal("at_least", { quantity: null }), "set by others");
  expectEqual(goalText(null), "", "no goal");
}

function wordsAreOfOneDictionary() {
  inBoth("còn 1 ngày", "1 day left", () => t("days_left", { n: 1 }), "one");
  inBoth("còn 2 ngày", "2 days left", () => t("days_left", { n: 2 }), "two");
  expectEqual(word("status", "a_new_one"), "a_new_one", "an unknown token");
  inBoth("chỉ", "only", () => said({ vi: "chỉ", en: "only" }), "a label");
  expectEqual(said(null), "", "no label");
}

function theLongestSilenceComesFirst() {
  const office = (name, state, heard, received) =>
    ({ name, state, heard_at: heard, received_at: received });
  const found = bySilence([
    office("never", "never", null, null),
    office("live", "live", "2018-01-01T00:00:00Z", null),
    office("last", "silent", "2018-03-01T00:00:00Z", "2018-01-01T00:00:00Z"),
    office("first", "silent", null, "2018-02-01T00:00:00Z"),
    office("gone", "revoked", "2017-01-01T00:00:00Z", null),
  ]).map(({ name }) => name);
  expectEqual(found, ["first", "last", "never"], "offices");
}

await runTests({
  numbers_are_written_as_in_their_language: numbersAreWrittenAsInTheirLanguage,
  days_are_those_of_the_province: daysAreThoseOfTheProvince,
  search_needs_no_marks: searchNeedsNoMarks,
  what_is_not_known_is_a_word: whatIsNotKnownIsAWord,
  a_zero_is_somebodys: aZeroIsSomebodys,
  a_zero_says_whose_word_it_is: aZeroSaysWhoseWordItIs,
  what_has_no_value_comes_last: whatHasNoValueComesLast,
  goals_say_how_they_are_met: goalsSayHowTheyAreMet,
  words_are_of_one_dictionary: wordsAreOfOneDictionary,
  the_longest_silence_comes_first: theLongestSilenceComesFirst,
});
