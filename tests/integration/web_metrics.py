#!/usr/bin/python3
"""What a monitoring system gets: numbers that agree with `status`, in a form
that Prometheus takes, with alerts and a dashboard that fit them."""

import json
import os
import re
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from line import (PROGRAMS, SOURCE, Line, Skip, environment,  # noqa: E402
                  expect, expect_equal, free_port, run_tests, visit,
                  wait_until)
from raw_http import Connection, ask, request  # noqa: E402

RULES = SOURCE / "deploy" / "prometheus" / "tallyline.rules.yml"
DASHBOARD = SOURCE / "deploy" / "grafana" / "tallyline.json"
NAME = re.compile(r"tallyline_[a-z0-9_]+")
SAMPLE = re.compile(
    r"(?P<name>[a-z_][a-z0-9_]*)"
    r"(?:\{(?P<labels>(?:[a-z_]+=\"(?:[^\"\\\n]|\\[\\\"n])*\",?)*)\})?"
    r" (?P<value>-?[0-9]+(?:\.[0-9]+)?)")
STOPS, ASKED = 3, 12
FEED = "{" + ", ".join(f'{place}: "tcp://127.0.0.1:*"' for place in (
    "publish", "snapshot", "audit_publish", "audit_snapshot")) + "}"
DOORS = ("province", "audit")
SUFFIXES = ("_bucket", "_sum", "_count")


def parse(text):
    """{(name, labels): value}, after every rule of the format 0.0.4 that a
    writer can break; and the types of the families."""
    values, types, helped = {}, {}, set()
    family = None
    expect(text.endswith("\n"), "the last line ends")
    for line in text.splitlines():
        if line.startswith("# HELP "):
            family = line.split()[2]
            expect(family not in helped, f"{family} is there twice")
            helped.add(family)
        elif line.startswith("# TYPE "):
            _, _, name, kind = line.split()
            expect(name == family, f"{name}: TYPE without its HELP")
            expect(kind in ("counter", "gauge", "histogram"), line)
            expect((kind == "counter") == name.endswith("_total"), line)
            types[name] = kind
        else:
            match = SAMPLE.fullmatch(line)
            expect(match, f"no sample: {line!r}")
            name = match["name"]
            base = name
            if types.get(family) == "histogram":
                base = next((name.removesuffix(end) for end in SUFFIXES
                             if name.endswith(end)), name)
            expect_equal(base, family, "a sample stands below its family")
            key = (name, match["labels"] or "")
            expect(key not in values, f"twice: {line}")
            values[key] = float(match["value"])
    return values, types


class Watched:
    def __init__(self, line):
        self.line = line
        self.port = free_port()
        line.province.daemon.stop()
        line.province.configure(web=f'{{listen: "127.0.0.1:{self.port}"}}',
                                feed=FEED)
        line.province.daemon.start()
        done = subprocess.run(
            [PROGRAMS / "tallyline-collector", "users", "token", "prometheus",
             "--role", "viewer", "--dir", line.province.folder],
            capture_output=True, text=True, check=True, env=environment())
        self.headers = [f"Authorization: Bearer {done.stdout.strip()}"]

    def scrape(self):
        answer = ask(self.port, request("GET", "/metrics", self.headers))
        expect_equal(answer.status, 200, "/metrics")
        expect_equal(answer.headers["content-type"],
                     "text/plain; version=0.0.4; charset=utf-8", "type")
        return answer.body.decode()

    def values(self):
        return parse(self.scrape())[0]

    def word(self, path):
        answer = ask(self.port, request("GET", path))
        return answer.status, answer.body.decode().strip()


@contextmanager
def watched():
    with Line() as line:
        yield Watched(line)


def promtool(*arguments, text=None):
    found = subprocess.run([SOURCE / "tests" / "support" / "promtool.sh"],
                           capture_output=True, text=True)
    if found.returncode == 77:
        if os.environ.get("CI"):
            raise AssertionError(found.stderr)
        raise Skip(found.stderr.strip())
    expect_equal(found.returncode, 0, "promtool.sh")
    done = subprocess.run([found.stdout.strip(), *arguments], input=text,
                          capture_output=True, text=True, timeout=60)
    expect(done.returncode == 0,
           f"promtool {' '.join(map(str, arguments))}: {done.stdout}"
           f"{done.stderr}")
    expect(text is None or done.stderr.strip() == "", done.stderr)


def what_is_measured_agrees_with_status():
    with watched() as web:
        line = web.line
        office = line.office("gso3:901")
        never = line.office("gso3:902")
        office.start()
        for fine in (1000, 2000, 3000):
            office.record("inspection", visit(90101, fine, f"@t{fine}"))
        wait_until(lambda: office.count("received") == 3, "three receipts")
        label = f'agent="{office.number}",name="{name_of(line, office)}"'
        wait_until(lambda: web.values().get(
            ("tallyline_received_events_total", "")) == 3, "three events")
        found = wait_until(lambda: with_heartbeat(web.values(), label),
                           "the office's first heartbeat")
        expect_equal(found["tallyline_office_up", label], 1.0, "up")
        status = json.loads(line.province.command(
            "status", "--totals", "--format", "jsonl").stdout.splitlines()[0])
        expect_equal(found["tallyline_events", 'outcome="counted"'],
                     int(status["events"]), f"counted, {status}")
        expect_equal(found["tallyline_events", 'outcome="counted"'], 3.0,
                     "counted")
        commits = found["tallyline_commit_duration_seconds_count", ""]
        expect(1 <= commits <= found["tallyline_ledger_entries", ""],
               f"{commits} commits")
        expect_equal(
            found["tallyline_commit_duration_seconds_bucket", 'le="+Inf"'],
            commits, "the last bucket")
        expect_equal(found["tallyline_office_spool_age_seconds", label], 0.0,
                     "nothing waits")
        age = (found["tallyline_office_last_heard_timestamp_seconds", label]
               - found["tallyline_office_last_event_timestamp_seconds", label])
        expect(-60 < age < 60, f"heard and received {age} s apart")
        other = f'agent="{never.number}",name="{name_of(line, never)}"'
        expect(("tallyline_office_up", other) in found,
               "one that has sent nothing is there too")
        expect(("tallyline_office_last_event_timestamp_seconds", other)
               not in found, "and nothing was received from it")
        line.province.command("users", "feed", "map", "ab" * 32, "--role",
                              "auditor")
        feed = wait_until(lambda: with_keys(web.values(), 1),
                          "the key of the feed")
        expect_equal([feed["tallyline_feed_open", f'door="{door}"']
                      for door in DOORS], [1.0, 1.0], "doors that are open")
        words = line.province.command("status").stdout
        for door in ("live feed: open; keys: 1;",
                     "live feed for auditors: open; keys: 1;"):
            expect(door in words, f"{door} in {words}")
        line.province.command("backup", line.home / "backups")
        wait_until(lambda: web.values()["tallyline_backed_up_entries", ""]
                   >= found["tallyline_ledger_entries", ""], "the backup mark")
        promtool("check", "metrics", text=web.scrape())


def with_keys(values, count):
    return values if all(
        values.get(("tallyline_feed_keys", f'door="{door}"')) == count
        for door in DOORS) else None


def with_heartbeat(values, label):
    return values if ("tallyline_office_waiting_events", label) in values \
        else None


def name_of(line, office):
    return next(row["name"] for row in line.province.rows("agents")
                if int(row["agent"]) == office.number)


def it_is_healthy_and_ready_and_says_who_may_measure():
    with watched() as web:
        expect_equal(web.word("/-/healthy"), (200, "healthy"), "healthy")
        wait_until(lambda: web.word("/-/ready") == (200, "ready"), "ready")
        expect_equal(ask(web.port, request("GET", "/metrics")).status, 401,
                     "a stranger")
        done = subprocess.run(
            [PROGRAMS / "tallyline-collector", "users", "token", "quan",
             "--role", "district", "--unit", "gso3:901", "--dir",
             web.line.province.folder],
            capture_output=True, text=True, check=True, env=environment())
        headers = [f"Authorization: Bearer {done.stdout.strip()}"]
        expect_equal(ask(web.port, request("GET", "/metrics", headers)).status,
                     403, "a district")


def who_asks_as_it_stops_ends_nothing():
    """Answers are made on another thread than the one that closes the
    server."""
    with watched() as web:
        for _ in range(STOPS):
            asked = []
            for _ in range(ASKED):
                asked.append(Connection(web.port))
                asked[-1].send(request("GET", "/metrics", web.headers))
            web.line.province.daemon.stop()  # and demands its exit code
            for connection in asked:
                answer = connection.read()
                expect(answer is None or answer.status in (200, 503),
                       f"an answer or none: {answer}")
                connection.socket.close()
            web.line.province.daemon.start()


def alerts_and_dashboard_name_what_there_is():
    with watched() as web:
        text = web.scrape()
    types = parse(text)[1]
    # Those that have no sample before something has happened.
    later = {"tallyline_last_backup_timestamp_seconds",
             "tallyline_last_scrub_timestamp_seconds"}
    known = set(types) | later
    known |= {f"{name}{end}" for name, kind in types.items()
              if kind == "histogram" for end in SUFFIXES}
    for path in (RULES, DASHBOARD):
        expressions = re.findall(r"expr\b.*?(?=\n\s+(?:for|labels):|$)",
                                 path.read_text(), re.DOTALL)
        used = set(NAME.findall(" ".join(expressions)))
        expect(len(used) > 10, f"{path.name} uses {len(used)} metrics")
        expect(not used - known, f"{path.name}: no such metric: "
               f"{', '.join(sorted(used - known))}")
    panels = json.loads(DASHBOARD.read_text())["panels"]
    expect_equal(len({panel["id"] for panel in panels}), len(panels), "ids")
    promtool("check", "rules", RULES)


run_tests([what_is_measured_agrees_with_status,
           it_is_healthy_and_ready_and_says_who_may_measure,
           who_asks_as_it_stops_ends_nothing,
           alerts_and_dashboard_name_what_there_is])
