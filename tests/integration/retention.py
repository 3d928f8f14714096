#!/usr/bin/python3
"""Erasure by order and cold files, with the real programs.

    tests/integration/retention.py [TEST...]
"""

import hashlib
import shutil
import struct
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from false_clock import FalseClock  # noqa: E402
from line import (Line, expect, expect_equal, run_command,  # noqa: E402
                  run_tests, visit, wait_until)

NUMBER = 987654  # of a document: goes with the batch
WHOLE = "the ledger is whole again"
EVENTS = 400  # most of them make a batch of their own
LEAST = 256  # batches that make a cold file
READ_TILES = Path(__file__).resolve().parents[1] / "audit" / "read_tiles.py"

def varint(number):
    out = bytearray()
    while number > 0x7f:
        out.append(number & 0x7f | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


# The field of the document's number, with its tag, as it stands in an event.
DOCUMENT = bytes([9 << 3]) + varint(NUMBER)


def holds(path):
    return DOCUMENT in path.read_bytes()


def index_of(line, identity):
    """The entry of the batch that holds the event."""
    office = line.offices[0]
    for row in office.outbox():
        if row["id"] == identity:
            break
    out = line.province.command("audit", "show", identity).stdout
    for text in out.splitlines():
        for word in text.replace(":", " ").split():
            if word.isdigit() and "entry" in text.lower():
                return int(word)
    raise AssertionError(out)


def three_batches(line):
    """An office with three events, each received in a batch of its own; the
    second one names a document."""
    office = line.office("gso3:901")
    office.start()
    identities = []
    for turn in range(3):
        more = {"document": f"{NUMBER}/QD-UBND"} if turn == 1 else {}
        identities.append(office.record(
            "inspection", visit(90101, 1000 + turn, f"@so-{turn}", **more)))
        line.settle()
    return office, identities


def erased_everywhere():
    """The order takes the bytes from the ledger beside a running collector,
    from the office, and leaves the figures."""
    with Line() as line:
        office, identities = three_batches(line)
        figures = line.province.figures()
        index = index_of(line, identities[1])
        ledger = line.province.folder / "ledger.mdb"
        spool = office.folder / "spool.mdb"
        expect(holds(ledger) and holds(spool), "the document in both files")
        # Nothing is done without the number being typed again.
        done = line.province.command("audit", "erase", str(index), "--order",
                                     "12/2026", code=1)
        expect("nothing is erased" in done.stderr, done.stderr)
        expect(holds(ledger), "nothing erased yet")
        done = line.province.command("audit", "erase", str(index), "--order",
                                     "12/2026", "--yes")
        expect("1 events count as before" in done.stderr, done.stderr)
        again = line.province.command("audit", "erase", str(index), "--order",
                                      "12/2026", "--yes", code=1)
        expect("erased by order before" in again.stderr, again.stderr)
        wait_until(lambda: not holds(spool), "the office to erase it")
        line.province.daemon.stop()
        line.province.daemon.start()
        office.daemon.stop()
        office.daemon.start()
        expect(not holds(ledger), "the ledger's file holds it no more")
        expect(not holds(spool), "the office's file holds it no more")
        expect_equal(line.province.figures(), figures, "figures")
        marked = {row["indicator"]: row["erased"]
                  for row in line.province.rows("indicators")}
        expect_equal((marked["visits"], marked["inspected"]), (0, 1), "marks")
        # What was known before the order is read from what it left, too.
        then = line.province.rows("indicators", "--as-of", str(index + 2))
        expect_equal({row["indicator"]: row["value"] for row in then},
                     figures, "figures before the order")
        expect_equal([row["erased"] for row in then
                      if row["indicator"] == "inspected"], [1], "marked too")
        # The line goes on, and a correction of the erased event holds.
        office.record("inspection", visit(90101, 77))
        line.settle()
        expect_equal(line.province.figures()["visits"], 4, "visits")
        expect_equal(len(office.outbox()), 4, "events at the office")
        done = line.province.command("audit", "verify", code=None)
        expect("erased by order" in done.stdout,
               f"verify says so: {done.stdout}{done.stderr}")
        expect_equal(done.returncode, 0, done.stdout + done.stderr)


def erased_from_a_backup():
    """A backup that is older than the order takes it from the ledger."""
    with Line() as line:
        office, identities = three_batches(line)
        index = index_of(line, identities[1])
        copy = Path(line.province.command("backup", line.home / "copies")
                    .stdout.strip())
        expect(holds(copy / "ledger.mdb"), "the document in the backup")
        line.province.daemon.stop()
        line.province.command("audit", "erase", str(index), "--order",
                              "12/2026", "--yes")
        expect(not holds(line.province.folder / "ledger.mdb"), "the ledger")
        done = line.province.command("audit", "erase", "--data", copy)
        expect("1 batches" in done.stderr, done.stderr)
        expect(not holds(copy / "ledger.mdb"), "the backup")
        done = run_command("tallyline-collector", line.province.folder,
                           ["audit", "verify", "--data", copy], None)
        expect("erased by order" in done.stdout,
               f"verify of the copy: {done.stdout}{done.stderr}")
        # A backup that is made now has nothing of it from the first.
        line.province.daemon.start()
        after = Path(line.province.command("backup", line.home / "later")
                     .stdout.strip())
        expect(not holds(after / "ledger.mdb"), "a later backup")


def a_frozen_report_says_what_it_lost():
    """A report that was frozen before counted one thing in two batches. After
    one of them is erased nobody can make it again, which is no failure."""
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        identities = []
        for turn in range(2):
            identities.append(office.record(
                "inspection", visit(90101, 1000 + turn, "@so-1")))
            line.settle()
        report = ("--period", "2018-H1", "--regime", "nd09_2019")
        line.province.command("report", "freeze", *report)
        index = index_of(line, identities[1])
        line.province.command("audit", "verify")
        line.province.command("audit", "erase", str(index), "--order",
                              "12/2026", "--yes")
        expect_equal(line.province.figures()["inspected"], 2,
                     "the thing counts twice, and is marked")
        rows = line.province.rows("audit", "verify")
        reports = [row for row in rows if row.get("part") == "reports"]
        expect(reports and "erased" in str(reports[0]),
               f"the report: {reports or rows}")
        done = line.province.command("report", "print", *report, "--format",
                                     "csv")
        expect("erased by order" in done.stderr, done.stderr)


def give_back(line, command):
    """The province comes up again and gets its ledger from the office."""
    daemon = line.province.daemon
    before = daemon.log_text().count(WHOLE)
    line.province.command(*command)
    daemon.start()
    wait_until(lambda: daemon.log_text().count(WHOLE) > before,
               "a whole ledger", 60)


def erased_stays_erased_when_the_ledger_is_lost():
    """A backup from before the order is put back, then nothing is left but
    the keys: in both cases order and erasure come back from the office."""
    with Line() as line:
        office, identities = three_batches(line)
        province = line.province
        figures = province.figures()
        index = index_of(line, identities[1])
        copy = Path(province.command("backup", line.home / "copies")
                    .stdout.strip())
        province.command("audit", "erase", str(index), "--order", "12/2026",
                         "--yes")
        wait_until(lambda: not holds(office.folder / "spool.mdb"),
                   "the office to erase it")
        ledger = province.folder / "ledger.mdb"
        kept = line.home / "kept"
        for way in ("backup", "nothing"):
            province.daemon.kill()
            if way == "backup":
                (province.folder / "figures.state").unlink(missing_ok=True)
                shutil.copyfile(copy / "ledger.mdb", ledger)
                expect(holds(ledger), "the old backup still has it")
                give_back(line, ["init", "--recover"])
            else:
                shutil.copytree(province.folder / "keys", kept)
                shutil.rmtree(province.folder)
                give_back(line, ["init", "--recover", "--keys", kept,
                                 "--listen", province.address, "--web", "off"])
            line.settle()
            wait_until(lambda: province.figures() == figures, "figures")
            province.daemon.stop()
            province.daemon.start()
            expect(not holds(ledger), f"{way}: erased again")
            done = province.command("audit", "verify")
            expect("erased by order" in done.stdout, done.stdout)


def cold_by_the_rule():
    """Old batches leave the store by the rule of the configuration; figures,
    audit and backups read through; a missing file is named, and figures are
    known again when it is back."""
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        for turn in range(EVENTS):
            office.record("inspection", visit(90101, 1000 + turn, "@so-1"))
        line.settle()
        province = line.province
        figures = province.figures()
        office.daemon.stop()
        province.daemon.stop()
        clock = FalseClock(line.home / "clock")
        clock.jump(days=3)
        province.more.update(clock.environment())
        elsewhere = line.home / "elsewhere"
        province.configure(cold_after_days=2, cold_dir=elsewhere)
        province.daemon.start()
        file = province.folder / "cold" / "00000001.cold"
        wait_until(file.exists, "a cold file")
        expect((elsewhere / file.name).exists(), "it lies in cold_dir")
        wait_until(lambda: "moved to a cold file" in
                   province.daemon.log_text(), "the move")
        province.daemon.stop()
        count = struct.unpack(">I", file.read_bytes()[12:16])[0]
        expect(count >= LEAST, f"{count} batches in it")
        expect_equal(province.figures(), figures, "figures")
        done = province.command("audit", "verify")
        expect("FAIL" not in done.stdout, done.stdout)
        head = file.read_bytes()[:48 + 52 * count]
        shown = province.command("audit", "log", "--controls",
                                 "--format", "jsonl").stdout
        expect(hashlib.sha256(head).hexdigest() in shown,
               f"the entry names the hash of the table: {shown[-600:]}")
        copy = Path(province.command("backup", line.home / "copies")
                    .stdout.strip())
        expect_equal((copy / "cold" / file.name).read_bytes(),
                     file.read_bytes(), "in the backup")
        # Without the file nobody says a figure, and the file is named.
        aside = line.home / "aside"
        (elsewhere / file.name).rename(aside)
        (province.folder / "figures.state").unlink(missing_ok=True)
        done = province.command("indicators", code=66)
        expect("file=1" in done.stderr and not done.stdout.strip(),
               f"{done.stdout} {done.stderr}")
        done = province.command("status", code=66)
        expect("A COLD FILE IS MISSING" in done.stderr and
               f"cold/{file.name}: 0-" in done.stderr, done.stderr)
        province.daemon.start()
        office.daemon.start()
        office.record("inspection", visit(90101, 5, "@so-1"))
        line.settle()
        aside.rename(elsewhere / file.name)
        wait_until(lambda: province.figures()["visits"] == EVENTS + 1,
                   "figures with the file")
        line.settle()
        cold_files_outlive_their_ledger(line, elsewhere / file.name, copy)


def batches_of(file):
    """Index and bytes of each batch in a cold file."""
    data = file.read_bytes()
    for i in range(struct.unpack(">I", data[12:16])[0]):
        row = data[48 + 52 * i:100 + 52 * i]
        index, at, size = struct.unpack(">Q32xQI", row)
        yield index, data[at:at + size]


def holders(batch, *folders):
    """Files that hold the batch's signature, which nothing else holds."""
    return [path for folder in folders for path in folder.rglob("*")
            if path.is_file() and batch[-64:] in path.read_bytes()]


def cold_files_outlive_their_ledger(line, file, before):
    """All is lost but the keys and the folder of the cold files. The ledger
    comes back with all bytes; the file is its own again without any rule; it
    passes, is backed up, and what is erased is in no cold file and no copy."""
    province = line.province
    moved = list(batches_of(file))
    index, batch = moved[len(moved) // 2]
    figures = province.figures()
    kept = line.home / "kept-keys"
    province.daemon.kill()
    shutil.copytree(province.folder / "keys", kept)
    (province.folder / "cold").unlink()
    shutil.rmtree(province.folder)
    province.command("init", "--recover", "--keys", kept, "--listen",
                     province.address)
    province.configure(cold_dir=file.parent)
    daemon = province.daemon
    seen = len(daemon.log_text())
    daemon.start()
    wait_until(lambda: WHOLE in daemon.log_text()[seen:], "a ledger", 60)
    wait_until(lambda: "is tied to its batches again" in
               daemon.log_text()[seen:], "the file to be tied")
    line.settle()
    wait_until(lambda: province.figures() == figures, "figures")
    done = province.command("audit", "verify")
    expect("FAIL" not in done.stdout, done.stdout)
    after = Path(province.command("backup", line.home / "after")
                 .stdout.strip())
    expect(len(holders(batch, after)) == 1, "the batch in the backup")
    expect(holders(batch, file.parent), "the batch in the cold file")
    # Entries and tree never move: the export is of all of them.
    tiles = line.home / "tiles"
    wait_until(lambda: province.command(
        "audit", "export", "--tiles", "--output", tiles, code=None)
        .returncode == 0, "a signed checkpoint")
    read = subprocess.run([READ_TILES, tiles, str(index)],
                          capture_output=True, text=True, check=False)
    expect_equal(read.returncode, 0, read.stdout + read.stderr)
    size = int((tiles / "checkpoint").read_text().splitlines()[1])
    expect(size > len(moved), f"{size} entries exported")
    province.command("audit", "erase", str(index), "--order", "12/2026",
                     "--yes")
    expect(not holders(batch, file.parent), "no byte in a cold file")
    daemon.stop()
    daemon.start()
    expect_equal(holders(batch, province.folder, file.parent), [],
                 "files of the province with the batch")
    done = province.command("audit", "verify")
    expect("erased by order" in done.stdout and "FAIL" not in done.stdout,
           done.stdout)
    last = Path(province.command("backup", line.home / "last")
                .stdout.strip())
    for copy in (before, after):
        province.command("audit", "erase", "--data", copy)
        done = run_command("tallyline-collector", province.folder,
                           ["audit", "verify", "--data", copy], None)
        expect("FAIL" not in done.stdout, done.stdout)
    expect_equal(holders(batch, before, after, last), [],
                 "files of backups with the batch")
    wait_until(lambda: province.figures()["visits"] == figures["visits"],
               "figures after the erasure")


run_tests([erased_everywhere, erased_from_a_backup,
           a_frozen_report_says_what_it_lost,
           erased_stays_erased_when_the_ledger_is_lost, cold_by_the_rule])
