#!/usr/bin/python3
"""Offices whose disk dies.

    tests/fault/office_loss.py

A round is one loss (tests/support/rounds.py): the office has recorded,
corrected and imported, some of it was not sent, and its folder is gone. The
province gives a file for a new machine; that joins under a new epoch, is killed
while its past comes back, and goes on. Then everything that was received is in
the new spool, once, under its old ids; the same sheet adds only what had been
lost with the disk; an event of a former machine can be voided; and the office's
own figures are the province's, which are those of a recount.
"""

import random
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import ledger_file  # noqa: E402
from line import (LABOUR_OFFICE, Line, Office, expect,  # noqa: E402
                  expect_equal, run_tests, visit, wait_until)
from rounds import Rounds  # noqa: E402
from scene import recount  # noqa: E402

ROUNDS = Rounds("office losses", ci=3, full=10)
FIRST_ROWS = 20_000
NUMBERS = ("value", "denominator", "percent", "status")


def rows(marks, chance):
    return [{"type": "inspection",
             **visit(90101 + chance.randrange(2), mark,
                     thing=f"@so-{mark % 40}")} for mark in marks]


def figures(found):
    return {row["indicator"]: [row[name] for name in NUMBERS] for row in found}


def new_machine(line, number, place):
    """A machine in a new folder that joins in the lost one's place."""
    file = line.home / f"again-{place}.enrol"
    line.province.command("enrol", "--again", number, "--output", file)
    office = Office(line, "gso3:901", folder=f"machine-{place}")
    office.number = number
    office.command("join", file)
    return office


def has_its_past(office):
    return office.status()["history"] == "whole"


def bring_back(office, chance):
    """Killed while its past comes back, as often as it takes."""
    for _ in range(chance.randrange(3)):
        office.daemon.launch()
        before = office.status()["history_events"]
        wait_until(lambda: has_its_past(office) or
                   office.status()["history_events"] != before,
                   "some of the past")
        office.daemon.kill()
    office.start()
    wait_until(lambda: has_its_past(office), "all of the past")


def events_of(ledger, number):
    """Ids of the agent's events in the ledger, with their entries."""
    return {ledger_file.id_text(identity): index
            for identity, (_, index) in ledger.events.items()
            if identity[0] == number}


def read_ledger(line):
    line.province.daemon.stop()
    ledger = ledger_file.Ledger(line.province.folder / "ledger.mdb",
                                ledger_file.load_classes(line.home))
    figures_then = line.province.figures()
    expect_equal(figures_then, recount(ledger), "figures beside the recount")
    line.province.daemon.start()
    return ledger


def what_was_received_comes_back():
    print(ROUNDS, flush=True)
    chance = random.Random(ROUNDS.seed)
    with Line() as line:
        office = line.office("gso3:901")
        other = line.office("gso3:902")
        number = office.number
        office.start()
        other.start()
        mark = 0
        for place in range(ROUNDS.count):
            # The first one alone takes several messages to come back.
            count = FIRST_ROWS if place == 0 else chance.randrange(1, 3000)
            sheet = rows(range(mark, mark + count), chance)
            mark += 2 * FIRST_ROWS
            path = office.write_rows(sheet)
            expect_equal(office.import_file(path), len(sheet), "rows")
            first = office.record("inspection", visit(90101, mark - 1))
            other.record("inspection", visit(90201, mark - 2))
            line.settle()
            # What is not received is lost with the disk, and only that.
            line.province.daemon.stop()
            lost = rows(range(mark - 99, mark - 99 + chance.randrange(9)),
                        chance)
            if lost:
                sheet += lost
                path = office.write_rows(sheet)
                office.import_file(path)
            office.daemon.kill()
            line.province.daemon.start()
            ledger = read_ledger(line)
            line.offices.remove(office)
            shutil.rmtree(office.folder)
            office = new_machine(line, number, place)
            expect("history" in office.status(), "its past is wanted")
            bring_back(office, chance)
            row = office.status()
            received = events_of(ledger, number)
            expect_equal(row["epoch"], place + 2, "epoch")
            expect_equal(row["history_events"], len(received), "events")
            expect_equal({event["id"]: event["entry"]
                          for event in office.outbox()}, received,
                         "events and receipts")
            expect_equal(office.import_file(path), len(lost),
                         "rows that were lost with the disk")
            office.record("correction",
                          {"target": first, "head": first,
                           "reason": "entered_twice",
                           "corrected_on": "2018-12-20"})
            line.settle()
            wait_until(lambda: office.status()["received"] +
                       office.status()["to_mend"] ==
                       len(received) + len(lost) + 1, "all to be received")
            ledger = read_ledger(line)
            expect_equal(len(events_of(ledger, number)),
                         len(received) + len(lost) + 1, "events once")
            expect_equal(figures(office.rows("indicators")),
                         figures(line.province.rows(
                             "indicators", "--unit", "gso3:901", "--for-unit",
                             "gso3:901")), "the office's own figures")
        print(f"{ROUNDS.count} machines lost, {len(ledger.events)} events",
              flush=True)


def a_file_for_a_new_machine_is_good_for_that_alone():
    """Once; not for rotate; not for an office that never joined; and once it
    is used the old machine is nobody."""
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        office.record("inspection", visit(90101, 1))
        line.settle()
        said = line.province.command("enrol", "--again", 9, "--output",
                                     line.home / "no", code=3).stderr
        expect("no such agent" in said, said)
        invited = line.province.enrol("B", line.home / "b",
                                      [f"gso3:902:{LABOUR_OFFICE}"])
        line.province.command("enrol", "--again", invited, "--output",
                              line.home / "no", code=1)
        line.province.command("enrol", "--again", office.number, code=2)
        file = line.home / "again"
        line.province.command("enrol", "--again", office.number, "--output",
                              file)
        office.daemon.stop()
        office.command("rotate", file, code=65)
        office.daemon.start()
        office.record("inspection", visit(90101, 2))
        line.settle()  # until it is used nothing changes
        fresh = Office(line, "gso3:901", folder="fresh")
        fresh.command("join", file)
        other = Office(line, "gso3:901", folder="other")
        other.command("join", file, code=1)
        line.offices.remove(other)
        office.daemon.stop()
        office.daemon.start()
        wait_until(lambda: office.status()["refusal"] == "unknown_key",
                   "the old machine to be turned away")
        office.daemon.stop()
        line.offices.remove(office)
        fresh.start()
        wait_until(lambda: has_its_past(fresh), "the past")
        said = line.province.command("audit", "log", "--controls").stdout
        expect("in place of a lost one" in said, "the auditor is told")
        expect_equal(len(fresh.outbox()), 2, "events")


run_tests([what_was_received_comes_back,
           a_file_for_a_new_machine_is_good_for_that_alone])
