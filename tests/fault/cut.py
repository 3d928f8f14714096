#!/usr/bin/python3
"""A store's file that is cut short under a running program ends it with a
sentence and code 74, and nothing more is acknowledged.

    tests/fault/cut.py
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from line import (Line, expect, expect_equal, run_tests,  # noqa: E402
                  visit, wait_until)

DISK = 74
LMDB_META_BYTES = 8192


def cut(path):
    with open(path, "r+b") as file:
        file.truncate(LMDB_META_BYTES)


def an_office_ends_with_a_sentence():
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        office.record("inspection", visit(90101, 1))
        line.settle()
        cut(office.folder / "spool.mdb")
        line.province.daemon.kill()
        expect_equal(office.daemon.process.wait(timeout=30), DISK, "code")
        office.daemon.process = None
        expect("cut short" in office.daemon.log_text(), "the sentence")
        expect("damaged" in office.command("status", code=1).stderr,
               "the next start says so too")


def a_collector_ends_with_a_sentence():
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        office.record("inspection", visit(90101, 1))
        line.settle()
        line.damaged = True
        cut(line.province.folder / "ledger.mdb")
        office.record("inspection", visit(90101, 2))
        expect_equal(line.province.daemon.process.wait(timeout=30), DISK,
                     "code")
        line.province.daemon.process = None
        expect("cut short" in line.province.daemon.log_text(), "the sentence")
        wait_until(lambda: office.status()["received"] == 1, "the first alone")
        expect_equal(office.count("received"), 1, "nothing more is received")


run_tests([an_office_ends_with_a_sentence,
           a_collector_ends_with_a_sentence])
