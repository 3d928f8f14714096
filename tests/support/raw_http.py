"""An HTTP client that sends what no browser would, byte for byte."""

import json
import socket
import time

from line import Failure, expect_equal

SECONDS = 20


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"{self.status} {self.headers} {self.body[:200]!r}"


class Connection:
    """One connection; answers are read one after the other."""

    def __init__(self, port, wrap=None):
        self.socket = socket.create_connection(("127.0.0.1", port), SECONDS)
        if wrap is not None:
            self.socket = wrap(self.socket)
        self.held = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass  # refused half way; the answer says why

    def more(self):
        try:
            data = self.socket.recv(65536)
        except (ConnectionResetError, TimeoutError):
            data = b""
        self.held += data
        return data != b""

    def read(self, head=False):
        """The next answer; None: the connection ended without one."""
        while b"\r\n\r\n" not in self.held:
            if not self.more():
                return None
        top, self.held = self.held.split(b"\r\n\r\n", 1)
        lines = top.decode("latin-1").split("\r\n")
        headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(": ")
            headers[name.lower()] = value
        status = int(lines[0].split()[1])
        length = int(headers.get("content-length", 0))
        if head or status in (204, 304):
            length = 0
        while len(self.held) < length and self.more():
            pass
        body, self.held = self.held[:length], self.held[length:]
        return Answer(status, headers, body)

    def ended(self):
        """Whether the other side ends it."""
        while self.more():
            pass
        return True


def ask(port, data, wrap=None, head=False):
    """One request of any bytes, on a connection of its own."""
    if isinstance(data, str):
        data = data.encode()
    with Connection(port, wrap) as connection:
        connection.send(data)
        return connection.read(head)


def request(method, path, headers=(), body=None, host="127.0.0.1"):
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", *headers]
    if body is not None:
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        lines += [f"Content-Length: {len(body)}"]
        if not any(line.lower().startswith("content-type") for line in lines):
            lines += ["Content-Type: application/json"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + (body or b"")


def is_nobody(answer):
    """Whether an answer of /api/v1/session says that nobody is signed in."""
    return answer.status == 200 and answer.json() == {"signed_in": False}


class Browser:
    """Signed in by name and password, with its cookie and its token."""

    def __init__(self, port, name, password, wrap=None):
        self.port = port
        self.wrap = wrap
        started = time.monotonic()
        answer = ask(port, request("POST", "/api/v1/session", body={
            "name": name, "password": password}), wrap)
        self.seconds = time.monotonic() - started
        if answer is None or answer.status != 200 or is_nobody(answer):
            raise Failure(f"{name} was not signed in: {answer}")
        self.set_cookie = answer.headers["set-cookie"]
        self.cookie = self.set_cookie.split(";")[0]
        self.who = answer.json()

    def headers(self, csrf=True):
        own = [f"Cookie: {self.cookie}"]
        return own + ([f"X-Tallyline-CSRF: {self.who['csrf']}"] if csrf
                      else [])

    def get(self, path):
        return ask(self.port, request("GET", path, self.headers()), self.wrap)

    def is_signed_in(self):
        answer = self.get("/api/v1/session")
        expect_equal(answer.status, 200, "session")
        return not is_nobody(answer)
