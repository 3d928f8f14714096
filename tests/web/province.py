"""The dashboard before a real province: Hà Nội's plan, an office with its sample
year, one that has fallen silent, one that was never switched on. A browser
(province.mjs) signs in, looks, prints and downloads; what has to happen in the
province meanwhile is done here.
"""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from forwarder import Forwarder  # noqa: E402
from line import (Line, PROGRAMS, SOURCE, expect, free_port,  # noqa: E402
                  run_command, run_tests, wait_until)
from steered import drive  # noqa: E402

PLAN = SOURCE / "plans" / "ha-noi-2018"
SAMPLES = PLAN / "samples" / "1-ba-dinh"
PAIRS = ["gso3:001:district_labour_office", "gso3:001:police",
         "gso3:01:social_evils_subdept"]
# Names of tests in province.mjs; without any, all of them.
WANTED = sys.argv[1:]
PASSWORD = "mot hai ba bon nam"
CITY = {"unit": "gso3:01", "office": "social_evils_subdept"}


def visit(number):
    """An establishment that the city's team has never been to."""
    return {**CITY, "inspected_on": "2018-12-20",
            "subject_unit": "gso3:00025", "est_ref": f"@moi-{number}",
            "team_kind": "interagency_178", "team_level": "province",
            "mode": "planned", "result": "no_violation", "violations": 0}


def cells(path):
    """What a workbook says, without what its zip file says about it."""
    with zipfile.ZipFile(path) as book:
        return {name: book.read(name) for name in book.namelist()
                if name.startswith("xl/")}


class Scene:
    def __init__(self, line, link):
        self.line = line
        self.link = link
        self.visits = 0
        self.office = line.office("gso3:001", pairs=PAIRS,
                                  more=["--area", "gso3:01"])
        self.silent = line.office("gso3:002")
        self.last = None

    def begin(self):
        self.line.province.enrol(
            "Phòng LĐ-TB&XH quận Tây Hồ", self.line.home / "never.enrol",
            ["gso3:003:district_labour_office"])
        for office in (self.office, self.silent):
            office.start()
        for path in sorted(SAMPLES.glob("[0-9]*.csv")):
            self.office.import_file(path)
        self.silent.record("plan_issued", {
            "issued_on": "2018-02-05", "subject_unit": "gso3:002",
            "year": 2018, "integrates": "drug", "own_inspection_target": 30})
        self.line.settle()
        self.silent.daemon.stop()

    # What the browser orders.

    def record(self):
        self.visits += 1
        self.last = self.office.record("inspection", visit(self.visits))
        wait_until(self.office.drained, "the visit to be received")

    def correct(self):
        """A visit that is replaced; gives the id of the first version."""
        self.record()
        first = self.last
        self.office.record("inspection", {
            **visit(self.visits), "result": "violation", "violations": 1,
            "corrects": first, "reason": "typing_error"})
        wait_until(self.office.drained, "the correction to be received")
        return first

    def cut(self):
        self.link.refuse()
        self.link.cut()

    def heal(self):
        self.link.heal()

    def wake(self):
        self.silent.daemon.start()

    def invite(self):
        """A one-time address, as the demo prints it."""
        said = self.line.province.command("users", "link", "lan").stdout
        return re.search(r"/dang-nhap#\S+", said).group()

    def open(self, path):
        """Holds a workbook against the one that the command makes for who sees
        all."""
        mine = self.line.home / "quy-2.xlsx"
        run_command("tallyline-collector", self.line.province.folder, [
            "report", "print", "--plan", "ha-noi-2018", "--period", "2018-Q2",
            "--raw", "--format", "xlsx", "--output", mine],
            more={"TALLYLINE_LANG": "vi"})
        expect(cells(path), "the workbook is empty")
        return "same" if cells(path) == cells(mine) else "different"


def add_user(folder, name, role):
    subprocess.run([PROGRAMS / "tallyline-collector", "users", "add", name,
                    "--role", role, "--dir", folder], check=True, text=True,
                   input=f"{PASSWORD}\n", capture_output=True)


def people_see_their_province():
    port = free_port()
    with Line(origin="ha-noi.test.example/ledger", files=PLAN,
              unit="gso3:01") as line, Forwarder(port) as link:
        scene = Scene(line, link)
        scene.begin()
        line.province.daemon.stop()
        line.province.configure(web=f"{{listen: '127.0.0.1:{port}'}}")
        add_user(line.province.folder, "lan", "admin")
        line.province.daemon.start()
        last = drive("province.mjs", scene, WANTED,
                     TALLYLINE_WEB=f"http://127.0.0.1:{link.port}",
                     TALLYLINE_PASSWORD=PASSWORD)
        expect(re.fullmatch(r"\d+ passed, 0 failed, 0 skipped", last), last)


if __name__ == "__main__":
    del sys.argv[1:]
    run_tests([people_see_their_province])
