#!/usr/bin/python3
"""What the line refuses, and in which words: strangers, the revoked, a second
daemon, data of a newer version, a full disk."""

import ctypes
import errno
import fcntl
import os
import shutil
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from line import (Line, Skip, copy_folder, expect,  # noqa: E402
                  expect_equal, run_tests, visit, wait_until)
import ledger_file  # noqa: E402

BUSY, CONFIG, FULL = 1, 78, 74
SMALL_DISK_MIB = 8
LOOK_SECONDS = 0.5
SMALL_SPOOL_BYTES = 4 << 20


def an_unknown_key_is_refused_and_told():
    """The province was restored from a copy that does not know the office."""
    with Line() as line:
        copy = line.home / "copy"
        line.province.daemon.stop()
        copy_folder(line.province.folder, copy)
        line.province.daemon.start()
        office = line.office("gso3:901")
        office.start()
        line.province.daemon.stop()
        shutil.rmtree(line.province.folder)
        copy.rename(line.province.folder)
        line.province.daemon.start()
        office.record("inspection", visit(90101, 1))
        wait_until(lambda: office.status()["refusal"] == "unknown_key",
                   "the refusal to be noted")
        expect("key" in office.words(), f"plain words in: {office.words()}")
        expect_equal(office.count("received"), 0, "received")


def the_file_of_another_province_joins_nothing():
    """The address is right, the keys are another collector's."""
    with Line() as line, Line(origin="other.example/ledger") as other:
        file = line.home / "foreign.enrol"
        other.province.enrol("Office", file,
                             ["gso3:901:district_labour_office"], "--address",
                             line.province.address)
        office = line.office("gso3:901", folder="foreign")
        done = office.command("join", file, "--timeout", "2", code=1)
        expect(done.stderr.strip(), "the refusal has words")
        expect_equal(line.province.rows("agents"), [], "agents")


def an_address_that_no_office_reaches_gets_into_no_file():
    """A wildcard is a place to listen, not one to connect to."""
    with Line() as line:
        province, file = line.province, line.home / "wild.join"
        office = ["--name", "A", "--pair", "gso3:901:police", "--output", file]
        province.configure(listen="tcp://0.0.0.0:5570")
        done = province.command("enrol", *office, code=2)
        expect("--address" in done.stderr, f"the cure in: {done.stderr}")
        province.command("enrol", *office, "--address", "tcp://*:5570", code=2)
        province.command("enrol", *office, "--address", "here", code=2)
        expect(not file.exists(), "no file")
        expect_equal(province.rows("agents"), [], "agents")
        done = province.command("enrol", "--name", "A", "--pair",
                                "gso3:901:polic", "--output", file,
                                "--address", "tcp://a.vn:5570", code=2)
        expect("police" in done.stderr, f"what was meant in: {done.stderr}")


def an_enrolment_file_is_good_once():
    with Line() as line:
        first = line.office("gso3:901")
        second = line.office("gso3:901", folder="second")
        done = second.command("join", line.home / "office-1.enrol", code=1)
        expect(done.stderr.strip(), "the refusal has words")
        first.start()


def a_revoked_office_is_told_in_plain_words():
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        office.record("inspection", visit(90101, 1))
        line.settle()
        line.province.command("revoke", office.number)
        office.record("inspection", visit(90101, 2))
        wait_until(lambda: office.status()["line"] == "revoked",
                   "the office to hear of it")
        expect("revoked" in office.words(), office.words())
        expect_equal(office.command("status", code=1).returncode, 1, "code")
        row = office.status()
        expect_equal((row["received"], row["saved"] + row["sent"]), (1, 1),
                     "nothing is lost in the office")
        expect_equal(line.province.figures()["visits"], 1, "visits")


def a_second_daemon_is_refused_on_both_sides():
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        expect(office.daemon.start_in_vain(BUSY), "words of the agent")
        expect(line.province.daemon.start_in_vain(BUSY),
               "words of the collector")
        office.record("inspection", visit(90101, 1))
        line.settle()


def a_look_at_the_lock_does_not_stop_a_start():
    """A command that asks whether a collector runs has the lock for a moment;
    one that starts just then waits for it."""
    with Line() as line:
        daemon = line.province.daemon
        daemon.stop()
        with open(line.province.folder / "collector.lock", "r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            timer = threading.Timer(LOOK_SECONDS, fcntl.flock,
                                    (lock, fcntl.LOCK_UN))
            timer.start()
            daemon.start()
            timer.join()


def data_of_a_newer_version_are_refused():
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        office.daemon.stop()
        line.province.daemon.stop()
        for daemon, file in ((line.province.daemon, "ledger.mdb"),
                             (office.daemon, "spool.mdb")):
            path = daemon.folder / file
            number = ledger_file.read_format(path)
            ledger_file.write_format(path, number + 1)
            words = daemon.start_in_vain(CONFIG)
            expect("newer version" in words, f"a sentence in: {words}")
            ledger_file.write_format(path, number)
        line.province.daemon.start()
        office.daemon.start()


def mount_small_disk(path):
    """A disk of its own for a folder; Skip where that is not allowed."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(b"tmpfs", str(path).encode(), b"tmpfs", 0,
                  f"size={SMALL_DISK_MIB}m,mode=700".encode()) != 0:
        raise Skip(f"no small disk: {os.strerror(ctypes.get_errno())}")
    return lambda: libc.umount2(str(path).encode(), 2)


def fill_disk(folder):
    """Leaves no room at all."""
    path = folder / "ballast"
    with open(path, "wb", buffering=0) as ballast:
        try:
            while True:
                ballast.write(bytes(4096))
        except OSError as error:
            expect_equal(error.errno, errno.ENOSPC, "why it ends")
    return path


def a_full_disk_stops_intake_and_room_resumes_it():
    """Nothing is dropped on either side, and nobody has to do anything but
    make room."""
    with Line() as line:
        line.province.daemon.stop()
        kept = line.home / "kept"
        copy_folder(line.province.folder, kept)
        unmount = mount_small_disk(line.province.folder)
        try:
            copy_folder(kept, line.province.folder)
            line.province.daemon.start()
            office = line.office("gso3:901")
            office.start()
            office.record("inspection", visit(90101, 1))
            line.settle()
            ballast = fill_disk(line.province.folder)
            office.import_rows([{"type": "inspection", **visit(90101, 2 + i)}
                                for i in range(4000)])
            wait_until(lambda: office.status()["refusal"] == "full",
                       "the refusal")
            expect("full" in office.words() or "room" in office.words(),
                   office.words())
            expect(not office.drained(), "there is no room for it")
            expect(line.province.daemon.running(), "the collector runs on")
            ballast.unlink()
            line.settle()
            expect_equal(line.province.figures()["visits"], 4001, "visits")
            line.province.daemon.stop()
        finally:
            line.province.daemon.kill()
            unmount()


def a_full_office_refuses_and_still_sends():
    """What is saved there is sent; more is refused, whole and in words, until
    somebody gives the store more room."""
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        office.daemon.stop()
        settings = office.folder / "agent.yaml"
        roomy = settings.read_text()
        small = "".join(
            f"spool_bytes: {SMALL_SPOOL_BYTES}\n"
            if text.startswith("spool_bytes") else text
            for text in roomy.splitlines(keepends=True))
        settings.write_text(small)
        saved = refused = 0
        while refused == 0:
            rows = [{"type": "inspection", **visit(90101, saved + i)}
                    for i in range(1000)]
            done = office.command("import", office.write_rows(rows),
                                  code=None)
            if done.returncode == 0:
                saved += len(rows)
            else:
                expect_equal(done.returncode, FULL, "code")
                expect(done.stderr.strip(), "the refusal has words")
                refused = len(rows)
        expect(saved > 0, "there was room at first")
        expect_equal(office.count("saved"), saved, "saved")
        office.daemon.start()
        line.settle()
        expect_equal(line.province.figures()["visits"], saved, "visits")
        office.daemon.stop()
        settings.write_text(roomy)
        office.daemon.start()
        expect_equal(office.import_rows(rows), refused, "rows with more room")
        line.settle()
        expect_equal(line.province.figures()["visits"], saved + refused,
                     "visits")


run_tests([an_unknown_key_is_refused_and_told,
           the_file_of_another_province_joins_nothing,
           an_address_that_no_office_reaches_gets_into_no_file,
           an_enrolment_file_is_good_once,
           a_revoked_office_is_told_in_plain_words,
           a_second_daemon_is_refused_on_both_sides,
           a_look_at_the_lock_does_not_stop_a_start,
           data_of_a_newer_version_are_refused,
           a_full_disk_stops_intake_and_room_resumes_it,
           a_full_office_refuses_and_still_sends])
