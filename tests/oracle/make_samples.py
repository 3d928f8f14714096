#!/usr/bin/python3
"""Writes the sample year of a plan: a few offices with made-up work.

  make_samples.py PLAN_ID UNITS_CSV OUT_DIR
"""
import os
import sys

import samples
import samples_an_bien
import samples_cao_bang
import samples_ha_noi
import samples_hai_phong
import samples_hoa_binh

STORIES = {
    "ha-noi-2018": samples_ha_noi,
    "hoa-binh-2018": samples_hoa_binh,
    "cao-bang-2024": samples_cao_bang,
    "hai-phong-2024": samples_hai_phong,
    "an-bien-2020": samples_an_bien,
}


def main():
    plan, units_path, root = sys.argv[1:4]
    story = STORIES[plan]
    communes = samples.communes_in(units_path, *story.YEAR)
    os.makedirs(root, exist_ok=True)
    offices = samples.open_offices(story.OFFICES, communes, root)
    story.write(offices, communes)
    samples.write_offices(story.OFFICES, root)
    print(plan, sum(office.sequence for office in offices), "events")


main()
