#!/usr/bin/python3
"""A province that loses its disk and all its keys, while offices go on recording.

    tests/fault/new_keys.py

New keys are made; the old public ones come from an office's agent.yaml. Before an
office has taken the file with the new keys by a person's word it does not talk to
the province; then the ledger comes back from the offices, the root over what a
checkpoint of before covers is the one that was signed, every event that was acked
is there once, and the figures are those of a recount. The ledger says what
happened: audit verify names the break, and so do readers that share nothing with
the program. A province that uses its new keys for another past is noticed.
"""

import json
import os
import pty
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/support"), str(ROOT / "tests/audit")]
import by_hand  # noqa: E402
import ledger_file  # noqa: E402
import read_proof  # noqa: E402
from book import (Book, check_books, check_province,  # noqa: E402
                  check_receipts)
from line import (PROGRAMS, Line, environment, expect,  # noqa: E402
                  expect_equal, run_tests, wait_until)
from rounds import Rounds  # noqa: E402

LOSSES = Rounds("losses with all keys", ci=1, full=10)
BUILD = Path(os.environ.get("TALLYLINE_BUILD", ROOT / "build/dev"))
SECONDS = 60
WHOLE = "the ledger is whole again"


class World:
    """A province with two offices, and what it was before it was lost."""

    def __init__(self, line, seed):
        self.line = line
        self.chance = random.Random(seed)
        self.province = line.province
        self.offices = [line.office(unit) for unit in ("gso3:901", "gso3:902")]
        for office in self.offices:
            office.start()
        self.books = [Book(office, number, self.chance)
                      for number, office in enumerate(self.offices, 1)]
        self.classes = ledger_file.load_classes(line.home)
        self.losses = 0

    def load(self):
        for _ in range(self.chance.randrange(2, 5)):
            self.chance.choice(self.books).import_rows(
                self.chance.randrange(1, 40))
            self.chance.choice(self.books).record()

    def size(self):
        return int(self.province.command("status").stdout.split(
            "entries in the ledger: ")[1].split()[0])

    def signed(self):
        text = self.province.command("status").stdout
        words = "last checkpoint, entries: "
        return int(text.split(words)[1].split(";")[0]) if words in text else 0

    def witness(self):
        """Every office has seen a checkpoint over all that is there."""
        self.line.settle()
        size = self.size()
        wait_until(lambda: self.signed() >= size, "everything to be signed",
                   SECONDS)
        for office in self.offices:
            office.daemon.stop()
            office.daemon.start()
            wait_until(lambda: (office.status()["checkpoint"] or 0) >= size,
                       f"{office.folder.name} to see it", SECONDS)
        return size

    def kept(self, office):
        """What the office has witnessed, as it hands it out."""
        self.losses += 1
        path = self.line.home / f"kept-{office.number}-{self.losses}.txt"
        office.command("export", "--checkpoint", "--output", path)
        return path

    def records(self):
        return [raw for raw, _ in
                ledger_file.read_store(self.province.folder / "ledger.mdb")]

    def lose(self):
        """The machine of the province burns, with disk and keys. The offices go
        on recording."""
        self.province.daemon.kill()
        before = self.records()
        for book in self.books:
            book.import_rows(self.chance.randrange(1, 20))
        shutil.rmtree(self.province.folder)
        return before

    def begin_anew(self):
        """New keys. Gives the file for the offices, and the fingerprint that is
        read out over the telephone."""
        self.losses += 1
        old = self.line.home / "agent.yaml"
        shutil.copyfile(self.offices[0].folder / "agent.yaml", old)
        path = self.line.home / f"new-keys-{self.losses}.yaml"
        done = self.province.command(
            "init", "--recover", "--new-keys", "--old-keys", old, "--output",
            path, "--listen", self.province.address, "--web", "off")
        return path, done.stdout.strip()

    def take(self, office, path, fingerprint, code=0):
        """A person in the office takes the file; the service stands still."""
        office.daemon.stop()
        return office.command("join", path, "--new-province-keys",
                              "--fingerprint", fingerprint, code=code)

    def times_whole(self):
        return self.province.daemon.log_text().count(WHOLE)

    def verify(self, *arguments, code=0):
        """A row of each part, and what was found."""
        done = self.province.command("audit", "verify", "--format", "jsonl",
                                     *arguments, code=code)
        rows = [json.loads(text) for text in done.stdout.splitlines()]
        return ({row["part"]: row for row in rows if row["fault"] is None},
                [row for row in rows if row["fault"] is not None])


def rebuild(world, kills=0):
    """From the loss to a ledger that is whole; gives what there was before."""
    before = world.lose()
    path, fingerprint = world.begin_anew()
    done = world.times_whole()
    world.province.daemon.start()
    for office in world.offices:
        world.take(office, path, fingerprint)
        office.daemon.start()
    for _ in range(kills):
        world.province.command("status", code=None)
        if world.times_whole() > done:
            break
        world.province.daemon.kill()
        world.province.daemon.start()
    if kills:
        for office in world.offices:
            office.daemon.kill()
            office.daemon.start()
    wait_until(lambda: world.times_whole() > done,
               "the ledger to be whole again", SECONDS)
    return before


def a_province_without_disk_and_keys_comes_back():
    print(LOSSES, flush=True)
    with Line() as line:
        world = World(line, LOSSES.seed)
        number = None
        for number in range(LOSSES.count):
            world.load()
            world.witness()
            kept = world.kept(world.offices[-1])
            proof = line.home / f"before-{number}.tlog-proof"
            event = world.offices[0].outbox()[0]["id"]
            world.province.command("audit", "prove", event, "--output", proof)
            before = rebuild(world, kills=2 if number % 2 else 0)
            world.witness()
            world.province.daemon.stop()
            after = world.records()
            expect(after[:len(before)] == before,
                   "what was there is not there as it was")
            breaks = check_break(world, kept, number + 1)
            check_proofs(world, event, proof)
            world.province.daemon.start()
        check_by_hand(world)
        late = line.office("gso3:901")
        late.start()  # it joins under the new keys, and reads what is older
        world.offices.append(late)
        world.books.append(Book(late, late.number, world.chance))
        world.books[-1].record()
        world.load()
        line.settle()
        expect_equal(breaks, LOSSES.count, "breaks on record")
        ledger = check_province(line, world.books)
        for office in world.offices:
            check_receipts(office, ledger)
            expect_equal(office.status()["ledger"], "good", "its ledger")
        print(f"{len(ledger.entries)} entries, {len(ledger.events)} events")


def check_break(world, kept, losses):
    """The ledger says it, and nobody passes over it in silence; what an office
    kept from before the loss still holds."""
    parts, findings = world.verify("--checkpoint", kept)
    expect_equal(parts["all"]["result"], "recorded break", "all of it")
    expect_equal(parts["outside"]["result"], "PASS", "the checkpoint of before")
    expect_equal({row["fault"] for row in findings}, {"new_keys"}, "findings")
    expect_equal(len(findings), losses, "breaks")
    place = findings[-1]["index"]
    words = world.province.command("audit", "verify").stdout
    expect("recorded break, not signed by the old key" in words, words)
    shown = world.province.command("audit", "show", str(place)).stdout
    expect("NEW KEYS" in shown, shown)
    return len(findings)


def check_proofs(world, event, before):
    """A proof of before the loss, and one of after it, under the same keys."""
    home = world.line.home
    keys = home / "keys.txt"
    keys.write_text(world.province.command("audit", "prove", "--keys").stdout)
    after = home / "after.tlog-proof"
    after.unlink(missing_ok=True)
    world.province.command("audit", "prove", event, "--output", after)
    known = read_proof.read_keys(keys)
    for path in (before, after):
        done = world.province.command("audit", "prove", "--check", path,
                                      "--key", keys)
        expect(done.stdout.startswith("PASS"), done.stdout)
        read_proof.check(path.read_text(), known)


def check_by_hand(world):
    """The commands of docs/AUDIT.md take the ledger, and name the break."""
    home = world.line.home
    export, tiles = home / "export", home / "tiles"
    world.province.command("audit", "export", "--raw", "--output", export)
    world.province.command("audit", "export", "--tiles", "--output", tiles)
    done = by_hand.run(by_hand.steps()[3], export, tiles, 1)
    expect_equal(done.returncode, 0, f"signatures by hand\n{done.stderr}")
    expect("not signed by the old key" in done.stdout, done.stdout)


def typed(office, path, answer):
    """A person at a terminal, who types what the province reads out."""
    master, slave = pty.openpty()
    with subprocess.Popen(
            [PROGRAMS / "tallyline-agent", "join", path, "--new-province-keys",
             "--dir", office.folder], stdin=slave, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, env=environment()) as process:
        os.write(master, f"{answer}\n".encode())
        _, words = process.communicate(timeout=SECONDS)
    os.close(slave)
    os.close(master)
    return process.returncode, words


def keys_are_taken_by_a_persons_word_alone():
    """A false file, one with a false fingerprint, one of another province; and
    an office that was told nothing."""
    with Line() as line:
        world = World(line, LOSSES.seed)
        world.load()
        seen = world.witness()
        before = world.lose()
        path, fingerprint = world.begin_anew()
        world.province.daemon.start()
        first, second = world.offices
        config = first.folder / "agent.yaml"
        was = config.read_bytes()
        # Whoever changes a key in the file changes the fingerprint.
        text = path.read_text()
        for name in ("server_key", "administrator", "ledger_key",
                     "former_ledger_key"):
            at = text.index(f"\n{name}: ") + len(name) + 3
            false = line.home / "false.yaml"
            false.write_text(text[:at] + ("0" if text[at] != "0" else "1")
                             + text[at + 1:])
            done = world.take(first, false, fingerprint, code=1)
            expect("not confirmed" in done.stderr
                   or name == "former_ledger_key", done.stderr)
        # Nor does anybody become a former administrator on the way.
        at = text.index("\n", text.index("former_administrators:\n  - ") + 27)
        false.write_text(text[:at] + "\n  - " + "5a" * 32 + text[at:])
        done = world.take(first, false, fingerprint, code=1)
        expect("not confirmed" in done.stderr, done.stderr)
        done = world.take(first, path, "0000" * 8, code=1)
        expect("not confirmed" in done.stderr, done.stderr)
        first.command("join", path, "--new-province-keys", code=2)
        done = first.command("join", path, code=None)
        expect(done.returncode != 0 and "--new-province-keys" in done.stderr,
               done.stderr)
        # One that replaces keys which this office never knew.
        at = text.index("former_administrators:\n  - ") + 27
        false.write_text(text[:at] + ("0" if text[at] != "0" else "1")
                         + text[at + 1:])
        done = world.take(first, false, fingerprint, code=1)
        expect("other keys" in done.stderr, done.stderr)
        expect_equal(config.read_bytes(), was, "agent.yaml")
        # Nothing came of the network: the second office was never told, and
        # does not talk to the province; so nothing is whole.
        world.take(first, path, fingerprint)
        taken = config.read_bytes()
        world.take(first, path, fingerprint)  # again changes nothing
        expect_equal(config.read_bytes(), taken, "agent.yaml")
        # Addresses were changed on the way: the true file puts them right.
        false.write_text(re.sub(r"(tcp://[^\s:]+):\d+", r"\1:1", text))
        world.take(first, false, fingerprint)
        expect(config.read_bytes() != taken, "other addresses")
        world.take(first, path, fingerprint)
        expect_equal(config.read_bytes(), taken, "agent.yaml")
        first.daemon.start()
        wait_until(lambda: world.province.rows("status", "--recovery")[0][
            "unheard"] == str(second.number), "the first office to answer",
            SECONDS)
        expect_equal(world.times_whole(), 0, "whole without an office")
        expect_equal(second.status()["checkpoint"], seen, "what it has seen")
        second.daemon.stop()
        for answer in ("", "yes", fingerprint.split()[0]):
            code, words = typed(second, path, answer)
            expect_equal(code, 1, words)
        expect(fingerprint in words, f"the fingerprint in: {words}")
        expect_equal(typed(second, path, fingerprint.split()[-1])[0], 0, "code")
        second.daemon.start()
        wait_until(world.times_whole, "the ledger to be whole", SECONDS)
        world.witness()
        world.province.daemon.stop()
        expect(world.records()[:len(before)] == before, "the entries of before")


def keys_alone_are_lost():
    """The ledger is there, and says itself what the old keys were."""
    with Line() as line:
        world = World(line, LOSSES.seed)
        world.load()
        world.witness()
        kept = world.kept(world.offices[0])
        world.province.daemon.stop()
        before = world.records()
        path = line.home / "new-keys.yaml"
        order = ("init", "--recover", "--new-keys", "--output", path)
        done = world.province.command(*order, code=1)
        expect("keys here already" in done.stderr, done.stderr)
        shutil.rmtree(world.province.folder / "keys")
        fingerprint = world.province.command(*order).stdout.strip()
        world.province.daemon.start()
        for office in world.offices:
            world.take(office, path, fingerprint)
            office.daemon.start()
        wait_until(world.times_whole, "the ledger to be whole", SECONDS)
        world.load()
        world.witness()
        world.province.daemon.stop()
        expect(world.records()[:len(before)] == before, "the entries of before")
        check_break(world, kept, 1)
        check_books(world.books, ledger_file.Ledger(
            world.province.folder / "ledger.mdb", world.classes))


def new_keys_are_no_way_to_another_past():
    """The province has its ledger back, and then another one, signed with the
    new keys from the first entry to the last."""
    with Line() as line:
        world = World(line, LOSSES.seed)
        world.load()
        world.witness()
        rebuild(world)
        for office in world.offices:
            office.daemon.stop()
        world.province.daemon.stop()
        index = next(number for number, raw in enumerate(world.records())
                     if ledger_file.entry_of(raw).kind == 1)
        ledger = world.province.folder / "ledger.mdb"
        made = line.home / "rewritten.mdb"
        subprocess.run([BUILD / "tests/support/rewrite_ledger", ledger, made,
                        "swap", str(index)], check=True)
        for path in [*world.province.folder.glob("ledger.mdb*"),
                     *world.province.folder.glob("figures*")]:
            path.unlink()
        made.rename(ledger)
        line.damaged = True
        world.province.daemon.start()
        size = world.size()
        wait_until(lambda: world.signed() >= size, "it to be signed", SECONDS)
        for office in world.offices:
            office.daemon.start()
            wait_until(lambda: office.status()["ledger"] in
                       ("no_proof", "other_root"), "the alarm", SECONDS)


run_tests([a_province_without_disk_and_keys_comes_back,
           keys_alone_are_lost,
           keys_are_taken_by_a_persons_word_alone,
           new_keys_are_no_way_to_another_past])
