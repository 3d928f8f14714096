#!/usr/bin/python3
"""What goes wrong between an office and its province, and how it is mended:
copied and rolled back machines, events out of scope, values that the province
does not know."""

import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from line import (Line, copy_folder, expect, expect_equal,  # noqa: E402
                  run_tests, visit, wait_until)

VOCABULARY = """vocabulary: 1
values:
  - enumeration: InspectionMode
    value: 10000
    token: on_request
    label: {vi: Theo yêu cầu, en: On request}
"""


def is_frozen(office):
    row = office.status()
    return row["line"] == "position_taken"


def check_told(line, office):
    """In the words of people, at both ends, and by the exit code."""
    expect("recover" in office.words(), office.words())
    expect_equal(office.command("status", code=1).returncode, 1, "code")
    rows = line.province.rows("status", "--agent", office.number)
    expect("position_taken" in str(rows[0]["alarms"]),
           f"an alarm at the province: {rows[0]}")


def recover(office):
    """First it only shows what was not received, and gives that."""
    office.daemon.stop()
    shown = office.command("recover", code=1)
    done = office.command("recover", "--yes")
    office.daemon.start()
    return shown.stdout + done.stdout


def a_copied_office_freezes_and_recovers():
    """Two machines go on from one past: what both recorded counts once."""
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        office.record("inspection", visit(90101, 1))
        line.settle()
        office.daemon.stop()
        copy = line.office("gso3:901", folder="copy")
        copy.number = office.number
        copy_folder(office.folder, copy.folder)
        office.record("inspection", visit(90101, 10))
        copy.record("inspection", visit(90101, 100))
        copy.record("inspection", visit(90102, 1000))
        office.daemon.start()
        wait_until(office.drained, "the first machine to send")
        office.daemon.stop()
        copy.daemon.start()
        wait_until(lambda: is_frozen(copy), "the copy to freeze")
        check_told(line, copy)
        expect_equal(line.province.figures()["fines"], 11, "before recovery")
        words = recover(copy)
        expect("1.1.2" in words and "1.1.3" in words,
               f"what was not received is shown: {words}")
        wait_until(copy.drained, "the copy to send")
        expect_equal(line.province.figures(),
                     {"visits": 4, "fines": 1111, "inspected": 1,
                      "communes": 2}, "after recovery")
        expect_equal(copy.status()["epoch"], 2, "epoch")
        copy.record("inspection", visit(90102, 10000))
        wait_until(copy.drained, "what comes after it")
        expect_equal(line.province.figures()["fines"], 11111, "fines")


def what_was_saved_before_the_copy_counts_once():
    """I3. Both machines send what was saved while the line was down, each in
    a batch of its own with what came after."""
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        office.daemon.stop()
        office.record("inspection", visit(90101, 1))
        office.record("inspection", visit(90101, 10))
        copy = line.office("gso3:901", folder="copy")
        copy.number = office.number
        copy_folder(office.folder, copy.folder)
        office.record("inspection", visit(90101, 100))
        copy.record("inspection", visit(90102, 1000))
        office.daemon.start()
        wait_until(office.drained, "the first machine to send")
        office.daemon.stop()
        copy.daemon.start()
        wait_until(lambda: is_frozen(copy), "the copy to freeze")
        words = recover(copy)
        expect("1.1.3" in words and "1.1.2" not in words,
               f"only what the province does not have is shown: {words}")
        wait_until(copy.drained, "the copy to send")
        expect_equal(line.province.figures(),
                     {"visits": 4, "fines": 1111, "inspected": 1,
                      "communes": 2}, "figures")


def what_two_copies_recover_counts_once():
    """I3. Two copies of a machine that stands still hold the same event, and
    both are made well."""
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        office.daemon.stop()
        others = []
        for name in ("one", "two"):
            other = line.office("gso3:901", folder=name)
            other.number = office.number
            others.append(other)
        copy_folder(office.folder, others[0].folder)
        office.record("inspection", visit(90101, 1))
        others[0].record("inspection", visit(90101, 10))
        copy_folder(others[0].folder, others[1].folder)
        office.daemon.start()
        wait_until(office.drained, "the first machine to send")
        office.daemon.stop()
        for other in others:
            other.daemon.start()
            wait_until(lambda: is_frozen(other), "the copy to freeze")
            words = recover(other)
            expect_equal("another machine" in words, other is others[1],
                         "the second one is told of the first")
            wait_until(other.drained, "the copy to send")
            other.daemon.stop()
        figures = line.province.figures()
        expect_equal((figures["visits"], figures["fines"]), (2, 11), "figures")
        expect_equal(line.province.outcomes()["duplicate_entry"], 1,
                     "the second copy's is known to be the same")


def two_machines_at_once_count_each_event_once():
    """A copy runs beside its original, under one key, and both record. At
    most one of them goes on in the old epoch; what the others recover counts
    once."""
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        office.record("inspection", visit(90101, 1))
        line.settle()
        office.daemon.stop()
        copy = line.office("gso3:901", folder="copy")
        copy.number = office.number
        copy_folder(office.folder, copy.folder)
        office.daemon.start()
        copy.daemon.start()
        total = 1
        for digit in range(1, 5):
            for machine, part in ((office, 10), (copy, 20)):
                fine = part * 100 ** digit
                machine.record("inspection", visit(90101, fine))
                total += fine
        for machine in (office, copy):
            wait_until(lambda: machine.drained() or is_frozen(machine),
                       "the machine to send, or to freeze")
        expect(is_frozen(office) or is_frozen(copy), "one of them stands")
        for machine in (office, copy):
            if is_frozen(machine):
                recover(machine)
            wait_until(machine.drained, "the machine to send all it has")
        expect_equal(line.province.figures(),
                     {"visits": 9, "fines": total, "inspected": 1,
                      "communes": 1}, "figures")


def a_rolled_back_office_freezes_and_recovers():
    """The disk is put back to an older image; numbers are used twice."""
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        office.record("inspection", visit(90101, 1))
        line.settle()
        office.daemon.stop()
        image = line.home / "image"
        copy_folder(office.folder, image)
        office.daemon.start()
        office.record("inspection", visit(90101, 10))
        office.record("inspection", visit(90101, 100))
        line.settle()
        office.daemon.stop()
        shutil.rmtree(office.folder)
        image.rename(office.folder)
        office.record("inspection", visit(90102, 1000))
        office.daemon.start()
        wait_until(lambda: is_frozen(office), "the office to freeze")
        check_told(line, office)
        recover(office)
        line.settle()
        expect_equal(line.province.figures(),
                     {"visits": 4, "fines": 1111, "inspected": 1,
                      "communes": 2}, "after recovery")


def states(office):
    return [row["state"] for row in office.outbox()]


def an_event_out_of_scope_is_cured_by_its_enrolment():
    """It is received, not counted, told with the reason, and counted when the
    province amends what the office may write for."""
    pair = "gso3:901:district_labour_office"
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        office.daemon.stop()
        office.record("inspection", visit(90101, 5, day="2018-03-05"))
        line.province.command("enrol", "--agent", office.number, "--pair",
                              pair, "--from", "2018-06-01")
        office.daemon.start()
        wait_until(lambda: states(office) == ["to_mend"], "the outcome")
        expect(office.outbox()[0]["note"], "a note that says why")
        expect_equal(line.province.figures()["visits"], 0, "visits")
        expect_equal(line.province.outcomes(), {"counted": 0,
                                                "out_of_scope": 1},
                     "outcomes")
        line.province.command("enrol", "--agent", office.number, "--pair",
                              pair, "--from", "2018-01-01")
        wait_until(lambda: states(office) == ["received"], "the cure")
        expect_equal(line.province.figures()["visits"], 1, "visits")


def a_value_counts_once_it_is_declared():
    """I10. The province is put back to a copy from before it declared a
    value that an office has used."""
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        office.daemon.stop()
        line.province.daemon.stop()
        copy = line.home / "copy"
        copy_folder(line.province.folder, copy)
        line.province.daemon.start()
        folder = line.home / "declared"
        copy_folder(line.files, folder)
        (folder / "vocabulary.yaml").write_text(VOCABULARY)
        line.province.command("plan", "load", folder)
        office.daemon.start()
        event = visit(90101, 7)
        event["mode"] = "on_request"
        words = [f"{key}={value}" for key, value in event.items()]
        wait_until(lambda: office.command(
            "record", "inspection", "--dry-run", *words, code=None).returncode
            == 0, "the word to come down")
        office.daemon.stop()
        office.record("inspection", event)
        line.province.daemon.stop()
        shutil.rmtree(line.province.folder)
        copy.rename(line.province.folder)
        line.province.daemon.start()
        office.daemon.start()
        wait_until(lambda: states(office) == ["to_mend"], "the outcome")
        expect_equal(line.province.outcomes(),
                     {"counted": 0, "unknown_value": 1}, "outcomes")
        expect_equal(line.province.figures()["visits"], 0, "visits")
        line.province.command("plan", "load", folder)
        wait_until(lambda: states(office) == ["received"], "the cure")
        expect_equal(line.province.figures()["visits"], 1, "visits")


run_tests([a_copied_office_freezes_and_recovers,
           what_was_saved_before_the_copy_counts_once,
           what_two_copies_recover_counts_once,
           two_machines_at_once_count_each_event_once,
           a_rolled_back_office_freezes_and_recovers,
           an_event_out_of_scope_is_cured_by_its_enrolment,
           a_value_counts_once_it_is_declared])
