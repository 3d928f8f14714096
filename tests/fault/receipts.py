#!/usr/bin/python3
"""Receipts are lost, doubled, late and out of date, and the collector is killed
between its commit and the receipt, while offices record and import.

    tests/fault/receipts.py

A round is a batch. The harness keeps what it SUBMITTED and what was ACKED, that
is printed as saved. At the end everything is sent, and then

  - every acked event is in the province's ledger, each exactly once, and
    nothing that was not submitted;
  - every batch of every office has exactly one receipt in its spool, which is
    the ledger's entry of just these bytes;
  - the figures are those of a recount of the ledger made here.

tests/support/middleman.py does the harm and counts it.
"""

import hashlib
import random
import sys
from pathlib import Path

import lmdb

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from line import (SMALL_PROVINCE, Line, expect, expect_equal,  # noqa: E402
                  run_tests, visit, wait_until)
import ledger_file  # noqa: E402
from marks import check_marks  # noqa: E402
from middleman import Middleman  # noqa: E402
from rounds import Rounds  # noqa: E402
from scene import recount  # noqa: E402
from worker import Worker  # noqa: E402

ROUNDS = Rounds("batches", ci=200, full=10000)
OFFICES = 3
ROWS_MAX = 4
SETTLE_SECONDS = 120
HASH_BYTES = 8  # before each value of a store


class Clerk(Worker):
    """Saves a few events at a time, until it is told to stop."""

    def __init__(self, office, number, seed):
        super().__init__()
        self.office = office
        self.number = number
        self.random = random.Random(seed)
        self.submitted = set()
        self.acked = set()

    def step(self):
        first = self.number * 10_000_000 + len(self.submitted) + 1
        marks = range(first, first + self.random.randint(1, ROWS_MAX))
        self.submitted |= set(marks)
        rows = [visit(self.number * 100 + 90001 + mark % 2, mark,
                      f"@so-{mark % 12}", f"2018-{mark % 12 + 1:02}-15")
                for mark in marks]
        if len(rows) == 1:
            self.office.record("inspection", rows[0])
        else:
            self.office.import_rows([{"type": "inspection", **row}
                                     for row in rows])
        self.acked |= set(marks)


def spooled(office, name):
    """A table of the office's spool, by place."""
    with lmdb.open(str(office.folder / "spool.mdb"), subdir=False, max_dbs=17,
                   readonly=True) as store:
        table = store.open_db(name.encode(), create=False)
        with store.begin(table) as txn:
            return {bytes(key): bytes(value)[HASH_BYTES:]
                    for key, value in txn.cursor()}


def check_receipts(office, entries):
    """One receipt a batch: the ledger's entry of these bytes."""
    batches = spooled(office, "batches")
    receipts = spooled(office, "receipts")
    expect_equal(receipts.keys(), batches.keys(), "places with a receipt")
    for place, batch in batches.items():
        entry = ledger_file.Entry(*ledger_file.ENTRY.unpack(receipts[place]))
        expect_equal(entry.digest, hashlib.sha256(batch).digest(),
                     "digest in a receipt")
        expect_equal(entry, entries[entry.index], "the ledger's entry")
    return len(batches)


def check_events(clerk, ledger):
    check_marks([event for (agent, _, _), (event, _) in ledger.events.items()
                 if agent == clerk.office.number],
                clerk.acked, clerk.submitted)


def check_all(line, clerks, man, classes):
    for clerk in clerks:
        wait_until(lambda: man.failure or clerk.office.drained(),
                   "all to be received", SETTLE_SECONDS)
    wait_until(lambda: line.province.figures()["visits"] == sum(
        len(clerk.acked) for clerk in clerks), "all to be counted")
    man.finish()
    figures = line.province.figures()
    for daemon in line.all_daemons():
        daemon.stop()
    ledger = ledger_file.Ledger(line.province.folder / "ledger.mdb", classes)
    batches = 0
    for clerk in clerks:
        check_events(clerk, ledger)
        batches += check_receipts(clerk.office, ledger.entries)
    expect_equal(figures, recount(ledger), "figures beside the recount")
    print(f"{batches} batches of {len(ledger.events)} events; receipts "
          + ", ".join(f"{what}: {times}" for what, times
                      in sorted(man.done.items())))
    expect(batches >= ROUNDS.count, f"{batches} batches")
    for what in ("lost", "doubled", "late", "out of date"):
        expect(man.done[what] > 0, f"some were {what}")
    expect(ROUNDS.count < 1000 or (man.done["killed with it"] > 0 and
                                   man.done["killed at the commit"] > 0),
           "the collector was killed in both ways")


def every_batch_ends_with_one_receipt():
    print(ROUNDS, flush=True)
    with Line(files=SMALL_PROVINCE) as line:
        classes = ledger_file.load_classes(line.home)
        man = Middleman(line, random.Random(ROUNDS.seed))
        clerks = []
        for number in range(1, OFFICES + 1):
            office = line.office(f"gso3:90{number}")
            man.serve(office)
            clerks.append(Clerk(office, number, ROUNDS.seed + number))
        man.start()
        try:
            for clerk in clerks:
                clerk.office.start()
                clerk.start()
            wait_until(lambda: len(man.batches) >= ROUNDS.count or man.failure
                       or any(clerk.failure for clerk in clerks),
                       f"{ROUNDS.count} batches", 60 + ROUNDS.count)
        finally:
            for clerk in clerks:
                clerk.ending.set()
            man.calm()
        try:
            for clerk in clerks:
                clerk.finish()
            check_all(line, clerks, man, classes)
        finally:
            man.ending = True


run_tests([every_batch_ends_with_one_receipt])
