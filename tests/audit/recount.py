#!/usr/bin/python3
"""From the exported raw ledger to the figures, without the product.

  recount.py EXPORT_DIR PLAN_DIR FIRST LAST [ENTRIES] > figures.csv

EXPORT_DIR is what `audit export --raw` wrote. Every batch and control document
is held against its hash in entries.bin, every signature is checked under the
key in force, every stream must be without a gap; then the events of the first
ENTRIES entries (all of them when it is left out) are counted from FIRST to
LAST, in the SQL that was written from the plan's text. Nothing of the product
is used but proto/*.proto, which says what the numbers in an event mean.
"""
import csv
import datetime
import re
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support"), str(HERE.parent / "oracle")]
import ledger_file  # noqa: E402
import oracle  # noqa: E402

# What the offices' sheets call the field of a body where it is not its own.
FIELD = re.compile(r"^  (?:optional|repeated) (\w+) (\w+) = \d+(?: \[.*?\])?; *(?://(.*))?$",
                   re.M)
SYSTEMS = {1: "gso3", 2: "gso2"}


def day_text(number):
    return str(datetime.date(1970, 1, 1) + datetime.timedelta(number))


def unit_text(key):
    system, rest = divmod(key, 1000000)
    digits, code = divmod(rest, 100000)
    return f"{SYSTEMS[system]}:{code:0{digits}}"


def reference_text(number):
    agent, _, own = ledger_file.id_of(number)
    return f"REF-{agent}-{own}-"


class Words:
    """Numbers of an event as the words that the SQL uses, by proto/event.proto."""

    def __init__(self, event_pb2):
        self.event_pb2 = event_pb2
        text = (ledger_file.SOURCE / "proto/event.proto").read_text(encoding="utf-8")
        self.notes = {}
        for message, body in re.findall(r"^message (\w+) \{(.*?)^\}", text, re.M | re.S):
            for kind, name, note in FIELD.findall(body):
                self.notes[message, name] = (kind, re.sub(r"[^\w ]", "", note).split())

    def enumeration(self, name, value):
        known = self.event_pb2.DESCRIPTOR.enum_types_by_name[name].values_by_number
        if value not in known:
            return str(value)  # the province's own
        prefix = re.sub(r"(?<!^)(?=[A-Z])", "_", name).upper() + "_"
        return known[value].name.removeprefix(prefix).lower()

    def one(self, message, name, value):
        kind, note = self.notes[message, name]
        first = note[0] if note else ""
        if kind == "bool":
            return "yes" if value else "no"
        if kind == "int32":
            return day_text(value)
        if kind == "uint64" and first == "reference":
            return reference_text(value)
        if first in ("unit", "units"):
            return unit_text(value)
        if first in self.event_pb2.DESCRIPTOR.enum_types_by_name:
            return self.enumeration(first, value)
        return str(value)

    def field(self, message, name, value):
        if not isinstance(value, (int, bool)):
            return ";".join(self.one(message, name, item) for item in value)
        return self.one(message, name, value)

    def row(self, identity, event):
        """What the sheet of an office would say."""
        agent, _, seq = identity
        kind = self.enumeration("EventType", event.type)
        row = {"id": ledger_file.id_text(identity), "order": agent * 10**6 + seq, "type": kind,
               "day": day_text(event.occurred_on), "unit": unit_text(event.unit),
               "office": self.enumeration("Office", event.office),
               "place": unit_text(event.subject_unit or event.unit)}
        for name in ("target", "head"):
            if event.HasField(name):
                row[name] = ledger_file.id_text(ledger_file.id_of(getattr(event, name)))
        if event.HasField("programme"):
            row["programme"] = self.enumeration("Programme", event.programme)
        body = getattr(event, kind)
        for descriptor, value in body.ListFields():
            row[descriptor.name] = self.field(body.DESCRIPTOR.name, descriptor.name, value)
        for name in oracle.THINGS:
            if name in row:
                row[name] = oracle.thing(None, agent, name, row[name])
        return row


def events_of(export, size):
    """Checks the export and gives its events as rows."""
    with tempfile.TemporaryDirectory() as folder:
        classes = ledger_file.load_classes(folder)
    ledger = ledger_file.Ledger(export, classes, size)
    words = Words(classes[0])
    return {ledger_file.id_text(identity): words.row(identity, event)
            for identity, (event, _) in ledger.events.items()}


def recount(export, plan, first, last, size=None):
    """{(indicator, unit): (value, whole or None)}."""
    database = oracle.load(plan, events=events_of(export, size))
    return oracle.figures(database, ["indicators", plan.name], first, last, last)


def main():
    if len(sys.argv) not in (5, 6):
        sys.exit(__doc__)
    export, plan = Path(sys.argv[1]), Path(sys.argv[2]).resolve()
    size = int(sys.argv[5]) if len(sys.argv) == 6 else None
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["indicator", "unit", "value", "denominator"])
    for (indicator, unit), (value, whole) in sorted(
            recount(export, plan, sys.argv[3], sys.argv[4], size).items()):
        out.writerow([indicator, unit, value, "" if whole is None else whole])


if __name__ == "__main__":
    main()
