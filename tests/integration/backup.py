#!/usr/bin/python3
"""Backups as an administrator makes them, with the real programs.

    tests/integration/backup.py [TEST...]
"""

import contextlib
import json
import os
import shutil
import stat
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from line import (PROGRAMS, Line, Skip, expect, expect_equal, run_command,  # noqa: E402
                  run_tests, visit, wait_until)

FILES = {"ledger.mdb", "collector.yaml", "backup.yaml"}


def backup(line, folder, *more, code=0):
    """Gives the folder that was made."""
    done = line.province.command("backup", folder, *more, code=code)
    return Path(done.stdout.strip()) if code == 0 else done.stderr


def rows(first, count):
    return [{"type": "inspection", **visit(90101, first + i)}
            for i in range(count)]


def names(folder):
    return {path.name for path in folder.iterdir()}


def restored(line, copy):
    """A data directory made from a backup and the keys that were kept."""
    folder = line.home / "restored"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    for path in copy.iterdir():
        if path.is_file():
            shutil.copy(path, folder)
    shutil.copytree(line.province.folder / "keys", folder / "keys")
    return folder


def figures_of(folder):
    out = run_command("tallyline-collector", folder,
                      ["indicators", "--format", "jsonl"]).stdout
    return {row["indicator"]: row["value"]
            for row in map(json.loads, out.splitlines())}


def a_running_collector_is_backed_up():
    """The copy has the figures of the moment; the ledger says that it is
    there, and so does status; a second one stands beside the first."""
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        expect("NEVER BACKED UP" in line.province.command("status").stdout,
               "status says that nothing was backed up")
        office.import_rows(rows(1000, 300))
        line.settle()
        target = line.home / "backups"
        before = line.province.figures()
        copy = backup(line, target)
        expect_equal(names(copy) - {"figures.state"}, FILES, "files")
        expect_equal(stat.S_IMODE(copy.stat().st_mode), 0o700, "mode")
        expect_equal(figures_of(restored(line, copy)), before,
                     "figures of the copy")
        said = line.province.command("status").stdout
        expect("last backup: " in said and "entries since: 1\n" in said,
               f"status tells the last backup: {said}")
        second = backup(line, target)
        expect(second != copy and copy.is_dir(), "both are there")
        expect_equal(line.province.figures(), before, "a mark counts nothing")
        expect(not any(name.endswith(".new") for name in names(target)),
               "nothing unfinished is left")


def a_stopped_collector_is_backed_up():
    with Line() as line:
        line.province.daemon.stop()
        copy = backup(line, line.home / "backups")
        expect(FILES <= names(copy), "the files are there")
        said = line.province.command("status").stdout
        expect("entries since: 1\n" in said, said)


def keys_go_along_only_when_asked():
    with Line() as line:
        target = line.home / "backups"
        expect("keys" not in names(backup(line, target)), "no keys")
        copy = backup(line, target, "--keys")
        expect_equal(names(copy / "keys"), names(line.province.folder / "keys"),
                     "keys")
        expect_equal(stat.S_IMODE((copy / "keys").stat().st_mode), 0o700,
                     "mode of the folder")
        for path in (copy / "keys").iterdir():
            expect_equal(stat.S_IMODE(path.stat().st_mode), 0o600, path.name)
        folder = line.home / "whole"
        shutil.copytree(copy, folder)
        os.chmod(folder, 0o700)
        run_command("tallyline-collector", folder,
                    ["init", "--recover", "--give-up"])
        run_command("tallyline-collector", folder,
                    ["enrol", "--name", "A", "--pair",
                     "gso3:901:district_labour_office", "--output",
                     line.home / "a.join", "--address", "tcp://127.0.0.1:1"])


def what_was_interrupted_is_swept():
    """Killed at some moment of the copy: nothing has the name of a backup that
    is not whole, and the next run leaves nothing behind."""
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        for part in range(3):
            office.import_rows(rows(10_000 * part, 3000))
        line.settle()
        target = line.home / "backups"
        target.mkdir()
        begun = 0
        for attempt in range(40):
            child = subprocess.Popen(
                [PROGRAMS / "tallyline-collector", "backup", str(target),
                 "--dir", str(line.province.folder)],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            end = time.monotonic() + 0.002 * attempt
            while time.monotonic() < end and child.poll() is None:
                pass
            child.kill()
            child.wait()
            left = list(target.iterdir())
            begun += any(path.name.endswith(".new") for path in left)
            for path in left:
                expect(path.name.endswith(".new") or FILES <= names(path),
                       f"{path.name} is whole or has no name")
        expect(begun > 0, "some were interrupted in the middle")
        backup(line, target)
        expect(not any(name.endswith(".new") for name in names(target)),
               "what was left is gone")


@contextlib.contextmanager
def small_disk(folder, kibibytes):
    folder.mkdir(exist_ok=True)
    if os.geteuid() != 0 or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={kibibytes}k", "tmpfs",
             folder], capture_output=True).returncode != 0:
        raise Skip("a small disk needs root")
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


def a_full_disk_is_said_and_left_clean():
    """Disks from hopelessly small to large enough: the room ends before the
    copy, in the middle of each file, and behind the last."""
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        office.import_rows(rows(0, 3000))
        line.settle()
        line.province.daemon.stop()  # nothing is added, the state is written
        target = line.home / "small"
        failed = 0
        done = False
        for size in range(16, 4096, 12):
            with small_disk(target, size):
                found = line.province.command("backup", target, code=None)
                done = found.returncode == 0
                if not done:
                    failed += 1
                    expect_equal(found.returncode, 74, found.stderr)
                    expect("no room" in found.stderr, found.stderr)
                    expect_equal(names(target), set(), "left there")
            if done:
                break
            if failed == 1:
                expect("NEVER BACKED UP" in line.province.command(
                    "status").stdout, "nothing was marked")
        expect(done and failed > 3, f"{failed} disks were too small")


def folders_that_cannot_be_are_refused():
    with Line() as line:
        expect("not found" in backup(line, line.home / "a" / "b", code=3),
               "a folder in no folder")
        file = line.home / "file"
        file.write_text("")
        backup(line, file, code=65)


def set_budget(office, kibibytes):
    path = office.folder / "agent.yaml"
    kept = [text for text in path.read_text().splitlines()
            if not text.startswith("spool_keep_bytes")]
    path.write_text("\n".join([*kept,
                               f"spool_keep_bytes: {kibibytes * 1024}\n"]))


def restart(office):
    """The budget is looked at when the service starts."""
    office.daemon.stop()
    office.daemon.start()


def wait_for_room(office):
    """It is made in several steps, and told behind the last one."""
    wait_until(lambda: "made room of what" in office.daemon.log_text(),
               "room to be made")


def an_office_makes_room_of_what_is_backed_up():
    """Nothing goes before the mark; behind it the oldest goes, and whatever
    reads the spool says so; a row that comes again is still known."""
    with Line() as line:
        office = line.office("gso3:901")
        set_budget(office, 1024)
        office.start()
        first = office.write_rows(rows(0, 9000))
        office.import_file(first)
        line.settle()
        expect(office.status()["bytes_used"] > 1 << 20, "the budget is used up")
        restart(office)
        expect_equal(office.status()["removed"], 0, "removed without a mark")
        figures = line.province.figures()
        backup(line, line.home / "backups")
        wait_until(lambda: office.status()["backed_up"] == 9000,
                   "the mark to come down")
        expect_equal({row["state"] for row in office.outbox()}, {"backed_up"},
                     "states")
        office.import_rows(rows(10_000, 100))
        line.settle()
        expect_equal(office.status()["backed_up"], 9000, "backed up")
        restart(office)
        wait_for_room(office)
        row = office.status()
        kept = office.outbox()
        expect_equal(row["received"], 9100, "received, here or not")
        expect_equal(len(kept), 9100 - row["removed"], "events in the outbox")
        expect_equal(kept[0]["id"], row["kept_from"], "the first that is here")
        expect("not here any more" in office.words(), office.words())
        expect("not here any more" in office.command("outbox").stderr, "outbox")
        expect("not here any more" in office.command("export").stderr, "export")
        refused = office.command("indicators", code=1)
        expect(row["kept_from"] in refused.stderr, refused.stderr)
        expect_equal(office.import_file(first), 0, "rows that came again")
        office.record("inspection", visit(90101, 77_777))
        line.settle()
        found = line.province.figures()
        expect_equal(found["visits"], figures["visits"] + 101, "visits")


def put_back(line, copy):
    """As STORAGE.md says: an empty directory, the files, the kept keys."""
    folder = line.province.folder
    keys = line.home / "kept-keys"
    shutil.copytree(folder / "keys", keys)
    shutil.rmtree(folder)
    folder.mkdir(mode=0o700)
    for path in copy.iterdir():
        if path.is_file():
            shutil.copy(path, folder)
    shutil.copytree(keys, folder / "keys")


def a_restored_backup_gets_back_what_came_after():
    """The copy itself says that it is one: before anything new is taken, the
    offices are asked."""
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        office.import_rows(rows(0, 50))
        line.settle()
        copy = backup(line, line.home / "backups")
        office.import_rows(rows(1000, 70))
        line.settle()
        before = office.status()
        line.province.daemon.stop()
        put_back(line, copy)
        office.record("inspection", visit(90101, 5000))
        line.province.daemon.start()
        wait_until(lambda: "the ledger is whole again" in
                   line.province.daemon.log_text(), "the rest")
        line.settle()
        expect_equal(line.province.figures()["visits"], 121, "visits")
        expect(office.status()["last_entry"] > before["last_entry"],
               "what is new stands behind what was there")


def a_province_that_lost_its_newest_backup_is_told():
    """An office that made room cannot fill the gap: it says so, and when the
    administrator has given up what is lost, `recover` sends what it has."""
    with Line() as line:
        office = line.office("gso3:901")
        set_budget(office, 1024)
        office.start()
        office.import_rows(rows(0, 100))
        line.settle()
        old = backup(line, line.home / "backups")
        office.import_rows(rows(1000, 5000))
        line.settle()
        backup(line, line.home / "backups")
        wait_until(lambda: office.status()["backed_up"] == 5100, "the mark")
        restart(office)
        wait_for_room(office)
        removed = office.status()["removed"]
        expect(removed > 100, "what is newer went too")
        office.daemon.stop()
        line.province.daemon.stop()
        put_back(line, old)
        line.province.daemon.start()
        office.daemon.start()
        wait_until(lambda: "reason=past_removed" in office.daemon.log_text(),
                   "the office to see it")
        expect_equal(office.status()["backed_up"], 0, "what was said before")
        office.record("inspection", visit(90101, 9999))
        wait_until(lambda: line.province.rows("status", "--recovery")[0]
                   ["unheard"] in (None, ""), "the office to return the rest")
        line.province.daemon.stop()
        line.province.command("init", "--recover", "--give-up")
        line.province.daemon.start()
        wait_until(lambda: office.status()["refusal"] == "past_removed",
                   "the office to stand before the gap")
        office.command("recover", code=1)
        office.daemon.stop()
        office.command("recover", "--yes")
        office.daemon.start()
        line.settle()
        expect_equal(line.province.figures()["visits"],
                     100 + 5100 - removed + 1, "what is left is there")


def what_the_unheard_may_know_of_is_given_up_on_record():
    """A backup is put back and used before its office has called: the ledger
    says so, and audit verify (at the end of the line) holds it."""
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        office.import_rows(rows(0, 10))
        line.settle()
        copy = backup(line, line.home / "backups")
        office.daemon.stop()
        line.province.daemon.stop()
        put_back(line, copy)
        line.province.command("init", "--recover", "--give-up")
        kinds = line.province.rows("audit", "log", "--controls")
        expect("break" in str(kinds[-1]), f"the last order: {kinds[-1]}")
        line.province.daemon.start()
        office.daemon.start()
        office.record("inspection", visit(90101, 9999))
        line.settle()
        expect_equal(line.province.figures()["visits"], 11, "all is there")


run_tests([an_office_makes_room_of_what_is_backed_up,
           a_restored_backup_gets_back_what_came_after,
           a_province_that_lost_its_newest_backup_is_told,
           what_the_unheard_may_know_of_is_given_up_on_record,
           a_running_collector_is_backed_up,
           a_stopped_collector_is_backed_up,
           keys_go_along_only_when_asked,
           what_was_interrupted_is_swept,
           a_full_disk_is_said_and_left_clean,
           folders_that_cannot_be_are_refused])
