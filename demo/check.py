#!/usr/bin/python3
"""Holds the collector's figures against expected.csv, cell by cell.

  check.py EXPECTED FIGURES...      (files of indicators --format csv)

Every figure printed must be expected and every expected one printed.
"""
import csv
import sys

CELLS = ["value", "denominator", "goal", "status"]
# The states of a unit that has told nothing: nothing is expected there.
NOTHING_TOLD = ("silent", "never", "no_office")


def read(path, name):
    with open(path, encoding="utf-8", newline="") as source:
        return {(name(row), row["unit"]): row for row in csv.DictReader(source)}


def main():
    expected = read(sys.argv[1], lambda row: row["row"])
    printed = {}
    for path in sys.argv[2:]:
        printed.update(read(path, lambda row: row["target"] or row["indicator"]))
    wrong = []
    for key in sorted(expected.keys() | printed.keys()):
        if key not in printed or key not in expected:
            wrong.append((key, "printed" if key in printed else "expected", "only", ""))
            continue
        if printed[key]["state"] in NOTHING_TOLD:
            want, got = expected[key]["value"], printed[key]["value"]
            if want not in ("", "0") or got != "":
                wrong.append((key, "value", want, got))
            continue
        for cell in CELLS:
            want, got = expected[key][cell], printed[key][cell]
            # Who asks for nothing leaves the status open.
            if cell == "status" and want == "" and got in ("", "monitor"):
                continue
            if want != got:
                wrong.append((key, cell, want, got))
    for (row, unit), cell, want, got in wrong[:40]:
        print(f"  {row} {unit}: {cell}: expected {want!r}, printed {got!r}")
    units = len({unit for _, unit in expected})
    print(f"  {len(expected)} figures of {units} units compared with expected.csv: "
          + ("all equal" if not wrong else f"{len(wrong)} cells differ"))
    return 1 if wrong else 0


sys.exit(main())
