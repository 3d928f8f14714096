#!/usr/bin/python3
"""The line from an office's entry to a counted event, with both programs as
real processes: join, record, import, received, counted."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from line import (Line, expect, expect_equal, run_tests, visit,  # noqa: E402
                  wait_until)

# A live event is received well within this time; a timer would be slower.
LIVE_SECONDS = 2


def from_entry_to_figure():
    """One office, in one go: every step of the way shows the event."""
    with Line() as line:
        office = line.office("gso3:901")
        expect_equal(office.number, 1, "number of the first agent")
        office.start()
        identity = office.record("inspection", visit(90101, 1000000))
        expect_equal(identity, "1.1.1", "id of the first event")
        line.settle()
        row = office.outbox()[0]
        expect_equal((row["id"], row["state"]), ("1.1.1", "received"),
                     "in the outbox")
        agent = line.province.rows("agents")[0]
        expect_equal((agent["state"], agent["next_seq"], agent["last_receipt"]),
                     ("joined", 2, row["received_at"]), "at the province")
        expect_equal(line.province.figures(),
                     {"visits": 1, "fines": 1000000, "inspected": 1,
                      "communes": 1}, "figures")
        expect_equal(line.province.figures("--unit", "gso3:902")["visits"],
                     None, "figures of a district that has no office")
        expect("1.1.1" in office.command("outbox").stdout, "text of outbox")
        office.daemon.stop()
        line.province.daemon.stop()


def the_same_file_twice_adds_nothing():
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        rows = [{"type": "inspection", **visit(90101, 1000 + i, "@one")}
                for i in range(50)]
        rows.append(dict(rows[0]))  # two equal rows are two visits
        path = office.write_rows(rows)
        expect_equal(office.import_file(path), 51, "new rows")
        expect_equal(office.import_file(path), 0, "new rows the second time")
        line.settle()
        expect_equal(office.import_file(path), 0, "new rows when received")
        expect_equal(line.province.figures()["visits"], 51, "visits")


def a_file_with_one_mistake_adds_nothing():
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        rows = [{"type": "inspection", **visit(90101, 1000 + i)}
                for i in range(5)]
        rows[3]["mode"] = "on_a_whim"
        done = office.command("import", office.write_rows(rows), code=65)
        expect("on_a_whim" in done.stderr and ":5:" in done.stderr,
               f"row and value in: {done.stderr}")
        expect_equal(office.outbox(), [], "outbox")


def what_was_saved_offline_is_sent_later():
    """The daemon is down, then the province: nobody has to do anything."""
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        office.daemon.stop()
        for fine in range(3):
            office.record("inspection", visit(90101, 1 + fine))
        expect_equal(office.count("saved"), 3, "saved while it is down")
        expect_equal(office.status()["service"], "stopped", "service")
        office.daemon.start()
        line.settle()
        line.province.daemon.stop()
        office.record("inspection", visit(90102, 10))
        expect(not office.drained(), "nobody can have received it")
        line.province.daemon.start()
        line.settle()
        expect_equal(line.province.figures(),
                     {"visits": 4, "fines": 16, "inspected": 1, "communes": 2},
                     "figures")


def a_live_event_leaves_at_once():
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        for fine in range(5):
            office.record("inspection", visit(90101, 1 + fine))
            wait_until(office.drained, "a live event to be received",
                       LIVE_SECONDS)
        rows = line.province.rows("agents")
        expect_equal(rows[0]["next_seq"], 6, "what comes next")


def a_backlog_leaves_in_full_batches():
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        office.daemon.stop()
        office.import_rows([{"type": "inspection", **visit(90101, 1 + i)}
                            for i in range(5000)])
        before = line.province.rows("status", "--agent", "1")
        expect(before, "a row of the agent")
        office.daemon.start()
        line.settle()
        entries = {row["entry"] for row in office.outbox()}
        expect_equal(len(entries), 3, "batches of 5,000 events")
        expect_equal(line.province.figures()["visits"], 5000, "visits")


def plan_and_units_come_down_by_themselves():
    """Also a new revision, to an office whose daemon runs."""
    with Line() as line:
        office = line.office("gso3:901")
        office.daemon.start()
        office.wait_for_lists()
        folder = line.home / "revised"
        folder.mkdir()
        for path in line.files.iterdir():
            text = path.read_text()
            text = text.replace("revision: 1", "revision: 2")
            text += ("gso3,90104,901,commune,Xã,Mới,,2025-07-01,\n"
                     if path.name == "units.csv" else "")
            (folder / path.name).write_text(text)
        office.record("inspection", visit(90104, 1), code=65)
        line.province.command("plan", "load", folder)
        wait_until(lambda: office.command("record", "inspection", *(
            f"{key}={value}" for key, value in visit(90104, 1).items()),
            code=None).returncode == 0, "the new commune to come down")
        line.settle()
        expect_equal(line.province.figures()["communes"], 1, "communes")


def corrections_change_the_figures():
    """A void, and a replacement that takes the other's place."""
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        first = office.record("inspection", visit(90101, 100))
        second = office.record("inspection", visit(90101, 200))
        office.record("correction", {"corrected_on": "2018-03-06",
                                     "corrects": first,
                                     "reason": "entered_twice"})
        office.record("inspection", visit(90102, 300, corrects=second,
                                          reason="typing_error"))
        line.settle()
        expect_equal(line.province.figures(),
                     {"visits": 1, "fines": 300, "inspected": 1,
                      "communes": 1}, "figures")
        wait_until(lambda: line.province.outcomes() ==
                   {"counted": 2, "voided": 1, "replaced": 1}, "outcomes")
        listed = line.province.rows("status", "--outcomes")
        expect_equal({row["outcome"] for row in listed},
                     {"voided", "replaced"}, "what does not count")


def several_offices_share_one_province():
    with Line() as line:
        offices = [line.office(f"gso3:90{i}") for i in (1, 2, 3)]
        for office in offices:
            office.start()
        for i, office in enumerate(offices):
            office.import_rows(
                [{"type": "inspection", **visit(90101 + 100 * i, 1 + k)}
                 for k in range(10 * (i + 1))])
        line.settle()
        expect_equal(line.province.figures()["visits"], 60, "visits")
        for i in (1, 2, 3):
            expect_equal(line.province.figures(
                "--unit", f"gso3:90{i}")["visits"], 10 * i, f"district {i}")


run_tests([from_entry_to_figure, the_same_file_twice_adds_nothing,
           a_file_with_one_mistake_adds_nothing,
           what_was_saved_offline_is_sent_later, a_live_event_leaves_at_once,
           a_backlog_leaves_in_full_batches,
           plan_and_units_come_down_by_themselves,
           corrections_change_the_figures, several_offices_share_one_province])
