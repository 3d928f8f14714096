#!/usr/bin/python3
"""Units over time: the end of the districts on 1 July 2025, across the line.

A district's office has a backlog of June when its unit ends. What it sends
later counts for its own time until the day that the province set; a commune's
new office, straight below the province, carries its work on. Figures are read
by the units of then and of now.
"""
import datetime
import json
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from false_clock import FalseClock  # noqa: E402
from line import Line, SOURCE, expect, expect_equal, run_tests, visit, wait_until  # noqa: E402

FILES = SOURCE / "tests" / "support" / "reform_2025"
LABOUR = "district_labour_office"
NOON = datetime.datetime(2025, 6, 30, 5, tzinfo=datetime.timezone.utc)
BAD_DATA = 65


class Reform:
    """The line with a clock of its own, from noon of 30 June 2025."""

    def __init__(self, files=FILES):
        self.files = files

    def __enter__(self):
        self.path = Path(f"/tmp/tallyline-reform-{id(self)}.clock")
        self.clock = FalseClock(self.path)
        self.clock.set_to(NOON)
        self.line = Line(files=self.files, unit="gso3:91", more=self.clock.environment())
        self.line.__enter__()
        return self

    def __exit__(self, *failure):
        self.path.unlink()
        return self.line.__exit__(*failure)

    def value(self, unit, indicator, *more):
        rows = self.line.province.rows("indicators", "--unit", unit, "--indicator", indicator,
                                       *more)
        expect_equal(len(rows), 1, "rows")
        return rows[0]


def inspected(day, place, thing):
    return {**visit("", 0, thing, day), "subject_unit": place, "unit": "gso3:908",
            "office": LABOUR}


def test_a_backlog_counts_where_and_when_it_happened():
    with Reform() as reform:
        line = reform.line
        district = line.office("gso3:908")
        district.start()
        line.settle()
        line.province.daemon.stop()  # the link is down from now on
        district.record("inspection", inspected("2025-06-20", "gso3:30985", "@one"))
        district.record("inspection", inspected("2025-06-27", "gso3:30997", "@two"))
        reform.clock.jump(days=3)  # 3 July: district and communes have ended
        district.record("inspection", inspected("2025-06-30", "gso3:31009", "@three"))
        district.record("inspection", inspected("2025-07-02", "gso3:30985", "@one"),
                        code=BAD_DATA)
        line.province.daemon.start()
        line.settle()
        expect_equal(line.province.outcomes(), {"counted": 3}, "outcomes")
        then = ["--from", "2025-01-01", "--to", "2025-06-30"]
        for unit, wanted in [("gso3:91", 3), ("gso3:908", 3), ("gso3:30985", 1),
                             ("gso3:30997", 1), ("gso3:31009", 1)]:
            row = reform.value(unit, "inspection_visit_count", *then)
            expect_equal((row["value"], row["unit_date"]), (wanted, "2025-06-30"), unit)
        # Thứ Ba, Hưng Yên and Đông Yên became the commune An Biên; the district has
        # no successor, and its province goes on as part of An Giang.
        for unit, wanted in [("gso2:91", 3), ("gso2:30985", 3), ("gso2:30988", 0)]:
            row = reform.value(unit, "inspection_visit_count")
            expect_equal((row["value"], row["unit_date"]), (wanted, "2025-12-31"), unit)


def test_the_plan_of_a_province_that_ended_is_read_by_its_successor():
    with Reform() as reform:
        rows = reform.line.province.rows("indicators")
        expect_equal({row["unit"] for row in rows}, {"gso2:91"}, "unit of the table")
        rows = reform.line.province.rows("indicators", "--by", "commune")
        expect_equal({row["unit"] for row in rows if row["unit"] != "gso2:91"},
                     {"gso2:30985", "gso2:30988", "gso2:31006"}, "communes")
        rows = reform.line.province.rows("indicators", "--to", "2025-06-30")
        expect_equal({row["unit"] for row in rows}, {"gso3:91"}, "unit of the half-year")


def test_the_reports_of_a_province_that_ended_are_its_successors():
    with Reform() as reform:
        province = reform.line.province
        for period, unit in [("2025-H1", "gso3:91"), ("2025-H2", "gso2:91"), ("2025", "gso2:91")]:
            printed = ["report", "print", "--period", period, "--by", "none"]
            expect_equal({row["unit"] for row in province.rows(*printed)}, {unit}, period)
            expect("SỞ Y TẾ" in province.command(*printed).stdout, f"the plan's form in {period}")
            due = [row["unit"] for row in province.rows("report", "due", "--on", "2025-12-31",
                                                        "--all") if row["period"] == period]
            expect_equal(due[0], unit, f"whose report is due for {period}")
            expect(len(due) > 1, f"reports due from below for {period}")
        # The province sees its numbers of persons in the year it ended, too.
        row = reform.value("gso2:91", "admin_sanction_person_sum")
        expect_equal((row["value"], row["hidden"]), (0, None), "persons of the year")


MORE_TARGETS = """
  - {id: R25-each, indicator: inspection_visit_count, each: district, at_least: 4,
     label: {vi: Mỗi huyện, en: Each district}}
  - {id: R25-scope, indicator: inspection_visit_count, scope: gso3:908, at_least: 1,
     label: {vi: Riêng An Biên, en: An Bien alone}}
  - {id: R25-joined, indicator: inspection_visit_count, scope: gso3:30997, at_least: 2,
     label: {vi: Riêng Hưng Yên, en: Hung Yen alone}}
  - {id: R25-cover, indicator: districts_inspected, at_least: 100%,
     label: {vi: Số huyện, en: Districts}}
"""
DISTRICTS = """  - id: districts_inspected
    label: {vi: Huyện được kiểm tra, en: Districts inspected}
    unit_of_count: {vi: huyện, en: districts}
    value: {coverage: district, of: inspection, below: yes}
"""


def test_what_ends_in_mid_plan_is_judged_to_its_end():
    """Two visits in the district before it ends, one in a new commune after."""
    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder) / "plan"
        shutil.copytree(FILES, files)
        plan = files / "plan.yaml"
        plan.write_text(plan.read_text().replace("targets:\n", DISTRICTS + "targets:\n")
                        + MORE_TARGETS)
        with Reform(files) as reform:
            line = reform.line
            district = line.office("gso3:908")
            district.start()
            district.record("inspection", inspected("2025-06-20", "gso3:30985", "@one"))
            district.record("inspection", inspected("2025-06-27", "gso3:30997", "@two"))
            line.settle()
            reform.clock.jump(days=40)

            def row(indicator, *more):
                return line.province.rows("indicators", "--indicator", indicator, *more)[0]
            end = ("2025-06-30", "2025-06-30")
            found = row("R25-each")
            expect_equal((found["unit"], found["units_met"], found["units_judged"]),
                         ("gso3:91", 0, 1), "each district")
            expect_equal((found["to"], found["unit_date"]), end, "by the units of")
            found = row("R25-scope")
            expect_equal((found["unit"], found["value"], found["goal"], found["status"]),
                         ("gso3:908", 2, 1, "met"), "the district's own target")
            expect_equal((found["to"], found["unit_date"]), end, "by the units of")
            # Hưng Yên was joined with two others: their work is not its own.
            found = row("R25-joined")
            expect_equal((found["unit"], found["value"], found["status"]),
                         ("gso3:30997", 1, "on_track"), "a commune that was joined with others")
            found = row("R25-cover")
            expect_equal((found["unit"], found["value"], found["denominator"], found["status"]),
                         ("gso3:91", 1, 1, "met"), "coverage of districts")
            # What goes on is read by the units of the year's end.
            found = row("R25-1")
            expect_equal((found["unit"], found["value"], found["unit_date"]),
                         ("gso2:91", 2, "2025-12-31"), "the province's target")
            rows = line.province.rows("indicators", "--by", "district", "--indicator", "R25-each")
            expect_equal([(r["unit"], r["goal"], r["status"]) for r in rows[1:]],
                         [("gso3:908", 4, "on_track")], "the district's row")
            # The district itself, asked for by name and by its own office.
            found = row("R25-1", "--unit", "gso3:908")
            expect_equal((found["unit"], found["value"], found["to"], found["unit_date"]),
                         ("gso3:908", 2, *end), "a unit that has ended")
            line.province.command("indicators", "--unit", "gso3:908", "--from", "2025-07-01",
                                  code=3)
            wrong = line.province.command("indicators", "--unit", "gso3:908", "--period",
                                          "2025", code=3)
            expect("ended before" in wrong.stderr, wrong.stderr)
            found = json.loads(district.command("indicators", "--format", "jsonl", "--indicator",
                                                "R25-1").stdout.splitlines()[0])
            expect_equal((found["unit"], found["value"], found["to"]),
                         ("gso3:908", 2, end[0]), "as its office sees it")
            text = line.province.command("indicators", "--indicator", "R25-each").stdout
            expect("R25-each: Tỉnh Kiên Giang, up to 2025-06-30 by its units" in text,
                   f"the footnote in {text}")
            for period in ("2025-H1", "2025-H2", "2025"):
                report = line.province.command("report", "print", "--period", period).stdout
                expect("0 of 1 units met" in report, f"each district in {period}: {report}")


LISTED = """lists:
  - {id: ended, of: unit, items: [gso3:908], label: {vi: Huyện, en: Districts}}
indicators:
  - id: visits_listed
    label: {vi: Lượt, en: Visits}
    unit_of_count: {vi: lượt, en: visits}
    value: {count: inspection, where: {subject_unit: {in_list: ended}}}
  - id: communes_listed
    label: {vi: Xã, en: Communes}
    unit_of_count: {vi: xã, en: communes}
    value: {in_force: commune, in_list: ended}
  - id: communes_else
    label: {vi: Xã khác, en: Other communes}
    unit_of_count: {vi: xã, en: communes}
    value: {in_force: commune, not_in_list: ended}
  - id: all_listed
    label: {vi: Huyện có kiểm tra, en: Districts with visits}
    unit_of_count: {vi: huyện, en: districts}
    value: {all_of: ended, each: {count: inspection}}
"""
LISTED_TARGET = """
  - {id: R25-list, indicator: inspection_visit_count, scope: {list: ended}, at_least: 2,
     label: {vi: Các huyện, en: The districts}}
"""


def test_a_list_of_districts_holds_what_carries_them_on():
    """One of two districts is listed; its communes go on as three of four."""
    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder) / "plan"
        shutil.copytree(FILES, files)
        plan = files / "plan.yaml"
        plan.write_text(plan.read_text().replace("indicators:\n", LISTED) + LISTED_TARGET)
        with open(files / "units.csv", "a", encoding="utf-8") as units:
            units.write("gso3,909,91,district,Huyện,Khác,,2025-07-01,\n"
                        "gso3,31999,909,commune,Xã,Khác Một,,2025-07-01,gso2:31999\n"
                        "gso2,31999,91,commune,Xã,Khác,2025-07-01,,\n")
        with Reform(files) as reform:
            line = reform.line
            district = line.office("gso3:908")
            district.start()
            district.record("inspection", inspected("2025-06-20", "gso3:30985", "@one"))
            line.settle()
            reform.clock.jump(days=5)
            commune = line.office("gso2:30985", pairs=["gso2:30985:commune_pc"])
            other = line.office("gso2:31999", pairs=["gso2:31999:commune_pc"])
            for office, unit in [(commune, "gso2:30985"), (other, "gso2:31999")]:
                office.start()
                office.record("inspection", {**inspected("2025-07-03", unit, "@new"),
                                             "unit": unit, "office": "commune_pc"})
            line.settle()

            def value(indicator, *more):
                return line.province.rows("indicators", "--indicator", indicator, *more)[0]["value"]
            for until, wanted in [("2025-06-30", (1, 9, 1, 1, 1)), ("2025-12-31", (2, 3, 1, 1, 2))]:
                found = tuple(value(name, "--from", "2025-01-01", "--to", until)
                              for name in ("visits_listed", "communes_listed", "communes_else",
                                           "all_listed", "R25-list"))
                expect_equal(found, wanted, f"figures of the listed district by {until}")
            expect_equal(value("inspection_visit_count"), 3, "visits of all")


def test_a_new_office_carries_on_the_work_of_a_closed_one():
    with Reform() as reform:
        line = reform.line
        district = line.office("gso3:908")
        district.start()
        wrong = district.record("inspection", inspected("2025-06-20", "gso3:30985", "@one"))
        late = district.record("inspection", inspected("2025-06-21", "gso3:30997", "@two"))
        line.settle()
        reform.clock.jump(days=5)  # 5 July
        commune = line.office("gso2:30985", pairs=["gso2:30985:commune_pc"],
                              more=["--succeeds", f"{district.number}:2025-07-31"])
        commune.start()
        expect_equal({row["agent"]: row["state"] for row in line.province.rows("agents")},
                     {district.number: "closed", commune.number: "joined"}, "agents")
        # Its own time, and the closed office's.
        commune.record("inspection", {
            **inspected("2025-07-03", "gso2:30985", "@new"), "unit": "gso2:30985",
            "office": "commune_pc"})
        commune.record("inspection", inspected("2025-06-25", "gso3:31009", "@drawer"))
        commune.record("correction", {"unit": "gso3:908", "office": LABOUR, "target": wrong,
                                      "action": "void", "reason": "wrong_reference",
                                      "corrected_on": "2025-07-05"})
        # The district's box is still on: until the day that was set.
        district.record("inspection", inspected("2025-06-28", "gso3:30988", "@three"))
        line.settle()
        expect_equal(line.province.outcomes(), {"counted": 5, "voided": 1}, "outcomes")
        expect_equal(reform.value("gso2:91", "inspection_visit_count")["value"], 4, "visits")
        reform.clock.jump(days=30)  # 4 August
        after = district.record("inspection", inspected("2025-06-29", "gso3:30991", "@four"))
        line.settle()
        held = line.province.rows("status", "--outcomes")
        expect(any(row["event"] == after and row["outcome"] == "out_of_scope" and
                   row["rule"] == "closed" for row in held), f"held back: {held}")
        wait_until(lambda: [row["id"] for row in district.outbox()
                            if row["state"] == "to_mend"] == [after], "the district to be told")
        expect(late not in [row["event"] for row in held], "what came in time counts")
        # The province sets a later day: what was held counts, and is not sent again.
        line.province.command("enrol", "--agent", commune.number, "--succeeds",
                              f"{district.number}:2025-09-30")
        wait_until(lambda: line.province.outcomes() == {"counted": 6, "voided": 1},
                   "the event to count")


def test_nobody_carries_on_itself_or_an_unknown_office():
    with Reform() as reform:
        line = reform.line
        one = line.office("gso3:908")
        more = line.office("gso2:30985", pairs=["gso2:30985:commune_pc"],
                           more=["--succeeds", f"{one.number}:2025-07-31"])
        province = line.province
        for words in (["--agent", one.number, "--succeeds", f"{more.number}:2025-07-31"],
                      ["--agent", one.number, "--succeeds", f"{one.number}:2025-07-31"],
                      ["--agent", one.number, "--succeeds", "77:2025-07-31"]):
            expect(province.command("enrol", *words, code=None).returncode != 0, f"{words}")
        for words in ("2", "2:", "x:2025-07-31", "2:31/13/2025"):
            province.command("enrol", "--agent", one.number, "--succeeds", words, code=2)


if __name__ == "__main__":
    run_tests([test_a_backlog_counts_where_and_when_it_happened,
               test_the_plan_of_a_province_that_ended_is_read_by_its_successor,
               test_the_reports_of_a_province_that_ended_are_its_successors,
               test_what_ends_in_mid_plan_is_judged_to_its_end,
               test_a_list_of_districts_holds_what_carries_them_on,
               test_a_new_office_carries_on_the_work_of_a_closed_one,
               test_nobody_carries_on_itself_or_an_unknown_office])
