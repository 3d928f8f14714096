#!/usr/bin/python3
"""Holds every figure of a plan's sample year against the separate count.

  compare.py PLAN_DIR

The sample year goes through real processes: offices import it, the province
receives it. Then every line of the plan, for every unit and for the year, its
halves, quarters and months, is printed by the product and counted again by
oracle.py from the same CSV files. Every cell must be equal. So must be those of
every_indicator.yaml, a plan that stands beside it and has each indicator once.
"""
import csv
import shutil
import sys
from datetime import date, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
sys.path.insert(0, str(HERE))
import line as support  # noqa: E402
import oracle  # noqa: E402

SHOWN = 40
# The states of a unit that has told nothing: it has no figure, and nothing can
# have been counted there.
NOTHING_TOLD = ("silent", "never", "no_office")
NO_FIGURE = "no figure"


def periods(year):
    """(name, first, last) as days in words."""
    def between(name, month, count):
        first = date(year, month, 1)
        after = date(year + (month + count > 12), (month + count - 1) % 12 + 1, 1)
        return name, str(first), str(after - timedelta(days=1))
    found = [between("year", 1, 12), between("H1", 1, 6), between("H2", 7, 6)]
    found += [between(f"Q{n + 1}", 3 * n + 1, 3) for n in range(4)]
    found += [between(f"M{n + 1:02d}", n + 1, 1) for n in range(12)]
    # Decree 09/2019 cuts on the 14th; its year begins in December.
    return found + [("ND09 H1", f"{year - 1}-12-15", f"{year}-06-14"),
                    ("ND09 year", f"{year - 1}-12-15", f"{year}-12-14")]


def year_of_days(plan):
    year = oracle.year_of(plan)
    return f"{year}-01-01", f"{year}-12-31"


def levels_of(plan, database=None):
    """The levels of the units below the plan's own."""
    top = oracle.unit_of(plan)
    return [level for (level,) in (database or oracle.load(plan)).execute(
        "SELECT DISTINCT level FROM unit JOIN above ON place = code WHERE unit = ? "
        "AND code <> ? ORDER BY level DESC", (top, top))]


def fill(line, samples):
    with open(samples / "offices.csv", encoding="utf-8", newline="") as source:
        for row in csv.DictReader(source):
            office = line.office("", pairs=row["pairs"].split(";"),
                                 more=["--area", row["area"].replace(";", ",")])
            support.expect_equal(office.number, int(row["agent"]), "number of the agent")
            office.start()
            for path in sorted((samples / row["folder"]).glob("*.csv")):
                office.import_file(path)
    line.settle(support.WAIT_SECONDS * 4)


def load_every(line, plan, top):
    """The plan with each indicator once, beside the one that is loaded."""
    folder = line.home / "every"
    folder.mkdir()
    text = (HERE / "every_indicator.yaml").read_text(encoding="utf-8")
    for mark, word in (("@YEAR@", str(oracle.year_of(plan))), ("@UNIT@", top)):
        text = text.replace(mark, word)
    (folder / "plan.yaml").write_text(text, encoding="utf-8")
    shutil.copy(plan / "units.csv", folder)
    line.province.command("plan", "load", folder)


def printed(line, plan, levels, first, last):
    """What the product says of each indicator; its targets must say the same."""
    cells = {}
    for level in levels:
        for row in line.province.rows("indicators", "--plan", plan, "--from", first,
                                      "--to", last, "--by", level, "--raw"):
            if row["status"] != "not_computed":
                cell = (NO_FIGURE if row["state"] in NOTHING_TOLD
                        else (row["value"], row["denominator"]))
                known = cells.setdefault((row["indicator"], row["unit"]), cell)
                support.expect_equal(known, cell, f"{row['indicator']} of {row['unit']}")
    return cells


def is_right(cell, wanted):
    return cell == wanted or (cell == NO_FIGURE and wanted is not None
                              and not wanted[0])


def main():
    plan = Path(sys.argv[1]).resolve()
    top = oracle.unit_of(plan)
    asked = [(plan.name, oracle.load(plan), ["indicators", plan.name]),
             ("every-indicator", oracle.load(plan, "every"), ["indicators"])]
    levels = levels_of(plan, asked[0][1])
    compared, wrong = 0, []
    with support.Line(files=plan, unit=top) as line:
        fill(line, plan / "samples")
        load_every(line, plan, top)
        for name, first, last in periods(oracle.year_of(plan)):
            for plan_id, database, questions in asked:
                wanted = oracle.figures(database, questions, first, last, last)
                found = printed(line, plan_id, levels, first, last)
                wrong += [(plan_id, name, *key, wanted.get(key), cell) for key, cell in
                          sorted(found.items()) if not is_right(cell, wanted.get(key))]
                compared += len(found)
    for plan_id, name, row, unit, want, got in wrong[:SHOWN]:
        print(f"{plan_id} {name} {row} {unit}: counted {want}, printed {got}")
    print(f"{plan.name}: {compared} figures compared, {len(wrong)} differ")
    return 1 if wrong or not compared else 0


if __name__ == "__main__":
    sys.exit(main())
