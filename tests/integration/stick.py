"""Batches on a stick, where no link is: `export --usb` and `import-spool`, in
every mixture with the line. Nothing is lost, nothing is counted twice, and
nothing that was tampered with is taken."""

import json
import shutil
import struct
import sys
from pathlib import Path

import lmdb
import nacl.public
import nacl.signing

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

import python_agent as wire  # noqa: E402
from line import (LABOUR_OFFICE, Line, copy_folder, expect, expect_equal,  # noqa: E402
                  run_tests, visit, wait_until)


class Stick:
    """A folder that is carried to and fro."""

    def __init__(self, line, name="stick"):
        self.line = line
        self.folder = line.home / name
        self.folder.mkdir()

    def up(self, office):
        return self.folder / f"tallyline-{office.number}.up"

    def down(self, office):
        return self.folder / f"tallyline-{office.number}.down"

    def leave(self, office, code=0):
        return office.command("export", "--usb", self.folder, code=code)

    def arrive(self, code=0):
        done = self.line.province.command(
            "import-spool", self.folder, "--format", "jsonl", code=code)
        self.said = done.stderr
        return [json.loads(text) for text in done.stdout.splitlines()]

    def round(self, office):
        self.leave(office)
        self.arrive()
        self.leave(office)


def counted(line):
    return line.province.outcomes().get("counted", 0)


def prepared(line, unit="gso3:901"):
    """An office that has the province's lists, and whose line is then cut."""
    office = line.office(unit)
    office.start()
    office.daemon.stop()
    return office


def receipts_and_documents_come_back():
    with Line() as line:
        office, stick = prepared(line), Stick(line)
        for fine in range(1, 6):
            office.record("inspection", visit(90101, fine * 1000))
        stick.leave(office)
        expect_equal(office.count("received"), 0, "received before it arrived")
        row, = stick.arrive()
        expect_equal((row["agent"], row["events"], row["refused"]),
                     (office.number, 5, 0), "what arrived")
        wait_until(lambda: counted(line) == 5, "five to be counted")
        expect_equal(office.count("received"), 0, "received before it came back")
        stick.leave(office)
        expect_equal(office.count("received"), 5, "received")
        states = {row["state"] for row in office.outbox()}
        expect_equal(states, {"received"}, "states of the outbox")
        row, = stick.arrive()
        expect_equal((row["events"], row["known"]), (0, 0), "the second time")


def documents_and_outcomes_come_by_stick():
    """The province changes what the office may write for, and changes it back:
    both come down by the stick, and so does what became of its events."""
    with Line() as line:
        office, stick = prepared(line), Stick(line)
        pair = f"gso3:901:{LABOUR_OFFICE}"

        def enrol(since):
            line.province.command("enrol", "--agent", office.number, "--pair",
                                  pair, "--from", since)

        def states():
            return [row["state"] for row in office.outbox()]

        office.record("inspection", visit(90101, 1000))
        enrol("2018-06-01")
        stick.round(office)  # the receipt ...
        expect_equal(line.province.outcomes(), {"counted": 0,
                                                "out_of_scope": 1},
                     "what the province makes of it")
        expect_equal(states(), ["to_mend"], "... and the outcome behind it")
        office.record("inspection", visit(90101, 2000), code=65)
        enrol("2018-01-01")
        stick.round(office)
        expect_equal(states(), ["received"], "the cure")
        expect(office.record("inspection", visit(90101, 2000)), "the second")
        stick.round(office)
        expect_equal(line.province.figures()["visits"], 2, "visits")


def either_may_come_first_and_both_may_come():
    with Line() as line:
        office, stick = prepared(line), Stick(line)
        late = Stick(line, "late")
        office.record("inspection", visit(90101, 1000))
        stick.leave(office)
        office.record("inspection", visit(90101, 2000))
        late.leave(office)
        office.daemon.start()
        wait_until(office.drained, "the line to bring both")
        for row in stick.arrive() + late.arrive():
            expect_equal((row["events"], row["refused"]), (0, 0),
                         "what the line had brought")
        late.leave(office)
        stick.leave(office)  # the older one, behind the newer one
        office.record("inspection", visit(90101, 3000))
        stick.round(office)
        wait_until(lambda: counted(line) == 3, "three to be counted, once")
        expect_equal(office.count("received"), 3, "received")


def a_stick_that_was_lost_is_made_up_for_by_the_next():
    with Line() as line:
        office = prepared(line)
        lost, second = Stick(line, "lost"), Stick(line, "second")
        office.record("inspection", visit(90101, 1000))
        lost.leave(office)
        shutil.copytree(lost.folder, line.home / "found")
        shutil.rmtree(lost.folder)
        office.record("inspection", visit(90101, 2000))
        second.round(office)
        wait_until(lambda: counted(line) == 2, "both to be counted")
        found = Stick.__new__(Stick)
        found.line, found.folder = line, line.home / "found"
        row, = found.arrive()
        expect_equal((row["events"], row["known"]), (0, 1), "what was found")
        expect_equal(office.count("received"), 2, "received")


def several_offices_on_one_stick():
    with Line() as line:
        stick = Stick(line)
        offices = [prepared(line, unit) for unit in ("gso3:901", "gso3:902")]
        for office, commune in zip(offices, (90101, 90201)):
            office.record("inspection", visit(commune, 1000))
            stick.leave(office)
        expect_equal([row["events"] for row in stick.arrive()], [1, 1],
                     "events of each")
        for office in offices:
            stick.leave(office)
            expect_equal(office.count("received"), 1, "received")


def nothing_that_is_not_whole_or_not_ours_is_taken():
    with Line() as line, Line(origin="other.example/ledger") as other:
        office, stick = prepared(line), Stick(line)
        foreign = prepared(other)
        office.record("inspection", visit(90101, 1000))
        stick.leave(office)
        whole = stick.up(office).read_bytes()
        bad = [whole[:-1], whole[:len(whole) // 2], whole + b"x", b"", b"TLS1",
               whole[:5] + b"\x02" + whole[6:],
               whole[:40] + bytes([whole[40] ^ 1]) + whole[41:],
               whole[:-70] + bytes([whole[-70] ^ 1]) + whole[-69:]]
        for number, text in enumerate(bad):
            stick.up(office).write_bytes(text)
            rows = stick.arrive(code=None)
            expect(not any(row["events"] for row in rows), f"bad {number}")
            expect(str(stick.up(office)) in stick.said, f"bad {number}: where")
        stick.up(office).write_bytes(whole[:4] + b"\x09" + whole[5:])
        expect(not stick.arrive(code=None), "of a later version")
        expect("another version" in stick.said, stick.said)
        foreign.record("inspection", visit(90101, 5000))
        foreign.command("export", "--usb", line.home / "stick")
        rows = stick.arrive(code=1)
        expect(not any(row["events"] for row in rows), "another province's")
        expect("not the file of an agent" in stick.said, stick.said)
        stick.up(office).write_bytes(whole)
        row, = stick.arrive()
        expect_equal(row["events"], 1, "the whole one")
        answer = stick.down(office).read_bytes()
        for number, text in enumerate([answer[:-1], answer + b"x",
                                       answer[:50] + bytes([answer[50] ^ 1])
                                       + answer[51:], whole]):
            stick.down(office).write_bytes(text)
            done = stick.leave(office, code=None)
            expect(done.returncode != 0, f"bad answer {number}")
            expect_equal(office.count("received"), 0, f"after {number}")
        stick.down(office).write_bytes(answer)
        stick.leave(office)
        expect_equal(office.count("received"), 1, "received")


HEAD_BYTES, SIGNATURE_BYTES = 36, 64


def signed_anew(text):
    """The file under a key that nobody knows; as docs/PROTOCOL.md says."""
    hashed, at = bytes(32), HEAD_BYTES
    while size := struct.unpack_from(">I", text, at)[0]:
        hashed = wire.sha256(hashed + wire.sha256(text[at + 4:at + 4 + size]))
        at += 4 + size
    return text[:-SIGNATURE_BYTES] + wire.signed(
        nacl.signing.SigningKey.generate(), "tallyline stick 1",
        text[:HEAD_BYTES] + hashed)


def public_key(office):
    """As anybody may know it."""
    secret = bytes.fromhex(
        (office.folder / "keys" / "curve.key").read_text().strip())
    return nacl.public.PrivateKey(secret[:32]).public_key


def i8_what_strangers_write_is_not_believed():
    with Line() as line:
        office, stick = prepared(line), Stick(line)
        office.record("inspection", visit(90101, 1000))
        stick.leave(office)
        whole = stick.up(office).read_bytes()
        stick.up(office).write_bytes(signed_anew(whole))
        rows = stick.arrive(code=1)
        expect(not rows, f"of a stranger's file: {rows}")
        expect("not the file of an agent" in stick.said, stick.said)
        expect(not stick.down(office).exists(), "an answer to a stranger")
        stick.up(office).write_bytes(whole)
        row, = stick.arrive()
        expect_equal(row["events"], 1, "the office's own")
        # For this office, in the right form, but not of its province.
        frame = wire.uplink_pb2.Down(refusal=wire.uplink_pb2.Refusal(
            code=wire.REVOKED)).SerializeToString()
        sealed = nacl.public.SealedBox(public_key(office)).encrypt(
            struct.pack(">I", len(frame)) + frame)
        answer = stick.down(office).read_bytes()
        stick.down(office).write_bytes(signed_anew(
            answer[:HEAD_BYTES] + struct.pack(">I", len(sealed)) + sealed
            + bytes(4 + SIGNATURE_BYTES)))
        done = stick.leave(office, code=1)
        expect("not the province's" in done.stderr, done.stderr)
        expect("revoked" not in done.stderr, done.stderr)
        stick.down(office).write_bytes(answer)
        stick.leave(office)
        expect_equal(office.count("received"), 1, "received")


def an_old_stick_sets_no_document_back():
    with Line() as line:
        office, stick = prepared(line), Stick(line)
        pair = f"gso3:901:{LABOUR_OFFICE}"
        stick.leave(office)
        line.province.command("enrol", "--agent", office.number, "--pair",
                              pair, "--from", "2018-06-01")
        stick.arrive()
        old = stick.down(office).read_bytes()
        line.province.command("enrol", "--agent", office.number, "--pair",
                              pair, "--from", "2018-01-01")
        stick.arrive()
        stick.leave(office)
        expect(office.record("inspection", visit(90101, 1000)), "now it may")
        stick.down(office).write_bytes(old)
        done = stick.leave(office)
        expect("passed over" in done.stdout, done.stdout)
        expect(office.record("inspection", visit(90101, 2000)), "still it may")


def receipts_of(office):
    """Where in the ledger each event stands, by the office's receipts."""
    return {row["id"]: row["entry"] for row in office.outbox()}


def mirror_of(office):
    """Places of the control entries that the office keeps."""
    with lmdb.open(str(office.folder / "spool.mdb"), subdir=False, max_dbs=64,
                   readonly=True) as store:
        table = store.open_db(b"controls", create=False)
        with store.begin(table) as txn:
            return [int.from_bytes(key, "big") for key, _ in txn.cursor()]


def a_province_that_lost_its_newest_entries_gets_them_by_the_next_stick():
    """No line at all: what was received and is lost is brought once more, and
    the sticks of before, which lie about, take the place of nothing."""
    with Line() as line:
        office, stick = prepared(line), Stick(line)
        other = prepared(line, "gso3:902")
        province = line.province
        office.record("inspection", visit(90101, 1000))
        stick.round(office)
        province.daemon.stop()
        copy_folder(province.folder, line.home / "older")
        province.daemon.start()
        before = mirror_of(office)
        for fine in (2000, 3000):
            province.command("enrol", "--agent", office.number, "--pair",
                             f"gso3:901:{LABOUR_OFFICE}", "--from",
                             f"2018-02-{fine // 1000:02}")
            office.record("inspection", visit(90101, fine))
            stick.leave(office)
            stick.arrive()
            of_before = stick.down(office).read_bytes()
            if fine == 2000:  # the other is lost on its way back
                stick.leave(office)
        stick.down(office).unlink()
        expect(len(mirror_of(office)) > len(before), "a lost order was here")
        expect_equal(office.count("received"), 2, "received, then lost")
        province.daemon.stop()
        shutil.rmtree(province.folder)
        copy_folder(line.home / "older", province.folder)
        province.daemon.start()
        # The lost numbers go to somebody else.
        other.record("inspection", visit(90201, 1000))
        Stick(line, "other").round(other)
        office.record("inspection", visit(90101, 4000))
        stick.leave(office)
        row, = stick.arrive(code=1)
        expect_equal((row["events"], row["refusal"]), (0, "gap"),
                     "the newest alone")
        done = stick.leave(office)
        expect("once more" in done.stdout, done.stdout)
        expect("2 batches" not in done.stdout, done.stdout)
        row, = stick.arrive()
        expect_equal((row["events"], row["refused"]), (3, 0), "all of them")
        stick.leave(office)
        expect_equal(office.count("received"), 4, "received")
        wait_until(lambda: counted(line) == 5, "each to be counted, once")
        places, mirror = receipts_of(office), mirror_of(office)
        stick.down(office).write_bytes(of_before)
        done = stick.leave(office)
        expect("0 batches" in done.stdout, done.stdout)
        expect_equal(receipts_of(office), places, "behind the old stick")
        expect_equal(mirror_of(office), mirror, "orders behind the old stick")
        row, = stick.arrive()
        expect_equal((row["events"], row["refused"]), (0, 0), "nothing more")


def a_clone_is_noticed_on_a_stick_too():
    with Line() as line:
        office, stick = prepared(line), Stick(line)
        copy = line.home / "copy"
        copy_folder(office.folder, copy)
        office.record("inspection", visit(90101, 1000))
        stick.round(office)
        shutil.rmtree(office.folder)
        copy_folder(copy, office.folder)
        office.record("inspection", visit(90101, 2000))
        stick.down(office).unlink()
        stick.leave(office)
        row, = stick.arrive(code=1)
        expect_equal((row["events"], row["refusal"]), (0, "position_taken"),
                     "what the clone brought")
        done = stick.leave(office, code=1)
        expect("recover" in done.stderr or "another" in done.stderr,
               done.stderr)
        line.province.daemon.stop()
        line.province.daemon.start()


def a_revoked_office_brings_nothing():
    with Line() as line:
        office, stick = prepared(line), Stick(line)
        office.record("inspection", visit(90101, 1000))
        stick.leave(office)
        line.province.command("revoke", office.number)
        row, = stick.arrive(code=1)
        expect_equal((row["events"], row["refusal"]), (0, "revoked"),
                     "what it brought")
        done = stick.leave(office, code=1)
        expect("New documents of the province: 0" in done.stdout, done.stdout)
        done = stick.leave(office, code=1)
        expect("revoked" in done.stderr, done.stderr)


def a_collector_that_does_not_run_is_told():
    with Line() as line:
        office, stick = prepared(line), Stick(line)
        office.record("inspection", visit(90101, 1000))
        stick.leave(office)
        line.province.daemon.stop()
        stick.arrive(code=None)
        expect("must be running" in stick.said, stick.said)
        expect(not stick.down(office).exists(), "an answer of nobody")
        line.province.daemon.start()
        empty = Stick(line, "empty")
        empty.arrive(code=66)


run_tests([receipts_and_documents_come_back,
           documents_and_outcomes_come_by_stick,
           either_may_come_first_and_both_may_come,
           a_stick_that_was_lost_is_made_up_for_by_the_next,
           several_offices_on_one_stick,
           nothing_that_is_not_whole_or_not_ours_is_taken,
           i8_what_strangers_write_is_not_believed,
           an_old_stick_sets_no_document_back,
           a_province_that_lost_its_newest_entries_gets_them_by_the_next_stick,
           a_clone_is_noticed_on_a_stick_too,
           a_revoked_office_brings_nothing,
           a_collector_that_does_not_run_is_told])
