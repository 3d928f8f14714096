"""A small line with its truth, to be harmed over and over.

    with Scene() as scene:
        for _ in rounds:
            scene.restore()
            ... harm: kill a program, break its disk ...
            scene.check()

One province and one office, as folders that are copied. Every event has a mark
of its own, the sum of its fine. SUBMITTED are the marks that a command was
given, ACKED those that it printed as saved. check() starts both daemons and
demands that the line works without a hand and that what was acked is stored,
each event once, nothing else beside it, and the figures those of a recount.
"""

import shutil
import subprocess

import ledger_file
from line import (PROGRAMS, SMALL_PROVINCE, COMMAND_SECONDS, Line, Skip,
                  copy_folder, environment, expect_equal, saved_count,
                  saved_id, visit)
from marks import check_marks

INSPECTION = 8
SETTLE_SECONDS = 60
# The leak check cannot look at a traced process.
TRACED = {"ASAN_OPTIONS": "detect_leaks=0"}


def need_strace():
    if shutil.which("strace") is None:
        raise Skip("strace is missing")


def strace(*options):
    """The start of a command that is traced; it keeps its own process id."""
    return ["strace", "-D", "-f", "-qq", "-o", "/dev/null",
            *map(str, options)]


def recount(ledger):
    """The figures of the small plan, from the events as they are stored."""
    gone = {ledger_file.id_of(event.target)
            for event, _ in ledger.events.values() if event.target}
    live = [event for identity, (event, _) in ledger.events.items()
            if event.type == INSPECTION and identity not in gone]
    return {"visits": len(live),
            "fines": sum(event.inspection.fine_vnd for event in live),
            "inspected": len({event.inspection.est_ref for event in live}),
            "communes": len({event.subject_unit for event in live})}


class Scene:
    def __init__(self, received=5, waiting=8):
        self.line = Line(files=SMALL_PROVINCE)
        self.received = received
        self.waiting = waiting
        self.submitted = set()
        self.acked = set()
        self.imports = []
        self.marks = 0
        self.more = {}  # to the environment of the office's commands

    def __enter__(self):
        line = self.line.__enter__()
        try:
            self.province = line.province
            self.office = line.office("gso3:901")
            self.classes = ledger_file.load_classes(line.home)
            self.office.start()
            for _ in range(self.received):
                self.record()
            line.settle()
            self.office.daemon.stop()
            self.province.daemon.stop()
            for _ in range(self.waiting):
                self.record()
            self.save()
        except BaseException as failure:
            line.__exit__(type(failure), failure, None)
            raise
        return self

    def __exit__(self, kind, value, trace):
        return self.line.__exit__(kind, value, trace)

    # ---- as it lies on the disk ----

    def parts(self):
        return [self.province.folder, self.office.folder]

    def save(self):
        self.kept = (set(self.submitted), set(self.acked),
                     list(self.imports))
        for folder in self.parts():
            copy_folder(folder, self.line.home / "kept" / folder.name)

    def restore(self):
        for daemon in self.line.all_daemons():
            daemon.kill()
            daemon.prefix, daemon.more = [], {}
            daemon.log.unlink(missing_ok=True)
        self.submitted, self.acked, self.imports = (
            type(part)(part) for part in self.kept)
        for folder in self.parts():
            shutil.rmtree(folder)
            copy_folder(self.line.home / "kept" / folder.name, folder)

    # ---- entry ----

    def command(self, program, folder, arguments, prefix=()):
        """Runs a command that may be harmed; gives code, stdout, stderr."""
        done = subprocess.run(
            [*prefix, PROGRAMS / program, *map(str, arguments), "--dir",
             str(folder)], capture_output=True, text=True,
            stdin=subprocess.DEVNULL, timeout=COMMAND_SECONDS,
            env=environment(**(TRACED if prefix else {}), **self.more))
        return done.returncode, done.stdout, done.stderr

    def agent(self, *arguments, prefix=()):
        return self.command("tallyline-agent", self.office.folder, arguments,
                            prefix)

    def mark(self):
        self.marks += 1
        self.submitted.add(self.marks)
        return self.marks

    def event(self, mark):
        return visit(90101 + mark % 3, mark, f"@so-{mark % 7}")

    def record(self, prefix=()):
        """Gives code and stderr."""
        mark = self.mark()
        fields = (f"{key}={value}" for key, value in self.event(mark).items())
        code, out, errors = self.agent("record", "inspection", *fields,
                                       prefix=prefix)
        if saved_id(out) is not None:
            self.acked.add(mark)
        return code, errors

    def import_rows(self, count, prefix=()):
        marks = [self.mark() for _ in range(count)]
        self.imports.append(frozenset(marks))
        path = self.office.write_rows(
            [{"type": "inspection", **self.event(mark)} for mark in marks])
        code, out, errors = self.agent("import", path, prefix=prefix)
        path.unlink()
        if saved_count(out) is not None:
            self.acked.update(marks)
        return code, errors

    # ---- the truth ----

    def check(self):
        """The line works again and nothing is lost, doubled or made up."""
        self.start(self.province.daemon)
        self.start(self.office.daemon)
        code, errors = self.record()
        expect_equal(code, 0, f"code of an entry after the fault: {errors}")
        self.line.settle(SETTLE_SECONDS)
        live = self.province.figures()
        receipts = {tuple(map(int, row["id"].split("."))): row["entry"]
                    for row in self.office.outbox()
                    if row["state"] != "moved"}
        for daemon in self.line.all_daemons():
            daemon.stop()
        ledger = ledger_file.Ledger(self.province.folder / "ledger.mdb",
                                    self.classes)
        self.compare(ledger)
        expect_equal({identity: index for identity, (_, index)
                      in ledger.events.items()}, receipts,
                     "events of the ledger beside the office's receipts")
        expect_equal(live, recount(ledger), "figures beside the recount")
        expect_equal(self.province.figures(), live, "figures folded again")

    def start(self, daemon):
        if not daemon.running():
            daemon.start()

    def compare(self, ledger):
        check_marks([event for event, _ in ledger.events.values()],
                    self.acked, self.submitted, self.imports)
