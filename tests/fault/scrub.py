#!/usr/bin/python3
"""Bits of stored batches, control documents and entries are flipped under a
collector that runs.

    tests/fault/scrub.py

Each time `audit scrub` names the entry and ends with code 1; the collector,
which it tells, asks whoever sent it, and heals it; then all is as it was, to
the byte. An office that returns other bytes, or a record that goes with them,
changes nothing: the damage stays named in the log and in `status` until the
true bytes come.
"""

import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "support"), str(TESTS / "integration")]
import insider  # noqa: E402
import python_agent as wire  # noqa: E402
from line import Line, expect, expect_equal, run_tests, visit, wait_until  # noqa: E402
from rounds import Rounds  # noqa: E402

ROUNDS = Rounds("flipped bits that are healed", ci=8, full=200)
COMMUNE = 90101
ENTRY_BYTES = 112
PAIRS = 4


class Ledger:
    """The file of a collector that runs, and what was exported of it."""

    def __init__(self, line, home):
        self.line = line
        self.path = line.province.folder / "ledger.mdb"
        self.raw = home / "raw"
        self.export()

    def export(self):
        self.line.province.command("audit", "export", "--raw", "--output",
                                   self.raw)
        done = subprocess.run(["sha256sum", "--check", "--quiet",
                               "SHA256SUMS"], cwd=self.raw)
        expect_equal(done.returncode, 0, "sha256sum")
        self.entries = (self.raw / "entries.bin").read_bytes()
        self.files = sorted((self.raw / "raw").rglob("*.*"))

    def entry(self, index):
        return self.entries[index * ENTRY_BYTES:(index + 1) * ENTRY_BYTES]

    def data(self, index):
        return self.files[index].read_bytes()

    def flip(self, needle, chance):
        """One bit of it, wherever it stands: pages that are free hold older
        copies."""
        place, bit = chance.randrange(len(needle)), chance.randrange(8)
        stored, found = self.path.read_bytes(), -1
        with self.path.open("r+b") as file:
            while (found := stored.find(needle, found + 1)) >= 0:
                file.seek(found + place)
                file.write(bytes([needle[place] ^ 1 << bit]))
        return f"bit {bit} of byte {place}"

    def scrub(self, code):
        """The entries that are named as damaged."""
        out = self.line.province.command("audit", "scrub", "--format", "csv",
                                         code=code).stdout
        return [int(row.split(",")[1]) for row in out.splitlines()[1:]]

    def log(self):
        return self.line.province.daemon.log_text()

    def healed(self, index):
        wait_until(lambda: self.scrub_is_clean(), f"entry {index} to be healed")
        self.export()

    def scrub_is_clean(self):
        done = self.line.province.command("audit", "scrub", code=None)
        expect(done.returncode in (0, 1), done.stderr)
        return done.returncode == 0


def checkpoint_over(ledger, home):
    """What has no node over it is healed by a checkpoint."""
    def newest():
        done = ledger.line.province.command(
            "audit", "export", "--tiles", "--output", home / "tiles",
            code=None)
        return done.returncode == 0 and int(
            (home / "tiles/checkpoint").read_text().splitlines()[1]
        ) * ENTRY_BYTES >= len(ledger.entries)
    wait_until(newest, "a checkpoint over all entries")


def bits_are_healed(ledger, chance):
    kinds = ["batch", "control"]
    for number in range(ROUNDS.count):
        kind = kinds[number % 2]
        index = chance.choice([
            i for i, path in enumerate(ledger.files)
            if path.suffix == "." + kind and i + 1 < len(ledger.files)
            and not ledger.entry(i)[24:40] == ledger.liar])
        record = number % 4 > 1
        where = ledger.flip(ledger.entry(index) if record
                            else ledger.data(index), chance)
        named = ledger.scrub(1)
        expect_equal(named, [index],
                     f"{kind} {index}, {where}, {'entry' if record else ''}")
        ledger.healed(index)
    expect("damage is healed" in ledger.log(), "the log says so")


class Liar:
    """An office that returns what it likes."""

    def __init__(self, line):
        file = line.home / "liar.enrol"
        line.province.enrol("Liar", file, ["gso3:902:district_labour_office"])
        values = insider.read_file(file)
        values["address"] = line.province.address
        self.agent = wire.Agent(values)
        self.agent.join()
        self.agent.run()
        batch = self.agent.seal([wire.make_event()])
        self.agent.send(batch)
        self.batch, self.entry = batch, self.agent.receipts(1)[0]

    def wanted(self, entries):
        """Says hello, and waits until it is asked."""
        agent = self.agent
        expect(agent.connect() is None, "the link")
        hello = wire.uplink_pb2.Hello(
            protocol=1, capabilities=1 | PAIRS, agent_id=agent.who["agent"],
            epoch=agent.who["epoch"], software="python",
            next_seq=agent.next_seq, now=int(time.time() * 1e6),
            next_control=entries)
        name, _ = agent.ask(wire.uplink_pb2.Up(hello=hello), "welcome")
        expect_equal(name, "welcome", "the answer")
        return agent.link.receive("wanted")[1]

    def give(self, wanted, entry, data):
        self.agent.link.send(
            wire.uplink_pb2.Up(returned=wire.uplink_pb2.Returned(
                entries=[entry], done_to=wanted.to_index)), data)


def other_bytes_heal_nothing(ledger, liar, chance):
    index = wire.read_entry(liar.entry)["index"]
    ledger.flip(ledger.data(index), chance)
    expect_equal(ledger.scrub(1), [index], "the liar's batch")
    other = bytearray(liar.batch)
    other[-1] ^= 1
    other = bytes(other)
    forged = liar.entry[:80] + wire.sha256(other)
    for count, (entry, data) in enumerate([
            (liar.entry, other), (forged, other),
            (liar.entry[:16] + bytes(8) + liar.entry[24:], liar.batch)]):
        wanted = liar.wanted(len(ledger.files))
        expect_equal((wanted.from_index, wanted.to_index), (index, index + 1),
                     "what is wanted")
        liar.give(wanted, entry, data)
        wait_until(lambda: ledger.log().count("not healed") > count,
                   "the log to say that it was not healed")
        expect_equal(ledger.scrub(1), [index], "still damaged")
    # The figures are folded from the batches: `status` ends there, and says why.
    words = ledger.line.province.command("status", code=1).stderr
    expect(f"not healed yet, entries: {index}\n" in words, words)
    words = ledger.line.province.command("doctor", code=1).stdout
    expect(f"not healed yet, the first is {index}" in words, words)
    liar.give(liar.wanted(len(ledger.files)), liar.entry, liar.batch)
    ledger.healed(index)
    wait_until(lambda: "not healed yet" not in ledger.line.province.command(
        "status").stdout, "status to say nothing of damage")


def what_is_damaged_is_named_and_healed_by_its_hash():
    print(ROUNDS, flush=True)
    chance = random.Random(ROUNDS.seed)
    with Line() as line, tempfile.TemporaryDirectory() as folder:
        office = line.office("gso3:901")
        office.start()
        for size in (1, 30, 700):
            office.import_rows([{"type": "inspection", **visit(COMMUNE, fine)}
                                for fine in range(size)])
            line.settle()
        liar = Liar(line)
        # Of the last entry a ledger is not opened when it is damaged.
        office.record("inspection", visit(COMMUNE, 8))
        line.settle()
        ledger = Ledger(line, Path(folder))
        ledger.liar = liar.agent.who["agent"]
        checkpoint_over(ledger, Path(folder))
        bits_are_healed(ledger, chance)
        other_bytes_heal_nothing(ledger, liar, chance)
        office.record("inspection", visit(COMMUNE, 9))
        line.settle()
        ledger.export()


os.umask(0o077)
run_tests([what_is_damaged_is_named_and_healed_by_its_hash])
