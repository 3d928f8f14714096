"""A day of an office: its real page before a browser (office_day.mjs), a real
province behind a link that is down most of the day, and the power that goes.
"""

import json
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from forwarder import Forwarder  # noqa: E402
from line import (Line, PROGRAMS, SOURCE, environment, expect,  # noqa: E402
                  free_port, run_command, run_tests, wait_until)
from steered import drive  # noqa: E402

PLAN = SOURCE / "plans" / "ha-noi-2018"
PERSON, PIN = "Nguyễn Thị Lan", "190582"
NAME, PASSWORD = "hung", "mot hai ba bon nam"
# What a visit by a district's team counts for, and nobody else's work does.
FIGURE = "inspection_visit_count"
# Names of tests in office_day.mjs; without any, all of them.
WANTED = sys.argv[1:]


def run_with(program, folder, words, *arguments):
    """A command that is told something on its standard input."""
    subprocess.run([PROGRAMS / program, *arguments, "--dir", folder],
                   input=f"{words}\n", text=True, check=True,
                   capture_output=True, env=environment())


class Scene:
    def __init__(self, line, link, port):
        self.line = line
        self.link = link
        self.office = line.office("gso3:001")
        self.page = free_port()
        self.dashboard = port
        self.jar = None  # signed in at the dashboard
        path = self.office.folder / "agent.yaml"
        path.write_text(path.read_text()
                        + f"web:\n  listen: 127.0.0.1:{self.page}\n")
        run_with("tallyline-agent", self.office.folder, PIN, "people", "add",
                 PERSON, "--role", "clerk")
        self.office.go_by(link.port)

    def begin(self):
        self.office.start()

    # What the browser orders.

    def cut(self):
        self.link.refuse()
        self.link.cut()

    def heal(self):
        self.link.heal()

    def power(self):
        """It goes, and comes back: nothing is told before."""
        self.off()
        self.on()

    def off(self):
        self.office.daemon.kill()

    def on(self):
        self.office.daemon.start()

    def received(self):
        """What the province has, once all of it is there."""
        wait_until(self.office.drained, "everything to be received")
        return json.dumps(self.line.province.outcomes())

    def outbox(self):
        """By the command, for who does not believe the page."""
        rows = self.office.outbox()
        return json.dumps([row["state"] for row in rows])

    def lines(self, query=""):
        """Of the office's unit, as the dashboard has them."""
        address = f"http://127.0.0.1:{self.dashboard}/api/v1/"
        if self.jar is None:
            self.jar = urllib.request.build_opener(
                urllib.request.HTTPCookieProcessor())
            words = json.dumps({"name": NAME, "password": PASSWORD}).encode()
            self.jar.open(urllib.request.Request(
                f"{address}session", words,
                {"Content-Type": "application/json"})).read()
        found = self.jar.open(f"{address}units/gso3:001{query}").read()
        return json.loads(found)["lines"]

    def figures(self):
        return json.dumps({line["id"]: line["figure"]["value"]
                           for line in self.lines()})

    def states(self, period):
        """Figure of each line of a period, and whose word it is."""
        return json.dumps([
            [line["id"], line["figure"]["value"], line["reporting"]]
            for line in self.lines(f"?period={period}&regime=calendar")])

    def paper(self, period):
        """The province's report of the office's unit, in Vietnamese."""
        return json.dumps(run_command(
            "tallyline-collector", self.line.province.folder,
            ["report", "print", "--period", period, "--regime", "calendar",
             "--unit", "gso3:001", "--for-unit", "gso3:001", "--by", "none",
             "--format", "html"], more={"TALLYLINE_LANG": "vi"}).stdout)


def an_office_has_its_day():
    port = free_port()
    with Line(origin="ha-noi.test.example/ledger", files=PLAN,
              unit="gso3:01") as line, \
            Forwarder(line.province.port) as link:
        line.province.daemon.stop()
        line.province.configure(web=f"{{listen: '127.0.0.1:{port}'}}")
        run_with("tallyline-collector", line.province.folder, PASSWORD,
                 "users", "add", NAME, "--role", "admin")
        line.province.daemon.start()
        scene = Scene(line, link, port)
        scene.begin()
        last = drive("office_day.mjs", scene, WANTED,
                     TALLYLINE_WEB=f"http://127.0.0.1:{scene.page}",
                     TALLYLINE_PERSON=PERSON, TALLYLINE_PIN=PIN)
        expect(re.fullmatch(r"\d+ passed, 0 failed, 0 skipped", last), last)


if __name__ == "__main__":
    del sys.argv[1:]
    run_tests([an_office_has_its_day])
