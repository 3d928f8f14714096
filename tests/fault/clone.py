#!/usr/bin/python3
"""One office on several machines: copied, put back to an older image, all of
them alive, recording and sending at once, with the collector restarted in
between.

    tests/fault/clone.py

A round is one random story of such steps (tests/support/rounds.py). The harness
knows which events lie on which machine's disk; an event that only a lost disk
had is nobody's to demand. In the story

  - a machine that has to stand still says so and what to do, and names every
    event of its own that the province does not have;
  - the province says that a machine was copied, as long as one stands still
    and the collector was not restarted.

At the end one machine after the other is made well by `recover`, and every
event of every disk counts once, no number stands for two things, and the
figures are those of a recount. (Two copies of a machine that both hold what
was never received both send it; it carries one entry_key then.)
"""

import random
import re
import shutil
import signal
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import ledger_file  # noqa: E402
from book import check_books  # noqa: E402
from marks import mark_of  # noqa: E402
from line import (Line, copy_folder, expect, expect_equal,  # noqa: E402
                  run_tests, visit, wait_until)
from rounds import Rounds  # noqa: E402
from scene import recount  # noqa: E402

ROUNDS = Rounds("clone stories", ci=4, full=50)
STEPS = 24
MACHINES_MAX = 3
SETTLE_SECONDS = 60
FROZEN = ("position_taken", "chain_broken")


def drop_repeated(ledger):
    """After FIGURES.md: of the events with one entry_key the least counts."""
    seen = set()
    repeated = []
    for identity in sorted(ledger.events):
        event, _ = ledger.events[identity]
        if event.HasField("entry_key"):
            if event.entry_key in seen:
                repeated.append(identity)
            seen.add(event.entry_key)
    for identity in repeated:
        del ledger.events[identity]
    return len(repeated)


class Disk:
    """What lies on it: a folder, events by their marks, things by the names
    that the office gave them."""

    def __init__(self, folder, marks=(), things=()):
        self.folder = folder
        self.marks = set(marks)
        self.things = dict(things)


class Machine:
    def __init__(self, story, office, disk):
        self.story = story
        self.office = office
        self.disk = disk

    @property
    def daemon(self):
        return self.office.daemon

    def line_word(self):
        return self.office.status()["line"]

    def frozen(self):
        return self.line_word() in FROZEN

    def record(self, count):
        chance = self.story.random
        rows = []
        for _ in range(count):
            mark = self.story.mark()
            name = f"@so-{chance.randrange(8)}"
            thing = self.disk.things.setdefault(name, mark)
            self.story.thing_of[mark] = thing
            rows.append(visit(90101, mark, name,
                              f"2018-{chance.randrange(1, 13):02}-15"))
        if count == 1:
            self.office.record("inspection", rows[0])
        else:
            self.office.import_rows([{"type": "inspection", **row}
                                     for row in rows])
        self.disk.marks.update(row["fine_vnd"] for row in rows)

    def image(self, folder):
        """Of a machine that is off, or of one in the midst of its work."""
        running = self.daemon.running()
        if running:
            self.daemon.process.send_signal(signal.SIGSTOP)
        copy_folder(self.office.folder, folder)
        if running:
            self.daemon.process.send_signal(signal.SIGCONT)
        return Disk(folder, self.disk.marks, self.disk.things)

    def recover(self):
        """Gives the number of events that it said were not received."""
        self.daemon.stop()
        words = self.office.command("recover", code=None).stdout
        if self.frozen():
            self.office.command("recover", "--yes")
        self.daemon.start()
        found = re.search(r"from this machine: (\d+)", words)
        return int(found.group(1)) if found else None


class Story:
    """What happens to one office in one round."""

    def __init__(self, number):
        self.random = random.Random(f"{ROUNDS.seed}-{number}")
        self.line = Line()
        self.machines = []
        self.images = []
        self.submitted = set()
        self.thing_of = {}
        self.marks = 0
        self.folders = 0
        self.told = []
        self.restarted = False
        self.recoveries = self.twice = self.split = 0
        self.pausing = threading.Event()

    def __enter__(self):
        self.line.__enter__()
        self.province = self.line.province
        self.classes = ledger_file.load_classes(self.line.home)
        office = self.line.office("gso3:901")
        self.number = office.number
        self.machines.append(Machine(self, office, Disk(office.folder)))
        office.start()
        return self

    def __exit__(self, kind, value, trace):
        if kind is not None:
            print("  story: " + "; ".join(self.told), flush=True)
        return self.line.__exit__(kind, value, trace)

    def mark(self):
        self.marks += 1
        self.submitted.add(self.marks)
        return self.marks

    def new_folder(self):
        self.folders += 1
        return self.line.home / f"disk-{self.folders}"

    def any(self):
        return self.random.choice(self.machines)

    def name(self, machine):
        return "ABC"[self.machines.index(machine)]

    # ---- steps ----

    def work(self):
        machine = self.any()
        count = self.random.choice([1, 1, 1, 2, 30])
        self.told.append(f"{self.name(machine)} records {count}")
        machine.record(count)

    def pause(self):
        self.pausing.wait(self.random.uniform(0, 0.2))

    def copy(self):
        if len(self.machines) == MACHINES_MAX:
            return
        source = self.any()
        folder = self.new_folder()
        disk = source.image(folder)
        office = self.line.office("gso3:901", folder=folder.name)
        office.number = self.number
        self.machines.append(Machine(self, office, disk))
        self.told.append(f"{self.name(source)} is copied")

    def take_image(self):
        machine = self.any()
        self.images.append(machine.image(self.new_folder()))
        self.told.append(f"image {len(self.images) - 1} of "
                         f"{self.name(machine)}")

    def put_back(self):
        if not self.images:
            return
        machine = self.any()
        image = self.random.choice(self.images)
        machine.daemon.kill()
        shutil.rmtree(machine.office.folder)
        copy_folder(image.folder, machine.office.folder)
        machine.disk = Disk(machine.office.folder, image.marks, image.things)
        self.told.append(f"{self.name(machine)} is put back to image "
                         f"{self.images.index(image)}")

    def switch(self):
        machine = self.any()
        if machine.daemon.running():
            self.random.choice([machine.daemon.stop, machine.daemon.kill])()
            self.told.append(f"{self.name(machine)} off")
        else:
            machine.daemon.start()
            self.told.append(f"{self.name(machine)} on")

    def restart_province(self):
        daemon = self.province.daemon
        self.random.choice([daemon.stop, daemon.kill])()
        daemon.start()
        self.restarted = True
        self.told.append("collector again")

    def mend(self):
        frozen = [machine for machine in self.machines if machine.frozen()]
        if not frozen:
            return
        machine = self.random.choice(frozen)
        self.told.append(f"{self.name(machine)} recovers")
        machine.recover()
        self.recoveries += 1

    def go(self):
        steps = ([self.work] * 8 + [self.pause] * 3 + [self.copy] * 2
                 + [self.take_image] * 2 + [self.put_back] * 2
                 + [self.switch] * 4 + [self.restart_province, self.mend])
        for _ in range(STEPS):
            self.random.choice(steps)()
            expect(self.province.daemon.running(), "the collector lives")

    # ---- the end ----

    def ledger(self):
        copy = self.line.home / "ledger.copy"
        shutil.copyfile(self.province.folder / "ledger.mdb", copy)
        return ledger_file.Ledger(copy, self.classes)

    def stored(self):
        return {mark_of(event)
                for event, _ in self.ledger().events.values()}

    def alarms(self):
        return str(self.province.rows("status")[0]["alarms"])

    def check_frozen(self, machine):
        """It says what to do, and so does the province."""
        expect("recover" in machine.office.words(), machine.office.words())
        expect(self.restarted or "position_taken" in self.alarms(),
               f"{self.name(machine)} stands still, and the province has "
               f"the alarms {self.alarms()}")

    def alone(self, machine):
        for other in self.machines:
            if other is not machine and other.daemon.running():
                other.daemon.stop()
        if not machine.daemon.running():
            machine.daemon.start()

    def make_well(self, machine):
        self.alone(machine)
        wait_until(lambda: machine.frozen() or machine.office.drained(),
                   f"{self.name(machine)} to send or to stand still",
                   SETTLE_SECONDS)
        if machine.frozen():
            self.check_frozen(machine)
            missing = machine.disk.marks - self.stored()
            named = machine.recover()
            expect(len(missing) <= named <= len(machine.disk.marks),
                   f"{self.name(machine)} names {named} events, "
                   f"{len(missing)} were not received")
            self.recoveries += 1
        wait_until(machine.office.drained,
                   f"{self.name(machine)} to send all it has",
                   SETTLE_SECONDS)
        missing = machine.disk.marks - self.stored()
        expect(not missing, f"of {self.name(machine)} is missing: "
               f"{sorted(missing)[:5]}")

    def end(self):
        for machine in self.random.sample(self.machines, len(self.machines)):
            self.make_well(machine)
        for machine in self.machines:
            machine.daemon.kill()
        figures = self.province.figures()
        ledger = self.ledger()
        stored = len(ledger.events)
        self.twice += drop_repeated(ledger)
        wanted = set().union(*(machine.disk.marks
                               for machine in self.machines))

        class All:
            acked, submitted = wanted, self.submitted
        check_books([All], ledger)
        expect_equal(figures, recount(ledger), "figures beside the recount")
        things = {}
        for event, _ in ledger.events.values():
            things.setdefault(event.inspection.est_ref, set()).add(
                self.thing_of[mark_of(event)])
        mixed = {number: names for number, names in things.items()
                 if len(names) > 1}
        expect(not mixed, f"one number for several things: {mixed}")
        # Copies of a machine that had to stand still each give a number of
        # their own to what no received event had named; same_as joins them.
        self.split += len(things) - len(set().union(*things.values()))
        return stored


def no_copy_of_an_office_loses_or_doubles_anything():
    print(ROUNDS, flush=True)
    events = recoveries = twice = split = 0
    for number in range(ROUNDS.count):
        with Story(number) as story:
            print(f"story {number}", end=" ", flush=True)
            story.go()
            events += story.end()
            recoveries += story.recoveries
            twice += story.twice
            split += story.split
    print(f"\n{events} events, {recoveries} recoveries, {twice} events sent "
          f"by two copies and counted once, {split} second numbers of a thing")


run_tests([no_copy_of_an_office_loses_or_doubles_anything])
