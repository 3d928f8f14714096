#!/usr/bin/python3
"""What the office's page stands: other hosts and sites, forged sessions, bodies
and paths that no page sends, guessed PINs, a crowd of slow connections - while
the line goes on and honest people are still answered.

    TALLYLINE_BIN=... python3 tests/integration/office_attacks.py [NAME]...
"""

import hashlib
import json
import ssl
import sys
import time
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from line import (Line, expect, expect_equal, free_port,  # noqa: E402
                  run_tests, visit, wait_until)
from office_page import PIN, key, open_page  # noqa: E402
from raw_http import Connection, ask, request  # noqa: E402

SESSION = "/api/v1/session"
EVENTS = "/api/v1/events"
SLOW_CONNECTIONS = 500
BODY_MAX = 64 * 1024
FILE_MAX = 8 * 1024 * 1024
NAME = "Chị Hoa"


class Target:
    def __init__(self, line):
        self.line = line
        self.office, self.page = open_page(line)
        self.port = int(self.page.address.rsplit(":", 1)[1])

    def headers(self, csrf=True):
        wanted = ["Cookie"] + (["X-Tallyline-CSRF"] if csrf else [])
        return [f"{name}: {self.page.signed_in[name]}" for name in wanted]

    def status(self, method, path, headers=(), body=None, **more):
        answer = ask(self.port, request(method, path, headers, body, **more))
        return None if answer is None else answer.status

    def answers(self):
        expect_equal(self.status("GET", "/api/v1/link", self.headers()), 200,
                     "an honest request")


@contextmanager
def target():
    with Line() as line:
        yield Target(line)


def row():
    cells = {name: str(value) for name, value in visit(90101, 0).items()}
    return {"type": "inspection", "entry_key": key(), "cells": cells}


# ---- from elsewhere ----

def another_host_or_site_changes_nothing():
    with target() as web:
        body = {"rows": [row()]}
        for host in ("evil.example", "127.0.0.1.evil", "", "192.168.1.10"):
            expect_equal(web.status("GET", "/", host=host), 421, host)
        for header in ("Origin: http://evil.example", "Origin: null",
                       f"Origin: http://127.0.0.1.evil:{web.port}",
                       "Sec-Fetch-Site: cross-site",
                       "Sec-Fetch-Site: same-site"):
            expect_equal(web.status("POST", EVENTS,
                                    [*web.headers(), header], body), 403,
                         header)
        for headers in (web.headers(csrf=False),
                        [*web.headers(csrf=False), "X-Tallyline-CSRF: 0"]):
            expect_equal(web.status("POST", EVENTS, headers, body), 403,
                         "CSRF")
            expect_equal(web.status("PUT", f"/api/v1/drafts/{key()}", headers,
                                    body), 403, "CSRF of a draft")
        # It starts a program: no picture of another site's page may.
        expect_equal(web.status("GET", "/api/v1/doctor", web.headers()), 404,
                     "doctor by a link")
        for headers in (web.headers(csrf=False),
                        [*web.headers(), "Sec-Fetch-Site: same-site"]):
            expect_equal(web.status("POST", "/api/v1/doctor", headers), 403,
                         "doctor from elsewhere")
        expect_equal(web.status("POST", "/api/v1/doctor", web.headers()), 200,
                     "doctor from our own page")
        for kind in ("text/plain", "application/x-www-form-urlencoded",
                     "multipart/form-data"):
            expect_equal(web.status("POST", EVENTS, [
                *web.headers(), f"Content-Type: {kind}"], body), 415, kind)
        expect_equal(web.office.outbox(), [], "nothing was saved")
        expect_equal(web.status("POST", EVENTS, web.headers(), body), 200,
                     "from our own page")


def nobody_gets_in_without_signing_in():
    with target() as web:
        name = web.page.signed_in["Cookie"].split("=")[0]
        cookies = ["", f"{name}=" + "0" * 64, f"{name}=", f"{name}=../people",
                   f"{name}=" + "x" * 5000, "tallyline=" + "0" * 64,
                   web.page.signed_in["Cookie"] + f"; {name}=" + "0" * 64]
        paths = ["/api/v1/form", "/api/v1/drafts", "/api/v1/outbox",
                 "/api/v1/link", "/api/v1/units", "/api/v1/things?kind=EST",
                 "/api/v1/events/1.1.1"]
        for cookie in cookies:
            for path in paths:
                expect_equal(web.status("GET", path, [f"Cookie: {cookie}"]),
                             401, f"{cookie[:40]} {path}")
            expect_equal(web.status("POST", EVENTS, [f"Cookie: {cookie}"],
                                    {"rows": [row()]}), 401, cookie[:40])
            expect_equal(web.status("POST", "/api/v1/sheets", [
                f"Cookie: {cookie}",
                "Content-Type: application/octet-stream"],
                b"x" * 100), 401, cookie[:40])
        expect("HttpOnly" in web.page.cookie
               and "SameSite=Strict" in web.page.cookie, web.page.cookie)
        web.page.ask("DELETE", "session", None, 204)
        expect_equal(web.status("GET", "/api/v1/link", web.headers()), 401,
                     "after signing out")


def sign_in(web, **body):
    """"in", "out" (wrong, which is no error of the page), or the status."""
    answer = ask(web.port, request("POST", SESSION, body=body))
    if answer.status != 200:
        return answer.status
    expect(("set-cookie" in answer.headers) == answer.json()["signed_in"],
           "a cookie for somebody alone")
    return "in" if answer.json()["signed_in"] else "out"


def guessing_a_pin_is_slow():
    with target() as web:
        tries = [sign_in(web, name=NAME, pin=f"{number:06}")
                 for number in range(8)]
        expect_equal(tries, ["out"] * 5 + [429] * 3, "tries of a minute")
        expect_equal(sign_in(web, name=NAME, pin=PIN), 429,
                     "not the right one either")
        unknown = [sign_in(web, name="Không có", pin=PIN) for _ in range(6)]
        expect_equal(unknown, ["out"] * 5 + [429], "a name that nobody has")
        for body in ({"name": NAME, "password": PIN}, {"name": NAME},
                     {"name": NAME, "pin": 123456}, {"link": ""}, [], 1):
            expect_equal(web.status("POST", SESSION, body=body), 400, body)
        expect_equal(sign_in(web, link="0" * 32), "out",
                     "a link that is none")
        web.answers()


def a_log_tells_no_name():
    """It is sent along when somebody asks for help."""
    with target() as web:
        web.page.add_person("Anh Bình", "officer")
        sign_in(web, name="Anh Bình", pin=PIN)
        sign_in(web, name="Anh Bình", pin="000000")
        sign_in(web, name="Không có", pin=PIN)
        web.page.post("events", {"rows": [row()]})
        log = web.office.daemon.log_text()
        for part in ("Hoa", "Bình", "B\\xc3", "Không", "@so"):
            expect(part not in log, f"{part} in the log")
        told = [line for line in log.splitlines() if "module=access" in line]
        expect_equal([line.split("person=")[1].split()[0] for line in told],
                     ["1", "2", "2", "0"], "places in the list")


# ---- forms and sizes ----

def what_is_too_large_or_deep_is_refused():
    with target() as web:
        deep = {"rows": [row()]}
        for _ in range(40):
            deep = {"rows": [deep]}
        many = json.dumps({"rows": [row()] * 199}).encode()
        cases = [(b"x" * (BODY_MAX + 1), (413,)), (b"[" * BODY_MAX, (400,)),
                 (b'{"a":' * 10000, (400,)),
                 (json.dumps(deep).encode(), (400,)),
                 (b'{"rows":[],"rows":[]}', (400,)), (b"\xff\xfe", (400,)),
                 (b'{"rows":[{"type":"a\\u0000b","cells":{}}]}', (400,)),
                 (b"", (400,)), (b"null", (400,)), (b'"rows"', (400,)),
                 (many, (200, 413))]
        for body, allowed in cases:
            found = web.status("POST", EVENTS, web.headers(), body)
            expect(found in allowed, f"{body[:40]!r}: {found}")
            web.answers()
        saved = len(web.office.outbox())
        expect(saved in (0, 1), f"{saved} events of one key")
        file = [*web.headers(), "Content-Type: application/octet-stream"]
        expect_equal(web.status("POST", "/api/v1/sheets?name=a.csv", [
            *file, f"Content-Length: {FILE_MAX + 1}"]), 413, "a file")
        web.answers()


def no_path_leads_out_of_the_pages():
    with target() as web:
        secret = (web.office.folder / "people").read_bytes().split()[-1]
        paths = ["/../people", "/%2e%2e/people", "/..%2fpeople",
                 "/assets/../../people", "/assets/..%5c..%5cpeople",
                 "/assets/%252e%252e/people", "//people", "/%00",
                 "/assets/%c0%ae%c0%ae/people", "/%2fetc/passwd",
                 "/keys/sign.key", "/web.key", "/assets/none.js",
                 "/api/v1/none", "/api/v2/session",
                 "/api/v1/events/..%2f..%2fpeople",
                 "/api/v1/templates/..%2f..%2fpeople",
                 "/api/v1/drafts/..%2fpeople"]
        for path in paths:
            answer = ask(web.port, request("GET", path, web.headers()))
            status = None if answer is None else answer.status
            expect(status in (400, 404, 405, None), f"{path}: {answer}")
            expect(answer is None or secret not in answer.body, path)
        for path in ("/people", "/hop-gui-di"):
            answer = ask(web.port, request("GET", path))
            expect(answer.status == 200 and b"<!doctype html>" in answer.body,
                   f"{path} is the page, and nothing else")


# ---- crowds ----

def five_hundred_slow_connections_do_not_stop_the_line():
    with target() as web:
        slow, longest = [], 0.0
        for place in range(SLOW_CONNECTIONS):
            slow.append(Connection(web.port))
            slow[-1].send(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ")
            if place % 25 == 0:
                began = time.monotonic()
                web.answers()
                longest = max(longest, time.monotonic() - began)
        web.office.record("inspection", visit(90101, 1000000))
        wait_until(lambda: web.office.count("received") == 1, "a receipt")
        for one in slow:
            one.socket.close()
        print(f"  longest answer under {SLOW_CONNECTIONS}: {longest:.3f} s")
        expect(longest < 2, f"an answer took {longest:.3f} s")


def a_flood_of_questions_does_not_stop_the_line():
    """More than the desk takes at once: what is too much is told so, and what
    is recorded meanwhile is received."""
    with target() as web:
        crowd = [Connection(web.port) for _ in range(200)]
        head = request("GET", "/api/v1/form", web.headers())
        for turn in range(5):
            for one in crowd:
                one.send(head)
            web.office.record("inspection", visit(90101, turn, f"@{turn}"))
            found = {one.read().status for one in crowd}
            expect(found <= {200, 503}, found)
        wait_until(lambda: web.office.count("received") == 5, "receipts")
        for one in crowd:
            one.socket.close()
        web.answers()


# ---- the network of the office ----

def the_page_of_a_network_is_over_tls_and_its_fingerprint_is_told():
    with Line() as line:
        office = line.office("gso3:901")
        port = free_port()
        path = office.folder / "agent.yaml"
        path.write_text(path.read_text() + "web:\n"
                        f'  listen: "0.0.0.0:{port}"\n'
                        "  hosts: [van-phong.example]\n")
        office.start()
        shown = ssl.get_server_certificate(("127.0.0.1", port))
        own = (office.folder / "web.crt").read_text()
        expect_equal(shown, own, "the certificate")
        expect_equal((office.folder / "web.key").stat().st_mode & 0o777,
                     0o600, "the key is its owner's")
        context = ssl.create_default_context(cadata=own)

        def wrap(plain):
            return context.wrap_socket(plain,
                                       server_hostname="van-phong.example")
        answer = ask(port, request("GET", "/", host="van-phong.example"), wrap)
        expect_equal(answer.status, 200, "over TLS")
        answer = ask(port, request("GET", "/", host="van-phong.example"))
        expect(answer is None or answer.status >= 400, "not in the clear")
        der = ssl.PEM_cert_to_DER_cert(own)
        digest = hashlib.sha256(der).hexdigest().upper()
        told = ":".join(digest[at:at + 2] for at in range(0, 64, 2))
        expect(told in office.words(), office.words())
        expect(told in office.daemon.log_text(), "in the log")
        office.daemon.stop()
        office.daemon.start()
        expect_equal((office.folder / "web.crt").read_text(), own,
                     "the next start keeps it")


def a_taken_port_is_told_and_the_line_goes_on():
    with Line() as line:
        first, page = open_page(line)
        second = line.office("gso3:902")
        path = second.folder / "agent.yaml"
        path.write_text(path.read_text() + f"web:\n  listen: {page.address}\n")
        second.start()
        expect("no page" in second.daemon.log_text()
               and page.address in second.daemon.log_text(),
               second.daemon.log_text())
        second.record("inspection", visit(90201, 0))
        wait_until(second.drained, "the line to go on")
        expect(first.daemon.running(), "the first goes on too")


run_tests([another_host_or_site_changes_nothing,
           nobody_gets_in_without_signing_in,
           guessing_a_pin_is_slow,
           a_log_tells_no_name,
           what_is_too_large_or_deep_is_refused,
           no_path_leads_out_of_the_pages,
           five_hundred_slow_connections_do_not_stop_the_line,
           a_flood_of_questions_does_not_stop_the_line,
           the_page_of_a_network_is_over_tls_and_its_fingerprint_is_told,
           a_taken_port_is_told_and_the_line_goes_on])
