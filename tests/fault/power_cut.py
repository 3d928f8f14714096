#!/usr/bin/python3
"""The power of either machine is cut while events are saved and received, and
its disk has a cache that it may lose.

    tests/fault/power_cut.py

The program's folder lies on a real ext4, on a loop device, on nbdfuse, on an
nbdkit disk that keeps what no flush has asked for apart (cached_disk.py). The
cut is SIGKILL to that disk, after some time or after some writes. Of the writes that no flush has asked for, all,
none or any of them, whole or in part, are then found on the disk. It is plugged
in again, the file system mends itself, and

  - what the office had printed as saved is in its spool,
  - of the drafts that its page had answered, no older text is there,
  - what the office has a receipt for is in the ledger, under the same entry,

before the two have talked again; then the line must work and be right
(tests/support/scene.py). The control runs the same with a library that takes
the syncs away: it must be found out.
"""

import contextlib
import http.client
import json
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import ledger_file  # noqa: E402
from line import Failure, Skip, expect, run_tests, wait_until  # noqa: E402
from office_page import Page  # noqa: E402
from rounds import Rounds  # noqa: E402
from scene import Scene  # noqa: E402
from worker import Worker  # noqa: E402

HERE = Path(__file__).resolve().parent
DISK_BYTES = 64 << 20  # far more than is written: a full disk flushes
SECTOR = 512
HEAD = struct.Struct(">QI")
WORK_SECONDS_MAX = 0.5
DRAFTS = 5
PERSON = "Chị Hoa"
WORK_WRITES_MIN, WORK_WRITES_MAX = 50, 300
CONTROL_ROUNDS = 2
TOOLS = ["nbdkit", "nbdfuse", "losetup", "mkfs.ext4", "mount", "umount"]
# Under an address sanitizer a library may only come first when it is told so.
NO_SYNC = {"ASAN_OPTIONS": "verify_asan_link_order=0:detect_leaks=0"}


def need_disk():
    if os.geteuid() != 0:
        raise Skip("mounting needs root")
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        raise Skip(f"{', '.join(missing)} missing")
    if subprocess.run(["nbdkit", "--dump-plugin", "python"],
                      capture_output=True).returncode != 0:
        raise Skip("nbdkit's Python plug-in is missing")
    with tempfile.TemporaryDirectory() as home:
        disk = Disk(Path(home) / "disk")
        try:
            disk.plug()
        except Failure as failure:  # a container without such devices
            raise Skip(f"no such disk here: {failure}") from failure
        finally:
            disk.unplug()


def run(*command):
    done = subprocess.run([str(part) for part in command],
                          capture_output=True, text=True)
    expect(done.returncode == 0, f"{command[0]}: {done.stderr}")
    return done.stdout.strip()


class Disk:
    """A file system that can be cut off."""

    def __init__(self, home):
        self.home = home
        home.mkdir()
        self.image = home / "image"
        self.pending = home / "pending"
        self.top = home / "mounted"
        self.top.mkdir()
        self.loop = self.nbdkit = self.nbdfuse = None
        with open(self.image, "wb") as image:
            image.truncate(DISK_BYTES)
        run("mkfs.ext4", "-q", "-F", self.image)

    def plug(self, writes=0):
        """`writes`: after so many the power goes by itself."""
        door, ready = self.home / "door", self.home / "ready"
        device = self.home / "device"
        for file in (door, ready):
            file.unlink(missing_ok=True)
        device.touch()
        self.nbdkit = subprocess.Popen(
            ["nbdkit", "-f", "-U", door, "-P", ready, "python",
             HERE / "cached_disk.py", f"image={self.image}",
             f"pending={self.pending}", f"writes={writes}"],
            stderr=subprocess.DEVNULL)
        wait_until(ready.exists, "nbdkit")
        self.nbdfuse = subprocess.Popen(
            ["nbdfuse", device, "--unix", door], stderr=subprocess.DEVNULL)
        wait_until(lambda: device.stat().st_size == DISK_BYTES, "nbdfuse")
        self.loop = run("losetup", "-f", "--show", device)
        run("mount", "-o", "errors=remount-ro", self.loop, self.top)

    def is_cut(self):
        return self.nbdkit.poll() is not None

    def cut(self):
        self.nbdkit.kill()
        self.nbdkit.wait()

    def unplug(self):
        """Everything goes, in whatever state it is."""
        if self.loop is not None:
            subprocess.run(["umount", self.top], stderr=subprocess.DEVNULL)
            run("losetup", "-d", self.loop)
            self.loop = None
        if self.nbdfuse is not None:
            subprocess.run(["umount", "-l", self.home / "device"],
                           stderr=subprocess.DEVNULL)
            self.nbdfuse.terminate()
            self.nbdfuse.wait()
            self.nbdfuse = None
        if self.nbdkit is not None:
            self.nbdkit.terminate()
            self.nbdkit.wait()
            self.nbdkit = None

    def lose(self, chance):
        """What the disk got done of what nobody had asked for. Gives how many
        writes there were and how many of them are lost or cut."""
        data = self.pending.read_bytes()
        share = chance.choice([0, 0, 0.5, 0.9, 1])
        at = count = lost = 0
        with open(self.image, "r+b") as image:
            while at + HEAD.size <= len(data):
                offset, size = HEAD.unpack_from(data, at)
                at += HEAD.size
                count += 1
                left = size if chance.random() < share else 0
                if chance.random() < 0.1:
                    left = chance.randrange(size // SECTOR + 1) * SECTOR
                lost += left < size
                image.seek(offset)
                image.write(data[at:at + min(left, size)])
                at += size
        self.pending.unlink()
        return count, lost


class Clerk(Worker):
    """Records and imports in the office until it is told to stop."""

    def __init__(self, scene, seed):
        super().__init__()
        self.scene = scene
        self.chance = random.Random(seed)

    def step(self):
        if self.chance.random() < 0.2:
            self.scene.import_rows(self.chance.randrange(1, 60))
        else:
            self.scene.record()


class Typist(Worker):
    """Types drafts into the office's page until nobody answers."""

    def __init__(self, page):
        super().__init__()
        self.page = page
        self.tried = Counter()
        self.answered = Counter()

    def name(self, number):
        return f"{number:032x}"

    def step(self):
        number = sum(self.tried.values()) % DRAFTS
        change = self.tried[number] + 1
        self.tried[number] = change
        body = {"type": "inspection", "change": change,
                "cells": {"violations": str(change)}}
        try:
            self.page.ask("PUT", f"drafts/{self.name(number)}", body, 204)
            self.answered[number] = change
        except (OSError, http.client.HTTPException, Failure):
            self.ending.set()  # the power is off

    def look(self):
        self.page.sign_in(PERSON)
        found = {one["id"]: one for one in self.page.get("drafts")["drafts"]}
        for number, change in self.answered.items():
            one = found.get(self.name(number), {"change": None})
            expect(one["change"] in range(change, self.tried[number] + 1),
                   f"draft {number} was answered at change {change} and is "
                   f"there at {one['change']}")
            expect(one["cells"]["violations"] == str(one["change"]),
                   f"a draft of another change: {one}")
        for name in found:
            self.page.ask("DELETE", f"drafts/{name}", None, 204)


def rows(scene, listing):
    code, out, errors = scene.agent(listing, "--format", "jsonl")
    expect(code == 0, f"{listing} after the cut: code {code}, {errors}")
    return [json.loads(text) for text in out.splitlines()]


class Case:
    """One side on a disk whose power is cut, the other on a sound one."""

    def __init__(self, scene, side, chance):
        self.scene = scene
        self.chance = chance
        self.victim = {"province": scene.province,
                       "office": scene.office}[side]
        self.is_office = side == "office"
        if self.is_office:
            self.page = Page(scene.office)
            self.page.add_person(PERSON, "clerk")
        self.disk = Disk(scene.line.home / "disk")
        self.disk.plug()
        moved = self.disk.top / self.victim.folder.name
        shutil.copytree(self.victim.folder, moved,
                        ignore=shutil.ignore_patterns("*.sock"))
        run("sync", "-f", moved)
        self.victim.folder = self.victim.daemon.folder = moved
        self.seen = Counter()
        self.types = None

    def typist(self):
        """Who is signed in, if the power lasted so long."""
        self.types = Typist(self.page)
        try:
            self.page.sign_in(PERSON)
        except (OSError, http.client.HTTPException, Failure):
            expect(self.disk.is_cut(), "nobody can sign in")
            self.types.ending.set()
        return self.types

    def work_and_cut(self, more):
        """Gives what had been acknowledged when the power went."""
        scene, daemon = self.scene, self.victim.daemon
        daemon.more = more
        scene.more = more if self.is_office else {}
        for service in (scene.province.daemon, scene.office.daemon):
            try:
                service.start()
            except Failure:
                expect(service is daemon and self.disk.is_cut(),
                       f"{service.program} did not start")
        self.types = None
        workers = [Clerk(scene, self.chance.random())]
        if self.is_office and daemon.running():
            workers.append(self.typist())
        for worker in workers:
            worker.start()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.disk.nbdkit.wait(self.chance.uniform(0.02, WORK_SECONDS_MAX))
        self.disk.cut()
        daemon.kill()
        for worker in workers:
            worker.finish()
        daemon.more = scene.more = {}
        scene.office.daemon.kill()
        scene.province.daemon.kill()
        self.disk.unplug()
        count, lost = self.disk.lose(self.chance)
        self.seen.update(cuts=1, writes=count, lost=lost)

    def look(self):
        """Before the two sides have talked again."""
        if self.is_office:
            stored = {int(row["fine_vnd"])
                      for row in rows(self.scene, "export")}
            lost = self.scene.acked - stored
            expect(not lost, f"saved and lost: {sorted(lost)[:5]}")
            if self.types is not None:
                self.scene.office.daemon.start()
                self.types.look()
                self.scene.office.daemon.stop()
                self.seen["drafts"] += sum(self.types.answered.values())
            return
        ledger = ledger_file.Ledger(self.scene.province.folder / "ledger.mdb",
                                    self.scene.classes)
        for row in rows(self.scene, "outbox"):
            if row["state"] == "received":
                identity = tuple(map(int, row["id"].split(".")))
                expect(identity in ledger.events and
                       ledger.events[identity][1] == row["entry"],
                       f"received and lost: {row['id']}")

    def round(self, more):
        self.work_and_cut(more)
        self.disk.plug()
        self.look()
        self.scene.check()
        self.disk.unplug()
        self.disk.plug(self.chance.choice(
            [0, self.chance.randrange(WORK_WRITES_MIN, WORK_WRITES_MAX)]))


def cut_again_and_again(side, count, seed, more):
    chance = random.Random(seed)
    with Scene() as scene:
        case = None
        try:
            case = Case(scene, side, chance)
            for _ in range(count):
                case.round(more)
        finally:
            for daemon in scene.line.all_daemons():
                daemon.kill()
            if case is not None:
                case.disk.unplug()
        print(f"{side}: {case.seen['cuts']} cuts, {case.seen['lost']} of "
              f"{case.seen['writes']} writes lost or halved, "
              f"{len(scene.acked)} events and {case.seen['drafts']} drafts "
              "acknowledged, none lost", flush=True)
        expect(side != "office" or case.seen["drafts"] > 0, "drafts")


def test_side(side):
    need_disk()
    rounds = Rounds(f"power cuts of the {side}", ci=3, full=100)
    print(rounds, flush=True)
    cut_again_and_again(side, rounds.count, rounds.seed, {})


def the_office_keeps_what_it_has_saved():
    test_side("office")


def the_province_keeps_what_it_has_received():
    test_side("province")


def without_syncs_it_is_noticed():
    need_disk()
    for side in ("office", "province"):
        found = None
        library = Path(os.environ.get("TMPDIR", "/tmp")) / (
            f"tallyline-no-sync-{os.getpid()}.so")
        run("cc", "-shared", "-fPIC", "-o", library, HERE / "no_sync.c",
            "-ldl")
        try:
            cut_again_and_again(side, CONTROL_ROUNDS, 1,
                                {"LD_PRELOAD": str(library), **NO_SYNC})
        except Exception as failure:
            found = failure
        finally:
            library.unlink()
        expect(found is not None, f"{side}: a program that syncs nothing "
               "has passed")
        print(f"control, {side} without syncs: {found}", flush=True)


run_tests([the_office_keeps_what_it_has_saved,
           the_province_keeps_what_it_has_received,
           without_syncs_it_is_noticed])
