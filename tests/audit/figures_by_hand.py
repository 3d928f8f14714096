#!/usr/bin/python3
"""What an auditor does who trusts nothing of the product.

  figures_by_hand.py [PLAN_DIR]

A sample year goes through the line. From the exported raw ledger alone (hashes,
signatures, chains and events read in Python, counted in SQL) every figure of
the year must come out as the province prints it, and every figure of an
earlier position as `audit replay` prints it.
"""
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "support"), str(HERE.parent / "oracle")]
import compare  # noqa: E402
import line as support  # noqa: E402
import oracle  # noqa: E402
from recount import recount  # noqa: E402


def main():
    plan = Path(sys.argv[1] if len(sys.argv) > 1
                else support.SOURCE / "plans/an-bien-2020").resolve()
    top, year = oracle.unit_of(plan), oracle.year_of(plan)
    first, last = f"{year}-01-01", f"{year}-12-31"
    with support.Line(files=plan, unit=top) as line, \
            tempfile.TemporaryDirectory() as export:
        compare.fill(line, plan / "samples")
        line.province.command("audit", "export", "--raw", "--output", export)
        size = line.province.rows("status", "--totals")[0]["entries"]
        checked = 0
        for entries in (size, size * 2 // 3):
            wanted = recount(Path(export), plan, first, last, entries)
            found = compare.printed(line, plan.name, ["district", "commune"], first, last)
            support.expect(found, "figures are printed")
            support.expect_equal(
                {key: wanted.get(key) for key in found}, found, f"figures of {entries} entries")
            checked += len(found)
        print(f"{checked} figures from the raw export are those that the province prints")


if __name__ == "__main__":
    main()
