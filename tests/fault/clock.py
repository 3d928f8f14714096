#!/usr/bin/python3
"""Clocks that are wrong: of the province, of an office, of both; forward, back,
by seconds or by years; while the programs run, and over a restart.

    tests/fault/clock.py

A round is one jump (tests/support/rounds.py). The library of false_clock.py
moves the wall clock; the monotonic one goes on, twenty times as fast, so that
heartbeats come sooner. Each round begins with the same line on 15 June 2018
and demands that

  - the line stands: what is recorded is received at once, over the same
    connection, and nobody is busy for nothing;
  - an entry is refused only for a date that the office's clock has not
    reached;
  - an event is held for its clock exactly when it is dated after it was
    received, or was recorded a day after it, and never when the province knows
    that its own clock is wrong; its office is told, and it counts once it is
    replaced under a clock that is right;
  - both ends say that the two clocks differ, and cease to when they do not;
  - times of receipt never decrease, nothing is lost or doubled, and figures
    and outcomes are those of a recount of the ledger.
"""

import datetime
import os
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import ledger_file  # noqa: E402
from book import Book, check_books  # noqa: E402
from false_clock import FalseClock  # noqa: E402
from line import (Line, copy_folder, expect, expect_equal,  # noqa: E402
                  run_tests, wait_until)
from rounds import Rounds  # noqa: E402
from scene import recount  # noqa: E402

ROUNDS = Rounds("clock jumps", ci=12, full=200)
SPEED = 20
NOON = datetime.datetime(2018, 6, 15, 5, tzinfo=datetime.timezone.utc)
CIVIL = datetime.timezone(datetime.timedelta(hours=7))
EPOCH = datetime.date(1970, 1, 1)
DAY_US = 86_400_000_000
CIVIL_US = 7 * 3_600_000_000
STEPPED = 1  # flag of an entry
# Both ends speak of clocks that differ by more than this.
DIFFER_SECONDS = 300
BAD_DATA = 65
# Apart: time went on for the office alone, and the province's fell back.
SIDES = ["province", "office", "both", "apart"]
JUMPS = ([{"seconds": 30}, {"minutes": 20}, {"hours": 30}, {"days": 5},
          {"days": 400}, {"days": 9000}]
         + [{"seconds": -30}, {"minutes": -20}, {"hours": -30}, {"days": -5},
            {"days": -400}, {"days": -9000}])
WAYS = ["while it runs", "over a restart"]


def cpu_seconds(daemon):
    fields = Path(f"/proc/{daemon.process.pid}/stat").read_text()
    user, system = fields.rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def connections(office):
    return office.daemon.log_text().count("msg=connected")


class Stage:
    """A province and an office with a clock each, put back for each round."""

    def __init__(self, folder):
        self.clocks = {name: FalseClock(folder / name, SPEED)
                       for name in ("province", "office")}
        self.set_right()
        self.line = Line(more=self.clocks["province"].environment())

    def __enter__(self):
        line = self.line.__enter__()
        self.province = line.province
        self.office = line.office("gso3:901")
        self.office.more.update(self.clocks["office"].environment())
        self.classes = ledger_file.load_classes(line.home)
        self.office.start()
        self.office.record("inspection", Book(
            self.office, 1, random.Random(ROUNDS.seed)).event(1))
        line.settle()
        for daemon in line.all_daemons():
            daemon.stop()
        self.folders = [self.province.folder, self.office.folder]
        for folder in self.folders:
            copy_folder(folder, line.home / "kept" / folder.name)
        return self

    def __exit__(self, kind, value, trace):
        return self.line.__exit__(kind, value, trace)

    def set_right(self):
        """A day after what is in the ledger when a round begins."""
        moment = NOON if not hasattr(self, "line") else (
            NOON + datetime.timedelta(days=1))
        for clock in self.clocks.values():
            clock.set_to(moment)

    def restore(self):
        for daemon in self.line.all_daemons():
            daemon.kill()
            daemon.log.unlink(missing_ok=True)
        for folder in self.folders:
            shutil.rmtree(folder)
            copy_folder(self.line.home / "kept" / folder.name, folder)
        self.set_right()
        self.book = Book(self.office, 2, random.Random(ROUNDS.seed))
        self.book.submitted.add(1)
        self.book.acked.add(1)

    # ---- what a person does ----

    def today(self):
        return self.clocks["office"].now().astimezone(CIVIL).date()

    def record(self, day, **more):
        """Refused exactly when the office's clock has not reached the day."""
        mark = self.book.mark()
        fields = {**self.book.event(mark, day=day.isoformat()), **more}
        if day > self.today():
            self.office.record("inspection", fields, code=BAD_DATA)
            return
        self.office.record("inspection", fields)
        self.book.acked.add(mark)

    def record_some(self):
        right = (NOON + datetime.timedelta(days=1)).astimezone(CIVIL).date()
        days = {right, datetime.date(2018, 3, 5)}
        # The units of the small plan are in force then.
        if 2018 <= self.today().year <= 2024:
            days.add(self.today())
        for day in sorted(days):
            self.record(day)

    def replace_held(self):
        """What each held event says it needs."""
        held = [row for row in self.office.outbox()
                if row["state"] == "to_mend"]
        for row in held:
            expect(row["note"], f"{row['id']} is held and says why")
            self.record(datetime.date(2018, 6, 15), corrects=row["id"],
                        reason="typing_error")
        wait_until(lambda: self.office.drained()
                   and self.office.count("to_mend") == 0,
                   "replaced events to count", 10)
        return len(held)

    # ---- what is demanded ----

    def jump(self, side, by, way):
        running = [self.province.daemon, self.office.daemon]
        if way == "over a restart":
            for daemon in running:
                daemon.stop()
        if side in ("office", "both", "apart"):
            self.clocks["office"].jump(**by)
        if side in ("province", "both", "apart"):
            self.clocks["province"].jump(
                **{unit: -much if side == "apart" else much
                   for unit, much in by.items()})
        if way == "over a restart":
            for daemon in running:
                daemon.start()

    def differ(self):
        seconds = abs(self.clocks["office"].offset_us
                      - self.clocks["province"].offset_us) / 1e6
        return seconds > DIFFER_SECONDS

    def check_told(self):
        """Both ends say that the clocks differ, as long as they do."""
        want = self.differ()
        wait_until(lambda: ("CLOCK" in self.office.words()) == want,
                   f"the office to speak of its clock: {want}", 10)
        wait_until(lambda: (self.province.rows("status")[0]
                            ["clock_ahead_s"] is not None) == want,
                   f"the province to speak of its clock: {want}", 10)

    def check_idle(self, since, used):
        """Heartbeats go on, and nothing else does."""
        now = sum(map(cpu_seconds, self.line.all_daemons()))
        expect(now - used < 0.5 * (time.monotonic() - since) + 0.2,
               f"{now - used:.2f} s of CPU in {time.monotonic() - since:.2f}")

    def round(self, side, by, way):
        self.restore()
        self.province.daemon.start()
        self.office.daemon.start()
        self.record(datetime.date(2018, 6, 15))
        wait_until(self.office.drained, "the line before the jump", 10)
        before = connections(self.office)
        self.jump(side, by, way)
        self.record_some()
        wait_until(self.office.drained, "the line after the jump", 10)
        if way == "while it runs":
            expect_equal(connections(self.office), before,
                         "connections over the jump")
        since = time.monotonic()
        used = sum(map(cpu_seconds, self.line.all_daemons()))
        self.check_told()
        self.check_idle(since, used)
        self.set_right()
        self.record(datetime.date(2018, 6, 16))
        wait_until(self.office.drained, "the line under the right clock", 10)
        self.check_told()
        self.check_outcomes()
        held = self.replace_held()
        self.check_outcomes()
        for daemon in self.line.all_daemons():
            daemon.stop()
        return held

    def check_outcomes(self):
        """Figures and what is held, beside a recount of a copy."""
        figures = self.province.figures()
        outcomes = self.province.outcomes()
        copy = self.line.home / "ledger.copy"
        shutil.copyfile(self.province.folder / "ledger.mdb", copy)
        ledger = ledger_file.Ledger(copy, self.classes)
        copy.unlink()
        check_books([self.book], ledger)
        replaced = {ledger_file.id_of(event.target)
                    for event, _ in ledger.events.values() if event.target}
        held = {identity for identity, (event, index) in ledger.events.items()
                if is_held(event, ledger.entries[index])
                and identity not in replaced}
        expect_equal(outcomes.get("wrong_clock", 0), len(held), "held events")
        for identity, (event, _) in list(ledger.events.items()):
            if identity in held or not in_period(event):
                del ledger.events[identity]
        expect_equal(figures, recount(ledger), "figures beside the recount")


def in_period(event):
    """Of the small plan."""
    return (EPOCH + datetime.timedelta(days=event.occurred_on)).year == 2018


def is_held(event, entry):
    """After FIGURES.md."""
    if entry.flags & STEPPED:
        return False
    day = (entry.received_at + CIVIL_US) // DAY_US
    return (event.occurred_on > day
            or event.recorded_at > entry.received_at + DAY_US)


def choices():
    """All sides, jumps and ways about as often."""
    chance = random.Random(ROUNDS.seed)
    every = [(side, by, way) for side in SIDES for by in JUMPS for way in WAYS]
    chance.shuffle(every)
    while len(every) < ROUNDS.count:
        every += every
    return every[:ROUNDS.count]


def a_wrong_clock_loses_nothing_and_is_told():
    print(ROUNDS, flush=True)
    held = 0
    with (tempfile.TemporaryDirectory() as folder,
          Stage(Path(folder)) as stage):
        for side, by, way in choices():
            try:
                held += stage.round(side, by, way)
            except Exception:
                print(f"{side}, {by}, {way}", flush=True)
                raise
    print(f"{held} events were held for a clock, told, and counted once they "
          "were replaced")


run_tests([a_wrong_clock_loses_nothing_and_is_told])
