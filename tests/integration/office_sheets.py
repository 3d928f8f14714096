#!/usr/bin/python3
"""Templates and imports as the office's page asks for them, from a browser's
side of the connection: nothing is saved before it is said, and what the file
does stays out of the daemon."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
sys.path.insert(0, str(Path(__file__).resolve().parent))
import xlsx_file  # noqa: E402
from description import Description  # noqa: E402
from agent_commands import AGENT, Office  # noqa: E402
from line import free_port, wait_until  # noqa: E402
from sheets import ACTS, DAYS, TYPE  # noqa: E402

PIN = "123456"
DESCRIPTION = Description(Path(__file__).resolve().parents[2] / "agent" / "api"
                          / "openapi.json", "/api/v1/")
PATIENCE = 20


def wait_for_page(port):
    def listens():
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port)).close()
            return True
        return False

    wait_until(listens, "the page")


class Page:
    """A person who has signed in."""

    def __init__(self, port, name):
        self.port = port
        self.headers = {}
        status, _, body = self.ask("POST", "session",
                                   {"name": name, "pin": PIN})
        assert status == 200, body
        self.headers["X-Tallyline-CSRF"] = json.loads(body)["csrf"]

    def ask(self, method, path, body=None, raw=None, lang=None):
        link = http.client.HTTPConnection("127.0.0.1", self.port,
                                          timeout=PATIENCE * 2)
        headers = {**self.headers, "Origin": f"http://127.0.0.1:{self.port}"}
        if lang:
            headers["Accept-Language"] = lang
        if raw is not None:
            headers["Content-Type"] = "application/octet-stream"
        elif body is not None:
            headers["Content-Type"] = "application/json"
            raw = json.dumps(body)
        link.request(method, "/api/v1/" + path, raw, headers)
        reply = link.getresponse()
        cookie = reply.getheader("Set-Cookie")
        if cookie:
            self.headers["Cookie"] = cookie.split(";")[0]
        data = reply.read()
        link.close()
        DESCRIPTION.check_reply(
            method.lower(), path.split("?")[0], reply.status,
            (reply.getheader("Content-Type") or "").split(";")[0], data)
        return reply.status, reply, data

    def json(self, *words, code=200, **more):
        status, _, data = self.ask(*words, **more)
        if code is not None and status != code:
            raise AssertionError(f"{words}: {status}, not {code}: {data[:500]}")
        return json.loads(data) if data else None


LONG = 15000  # rows, so that its program can be met while it works


def long_text(count=LONG):
    rows = (f"{TYPE};2018-01-{1 + i % 28:02};buying;1;1;{750000 + i}\n"
            for i in range(count))
    return ("type;sanctioned_on;act;persons;decisions;fine_vnd\n"
            + "".join(rows)).encode()


class OfficeSheets(unittest.TestCase):
    def setUp(self):
        self.office = Office()
        self.addCleanup(self.office.folder.cleanup)
        port = free_port()
        with open(self.office.path / "agent.yaml", "a", encoding="utf-8") as file:
            file.write(f"web:\n  listen: 127.0.0.1:{port}\n")
        for name in ("Lan", "Minh"):
            self.office.run("people", "add", name, "--role", "clerk", stdin=PIN)
        daemon = subprocess.Popen([AGENT, "run", "--dir", self.office.path],
                                  stderr=subprocess.DEVNULL)
        self.daemon = daemon
        self.addCleanup(daemon.wait)
        self.addCleanup(daemon.terminate)
        wait_for_page(port)
        self.page = Page(port, "Lan")
        self.other = Page(port, "Minh")

    def template(self):
        status, reply, data = self.page.ask("GET", f"templates/{TYPE}.xlsx")
        self.assertEqual(status, 200, data[:300])
        self.assertIn("mau-xu-phat-vi-pham-hanh-chinh.xlsx",
                      reply.getheader("Content-Disposition"))
        path = self.office.path / "mau.xlsx"
        path.write_bytes(data)
        return path

    def filled(self, faults=None):
        template = self.template()
        at = xlsx_file.headings(template)
        cells = {}
        for i, day in enumerate(DAYS):
            values = {"Ngày xử phạt": day, "Hành vi": ACTS[i], "Số người": 1,
                      "Số quyết định": 1, "Tiền phạt (đồng)": 750000,
                      **(faults or {}).get(3 + i, {})}
            for name, value in values.items():
                cells[f"{xlsx_file.letters(at[name])}{3 + i}"] = value
        path = self.office.path / "thang.xlsx"
        xlsx_file.set_cells(template, path, cells)
        return path

    def saved(self):
        return len(self.office.outbox())

    def received(self, done):
        return self.page.json(
            "GET", "received?first={first}&last={last}".format(**done))

    def work_folder(self):
        return list((self.office.path / "work").iterdir())

    def test_a_sheet_is_looked_at_then_saved_and_adds_nothing_again(self):
        raw = self.filled().read_bytes()
        looked = self.page.json("POST", "sheets?name=thang.xlsx", raw=raw)
        self.assertEqual((looked["rows"], looked["good"], looked["refused"],
                          looked["type"], looked["name"]),
                         (3, 3, 0, TYPE, "thang.xlsx"))
        rows = looked["preview"]
        self.assertEqual([row["cells"]["sanctioned_on"] for row in rows],
                         ["2018-01-31", "2018-02-28", "2018-03-01"])
        self.assertEqual(rows[0]["labels"]["sanctioned_on"], "Ngày xử phạt")
        self.assertNotIn("entry_key", rows[0]["cells"])
        self.assertEqual((looked["sheet"], looked["unread"]),
                         ("Nhập liệu", []))
        self.assertEqual(self.saved(), 0)
        done = self.page.json("POST", "sheets/" + looked["token"],
                              {"all": True})
        self.assertEqual(done, {"saved": 3, "known": 0, "refused": 0,
                                "first": "271.1.1", "last": "271.1.3"})
        self.assertEqual(self.received(done), {
            "events": 3, "received": 0, "to_mend": 0, "moved": 0})
        self.assertEqual(self.page.json("GET", "sheets/" + looked["token"]),
                         done, "that answer may have been lost")
        self.assertEqual(self.saved(), 3)
        events = [json.loads(line) for line in self.office.run(
            "export", "--format", "jsonl")[0].splitlines()]
        self.assertEqual({event["role"] for event in events}, {"clerk"})
        again = self.page.json("POST", "sheets?name=thang.xlsx", raw=raw)
        self.assertEqual((again["good"], again["known"]), (0, 3))
        known = self.page.json("POST", "sheets/" + again["token"],
                               {"all": True})
        self.assertEqual((known["saved"], known["first"], known["last"]),
                         (0, None, None))
        self.page.json("GET", "received?first=271.1.1&last=271.1.4", code=400)
        self.page.json("GET", "received?first=271.1.1", code=400)
        self.assertEqual(len(self.work_folder()), 1, "one sheet a person")
        self.page.json("DELETE", "sheets/" + again["token"], code=204)
        self.assertEqual(self.work_folder(), [])

    def test_a_row_that_was_saved_and_changed_names_its_event(self):
        path = self.filled()
        looked = self.page.json("POST", "sheets?name=a.xlsx",
                                raw=path.read_bytes())
        self.page.json("POST", "sheets/" + looked["token"], {"all": True})
        at = xlsx_file.headings(path)
        key, count = (xlsx_file.letters(at[name])
                      for name in ("Khóa dòng", "Số người"))
        xlsx_file.set_cells(path, path, {f"{count}4": 9})
        looked = self.page.json("POST", "sheets?name=a.xlsx",
                                raw=path.read_bytes())
        self.assertEqual([(one["cell"], one["event"])
                          for one in looked["issues"]],
                         [(f"{key}4", "271.1.2")])
        # A row that was copied with its key is no event yet.
        copied = self.office.path / "chep.xlsx"
        rows = xlsx_file.rows(self.filled())
        xlsx_file.set_cells(self.office.path / "thang.xlsx", copied, {
            f"{key}4": rows[3][xlsx_file.column_of(key)]})
        looked = self.page.json("POST", "sheets?name=b.xlsx",
                                raw=copied.read_bytes())
        self.assertEqual([(one["cell"], one["event"])
                          for one in looked["issues"]], [(f"{key}4", None)])
        self.assertIn("chép cả dòng", looked["issues"][0]["text"])

    def test_faults_are_at_their_cells_and_the_rows_come_back(self):
        path = self.filled({4: {"Hành vi": "Mua"}})
        looked = self.page.json("POST", "sheets?name=a.xlsx",
                                raw=path.read_bytes())
        self.assertEqual((looked["good"], looked["refused"]), (2, 1))
        issue = looked["issues"][0]
        place = xlsx_file.letters(xlsx_file.headings(path)["Hành vi"]) + "4"
        self.assertEqual((issue["cell"], issue["row"], issue["field"],
                          issue["label"], issue["written"]),
                         (place, 4, "act", "Hành vi", "Mua"))
        token = looked["token"]
        self.page.json("POST", "sheets/" + token, {"all": True}, code=422)
        self.assertEqual(self.saved(), 0)
        done = self.page.json("POST", "sheets/" + token, {"good_only": True})
        self.assertEqual((done["saved"], done["refused"]), (2, 1))
        self.assertEqual(self.saved(), 2)
        status, _, data = self.page.ask("GET", f"sheets/{token}/refused.xlsx")
        self.assertEqual(status, 200)
        back = self.office.path / "can-sua.xlsx"
        back.write_bytes(data)
        self.assertEqual(sorted(xlsx_file.rows(back)), [1, 2])
        status, _, text = self.page.ask("GET", f"sheets/{token}/refused.csv")
        self.assertIn("Lỗi cần sửa", text.decode("utf-8-sig"))
        column = xlsx_file.headings(back)["Hành vi"]
        mended = self.office.path / "da-sua.xlsx"
        xlsx_file.set_cells(back, mended,
                            {xlsx_file.letters(column) + "2": "Bán dâm"})
        looked = self.page.json("POST", "sheets?name=b.xlsx",
                                raw=mended.read_bytes())
        row = looked["preview"][0]
        self.assertEqual((row["cells"]["act"], row["labels"]["act"]),
                         ("Bán dâm", "Hành vi"))
        self.assertNotIn("Lỗi cần sửa", row["cells"])
        self.assertNotIn("STT", row["cells"])
        self.page.json("POST", "sheets/" + looked["token"], {"all": True})
        self.assertEqual(self.saved(), 3)

    def test_files_are_in_the_language_that_the_page_asks_for(self):
        """Not in the browser's, which a link asks in."""
        looked = self.page.json("POST", "sheets?name=a.xlsx", lang="en",
                                raw=self.filled({4: {"Hành vi": "Mua"}})
                                .read_bytes())
        path = f"sheets/{looked['token']}/refused.csv"
        for lang, name in (("vi", "Lỗi cần sửa"), ("en", "To mend")):
            _, _, text = self.page.ask("GET", f"{path}?lang={lang}", lang="en")
            self.assertIn(name, text.decode("utf-8-sig"))
        for lang, name, file in (
                ("vi", "Ngày xử phạt",
                 '"mau-xu-phat-vi-pham-hanh-chinh.xlsx"'),
                ("en", "Date of sanction",
                 '"template-administrative-sanction.xlsx"')):
            _, reply, data = self.page.ask("GET", f"templates/{TYPE}.xlsx?lang="
                                       + lang, lang="en")
            self.assertIn(file, reply.getheader("Content-Disposition"))
            one = self.office.path / f"mau-{lang}.xlsx"
            one.write_bytes(data)
            self.assertIn(name, xlsx_file.headings(one))

    def importing(self):
        """The program that the daemon has started for a file, or None. Threads
        and programs end while they are looked at, and before it is `import`
        the thread that starts it stands still too."""
        for task in Path(f"/proc/{self.daemon.pid}/task").iterdir():
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                for child in (task / "children").read_text().split():
                    words = Path(f"/proc/{child}/cmdline").read_bytes()
                    if b"\0import\0" in words:
                        return int(child)
        return None

    def catch(self, number, question):
        """Asks, and sends the signal to the program that is started for it;
        gives the program and what gives the answer."""
        told = []
        asking = threading.Thread(target=lambda: told.append(question()))
        asking.start()
        child = wait_until(self.importing, "the program")
        os.kill(child, number)

        def answer():
            asking.join(PATIENCE * 2)
            return told[0]
        return child, answer

    def test_what_takes_long_is_asked_for_again(self):
        looked = self.page.json("POST", "sheets?name=a.csv", raw=long_text())
        path = "sheets/" + looked["token"]
        child, answer = self.catch(signal.SIGSTOP, lambda: self.page.ask(
            "POST", path, {"all": True}))
        status, _, data = answer()
        self.assertEqual((status, json.loads(data)),
                         (202, {"token": looked["token"], "working": True}))
        self.other.json("GET", path, code=404)
        told = []
        asking = threading.Thread(
            target=lambda: told.append(self.page.json("GET", path)))
        asking.start()
        os.kill(child, signal.SIGCONT)
        asking.join(PATIENCE)
        self.assertEqual([(one["saved"], one["known"], one["refused"])
                          for one in told], [(LONG, 0, 0)])
        self.assertEqual(self.page.json("GET", path), told[0],
                         "the answer itself may have been lost")
        self.other.json("GET", path, code=404)
        self.page.json("DELETE", path, code=204)
        self.page.json("GET", path, code=404)

    def test_a_file_that_is_read_keeps_nobody_waiting(self):
        """A preview that stands still, wherever in its rows."""
        child, answer = self.catch(signal.SIGCONT, lambda: self.page.ask(
            "POST", "sheets?name=a.csv", raw=long_text(3 * LONG)))
        told = []

        def save():
            cells = {"sanctioned_on": "2018-01-05", "act": "buying",
                     "persons": "1", "decisions": "1", "fine_vnd": "750000"}
            key = f"{len(told):032x}"
            told.append(self.other.json("POST", "events", {"rows": [
                {"type": TYPE, "entry_key": key, "cells": cells}]})["saved"])

        stopped = 0
        while self.works_until(child, 5 * stopped):
            stopped += 1
            saving = threading.Thread(target=save)
            self.assertTrue(self.stand_still(child, saving),
                            "somebody waits for a preview")
            saving.join(15)
        self.assertGreater(stopped, 0)
        self.assertEqual(told, [1] * stopped)
        looked = json.loads(answer()[2])
        while "working" in looked:  # it stood still for long
            looked = self.page.json("GET", "sheets/" + looked["token"],
                                    code=None)
        self.assertEqual(looked["good"], 3 * LONG)

    def stand_still(self, child, saving):
        """Whether it is saved while the program stands still. That may be in
        the moment of one of the store's own locks: not three times over."""
        for again in range(3):
            # It may come to its end at any moment.
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGSTOP)
            if not again:
                saving.start()
            saving.join(5)
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGCONT)
            used = self.ticks_of(child)
            if (not saving.is_alive() or used is None
                    or not self.works_until(child, used + 1)):
                return True
        return False

    @staticmethod
    def works_until(child, ticks):
        """Until the program has had so much of the processor, in 10 ms; False:
        it has come to its end."""
        while (used := OfficeSheets.ticks_of(child)) is not None:
            if used >= ticks:
                return True
        return False

    @staticmethod
    def ticks_of(child):
        """None: it has come to its end."""
        try:
            fields = Path(f"/proc/{child}/stat").read_text()
        except OSError:
            return None
        state, *rest = fields.rsplit(") ", 1)[1].split()
        return None if state == "Z" else int(rest[10]) + int(rest[11])

    def test_a_program_that_is_ended_may_have_saved(self):
        looked = self.page.json("POST", "sheets?name=a.csv", raw=long_text())
        path = "sheets/" + looked["token"]
        _, answer = self.catch(signal.SIGKILL, lambda: self.page.ask(
            "POST", path, {"all": True}))
        status, _, data = answer()
        self.assertEqual(status, 503)
        self.assertIn("Chưa biết đã lưu xong hay chưa",
                      json.loads(data)["detail"])
        done = self.page.json("POST", path, {"all": True})
        self.assertEqual(done["saved"] + done["known"], LONG)
        self.assertEqual(self.page.json("GET", path), done, "not the old one")

    def test_what_is_no_sheet_is_refused_with_a_reason(self):
        for raw, words in ((b"PK\3\4" + bytes(200), "hỏng"),
                           (b"\xd0\xcf\x11\xe0" + bytes(600), "mật khẩu"),
                           (b"a;b\n1;2\n", "không có trường này")):
            status, _, data = self.page.ask("POST", "sheets?name=a", raw=raw)
            self.assertIn(status, (200, 422))
            self.assertIn(words, data.decode(), data)
        _, _, data = self.page.ask("POST", "sheets?name=a", lang="en",
                                   raw=b"PK\3\4" + bytes(200))
        self.assertIn("damaged", json.loads(data)["detail"])

    def test_a_sheet_is_that_persons_alone(self):
        looked = self.page.json("POST", "sheets?name=a.xlsx",
                                raw=self.filled().read_bytes())
        token = looked["token"]
        self.other.json("POST", "sheets/" + token, {"all": True}, code=404)
        self.other.json("GET", f"sheets/{token}/refused.xlsx", code=404)
        self.other.json("DELETE", "sheets/" + token, code=404)
        self.page.json("POST", "sheets/" + token, {}, code=400)
        self.page.json("GET", f"sheets/{token}/refused.xlsx", code=404)
        self.page.json("GET", "templates/nothing.xlsx", code=404)
        self.page.headers.pop("X-Tallyline-CSRF")
        self.page.json("POST", "sheets/" + token, {"all": True}, code=403)
        self.page.headers = {}
        self.page.json("POST", "sheets/" + token, {"all": True}, code=401)
        self.assertEqual(self.saved(), 0)


if __name__ == "__main__":
    unittest.main()
