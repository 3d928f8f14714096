"""The interface of a collector, as a program asks it: each reply is held
against openapi.json.

    web = Interface(line.province)
    overview = web.get("viewer", "/overview", plan="ha-noi-2018")

A role is asked for by a token of its own. What the description does not say, a
reply may not have.
"""

import http.client
import json
import urllib.parse

from description import Description
from line import SOURCE, Failure, expect_equal, free_port

DESCRIPTION = Description(SOURCE / "collector" / "api" / "openapi.json")
ROLES = ["viewer", "officer", "auditor", "admin"]
operation_of = DESCRIPTION.operation_of
check_reply = DESCRIPTION.check_reply
ENDS_AFTER = 3  # beats


def configure(province, **more):
    """Has the collector serve pages from its next start on; gives the port."""
    port = free_port()
    province.configure(web=f"{{listen: 127.0.0.1:{port}}}", **more)
    return port


class Reply:
    def __init__(self, status, headers, body, read):
        self.status, self.headers, self.body, self.read = (status, headers,
                                                           body, read)


class Interface:
    def __init__(self, province, port):
        self.province = province
        self.port = port
        self.tokens = {}
        self.asked = set()  # (operation, role)

    def token(self, role, unit=None):
        if (role, unit) not in self.tokens:
            name = role if unit is None else f"{role}-{unit.split(':')[1]}"
            more = [] if unit is None else ["--unit", unit]
            done = self.province.command("users", "token", name, "--role", role,
                                         *more)
            self.tokens[role, unit] = done.stdout.split()[-1]
        return self.tokens[role, unit]

    def ask(self, role, path, unit=None, headers=None, **query):
        """`unit` is the district's own. A query's name `from_` is `from`."""
        asked = {name.rstrip("_"): value for name, value in query.items()}
        line = "/api/v1" + urllib.parse.quote(path, safe="/:@")
        if asked:
            line += "?" + urllib.parse.urlencode(asked)
        all_headers = dict(headers or {})
        if role is not None:
            all_headers["Authorization"] = f"Bearer {self.token(role, unit)}"
        connection = http.client.HTTPConnection("127.0.0.1", self.port,
                                                timeout=30)
        try:
            connection.request("GET", line, headers=all_headers)
            response = connection.getresponse()
            body = response.read()
        finally:
            connection.close()
        kind = (response.getheader("Content-Type") or "").split(";")[0]
        read = check_reply("get", path, response.status, kind, body)
        self.asked.add((operation_of("get", path)[1]["operationId"], role))
        return Reply(response.status, response.headers, body, read)

    def get(self, role, path, unit=None, **query):
        """What a request that must succeed is answered."""
        reply = self.ask(role, path, unit, **query)
        expect_equal(reply.status, 200,
                     f"{role} {path} {query}: {reply.body[:300]!r}")
        return reply.read

    def follow(self, role, unit=None, last=None, **query):
        """A stream of events; close it."""
        return Stream(self, role, unit, last, query)


class Stream:
    """Server-sent events, one by one."""

    def __init__(self, web, role, unit, last, query):
        self.connection = http.client.HTTPConnection("127.0.0.1", web.port,
                                                     timeout=30)
        headers = {"Authorization": f"Bearer {web.token(role, unit)}"}
        if last is not None:
            headers["Last-Event-ID"] = str(last)
        line = "/api/v1/live"
        if query:
            line += "?" + urllib.parse.urlencode(query)
        self.connection.request("GET", line, headers=headers)
        self.response = self.connection.getresponse()
        self.status = self.response.status

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()

    def ends(self):
        """Reads what there is; false: it goes on beyond two beats."""
        for _ in range(ENDS_AFTER):
            try:
                self.next("beat")
            except Failure:
                return True
        return False

    def next(self, *names):
        """The next event of one of these names (of any without one): its name,
        id and data."""
        while True:
            event, identity, data = None, None, None
            while True:
                line = self.response.readline().decode()
                if line == "":
                    raise Failure("the stream has ended")
                if line == "\n":
                    break
                name, _, value = line.rstrip("\n").partition(": ")
                if name == "event":
                    event = value
                elif name == "id":
                    identity = value
                elif name == "data":
                    data = json.loads(value)
            if not names or event in names:
                return event, identity, data
