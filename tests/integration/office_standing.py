#!/usr/bin/python3
"""What the office's page tells: outbox, one event, corrections, the line.

    TALLYLINE_BIN=... python3 tests/integration/office_standing.py [NAME]...
"""

import json
import secrets
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from line import (PROGRAMS, Line, environment, expect,  # noqa: E402
                  expect_equal, free_port, run_tests, visit, wait_until)

PIN = "190582"


class Page:
    """The office's page, as a program that asks it."""

    def __init__(self, office):
        self.office = office
        self.address = f"127.0.0.1:{free_port()}"
        self.signed_in = {}
        path = office.folder / "agent.yaml"
        path.write_text(path.read_text()
                        + f"web:\n  listen: {self.address}\n")

    def ask(self, method, path, body=None, code=200):
        request = urllib.request.Request(
            f"http://{self.address}/api/v1/{path}", method=method,
            data=None if body is None else json.dumps(body).encode())
        for name, value in self.signed_in.items():
            request.add_header(name, value)
        if body is not None:
            request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                found, text = answer.status, answer.read()
                self.cookie = answer.headers.get("Set-Cookie")
        except urllib.error.HTTPError as error:
            found, text = error.code, error.read()
        expect_equal(found, code, f"{method} {path}: {text[:300]}")
        return json.loads(text) if text else None

    def add_person(self, name, role):
        subprocess.run([PROGRAMS / "tallyline-agent", "people", "add", name,
                        "--role", role, "--dir", self.office.folder],
                       input=PIN.encode(), check=True, capture_output=True,
                       env=environment())

    def sign_in(self, name):
        done = self.post("session", {"name": name, "pin": PIN})
        self.signed_in = {"Cookie": self.cookie.split(";")[0],
                          "X-Tallyline-CSRF": done["csrf"],
                          "Origin": f"http://{self.address}"}

    def get(self, path, code=200):
        return self.ask("GET", path, None, code)

    def post(self, path, body, code=200):
        return self.ask("POST", path, body, code)

    def counts(self):
        return self.get("outbox?limit=1")["counts"]

    def ids(self, query=""):
        """All ids of the outbox, page after page."""
        found, after = [], ""
        while True:
            page = self.get(f"outbox?limit=3{query}{after}")
            found += [row["id"] for row in page["rows"]]
            if page["next"] is None:
                return found
            after = f"&after={page['next']}"


def key():
    return secrets.token_hex(16)


def open_page(line):
    office = line.office("gso3:901")
    page = Page(office)
    page.add_person("Chị Hoa", "clerk")
    office.start()
    page.sign_in("Chị Hoa")
    return office, page


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
