#!/usr/bin/python3
"""The audit log and one event of it, on the sample year of a plan."""

import csv
import io
import json
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
sys.path.insert(0, str(HERE.parent / "oracle"))
import compare  # noqa: E402
from line import (SOURCE, Line, copy_folder, expect, expect_equal,  # noqa: E402
                  run_tests, visit)

HA_NOI = SOURCE / "plans" / "ha-noi-2018"
ATTRIBUTE = re.compile(r"[a-z0-9]{1,20}")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


class Log:
    """A copy of a province's directory; nothing runs there."""

    def __init__(self, line, folder):
        self.line = line
        self.folder = folder

    def command(self, *arguments, code=0):
        return self.line.province.command(*arguments, "--data", self.folder, code=code)

    def lines(self, *arguments):
        text = self.command("audit", "log", "--format", "jsonl", *arguments).stdout
        return text.splitlines(keepends=True)

    def events(self, *arguments):
        return [json.loads(line) for line in self.lines(*arguments)]


def ids(events):
    return [event["id"] for event in events]


def is_cloud_event(event):
    """What CloudEvents 1.0 asks of every event."""
    expect_equal(event["specversion"], "1.0", "specversion")
    for name, value in event.items():
        expect(name == "data" or ATTRIBUTE.fullmatch(name), f"the name {name}")
        expect(name == "data" or (isinstance(value, str) and value), f"{name} is {value!r}")
    expect(re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(#agent-\d+)?",
                        event["source"]), event["source"])
    expect(re.fullmatch(r"org\.tallyline\.(event|control)\.[a-z0-9_]+", event["type"]),
           event["type"])
    expect_equal(event["datacontenttype"], "application/json", "datacontenttype")
    for name in ("time", "receivedat"):
        expect(MOMENT.fullmatch(event[name]), event[name])
    expect(isinstance(event["data"], dict), "data")


def check_forms(log, everything):
    """All forms have the same events in the same order."""
    rows = list(csv.DictReader(io.StringIO(
        log.command("audit", "log", "--format", "csv").stdout)))
    expect_equal([row["event"] for row in rows], ids(everything), "the rows of CSV")
    for row, event in zip(rows, everything):
        expect_equal((row["entry"], row["received_at"], row["occurred_on"]),
                     (event["ledgerindex"], event["receivedat"], event["data"]["occurred_on"]),
                     row["event"])
    again = log.lines()
    expect(again == log.lines(), "the same bytes twice")
    for event in everything:
        is_cloud_event(event)
    expect_equal(len({(event["source"], event["id"]) for event in everything}),
                 len(everything), "source and id name an event")


def check_parts(log, everything):
    """A log that is taken up again where it ended is the whole log."""
    whole, parts, after = log.lines("--controls"), [], []
    while True:
        done = log.command("audit", "log", "--format", "jsonl", "--controls", "--limit", "100",
                           *after)
        parts += done.stdout.splitlines(keepends=True)
        more = re.search(r"--after (\d+)", done.stderr)
        if not more:
            break
        after = ["--after", more.group(1)]
    expect(parts == whole, "the parts together are the whole")
    table = log.command("audit", "log").stdout.splitlines()[1:]
    expect_equal(len(table), len(everything), "each event once in the table")
    first = log.command("audit", "log", "--limit", "600")
    after = re.search(r"--after (\d+)", first.stderr).group(1)
    rest = log.command("audit", "log", "--after", after)
    halves = [" ".join(row.split()) for done in (first, rest)
              for row in done.stdout.splitlines()[1:]]
    expect(halves == [" ".join(row.split()) for row in table], "the table in two halves")


def check_filters(log, everything):
    """Each filter against the same choice made here."""
    def chosen(test):
        return ids(event for event in everything if test(event))

    def equal(wanted, *options):
        expect(0 < len(wanted) < len(everything), f"{options} choose {len(wanted)}")
        expect_equal(ids(log.events(*options)), wanted, str(options))

    equal(chosen(lambda event: event["type"].endswith(".inspection")), "--type", "inspection")
    equal(chosen(lambda event: event["source"].endswith("#agent-2")), "--agent", "2")
    equal(chosen(lambda event: "2018-03-01" <= event["data"]["occurred_on"] <= "2018-03-31"),
          "--from", "2018-03-01", "--to", "31/03/2018")
    equal(chosen(lambda event: event["subject"] == "gso3:00013"), "--unit", "gso3:00013")
    equal(chosen(lambda event: event["data"]["unit"] == "gso3:003" or event["subject"] in (
        {e["subject"] for e in everything if e["data"]["unit"] == "gso3:003"})),
        "--unit", "gso3:003")
    middle = everything[len(everything) // 2]["receivedat"]
    equal(chosen(lambda event: event["receivedat"] >= middle), "--received-from", middle)
    equal(chosen(lambda event: event["receivedat"] <= middle), "--received-to", middle)
    corrected = {event["corrects"] for event in everything if "corrects" in event}
    equal(chosen(lambda event: "corrects" in event or event["id"] in corrected), "--corrected")
    one = sorted(corrected)[0]
    equal(chosen(lambda event: event["id"] == one or event.get("corrects") == one),
          "--event", one)
    for wrong, code in ((["--type", "no_such"], 2), (["--event", "1.2"], 2),
                        (["--event", "9.9.9"], 3), (["--unit", "gso3:99999"], 3),
                        (["--received-from", "noon"], 2), (["--limit", "0"], 2)):
        done = log.command("audit", "log", *wrong, code=code)
        expect(wrong[1] in done.stderr and done.stdout == "", f"{wrong}: {done.stderr}")


def tree_of(text):
    """(depth, id) of each row of the table."""
    found = []
    for row in text.splitlines()[1:]:
        mark = re.search(r"([ │]*(?:[├└]─ )?)(\d+\.\d+\.\d+)", row)
        found.append(("─" in mark.group(1), mark.group(2)))
    return found


def the_log_of_a_year_streams_in_every_form():
    with Line(files=HA_NOI, unit="gso3:01") as line:
        compare.fill(line, HA_NOI / "samples")
        line.province.daemon.stop()
        log = Log(line, line.home / "copy")
        copy_folder(line.province.folder, log.folder)
        everything = log.events()
        expect(len(everything) > 1000, f"only {len(everything)} events")
        check_forms(log, everything)
        check_parts(log, everything)
        check_filters(log, everything)
        controls = [event for event in log.events("--controls")
                    if event["type"].startswith("org.tallyline.control.")]
        for event in controls:
            is_cloud_event(event)
        expect_equal({event["type"].rsplit(".", 1)[1] for event in controls},
                     {"genesis", "units", "plan", "enrolment", "joined"}, "control entries")


def corrections_stand_under_what_they_correct():
    """A chain of three, a void, and what a filter leaves of them."""
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        one = office.record("inspection", visit("90101", 100, "@a"))
        other = office.record("inspection", visit("90101", 200, "@b"))
        second = office.record("inspection", visit(
            "90101", 300, "@a", day="2018-04-05", corrects=one, reason="typing_error"))
        third = office.record("inspection", visit(
            "90101", 400, "@a", day="2018-05-05", corrects=one, replaces=second, reason="typing_error"))
        void = office.record("correction", {"corrects": other, "corrected_on": "2018-04-06",
                                            "reason": "entered_twice"})
        line.settle()
        whole = tree_of(line.province.command("audit", "log").stdout)
        expect_equal(whole, [(False, one), (True, second), (True, third), (False, other),
                             (True, void)], "the table")
        late = tree_of(line.province.command("audit", "log", "--from", "2018-04-06",
                                             "--to", "2018-05-31").stdout)
        expect_equal(late, [(False, one), (True, second), (True, third), (False, other),
                            (True, void)], "chains whose corrections pass")
        none = tree_of(line.province.command("audit", "log", "--from", "2018-06-01").stdout)
        expect_equal(none, [], "nothing passes")
        alone = tree_of(line.province.command("audit", "log", "--event", third).stdout)
        expect_equal(alone, [(False, one), (True, second), (True, third)], "one chain")


def show_says_everything_about_one_event():
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        one = office.record("inspection", visit("90101", 1250000, "@a"))
        line.settle()
        event = json.loads(line.province.command("audit", "log", "--format", "jsonl").stdout)
        text = line.province.command("audit", "show", one).stdout
        for part in (one, "2018-03-05", "gso3:90101", "1,250,000", event["contenthash"],
                     event["receivedat"], f"Entry {event['ledgerindex']}", "good"):
            expect(part in text, f"{part} in {text}")
        entry = line.province.command("audit", "show", event["ledgerindex"]).stdout
        expect_equal(line.province.command("audit", "show", event["contenthash"]).stdout, entry,
                     "by the batch's hash")
        record = re.search(r"SHA-256 of the entry.*: ([0-9a-f]{64})", entry).group(1)
        expect_equal(line.province.command("audit", "show", record).stdout, entry,
                     "by the entry's hash")
        expect_equal(line.province.rows("indicators")[0]["ledger_hash"], record,
                     "the hash that is printed with figures")
        for index in range(int(event["ledgerindex"])):
            text = line.province.command("audit", "show", index).stdout
            expect(f"Entry {index}:" in text and "Signature: good" in text, text)
        for wrong, code in (("7.7.7", 3), ("99", 3), ("x", 2), ("0" * 64, 3), ("1.1", 2)):
            line.province.command("audit", "show", wrong, code=code)


def show_tells_what_the_fold_makes_of_an_event():
    """Versions with what became of each, and the figures it goes into."""
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        one = office.record("inspection", visit("90101", 100, "@a"))
        two = office.record("inspection", visit("90101", 300, "@a", corrects=one,
                                                reason="typing_error"))
        three = office.record("inspection", visit("90101", 400, "@a", corrects=one,
                                                  replaces=two, reason="typing_error"))
        rival = office.record("inspection", visit("90101", 350, "@a", corrects=one,
                                                  reason="typing_error"))
        line.settle()
        text = line.province.command("audit", "show", two, "--counts").stdout
        for part in (f"  {one}: ", f"  ├─ {two} *: ", f"  │  └─ {three}: ", f"  └─ {rival}: ",
                     f"replaced by a correction ({rival})", f"newest version ({rival})"):
            expect(part in text, f"{part} in {text}")
        expect("It goes into" not in text, "figures of what was replaced")
        text = line.province.command("audit", "show", rival, "--counts").stdout
        for part in ("counted", "nho-2018 revision 1", "  T-1  ", "  fines  ", "  inspected  ",
                     "  communes  "):
            expect(part in text, f"{part} in {text}")
        bare = line.home / "bare"
        copy_folder(line.province.folder, bare)
        (bare / "figures.state").unlink(missing_ok=True)
        text = line.province.command("audit", "show", two, "--data", bare).stdout
        expect("--counts" in text and "replaced" not in text, "without a state nothing is folded")


def what_was_erased_says_by_which_order():
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        office.record("inspection", visit("90101", 100, "@a"))
        line.settle()
        one = office.record("inspection", visit("90101", 300, "@b"))
        line.settle()
        entry = json.loads(line.province.command(
            "audit", "log", "--event", one, "--format", "jsonl").stdout)["ledgerindex"]
        line.province.command("audit", "erase", entry, "--order", "12/2026", "--yes")
        text = line.province.command("audit", "show", one).stdout
        for part in (one, "rased by order", "Order to erase", "12/2026", f"Entry {entry}:"):
            expect(part in text, f"{part} in {text}")
        logged = json.loads(line.province.command(
            "audit", "log", "--event", one, "--format", "jsonl").stdout)
        is_cloud_event(logged)
        expect_equal((logged["id"], logged["ledgerindex"], logged["erased"]),
                     (one, entry, "by order"), "what is left of it")
        text = line.province.command("audit", "log").stdout
        expect("erased by order" in text, text)


run_tests([what_was_erased_says_by_which_order,
           show_tells_what_the_fold_makes_of_an_event,
           the_log_of_a_year_streams_in_every_form,
           corrections_stand_under_what_they_correct,
           show_says_everything_about_one_event])
