#!/usr/bin/python3
"""What plan check says of every plan, and of plans that strangers wrote.

  plans.py [--write]

The plans of plans/ and those of tests/strangers/, which are written with
nothing but docs/PLANS.md at hand: other provinces, other fields, two levels of
units. Every sentence of plan check is compared with tests/golden/plans.txt, so
that a warning neither comes nor goes unseen; --write writes it anew. The units
in force are counted against what the plans themselves state.
"""
import csv
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests/golden/plans.txt"
BIN = Path(os.environ.get("TALLYLINE_BIN", ROOT / "build/bin"))
# Districts and communes on a day, as the plans state them or the law has them.
UNITS = [
    ("ha-noi-2018", "gso3", "2018-06-30", 30, 584),
    ("hoa-binh-2018", "gso3", "2018-06-30", 11, 210),
    ("hoa-binh-2018", "gso3", "2020-01-01", 10, 151),
    ("hoa-binh-2018", "gso2", "2025-07-01", 0, 148),
    ("cao-bang-2024", "gso3", "2024-06-30", 10, 161),
    ("cao-bang-2024", "gso2", "2025-07-01", 0, 56),
    ("hai-phong-2024", "gso3", "2024-06-30", 15, 217),
    ("hai-phong-2024", "gso3", "2025-01-01", 15, 167),
    ("hai-phong-2024", "gso2", "2025-07-01", 0, 114),
    ("an-bien-2020", "gso3", "2020-06-30", 1, 9),
    ("an-bien-2020", "gso2", "2025-07-01", 0, 3),
]


def check(folder, name, language):
    """Exit code and sentences of plan check, with paths as `name`."""
    done = subprocess.run(
        [BIN / "tallyline-collector", "plan", "check", folder / "plan.yaml"],
        capture_output=True, text=True, check=False, timeout=60,
        env={**os.environ, "TALLYLINE_LANG": language})
    said = (done.stdout + done.stderr).replace(str(folder), name)
    return f"== {name} ({language}): {done.returncode}\n{said}"


def stranger(folder, where):
    """A copy with the list of units that its first line names."""
    made = where / folder.name
    shutil.copytree(folder, made)
    with open(folder / "plan.yaml", encoding="utf-8") as source:
        units = source.readline().removeprefix("# units: ").strip()
    shutil.copy(ROOT / units, made / "units.csv")
    return made


def in_force(plan, system, day):
    counts = {"district": 0, "commune": 0}
    with open(ROOT / "plans" / plan / "units.csv", encoding="utf-8", newline="") as source:
        for row in csv.DictReader(source):
            if (row["code_system"] == system and row["level"] in counts
                    and row["valid_from"] <= day < (row["valid_to"] or "9999")):
                counts[row["level"]] += 1
    return counts["district"], counts["commune"]


def main():
    said = []
    with tempfile.TemporaryDirectory() as made:
        for language in ("en", "vi"):
            for plan in sorted((ROOT / "plans").glob("*/plan.yaml")):
                said.append(check(plan.parent, plan.parent.name, language))
        for folder in sorted((ROOT / "tests/strangers").iterdir()):
            copy = stranger(folder, Path(made))
            said.append(check(copy, folder.name, "en"))
    for name in ("mistaken_plan", "mistaken_units"):
        for language in ("en", "vi"):
            said.append(check(ROOT / "tests/support" / name, name, language))
    text = "".join(said)
    if sys.argv[1:] == ["--write"]:
        GOLDEN.write_text(text, encoding="utf-8")
        return 0
    wrong = 0
    for plan, system, day, *wanted in UNITS:
        found = in_force(plan, system, day)
        if found != tuple(wanted):
            print(f"{plan} {system} {day}: {found}, not {tuple(wanted)}")
            wrong += 1
    golden = GOLDEN.read_text(encoding="utf-8")
    if golden != text:
        wrong += 1
        for old, new in zip(golden.splitlines() + ["end"], text.splitlines() + ["end"]):
            if old != new:
                print(f"expected: {old}\n  printed: {new}")
                break
    print(f"{len(said)} plans checked, {len(UNITS)} counts of units: "
          + ("all as expected" if not wrong else f"{wrong} differ"))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
