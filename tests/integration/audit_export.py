#!/usr/bin/python3
"""What `audit export` writes of a running province is checked by others.

The raw batches by sha256sum, tiles and checkpoint by tests/audit/read_tiles.py;
both find a flipped byte. A second export adds only what came since.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE / "tests/support"))
from line import Line, expect, expect_equal, run_tests, visit, wait_until  # noqa: E402

READER = SOURCE / "tests/audit/read_tiles.py"
COMMUNE = 90101


def read_tiles(folder, *more):
    done = subprocess.run([READER, folder, *map(str, more)],
                          capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def sums(folder):
    return subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"],
                          cwd=folder, capture_output=True).returncode


def flip(path, place):
    data = bytearray(path.read_bytes())
    data[place] ^= 4
    path.write_bytes(data)


def export(line, kind, folder, code=0):
    return line.province.command("audit", "export", f"--{kind}", "--output",
                                 folder, code=code).stdout


def entries_of(folder):
    return (folder / "entries.bin").stat().st_size // 112


def checkpoint_over(line, folder, size):
    """Exports until the newest checkpoint is over so many entries."""
    def newest():
        done = line.province.command("audit", "export", "--tiles", "--output",
                                     folder, code=None)
        expect(done.returncode in (0, 3), done.stderr)
        return done.returncode == 0 and size <= int(
            (folder / "checkpoint").read_text().splitlines()[1])
    wait_until(newest, f"a checkpoint over {size} entries")


def others_check_what_is_exported():
    with Line() as line, tempfile.TemporaryDirectory() as home:
        raw, tiles = Path(home, "raw"), Path(home, "tiles")
        office = line.office("gso3:901")
        office.start()
        for fine in range(3):
            office.record("inspection", visit(COMMUNE, fine))
            line.settle()
        export(line, "raw", raw)
        size = entries_of(raw)
        files = sorted((raw / "raw").rglob("*.*"))
        expect(size >= 7, "genesis, plan and units, an office, batches")
        expect_equal(len(files), size, "a file for each entry")
        expect_equal(sums(raw), 0, "sha256sum")
        checkpoint_over(line, tiles, size)
        code, words = read_tiles(tiles, 0, size - 1)
        expect_equal(code, 0, words)

        # Only what is new is written the second time.
        before = {path: path.stat().st_mtime_ns for path in files}
        office.record("inspection", visit(COMMUNE, 99))
        line.settle()
        export(line, "raw", raw)
        expect_equal({path: path.stat().st_mtime_ns for path in files}, before,
                     "nothing is written again")
        expect_equal(sums(raw), 0, "sha256sum")
        checkpoint_over(line, tiles, size + 1)
        expect_equal(read_tiles(tiles, size)[0], 0, "the new entry")

        # A flipped byte is found, whatever it is in.
        flip(files[2], 40)
        expect_equal(sums(raw), 1, "a flipped byte of a batch")
        export(line, "raw", raw)
        expect_equal(sums(raw), 0, "it was written again")
        for path in sorted(tiles.rglob("*")):
            parts = path.relative_to(tiles).parts
            if path.is_dir() or path.name == "ledger.vkey" or (
                    parts[0] == "tile" and path.name != str(size + 1)):
                continue
            flip(path, 20)
            code, words = read_tiles(tiles)
            expect(code == 1 and "does not fit" in words, f"{path}: {words}")
            flip(path, 20)
        expect_equal(read_tiles(tiles)[0], 0, "as it was")

        # Another key than the ledger's.
        vkey = (tiles / "ledger.vkey").read_text().strip()
        expect_equal(read_tiles(tiles, "--key", vkey)[0], 0, "the key as text")
        other = vkey.replace("test.example", "other.example")
        expect_equal(read_tiles(tiles, "--key", other)[0], 1, "another name")

        # How it is called wrong.
        for words in (["--raw"], ["--tiles", "--raw", "--output", raw],
                      ["--output", raw],
                      ["--tiles", "--agent", "1", "--output", tiles]):
            line.province.command("audit", "export", *words, code=2)


os.umask(0o077)
run_tests([others_check_what_is_exported])
