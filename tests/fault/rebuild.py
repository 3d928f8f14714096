#!/usr/bin/python3
"""Provinces that lose their disk, or go back to a backup, while offices send.

    tests/fault/rebuild.py

A round of the first kind stops the collector, puts back a copy of the ledger
that was made at a random moment of the load before, and lets it run again; in
one of the second kind nothing is left but the keys. In some rounds the collector
is killed again and again while the ledger comes back, or an office is away for
a while. What nobody has any more is given up, by a command that is killed at
random moments. At the end of each round the entries that were there before are there
again, byte for byte with their indexes and times; at the end of all, every event
that was acked is in the ledger once and the figures are those of a recount.
"""

import hashlib
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import lmdb

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import ledger_file  # noqa: E402
from book import (Book, check_books, check_province,  # noqa: E402
                  check_receipts)
from line import (LABOUR_OFFICE, PROGRAMS, Line,  # noqa: E402
                  copy_folder, environment, expect, expect_equal, run_tests,
                  wait_until)
from rounds import Rounds  # noqa: E402

RESTORES = Rounds("restores from a backup", ci=3, full=50)
LOSSES = Rounds("total losses", ci=2, full=20)
CUTS = Rounds("give-ups that are cut short", ci=8, full=200)
OFFICES = ("gso3:901", "gso3:902")
WHOLE_SECONDS = 120
WHOLE = "the ledger is whole again"


class World:
    """A province with offices that record, and copies of its ledger."""

    def __init__(self, line, seed):
        self.line = line
        self.chance = random.Random(seed)
        self.province = line.province
        self.offices = [line.office(unit) for unit in OFFICES]
        for office in self.offices:
            office.start()
        self.books = [Book(office, number, self.chance)
                      for number, office in enumerate(self.offices, 1)]
        self.classes = ledger_file.load_classes(line.home)
        self.copies = []

    def load(self):
        """Both offices record; copies are made somewhere in the middle."""
        for _ in range(self.chance.randrange(2, 6)):
            self.chance.choice(self.books).import_rows(
                self.chance.randrange(1, 60))
            self.chance.choice(self.books).record()
            if self.chance.randrange(3) == 0:
                self.copy()

    def copy(self):
        """A copy of one moment, beside the collector that writes."""
        path = self.line.home / f"copy-{len(self.copies)}.mdb"
        subprocess.run(["mdb_copy", "-n", self.province.folder / "ledger.mdb",
                        path], check=True)
        self.copies.append(path)

    def records(self):
        """The entries of a ledger that nobody has open."""
        return [raw for raw, _ in
                ledger_file.read_store(self.province.folder / "ledger.mdb")]

    def lose(self):
        """The collector dies, and with it what it had on its disk. What was
        received is known to its office; the offices go on recording."""
        self.line.settle()
        self.province.daemon.kill()
        before = self.records()
        for book in self.books:
            book.import_rows(self.chance.randrange(1, 20))
        for name in ("ledger.mdb", "ledger.mdb-lock", "figures.state"):
            (self.province.folder / name).unlink(missing_ok=True)
        return before

    def restore(self, copy):
        shutil.copyfile(copy, self.province.folder / "ledger.mdb")
        self.province.command("init", "--recover")

    def begin_anew(self):
        """Nothing is left but the keys."""
        kept = self.line.home / "kept"
        if not kept.exists():
            shutil.copytree(self.province.folder / "keys", kept)
        shutil.rmtree(self.province.folder)
        self.province.command("init", "--recover", "--keys", kept,
                              "--listen", self.province.address,
                              "--web", "off")

    def recovery(self):
        return self.province.rows("status", "--recovery")[0]

    def size(self):
        return int(self.province.command("status").stdout.split(
            "entries in the ledger: ")[1].split()[0])

    def witness(self, office):
        """The office sees a checkpoint over all that there is."""
        def signed():
            text = self.province.command("status").stdout
            words = "last checkpoint, entries: "
            return words in text and \
                int(text.split(words)[1].split(";")[0]) >= size

        size = self.size()
        wait_until(signed, "everything to be signed")
        office.daemon.stop()
        office.daemon.start()
        wait_until(lambda: (office.status()["checkpoint"] or 0) >= size,
                   "the office to take the checkpoint")
        return size

    def times_whole(self):
        return self.province.daemon.log_text().count(WHOLE)

    def run_until_whole(self, kills=0):
        """Starts the collector; it may die on the way, and goes on then."""
        before = self.times_whole()
        self.province.daemon.start()
        for _ in range(kills):
            for _ in range(self.chance.randrange(6)):
                self.province.command("status", code=None)
            if self.times_whole() > before:
                break
            self.province.daemon.kill()
            self.province.daemon.start()
        if kills:
            # They would wait longer and longer for a province that comes and
            # goes; and may die as well.
            for office in self.offices:
                office.daemon.kill()
                office.daemon.start()
        wait_until(lambda: self.times_whole() > before,
                   "the ledger to be whole again", WHOLE_SECONDS)

    def check_prefix(self, before):
        """What was there is there again, byte for byte."""
        self.line.settle()
        self.province.daemon.stop()
        after = self.records()
        expect(after[:len(before)] == before,
               f"entry {first_other(before, after)} of {len(before)} is not "
               "what it was")
        self.province.daemon.start()


def first_other(before, after):
    for index, (one, other) in enumerate(zip(before, after)):
        if one != other:
            return index
    return min(len(before), len(after))


def a_restored_ledger_gets_back_what_it_lacks():
    print(RESTORES, flush=True)
    with Line() as line:
        world = World(line, RESTORES.seed)
        world.copy()
        for number in range(RESTORES.count):
            world.load()
            before = world.lose()
            world.restore(world.chance.choice(world.copies))
            world.run_until_whole(kills=3 if number % 2 else 0)
            world.check_prefix(before)
        ledger = check_province(line, world.books)
        for office in world.offices:
            check_receipts(office, ledger)
        print(f"{len(ledger.entries)} entries, {len(ledger.events)} events, "
              f"{len(world.copies)} copies")


def a_lost_ledger_comes_back_from_the_offices():
    print(LOSSES, flush=True)
    with Line() as line:
        world = World(line, LOSSES.seed)
        for number in range(LOSSES.count):
            world.load()
            before = world.lose()
            world.begin_anew()
            world.run_until_whole(kills=3 if number % 2 else 0)
            world.check_prefix(before)
        ledger = check_province(line, world.books)
        for office in world.offices:
            check_receipts(office, ledger)
        print(f"{len(ledger.entries)} entries, {len(ledger.events)} events")


def takes_no_order(province):
    """With a collector that runs, and with none."""
    done = province.command("revoke", 1, code=1)
    expect("is being rebuilt" in done.stderr, done.stderr)


def burn(world):
    """One of two offices burns down together with the province, whose collector
    then has all that is left and is stopped. Gives the entries of before, the
    size that the other office has seen, and who is gone with its book."""
    for _ in range(3):
        world.load()
        world.line.settle()
    seen = world.witness(world.offices[0])
    before = world.lose()
    lost = world.offices.pop()
    world.line.offices.remove(lost)
    gone = world.books.pop()
    lost.daemon.kill()
    shutil.rmtree(lost.folder)
    world.begin_anew()
    world.province.daemon.start()
    wait_until(lambda: world.recovery()["unheard"] == str(lost.number),
               "the office that is left to answer")
    takes_no_order(world.province)
    words = world.province.command("status").stdout
    expect("would be lost" in words and "CANNOT BE TAKEN BACK" in words, words)
    world.province.daemon.stop()
    takes_no_order(world.province)
    expect(not world.times_whole(), "it is whole without an office")
    return before, seen, lost, gone


def runs_of(text):
    """The numbers in runs as the command tells them."""
    runs = [tuple(map(int, row.split())) for row in text.splitlines()]
    return {number for first, last in runs
            for number in range(first, last + 1)}


def give_up_cut_short(world, seconds):
    """Gives up again and again, killed at some moment, until it has ended. Gives
    how often it was killed. In between the collector is started at times: it
    never ends by itself what was begun."""
    province = world.province
    cuts = 0
    while True:
        process = subprocess.Popen(
            [PROGRAMS / "tallyline-collector", "init", "--recover", "--give-up",
             "--dir", province.folder], env=environment(),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        try:
            process.wait(timeout=seconds * world.chance.random())
        except subprocess.TimeoutExpired:
            process.kill()
        code = process.wait()
        if code >= 0:
            # 3: it had ended just before it was killed
            expect(code in (0, 3), f"the give-up ended with code {code}")
            return cuts
        cuts += 1
        if world.chance.randrange(4) == 0:
            province.daemon.start()
            province.command("status")
            province.daemon.stop()


def a_give_up_that_is_cut_short_ends_with_its_break():
    print(CUTS, flush=True)
    with Line() as line:
        world = World(line, CUTS.seed)
        before, _, lost, _ = burn(world)
        province = world.province
        waiting = line.home / "waiting"
        copy_folder(province.folder, waiting)
        begun = time.monotonic()
        missing = runs_of(province.command("init", "--recover",
                                           "--give-up").stdout)
        seconds = 1.2 * (time.monotonic() - begun)
        expect(missing, "nothing is missing")
        size = len(world.records())
        cuts = 0
        for _ in range(CUTS.count):
            shutil.rmtree(province.folder)
            copy_folder(waiting, province.folder)
            cuts += give_up_cut_short(world, seconds)
            entries = [ledger_file.entry_of(raw) for raw in world.records()]
            # A collector that ran behind the end has received from the office.
            expect_equal([entry.kind for entry in entries[size:]],
                         [ledger_file.KIND_BATCH] * (len(entries) - size),
                         "entries behind the break")
            expect(len(entries) >= size, f"{len(entries)} entries, not {size}")
            expect_equal({entry.index for entry in entries
                          if entry.kind == ledger_file.KIND_MISSING}, missing,
                         "numbers that are missing")
            text = province.command("audit", "verify").stdout
            expect("FAIL" not in text, text)
        expect(cuts > 0, "not one was cut short")
        print(f"{cuts} cuts, {len(before)} entries before, {len(missing)} of "
              f"office {lost.number} missing")
        province.daemon.start()


def what_nobody_has_any_more_is_given_up_by_its_number():
    """One of two offices burns down together with the province."""
    with Line() as line:
        world = World(line, LOSSES.seed)
        before, seen, lost, gone = burn(world)
        missing = runs_of(world.province.command(
            "init", "--recover", "--give-up").stdout)
        after = world.records()
        entries = [ledger_file.entry_of(raw) for raw in before]
        theirs = {entry.index for entry in entries
                  if entry.agent_number == lost.number}
        # What the other office alone knew of, behind all that is known.
        while len(before) - 1 in theirs - missing:
            theirs.remove(len(before) - 1)
            before.pop()
        expect_equal(missing, theirs, "numbers that are missing")
        for index, raw in enumerate(before):
            expect(index in missing or after[index] == raw,
                   f"entry {index} is not what it was")
        world.province.daemon.start()
        line.settle()
        world.books[0].record()
        line.settle()
        # The office has seen the old tree, and takes the administrator's word
        # for the new one.
        expect(world.witness(world.offices[0]) > seen, "a newer checkpoint")
        expect("recovering" not in str(world.offices[0].status()),
               "the office still says that the province is rebuilt")
        world.province.daemon.stop()
        ledger = ledger_file.Ledger(line.province.folder / "ledger.mdb",
                                    world.classes)
        check_books(world.books, ledger)
        expect(gone.acked, "the other office had sent something")


def mirror_of(office):
    """Indexes and documents' hashes of the control entries that it mirrors."""
    with lmdb.open(str(office.folder / "spool.mdb"), subdir=False,
                   readonly=True, max_dbs=32, map_size=1 << 36) as store, \
            store.begin() as txn:
        table = store.open_db(b"controls", txn, create=False)
        return [(int.from_bytes(key, "big"),
                 hashlib.sha256(value[8 + 112:]).digest())
                for key, value in txn.cursor(table)]


def controls_of(province):
    return [(entry.index, entry.digest) for entry in map(
        ledger_file.entry_of, (raw for raw, _ in ledger_file.read_store(
            province.folder / "ledger.mdb")))
        if entry.kind == ledger_file.KIND_CONTROL]


def an_office_that_was_away_when_all_was_given_up_finds_its_way():
    """It comes back with a checkpoint over entries that are no more and with a
    mirror of orders that never were."""
    with Line() as line:
        world = World(line, LOSSES.seed)
        stays, away = world.offices
        for _ in range(3):
            for book in world.books:
                book.record()
                line.settle()
        world.witness(stays)
        stays.daemon.stop()
        for number in range(3):
            world.books[1].record()
            wait_until(away.drained, "the batch to leave")
            world.province.enrol(f"Never {number}",
                                 line.home / f"never-{number}",
                                 [f"gso3:903:{LABOUR_OFFICE}"])
        seen = world.witness(away)
        away.daemon.stop()
        world.province.daemon.kill()
        stale = mirror_of(away)
        world.begin_anew()
        world.province.daemon.start()
        stays.daemon.start()
        wait_until(lambda: world.recovery()["unheard"] == str(away.number),
                   "the office that is there to answer")
        world.province.daemon.stop()
        expect(world.province.command("init", "--recover", "--give-up").stdout,
               "something is missing")
        world.province.daemon.start()
        # Other entries have the numbers by now that the office knows of.
        while world.size() <= seen:
            world.books[0].record()
            wait_until(stays.drained, "the batch to leave")
        away.daemon.start()
        wait_until(lambda: "there are two histories" in
                   world.province.command("status").stdout,
                   "the province to see another past")
        world.province.daemon.stop()
        row = world.province.command("init", "--recover", "--give-up").stdout
        expect_equal(row, f"{away.number}\t{seen}\n", "what is recorded")
        done = world.province.command("init", "--recover", "--give-up", code=3)
        expect("nothing is being rebuilt" in done.stderr, done.stderr)
        world.province.daemon.start()
        wait_until(lambda: away.status()["ledger"] == "good" and
                   away.status()["checkpoint"] > seen,
                   "the office to go on from the break", WHOLE_SECONDS)
        line.settle()
        wait_until(lambda: mirror_of(away) == controls_of(world.province),
                   "the office to mirror what there is")
        expect(set(stale) - set(mirror_of(away)), "nothing was stale")
        world.province.daemon.stop()
        ledger = ledger_file.Ledger(line.province.folder / "ledger.mdb",
                                    world.classes)
        check_books(world.books, ledger)


run_tests([a_restored_ledger_gets_back_what_it_lacks,
           a_lost_ledger_comes_back_from_the_offices,
           what_nobody_has_any_more_is_given_up_by_its_number,
           a_give_up_that_is_cut_short_ends_with_its_break,
           an_office_that_was_away_when_all_was_given_up_finds_its_way])
