#!/usr/bin/python3
"""Figures as they once stood: the same as were printed then, to the byte."""

import csv
import datetime
import io
import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
sys.path.insert(0, str(HERE.parent / "oracle"))
from line import (SOURCE, Line, Skip, copy_folder, expect, expect_equal,  # noqa: E402
                  run_tests)

HA_NOI = SOURCE / "plans" / "ha-noi-2018"
FORMS = ("text", "csv", "jsonl")


def today():
    """The day at UTC+7."""
    zone = datetime.timezone(datetime.timedelta(hours=7))
    return datetime.datetime.now(zone).date()


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def other_revision(folder):
    """The plan with another goal: its second revision."""
    copy_folder(HA_NOI, folder)
    path = folder / "plan.yaml"
    text = path.read_text(encoding="utf-8")
    changed = text.replace("at_least: 150", "at_least: 15", 1)
    expect(changed != text, "a goal of the plan")
    path.write_text(changed, encoding="utf-8")
    return folder


class Diary:
    """What `indicators` and a report said at each position on the way."""

    def __init__(self, line):
        self.line = line
        self.pages = {}

    def figures(self, *more):
        return {form: self.line.province.command("indicators", "--format", form, *more).stdout
                for form in FORMS}

    def note(self):
        found = self.figures()
        self.pages[int(rows(found["csv"])[0]["ledger_size"])] = found


def fill(line, diary):
    """The sample year, a file at a time; the plan changes on the way."""
    with open(HA_NOI / "samples" / "offices.csv", encoding="utf-8", newline="") as source:
        for number, row in enumerate(csv.DictReader(source)):
            office = line.office("", pairs=row["pairs"].split(";"),
                                 more=["--area", row["area"].replace(";", ",")])
            office.start()
            diary.note()
            for path in sorted((HA_NOI / "samples" / row["folder"]).glob("*.csv")):
                office.import_file(path)
                if path.name[:2] in ("01", "04", "07", "10", "13"):
                    line.settle()
                    diary.note()
            if number == 1:
                line.province.command("plan", "load", other_revision(line.home / "second"))
                diary.note()
    line.settle()
    diary.note()


def same(found, wanted, what):
    """The texts are long: the first line that differs is shown."""
    for one, other in zip(found.splitlines(), wanted.splitlines()):
        expect_equal(one, other, what)
    expect(found == wanted, f"{what}: one text goes on")


def replay_equals_what_was_printed_then():
    """I4: under the prefix's own control entries, in every form, from a kept
    state or from nothing, of a copy that cannot be written."""
    began = today()
    with Line(files=HA_NOI, unit="gso3:01") as line:
        diary = Diary(line)
        fill(line, diary)
        if today() != began:
            raise Skip("the day changed, and with it what is overdue")
        line.province.daemon.stop()
        copy = line.home / "copy"
        copy_folder(line.province.folder, copy)
        bare = line.home / "bare"
        copy_folder(copy, bare)
        (bare / "figures.state").unlink()
        (bare / "ledger.mdb-lock").unlink()
        for path in (bare, copy):
            path.chmod(0o555)
        expect(len(diary.pages) > 20, f"only {len(diary.pages)} positions")
        for size, page in diary.pages.items():
            for form, wanted in page.items():
                same(line.province.command("indicators", "--as-of", size, "--format", form).stdout,
                     wanted, f"as of {size}, {form}")
            for folder in (copy, bare):
                found = line.province.command("audit", "replay", "--until", size, "--data",
                                              folder, "--format", "csv").stdout
                same(found, page["csv"], f"replay until {size} of {folder.name}")
        check_revisions(line, diary, copy)
        for command in (("indicators", "--format", "csv"),
                        ("report", "print", "--period", "2018-Q2", "--format", "csv")):
            same(line.province.command(*command, "--data", bare).stdout,
                 line.province.command(*command).stdout, f"{command[0]} of a copy")
        expect(not (bare / "ledger.mdb-lock").exists(), "a lock file in a copy")
        for path in (bare, copy):
            path.chmod(0o755)


def check_revisions(line, diary, copy):
    """The plan is a coordinate of its own: any revision at any position."""
    first, last = min(diary.pages), max(diary.pages)
    goals = {}
    for size in (first, last):
        for revision in ("1", "2"):
            found = rows(line.province.command(
                "audit", "replay", "--until", size, "--plan", f"ha-noi-2018@{revision}",
                "--data", copy, "--format", "csv").stdout)
            goals[size, revision] = [row["goal"] for row in found]
            expect_equal({(row["ledger_size"], row["plan_revision"]) for row in found},
                         {(str(size), revision)}, "position and revision")
    expect_equal(goals[first, "1"], goals[last, "1"], "goals of revision 1")
    expect_equal(goals[first, "2"], goals[last, "2"], "goals of revision 2")
    expect(goals[first, "1"] != goals[first, "2"], "the goal that was changed")
    now = line.province.command("indicators", "--plan", "ha-noi-2018@2", "--format", "csv").stdout
    same(now, diary.pages[last]["csv"], "the revision that is in force")
    for wrong in ("ha-noi-2018@3", "ha-noi-2018@0", "ha-noi-2018@x", "@1"):
        done = line.province.command("indicators", "--plan", wrong, code=3)
        expect(wrong in done.stderr, f"{wrong} in {done.stderr}")
    done = line.province.command("report", "freeze", "--period", "2018-Q1", "--plan",
                                 "ha-noi-2018@1", code=2)
    expect("in force" in done.stderr, "a freeze by another plan")


def a_position_is_a_day_a_moment_or_a_number():
    with Line() as line:
        size = line.province.rows("indicators")[0]["ledger_size"]
        day = str(today())
        for text in (str(size), day, "/".join(reversed(day.split("-"))),
                     "2999-01-01T00:00:00Z", f"{day}T23:59:59.999+07:00"):
            if today() != datetime.date.fromisoformat(day):
                raise Skip("the day changed")
            found = line.province.rows("indicators", "--as-of", text)
            expect_equal(found[0]["ledger_size"], size, text)
        for text, code in (("0", 3), (str(size + 1), 3), ("2001-01-01", 3),
                           ("2001-01-01T00:00:00Z", 3), ("yesterday", 2),
                           ("2001-01-01T00:00:00", 2), ("2001-01-01T24:00Z", 2)):
            done = line.province.command("indicators", "--as-of", text, code=code)
            expect("--as-of" in done.stderr, text)
            done = line.province.command("audit", "replay", "--until", text, code=code)
            expect("--until" in done.stderr, text)


def all_four_coordinates_are_set_and_printed():
    with Line(files=HA_NOI, unit="gso3:01") as line:
        size = line.province.rows("indicators")[0]["ledger_size"]
        days = ["--unit-date", "2018-05-05", "--plan", "ha-noi-2018@1", "--as-of", str(size)]
        range_of = ["--from", "2018-02-02", "--to", "2018-03-03"]
        table = line.province.command("indicators", *days, *range_of).stdout
        for part in ("2018-02-02", "2018-03-03", "2018-05-05", "revision 1", f"of {size} entries"):
            expect(part in table, f"{part} in {table}")
        for row in line.province.rows("indicators", *days, *range_of):
            expect_equal((row["from"], row["to"], row["unit_date"], row["ledger_size"],
                          row["plan"], row["plan_revision"]),
                         ("2018-02-02", "2018-03-03", "2018-05-05", size, "ha-noi-2018", 1),
                         "coordinates")
        period = ["--period", "2018-Q1"]
        for form in ("text", "csv", "html", "jsonl"):
            text = line.province.command("report", "print", *period, *days, "--format",
                                         form).stdout
            for part in ("2018-03-31", "2018-05-05", "ha-noi-2018"):
                expect(part in text, f"{part} in the report as {form}")
        frozen = line.province.command("report", "freeze", *period).stdout.strip()
        row = json.loads(line.province.command("report", "print", *period, "--format", "jsonl",
                                               "--unit-date", "2018-05-05").stdout.splitlines()[0])
        expect_equal(row["unit_date"], "2018-05-05", "not what was frozen")
        row = json.loads(line.province.command("report", "print", *period, "--format",
                                               "jsonl").stdout.splitlines()[0])
        expect_equal(row["unit_date"], "2018-03-31", f"what entry {frozen} froze")


run_tests([replay_equals_what_was_printed_then,
           a_position_is_a_day_a_moment_or_a_number,
           all_four_coordinates_are_set_and_printed])
