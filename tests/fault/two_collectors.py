"""An office of two collectors: each receives all of it, the one that is marked
counts, and the mark is moved off a dead one by one command."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from line import (PROGRAMS, Line, Office, copy_folder,  # noqa: E402
                  environment, expect, expect_equal,
                  free_port, run_tests, visit, wait_until)
from false_clock import BUILD  # noqa: E402
from office_page import Page  # noqa: E402
from rounds import Rounds  # noqa: E402
from second import Second, verified  # noqa: E402

FIRST = "first"
SECOND = "nhà-hai"
PAST = 9000  # events, more than the least budget holds
SLOW_NAMES = BUILD / "tests" / "support" / "libtest_slow_names.so"
SLOW_SECONDS = 6  # as in slow_names.c
MARKS = Rounds("two_collectors", ci=12, full=200)


def card_of(line, province, name=SECOND):
    path = line.home / f"{name}.card"
    province.command("card", "--name", name, "--output", path)
    return path


def collectors(office):
    return {row["name"]: row for row in office.rows("collectors")}


def has_all(office, name):
    return collectors(office)[name]["waiting"] == 0


def states(office):
    return [row["state"] for row in office.rows("outbox")]



class Pair:
    """A line with a second collector that the office knows, its daemon up."""

    def __init__(self, line, runs=True):
        self.line = line
        self.first = line.province
        self.office = line.office("gso3:901")
        self.office.start()
        self.second = Second(line)
        if runs:
            self.second.daemon.start()
        self.office.command("collectors", "add", card_of(line, self.second))

    def record(self, count, start=1000):
        return [self.office.record("inspection", visit(90101, start + i,
                                                       thing="new"))
                for i in range(count)]

    def both_have_all(self):
        for name in (FIRST, SECOND):
            wait_until(lambda: has_all(self.office, name), f"{name} to have it")


def the_first_dies_while_events_wait_and_comes_back():
    with Line() as line:
        pair = Pair(line)
        office, first, second = pair.office, pair.first, pair.second
        # One more entry there than in the other ledger.
        first.command("enrol", "--agent", 1, "--name", "known by this name")
        pair.record(2)
        pair.both_have_all()
        rows = collectors(office)
        expect_equal([rows[FIRST]["primary"], rows[SECOND]["primary"]],
                     ["yes", "no"], "who counts")
        expect(rows[FIRST]["last_entry"] != rows[SECOND]["last_entry"],
               "the receipts of both name one place")
        first.daemon.kill()
        page = Page(office)
        office.daemon.stop()
        office.daemon.start()
        page.add_person("Lan", "officer")
        page.sign_in("Lan")
        pair.record(3, 2000)
        wait_until(lambda: has_all(office, SECOND), "the second to have it")
        expect_equal(sorted(states(office)), ["received"] * 2 + ["sent"] * 3,
                     "what counts is the first's word")
        told = {row["name"]: row for row in page.get("link")["collectors"]}
        expect_equal([told[FIRST]["waiting"], told[FIRST]["primary"],
                      told[SECOND]["waiting"], told[SECOND]["state"]],
                     [3, True, 0, "connected"], "what the page tells")
        expect_equal(page.get("outbox")["counts"]["saved"], 3, "the outbox")
        wait_until(lambda: collectors(office)[FIRST]["line"] == "down",
                   "the first to be given up")
        table = office.command("collectors").stdout
        expect("not connected; it is tried again" in table
               and "running" not in table, table)
        findings = office.command("doctor", "--format", "jsonl", code=None)
        told = [row for row in map(json.loads, findings.stdout.splitlines())
                if SECOND in row["text"] and FIRST in row["text"]]
        expect_equal([(row["state"], "collectors primary" in row["advice"])
                      for row in told], [("note", True)], "where to turn")
        office.command("collectors", "primary", SECOND)
        wait_until(lambda: page.get("link")["collectors"][0]["name"] == SECOND,
                   "the daemon to notice")
        expect_equal(page.get("outbox")["counts"]["saved"], 0, "the outbox")
        expect_equal(sorted(states(office)), ["received"] * 5,
                     "what counts is the second's word")
        wait_until(lambda: office.status()["line"] == "running", "its line")
        expect_equal(office.status()["last_entry"],
                     collectors(office)[SECOND]["last_entry"],
                     "whose receipt it is")
        # Work goes on with the second alone, its orders too.
        second.command("enrol", "--agent", 1, "--name", "renamed")
        pair.record(1, 3000)
        wait_until(office.drained, "the second to receive it")
        expect_equal(collectors(office)[FIRST]["waiting"], 4, "for the first")
        first.daemon.start()
        first.hear(second)
        wait_until(lambda: has_all(office, FIRST), "the first to have it all")
        for side in (first, second):
            expect_equal(side.figures()["visits"], 6, "visits")
        expect_equal(first.figures(), second.figures(), "figures")
        first.daemon.stop()
        pair.record(1, 4000)
        wait_until(office.drained, "the second to receive it")
        done = office.command("collectors", "primary", FIRST)
        expect("1 events that were received wait again until first" in
               done.stdout, done.stdout)
        first.daemon.start()
        wait_until(office.drained, "the mark to be back")
        for side in (first, second):
            side.daemon.stop()
            verified(side)


def a_dead_second_holds_nothing_back():
    """It was never there: saving, sending and receipts go on as ever."""
    with Line() as line:
        pair = Pair(line, runs=False)
        office = pair.office
        pair.record(3)
        wait_until(office.drained, "the first to receive it")
        row = collectors(office)[SECOND]
        expect_equal([row["line"], row["waiting"], row["primary"]],
                     ["never_connected", 3, "no"], "the second")
        expect(f"{SECOND}: has never been connected; 3 events not received"
               in office.words(), office.words())
        findings = office.command("doctor", "--format", "jsonl", code=None)
        told = [row for row in map(json.loads, findings.stdout.splitlines())
                if row["check"] == "collectors"]
        expect_equal([row["state"] for row in told], ["note"], "doctor")
        expect(SECOND in told[0]["text"], told[0])
        done = office.command("collectors", "primary", SECOND, code=1)
        expect("has never sent its plan" in done.stderr, done.stderr)
        office.daemon.kill()
        office.daemon.start()
        pair.record(1, 2000)
        wait_until(office.drained, "the first to receive it")
        # It is built at last, and gets what it lacks, in the same order.
        pair.second.daemon.start()
        wait_until(lambda: has_all(office, SECOND), "the second to have it", 90)
        expect_equal(pair.second.figures()["visits"], 4, "visits")
        # It hangs: its line stands, and nothing comes back on it.
        os.kill(pair.second.daemon.process.pid, signal.SIGSTOP)
        pair.record(5, 3000)
        wait_until(office.drained, "the first to receive it")
        os.kill(pair.second.daemon.process.pid, signal.SIGCONT)
        wait_until(lambda: has_all(office, SECOND), "the second to have it")
        office.command("collectors", "remove", SECOND)
        expect_equal(list(collectors(office)), [FIRST], "who is left")
        pair.second.daemon.stop()
        verified(pair.second)


def what_a_lost_machine_sent_is_known_to_be_at_the_second():
    """The office has a new machine, and the second collector comes after that:
    the province brings it the past, and the office hears of it."""
    with Line() as line:
        first = line.province
        lost = line.office("gso3:901")
        lost.start()
        for i in range(2):
            lost.record("inspection", visit(90101, 500 + i, thing="new"))
        wait_until(lost.drained, "the first to receive it")
        lost.daemon.kill()
        file = line.home / "again.enrol"
        first.command("enrol", "--again", lost.number, "--output", file)
        office = Office(line, "gso3:901", folder="found")
        office.number = lost.number
        office.command("join", file)
        office.start()
        wait_until(lambda: office.status()["history"] == "whole", "its past")
        office.record("inspection", visit(90101, 600, thing="new"))
        wait_until(office.drained, "the first to receive it")
        whole = first.leave("--batches")
        second = Second(line, file=whole)
        second.daemon.start()
        second.arrive(whole)
        office.command("collectors", "add", card_of(line, second))
        wait_until(lambda: has_all(office, SECOND), "the second to have it")
        first.daemon.kill()
        office.command("collectors", "primary", SECOND)
        wait_until(office.drained, "receipts of the past")
        expect_equal(states(office), ["received"] * 3, "the outbox")
        expect_equal(second.figures()["visits"], 3, "visits")
        expect_equal(office.status()["history"], "whole", "its past")


def a_second_may_come_when_the_past_has_left():
    """The office has made room; the province carries what left to the second,
    and the office sends it the rest."""
    with Line() as line:
        first = line.province
        office = line.office("gso3:901")
        path = office.folder / "agent.yaml"
        path.write_text(path.read_text() + "spool_keep_bytes: 1048576\n")
        office.start()
        office.import_rows([{"type": "inspection", **visit(90101, i)}
                            for i in range(PAST)])
        wait_until(office.drained, "the first to receive it")
        first.command("backup", line.home / "copy")
        wait_until(lambda: office.status()["backed_up"] == PAST, "the mark")
        office.daemon.stop()
        office.daemon.start()
        office.record("inspection", visit(90101, 20000))
        wait_until(lambda: office.status()["removed"], "room")
        wait_until(office.drained, "the first to receive it")
        second = Second(line, file=first.leave("--batches"))
        second.daemon.start()
        card = card_of(line, second)
        office.command("collectors", "add", card)
        wait_until(lambda: collectors(office)[SECOND]["refusal"]
                   == "past_removed", "the line to say so")
        expect_equal(office.status()["line"], "running", "the first's line")
        office.daemon.stop()
        second.arrive(first.leave("--batches"))
        office.daemon.start()
        wait_until(lambda: has_all(office, SECOND), "the second to have it")
        first.daemon.kill()
        office.command("collectors", "primary", SECOND)
        office.record("inspection", visit(90101, 20001))
        wait_until(office.drained, "the second to receive it")
        expect_equal(second.figures()["visits"], PAST + 2, "visits")
        row = office.status()
        expect_equal(row["received"] + row["to_mend"], PAST + 2, "received")


def what_was_erased_stops_a_later_second_with_a_word():
    """What the office has erased by order nobody can be sent any more."""
    with Line() as line:
        first = line.province
        office = line.office("gso3:901")
        office.start()
        for i in range(3):
            office.record("inspection", visit(90101, i + 1, thing="new"))
            wait_until(office.drained, "the first to receive it")
        entry = office.rows("outbox")[1]["entry"]
        before = office.command("export", "--format", "jsonl").stdout
        first.command("audit", "erase", entry, "--order", "12/2026", "--yes")
        wait_until(lambda: office.command("export", "--format", "jsonl").stdout
                   != before, "the order to come down")
        second = Second(line)
        second.daemon.start()
        office.command("collectors", "add", card_of(line, second))
        wait_until(lambda: collectors(office)[SECOND]["refusal"]
                   == "past_erased", "the line to say so")
        expect_equal(collectors(office)[SECOND]["waiting"], 2, "not there")
        expect_equal(collectors(office)[SECOND]["holds_room"], "no", "room")
        office.record("inspection", visit(90101, 9, thing="new"))
        wait_until(office.drained, "the first to receive it")


def a_damaged_slot_is_that_of_its_own_line():
    """Bits flip where the spool keeps what the second has said."""
    with Line() as line:
        pair = Pair(line)
        office = pair.office
        pair.record(1)
        pair.both_have_all()
        office.daemon.stop()
        ledger = bytes.fromhex(next(
            text.split()[1].strip('"') for text in
            (line.home / f"{SECOND}.card").read_text().splitlines()
            if text.startswith("ledger_id")))
        path = office.folder / "spool.mdb"
        data = path.read_bytes()
        expect(ledger in data, "the second's id")
        path.write_bytes(data.replace(ledger, bytes(16)))
        office.daemon.start()
        pair.record(2, 2000)
        wait_until(office.drained, "the first to receive it")
        expect_equal(office.status()["line"], "running", "the first's line")
        wait_until(lambda: "its line ends" in office.daemon.log_text(),
                   "a word on the second's")
        expect(SECOND in collectors(office), "it is still listed")
        office.command("collectors", "remove", SECOND)
        office.command("collectors", "add", line.home / f"{SECOND}.card")
        wait_until(lambda: has_all(office, SECOND), "the second to have it")


def a_refusal_is_that_of_its_own_line():
    """New keys that the second has not heard of, and a revocation there."""
    with Line() as line:
        pair = Pair(line)
        office, first, second = pair.office, pair.first, pair.second
        pair.record(1)
        pair.both_have_all()
        second.daemon.stop()
        pair.record(1, 1500)
        wait_until(office.drained, "the first to receive it")
        office.daemon.stop()
        file = line.home / "rotate.enrol"
        first.command("rotate", 1, "--output", file)
        done = office.command("rotate", file, code=None)
        expect("another collector has not yet received" in done.stderr,
               done.stderr)
        second.daemon.start()
        office.daemon.start()
        wait_until(lambda: has_all(office, SECOND), "the second to have it")
        office.daemon.stop()
        office.command("rotate", file)
        office.daemon.start()
        pair.record(2, 2000)
        wait_until(office.drained, "the first to receive it")
        wait_until(lambda: collectors(office)[SECOND]["refusal"]
                   == "unknown_key", "the second to refuse the key")
        expect_equal(office.status()["line"], "running", "the first's line")
        office.daemon.stop()
        second.hear(first)
        office.daemon.start()
        wait_until(lambda: has_all(office, SECOND), "the second to have it")
        second.command("revoke", 1)
        pair.record(2, 3000)
        wait_until(office.drained, "the first to receive it")
        wait_until(lambda: collectors(office)[SECOND]["line"] == "revoked",
                   "the second's line to stand still")
        done = office.command("doctor", code=1)
        expect("this office is revoked there" in done.stdout, done.stdout)
        expect_equal(office.status()["line"], "running", "the first's line")


def a_name_that_is_looked_up_for_long_delays_its_own_line():
    """The second's house is dark, with its name server."""
    with Line() as line:
        pair = Pair(line, runs=False)
        office = pair.office
        office.daemon.stop()
        path = office.folder / "agent.yaml"
        path.write_text(path.read_text().replace(
            pair.second.address, f"tcp://second.slow.example:{free_port()}"))
        office.daemon.more = {
            **office.more, "LD_PRELOAD": str(SLOW_NAMES),
            "ASAN_OPTIONS": "verify_asan_link_order=0"}
        pair.record(1)
        began = time.monotonic()
        office.daemon.start()
        wait_until(office.drained, "the first to receive it")
        took = time.monotonic() - began
        expect(took < SLOW_SECONDS / 2, f"the first waited {took:.1f} s")


def a_new_epoch_is_one_on_every_line():
    """A copy of the machine took the first's next place; `recover` beside the
    running service, and the second hears of it."""
    with Line() as line:
        pair = Pair(line)
        office, first, second = pair.office, pair.first, pair.second
        pair.record(2)
        pair.both_have_all()
        office.daemon.stop()
        second.daemon.stop()
        copy = Office(line, "gso3:901", folder="copy")
        copy_folder(office.folder, copy.folder)
        copy.daemon.start()
        copy.record("inspection", visit(90101, 5000, thing="new"))
        wait_until(copy.drained, "the copy's at the first")
        copy.daemon.stop()
        second.daemon.start()
        office.daemon.start()
        wait_until(lambda: collectors(office)[SECOND]["line"] == "running",
                   "the second's line")
        pair.record(1, 6000)
        wait_until(lambda: office.status()["line"] == "position_taken",
                   "the first to notice")
        office.command("recover", "--yes")
        wait_until(office.drained, "the first to receive it")
        wait_until(lambda: collectors(office)[SECOND]["refusal"]
                   == "unknown_epoch", "the second to be told of the new one")
        second.hear(first)
        office.daemon.stop()
        office.daemon.start()
        pair.record(1, 7000)
        wait_until(lambda: has_all(office, SECOND), "the second to have it")
        expect_equal(collectors(office)[SECOND]["line"], "running", "its line")
        # The copy's event took a place at the first that it has at no other.
        expect_equal([first.figures()["visits"], second.figures()["visits"]],
                     [5, 4], "visits")


def no_receipt_is_taken_from_another_ledger():
    """New keys of the second's giving; and its address and key in the place of
    the first's, by hand."""
    with Line() as line:
        pair = Pair(line)
        office, first, second = pair.office, pair.first, pair.second
        pair.record(1)
        pair.both_have_all()
        office.daemon.stop()
        file = line.home / "rotate.enrol"
        second.command("rotate", 1, "--output", file)
        done = office.command("rotate", file, code=1)
        expect("from another collector" in done.stderr, done.stderr)
        path = office.folder / "agent.yaml"
        config = path.read_text()
        keys = [text.split()[1] for text in config.splitlines()
                if "collector_key:" in text]
        path.write_text(config.replace(first.address, second.address)
                        .replace(keys[0], keys[1]))
        first.daemon.kill()
        office.daemon.start()
        pair.record(1, 2000)
        wait_until(lambda: has_all(office, SECOND), "the second's own line")
        wait_until(lambda: office.status()["refusal"] == "other_ledger",
                   "the first's line to notice")
        expect_equal(sorted(states(office)), ["received", "sent"],
                     "what counts is the first's word")


def what_does_not_belong_is_refused():
    with Line() as line:
        pair = Pair(line, runs=False)
        office, first = pair.office, pair.first
        card = line.home / f"{SECOND}.card"
        text = card.read_text()
        forged = line.home / "forged.card"
        forged.write_text(text.replace(pair.second.address,
                                       "tcp://127.0.0.1:1"))
        done = office.command("collectors", "add", forged, code=1)
        expect("not signed by the administrator" in done.stderr, done.stderr)
        own = card_of(line, first, "own")
        office.command("collectors", "add", own, code=1)
        office.command("collectors", "remove", FIRST, code=1)
        office.command("collectors", "remove", "nobody", code=3)
        office.command("collectors", "primary", "nobody", code=3)
        office.command("collectors", "add", card)
        office.command("collectors", "primary", FIRST)
        expect_equal(sorted(collectors(office)), sorted([FIRST, SECOND]),
                     "after a second time")
        # Somebody gives the second the slot of the first.
        path = office.folder / "agent.yaml"
        config = path.read_text()
        swapped = (config.replace("slot: 0", "slot: 9")
                   .replace("slot: 1", "slot: 0").replace("slot: 9", "slot: 1"))
        path.write_text(swapped)
        office.command("status", code=78)
        path.write_text(config)
        office.command("status")


def the_mark_is_the_old_or_the_new_whenever_the_command_dies():
    print(MARKS)
    choices = random.Random(MARKS.seed)
    with Line() as line:
        pair = Pair(line)
        office = pair.office
        wait_until(lambda: collectors(office)[SECOND]["line"] == "running",
                   "the second's line")
        wait_until(lambda: (office.folder / "agent.yaml").exists() and
                   office.command("collectors", "primary", SECOND, code=None)
                   .returncode == 0, "the second's plan")
        whole = 0.05
        for i in range(MARKS.count):
            wanted = FIRST if i % 2 == 0 else SECOND
            started = time.monotonic()
            child = subprocess.Popen(
                [PROGRAMS / "tallyline-agent", "collectors", "primary", wanted,
                 "--dir", office.folder], env=environment(**office.more),
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                child.wait(choices.random() * whole)
                whole = max(0.01, time.monotonic() - started)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
            marked = [name for name, row in collectors(office).items()
                      if row["primary"] == "yes"]
            expect(marked in ([FIRST], [SECOND]), f"round {i}: {marked}")
            pair.record(1, 10000 + i)
        office.command("collectors", "primary", FIRST)
        pair.both_have_all()
        for side in (pair.first, pair.second):
            expect_equal(side.figures()["visits"], MARKS.count, "visits")
        expect_equal(json.loads(office.command(
            "status", "--format", "jsonl").stdout)["received"], MARKS.count,
            "received")


run_tests([
    the_first_dies_while_events_wait_and_comes_back,
    a_dead_second_holds_nothing_back,
    what_a_lost_machine_sent_is_known_to_be_at_the_second,
    a_second_may_come_when_the_past_has_left,
    what_was_erased_stops_a_later_second_with_a_word,
    a_damaged_slot_is_that_of_its_own_line,
    a_refusal_is_that_of_its_own_line,
    a_name_that_is_looked_up_for_long_delays_its_own_line,
    a_new_epoch_is_one_on_every_line,
    no_receipt_is_taken_from_another_ledger,
    what_does_not_belong_is_refused,
    the_mark_is_the_old_or_the_new_whenever_the_command_dies,
])
