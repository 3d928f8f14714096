#!/usr/bin/python3
"""The live feed, by the example subscriber: who comes late gets everything, who
missed something asks for it, strangers hear nothing, and by the first door no
event leaves and nothing about persons."""

import json
import socket
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
sys.path.insert(0, str(HERE.parents[1] / "examples"))
import zmq  # noqa: E402
from subscribe import Feed  # noqa: E402
from line import (SMALL_PROVINCE, SOURCE, Line, expect,  # noqa: E402
                  expect_equal, free_port, run_tests, visit, wait_until)

SECONDS = 60
SILENT_S = 2
ROWS, ASKS = 2_500, 2_000
QUESTIONS, FEW, TRIES = 200, 16, 4
TICK_S = 0.1
PAGE_S = 0.3  # a page of all that was imported, as replies are paid for
PERSONS = """  - id: people
    label: {vi: Số người, en: People}
    unit_of_count: {vi: người, en: persons}
    persons: yes
    value: {count: inspection}
targets:
"""
PLACES = ("publish", "snapshot", "audit_publish", "audit_snapshot")


class Subscriber(Feed):
    """Keeps what it is told."""

    def __init__(self, served, name, role, door=None, register=True, start=0):
        self.name, self.got, self.lines, self.last = name, [], {}, None
        file = served.line.home / f"{name}.key"
        example = SOURCE / "examples" / "subscribe.py"
        public = subprocess.run(
            [sys.executable, example, "--make-key", file], check=True,
            capture_output=True, text=True).stdout.strip()
        expect_equal(file.stat().st_mode & 0o777, 0o600, "mode of the key")
        if register:
            served.line.province.command("users", "feed", name, public,
                                         "--role", role)
        first = "audit_" if (door or role) in ("auditor", "admin") else ""
        super().__init__(json.loads(file.read_text()), served.server,
                         served.address(f"{first}publish"),
                         served.address(f"{first}snapshot"), self.keep, start)
        served.subscribers.append(self)

    def keep(self, what, data):
        if what == "entry":
            self.got.append(data)
        else:
            self.last = data
            self.lines.update({row["id"]: row for row in data["lines"]})

    def until(self, condition, what, seconds=SECONDS):
        end = time.monotonic() + seconds
        while not condition():
            expect(time.monotonic() < end, f"{self.name}: {what}")
            self.hear(200)

    def hears_nothing(self, seconds=SILENT_S):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            expect(not self.hear(200), f"{self.name} hears nothing")

    def has_all(self, count):
        """Entries from the first on, each once and in order."""
        self.until(lambda: len(self.got) >= count, f"{count} entries")
        expect_equal([entry["index"] for entry in self.got],
                     list(range(len(self.got))), f"{self.name}: indexes")

    def value(self, identity):
        row = self.lines.get(identity)
        return row and row["figure"]["value"]


class Served:
    """A province with a feed, one office and a plan that counts persons too."""

    def __init__(self, line):
        self.line = line
        self.subscribers = []
        self.ports = {place: free_port() for place in PLACES}
        line.province.configure(feed="{" + ", ".join(
            f'{place}: "{self.address(place)}"' for place in PLACES) + "}")
        line.province.daemon.stop()
        line.province.daemon.start()
        self.server = line.province.command("users",
                                            "feed-server").stdout.strip()
        self.office = line.office("gso3:901")
        self.office.start()
        self.visits = 0

    def address(self, place):
        return f"tcp://127.0.0.1:{self.ports[place]}"

    def record(self, count=1):
        for _ in range(count):
            self.visits += 1
            self.office.record("inspection", visit(90101, 1000 + self.visits))
            self.line.settle()

    def size(self):
        text = self.line.province.command("status", "--format", "jsonl").stdout
        return max(json.loads(row).get("entries", 0)
                   for row in text.splitlines())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for subscriber in self.subscribers:
            subscriber.close()
            subscriber.context.destroy(linger=0)


def files_with_persons(home):
    folder = home / "plan-with-persons"
    folder.mkdir()
    for file in SMALL_PROVINCE.iterdir():
        text = file.read_text()
        if file.name == "plan.yaml":
            text = text.replace("targets:\n", PERSONS)
            text = text.replace("revision: 1", "revision: 2")
        (folder / file.name).write_text(text)
    return folder


def serving(line):
    line.province.command("plan", "load", files_with_persons(line.home))
    return Served(line)


def who_comes_late_gets_everything_and_then_the_news():
    with Line() as line, serving(line) as served:
        served.record(3)
        late = Subscriber(served, "late", "auditor")
        late.until(lambda: late.value("T-1") == "3" and len(late.got) > 3,
                   "what there was")
        known = len(late.got)
        late.has_all(known)
        gaps = late.gaps
        served.record(2)
        late.until(lambda: late.value("T-1") == "5", "what came since")
        late.has_all(known + 2)
        expect_equal(late.gaps, gaps, "nothing of it was asked for")
        events = [event for entry in late.got
                  for event in entry.get("events") or []]
        expect_equal([event["type"] for event in events],
                     ["org.tallyline.event.inspection"] * 5, "events")
        expect_equal(len({event["id"] for event in events}), 5, "their ids")


def who_missed_something_asks_for_it():
    with Line() as line, serving(line) as served:
        one = Subscriber(served, "one", "officer")
        one.until(lambda: one.figures is not None, "figures")
        one.until(lambda: len(one.got) > 0, "entries")
        known, gaps = len(one.got), one.gaps
        served.record(3)
        one.until(lambda: one.subscription.poll(200) != 0, "news")
        # What waits is lost, as above the high-water mark.
        while one.subscription.poll(1000) != 0:
            one.subscription.recv_multipart()
        one.until(lambda: one.value("T-1") == "3", "what was missed")
        one.has_all(known + 3)
        expect(one.gaps > gaps, "it noticed")


def a_stranger_hears_nothing():
    with Line() as line, serving(line) as served:
        known = Subscriber(served, "known", "viewer")
        known.until(lambda: known.figures is not None, "figures")
        strange = Subscriber(served, "strange", "viewer", register=False)
        strange.hears_nothing()
        expect(strange.ask("figures") is None, "no snapshot either")
        plain = strange.context.socket(zmq.SUB)
        plain.linger = 0
        plain.connect(served.address("publish"))
        plain.subscribe("")
        expect_equal(plain.poll(1000 * SILENT_S), 0, "without a key")
        plain.close()
        expect("turned away" in line.province.daemon.log_text(), "in the log")


def officers_get_no_events_and_nothing_about_persons():
    with Line() as line, serving(line) as served:
        served.record(2)
        officer = Subscriber(served, "officer", "officer")
        auditor = Subscriber(served, "auditor", "auditor")
        for one in (officer, auditor):
            one.until(lambda: one.value("T-1") == "2", "figures")
            one.until(lambda: len(one.got) >= served.size(), "entries")
        expect("people" in auditor.lines, f"in {list(auditor.lines)}")
        expect_equal(set(auditor.lines) - set(officer.lines), {"people"},
                     "left out for officers")
        everything = json.dumps([officer.got, officer.lines])
        for word in ("people", "events", "content_hash", "90101", "inspection"):
            expect(word not in everything, f"{word} in {everything}")
        expect("inspection" in json.dumps(auditor.got), "auditors get events")
        intruder = Subscriber(served, "intruder", "officer", door="auditor")
        intruder.hears_nothing()
        expect(intruder.ask("entries", 0) is None, "no page either")


def a_restart_loses_nothing():
    with Line() as line, serving(line) as served:
        one = Subscriber(served, "one", "auditor")
        served.record(1)
        one.until(lambda: one.value("T-1") == "1", "figures")
        one.until(lambda: len(one.got) >= served.size(), "entries")
        run, known = one.run, len(one.got)
        line.province.daemon.kill()
        line.province.daemon.start()
        served.record(2)
        one.until(lambda: one.value("T-1") == "3", "figures after the restart")
        one.has_all(known + 2)
        expect(one.run != run, "another run")


def a_key_that_is_taken_back_hears_nothing_more():
    with Line() as line, serving(line) as served:
        stays = Subscriber(served, "stays", "officer")
        goes = Subscriber(served, "goes", "auditor")
        for one in (stays, goes):
            one.until(lambda: one.figures is not None, "figures")
        line.province.command("users", "revoke-feed", "goes")
        cut = "a key of the feed was taken back"
        wait_until(lambda: cut in line.province.daemon.log_text(), "the cut")
        while goes.subscription.poll(200) != 0:
            goes.subscription.recv_multipart()
        served.record(1)
        stays.until(lambda: stays.value("T-1") == "1", "it goes on")
        goes.hears_nothing()
        expect_equal([row["name"] for row in line.province.rows(
            "users", "list") if row["kind"] == "feed"], ["stays"], "list")
        line.province.command("users", "feed", "ward", goes.keys["public"],
                              "--role", "district", "--unit", "gso3:901",
                              code=2)
        line.province.command("users", "feed", "short", "abcd", "--role",
                              "viewer", code=2)


def who_reads_nothing_holds_up_nobody():
    """One that subscribes and one that asks without end, and neither ever
    reads: what is recorded is received, and the others hear of it."""
    with Line() as line, serving(line) as served:
        good = Subscriber(served, "good", "auditor")
        good.until(lambda: good.figures is not None, "figures")
        deaf = [good.socket(kind, address) for kind, address in (
            (zmq.SUB, served.address("audit_publish")),
            (zmq.DEALER, served.address("audit_snapshot")))]
        for socket in deaf:
            socket.rcvhwm = 1
        deaf[0].subscribe("")
        rows = [{"type": "inspection", **visit(90101, 5000 + number)}
                for number in range(ROWS)]
        served.office.import_rows(rows)
        for _ in range(ASKS):
            try:
                deaf[1].send_multipart((b"entries", b"0"), zmq.DONTWAIT)
            except zmq.Again:
                break
        line.settle()
        served.record(2)
        good.until(lambda: good.value("T-1") == str(ROWS + 2), "figures")
        good.until(lambda: len(good.got) >= served.size(), "entries")
        good.has_all(served.size())
        # Nor is a page made and paid for that nobody has room for.
        expect(any(few_wait(good, deaf[1]) for _ in range(TRIES)),
               "questions wait for its pages")
        for socket in deaf:
            socket.close()


def few_wait(good, deaf):
    """Of those who ask beside one that asks for more than it reads. Its first
    pages still go: into the buffers of the link."""
    late = 0
    for _ in range(FEW):
        for _ in range(ASKS // FEW):
            try:
                deaf.send_multipart((b"entries", b"0"), zmq.DONTWAIT)
            except zmq.Again:
                break
        began = time.monotonic()
        answer = good.ask("figures")
        late += answer is None or time.monotonic() - began > PAGE_S / 2
        if late > FEW / 2:
            return False
    return True


def a_port_that_is_taken_keeps_no_office_out():
    """Neither pages nor feed, with a word in the log, until the other program
    lets go of their ports."""
    with Line() as line, socket.socket() as pages, socket.socket() as door:
        for taken in (pages, door):
            taken.bind(("127.0.0.1", 0))
            taken.listen()
        web, feed = (taken.getsockname()[1] for taken in (pages, door))
        line.province.configure(
            web=f'{{listen: "127.0.0.1:{web}"}}',
            feed=f'{{publish: "tcp://127.0.0.1:{feed}"}}')
        line.province.daemon.stop()
        line.province.daemon.start()
        log = line.province.daemon.log_text
        expect("no pages: another program listens" in log(), "pages")
        expect("a door of the feed is shut: another" in log(), "feed")
        office = line.office("gso3:901")
        office.start()
        office.record("inspection", visit(90101, 1000))
        line.settle()
        expect_equal(office.status()["received"], 1, "received meanwhile")
        pages.close()
        door.close()
        wait_until(lambda: "pages are served" in log(), "pages")
        with socket.create_connection(("127.0.0.1", web), SECONDS):
            pass
        wait_until(lambda: can_listen_no_more(feed), "the feed's door")


def can_listen_no_more(port):
    with socket.socket() as other:
        try:
            other.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def is_refused(subscriber, request):
    try:
        expect(subscriber.ask(*request) is not None, f"{request}: no answer")
        return False
    except ValueError:
        return True


def seconds_of_answers(subscriber, count):
    took = []
    for number in range(count):
        began = time.monotonic()
        expect(subscriber.ask("entries", number) is not None, f"{number}")
        took.append(time.monotonic() - began)
    return took


def who_reads_every_answer_gets_the_next():
    """At once, and not at the feed's next tick; a machine that is busy with
    something else gets more than one try at that."""
    with Line() as line, serving(line) as served:
        one = Subscriber(served, "one", "viewer")
        one.until(lambda: one.figures is not None, "figures")
        late = QUESTIONS
        for _ in range(TRIES):
            took = seconds_of_answers(one, QUESTIONS)
            late = min(late, sum(each > TICK_S / 2 for each in took))
        expect(late < QUESTIONS / 10, f"{late} of {QUESTIONS} came late")


def what_is_no_request_is_refused():
    with Line() as line, serving(line) as served:
        one = Subscriber(served, "one", "viewer")
        one.until(lambda: one.figures is not None, "figures")
        for request in (("figures", 1), ("entries",), ("entries", "x"),
                        ("entries", "-1"), ("entries", "1" * 19), ("other",),
                        ("entries", "1" * 33), ("entries", 1, 1)):
            expect(is_refused(one, request), f"{request} is refused")
        page = one.ask("entries", 10 ** 17)
        expect_equal(page["entries"], [], "behind the end")


run_tests([who_comes_late_gets_everything_and_then_the_news,
           who_missed_something_asks_for_it,
           a_stranger_hears_nothing,
           officers_get_no_events_and_nothing_about_persons,
           a_restart_loses_nothing,
           a_key_that_is_taken_back_hears_nothing_more,
           who_reads_nothing_holds_up_nobody,
           a_port_that_is_taken_keeps_no_office_out,
           what_is_no_request_is_refused,
           who_reads_every_answer_gets_the_next])
