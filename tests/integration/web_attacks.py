#!/usr/bin/python3
"""What the pages' server stands: requests that no browser sends, sent byte for
byte, while honest ones are still answered."""

import os
import socket
import ssl
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from line import (PROGRAMS, Line, environment, expect,  # noqa: E402
                  expect_equal, free_port, run_tests, visit, wait_until)
from interface import check_reply  # noqa: E402
from raw_http import (Browser, Connection, ask, is_nobody,  # noqa: E402
                      request)

SESSION = "/api/v1/session"
PASSWORD = "mot-mat-khau-dai"
CONFIG = 78
SLOW_CONNECTIONS = 500
HEADERS_MAX, BODY_MAX, PATH_MAX, QUERY_MAX = 16384, 65536, 1024, 2048


class Site:
    def __init__(self, line, more=""):
        self.line = line
        self.folder = line.province.folder
        self.port = free_port()
        self.more = more
        line.province.daemon.stop()
        line.province.configure(
            web=f'{{listen: "127.0.0.1:{self.port}"{more}}}')
        line.province.daemon.start()

    def users(self, *arguments, password=None, code=0):
        done = subprocess.run(
            [PROGRAMS / "tallyline-collector", "users", *arguments, "--dir",
             self.folder], input=password, capture_output=True, text=True,
            env=environment(), timeout=30)
        expect_equal(done.returncode, code, f"users {arguments}")
        return done.stdout.strip()

    def add(self, name, role="officer", *more):
        self.users("add", name, "--role", role, *more, password=PASSWORD)

    def sign_in(self, name, password=PASSWORD):
        return ask(self.port, request("POST", SESSION, body={
            "name": name, "password": password}))

    def browser(self, name):
        return Browser(self.port, name, PASSWORD)

    def answers(self):
        """An honest request, on a connection of its own."""
        answer = ask(self.port, request("GET", SESSION))
        expect(answer is not None, "an honest request is answered")
        expect_equal(answer.status, 200, "honest request")


@contextmanager
def site(more=""):
    with Line() as line:
        yield Site(line, more)


# ---- connections ----

def five_hundred_slow_heads_keep_nobody_out():
    with site() as web:
        office = web.line.office("gso3:901")
        office.start()
        slow = []
        longest = 0
        for place in range(SLOW_CONNECTIONS):
            slow.append(Connection(web.port))
            slow[-1].send(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ")
            if place % 25 == 0:
                started = time.monotonic()
                web.answers()
                longest = max(longest, time.monotonic() - started)
        office.record("inspection", visit(90101, 1000000))
        for turn in range(20):
            for one in slow[turn::20]:
                one.send(b"x")
            started = time.monotonic()
            web.answers()
            longest = max(longest, time.monotonic() - started)
        wait_until(lambda: office.count("received") == 1, "a receipt")
        for one in slow:
            one.socket.close()
        print(f"  longest answer under {SLOW_CONNECTIONS}: {longest:.3f} s")
        expect(longest < 2, f"an answer took {longest:.3f} s")


def requests_one_behind_the_other_are_answered_in_order():
    with site() as web:
        with Connection(web.port) as connection:
            connection.send(request("GET", "/none.js")
                            + request("HEAD", "/")
                            + request("GET", SESSION)
                            + request("GET", "/favicon.svg"))
            statuses = [connection.read(head=place == 1).status
                        for place in range(4)]
        expect_equal(statuses, [404, 200, 200, 200], "statuses")


def an_old_protocol_is_answered_and_ended():
    with site() as web:
        with Connection(web.port) as connection:
            connection.send(b"GET / HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
            expect_equal(connection.read().status, 200, "HTTP/1.0")
            expect(connection.ended(), "the connection ends")
        for version in (b"HTTP/0.9", b"HTTP/2.0", b"HTTP/9.9", b"FTP/1.1"):
            answer = ask(web.port, b"GET / " + version
                         + b"\r\nHost: 127.0.0.1\r\n\r\n")
            expect(answer is None or answer.status >= 400
                   or version == b"FTP/1.1", f"{version}: {answer}")
        web.answers()


# ---- sizes ----

def what_is_too_large_is_refused():
    with site() as web:
        json_type = ["Content-Type: application/json"]
        cases = [
            (request("GET", "/", ["X: " + "x" * HEADERS_MAX]), (431,)),
            (request("GET", "/", ["X: " + "x" * HEADERS_MAX * 8]),
             (431, 413, None)),
            (request("GET", "/", [f"X{i}: y" for i in range(4000)]),
             (431, 413, None)),
            (request("GET", "/" + "x" * PATH_MAX), (414,)),
            (request("GET", "/" + "x" * (1 << 20)), (414, None)),
            (request("GET", "/?" + "x" * (QUERY_MAX + 1)), (414,)),
            (request("GET", "/" + "a/" * 20 + "b"), (400,)),
            (request("GET", "/?" + "&".join(f"p{i}" for i in range(33))),
             (400,)),
            (request("POST", SESSION, body=b"x" * (BODY_MAX + 1)), (413,)),
            (request("POST", SESSION, [*json_type,
                                       "Content-Length: 9999999999999999999"]),
             (413, 400, None)),
            (request("POST", SESSION, [*json_type,
                                       "Content-Length: -1"]), (400, None)),
            (request("POST", SESSION, body=b"[" * BODY_MAX), (400,)),
        ]
        for data, allowed in cases:
            answer = ask(web.port, data)
            status = None if answer is None else answer.status
            expect(status in allowed,
                   f"{data[:60]!r}…: {answer}, not {allowed}")
            web.answers()


# ---- paths, methods, forms ----

def no_path_leads_out_of_the_pages():
    with site() as web:
        web.add("lan")
        secret = (web.folder / "users").read_bytes().split()[-1]
        paths = ["/../users", "/%2e%2e/users", "/..%2fusers", "/.%2e/users",
                 "/assets/../../users", "/assets/%2e%2e/%2e%2e/users",
                 "/assets/..%5c..%5cusers", "/assets/%252e%252e/users",
                 "//users", "/./users", "/%00", "/index.html%00.js",
                 "/assets/%c0%ae%c0%ae/users", "/assets/....//users",
                 "/%2fetc/passwd", "/assets//etc/passwd", "/assets/.%00./x",
                 "http://127.0.0.1/", "http://evil.example/", "*", "users",
                 "/users.txt", "/keys/ledger.key", "/assets/none.js",
                 "/api/v1/none", "/api/v2/session", "/API/V1/session.json"]
        for path in paths:
            answer = ask(web.port, request("GET", path))
            status = None if answer is None else answer.status
            expect(status in (400, 404, None), f"{path}: {answer}")
            expect(answer is None or secret not in answer.body, path)
        for path in ("/users", "/don-vi/gso3%3A00025", "/so-cai"):
            answer = ask(web.port, request("GET", path))
            expect(answer.status == 200 and b"<!doctype html>" in answer.body,
                   f"{path} is the page, and nothing else: {answer}")


def odd_requests_are_refused_and_nothing_breaks():
    with site() as web:
        host = b"Host: 127.0.0.1\r\n"
        odd = [b"TRACE / HTTP/1.1\r\n" + host + b"\r\n",
               b"CONNECT 127.0.0.1:1 HTTP/1.1\r\n" + host + b"\r\n",
               b"OPTIONS * HTTP/1.1\r\n" + host + b"\r\n",
               b"PATCH / HTTP/1.1\r\n" + host + b"\r\n",
               b"get / HTTP/1.1\r\n" + host + b"\r\n",
               b"G\x00T / HTTP/1.1\r\n" + host + b"\r\n",
               b"GET /\xff HTTP/1.1\r\n" + host + b"\r\n",
               b"GET / HTTP/1.1\r\n" + host + host + b"\r\n",
               b"GET / HTTP/1.1\r\n\r\n",
               b"GET / HTTP/1.1\r\nHost: a\x00127.0.0.1\r\n\r\n",
               b"GET / HTTP/1.1\r\n" + host + b"Cookie: a\r\nCookie: b\r\n\r\n",
               b"GET / HTTP/1.1\r\n" + host + b"Content-Length: 5\r\n\r\nhello",
               b"\r\n\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
               b"GET\r\n\r\n", b"GET /\r\n\r\n", b" / HTTP/1.1\r\n\r\n",
               os.urandom(512) + b"\r\n\r\n"]
        for data in odd:
            with Connection(web.port) as connection:
                connection.send(data)
                connection.socket.shutdown(1)
                answer = connection.read()
            expect(answer is None or answer.status >= 400,
                   f"{data[:60]!r}: {answer}")
        # What stands behind a NUL is not seen at all.
        answer = ask(web.port, b"GET /\x00../users HTTP/1.1\r\n" + host
                     + b"\r\n")
        expect(answer is None or answer.status >= 400
               or b"<!doctype html>" in answer.body, f"NUL: {answer}")
        web.answers()


def a_body_without_a_stated_length_is_refused():
    with site() as web:
        chunked = ["Transfer-Encoding: chunked",
                   "Content-Type: application/json"]
        body = b"2\r\n{}\r\n0\r\n\r\n"
        answer = ask(web.port, request("POST", SESSION, chunked) + body)
        expect_equal(answer.status, 411, "chunked")
        answer = ask(web.port, request(
            "POST", SESSION, [*chunked, "Content-Length: 2"]) + body)
        expect(answer is None or answer.status == 400, f"both: {answer}")
        answer = ask(web.port, request(
            "POST", SESSION, ["Content-Length: 2", "Content-Length: 30",
                              "Content-Type: application/json"]) + b"{}")
        expect(answer is None or answer.status == 400, f"two: {answer}")
        # What follows a refused body is never taken for a request.
        with Connection(web.port) as connection:
            connection.send(request("POST", SESSION, chunked) + body
                            + request("GET", "/"))
            expect_equal(connection.read().status, 411, "the first")
            expect(connection.read() is None, "nothing is smuggled in")


# ---- who ----

def another_host_or_site_is_refused():
    with site(", hosts: [tinh.example]") as web:
        web.add("lan")
        for host, status in (("evil.example", 421), ("127.0.0.1.evil", 421),
                             ("tinh.example.evil", 421), ("", 421),
                             ("tinh.example:80", 200), ("localhost:1", 200)):
            found = ask(web.port, request("GET", "/", host=host)).status
            expect_equal(found, status, f"Host {host}")
        body = {"name": "lan", "password": PASSWORD}
        for header, status in (("Origin: http://evil.example", 403),
                               ("Origin: null", 403),
                               ("Origin: http://tinh.example.evil", 403),
                               ("Sec-Fetch-Site: cross-site", 403),
                               ("Sec-Fetch-Site: same-site", 403),
                               ("Content-Type: text/plain", 415),
                               ("Content-Type: "
                                "application/x-www-form-urlencoded", 415),
                               ("Origin: https://tinh.example", 200)):
            found = ask(web.port, request("POST", SESSION, [header], body))
            expect_equal(found.status, status, header)


def a_session_is_ours_alone_and_ends_when_it_should():
    with site() as web:
        web.add("lan")
        forged = "tallyline=" + "0" * 64
        for cookie in (forged, "tallyline=", "tallyline=" + "x" * 5000,
                       "tallyline=../users", forged + "; " + forged):
            answer = ask(web.port, request("GET", SESSION,
                                           [f"Cookie: {cookie}"]))
            expect(is_nobody(answer), cookie[:40])
        lan = web.browser("lan")
        for part in ("HttpOnly", "SameSite=Strict", "Path=/"):
            expect(part in lan.set_cookie, f"cookie: {lan.set_cookie}")
        # Two of a name: one may have been planted.
        answer = ask(web.port, request(
            "GET", SESSION, [f"Cookie: {lan.cookie}; {forged}"]))
        expect(is_nobody(answer), "two cookies")
        # A session that the browser brings along is never taken over.
        answer = ask(web.port, request(
            "POST", SESSION, [f"Cookie: {forged}"],
            {"name": "lan", "password": PASSWORD}))
        expect(forged not in answer.headers["set-cookie"], "a new cookie")
        expect(is_nobody(ask(web.port, request(
            "GET", SESSION, [f"Cookie: {forged}"]))), "fixation")
        # Signing in again ends the session that came with it.
        again = ask(web.port, request("POST", SESSION, lan.headers(),
                                      {"name": "lan", "password": PASSWORD}))
        expect_equal(again.status, 200, "again")
        expect(not lan.is_signed_in(), "the session before is over")
        lan = web.browser("lan")
        for headers in (lan.headers(csrf=False),
                        [*lan.headers(csrf=False), "X-Tallyline-CSRF: 0"],
                        [*lan.headers(), "Origin: http://evil.example"]):
            answer = ask(web.port, request("DELETE", SESSION, headers))
            expect_equal(answer.status, 403, "CSRF")
        expect(lan.is_signed_in(), "nothing was changed")
        answer = ask(web.port, request("DELETE", SESSION, lan.headers()))
        expect_equal(answer.status, 204, "signing out")
        expect(not lan.is_signed_in(), "signed out")
        lan = web.browser("lan")
        web.line.province.daemon.stop()
        kept = (web.folder / "sessions").read_text()
        expect(lan.cookie.split("=")[1] not in kept, "no cookie is kept")
        web.line.province.daemon.start()
        expect(lan.is_signed_in(), "a restart throws nobody out")
        expect(not (web.folder / "sessions").exists(), "it is good once")
        for change in (("password", "lan"), ("remove", "lan")):
            lan = web.browser("lan") if change[0] == "password" else Browser(
                web.port, "lan", PASSWORD + "2")
            expect(lan.is_signed_in(), "signed in")
            web.users(*change, password=PASSWORD + "2")
            expect(not lan.is_signed_in(), f"after users {change[0]}")


def the_oldest_of_too_many_sessions_ends():
    with site() as web:
        web.add("lan")
        first = web.browser("lan")
        rest = [web.browser("lan") for _ in range(16)]
        expect(not first.is_signed_in(), "the oldest has ended")
        expect(all(one.is_signed_in() for one in rest), "the others have not")


def session_replies_are_as_described():
    """The description that programs are written by (openapi.json)."""
    with site() as web:
        web.add("ba-dinh", "district", "--unit", "gso3:901")

        def checked(method, data, status):
            answer = ask(web.port, data)
            expect_equal(answer.status, status, f"{method} {data[:60]}")
            return check_reply(method.lower(), "/session", status,
                               answer.headers.get("content-type"), answer.body)
        nobody = {"signed_in": False}
        expect_equal(checked("GET", request("GET", SESSION), 200), nobody,
                     "before")
        checked("POST", request("POST", SESSION, body={"name": "lan"}), 400)
        expect_equal(checked("POST", request("POST", SESSION, body={
            "name": "lan", "password": "khong-phai"}), 200), nobody, "wrong")
        who = checked("POST", request("POST", SESSION, body={
            "name": "ba-dinh", "password": PASSWORD}), 200)
        expect_equal((who["role"], who["unit"]), ("district", "gso3:901"),
                     "who")
        browser = web.browser("ba-dinh")
        again = checked("GET", request("GET", SESSION, browser.headers()), 200)
        expect_equal(again["csrf"], browser.who["csrf"], "the same token")
        expect(again["until"][:16] == browser.who["until"][:16]
               or again["until"] > browser.who["until"], "the same end")
        checked("DELETE", request("DELETE", SESSION, browser.headers()), 204)


def guessing_is_slow_and_tells_nothing():
    with site() as web:
        web.add("lan")
        web.add("hoa")
        times = {"lan": [], "nobody": []}
        for name in times:
            for _ in range(5):
                started = time.monotonic()
                answer = web.sign_in(name, "khong phai mat khau")
                times[name].append(time.monotonic() - started)
                expect(is_nobody(answer), name)
                expect("set-cookie" not in answer.headers, "no cookie")
            answer = web.sign_in(name, PASSWORD)
            expect_equal(answer.status, 429, f"the sixth of {name}")
            expect(int(answer.headers["retry-after"]) > 0, "Retry-After")
        expect_equal(web.sign_in("hoa").status, 200, "another name")
        known, unknown = (statistics.median(times[name]) for name in times)
        print(f"  a known name {known:.3f} s, an unknown one {unknown:.3f} s")
        expect(unknown > known / 2 and known > unknown / 2,
               "the time tells which names there are")


def a_link_signs_in_once():
    with site() as web:
        web.add("lan")
        link = web.users("link", "lan")
        base, _, token = link.partition("/dang-nhap#")
        expect_equal(base, f"http://127.0.0.1:{web.port}", "where")
        expect(token not in (web.folder / "links").read_text(), "kept as hash")
        use = request("POST", SESSION, body={"link": token})
        first = ask(web.port, use)
        expect_equal(first.status, 200, "the first time")
        expect_equal(first.json()["role"], "officer", "role")
        expect(is_nobody(ask(web.port, use)), "the second time")
        token = web.users("link", "lan").partition("#")[2]
        newer = web.users("link", "lan").partition("#")[2]
        expect(is_nobody(ask(web.port, request("POST", SESSION, body={
            "link": token}))), "an older one")
        links = web.folder / "links"
        words = links.read_text().split()
        links.write_text(" ".join([*words[:4], "1000000000"]) + "\n")
        expect(is_nobody(ask(web.port, request("POST", SESSION, body={
            "link": newer}))), "one that is too old")
        web.users("link", "nobody", code=3)


def a_token_is_for_programs_and_can_be_taken_back():
    with site() as web:
        token = web.users("token", "bao-cao", "--role", "viewer")
        bearer = [f"Authorization: Bearer {token}"]
        answer = ask(web.port, request("GET", SESSION, bearer))
        expect_equal(answer.json(), {"signed_in": True, "name": "bao-cao",
                                     "role": "viewer", "unit": None,
                                     "csrf": None, "until": None}, "who")
        for wrong in ("Bearer " + "0" * 64, "Bearer", "Basic bGFuOng=",
                      f"bearer\t{token}", f"Bearer {token} ", token):
            answer = ask(web.port, request("GET", SESSION,
                                           [f"Authorization: {wrong}"]))
            expect(is_nobody(answer) or wrong.endswith(" "), wrong)
        expect(token not in (web.folder / "tokens").read_text(), "hash only")
        web.users("revoke-token", "bao-cao")
        expect(is_nobody(ask(web.port, request("GET", SESSION, bearer))),
               "taken back")


def files_that_others_may_touch_open_nothing():
    with site() as web:
        web.add("lan")
        lan = web.browser("lan")
        os.chmod(web.folder / "users", 0o640)
        expect(not lan.is_signed_in(), "who was signed in is not")
        expect_equal(web.sign_in("lan").status, 503, "nobody signs in")
        web.users("add", "hoa", "--role", "viewer", password=PASSWORD, code=1)
        os.chmod(web.folder / "users", 0o600)
        expect_equal(web.sign_in("lan").status, 200, "mended")


# ---- opening ----

def one_who_follows_ever_other_views_leaves_room():
    with site() as web:
        tokens = [[f"Authorization: Bearer {token}"] for token in (
            web.users("token", name, "--role", "viewer")
            for name in ("greedy", "honest"))]
        streams = []

        def follow(query, headers):
            streams.append(Connection(web.port))
            streams[-1].send(request("GET", f"/api/v1/live{query}", headers))
            return streams[-1].read().status
        found = [follow(f"?plan=x{place}", tokens[0]) for place in range(12)]
        expect_equal(found, [200] * 8 + [503] * 4, "views of one")
        expect_equal(follow("", tokens[1]), 200, "another")
        while b"event: hello" not in streams[-1].held:
            expect(streams[-1].more(), "it is greeted")
        answer = wait_until(lambda: (lambda found: found if found.status == 200
                                     else None)(
            ask(web.port, request("GET", "/api/v1/overview", tokens[1]))),
            "an overview")
        expect(answer.json()["lines"], "an honest question is answered")
        for stream in streams:
            stream.socket.close()


def a_taken_port_is_named():
    with site() as web:
        web.line.province.daemon.stop()
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", web.port))
            taken.listen(1)
            web.line.province.daemon.start()
            words = web.line.province.daemon.log_text()
            expect(f"address=127.0.0.1:{web.port}" in words and
                   "no pages: another program listens" in words, words)
        wait_until(lambda: web.line.province.daemon.log_text().count(
            "pages are served") == 1, "pages, when it has gone")
        expect_equal(ask(web.port, request("GET", "/-/healthy")).status, 200,
                     "healthy")


def over_tls_the_cookie_is_secure():
    with Line() as line:
        key, certificate = line.home / "web.key", line.home / "web.crt"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
             "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
             "/CN=localhost", "-keyout", key, "-out", certificate],
            check=True, capture_output=True, timeout=30)
        web = Site(line, f", certificate: {certificate}, key: {key}")
        web.add("lan")
        context = ssl.create_default_context(cafile=certificate)

        def wrap(plain):
            return context.wrap_socket(plain, server_hostname="localhost")

        lan = Browser(web.port, "lan", PASSWORD, wrap)
        expect("; Secure" in lan.set_cookie, lan.set_cookie)
        expect(lan.is_signed_in(), "signed in over TLS")
        expect(web.users("link", "lan").startswith("https://"), "https")
        answer = ask(web.port, request("GET", "/"))
        expect(answer is None or answer.status >= 400, "not in the clear")
        os.chmod(key, 0o604)
        line.province.daemon.stop()
        words = line.province.daemon.start_in_vain(CONFIG)
        expect("web.key" in words, words)
        os.chmod(key, 0o600)
        line.province.daemon.start()


run_tests([five_hundred_slow_heads_keep_nobody_out,
           requests_one_behind_the_other_are_answered_in_order,
           an_old_protocol_is_answered_and_ended,
           what_is_too_large_is_refused,
           no_path_leads_out_of_the_pages,
           odd_requests_are_refused_and_nothing_breaks,
           a_body_without_a_stated_length_is_refused,
           another_host_or_site_is_refused,
           a_session_is_ours_alone_and_ends_when_it_should,
           the_oldest_of_too_many_sessions_ends,
           session_replies_are_as_described,
           guessing_is_slow_and_tells_nothing,
           a_link_signs_in_once,
           a_token_is_for_programs_and_can_be_taken_back,
           files_that_others_may_touch_open_nothing,
           one_who_follows_ever_other_views_leaves_room,
           a_taken_port_is_named,
           over_tls_the_cookie_is_secure])
