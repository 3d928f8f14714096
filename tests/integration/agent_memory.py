#!/usr/bin/python3
"""The agent's anonymous memory: at most 10 MiB with 100,000 events spooled, and
while the largest slice of the registers comes down.

    tests/integration/agent_memory.py

RssAnon of /proc/PID/status is read all the while; nothing here is timed. A
program built with a sanitizer has other memory, and is left out.
"""

import sys
from pathlib import Path

import lmdb

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from line import (PROGRAMS, Line, Skip, expect, expect_equal,  # noqa: E402
                  run_tests, wait_until)

MIB = 1024  # in the kB of /proc
MEMORY_MAX = 10 * MIB
EVENTS = 100_000
THINGS = 32_768  # as many as a slice has places
SLICE_BYTES_MIN = 500_000
PATIENCE = 120


def anonymous_kb(process):
    text = Path(f"/proc/{process.pid}/status").read_text()
    return int(text.split("RssAnon:")[1].split()[0])


def is_sanitized():
    program = (PROGRAMS / "tallyline-agent").read_bytes()
    return b"__asan_init" in program or b"__tsan_init" in program


class Gauge:
    """The greatest memory of the agent that was seen."""

    def __init__(self, office):
        self.office = office
        self.greatest = 0

    def look(self):
        self.greatest = max(self.greatest,
                            anonymous_kb(self.office.daemon.process))
        return self.greatest

    def until(self, condition, what):
        def looked():
            self.look()
            return condition()
        wait_until(looked, what, PATIENCE)


def establishment(number):
    return {"type": "establishment_status",
            "occurred_on": f"2018-{number % 12 + 1:02}-{number % 28 + 1:02}",
            "subject_unit": f"gso3:{90101 + number % 2}",
            "est_ref": f"@so-{number % THINGS}", "category": "karaoke",
            "managing_sector": "culture", "state": "active",
            "worker_count": number % 1000}


def fill(office):
    rows = [establishment(number) for number in range(EVENTS)]
    expect_equal(office.import_rows(rows), EVENTS, "rows imported")


def slice_bytes(office):
    """How large the slice is that the office has."""
    with lmdb.open(str(office.folder / "spool.mdb"), subdir=False,
                   max_dbs=17, readonly=True) as store:
        table = store.open_db(b"documents", create=False)
        with store.begin(table) as txn:
            return len(txn.get(b"registers", b""))


def a_backlog_and_a_large_slice_take_little_memory():
    if is_sanitized():
        raise Skip("a sanitizer has memory of its own")
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        office.daemon.stop()
        fill(office)
        line.province.daemon.stop()
        office.daemon.start()
        gauge = Gauge(office)
        gauge.look()
        waiting = gauge.greatest
        line.province.daemon.start()
        gauge.until(office.drained, "all to be received")
        drained = gauge.greatest
        gauge.until(lambda: slice_bytes(office) >= SLICE_BYTES_MIN,
                    "the slice to come down")
        print(f"greatest RssAnon: {waiting} kB with {EVENTS} events waiting, "
              f"{drained} kB until they were received, {gauge.greatest} kB "
              f"in all; slice of {slice_bytes(office)} bytes")
        expect(gauge.greatest <= MEMORY_MAX, f"{gauge.greatest} kB")


run_tests([a_backlog_and_a_large_slice_take_little_memory])
