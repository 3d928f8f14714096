#!/usr/bin/python3
"""What a figure of a unit says in a running province: whose zero it is, or that
nobody has told anything. Every output says the same."""

import csv
import io
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import interface  # noqa: E402
from interface import Interface  # noqa: E402
from line import Line, expect, expect_equal, run_tests, visit  # noqa: E402

TOLD, QUIET, EMPTY = "gso3:901", "gso3:902", "gso3:903"
QUARTER = ["--period", "2018-Q2"]


def states(line, *days):
    """(value, state, day up to which all is told) of the visits by district."""
    rows = line.province.rows("indicators", "--indicator", "T-1", "--by",
                              "district", *days)
    return {row["unit"]: (row["value"], row["state"], row["received_to"])
            for row in rows if row["unit"] != "gso3:90"}


def day(offset):
    """The province's days are those of UTC+7."""
    return str((datetime.now(timezone(timedelta(hours=7)))
                + timedelta(days=offset)).date())


def opened(line):
    """One district tells, one is enrolled and live, one has no station."""
    port = interface.configure(line.province)
    line.province.daemon.stop()
    line.province.daemon.start()
    offices = [line.office(TOLD), line.office(QUIET)]
    for office in offices:
        office.start()
    offices[0].record("inspection", visit("90101", 1000, day="2018-02-05",
                                          unit=TOLD))
    line.settle()
    return Interface(line.province, port), offices


def every_output_says_the_same():
    """No visit in the second quarter: of one district that is a zero, of the
    others nobody said so, however live the link of one is."""
    with Line() as line:
        web, _ = opened(line)
        expect_equal(states(line, *QUARTER),
                     {TOLD: (0, "zero", day(0)), QUIET: (None, "never", None),
                      EMPTY: (None, "no_office", None)}, "the listing")
        expect_equal(states(line)[TOLD], (1, "value", day(0)), "the whole year")
        expect_equal(states(line)[EMPTY], (None, "no_office", None),
                     "the whole year, of who has no station")
        page = web.get("viewer", "/indicators/T-1", period="2018-Q2")
        found = {row["unit"]["key"]: row for row in page["rows"]}
        for unit, value, state, reporting in (
                (TOLD, "0", "known", "zero"),
                (QUIET, None, "nothing_received", "never"),
                (EMPTY, None, "nothing_received", "no_office")):
            row = found[unit]
            expect_equal((row["figure"]["value"], row["figure"]["state"],
                          row["reporting"]), (value, state, reporting),
                         f"the interface: {unit}")
        alone = web.get("viewer", f"/units/{EMPTY}")
        expect(all(one["figure"]["value"] is None and one["percent"] is None
                   and one["achieved"] is None for one in alone["lines"]
                   if one["reporting"] == "no_office"), "a unit's own page")
        report = ["report", "print", *QUARTER, "--format"]
        rows = {row["unit"]: row for row in csv.DictReader(io.StringIO(
            line.province.command(*report, "csv").stdout)) if row["line"] == "1"}
        expect_equal([(rows[unit]["value"], rows[unit]["state"])
                      for unit in (TOLD, QUIET, EMPTY)],
                     [("0", "zero"), ("", "never"), ("", "no_office")],
                     "the report's rows")
        expect_equal(rows[EMPTY]["total"], "", "and since the year began")
        for form in ("text", "html"):
            paper = line.province.command(*report, form).stdout
            expect("no figures yet" in paper, f"the report on {form}")
        values = line.province.command(*report, "dhis2").stdout
        expect(TOLD in values and QUIET not in values and EMPTY not in values,
               "what others are told")


def a_commune_goes_by_its_district():
    with Line() as line:
        opened(line)
        rows = {row["unit"]: row["state"] for row in line.province.rows(
            "indicators", "--indicator", "T-1", "--by", "commune", *QUARTER)}
        expect_equal((rows["gso3:90101"], rows["gso3:90201"]),
                     ("zero", "never"), "communes without a station")


def days_that_are_over_are_told_up_to_a_day():
    """Nothing of tomorrow can have come yet, and what ends today may go on."""
    with Line() as line:
        opened(line)
        for first, last, told in ((-9, -1, (0, "zero", day(0))),
                                  (-9, 0, (0, "so_far", day(0))),
                                  (-9, 9, (0, "so_far", day(0))),
                                  (1, 9, (None, "silent", day(0)))):
            found = states(line, "--from", day(first), "--to", day(last),
                           "--unit-date", "2018-12-31")
            expect_equal(found[TOLD], told, f"{first} to {last}")
            expect_equal(found[QUIET][1], "never", f"{first} to {last}")


def the_first_event_makes_a_zero_and_a_report_does_too():
    with Line() as line:
        _, (_, quiet) = opened(line)
        quiet.record("report_submitted", {"regime": "calendar",
                                          "period_kind": "quarter",
                                          "period_key": "201802",
                                          "submitted_on": "2018-07-02"})
        line.settle()
        expect_equal(states(line, *QUARTER)[QUIET],
                     (0, "zero_reported", day(0)), "its report says so")
        expect_equal(states(line)[QUIET], (0, "zero", day(0)),
                     "what it sent is of later days")


def nobody_answers_for_days_before_the_enrolment():
    """An office of May and later has no zero of the second quarter."""
    with Line() as line:
        port = interface.configure(line.province)
        line.province.daemon.stop()
        line.province.daemon.start()
        office = line.office(TOLD, more=("--from", "2018-05-01"))
        office.start()
        office.record("report_submitted", {"regime": "calendar",
                                           "period_kind": "month",
                                           "period_key": "201805",
                                           "submitted_on": "2018-06-02"})
        line.settle()
        row, = line.province.rows("indicators", "--indicator", "T-1",
                                  "--unit", TOLD, *QUARTER)
        expect_equal((row["value"], row["state"], row["received_from"]),
                     (0, "so_far", "2018-05-01"), "the listing")
        page = Interface(line.province, port).get(
            "viewer", f"/units/{TOLD}", period="2018-Q2")
        expect_equal({(one["reporting"], one["received_from"])
                      for one in page["lines"] if one["reporting"]},
                     {("so_far", "2018-05-01")}, "the interface")
        paper = line.province.command("report", "print", *QUARTER, "--unit",
                                      TOLD, "--by", "none").stdout
        expect("0 (from 2018-05-01)" in paper, paper)
        expect_equal(states(line, "--period", "2018-M05")[TOLD],
                     (0, "zero_reported", day(0)), "of its own month")
        expect_equal(states(line, "--period", "2018-M06")[TOLD],
                     (0, "zero", day(0)), "and of the next one")


def a_frozen_report_keeps_what_was_said():
    """What was told since stands in what is known today."""
    with Line() as line:
        _, (_, quiet) = opened(line)
        text = ["report", "print", *QUARTER, "--format", "csv"]
        before = line.province.command(*text).stdout
        line.province.command("report", "freeze", *QUARTER)
        quiet.record("inspection", visit("90201", 1000, day="2018-08-05",
                                         unit=QUIET))
        line.settle()
        expect_equal(line.province.command(*text).stdout, before, "as frozen")
        expect_equal(states(line, *QUARTER)[QUIET], (0, "zero", day(0)), "today")
        verified = line.province.command("audit", "verify").stdout
        expect("error" not in verified.lower(), verified)


if __name__ == "__main__":
    run_tests([every_output_says_the_same, a_commune_goes_by_its_district,
               days_that_are_over_are_told_up_to_a_day,
               the_first_event_makes_a_zero_and_a_report_does_too,
               nobody_answers_for_days_before_the_enrolment,
               a_frozen_report_keeps_what_was_said])
