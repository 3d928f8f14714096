#!/usr/bin/python3
"""What the office's page tells: outbox, one event, corrections, the line.

    TALLYLINE_BIN=... python3 tests/integration/office_standing.py [NAME]...
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from line import (Line, expect, expect_equal, run_tests,  # noqa: E402
                  visit, wait_until)
from office_page import key, open_page  # noqa: E402

def an_outbox_tells_what_the_province_has():
    with Line() as line:
        office, page = open_page(line)
        line.province.daemon.stop()
        saved = [office.record("inspection", visit(90101, 0, f"@so-{i}"))
                 for i in range(7)]
        expect_equal(page.ids(), saved[::-1], "newest first")
        expect_equal(page.counts()["saved"], 7, "saved")
        row = page.get("outbox?limit=1")["rows"][0]
        expect_equal(row["state"], "saved", "the state")
        expect_equal(row["label"], "Lượt kiểm tra cơ sở", "the label")
        link = page.get("link")
        expect_equal(link["waiting"], 7, "waiting")
        expect("7 sự kiện" in link["sentence"], link["sentence"])
        line.province.daemon.start()
        wait_until(office.drained, "all to be received")
        expect_equal(page.counts()["received"], 7, "received")
        expect_equal(page.ids("&state=saved"), [], "nothing waits")
        expect_equal(page.ids("&state=received"), saved[::-1], "received")
        expect_equal(page.ids("&type=case_stage"), [], "of another type")
        link = page.get("link")
        expect_equal(link["state"], "connected", "the line")
        expect("nhận tất cả" in link["sentence"], link["sentence"])
        event = page.get(f"events/{saved[0]}")
        expect(event["receipt"]["index"] > 0, event["receipt"])
        expect_equal(event["outcome"], None, "it counts")
        expect(any(field["text"] for field in event["fields"]), "fields")
        page.get("events/1.1.99", 404)
        page.get("outbox?state=lost", 400)


def what_is_voided_or_corrected_shows_both():
    with Line() as line:
        office, page = open_page(line)
        first = office.record("inspection", visit(90101, 0))
        other = office.record("inspection", visit(90101, 0, "@two"))
        event = page.get(f"events/{first}")
        expect(event["may"] == {"correct": True, "void": True}, event["may"])
        cells = dict(event["cells"], corrects=event["corrects"],
                     reason="typing_error")
        second = office.record("inspection", cells)
        event = page.get(f"events/{first}")
        expect_equal([(at["id"], at["stands"]) for at in event["chain"]],
                     [(first, False), (second, True)], "the versions")
        expect_equal(event["may"], {"correct": False, "void": False}, "may")
        reasons = [reason["key"] for reason in page.get("reasons")["reasons"]]
        expect("typing_error" in reasons, reasons)
        asked = {"reason": "typing_error", "entry_key": key()}
        page.post(f"events/{first}/void", asked, 409)
        done = page.post(f"events/{second}/void", asked)
        again = page.post(f"events/{second}/void", asked)
        expect_equal((again["id"], again["known"]), (done["id"], True),
                     "the same void again")
        page.post(f"events/{second}/void", dict(asked, entry_key=key()), 409)
        page.post(f"events/{other}/void", {"reason": "no_such",
                                           "entry_key": key()}, 422)
        page.post(f"events/{other}/void", {"reason": "typing_error"}, 400)
        event = page.get(f"events/{second}")
        expect(event["voided"], "it is voided")
        row = [row for row in page.get("outbox")["rows"]
               if row["id"] == first][0]
        expect_equal(row["corrected_by"], done["id"], "the outbox says so")
        wait_until(office.drained, "all to be received")
        wait_until(lambda: "outcome" in page.get(f"events/{second}")
                   and page.get(f"events/{second}")["outcome"] is not None,
                   "the province to say that it is voided")
        expect_equal(page.get(f"events/{second}")["outcome"]["name"],
                     "voided", "what the province says")
        expect_equal(page.counts()["to_mend"], 0, "nothing to mend")


run_tests([an_outbox_tells_what_the_province_has,
           what_is_voided_or_corrected_shows_both])
