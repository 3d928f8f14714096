"""An office that sends to two collectors, and what the province orders at one
of them: new offices, new keys, new machines, new epochs. The other learns of it
by a file of orders, and until then only its own line waits."""

import contextlib
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from line import (Line, copy_folder, expect, expect_equal,  # noqa: E402
                  run_tests, visit, wait_until)
from second import Second, verified  # noqa: E402

NAME = "second"


def card_of(province, name):
    path = province.folder.parent / f"{name}.card"
    if not path.exists():
        province.command("card", "--name", name, "--output", path)
    return path


class Both:
    """Two collectors that run, and an office that sends to both."""

    def __init__(self, line):
        self.line = line
        self.first = line.province
        self.office = line.office("gso3:901")
        self.second = Second(line)
        self.second.daemon.start()
        self.office.start()
        self.office.command("collectors", "add", card_of(self.second, NAME))

    def record(self, fine, office=None):
        (office or self.office).record("inspection", visit(90101, fine))

    def row(self, name=NAME, office=None):
        rows = (office or self.office).rows("collectors")
        return {row["name"]: row for row in rows}[name]

    def settle(self, office=None):
        wait_until((office or self.office).drained, "the primary to have it")
        for row in (office or self.office).rows("collectors"):
            wait_until(lambda name=row["name"]: self.row(name, office)
                       ["waiting"] == 0, f"{row['name']} to have it")

    def new_keys(self):
        """A file of them for the office."""
        file = self.line.home / "rotate"
        self.first.command("rotate", 1, "--output", file)
        return file

    def same_figures(self, visits):
        for side in (self.first, self.second):
            wait_until(lambda side=side: side.figures()["visits"] == visits,
                       f"{visits} visits in {side.folder.name}")
        expect_equal(self.second.figures(), self.first.figures(), "figures")

    def second_hears(self, orders, office=None):
        """A start is sooner than the next attempt of a line that was turned
        away."""
        expect_equal(self.second.hear(self.first), (orders, 0), "its orders")
        self.again(NAME, office)

    def again(self, name, office=None):
        (office or self.office).daemon.stop()
        (office or self.office).start()
        wait_until(lambda: self.row(name, office)["waiting"] == 0,
                   f"{name} to have it")

    def end(self):
        for office in self.line.offices:
            office.daemon.stop()
        self.second.daemon.stop()
        verified(self.second)


@contextlib.contextmanager
def both_with_a_visit():
    with Line() as line:
        both = Both(line)
        both.record(1000)
        both.settle()
        yield both
        both.end()


def an_office_of_the_second_sends_to_the_first_when_it_is_back():
    with both_with_a_visit() as both:
        both.first.daemon.kill()
        office = both.second.office("gso3:902")
        office.start()
        office.record("inspection", visit(90201, 2000))
        wait_until(office.drained, "the second to receive it")
        both.first.daemon.start()
        office.command("collectors", "add", card_of(both.first, "other"))
        expect_equal(both.row("other", office)["waiting"], 1, "for the first")
        expect_equal(both.first.hear(both.second), (2, 0), "its orders")
        both.again("other", office)
        both.settle()
        both.same_figures(2)


def new_keys_are_the_second_ones_too_once_it_has_heard():
    with both_with_a_visit() as both:
        both.office.daemon.stop()
        both.office.command("rotate", both.new_keys())
        both.office.start()
        both.record(2000)
        wait_until(both.office.drained, "the primary to have it")
        expect_equal(both.row()["waiting"], 1, "for the second")
        both.second_hears(2)
        both.same_figures(2)


def a_new_epoch_is_opened_at_the_primary():
    """The office's disk was set back to a copy; both collectors have more than
    the copy, and get the rest."""
    with both_with_a_visit() as both:
        both.office.daemon.stop()
        copy_folder(both.office.folder, both.line.home / "copy")
        both.office.start()
        both.record(2000)
        both.settle()
        both.office.daemon.kill()
        shutil.rmtree(both.office.folder)
        copy_folder(both.line.home / "copy", both.office.folder)
        both.record(3000)
        both.office.daemon.start()
        wait_until(lambda: both.office.status()["line"] == "position_taken",
                   "the office to stand still")
        both.office.daemon.stop()
        both.office.command("recover", "--yes")
        both.office.start()
        wait_until(both.office.drained, "the primary to have it")
        both.second_hears(1)
        both.same_figures(3)


def a_new_machine_sends_to_both_again():
    with both_with_a_visit() as both:
        both.office.daemon.kill()
        shutil.rmtree(both.office.folder)
        file = both.line.home / "again"
        both.first.command("enrol", "--again", 1, "--output", file)
        both.office.command("join", file)
        both.office.start()
        both.office.command("collectors", "add", card_of(both.second, NAME))
        both.record(2000)
        wait_until(both.office.drained, "the primary to have it")
        both.second_hears(3)
        both.same_figures(2)


def new_keys_wait_for_what_the_old_ones_signed():
    """The second was dead when the office was given new keys. The province
    brings it what it lacks, and the office sees that by its receipts."""
    with both_with_a_visit() as both:
        both.second.daemon.kill()
        both.record(2000)
        wait_until(both.office.drained, "the primary to have it")
        both.office.daemon.stop()
        keys = both.new_keys()
        both.office.command("rotate", keys, code=1)
        both.second.daemon.start()
        both.second.arrive(both.first.leave("--batches"))
        expect_equal((both.second.arrived["added"],
                      both.second.arrived["batches"]), (1, 1), "brought")
        both.again(NAME)
        both.office.daemon.stop()
        both.office.command("rotate", keys)
        both.office.start()
        both.record(3000)
        wait_until(both.office.drained, "the primary to have it")
        both.second_hears(1)
        both.same_figures(3)


def two_stories_of_one_office_meet():
    """Who has an office's keys tells each collector something else."""
    with both_with_a_visit() as both:
        both.office.daemon.stop()
        clone = both.line.office("gso3:901", folder="clone")
        copy_folder(both.office.folder, clone.folder)
        for office, hidden in ((both.office, both.second),
                               (clone, both.first)):
            path = office.folder / "agent.yaml"
            path.write_text(path.read_text().replace(hidden.address,
                                                     "tcp://127.0.0.1:1"))
        both.record(2000)
        both.record(3000, clone)
        both.office.daemon.start()
        clone.daemon.start()
        wait_until(both.office.drained, "the first to have one story")
        wait_until(lambda: both.row(office=clone)["waiting"] == 0,
                   "the second to have the other")
        both.second.arrive(both.first.leave("--batches"), code=1)
        expect_equal((both.second.arrived["batches"],
                      both.second.arrived["refused"]), (0, 1), "taken")
        expect("1.1.2: " in both.second.said,
               f"the place is not named: {both.second.said}")
        rows = both.second.rows("status", "--agent", 1)
        expect("position_taken" in str(rows[0]["alarms"]),
               f"no alarm at the second: {rows[0]}")


run_tests([
    an_office_of_the_second_sends_to_the_first_when_it_is_back,
    new_keys_are_the_second_ones_too_once_it_has_heard,
    a_new_epoch_is_opened_at_the_primary,
    a_new_machine_sends_to_both_again,
    new_keys_wait_for_what_the_old_ones_signed,
    two_stories_of_one_office_meet,
])
