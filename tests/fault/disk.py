#!/usr/bin/python3
"""The disk of either side is full, over its quota, cannot be written, cannot
sync, or is read-only; or the store's own map is full.

    tests/fault/disk.py

A command or a daemon meets the fault at a place drawn by chance. It may get
through when it never met it; else it ends with the code of a failed disk and
words, or, a daemon, goes on and tells the office why it takes nothing. Then the
room is back or the disk in order, what has ended is started as the system would,
and nothing acknowledged may be missing (tests/support/scene.py).
"""

import contextlib
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from line import (SMALL_PROVINCE, copy_folder, expect,  # noqa: E402
                  run_tests)
from rounds import Rounds  # noqa: E402
from scene import TRACED, Scene, need_strace, strace  # noqa: E402

ROUNDS = Rounds("broken and full disks", ci=14, full=200)
DISK = 74
SMALL_DISK_MIB = 4
MET_SECONDS = 3
IMPORT_ROWS = 300
STORE = {"province": "ledger.mdb", "office": "spool.mdb"}
WRITES = "write,pwrite64,writev,pwritev"
SYNCS = "fdatasync,fsync,msync"
MAP_MIB = 1
PLANS, PLAN_LINES = 3, 3500


class Fault:
    """Something that is wrong with the disk of one side."""

    def __init__(self, scene, side, chance):
        self.scene = scene
        self.side = side
        self.chance = chance
        self.part = getattr(scene, side)
        self.folder = self.part.folder

    def begin(self):
        """Gives what the victim is started by."""
        return []

    def mend(self):
        """The disk is in order again."""

    def end(self):
        """Everything is as it was before the test."""


class Injected(Fault):
    calls = WRITES
    errors = ["EIO"]

    def begin(self):
        first = self.chance.choice([1, 1, 2, 2, 3, 4])
        when = f"{first}{self.chance.choice(['', '+', f'..{first + 3}'])}"
        return strace("-P", self.folder / STORE[self.side], "-e",
                      f"inject={self.calls}:error="
                      f"{self.chance.choice(self.errors)}:when={when}")

    def mend(self):
        self.part.daemon.kill()  # strace would go on


class WriteFails(Injected):
    name = "EIO on write"


class SyncFails(Injected):
    name = "EIO on sync"
    calls = SYNCS

    def begin(self):
        return [*super().begin()[:-1], f"inject={SYNCS}:error=EIO:when="
                f"{self.chance.choice(['1', '1', '2', '1+'])}"]


class NoSpace(Injected):
    name = "ENOSPC, EDQUOT or EROFS on write"
    errors = ["ENOSPC", "EDQUOT", "EROFS"]


class Quota(Fault):
    """A file may not grow further."""
    name = "limit on the file's size"

    def begin(self):
        size = (self.folder / STORE[self.side]).stat().st_size
        room = self.chance.choice([-8192, 0, 0, 4096, 8192])
        return ["prlimit", f"--fsize={size + room}:"]

    def mend(self):
        if self.part.daemon.running():
            subprocess.run(["prlimit", "--fsize=unlimited:", "--pid",
                            str(self.part.daemon.process.pid)], check=True)


class Mounted(Fault):
    """A small file system of its own below the folder."""

    def begin(self):
        kept = self.scene.line.home / "below"
        shutil.rmtree(kept, ignore_errors=True)
        copy_folder(self.folder, kept)
        subprocess.run(["mount", "-t", "tmpfs", "-o",
                        f"size={SMALL_DISK_MIB}m,mode=700", "tmpfs",
                        self.folder], check=True)
        copy_folder(kept, self.folder)
        return []

    def end(self):
        for daemon in self.scene.line.all_daemons():
            daemon.kill()
        subprocess.run(["umount", self.folder], check=True)


class Full(Mounted):
    name = "full disk"

    def begin(self):
        super().begin()
        with open(self.folder / "ballast", "wb", buffering=0) as ballast:
            with contextlib.suppress(OSError):
                while True:
                    ballast.write(bytes(4096))
            ballast.truncate(ballast.tell() - 4096 *
                             self.chance.choice([0, 0, 1, 2, 5, 20]))
        return []

    def mend(self):
        (self.folder / "ballast").unlink()


class ReadOnly(Mounted):
    name = "read-only file system"

    def begin(self):
        super().begin()
        subprocess.run(["mount", "-o", "remount,ro", self.folder], check=True)
        return []

    def mend(self):
        subprocess.run(["mount", "-o", "remount,rw", self.folder], check=True)


class MapFull(Fault):
    """As large as the settings let it grow."""
    name = "full map"

    def begin(self):
        self.settings = self.folder / {"province": "collector.yaml",
                                       "office": "agent.yaml"}[self.side]
        self.before = self.settings.read_text()
        if self.side == "province":
            small = self.before + f"map_mib: {MAP_MIB}\n"
            self.load_plans()
        else:
            small = "".join(f"spool_bytes: {4 << 20}\n"
                            if text.startswith("spool_bytes") else text
                            for text in self.before.splitlines(True))
        self.settings.write_text(small)
        return []

    def load_plans(self):
        """Large ones, so that there is room for few events only."""
        files = self.scene.line.home / "large"
        shutil.rmtree(files, ignore_errors=True)
        shutil.copytree(SMALL_PROVINCE, files)
        plan = next(files.glob("*.yaml"))
        text = plan.read_text()
        for revision in range(2, 2 + PLANS):
            noise = "".join(f"# {self.chance.getrandbits(256):064x}\n"
                            for _ in range(PLAN_LINES))
            plan.write_text(text.replace("revision: 1",
                                         f"revision: {revision}") + noise)
            code, _, errors = self.scene.command(
                "tallyline-collector", self.folder, ["plan", "load", files])
            expect(code == 0, f"loading a large plan: {errors}")

    def mend(self):
        self.settings.write_text(self.before)
        self.part.daemon.kill()  # settings are read at the start


FAULTS = [WriteFails, SyncFails, NoSpace, Quota, MapFull]
MOUNTED = [Full, ReadOnly]


def run_victim(scene, daemon, prefix):
    """Until it ends, is done or says that it cannot take anything."""
    daemon.prefix = prefix
    daemon.more = TRACED if prefix else {}
    daemon.launch()
    end = time.monotonic() + MET_SECONDS
    refused = False
    while daemon.running() and time.monotonic() < end and not refused:
        with contextlib.suppress(Exception):
            status = scene.office.status()
            refused = status["refusal"] is not None
            if status["saved"] + status["sent"] == 0:
                break
        time.sleep(0.01)
    daemon.notify.close()
    daemon.prefix, daemon.more = [], {}
    if daemon.running():
        return ("refused" if refused else 0), daemon.log_text()
    code = daemon.process.wait()
    daemon.process = None
    return code, daemon.log_text()


def meet(fault, prefix, chance):
    """One program does its work on the broken disk. Gives what it was, its
    code, and its words."""
    scene = fault.scene
    if fault.side == "province":
        scene.office.daemon.start()
        scene.import_rows(6000 if isinstance(fault, MapFull) else IMPORT_ROWS)
        return "collector run", *run_victim(scene, scene.province.daemon,
                                            prefix)
    what = chance.choice(["record", "import", "agent run"])
    if isinstance(fault, MapFull):
        code = 0
        while code == 0:
            code, words = scene.import_rows(4000)
        return "import", code, words
    if what == "record":
        return what, *scene.record(prefix)
    if what == "import":
        return what, *scene.import_rows(IMPORT_ROWS, prefix)
    scene.province.daemon.start()
    return what, *run_victim(scene, scene.office.daemon, prefix)


def round_of(fault, chance, seen):
    prefix = fault.begin()
    try:
        what, code, words = meet(fault, prefix, chance)
        expect(code in (0, DISK, "refused"),
               f"{what} ended with code {code}: {words[-600:]}")
        expect(code != DISK or words.strip(), f"{what} has no words")
        seen[fault.name, fault.side, what, code] += 1
        fault.mend()
        fault.scene.check()
    finally:
        fault.end()


def may_mount():
    with tempfile.TemporaryDirectory() as folder:
        may = subprocess.run(["mount", "-t", "tmpfs", "tmpfs", folder],
                             capture_output=True).returncode == 0
        if may:
            subprocess.run(["umount", folder], check=True)
        else:
            print("left out, for mounting is not allowed here: "
                  + ", ".join(fault.name for fault in MOUNTED))
        return may


def a_disk_that_fails_loses_nothing_acknowledged():
    need_strace()
    print(ROUNDS, flush=True)
    chance = random.Random(ROUNDS.seed)
    seen = Counter()
    faults = FAULTS + MOUNTED if may_mount() else FAULTS
    cases = [(fault, side) for fault in faults for side in STORE]
    with Scene() as scene:
        for i in range(ROUNDS.count):
            kind, side = cases[i % len(cases)]
            scene.restore()
            try:
                round_of(kind(scene, side, chance), chance, seen)
            except Exception:
                print(f"round {i}: {kind.name}, {side}", flush=True)
                raise
    met = sum(times for key, times in seen.items() if key[-1] != 0)
    print(f"{met} of {ROUNDS.count} stopped a command or a daemon")
    expect(met * 2 >= ROUNDS.count, "most faults are met")
    for fault in faults:
        met = {key[1:]: times for key, times in seen.items()
               if key[0] == fault.name}
        print(f"{fault.name}: " + "; ".join(
            f"{side}: {what} {code} x{times}"
            for (side, what, code), times in sorted(met.items(), key=str)))
        expect(not ROUNDS.is_full or any(code != 0 for _, _, code in met),
               f"{fault.name}: not met")


run_tests([a_disk_that_fails_loses_nothing_acknowledged])
