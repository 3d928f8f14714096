#!/usr/bin/python3
"""`audit verify` as an auditor calls it: on a copy, beside a running collector,
on what cannot be written, with the checkpoint that an office keeps, and gone on
with after it was interrupted.

Every other test that runs a line ends with it too (tests/support/line.py), so
kills, copies of machines, new keys, revocations and reforms leave ledgers that
pass."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from line import (PROGRAMS, Line, copy_folder, environment, expect,  # noqa: E402
                  expect_equal, run_tests, visit, wait_until)

COLLECTOR = PROGRAMS / "tallyline-collector"
EVENTS = 600
PARTS = ["store", "entries", "controls", "batches", "tables", "tree",
         "checkpoints", "outside", "state", "reports", "backups", "moved",
         "breaks", "root", "all"]


def verify(folder, *arguments, code=0):
    """What was said of each part; faults are listed under their part."""
    done = subprocess.run(
        [COLLECTOR, "audit", "verify", "--data", folder, "--format", "jsonl",
         *arguments], capture_output=True, text=True, env=environment(),
        timeout=60, stdin=subprocess.DEVNULL)
    expect_equal(done.returncode, code, f"code\n{done.stdout}{done.stderr}")
    rows = [json.loads(text) for text in done.stdout.splitlines()]
    parts = {row["part"]: row["result"] for row in rows
             if row["fault"] is None}
    faults = [(row["part"], row["fault"]) for row in rows
              if row["fault"] is not None]
    return parts, faults


def hashes(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.iterdir()) if path.is_file()}


def filled(line):
    """Two offices with some events, one of them corrected."""
    for unit in ("gso3:901", "gso3:902"):
        office = line.office(unit)
        office.start()
        district = unit[-3:]
        office.import_rows([{"type": "inspection",
                             **visit(f"{district}01", 1 + n, f"@{n}")}
                            for n in range(EVENTS)])
        office.record("inspection", visit(f"{district}01", 7))
    line.settle()


def a_copy_passes_and_stays_as_it_is():
    with Line() as line:
        filled(line)
        line.province.daemon.stop()
        copy = line.home / "copy"
        copy_folder(line.province.folder, copy)
        shutil.rmtree(copy / "keys")  # the auditor needs no secret
        before = hashes(copy)
        os.chmod(copy, 0o500)
        parts, faults = verify(copy)
        os.chmod(copy, 0o700)
        expect_equal(list(parts), PARTS, "parts")
        expect_equal(faults, [], "faults")
        expect_equal(parts["all"], "PASS", "all of it")
        for part in ("store", "entries", "controls", "batches", "tables",
                     "tree", "state"):
            expect_equal(parts[part], "PASS", part)
        expect_equal(hashes(copy), before, "the copy")


def it_runs_beside_the_collector():
    with Line() as line:
        filled(line)
        office = line.offices[0]
        for n in range(5):
            office.record("inspection", visit(90101, 100 + n))
            parts, faults = verify(line.province.folder)
            expect_equal(faults, [], "faults")
            expect_equal(parts["all"], "PASS", "all of it")
        line.settle()


def a_changed_byte_is_found_and_said_in_words():
    with Line() as line:
        filled(line)
        line.province.daemon.stop()
        line.damaged = True
        path = line.province.folder / "ledger.mdb"
        data = bytearray(path.read_bytes())
        at = data.find(b"TLB1")
        while at >= 0:  # some of them lie on pages that are no longer used
            data[at + 150] ^= 1
            at = data.find(b"TLB1", at + 1)
        path.write_bytes(data)
        _, faults = verify(line.province.folder, code=1)
        expect(faults, "something is found")
        done = subprocess.run(
            [COLLECTOR, "audit", "verify", "--data", line.province.folder],
            capture_output=True, text=True, timeout=60,
            env=environment(TALLYLINE_LANG="vi"))
        expect_equal(done.returncode, 1, "code")
        expect("KHÔNG ĐẠT" in done.stdout, done.stdout)


def a_ledger_is_held_against_its_checkpoint():
    """What the province has signed, kept elsewhere, against what it shows."""
    with Line() as line:
        filled(line)
        province = line.province
        note = line.home / "kept.checkpoint"

        def exported():
            folder = line.home / "tiles"
            shutil.rmtree(folder, ignore_errors=True)
            done = province.command("audit", "export", "--tiles", "--output",
                                    folder, code=None)
            found = folder / "checkpoint"
            if done.returncode == 0 and found.exists():
                note.write_bytes(found.read_bytes())
            return note.exists()

        wait_until(exported, "a signed checkpoint")
        proof = line.home / "event.tlog-proof"
        province.command("audit", "prove", "1.1.1", "--output", proof)
        province.daemon.stop()
        parts, _ = verify(province.folder, "--checkpoint", proof)
        expect_equal(parts["outside"], "PASS", "the end of a proof")
        parts, _ = verify(province.folder, "--checkpoint", note)
        expect_equal(parts["outside"], "PASS", "the checkpoint")
        # Of another province, which has another key.
        with Line() as other:
            filled(other)
            other.province.daemon.stop()
            _, faults = verify(other.province.folder, "--checkpoint", note,
                               code=1)
            expect_equal([part for part, _ in faults], ["outside"], "faults")


def an_interrupted_check_goes_on():
    """Stopped again and again, it ends with the answer of a whole run; and
    what was changed meanwhile is found."""
    with Line() as line:
        filled(line)
        line.province.daemon.stop()
        state = line.home / "verify.state"
        command = [COLLECTOR, "audit", "verify", "--data",
                   line.province.folder, "--resume", state]
        code = None
        for _ in range(40):
            check = subprocess.Popen(command, stdout=subprocess.DEVNULL,
                                     stderr=subprocess.DEVNULL,
                                     env=environment())
            check.send_signal(signal.SIGTERM)
            code = check.wait(timeout=60)
            if code == 0:
                break
        parts, faults = verify(line.province.folder, "--resume", state)
        expect_equal((parts["all"], faults), ("PASS", []), "a whole run")
        expect(not state.exists(), "nothing is left behind")
        done = subprocess.run(
            [*command[:-1], line.province.folder / "inside"],
            capture_output=True, text=True, env=environment(), timeout=60)
        expect_equal(done.returncode, 2, "a file among what is checked")


run_tests([a_copy_passes_and_stays_as_it_is, it_runs_beside_the_collector,
           a_changed_byte_is_found_and_said_in_words,
           a_ledger_is_held_against_its_checkpoint,
           an_interrupted_check_goes_on])
