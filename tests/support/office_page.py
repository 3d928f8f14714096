"""The office's page, as a program that asks it.

    office, page = open_page(line)
    page.post("events", {"rows": [...]})
"""

import json
import secrets
import socket
import subprocess
import urllib.error
import urllib.request

from description import Description
from line import (PROGRAMS, SOURCE, Failure, environment, expect,
                  expect_equal, free_port)

DESCRIPTION = Description(SOURCE / "agent" / "api" / "openapi.json",
                          "/api/v1/")
PIN = "190582"
BEATS_MAX = 2  # of the stream, one in 15 s


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
                kind = answer.headers.get("Content-Type")
                self.cookie = answer.headers.get("Set-Cookie")
        except urllib.error.HTTPError as error:
            found, text = error.code, error.read()
            kind = error.headers.get("Content-Type")
        expect_equal(found, code, f"{method} {path}: {text[:300]}")
        DESCRIPTION.check_reply(method.lower(), path.split("?")[0], found,
                                (kind or "").split(";")[0], text)
        return json.loads(text) if text and "json" in kind else text

    def text(self, path):
        return self.get(path).decode()

    def stream(self):
        return Stream(self)

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

    def connect(self):
        """A connection of one's own, for what is sent byte for byte."""
        host, port = self.address.split(":")
        return socket.create_connection((host, int(port)), 30)

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


class Stream:
    """Events of the page, as they come."""

    def __init__(self, page):
        request = urllib.request.Request(f"http://{page.address}/api/v1/live",
                                         headers=page.signed_in)
        self.answer = urllib.request.urlopen(request, timeout=30)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.answer.close()

    def next(self):
        """The next event that is no beat: its name and data."""
        for _ in range(BEATS_MAX):
            lines = []
            while (line := self.answer.readline().decode()) != "\n":
                expect(line, "the stream to go on")
                lines.append(line.rstrip("\n"))
            name = lines[0].removeprefix("event: ")
            if name != "beat":
                return name, json.loads(lines[1].removeprefix("data: "))
        raise Failure("the stream has nothing to tell")

    def rest(self):
        """Names of all that is told until the stream ends, but beats."""
        names = []
        while (line := self.answer.readline().decode()):
            if line.startswith("event: "):
                names.append(line.strip().removeprefix("event: "))
            expect(names.count("beat") <= BEATS_MAX, "the stream to end")
        return [name for name in names if name != "beat"]

    def until(self, wanted):
        name, data = self.next()
        while not wanted(name, data):
            name, data = self.next()


def key():
    return secrets.token_hex(16)


def open_page(line, unit="gso3:901", **options):
    office = line.office(unit, **options)
    page = Page(office)
    page.add_person("Chị Hoa", "clerk")
    office.start()
    page.sign_in("Chị Hoa")
    return office, page
