#!/usr/bin/python3
"""What an auditor does who trusts nothing of the product.

  figures_by_hand.py PLAN...

The sample year of each plan goes through the line. From the exported raw
ledger alone (hashes, signatures, chains and events read in Python, counted in
SQL) every figure must come out as the province prints it: those of the whole
ledger, and those of earlier positions as `audit replay` prints them. Beside
that `audit verify` finds nothing, `audit log` gives every event once, and what
`audit diff` names as causes adds up to what has changed.
"""
import collections
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "support"), str(HERE.parent / "oracle")]
import compare  # noqa: E402
import line as support  # noqa: E402
import oracle  # noqa: E402
from recount import events_of, recount  # noqa: E402


def replayed(line, plan, size, level):
    first, last = compare.year_of_days(plan)
    rows = line.province.rows(
        "audit", "replay", "--until", size, "--plan", plan.name, "--from", first, "--to", last,
        "--by", level, "--raw")
    support.expect_equal({row["ledger_size"] for row in rows}, {size}, "position of the figures")
    return {(row["indicator"], row["unit"]): (row["value"], row["denominator"])
            for row in rows if row["status"] != "not_computed"}


def check_log(line, events):
    logged = [row["id"] for row in line.province.rows("audit", "log")]
    support.expect_equal(sorted(logged), sorted(events), "events of the log")


def check_causes(line, before, after):
    """What changed is what the named causes come to."""
    changed, said = {}, collections.Counter()
    for row in line.province.rows("audit", "diff", before, after):
        key = row["target"], row["indicator"], row["unit"]
        changed[key] = (row["after"] or 0) - (row["before"] or 0)
        said[key] += row["amount"] or 0
    support.expect(any(changed.values()), "something has changed")
    support.expect_equal({key: said[key] for key in changed}, changed, "sum of the causes")


def check(name):
    """Gives how many figures were compared."""
    plan = support.SOURCE / "plans" / name
    with support.Line(files=plan, unit=oracle.unit_of(plan)) as line, \
            tempfile.TemporaryDirectory() as folder:
        compare.fill(line, plan / "samples")
        line.province.daemon.stop()
        export = Path(folder) / "export"
        line.province.command("audit", "export", "--raw", "--output", export)
        subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=export, check=True)
        size = len((export / "entries.bin").read_bytes()) // 112
        line.province.command("audit", "verify")
        check_log(line, events_of(export, size))
        check_causes(line, size // 2, size)
        compared = 0
        for entries in (size, size * 3 // 4):
            wanted = recount(export, plan, *compare.year_of_days(plan), entries)
            for level in compare.levels_of(plan):
                found = replayed(line, plan, entries, level)
                support.expect(found, "figures are printed")
                stated = {key: value for key, value in found.items() if value[0] is not None}
                support.expect(stated, "figures that somebody has stated")
                support.expect_equal({key: wanted.get(key) for key in stated}, stated,
                                     f"figures of {entries} entries")
                # What nobody has stated holds nothing that was left out.
                support.expect(not any((wanted.get(key) or (0,))[0] for key in found.keys() - stated.keys()),
                               f"a number under 'not stated', of {entries} entries")
                compared += len(found)
    return compared


def main():
    for name in sys.argv[1:]:
        print(f"{name}: {check(name)} figures are those of the raw export")


if __name__ == "__main__":
    main()
