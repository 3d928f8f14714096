#!/usr/bin/python3
"""Offices record, import and correct without pause while the collector, their
daemons and their imports are killed at random moments.

    tests/fault/kill.py

A round is a process that is killed (tests/support/rounds.py); the moments
themselves are the machine's. The harness keeps two lists: what it SUBMITTED before a command
ran, and what was ACKED, that is printed as saved. After the last kill
everything that was saved must be sent, and then

  - every acked event is in the province's ledger, each exactly once;
  - nothing is there that was not submitted, and an import is there whole or
    not at all;
  - the numbers of each office have no gap, and every batch is signed by its
    office and names the one before it (ledger_file.py reads that, apart from
    the product);
  - every receipt that an office holds is of an entry that holds the event;
  - the figures are those of a recount of the ledger made here.

After each kill the service answers again within ten seconds.
"""

import random
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import subprocess  # noqa: E402

from line import (PROGRAMS, SMALL_PROVINCE, Line, environment,  # noqa: E402
                  expect, expect_equal, run_tests, saved_count, saved_id,
                  visit)
import ledger_file  # noqa: E402
from marks import check_marks  # noqa: E402
from rounds import Rounds  # noqa: E402
from scene import recount  # noqa: E402
from worker import Worker  # noqa: E402

ROUNDS = Rounds("kills", ci=50, full=1000)
SEED = ROUNDS.seed
OFFICES = 3
# A long run is about many kills, not about many events.
IMPORT_ROWS_MAX = max(20, min(300, 15000 // ROUNDS.count))
THINGS = 12
BETWEEN_KILLS_MAX = 0.5  # seconds
DRAIN_SECONDS = 120
VICTIMS = ["collector", "collector", "daemon", "both", "command"]


class Clerk(Worker):
    """Works in one office until it is told to stop, one command after the
    other. Every event has a mark of its own, the sum of its fine; a void is
    marked by what it names, for it has no sum."""

    def __init__(self, office, number, seed):
        super().__init__()
        self.office = office
        self.number = number
        self.random = random.Random(seed)
        self.marks = 0
        self.submitted = set()
        self.acked = set()
        self.imports = []  # the marks of each file
        self.correctable = []  # ids that were acked and are not corrected
        self.child = None

    def mark(self):
        self.marks += 1
        return self.number * 10_000_000 + self.marks

    def command(self, *arguments):
        """What it printed; a killed one has printed nothing more."""
        self.child = subprocess.Popen(
            [PROGRAMS / "tallyline-agent", *arguments, "--dir",
             str(self.office.folder)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, env=environment())
        out, errors = self.child.communicate()
        expect(self.child.returncode in (0, -9),
               f"{' '.join(arguments)}: {errors}")
        return out

    def event(self, mark):
        commune = self.number * 100 + 90001 + self.random.randrange(2)
        return visit(commune, mark, f"@so-{self.random.randrange(THINGS)}",
                     f"2018-{self.random.randrange(1, 13):02}-15")

    def record(self, kind, fields, mark):
        self.submitted.add(mark)
        out = self.command("record", kind, *(
            f"{key}={value}" for key, value in fields.items()))
        identity = saved_id(out)
        if identity is not None:
            self.acked.add(mark)
        return identity

    def record_visit(self):
        mark = self.mark()
        identity = self.record("inspection", self.event(mark), mark)
        if identity is not None:
            self.correctable.append(identity)

    def replace(self):
        mark = self.mark()
        target = self.correctable.pop()
        self.record("inspection",
                    {**self.event(mark), "corrects": target,
                     "reason": "typing_error"}, mark)

    def void(self):
        target = self.correctable.pop(0)
        self.record("correction",
                    {"corrected_on": "2018-12-20", "corrects": target,
                     "reason": "entered_twice"}, target)

    def import_file(self):
        rows = self.random.randrange(1, IMPORT_ROWS_MAX)
        marks = {self.mark() for _ in range(rows)}
        path = self.office.write_rows(
            [{"type": "inspection", **self.event(mark)}
             for mark in sorted(marks)])
        self.submitted |= marks
        self.imports.append(marks)
        # A person whose import went wrong tries the same file again.
        for _ in range(self.random.randrange(1, 4)):
            if saved_count(self.command("import", str(path))) is not None:
                self.acked |= marks

    def step(self):
        choice = self.random.random()
        if choice < 0.2:
            self.import_file()
        elif choice < 0.4 and self.correctable:
            self.void()
        elif choice < 0.6 and self.correctable:
            self.replace()
        else:
            self.record_visit()

    def kill_child(self):
        child = self.child
        if child is not None and child.poll() is None:
            child.kill()


def kill_at_random(line, clerks, chance, killed):
    """One victim or two, at a moment that differs from run to run."""
    victim = chance.choice(VICTIMS)
    clerk = chance.choice(clerks)
    clerk.ending.wait(chance.uniform(0, BETWEEN_KILLS_MAX))
    killed[victim] += 1
    if victim == "command":
        clerk.kill_child()
        return
    daemons = {"collector": [line.province.daemon],
               "daemon": [clerk.office.daemon],
               "both": [line.province.daemon, clerk.office.daemon]}[victim]
    for daemon in daemons:
        daemon.kill()
    for daemon in chance.sample(daemons, len(daemons)):
        began = time.monotonic()
        daemon.start()  # a failure if it is not ready in time
        killed["slowest start, ms"] = max(
            killed["slowest start, ms"],
            round((time.monotonic() - began) * 1000))
    expect(all(clerk.failure is None for clerk in clerks),
           [clerk.failure for clerk in clerks])


def check_clerk(clerk, ledger):
    number = clerk.office.number
    check_marks([event for (agent, _, _), (event, _)
                 in ledger.events.items() if agent == number],
                clerk.acked, clerk.submitted, clerk.imports)
    for row in clerk.office.outbox():
        identity = tuple(int(part) for part in row["id"].split("."))
        expect(row["state"] == "received", f"{row['id']} is {row['state']}")
        expect_equal(row["entry"], ledger.events[identity][1],
                     f"entry in the receipt of {row['id']}")


def check_all(line, clerks, killed):
    line.settle(DRAIN_SECONDS)
    figures = line.province.figures()
    line.province.daemon.stop()
    ledger = ledger_file.Ledger(line.province.folder / "ledger.mdb",
                                ledger_file.load_classes(line.home))
    for clerk in clerks:
        check_clerk(clerk, ledger)
    expect_equal(figures, recount(ledger), "figures beside the recount")
    expect_equal(line.province.figures(), figures, "figures folded again")
    corrections = sum(1 for event, _ in ledger.events.values() if event.target)
    print(f"{len(ledger.entries)} entries, {len(ledger.events)} events, "
          f"{corrections} corrections; acked "
          f"{sum(len(clerk.acked) for clerk in clerks)} of "
          f"{sum(len(clerk.submitted) for clerk in clerks)} submitted; killed "
          + ", ".join(f"{name}: {times}" for name, times in killed.items()))
    expect(ROUNDS.count < 50 or all(killed[victim] for victim in VICTIMS),
           "one of each was killed")
    expect(corrections > 0, "something was corrected")


def what_was_acknowledged_survives_every_kill():
    print(ROUNDS, flush=True)
    chance = random.Random(SEED)
    killed = Counter({victim: 0 for victim in VICTIMS})
    with Line(files=SMALL_PROVINCE) as line:
        clerks = []
        for number in range(1, OFFICES + 1):
            office = line.office(f"gso3:90{number}")
            office.start()
            clerks.append(Clerk(office, number, SEED + number))
        for clerk in clerks:
            clerk.start()
        try:
            for _ in range(ROUNDS.count):
                kill_at_random(line, clerks, chance, killed)
        finally:
            for clerk in clerks:
                clerk.ending.set()
            for clerk in clerks:
                clerk.join()
        for clerk in clerks:
            clerk.finish()
        check_all(line, clerks, killed)


run_tests([what_was_acknowledged_survives_every_kill])
