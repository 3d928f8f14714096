"""What a test had saved on one machine (marks.py), held against what the
province has. Machines that are copies of each other write under one agent
number.
"""

import ledger_file
from line import expect, expect_equal, visit
from marks import check_marks
from scene import recount

MARKS_A_BOOK = 10_000_000


class Book:
    """Records in an office and keeps what was SUBMITTED and what was ACKED,
    that is printed as saved."""

    def __init__(self, office, number, chance):
        self.office = office
        self.number = number
        self.random = chance
        self.marks = 0
        self.submitted = set()
        self.acked = set()

    def mark(self):
        self.marks += 1
        mark = self.number * MARKS_A_BOOK + self.marks
        self.submitted.add(mark)
        return mark

    def event(self, mark, **more):
        commune = int(self.office.unit.split(":")[1]) * 100 + 1
        fields = {"thing": f"@so-{self.random.randrange(12)}",
                  "day": f"2018-{self.random.randrange(1, 13):02}-15", **more}
        return visit(commune + self.random.randrange(2), mark, **fields)

    def record(self, **more):
        """Gives its id."""
        mark = self.mark()
        identity = self.office.record("inspection", self.event(mark, **more))
        expect(identity is not None, "a record without a refusal is saved")
        self.acked.add(mark)
        return identity

    def import_rows(self, count):
        marks = [self.mark() for _ in range(count)]
        saved = self.office.import_rows(
            [{"type": "inspection", **self.event(mark)} for mark in marks])
        expect_equal(saved, count, "rows saved")
        self.acked.update(marks)


def check_books(books, ledger):
    """What was acked is there, all of it once, and nothing else."""
    check_marks([event for event, _ in ledger.events.values()],
                set().union(*(book.acked for book in books)),
                set().union(*(book.submitted for book in books)))


def check_receipts(office, ledger):
    """Every receipt is of the entry that holds the event."""
    for row in office.outbox():
        if row["state"] == "moved":
            continue
        identity = tuple(int(part) for part in row["id"].split("."))
        expect(row["state"] == "received", f"{row['id']} is {row['state']}")
        expect_equal(row["entry"], ledger.events[identity][1],
                     f"entry in the receipt of {row['id']}")


def check_province(line, books):
    """Stops the collector and reads its file. Gives the ledger."""
    figures = line.province.figures()
    line.province.daemon.stop()
    ledger = ledger_file.Ledger(line.province.folder / "ledger.mdb",
                                ledger_file.load_classes(line.home))
    check_books(books, ledger)
    expect_equal(figures, recount(ledger), "figures beside the recount")
    expect_equal(line.province.figures(), figures, "figures folded again")
    return ledger
