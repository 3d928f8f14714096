"""The sample year of An Biên, as one office writes it."""

import csv
import re

from line import SOURCE

AN_BIEN = SOURCE / "plans" / "an-bien-2020"
HOA_BINH = SOURCE / "plans" / "hoa-binh-2018"
HA_NOI = SOURCE / "plans" / "ha-noi-2018"


def sample_offices():
    with open(AN_BIEN / "samples" / "offices.csv", newline="") as source:
        return list(csv.DictReader(source))


def sample_pairs():
    return [pair for row in sample_offices()
            for pair in row["pairs"].split(";")]


def sample_files(home, agent):
    """The sample year as one office writes it. Each of the sample's offices
    has names and ids of its own."""
    for row in sample_offices():
        for path in sorted((AN_BIEN / "samples" / row["folder"]).glob("*.csv")):
            copy = home / f"{row['folder']}-{path.name}"
            text = path.read_text().replace("@", f"@{row['agent']}-")
            copy.write_text(re.sub(r"(?<![\d.])1\.1\.(\d+)",
                                   rf"{agent}.1.\1", text))
            yield copy
