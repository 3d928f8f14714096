#!/usr/bin/python3
"""Offices as witnesses of the province's ledger, with both programs as real
processes: checkpoints and cosignatures, proofs in files that a reader of its own
checks, and a province that changes its past with all its keys."""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/support"), str(ROOT / "tests/audit")]
from line import (Line, expect, expect_equal, run_tests, visit,  # noqa: E402
                  wait_until)
import read_proof  # noqa: E402

BUILD = Path(os.environ.get("TALLYLINE_BUILD", ROOT / "build/dev"))
# A checkpoint is signed in five seconds, and an office is shown one when it
# says hello.
SECONDS = 30


def entries(line):
    return int(line.province.command("status").stdout.split(
        "entries in the ledger: ")[1].split()[0])


def last_checkpoint(line):
    text = line.province.command("status").stdout
    return int(text.split("last checkpoint, entries: ")[1].split(";")[0]) \
        if "last checkpoint, entries: " in text else 0


def wait_signed(line):
    """All that is there now lies under a checkpoint."""
    size = entries(line)
    wait_until(lambda: last_checkpoint(line) >= size,
               "everything to be signed", SECONDS)
    return size


def witness(line, office):
    """The office says hello, and keeps the newest checkpoint from then on."""
    size = wait_signed(line)
    office.daemon.stop()
    office.daemon.start()
    wait_until(lambda: (office.status()["checkpoint"] or 0) >= size,
               f"{office.folder.name} to see the checkpoint", SECONDS)
    return office.status()["checkpoint"]


def cosigned(line, office):
    return line.province.rows("status")[office.number - 1]["cosigned"] or 0


def offices_cosign_what_goes_on():
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        office.record("inspection", visit(90101, 1000))
        line.settle()
        first = witness(line, office)
        office.record("inspection", visit(90101, 1001))
        line.settle()
        second = witness(line, office)
        expect(second > first, "the checkpoint has grown")
        row = office.status()
        expect_equal(row["ledger"], "good", "state of the ledger")
        expect("witnessed" in office.words(), "the words of status")
        wait_until(lambda: cosigned(line, office) == second,
                   "the cosignature to be kept", SECONDS)
        wait_until(lambda: office.status()["proven_entry"] is not None,
                   "a receipt to be found under the checkpoint", SECONDS)
        # Both are kept over a restart of the province.
        line.province.daemon.stop()
        line.province.daemon.start()
        expect_equal(cosigned(line, office), second, "after a restart")
        expect(last_checkpoint(line) >= second, "the last after a restart")


def verify(line, path, code=0):
    """What audit verify says of the checkpoint that an office has handed out."""
    done = line.province.command("audit", "verify", "--checkpoint", path,
                                 "--format", "jsonl", code=code)
    rows = [json.loads(text) for text in done.stdout.splitlines()]
    return {row["part"]: row for row in reversed(rows)}


def what_an_office_keeps_is_handed_out_without_asking_anybody():
    with Line() as line:
        office = line.office("gso3:901")
        path = line.home / "kept.txt"
        done = office.command("export", "--checkpoint", "--output", path,
                              code=3)
        expect("witnessed no checkpoint" in done.stderr, done.stderr)
        office.start()
        office.record("inspection", visit(90101, 1000))
        line.settle()
        size = witness(line, office)
        office.daemon.stop()
        line.province.daemon.stop()  # nobody is there to be asked
        office.command("export", "--checkpoint", "--output", path)
        office.command("export", "--checkpoint", "--output", path, code=1)
        text = path.read_text().splitlines()
        expect_equal(text[:2], [line.origin, str(size)], "the note")
        expect(f"{line.origin}/agent/{office.number} " in text[-1],
               "the office's cosignature")
        rows = verify(line, path)
        expect_equal(rows["outside"]["result"], "PASS", "the kept one")
        expect_equal(rows["outside"]["checked"], 1, "checked")
        expect_equal(rows["root"]["checked"], size, "the size that is told")
        expect_equal(bytes.fromhex(rows["root"]["what"]),
                     base64.b64decode(text[2]), "the root")
        # The keys by which all of it is signed are those of the office.
        shown = line.province.command("audit", "show", "0").stdout
        config = (office.folder / "agent.yaml").read_text()
        for name in ("administrator", "ledger_key"):
            key = config.split(f"{name}: ")[1].split('"')[1]
            expect(key in shown, f"{name} {key} in {shown}")
        # One letter of the root changed: the signature does not fit.
        text[2] = ("B" if text[2][0] == "A" else "A") + text[2][1:]
        path.write_text("\n".join(text) + "\n")
        rows = verify(line, path, code=1)
        expect_equal(rows["outside"]["fault"], None, "its own line")
        expect_equal(rows["outside"]["result"], "FAIL", "a changed one")


def check_file(line, path, keys, **shown):
    """The same answer from the product and from a reader of its own."""
    done = line.province.command("audit", "prove", "--check", path, "--key",
                                 keys)
    expect(done.stdout.startswith("PASS"), done.stdout)
    found = read_proof.check(path.read_text(), read_proof.read_keys(keys))
    for name, value in shown.items():
        expect_equal(found[name], value, name)
    return done.stdout, found


def a_proof_is_one_file_and_needs_no_ledger():
    with Line() as line:
        office = line.office("gso3:901")
        other = line.office("gso3:902")
        office.start()
        other.start()
        other.record("inspection", visit(90201, 7))
        line.settle()
        event = office.record("inspection", visit(90101, 1000))
        line.settle()
        keys = line.home / "keys.txt"
        proof = line.home / "event.tlog-proof"
        wait_signed(line)
        size = witness(line, other)
        wait_until(lambda: cosigned(line, other) == size, "one witness",
                   SECONDS)
        keys.write_text(line.province.command("audit", "prove",
                                              "--keys").stdout)
        line.province.command("audit", "prove", event, "--output", proof)
        row = office.outbox()[0]
        text, found = check_file(line, proof, keys, agent=office.number,
                                 first_seq=1, count=1, size=size)
        expect(f"{event}: " in text and "signature of the batch: PASS" in text,
               text)
        expect("agent/2" in text, f"the witness in: {text}")
        expect(f"{line.origin}/agent/{other.number}" in found["witnesses"],
               f"witnesses: {found['witnesses']}")
        expect(found["content"], "the batch is in the file")
        # The office gets the same by itself, over its own line.
        own = line.home / "own.tlog-proof"
        office.command("export", "--proof", event, "--output", own)
        check_file(line, own, keys, agent=office.number,
                   received_at=found["received_at"])
        key = office.command("export", "--keys").stdout.splitlines()[0]
        expect_equal(key, keys.read_text().splitlines()[0],
                     "the ledger's key, of the office and of the province")
        office.command("export", "--proof", event, "--output", own, code=1)
        flip_bits(line, proof, keys)
        what_cannot_be_proved(line, office, row)


def flip_bits(line, proof, keys):
    """A letter of each part changed: both say that it does not hold."""
    good = proof.read_text()
    parts = good.splitlines()
    bad = line.home / "bad.tlog-proof"
    for number in [1, 2, 3, len(parts) - 3, len(parts) - 2, len(parts) - 1]:
        text = parts[number]
        place = len(text) // 2
        swap = {"A": "B", "1": "2"}.get(text[place], "A")
        bad.write_text("\n".join(
            parts[:number] + [text[:place] + swap + text[place + 1:]]
            + parts[number + 1:]) + "\n")
        done = line.province.command("audit", "prove", "--check", bad,
                                     "--key", keys, code=None)
        try:
            read_proof.check(bad.read_text(), read_proof.read_keys(keys))
            expect_equal(number, None, "found by nobody")
        except Exception:
            pass
        # A witness's own line is said to be wrong; the rest is proved.
        expect(done.returncode != 0 or "WRONG" in done.stdout,
               f"line {number} changed: {done.stdout}")


def what_cannot_be_proved(line, office, row):
    """Each in a sentence, with its code."""
    path = line.home / "none.tlog-proof"
    office.command("export", "--proof", "9.1.1", "--output", path, code=3)
    office.command("export", "--proof", "x", "--output", path, code=2)
    office.daemon.stop()
    waiting = office.record("inspection", visit(90101, 2000))
    done = office.command("export", "--proof", waiting, "--output", path,
                          code=1)
    expect("not received" in done.stderr, done.stderr)
    done = office.command("export", "--proof", row["id"], "--output", path,
                          code=1)
    expect("service" in done.stderr, done.stderr)
    expect(not path.exists(), "no file is written")


def rewrite(line, how, index):
    """The province's ledger anew, with the same keys and another past."""
    ledger = line.province.folder / "ledger.mdb"
    made = line.home / "rewritten.mdb"
    for path in line.home.glob("rewritten.mdb*"):
        path.unlink()
    subprocess.run([BUILD / "tests/support/rewrite_ledger", ledger, made, how,
                    str(index)], check=True)
    for path in line.province.folder.glob("ledger.mdb*"):
        path.unlink()
    for path in line.province.folder.glob("figures*"):
        path.unlink()
    made.rename(ledger)
    line.damaged = True  # verify must say so: see the end of the test


def seen(line):
    """Two offices: the first has seen less than the second. Gives them, the
    index of the first one's batch, and the sizes that they keep."""
    first, second = line.office("gso3:901"), line.office("gso3:902")
    for office in (first, second):
        office.start()
    index = entries(line)
    first.record("inspection", visit(90101, 1000))
    line.settle()
    second.record("inspection", visit(90201, 2000))
    line.settle()
    early = witness(line, first)
    first.daemon.stop()
    second.record("inspection", visit(90201, 3000))
    wait_until(second.drained, "the second office to send all")
    late = witness(line, second)
    second.daemon.stop()
    line.province.daemon.stop()
    return first, second, index, early, late


def hand_out(line, office, size):
    """The office's evidence, which the rewritten ledger does not pass."""
    path = line.home / f"kept-{office.number}.txt"
    office.command("export", "--checkpoint", "--output", path)
    expect_equal(path.read_text().splitlines()[1], str(size), "its size")
    for side in ("held", "given"):
        note = path.with_name(f"{path.name}.{side}").read_text()
        expect(note.startswith(line.origin), f"the note {side}")
    rows = verify(line, path, code=1)
    expect_equal(rows["outside"]["result"], "FAIL", "what the office kept")


def a_province_that_rewrites_its_past_is_noticed_by_every_office():
    with Line() as line:
        first, second, index, early, late = seen(line)
        rewrite(line, "swap", index)
        line.province.daemon.start()
        wait_signed(line)  # before anybody has shown it the former one
        for office, size, reason in ((first, early, "no_proof"),
                                     (second, late, "other_root")):
            office.daemon.start()
            wait_until(lambda: office.status()["ledger"] == reason,
                       f"{office.folder.name} to raise the alarm", SECONDS)
            row = office.status()
            expect_equal(row["checkpoint"], size, "what it keeps")
            words = office.words()
            expect("LEDGER ALARM" in words, words)
            expect(str(size) in words.replace(",", ""), words)
            office.command("status", code=1)
            hand_out(line, office, size)
        for office, reason in ((first, "no_proof"), (second, "other_root")):
            wait_until(lambda: line.province.rows("status")[
                office.number - 1]["objection"] == reason,
                "the objection at the province", SECONDS)
            expect_equal(cosigned(line, office), 0, "nothing is cosigned")
        text = line.province.command("status").stdout
        expect("LEDGER ALARM" in text and "two histories" in text, text)
        expect("the office holds" in text, text)
        # Intake goes on, and nothing more is signed.
        signed = last_checkpoint(line)
        first.record("inspection", visit(90101, 4000))
        line.settle()
        expect(entries(line) > signed, "what is new was taken")
        wait_until(lambda: "does not take" in line.province.daemon.log_text(),
                   "the log to say so")
        expect_equal(last_checkpoint(line), signed, "the last checkpoint")
        # The auditor sees it too: the offices' evidence is in the ledger.
        line.province.daemon.stop()
        done = line.province.command("audit", "verify", code=1)
        expect("another root" in done.stdout, done.stdout)


run_tests([offices_cosign_what_goes_on,
           what_an_office_keeps_is_handed_out_without_asking_anybody,
           a_proof_is_one_file_and_needs_no_ledger,
           a_province_that_rewrites_its_past_is_noticed_by_every_office])
