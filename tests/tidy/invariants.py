"""Which test proves which invariant, and which mutant it must notice.

    python3 tests/tidy/invariants.py [--run] [I3]...

Lists the tests whose names begin with an invariant's id, and the mutants of
it. Exits with 1 if an invariant has none of either, if a mutant names a test
that is not there, or if docs/TESTING.md does. --run also runs the tests, as
./dev build has built them.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
INVARIANTS = [f"I{number}" for number in range(1, 13)]
TEST = re.compile(r"^Test\(\s*(\w+),\s*(\w+)", re.MULTILINE)
BUILT = re.compile(
    r"tallyline_unit\((\w+)|tallyline_test\((\w+)[^)]*?test_(\w+)\.c")
SCRIPT = re.compile(r"tallyline_(?:script|fuzz)\((\w+)(\$\{\w+\})?")
QUOTED = re.compile(r"`(\w+/\w+)`")


def find_tests():
    """suite/name of every test of a Criterion program, and its program."""
    lists = (ROOT / "tests" / "CMakeLists.txt").read_text(encoding="utf-8")
    programs = {source or unit: unit or name
                for unit, name, source in BUILT.findall(lists)}
    return {"/".join(found): f"test_{programs.get(path.stem[5:], '')}"
            for path in sorted(ROOT.glob("tests/*/test_*.c"))
            for found in TEST.findall(path.read_text(encoding="utf-8"))}


def find_programs(tests):
    """What ctest knows: whole names, and the beginnings of those that a loop
    of the list makes."""
    names, beginnings = set(tests.values()), []
    for part, before in ("tests", ""), ("tests/fuzz", "fuzz_"):
        lists = (ROOT / part / "CMakeLists.txt").read_text(encoding="utf-8")
        for name, looped in SCRIPT.findall(lists):
            if looped:
                beginnings.append(name)
            else:
                names.add(before + name)
    return names, tuple(beginnings)


def passes(program, test):
    done = subprocess.run(
        [ROOT / "build" / "dev" / "tests" / program, "--filter", test],
        capture_output=True, text=True)
    return done.returncode == 0 and "Tested: 1 " in done.stderr


def of_invariant(invariant, tests):
    wanted = invariant.lower()
    return [test for test in tests
            if wanted in re.match(r"((?:i\d+_)*)",
                                  test.split("/")[1]).group(1).split("_")]


def find_mutants():
    """(name, invariant or way of counting, test) of every mutant."""
    found = []
    for path in sorted(ROOT.glob("tests/mutants/*.patch")):
        head = path.read_text(encoding="utf-8").split("\ndiff ")[0]
        fields = dict(line.split(": ", 1) for line in head.splitlines()
                      if ": " in line)
        found.append((path.stem, fields.get("Invariant", ""),
                      fields.get("Test", "")))
    return found


def complaints(tests, mutants):
    known = set(tests)
    names, beginnings = find_programs(tests)
    for name, invariant, test in mutants:
        words = test.split()
        if not invariant or not words:
            yield f"tests/mutants/{name}.patch: no invariant or no test"
        elif words[0] not in names and not words[0].startswith(beginnings):
            yield f"tests/mutants/{name}.patch: there is no {words[0]}"
        elif len(words) == 2 and "*" not in words[1] and (
                words[1] not in known):
            yield f"tests/mutants/{name}.patch: there is no {words[1]}"
    for invariant in INVARIANTS:
        if not of_invariant(invariant, tests):
            yield f"{invariant}: no test has its id"
        if invariant not in [found for _, found, _ in mutants]:
            yield f"{invariant}: no mutant"
    text = (ROOT / "docs" / "TESTING.md").read_text(encoding="utf-8")
    suites = {test.split("/")[0] for test in tests}
    for name in QUOTED.findall(text):
        if name.split("/")[0] in suites and name not in known:
            yield f"docs/TESTING.md: there is no {name}"
    for invariant in INVARIANTS:
        if f"**{invariant} " not in text:
            yield f"docs/TESTING.md: {invariant} is missing"


def main():
    tests, mutants = find_tests(), find_mutants()
    found = list(complaints(tests, mutants))
    wanted = [word for word in sys.argv[1:] if word != "--run"]
    for invariant in wanted or INVARIANTS:
        print(invariant)
        for test in of_invariant(invariant, tests):
            print(f"  {test}", flush=True)
            if "--run" in sys.argv and not passes(tests[test], test):
                found.append(f"{test} of {tests[test]} fails")
        for name, broken, _ in mutants:
            if broken == invariant:
                print(f"  mutant {name}")
    for text in found:
        print(text, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
