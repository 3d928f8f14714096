#!/usr/bin/python3
"""Why figures changed between two positions: what is put down to events and
entries adds up, and is what was recorded."""

import datetime
import json
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
sys.path.insert(0, str(HERE.parent / "oracle"))
import compare  # noqa: E402
from false_clock import FalseClock  # noqa: E402
from line import (SMALL_PROVINCE, SOURCE, Line, copy_folder, expect,  # noqa: E402
                  expect_equal, run_tests, visit)

MONTHS = """  - id: months
    label: {vi: Số tháng, en: Months}
    unit_of_count: {vi: tháng, en: months}
    value: {periods: month, of_each: {count: inspection}, at_least: 1}
"""
HA_NOI = SOURCE / "plans" / "ha-noi-2018"


def name(row):
    return row["target"], row["indicator"], row["unit"]


def number(value):
    return int(value) if value is not None else 0


class Audit:
    def __init__(self, line, folder):
        self.line = line
        self.folder = folder

    def rows(self, *arguments):
        return [json.loads(text) for text in self.line.province.command(
            *arguments, "--format", "jsonl", "--data", self.folder).stdout.splitlines()]

    def figures(self, size, *more):
        rows = self.rows("audit", "replay", "--until", size, "--raw", *more)
        return {name(row): (row["value"], row["denominator"]) for row in rows}

    def causes(self, before, after, *more):
        """The rows of each figure that differs."""
        found = {}
        for row in self.rows("audit", "diff", before, after, *more):
            expect_equal((row["before_ledger_size"], row["after_ledger_size"]), (before, after),
                         "positions")
            found.setdefault(name(row), []).append(row)
        return found


def check(audit, before, after, *more):
    """Every figure that replay shows otherwise is there, and adds up."""
    old, new = audit.figures(before, *more), audit.figures(after, *more)
    found = audit.causes(before, after, *more)
    wanted = {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
    # An office that is heard for the first time makes a zero of what nobody had
    # stated: nothing is added, so there is no cause.
    moved = {key for key, rows in found.items()
             if rows[0]["cause"] is not None
             or (rows[0]["before"] is None) != (rows[0]["after"] is None)}
    expect_equal(moved, {key for key in wanted}, f"figures that moved from {before} to {after}")
    for key in moved:
        rows = found[key]
        expect_equal((rows[0]["before"], rows[0]["before_denominator"]),
                     old.get(key, (None, None)), f"{key} before")
        expect_equal((rows[0]["after"], rows[0]["after_denominator"]),
                     new.get(key, (None, None)), f"{key} after")
        for part, total in (("amount", "before", ), ("amount_denominator", "before_denominator")):
            change = number(rows[0][total.replace("before", "after")]) - number(rows[0][total])
            expect_equal(sum(number(row[part]) for row in rows), change, f"{part} of {key}")
        expect(all(before <= row["entry"] < after for row in rows
                   if row["cause"] not in (None, "days")),
               f"entries of {key}")
    return found


def a_year_is_explained_event_by_event():
    """The sample year in steps of several widths, and by district."""
    with Line(files=HA_NOI, unit="gso3:01") as line:
        compare.fill(line, HA_NOI / "samples")
        line.province.daemon.stop()
        folder = line.home / "copy"
        copy_folder(line.province.folder, folder)
        audit = Audit(line, folder)
        size = audit.rows("audit", "replay")[0]["ledger_size"]
        moved = 0
        for width in (7, 25, size - 3):
            for before in range(3, size - width + 1, width):
                moved += len(check(audit, before, before + width))
        expect(moved > 60, f"only {moved} figures moved")
        check(audit, 20, size, "--by", "district")
        check(audit, 20, size, "--period", "2018-Q2", "--unit", "gso3:001")
        expect_equal(audit.rows("audit", "diff", size, size), [], "one position")
        first = line.province.command("audit", "diff", 20, size, "--data", folder).stdout
        again = line.province.command("audit", "diff", 20, size, "--data", folder).stdout
        expect(first == again, "the same bytes twice")


def what_an_event_did_is_what_was_recorded():
    """Sums exactly: an event, its replacement, a void; what is dated later."""
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        office.record("inspection", visit("90101", 100, "@a"))
        line.settle()
        before = line.province.rows("indicators")[0]["ledger_size"]
        one = office.record("inspection", visit("90101", 250, "@b", day="2018-02-05"))
        two = office.record("inspection", visit("90102", 70, "@a", day="2018-02-06"))
        line.settle()
        mend = office.record("inspection", visit("90101", 230, "@b", day="2018-02-05",
                                                 corrects=one, reason="typing_error"))
        void = office.record("correction", {"corrects": two, "corrected_on": "2018-02-09",
                                            "reason": "entered_twice"})
        line.settle()
        audit = Audit(line, line.province.folder)
        after = line.province.rows("indicators")[0]["ledger_size"]
        found = check(audit, before, after)
        told = {key[1]: [(row["event"], row["amount"]) for row in rows]
                for key, rows in found.items()}
        expect_equal(told["fines"], [(one, 250), (two, 70), (mend, -20), (void, -70)], "fines")
        expect_equal(told["visits"], [(one, 1), (two, 1), (void, -1)], "visits")
        corrects = {row["event"]: row["corrects"] for rows in found.values() for row in rows}
        expect_equal((corrects[mend], corrects[void], corrects[one]), (one, two, None),
                     "what they correct")
        text = line.province.command("audit", "diff", before, after, "--indicator",
                                     "fines").stdout
        for part in ("100 → 330 (+230)", "+250", "-20", "-70", mend, f"corrects {one}", "audit"):
            expect(part in text, f"{part} in {text}")
        short = line.province.command("audit", "diff", before, after, "--indicator", "fines",
                                      "--limit", "2").stdout
        expect("-90" in short and "2 other causes" in short, short)
        expect(one in short and mend not in short, "the causes that moved it most")


def entries_of_the_province_are_causes():
    """A plan that counts otherwise, and the same plan held on to."""
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        office.record("inspection", visit("90101", 100, "@a"))
        office.record("inspection", visit("90101", 300, "@b", result="no_violation",
                                          violations=0))
        line.settle()
        before = line.province.rows("indicators")[0]["ledger_size"]
        other = line.home / "other"
        copy_folder(SMALL_PROVINCE, other)
        plan = next(other.glob("*.yaml"))
        text = plan.read_text(encoding="utf-8")
        changed = text.replace("value: {count: inspection}",
                               "value: {count: inspection, where: {result: violation}}")
        expect(changed != text, "a measure of the plan")
        plan.write_text(changed, encoding="utf-8")
        line.province.command("plan", "load", other)
        for thing in ("@c", "@d"):
            office.record("inspection", visit("90101", 50, thing))
        line.settle()
        audit = Audit(line, line.province.folder)
        after = line.province.rows("indicators")[0]["ledger_size"]
        found = check(audit, before, after)
        kinds = {(row["cause"], row["type"]) for rows in found.values() for row in rows}
        expect(("control", "plan") in kinds and ("event", "inspection") in kinds, str(kinds))
        expect_equal({row["entry"] for rows in found.values() for row in rows
                      if row["cause"] == "control"}, {before}, "the entry of the plan")
        plan_id = line.province.rows("indicators")[0]["plan"]
        held = check(audit, before, after, "--plan", f"{plan_id}@1")
        expect_equal({row["cause"] for rows in held.values() for row in rows}, {"event"},
                     "the plan that was held on to")
        expect_equal({row["after_plan_revision"] for rows in held.values() for row in rows},
                     {1}, "its revision")
        for wrong, code in (((after, before), 2), ((0, after), 3), ((before, after + 1), 3),
                            (("x", after), 2)):
            line.province.command("audit", "diff", *wrong, code=code)


def days_that_pass_are_a_cause_of_their_own(folder):
    """A month is over by the second day: no event did that, neither one of its
    type that came first nor, where none came, nobody."""
    files = folder / "files"
    copy_folder(SMALL_PROVINCE, files)
    plan = next(files.glob("*.yaml"))
    plan.write_text(plan.read_text(encoding="utf-8").replace("targets:", MONTHS + "targets:")
                    .replace("kinds: [quarter, year]", "kinds: [month, quarter, year]"),
                    encoding="utf-8")
    clock = FalseClock(folder / "clock")
    clock.set_to(datetime.datetime(2018, 6, 15, 5, tzinfo=datetime.timezone.utc))
    with Line(files=files, more=clock.environment()) as line:
        office = line.office("gso3:901")
        office.start()
        office.record("inspection", visit("90101", 100, "@a", day="2018-06-10"))
        line.settle()
        before = line.province.rows("indicators")[0]["ledger_size"]
        clock.jump(days=17)
        line.office("gso3:902")  # some entry of that day
        between = line.province.rows("indicators")[0]["ledger_size"]
        one = office.record("inspection", visit("90101", 100, "@b", day="2018-07-01"))
        line.settle()
        after = line.province.rows("indicators")[0]["ledger_size"]
        audit = Audit(line, line.province.folder)
        for end in (between, after):
            found = {key[1]: [(row["cause"], row["event"], row["amount"]) for row in rows]
                     for key, rows in check(audit, before, end).items()}
            expect_equal(found["months"], [("days", None, 1)], f"months up to {end}")
        expect_equal(found["visits"], [("event", one, 1)], "visits")
        text = line.province.command("audit", "diff", before, after, "--indicator",
                                     "months").stdout
        expect("+1/+1  the days that passed, 2018-06-15 to 2018-07-02" in text, text)


def days_that_pass():
    with tempfile.TemporaryDirectory(prefix="tallyline-") as folder:
        days_that_pass_are_a_cause_of_their_own(Path(folder))


run_tests([days_that_pass,
           a_year_is_explained_event_by_event,
           what_an_event_did_is_what_was_recorded,
           entries_of_the_province_are_causes])
