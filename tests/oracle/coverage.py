#!/usr/bin/python3
"""Writes docs/COVERAGE.md: where every item of the five plans stands.

  coverage.py [--write]

An item is what a plan's text sets as a target, asks for as a measurable task,
or starts from as a baseline; the list below is fixed. Without --write the
document is only compared, and the exit code is 1 when it is stale or an item
has no row. The values are those of samples/expected.csv, with which
tests/oracle/check.sh and compare.py hold the program.
"""
import csv
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs/COVERAGE.md"
INDICATORS = ROOT / "proto/event.proto"


def numbered(prefix, *numbers):
    return [f"{prefix}-{number}" for number in numbers]


# plan, its targets, its measurable tasks, its baselines
ITEMS = [
    ("hoa-binh-2018",
     numbered("HB18", *(f"{n:02d}" for n in range(1, 14))),
     numbered("HB18", "T1", "T2"), numbered("HB18", "B1", "B2", "B3", "B4")),
    ("cao-bang-2024",
     numbered("CB24", *(f"{n:02d}" for n in range(1, 10))),
     numbered("CB24", *(f"T{n}" for n in range(1, 8))), []),
    ("hai-phong-2024",
     numbered("HP24", "01", "02", "03a", "03b", "03c", "04", "05", "06", "07", "08a", "08b"),
     [], []),
    ("ha-noi-2018",
     numbered("HN18", *(f"{n:02d}" for n in range(1, 10))),
     numbered("HN18", *(f"T{n}" for n in range(1, 7))), []),
    ("an-bien-2020", [], numbered("AB20", *(f"{n:02d}" for n in range(1, 9))), []),
]
KINDS = ("target", "task", "baseline")


def entries(lines, section):
    """{id: (line number, lines of the entry)} of one list of a plan file."""
    found, inside, current = {}, False, None
    for number, line in enumerate(lines, 1):
        if re.match(r"\S", line) and not line.startswith("#"):
            inside = line.startswith(f"{section}:")
        elif inside and (match := re.match(r"  - id: (\S+)", line)):
            current = found.setdefault(match.group(1), (number, []))
        if inside and current:
            current[1].append(line)
    return found


def key(entry, name):
    for line in entry[1]:
        if match := re.match(rf"    {name}: (\S+)", line):
            return match.group(1)
    return None


class Plan:
    def __init__(self, name):
        self.name = name
        self.path = f"plans/{name}/plan.yaml"
        lines = (ROOT / self.path).read_text(encoding="utf-8").splitlines()
        self.unit = next(line.split()[1] for line in lines if line.startswith("unit: "))
        self.title = next(line.split(" ", 1)[1] for line in lines if line.startswith("number: ")
                          ) if any(line.startswith("number: ") for line in lines) else ""
        self.targets = entries(lines, "targets")
        self.indicators = entries(lines, "indicators")
        self.baselines = entries(lines, "baselines")
        with open(ROOT / f"plans/{name}/samples/expected.csv", encoding="utf-8",
                  newline="") as source:
            self.expected = {(row["row"], row["unit"]): row for row in csv.DictReader(source)}

    def rows(self, item):
        """The targets of an item: itself, and its parts."""
        return [target for target in self.targets
                if target == item or target.startswith(item + "-")]

    def place(self, entry):
        return f"[{entry[0]}](../{self.path}#L{entry[0]})"

    def value(self, target):
        entry = self.targets[target]
        unit = key(entry, "scope") or self.unit
        row = self.expected.get((target, unit))
        if row is None or row["status"] == "not_computed":
            return "not computed" if row else None
        text = row["value"]
        if row["denominator"]:
            text += f" of {row['denominator']}"
        if row["status"] == "nothing":
            text = "nothing happened"
        return text + {"met": ", met", "missed": ", missed"}.get(row["status"], "")


def item_rows(plan, kind, item, wrong):
    targets = plan.rows(item)
    if not targets:
        wrong.append(f"{item} has no row in {plan.path}")
    for target in targets:
        entry = plan.targets[target]
        value = plan.value(target)
        if value is None:
            wrong.append(f"{target} has no value in expected.csv")
        yield (f"| {target} | {kind} | {plan.place(entry)} | `{key(entry, 'indicator')}` "
               f"| {value} |")


def base_name(indicator, plan):
    return key(plan.indicators[indicator], "reports_as") or indicator


def numbers(plans, wrong):
    """Each of the product's indicators, and the plans that have it."""
    text = INDICATORS.read_text(encoding="utf-8")
    names = re.findall(r"^  INDICATOR_(?!UNSPECIFIED)(\w+) = (\d+);", text, re.M)
    for name, number in names:
        name = name.lower()
        places = []
        for plan in plans:
            found = [plan.place(plan.indicators[indicator]) for indicator in plan.indicators
                     if base_name(indicator, plan) == name]
            if found:
                places.append(f"{plan.name} {', '.join(found)}")
        if not places:
            wrong.append(f"{name} is in no plan")
        yield f"| {number} | `{name}` | {'; '.join(places)} |"


def document():
    wrong = []
    plans = [Plan(name) for name, *_ in ITEMS]
    counts = [sum(len(items[kind + 1]) for items in ITEMS) for kind in range(3)]
    lines = [
        "# What of the five plans is covered, and where", "",
        "Made by `tests/oracle/coverage.py --write`; a test tells when it is stale.", "",
        f"The texts of the five plans set {counts[0]} targets, ask for {counts[1]} further tasks "
        "that can be measured and start",
        f"from {counts[2]} baselines. Each is one row or more below. *Line* is its place in the "
        "plan's `plan.yaml`, *Value* what",
        "its sample year gives for the plan's own unit. `./dev demo --plan ID --check` compares "
        "every value with",
        "`samples/expected.csv`, which a separate count makes. To look at one:", "", "```",
        "./dev demo --plan hoa-binh-2018          # the plan's folder; it goes on running",
        "build/bin/tallyline-collector indicators --dir build/demo/province --indicator HB18-01",
        "```"]
    for plan, (_, *items) in zip(plans, ITEMS):
        lines += ["", f"## {plan.name}", "", "| Row | What it is | Line | Indicator | Value |",
                  "|---|---|---|---|---|"]
        for kind, names in zip(KINDS, items):
            for item in names:
                lines += item_rows(plan, kind, item, wrong)
    lines += ["", "## The 54 indicators", "",
              "Where each stands, by plan and line. An indicator of a plan that is part of one, "
              "or a variant of it, is listed with it.", "", "| No. | Indicator | Plans |",
              "|---|---|---|", *numbers(plans, wrong)]
    return "\n".join(lines) + "\n", wrong


def main():
    text, wrong = document()
    for sentence in wrong:
        print(sentence)
    if sys.argv[1:] == ["--write"]:
        DOCUMENT.write_text(text, encoding="utf-8")
    elif DOCUMENT.read_text(encoding="utf-8") != text:
        print("docs/COVERAGE.md is stale: tests/oracle/coverage.py --write")
        wrong.append("")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
