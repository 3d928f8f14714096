#!/usr/bin/python3
"""Either store, or the state of the figures, is damaged: flipped bits anywhere,
pages zeroed, put back as they once were or copied over another, a file cut
short.

    tests/fault/flips.py

Each time one of the files is damaged in one way, and then read by every
command that reads it, and by the daemon. Allowed is

  - found: a command ends with an exit code and words of its own, never by a
    signal, and the daemon either refuses or goes on and names the damage;
  - found when read: the collector did not need that part of its past, which
    the state of the figures spares it; without that state it is found;
  - harmless: every figure and every event is the same as before, to the byte,
    and the line goes on with it and loses nothing (tests/support/scene.py).

Not drawn is the meta page of the commit before in place of the last one: that
is the file as it was before the last commit, as from an older copy, which the
line mends (line_mend).
"""

import random
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import ledger_file  # noqa: E402
from line import (ANSWER_SECONDS, expect, run_tests,  # noqa: E402
                  wait_until)
from rounds import Rounds  # noqa: E402
from scene import Scene  # noqa: E402

ROUNDS = Rounds("damaged stores", ci=40, full=2000)
PAGE = 4096
BRANCH, LEAF, OVERFLOW = 1, 2, 4
IMPORT_ROWS = 400
READERS = {
    "province": [["indicators", "--format", "csv"],
                 ["agents", "--format", "csv"],
                 ["status", "--totals", "--format", "csv"]],
    "office": [["export", "--format", "csv"], ["outbox", "--format", "csv"],
               ["status", "--format", "jsonl"]],
}
PROGRAM = {"province": "tallyline-collector", "office": "tallyline-agent"}
# The file, and whose it is.
FILES = {"ledger.mdb": "province", "spool.mdb": "office",
         "figures.state": "province"}


class Damage:
    """One way in which a file is no longer what it was."""

    def __init__(self, chance, file, old, now):
        self.chance = chance
        self.old = old  # the file some commits ago
        self.data = bytearray(now)
        self.pages = len(now) // PAGE
        kinds = [self.flip_anywhere, self.flips, self.cut]
        if file.endswith(".mdb"):
            kinds += [self.flip_anywhere, self.flip_meta, self.flip_tree,
                      self.flip_tree, self.flip_overflow, self.zero,
                      self.put_back, self.copy_over]
        self.name = chance.choice(kinds)()

    def flags(self, page):
        return int.from_bytes(self.data[page * PAGE + 10:page * PAGE + 12],
                              "little")

    def some_page(self, kinds):
        return self.chance.choice(
            [page for page in range(2, self.pages)
             if self.flags(page) in kinds] or [2])

    def flip(self, first, size):
        at = first + self.chance.randrange(size)
        bit = self.chance.randrange(8)
        self.data[at] ^= 1 << bit
        return f"bit {bit} of byte {at} ({at // PAGE}+{at % PAGE})"

    def flip_anywhere(self):
        return self.flip(0, len(self.data))

    def flip_meta(self):
        return self.flip(self.chance.randrange(2) * PAGE, 160)

    def flip_tree(self):
        """Heads, offsets and nodes more often than what lies between."""
        page = self.some_page({BRANCH, LEAF})
        return self.flip(page * PAGE, self.chance.choice([16, 64, PAGE]))

    def flip_overflow(self):
        return self.flip(self.some_page({OVERFLOW}) * PAGE,
                         self.chance.choice([16, PAGE]))

    def flips(self):
        return ", ".join(self.flip_anywhere()
                         for _ in range(self.chance.randrange(2, 200)))

    def zero(self):
        page = self.chance.randrange(self.pages)
        self.data[page * PAGE:(page + 1) * PAGE] = bytes(PAGE)
        return f"page {page} zeroed"

    def put_back(self):
        page = self.chance.randrange(2, len(self.old) // PAGE)
        self.data[page * PAGE:(page + 1) * PAGE] = (
            self.old[page * PAGE:(page + 1) * PAGE])
        return f"page {page} as it once was"

    def copy_over(self):
        page, source = (self.chance.randrange(2, self.pages)
                        for _ in range(2))
        self.data[page * PAGE:(page + 1) * PAGE] = (
            self.data[source * PAGE:(source + 1) * PAGE])
        return f"page {source} over page {page}"

    def cut(self):
        size = self.chance.randrange(len(self.data))
        if self.chance.random() < 0.5:
            size -= size % PAGE
        del self.data[size:]
        return f"cut to {size} bytes"


def read_all(scene, side):
    """What every command answers."""
    folder = getattr(scene, side).folder
    return [scene.command(PROGRAM[side], folder, reader)
            for reader in READERS[side]]


def run_daemon(scene, side):
    """Starts it on a damaged store. Gives its code, None if it goes on."""
    daemon = getattr(scene, side).daemon
    daemon.launch()
    try:
        wait_until(lambda: not daemon.running() or daemon.is_ready(),
                   "the daemon to say something", ANSWER_SECONDS)
    finally:
        daemon.notify.close()
    code = daemon.process.poll()
    if code is None:
        daemon.end(15, None)
    daemon.process = None
    return code


def is_named(answers):
    return any(code != 0 or "damage" in errors for code, _, errors in answers)


def found_when_read(scene):
    """The state of the figures spares the collector reading its past; without
    it everything is read."""
    path_of(scene, "figures.state").unlink()
    return is_named(read_all(scene, "province"))


def judge(scene, side, before):
    """Gives how it was noticed, or that it was harmless."""
    answers = read_all(scene, side)
    for reader, (code, out, errors) in zip(READERS[side], answers):
        expect(code >= 0, f"{reader[0]} ended by signal {-code}: {errors}")
        expect(code == 0 or errors.strip() or out.strip(),
               f"{reader[0]} ended with {code} and no words")
    different = [reader[0] for reader, answer, old
                 in zip(READERS[side], answers, before) if answer[:2] != old]
    if not different and not is_named(answers):
        try:
            scene.check()
        except ledger_file.Damage as damage:
            expect(found_when_read(scene), f"never found: {damage}")
            return "found when read"
        return "harmless"
    expect(is_named(answers), f"different and unnoticed: {different}")
    code = run_daemon(scene, side)
    expect(code is None or code > 0,
           f"the daemon ended with {code}: "
           f"{getattr(scene, side).daemon.log_text()[-500:]}")
    return "found"


def build(scene):
    """A past of many commits; gives each store as it was some commits ago."""
    scene.start(scene.province.daemon)
    scene.start(scene.office.daemon)
    for _ in range(3):
        scene.import_rows(IMPORT_ROWS)
        for _ in range(5):
            scene.record()
    scene.line.settle()
    for daemon in scene.line.all_daemons():
        daemon.stop()
    old = {file: path_of(scene, file).read_bytes() for file in FILES}
    scene.start(scene.province.daemon)
    scene.start(scene.office.daemon)
    for _ in range(3):
        scene.record()
    scene.line.settle()
    for daemon in scene.line.all_daemons():
        daemon.stop()
    for _ in range(3):
        scene.record()
    scene.save()
    return old


def path_of(scene, file):
    return getattr(scene, FILES[file]).folder / file


def damage_is_found_or_changes_nothing():
    print(ROUNDS, flush=True)
    chance = random.Random(ROUNDS.seed)
    seen = Counter()
    failures = []
    with Scene(received=60) as scene:
        old = build(scene)
        before = {}
        for side in READERS:
            scene.restore()
            before[side] = [answer[:2] for answer in read_all(scene, side)]
        scene.restore()
        now = {file: path_of(scene, file).read_bytes() for file in FILES}
        for _ in range(ROUNDS.count):
            file = chance.choice(list(FILES))
            side = FILES[file]
            damage = Damage(chance, file, old[file], now[file])
            scene.restore()
            path_of(scene, file).write_bytes(damage.data)
            try:
                seen[judge(scene, side, before[side])] += 1
            except Exception as failure:
                failures.append(f"{file}, {damage.name[:80]}: {failure}")
                print(failures[-1], flush=True)
        scene.restore()
    print(", ".join(f"{times} {what}" for what, times in seen.items()))
    expect(not failures, f"{len(failures)} of {ROUNDS.count} were neither "
           "found nor harmless")
    expect(seen["found"] and seen["harmless"], "some are of each kind")


run_tests([damage_is_found_or_changes_nothing])
