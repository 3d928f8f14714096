"""What the stories of the sample years share: offices, files, references.

A story is one module for each plan (samples_*.py) with OFFICES and
write(offices, communes). The same seed gives the same files. Nothing in them
is real: counts are drawn, references are local names of the offices.

An office's files are imported in the order of their names, so an event's
number is its place in that order; corrections name events by it.
"""
import csv
import os
from datetime import date, timedelta

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def check_character(text):
    """ISO/IEC 7064 MOD 37,36 over the letters and digits of `text`."""
    product = 36
    for character in text:
        total = (product + ALPHABET.index(character)) % 36 or 36
        product = total * 2 % 37
    return ALPHABET[(37 - product) % 36]


def reference(prefix, agent, number):
    epoch = 0 if agent == 0 else 1
    plain = f"{prefix}{agent:04d}{epoch:02d}{number:06d}"
    return f"{prefix}-{agent:04d}-{number:06d}-{check_character(plain)}"


def unit(code):
    return f"gso3:{code}"


def units(*codes):
    return ";".join(unit(code) for code in codes)


def workday(rng, start, end):
    while True:
        drawn = start + timedelta(days=rng.randrange((end - start).days + 1))
        if drawn.weekday() < 5:
            return drawn


def month_ends(year):
    for month in range(1, 13):
        yield date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def voided(own, on, target, reason):
    """One row of a file of corrections."""
    return {**own, "corrected_on": on, "target": target, "reason": reason,
            "action": "void"}


class Office:
    """One agent: its files in the order of import, and its event numbers."""

    def __init__(self, number, folder, unit_code, communes, root):
        self.number, self.district, self.communes = number, unit_code, communes
        self.folder = os.path.join(root, folder)
        self.files, self.sequence = 0, 0
        os.makedirs(self.folder, exist_ok=True)
        for name in os.listdir(self.folder):
            os.remove(os.path.join(self.folder, name))

    def own(self, office, code=None):
        return {"unit": unit(code or self.district), "office": office}

    def event(self, sequence):
        return f"{self.number}.1.{sequence}"

    def write(self, type_name, rows, again=0):
        """Writes one file; returns the sequence of its first event. The last
        `again` rows stand in an earlier file already and are no new events."""
        self.files += 1
        first = self.sequence + 1
        self.sequence += len(rows) - again
        columns = ["type", "unit", "office"]
        for row in rows:
            columns += [name for name in row if name not in columns]
        path = os.path.join(self.folder, f"{self.files:02d}-{type_name}.csv")
        with open(path, "w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
            writer.writeheader()
            for row in rows:
                writer.writerow({"type": type_name, **row})
        return first


def communes_in(path, first, last):
    """Codes of the communes in force over these days, by their parent."""
    by_parent = {}
    with open(path, encoding="utf-8", newline="") as source:
        for row in csv.DictReader(source):
            if (row["level"] == "commune" and row["code_system"] == "gso3" and
                    (not row["valid_from"] or row["valid_from"] <= first) and
                    (not row["valid_to"] or row["valid_to"] > last)):
                by_parent.setdefault(row["parent_code"], []).append(row["code"])
    return {parent: sorted(codes) for parent, codes in by_parent.items()}


def open_offices(specs, communes, root):
    """specs: number, folder, unit, pairs of (unit, office), area."""
    return [Office(number, folder, code, communes.get(code, []), root)
            for number, folder, code, _, _ in specs]


def write_offices(specs, root):
    with open(os.path.join(root, "offices.csv"), "w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["agent", "folder", "pairs", "area"])
        for number, folder, _, pairs, area in specs:
            text = ";".join(f"{unit(code)}:{name}" for code, name in pairs)
            writer.writerow([number, folder, text, units(*area)])
