"""The office's own figures: `tallyline-agent indicators`.

    TALLYLINE_BIN=... python3 tests/integration/office_indicators.py [NAME]...
"""

import csv
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from line import (SOURCE, Line, expect, expect_equal,  # noqa: E402
                  run_tests, visit, wait_until)

AN_BIEN = SOURCE / "plans" / "an-bien-2020"
PERIODS = ("2020", "2020-H1", "2020-H2")
# What tells a figure of the ledger from one of a view.
OF_THE_LEDGER = ("ledger_size", "ledger_hash", "plan_entry", "streams",
                 "plan_revision")


def figures(rows):
    return [{key: value for key, value in row.items()
             if key not in OF_THE_LEDGER} for row in rows]


def sample_offices():
    with open(AN_BIEN / "samples" / "offices.csv", newline="") as source:
        return list(csv.DictReader(source))


def expected(unit):
    with open(AN_BIEN / "samples" / "expected.csv", newline="") as source:
        return {row["row"]: (row["value"], row["denominator"])
                for row in csv.DictReader(source) if row["unit"] == unit}


def found(rows):
    """As expected.csv writes it."""
    def text(value):
        return "" if value is None else str(value)
    return {row["target"] or row["indicator"]:
            (text(row["value"]), text(row["denominator"])) for row in rows}


def district(line):
    """One office that records for all of An Biên, with the sample year."""
    pairs = [pair for row in sample_offices()
             for pair in row["pairs"].split(";")]
    office = line.office("", pairs=pairs)
    office.start()
    office.daemon.stop()
    for row in sample_offices():
        for path in sorted((AN_BIEN / "samples" / row["folder"]).glob("*.csv")):
            # Each of the sample's offices has names of its own.
            copy = line.home / f"{row['folder']}-{path.name}"
            copy.write_text(path.read_text().replace("@", f"@{row['agent']}-"))
            office.import_file(copy)
    return office


def i4_the_figures_are_those_of_the_province():
    with Line(files=AN_BIEN, unit="gso3:908") as line:
        office = district(line)
        before = office.rows("indicators")
        expect_equal(found(before), expected("gso3:908"), "the sample year")
        office.start()
        line.settle()
        expect_equal(figures(office.rows("indicators")), figures(before),
                     "figures after everything was received")
        for period in PERIODS:
            for unit in ("gso3:908", "gso3:30985", "gso3:30997"):
                own = office.rows("indicators", "--period", period, "--unit",
                                  unit)
                theirs = line.province.rows(
                    "indicators", "--from", own[0]["from"], "--to",
                    own[0]["to"], "--unit", unit)
                expect_equal(figures(own), figures(theirs),
                             f"{period} of {unit}")


def a_plan_of_ones_own_needs_none_of_the_province():
    with Line(files=AN_BIEN, unit="gso3:908") as line:
        office = district(line)
        other = line.home / "own"
        shutil.copytree(AN_BIEN, other, ignore=shutil.ignore_patterns("samples"))
        plan = other / "plan.yaml"
        plan.write_text(plan.read_text().replace(
            "plan: an-bien-2020", "plan: own-2020"))
        rows = office.rows("indicators", "--plan", other)
        expect_equal(found(rows), expected("gso3:908"), "the sample year")
        expect_equal({row["plan"] for row in rows}, {"own-2020"}, "the plan")
        plan.write_text(plan.read_text().replace("unit: gso3:908",
                                                 "unit: gso3:999"))
        said = office.command("indicators", "--plan", other, code=65).stderr
        expect("plan.yaml:" in said, f"the place of the mistake: {said}")


def what_the_figures_are_of_is_said():
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        office.record("inspection", visit(90101, 100))
        line.settle()
        office.daemon.stop()
        office.record("inspection", visit(90101, 200))
        office.record("inspection", visit(90102, 300))
        said = office.command("indicators").stdout
        expect("not the province's: 3 events of the streams 1.1 (2 not "
               "received yet, 0 not counted), recorded for "
               "gso3:901:district_labour_office" in said, said)
        expect("Ledger of" not in said, said)
        rows = office.rows("indicators")
        expect_equal({row["streams"] for row in rows}, {"1.1"}, "streams")
        expect_equal({row["unit"] for row in rows}, {"gso3:901"}, "the unit")
        expect_equal({row["ledger_size"] for row in rows}, {None}, "ledger")


def another_offices_events_are_not_in_it():
    with Line() as line:
        offices = [line.office("gso3:901"), line.office("gso3:902")]
        for office, commune in zip(offices, (90101, 90201)):
            office.start()
            office.record("inspection", visit(commune, 100))
        line.settle()
        for office in offices:
            own = office.rows("indicators")
            theirs = line.province.rows("indicators", "--unit", office.unit)
            expect_equal(figures(own), figures(theirs), office.unit)
        both = line.province.figures()
        expect(any(row["value"] != both[row["indicator"]]
                   for row in offices[0].rows("indicators")),
               "the province has more than one office")


def i3_what_recovery_moved_counts_once():
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        for fine in (100, 200):
            office.record("inspection", visit(90101, fine))
        line.settle()
        office.daemon.stop()
        shutil.copytree(office.folder, line.home / "copy")
        office.start()
        office.record("inspection", visit(90101, 300))
        line.settle()
        office.daemon.stop()
        copy = line.office("gso3:901", folder="copy")
        copy.record("inspection", visit(90102, 400))
        copy.daemon.start()
        wait_until(lambda: copy.status()["line"] == "position_taken",
                   "the copy to stand still")
        copy.command("recover", "--yes")
        line.offices.remove(office)
        line.settle()
        said = copy.command("indicators").stdout
        expect("3 events of the streams 1.1 1.2 (0 not received" in said, said)
        expect_equal(copy.rows("status")[0]["moved"], 1, "moved")


def what_is_asked_wrongly_is_told():
    with Line() as line:
        office = line.office("gso3:901")
        for words, code in ((["--period", "2018-Q9"], 2),
                            (["--period", "soon"], 2),
                            (["--unit", "gso3:00000"], 3),
                            (["--unit", "here"], 2),
                            (["--indicator", "none"], 3),
                            (["--format", "pdf"], 2),
                            (["--plan", line.home / "nowhere"], 66)):
            said = office.command("indicators", *words, code=code).stderr
            expect(str(words[-1]) in said, said)


run_tests([i4_the_figures_are_those_of_the_province,
           a_plan_of_ones_own_needs_none_of_the_province,
           what_the_figures_are_of_is_said,
           another_offices_events_are_not_in_it,
           i3_what_recovery_moved_counts_once,
           what_is_asked_wrongly_is_told])
