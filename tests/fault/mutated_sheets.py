#!/usr/bin/python3
"""Broken workbooks and texts: each is accepted whole or refused with a place
and a reason, and none ends the program.

    tests/fault/mutated_sheets.py [ROUND]...

A round that failed is run again by its number. What is broken: bytes of the
file, its end, parts of the archive, tags and values in them; separators,
quotes and bytes of a text.
"""

import json
import random
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "integration"))
import rounds  # noqa: E402
import xlsx_file  # noqa: E402
from agent_commands import AGENT, Office  # noqa: E402
from sheets import ACTS, DAYS, TYPE  # noqa: E402

ROWS = 3
JUNK = ["", "=1+1", "31/02/2018", "999999999999999999999", "-1", "1e309",
        "\u202eabc", "x" * 5000, "a;b;c", "NaN", "@so-15", "#REF!", "\x7f"]


def base_book(office):
    template = office.path / "mau.xlsx"
    office.run("template", TYPE, "-o", template)
    at = xlsx_file.headings(template)
    cells = {}
    for i, day in enumerate(DAYS):
        for name, value in {"Ngày xử phạt": day, "Hành vi": ACTS[i],
                            "Số người": 1, "Số quyết định": 1,
                            "Tiền phạt (đồng)": 750000}.items():
            cells[f"{xlsx_file.letters(at[name])}{3 + i}"] = value
    book = office.path / "thang.xlsx"
    xlsx_file.set_cells(template, book, cells)
    return book.read_bytes()


def base_text(office):
    lines = ["Ngày xử phạt;Hành vi;Số người;Số quyết định;Tiền phạt (đồng)"]
    for day, act in zip(("31/01/2018", "28/02/2018", "01/03/2018"), ACTS):
        lines.append(f"{day};{act};1;1;750.000")
    del office
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode()


# ---- how bytes break ----

def flip(data, chance):
    data = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


def cut(data, chance):
    return data[:chance.randrange(len(data))]


def repeat(data, chance):
    start = chance.randrange(len(data))
    size = chance.randint(1, 400)
    return data[:start] + data[start:start + size] * chance.randint(2, 6) \
        + data[start:]


def leave_out(data, chance):
    start = chance.randrange(len(data))
    return data[:start] + data[start + chance.randint(1, 300):]


BYTES = [flip, cut, repeat, leave_out]


# ---- how a workbook breaks ----

def with_parts(change):
    def broken(data, chance):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "a.xlsx"
            path.write_bytes(data)
            content = xlsx_file.parts(path)
            change(content, chance)
            xlsx_file.write_parts(path, content)
            return path.read_bytes()
    broken.__name__ = change.__name__
    return broken


def pick_part(content, chance):
    return chance.choice([name for name in sorted(content)
                          if name.startswith("xl/") and content[name]])


@with_parts
def part_is_missing(content, chance):
    del content[pick_part(content, chance)]


@with_parts
def parts_change_places(content, chance):
    one, other = pick_part(content, chance), pick_part(content, chance)
    content[one], content[other] = content[other], content[one]


@with_parts
def part_has_other_bytes(content, chance):
    name = pick_part(content, chance)
    content[name] = chance.choice(BYTES)(content[name], chance)


@with_parts
def sheet_has_other_bytes(content, chance):
    name = xlsx_file.FIRST_SHEET
    content[name] = chance.choice(BYTES)(content[name], chance)


def pieces(text, begin, end):
    """Where the pieces from `begin` to `end` are."""
    found = []
    at = text.find(begin)
    while at >= 0:
        to = text.find(end, at)
        if to < 0:
            break
        found.append((at, to + len(end)))
        at = text.find(begin, to)
    return found


@with_parts
def tag_is_another(content, chance):
    name = pick_part(content, chance)
    text = content[name]
    tags = pieces(text, b"<", b">")
    if tags:
        start, end = chance.choice(tags)
        put = chance.choice([b"", b"<a>", b"</row>", b"<mergeCell ref=\"A1:B2\"/>",
                             b"<row r=\"1\">", text[start:end] * 2,
                             b"<!DOCTYPE a [<!ENTITY b \"c\">]>"])
        content[name] = text[:start] + put + text[end:]


@with_parts
def value_is_junk(content, chance):
    name = xlsx_file.FIRST_SHEET
    text = content[name]
    place = chance.choice(pieces(text, b":v>", b"<"))
    junk = chance.choice(JUNK).encode()
    content[name] = text[:place[0] + 3] + junk + text[place[1] - 1:]


@with_parts
def attribute_is_junk(content, chance):
    name = pick_part(content, chance)
    text = content[name]
    values = pieces(text, b"=\"", b"\" ")
    if values:
        start, end = chance.choice(values)
        junk = chance.choice(["", "0", "-1", "99999999999", "XFE1", "A1", "s"])
        content[name] = text[:start + 2] + junk.encode() + text[end - 2:]


@with_parts
def part_grows(content, chance):
    name = pick_part(content, chance)
    content[name] = content[name] + b" " * chance.choice([10, 1 << 22])


BOOK = [part_is_missing, parts_change_places, part_has_other_bytes,
        sheet_has_other_bytes, tag_is_another, value_is_junk,
        attribute_is_junk, part_grows]


# ---- how a text breaks ----

def cell_is_junk(data, chance):
    cells = data.split(b";")
    cells[chance.randrange(len(cells))] = chance.choice(JUNK).encode()
    return b";".join(cells)


def quote_is_open(data, chance):
    at = chance.randrange(len(data))
    return data[:at] + b'"' + data[at:]


def separators_mixed(data, chance):
    return bytes(chance.choice(b";,\t") if one in b";" else one for one in data)


def another_encoding(data, chance):
    text = data.decode("utf-8-sig")
    return text.encode(chance.choice(["utf-16", "cp1258", "utf-8", "latin-1"]),
                       errors="replace")


TEXT = [cell_is_junk, quote_is_open, separators_mixed, another_encoding]


def run(office, path, number, rows=None):
    done = subprocess.run(
        [AGENT, "import", path, "--dir", office.path, "--type", TYPE,
         "--dry-run", "--format", "jsonl"],
        capture_output=True, timeout=60, check=False)
    text = done.stderr.decode(errors="replace")
    assert done.returncode in (0, 65), (number, done.returncode, text)
    assert "Sanitizer" not in text and "runtime error" not in text, text
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    sums = lines[-1]
    assert sums["kind"] == "sums", (number, lines)
    if done.returncode == 0:
        # Whole: nothing of it was refused or passed over in silence.
        assert sums["refused"] == sums["mistakes"] == 0, (number, sums)
        assert sums["good"] + sums["known"] == sums["rows"], (number, sums)
        assert rows is None or sums["rows"] == rows, (number, sums)
        return "accepted"
    for line in lines[:-1]:
        if line["kind"] == "issue":
            assert line["text"] and line["row"] > 0, (number, line)
        elif line["kind"] == "fault":
            assert len(line["text"]) > 10, (number, line)
    kinds = {line["kind"] for line in lines[:-1]}
    assert kinds & {"issue", "fault"}, (number, "refused without a reason")
    return "refused"


def main():
    plan = rounds.Rounds("mutated_sheets", 50, 500)
    print(plan, file=sys.stderr)
    chosen = [int(word) for word in sys.argv[1:]] or range(plan.count)
    office = Office()
    answers = {}
    try:
        book, text = base_book(office), base_text(office)
        assert zipfile.is_zipfile(office.path / "thang.xlsx")
        path = office.path / "hong"
        for base in (book, text):
            path.write_bytes(base)
            assert run(office, path, "whole", ROWS) == "accepted"
        for number in chosen:
            chance = random.Random(plan.seed * 1000 + number)
            is_book = number % 3 != 2
            how = chance.choice(BYTES + (2 * BOOK if is_book else 2 * TEXT))
            path.write_bytes(how(book if is_book else text, chance))
            # Nothing tells that a text was longer; a workbook's parts do.
            answer = run(office, path, (number, how.__name__),
                         ROWS if is_book else None)
            key = ("book" if is_book else "text", how.__name__)
            answers.setdefault(key, {"accepted": 0, "refused": 0})[answer] += 1
    finally:
        office.folder.cleanup()
    for (form, how), counts in sorted(answers.items()):
        print(f"{form} {how}: {counts['accepted']} accepted, "
              f"{counts['refused']} refused")
    print(f"{sum(sum(one.values()) for one in answers.values())} files, none "
          "ended the program")


if __name__ == "__main__":
    main()
