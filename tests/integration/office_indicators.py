"""The office's own figures: `tallyline-agent indicators`.

    TALLYLINE_BIN=... python3 tests/integration/office_indicators.py [NAME]...
"""

import csv
import json
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from line import (Line, expect, expect_equal,  # noqa: E402
                  run_command, run_tests, visit, wait_until)
from sample_year import AN_BIEN, sample_files, sample_pairs  # noqa: E402

PERIODS = ("2020", "2020-H1", "2020-H2")
# What tells a figure of the ledger from one of a view.
OF_THE_LEDGER = ("ledger_size", "ledger_hash", "plan_entry", "streams",
                 "plan_revision", "state", "received_to")


def figures(rows):
    return [{key: value for key, value in row.items()
             if key not in OF_THE_LEDGER} for row in rows]


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
    office = line.office("", pairs=sample_pairs())
    office.start()
    office.daemon.stop()
    for path in sample_files(line.home, office.number):
        office.import_file(path)
    return office


def alone(home, *words, code=0):
    return run_command("tallyline-agent", home / "alone", words, code, {})


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
                    own[0]["to"], "--unit", unit, "--for-unit", unit)
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


def i1_a_district_works_without_any_province():
    with tempfile.TemporaryDirectory(prefix="tallyline-") as folder:
        home = Path(folder)
        own = home / "plan"
        shutil.copytree(AN_BIEN, own, ignore=shutil.ignore_patterns("samples"))
        pairs = [part for pair in sample_pairs() for part in ("--pair", pair)]
        alone(home, "join", own, "--alone", *pairs)
        number = json.loads(alone(home, "status", "--format",
                                  "jsonl").stdout)["agent"]
        expect(number >= 1 << 19, f"a number of no province: {number}")
        for path in sample_files(home, number):
            alone(home, "import", path)

        def rows():
            out = alone(home, "indicators", "--format", "jsonl").stdout
            return [json.loads(text) for text in out.splitlines()]

        expect_equal(found(rows()), expected("gso3:908"), "the sample year")
        for command in ("run", "recover"):
            said = alone(home, command, code=78).stderr
            expect("no province" in said, said)
        # The same again changes nothing, a plan of the next revision does.
        before = (home / "alone" / "agent.yaml").read_bytes()
        alone(home, "join", own, "--alone", *pairs)
        expect_equal((home / "alone" / "agent.yaml").read_bytes(), before,
                     "agent.yaml")
        expect_equal({row["plan_revision"] for row in rows()}, {1}, "revision")
        plan = own / "plan.yaml"
        plan.write_text(plan.read_text().replace("revision: 1", "revision: 2"))
        alone(home, "join", own, "--alone", *pairs)
        expect_equal({row["plan_revision"] for row in rows()}, {2}, "revision")
        expect_equal(found(rows()), expected("gso3:908"), "the sample year")
        for words, code in ((["--pair", "gso3:908"], 2), ([], 2),
                            (["--pair", "gso3:001:police"], 2),
                            (["--pair", "gso3:908:polices"], 2)):
            alone(home, "join", own, "--alone", *words, code=code)


def i3_a_district_comes_under_a_province_later():
    """What it exports counts once there, beside a real first office."""
    with Line(files=AN_BIEN, unit="gso3:908") as line:
        pairs = [part for pair in sample_pairs() for part in ("--pair", pair)]
        alone(line.home, "join", AN_BIEN, "--alone", *pairs)
        number = json.loads(alone(line.home, "status", "--format",
                                  "jsonl").stdout)["agent"]
        for path in sample_files(line.home, number):
            # Corrections name events by ids that the province does not have.
            if f"{number}.1." not in path.read_text():
                alone(line.home, "import", path)
        kept = line.home / "kept.csv"
        kept.write_text(alone(line.home, "export").stdout)
        office = line.office("", pairs=sample_pairs())
        office.import_file(kept)
        office.import_file(kept)
        office.start()
        line.settle()
        own = alone(line.home, "indicators", "--format", "jsonl").stdout
        expect_equal(line.province.outcomes().keys() - {"counted"}, set(),
                     "what does not count")
        expect_equal(
            {row["indicator"]: row["value"]
             for row in map(json.loads, own.splitlines())},
            line.province.figures("--raw"), "the province's figures")
        alone(line.home, "join", line.home / "office-1.enrol", code=1)
        office.daemon.stop()
        said = office.command("join", AN_BIEN, "--alone", *pairs,
                              code=1).stderr
        expect("has joined a province" in said, said)


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
            theirs = line.province.rows("indicators", "--unit", office.unit,
                                        "--for-unit", office.unit)
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
                            (["--plan", "nothing"], 3),
                            (["--plan", line.home / "nowhere"], 66)):
            said = office.command("indicators", *words, code=code).stderr
            expect(str(words[-1]) in said, said)


run_tests([i4_the_figures_are_those_of_the_province,
           a_plan_of_ones_own_needs_none_of_the_province,
           i1_a_district_works_without_any_province,
           i3_a_district_comes_under_a_province_later,
           what_the_figures_are_of_is_said,
           another_offices_events_are_not_in_it,
           i3_what_recovery_moved_counts_once,
           what_is_asked_wrongly_is_told])
