#!/usr/bin/python3
"""Does what docs/AUDIT.md says under "Checked by hand", word for word.

A province and an office work; what was exported of its ledger is checked by the
commands in the document, which must find it sound. Then one byte of it is
changed in each place that matters, and one of the commands must say so.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE / "tests/support"))
from line import Line, expect, expect_equal, run_tests, visit, wait_until  # noqa: E402

COMMUNE = 90101
SHELLS = {"sh": ["bash", "-e", "-o", "pipefail"], "python": ["/usr/bin/python3", "-"]}


def steps():
    text = (SOURCE / "docs/AUDIT.md").read_text(encoding="utf-8")
    section = text.split("\n## Checked by hand\n")[1].split("\n## ")[0]
    found = re.findall(r"^```(sh|python)\n(.*?)^```$", section, re.M | re.S)
    expect_equal([kind for kind, _ in found], ["sh", "python", "sh", "sh", "python"],
                 "the steps of the document")
    return found


def run(step, export, tiles, agent):
    kind, text = step
    return subprocess.run(
        SHELLS[kind], input=text, text=True, cwd=export, capture_output=True,
        env={**os.environ, "TILES": str(tiles), "AGENT": str(agent),
             "PROTO": str(SOURCE / "proto"), "LC_ALL": "C.UTF-8"})


def fails(export, tiles, agent):
    """The numbers of the checks that find something wrong; the last step only
    says what a batch holds."""
    return [number for number, step in enumerate(steps()[:-1], 1)
            if run(step, export, tiles, agent).returncode != 0]


def flip(path, place):
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)


def the_document_is_true():
    with Line() as line, tempfile.TemporaryDirectory() as home:
        export, tiles = Path(home, "export"), Path(home, "tiles")
        office = line.office("gso3:901")
        office.start()
        for fine in range(3):
            office.record("inspection", visit(COMMUNE, fine))
            line.settle()

        def exported():
            for kind, folder in (("raw", export), ("tiles", tiles)):
                done = line.province.command(
                    "audit", "export", f"--{kind}", "--output", folder,
                    code=None)
                expect(done.returncode in (0, 3), done.stderr)
            size = (export / "entries.bin").stat().st_size // 112
            return done.returncode == 0 and size == int(
                (tiles / "checkpoint").read_text().splitlines()[1])
        wait_until(exported, "a checkpoint over all entries")
        for number, step in enumerate(steps(), 1):
            done = run(step, export, tiles, office.number)
            expect_equal(done.returncode, 0,
                         f"step {number}: {done.stdout}{done.stderr}")
        expect("# 1.1.1\n" in done.stdout and "inspection" in done.stdout,
               f"what the first batch says: {done.stdout}")

        batch = sorted(export.glob("raw/*/*.batch"))[0]
        control = sorted(export.glob("raw/*/*.control"))[-1]
        others = {
            "a batch": ([1, 2, 4], lambda to: flip(to / batch.relative_to(export), 200)),
            "a document": ([1, 2, 4], lambda to: flip(to / control.relative_to(export), 9)),
            "an entry": ([2], lambda to: flip(to / "entries.bin", 3 * 112 + 20)),
            "the last entry": ([2], lambda to: os.truncate(
                to / "entries.bin", (export / "entries.bin").stat().st_size - 112)),
        }
        for what, (wanted, change) in others.items():
            other = Path(home, what.replace(" ", "-"))
            shutil.copytree(export, other)
            change(other)
            expect_equal(fails(other, tiles, office.number), wanted, what)
        # A name that fits its content, and an entry that does not.
        other = Path(home, "renamed")
        shutil.copytree(export, other)
        flip(other / batch.relative_to(export), 200)
        data = (other / batch.relative_to(export)).read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        (other / batch.relative_to(export)).rename(
            other / batch.parent.relative_to(export) /
            f"{batch.name[:10]}-{digest}.batch")
        sums = other / "SHA256SUMS"
        sums.write_text(sums.read_text().replace(
            batch.name.split("-")[1].split(".")[0], digest))
        expect_equal(fails(other, tiles, office.number), [2, 4], "a batch under its new hash")
        other = Path(home, "other-tiles")
        shutil.copytree(tiles, other)
        note = (other / "checkpoint").read_text()
        (other / "checkpoint").write_text(note.replace("\n", "X\n", 1))
        expect_equal(fails(export, other, office.number), [3], "another name in the note")


if __name__ == "__main__":
    os.umask(0o077)
    run_tests([the_document_is_true])
