#!/usr/bin/python3
"""The line under full load for an hour: nothing grows.

    tests/fault/soak.py

A round is a minute (tests/support/rounds.py). Six offices save groups of 1 to
256 events without a pause (tests/support/pour_office.c), as much as the
processors and the disk give, while their daemons seal and send and the
collector takes in, counts and answers. Every SAMPLE_SECONDS the anonymous
memory, the descriptors and the threads of each daemon go to a table and a
plot, build/soak/soak.csv and soak.svg.

What a collector knows grows with what is said about things and with the rows
of imported files, each of which may be corrected or asked for by day. Here no
thing is named, there are no files, and communes and days are few, so after the
first minutes only numbers change. In the second
half of the run, by a line of least squares, no process may then gain more than
MEMORY_MIB or MEMORY_SHARE of its memory, whichever is more, and none may have
more descriptors or threads in the last quarter than in the second one.

At the end everything that was saved is received, and the figures are those
that were counted while it was saved, with the collector that ran and with one
that has been started again.
"""

import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from line import (SMALL_PROVINCE, Line, Skip, expect,  # noqa: E402
                  expect_equal, run_tests)
from plot import write_svg  # noqa: E402
from rounds import Rounds  # noqa: E402

ROUNDS = Rounds("minutes of soak", ci=1, full=60)
BUILD = Path(os.environ.get("TALLYLINE_BUILD", "build/dev"))
POUR = BUILD / "tests" / "support" / "pour_office"
OUT = Path("build") / "soak"
SAMPLE_SECONDS = 5 if ROUNDS.count >= 10 else 1
MEMORY_MIB = 2.0
MEMORY_SHARE = 0.05
DRAIN_SECONDS = 300
SPOOL_BYTES = 8 << 30
# What a minute may write at most, for all.
DISK_MINUTE = 600 << 20
DISK_LEFT = 4 << 30
# A shorter run, in which memory is still filling up, shows only that nothing
# is lost.
FLAT_MINUTES = 10
FIGURES = {"activities": "count: communication_activity",
           "attendees": "sum: attendees, of: communication_activity",
           "items": "sum: items, of: media_item"}
TARGETS = """targets:
  - id: T-1
    indicator: activities
    label: {vi: 10, en: 10}
    at_least: 10
"""
PAIRS = [("901", "district_labour_office", 3, ["90101", "90102", "90103"]),
         ("901", "police", 6, ["90101", "90102", "90103"]),
         ("902", "district_labour_office", 3, ["90201", "90202"]),
         ("902", "police", 6, ["90201", "90202"]),
         ("903", "district_labour_office", 3, ["90301", "90302"]),
         ("903", "police", 6, ["90301", "90302"])]


def sample(pid):
    """Anonymous memory in MiB, descriptors, threads."""
    status = Path(f"/proc/{pid}/status").read_text()

    def number(key):
        return int(re.search(rf"^{key}:\s+(\d+)", status, re.M).group(1))

    return (number("RssAnon") / 1024, len(os.listdir(f"/proc/{pid}/fd")),
            number("Threads"))


class Record:
    """All samples of all processes."""

    def __init__(self, daemons):
        self.daemons = daemons
        self.times = []
        self.values = {name: [] for name in daemons}
        self.began = time.monotonic()

    def take(self):
        self.times.append((time.monotonic() - self.began) / 60)
        for name, daemon in self.daemons.items():
            self.values[name].append(sample(daemon.process.pid))

    def column(self, name, which):
        return [values[which] for values in self.values[name]]

    def write(self):
        OUT.mkdir(parents=True, exist_ok=True)
        with open(OUT / "soak.csv", "w", newline="") as file:
            table = csv.writer(file)
            table.writerow(["minutes"] + [
                f"{name} {what}" for name in self.daemons
                for what in ("MiB", "descriptors", "threads")])
            for i, moment in enumerate(self.times):
                table.writerow([f"{moment:.3f}"] + [
                    f"{value:.3f}" if isinstance(value, float) else value
                    for name in self.daemons
                    for value in self.values[name][i]])
        write_svg(OUT / "soak.svg", self.times, {
            title: {name: self.column(name, which) for name in self.daemons}
            for which, title in enumerate(
                ["anonymous memory in MiB, over minutes",
                 "descriptors, over minutes", "threads, over minutes"])})

    def judge(self):
        """Gives a line for each process; a failure if one grows."""
        half, quarter = len(self.times) // 2, len(self.times) // 4
        faults = []
        for name in self.daemons:
            memory = self.column(name, 0)
            gain = gained(self.times[half:], memory[half:])
            allowed = max(MEMORY_MIB, MEMORY_SHARE * memory[half])
            descriptors, threads = self.column(name, 1), self.column(name, 2)
            print(f"{name}: {memory[half]:.1f} to {memory[-1]:.1f} MiB in the "
                  f"second half, by its line {gain:+.2f} (allowed "
                  f"{allowed:.2f}); descriptors at most {max(descriptors)}, "
                  f"threads {max(threads)}", flush=True)
            if gain > allowed:
                faults.append(f"{name} gained {gain:.2f} MiB")
            for what, values in (("descriptors", descriptors),
                                 ("threads", threads)):
                if max(values[-quarter:]) > max(values[quarter:half]):
                    faults.append(f"{name} has more {what}")
        expect(ROUNDS.count < FLAT_MINUTES or not faults, "; ".join(faults))


def gained(times, values):
    """What a line of least squares rises by over these times."""
    n = len(times)
    middle, level = sum(times) / n, sum(values) / n
    spread = sum((t - middle) ** 2 for t in times) or 1
    slope = sum((t - middle) * (v - level)
                for t, v in zip(times, values)) / spread
    return slope * (times[-1] - times[0])


def plan_files(folder):
    """The small province, with a plan that only adds up."""
    shutil.copy(SMALL_PROVINCE / "units.csv", folder)
    plan = (SMALL_PROVINCE / "plan.yaml").read_text()
    (folder / "plan.yaml").write_text(
        plan[:plan.index("indicators:")] + "indicators:\n" + "".join(
            f"  - id: {name}\n    label: {{vi: {name}, en: {name}}}\n"
            f"    unit_of_count: {{vi: {name}, en: {name}}}\n"
            f"    value: {{{value}}}\n" for name, value in FIGURES.items()) +
        TARGETS)
    return folder


def open_offices(line):
    offices = []
    for district, kind, number, communes in PAIRS:
        office = line.office(f"gso3:{district}",
                             pairs=[f"gso3:{district}:{kind}"])
        config = office.folder / "agent.yaml"
        config.write_text(re.sub(r"(?m)^spool_bytes:.*$",
                                 f"spool_bytes: {SPOOL_BYTES}",
                                 config.read_text()))
        office.start()
        offices.append((office, [
            str(POUR), str(office.folder), f"gso3:{district}:{number}",
            *(f"gso3:{commune}" for commune in communes)]))
    return offices


def pour(line, offices):
    """Keeps all offices busy for the time; gives what they saved."""
    daemons = {"collector": line.province.daemon}
    for number, (office, _) in enumerate(offices, 1):
        daemons[f"agent {number}"] = office.daemon
    record = Record(daemons)
    children = [subprocess.Popen(command, stdin=subprocess.DEVNULL,
                                 stdout=subprocess.PIPE, text=True)
                for _, command in offices]
    end = record.began + ROUNDS.count * 60
    due = record.began
    try:
        while time.monotonic() < end:
            record.take()
            due += SAMPLE_SECONDS
            while time.monotonic() < due:
                expect(all(child.poll() is None for child in children),
                       "every office saves to the end")
                time.sleep(0.05)
            expect(shutil.disk_usage(line.home).free > DISK_LEFT,
                   "room on the disk to the end")
    finally:
        for child in children:
            child.send_signal(signal.SIGTERM)
        said = [child.communicate()[0] for child in children]
        record.write()
    return record, [json.loads(text.splitlines()[-1]) for text in said]


def what_the_line_holds_stays_flat_under_full_load():
    print(ROUNDS, flush=True)
    need = ROUNDS.count * DISK_MINUTE
    with tempfile.TemporaryDirectory() as folder, \
            Line(files=plan_files(Path(folder))) as line:
        if shutil.disk_usage(line.home).free < need:
            raise Skip(f"needs {need >> 30} GiB of disk in {line.home}")
        offices = open_offices(line)
        record, saved = pour(line, offices)
        line.settle(DRAIN_SECONDS)
        total = {key: sum(one[key] for one in saved) for key in FIGURES}
        expect_equal(line.province.figures(), total, "figures and recount")
        line.province.daemon.stop()
        line.province.daemon.start(DRAIN_SECONDS)
        expect_equal(line.province.figures(), total, "figures folded again")
        size = sum(file.stat().st_blocks * 512
                   for file in line.home.rglob("*.mdb"))
        print(f"{total['activities']} activities in {ROUNDS.count} "
              f"minutes, {total['activities'] / ROUNDS.count / 60:.0f} a second; "
              f"{size / 2**20:.0f} MiB of stores; table and plot in {OUT}")
        record.judge()


run_tests([what_the_line_holds_stays_flat_under_full_load])
