#!/usr/bin/python3
"""Offices record behind links that go wrong in every way that a byte stream
can: cut, half open, forgotten by a NAT, slow, standing still again and again,
with a bit flipped, with nobody behind.

    tests/fault/link.py

A round is one fault on one office's link, at a random moment and for a random
time, while the office goes on recording (tests/support/rounds.py). After each
round the link is whole again, and without a hand, within MEND_SECONDS,
everything that was saved has its receipt. At the end every event that was
acked is in the province's ledger, each once, and the figures are those of a
recount.

In CI the monotonic clock of both ends goes ten times as fast (false_clock.py),
so that the line's times pass sooner; in full it is the true one.
"""

import os
import random
import sys
import tempfile
import threading
import time
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from book import Book, check_province, check_receipts  # noqa: E402
from false_clock import FalseClock  # noqa: E402
from forwarder import Forwarder  # noqa: E402
from line import Failure, Line, expect, run_tests  # noqa: E402
from rounds import Rounds  # noqa: E402

ROUNDS = Rounds("link faults", ci=24, full=300)
FULL = bool(os.environ.get("TALLYLINE_FULL"))
SPEED = int(os.environ.get("TALLYLINE_TEST_SPEED") or (1 if FULL else 10))
OFFICES = 20 if FULL else 12
# Silence is noticed in 45 s; the attempt then under way may last 30 s, the
# next one comes within 60 s and is one of two to succeed.
MEND_SECONDS = 180
DEAD = 45 / SPEED
SLOW_LINE = 50_000 // 8 * SPEED  # 50 kbit/s in the line's own time


class Wire(threading.Thread):
    """One office, its link, and the faults of its rounds."""

    def __init__(self, line, number, rounds):
        super().__init__(name=f"office-{number}")
        self.random = random.Random(f"{ROUNDS.seed}-{number}")
        self.office = line.office(f"gso3:90{number % 3 + 1}")
        self.link = Forwarder(line.province.port, number)
        self.office.go_by(self.link.port)
        self.book = Book(self.office, number, self.random)
        self.rounds = rounds  # faults by name
        self.worst = defaultdict(float)
        self.pausing = threading.Event()
        self.failure = None

    def pause(self, seconds):
        self.pausing.wait(seconds)

    def work(self, seconds=0.0):
        """Records for a while, once at least."""
        end = time.monotonic() + seconds
        while True:
            if self.random.random() < 0.2:
                self.book.import_rows(self.random.randrange(2, 60))
            else:
                self.book.record()
            left = end - time.monotonic()
            if left <= 0:
                return
            self.pause(min(left, self.random.uniform(0, 0.2 * DEAD)))

    def span(self):
        """Shorter or longer than it takes to notice silence."""
        return self.random.uniform(0.05, 1.4) * DEAD

    # ---- the faults ----

    def cut(self):
        """Told at once, again and again, anywhere in a message."""
        for _ in range(3):
            self.link.cut_after(self.random.randrange(1, 6000))
            self.work(self.random.uniform(0, 0.1) * DEAD)
        self.link.cut()

    def cut_in_handshake(self):
        self.link.cut_after(self.random.randrange(1, 1200))
        self.link.cut()
        self.work(self.random.uniform(0, 0.1) * DEAD)

    def refuse(self):
        self.link.refuse()
        self.work(self.span())

    def half_open(self):
        self.link.hush(up=True, down=True)
        self.work(self.span())

    def deaf(self):
        """What goes up is lost, the sockets stay."""
        self.link.hush(up=True)
        self.work(self.span())

    def mute(self):
        """Receipts are lost, what goes up arrives."""
        self.link.hush(down=True)
        self.work(self.span())

    def nobody_behind(self):
        """Whoever connects is let in, and never answered."""
        self.link.hush(up=True, down=True)
        self.link.cut()
        self.work(self.span())

    def nat(self):
        """What stood is forgotten; nobody is told."""
        self.work()
        self.link.forget()
        self.work(self.span())

    def nat_idle(self):
        """A NAT forgets who is silent: heartbeats keep the line in its table,
        or else it comes back."""
        seconds = self.random.choice([5, 30])
        accepted = self.link.accepted
        self.link.forget_idle(seconds / SPEED)
        self.pause(1.5 * DEAD)
        expect(seconds < 30 or self.link.accepted == accepted,
               "heartbeats keep the line in a NAT's table of 30 s")
        self.work()
        self.pause(0.5 * DEAD)

    def slow(self):
        self.link.slow(SLOW_LINE)
        # In full more than the kernel sends in its longest time-outs.
        for _ in range(8 if FULL else 1):
            self.book.import_rows(1500)
        self.work(0.5 * DEAD)
        accepted = self.link.accepted
        self.work(1.2 * DEAD)
        expect(self.link.accepted == accepted,
               "a slow link stands; it is not taken for dead")

    def stutter(self):
        self.link.stutter(self.random.uniform(0.01, 0.1) * DEAD)
        self.work(self.span())

    def flip(self):
        for _ in range(4):
            self.link.flip(up=self.random.random() < 0.5)
            self.work(0.1 * DEAD)

    # ---- all of it ----

    def round(self, fault):
        self.work()
        getattr(self, fault)()
        self.link.heal()
        began = time.monotonic()
        self.book.record()
        while not self.office.drained():
            if time.monotonic() > began + MEND_SECONDS / SPEED + 8:
                raise Failure(f"{fault}: {self.office.folder.name} does not "
                              f"send: {self.office.status()}")
            self.pause(0.02)
        self.worst[fault] = max(self.worst[fault], time.monotonic() - began)

    def run(self):
        try:
            for fault in self.rounds:
                self.round(fault)
        except Exception as failure:
            self.failure = failure


FAULTS = [Wire.cut, Wire.cut_in_handshake, Wire.refuse, Wire.half_open,
          Wire.deaf, Wire.mute, Wire.nobody_behind, Wire.nat, Wire.nat_idle,
          Wire.slow, Wire.stutter, Wire.flip]


def faults_by_office():
    """Each fault as often as the others, each office all kinds."""
    chance = random.Random(ROUNDS.seed)
    faults = [FAULTS[i % len(FAULTS)].__name__ for i in range(ROUNDS.count)]
    chance.shuffle(faults)
    return [faults[i::OFFICES] for i in range(OFFICES)]


def every_broken_link_mends_itself():
    print(ROUNDS, flush=True)
    with (tempfile.TemporaryDirectory() as folder, Line(more=FalseClock(
            Path(folder) / "clock", SPEED).environment()) as line):
        wires = [Wire(line, number + 1, rounds)
                 for number, rounds in enumerate(faults_by_office())]
        for wire in wires:
            wire.office.start()
        for wire in wires:
            wire.start()
        for wire in wires:
            wire.join()
        failures = [wire.failure for wire in wires if wire.failure]
        expect(not failures, failures)
        worst = defaultdict(float)
        for wire in wires:
            for fault, seconds in wire.worst.items():
                worst[fault] = max(worst[fault], seconds * SPEED)
        ledger = check_province(line, [wire.book for wire in wires])
        for wire in wires:
            check_receipts(wire.office, ledger)
            wire.office.daemon.stop()
        print(f"{len(ledger.entries)} entries, {len(ledger.events)} events; "
              "slowest to mend, seconds of the line's time: "
              + ", ".join(f"{fault} {seconds:.0f}"
                          for fault, seconds in sorted(worst.items())))


run_tests([every_broken_link_mends_itself])
