#!/usr/bin/python3
"""Counts the sample year of Hà Nội's 2018 plan again, apart from the product.

  ha_noi_2018.py UNITS_CSV SAMPLES_DIR > expected.csv

Written from the text of the plan (24/KH-UBND) and the meaning of its
indicators. It knows nothing of ledgers, batches or protocols: it reads the
same CSV files and applies the corrections in them.
"""
import csv
import os
import sys
from collections import defaultdict

YEAR = ("2018-01-01", "2018-12-31")
CLEAN = {"cleared", "handed_over", "clean_confirmed"}
IN_ANNEX_2 = range(3, 10)  # numbers of the seven hotspots that the text names
NAMED = (1, 2)
CITY = "01"


def read_units(path):
    parents = {}
    with open(path, encoding="utf-8", newline="") as source:
        for row in csv.DictReader(source):
            if (row["valid_from"] or "0") <= YEAR[1] < (row["valid_to"] or "9"):
                parents[row["code"]] = (row["level"], row["parent_code"])
    return parents


DATES = ["occurred_on", "issued_on", "held_on", "published_on", "as_of", "signed_on",
         "inspected_on", "sanctioned_on", "stage_on", "state_on", "period_to",
         "rated_on", "submitted_on", "corrected_on", "reported_on"]


def read_events(root):
    """Live events in the order of their days, after voids and replacements."""
    events = {}
    for number, folder in enumerate(sorted(f for f in os.listdir(root)
                                           if os.path.isdir(os.path.join(root, f))), 1):
        sequence = 0
        for name in sorted(os.listdir(os.path.join(root, folder))):
            with open(os.path.join(root, folder, name), encoding="utf-8", newline="") as source:
                for row in csv.DictReader(source):
                    sequence += 1
                    event = {key: value for key, value in row.items() if value != ""}
                    event["on"] = next(event[key] for key in DATES if key in event)
                    event["agent"], event["id"] = number, (number, 1, sequence)
                    event["place"] = bare(event.get("commune") or event.get("subject_unit")
                                          or event["unit"])
                    events[event["id"]] = event
    name_things(events)
    for event in list(events.values()):
        if "target" not in event:
            continue
        target = tuple(int(part) for part in event["target"].split("."))
        del events[target]
        if event["type"] == "correction":
            del events[event["id"]]
    return sorted(events.values(), key=lambda event: (event["on"], event["id"]))


def name_things(events):
    """A local name stands for the number that it got when it first came up."""
    numbers = defaultdict(dict)
    for event in events.values():
        for field in ("est_ref", "case_ref", "hotspot_ref", "model_ref"):
            text = event.get(field)
            if not text:
                continue
            if text.startswith("@"):
                known = numbers[event["agent"], field]
                event[field] = (event["agent"], known.setdefault(text, len(known) + 1))
            else:
                _, agent, number, _ = text.split("-")
                event[field] = (int(agent), int(number))


def bare(unit):
    return unit.split(":")[1]


def in_year(event):
    return YEAR[0] <= event["on"] <= YEAR[1]


class Figures:
    """Values by (row, unit): the city and each district."""

    def __init__(self, units):
        self.units = units
        self.values = defaultdict(int)
        self.below = {}

    def above(self, place):
        """The units that an event at `place` counts for."""
        chain = []
        while place and place in self.units:
            chain.append(place)
            place = self.units[place][1]
        return chain

    def add(self, row, place, amount=1):
        for unit in self.above(place):
            self.values[row, unit] += amount

    def once(self, row, places):
        """One thing that lies in several places: once for each unit."""
        for unit in {unit for place in places for unit in self.above(place)}:
            self.values[row, unit] += 1

    def divide(self, row, by):
        self.below[row] = by


def places_of(event):
    if "units" in event:
        return [bare(unit) for unit in event["units"].split(";")]
    return [event["place"]]


def count(units, events):
    figures = Figures(units)
    firsts, inspected, reactivated = {}, defaultdict(set), defaultdict(set)
    last, planned = defaultdict(dict), set()
    for number, places in ((3, ["00025"]), (4, ["00007"]), (5, ["00007"]), (6, ["00358"]),
                           (7, ["00112", "00016"]), (8, ["00169"]), (9, ["00169"])):
        last["hotspot"][0, number] = ("cleared", places)
    for event in events:
        kind = event["type"]
        if kind == "case_stage":
            firsts.setdefault((event["stage"], event["case_ref"]), event)
        if event["on"] <= YEAR[1]:
            if kind == "hotspot_status":
                last["hotspot"][event["hotspot_ref"]] = (event["state"], places_of(event))
            elif kind == "model_status":
                last[event["kind"]][event["model_ref"]] = (event["state"], [event["place"]])
            elif kind == "commune_rating":
                last["rating"][event["place"]] = (event["rating"], [event["place"]])
            elif kind == "team_status" and event["level"] == "commune":
                last["team " + event["kind"]][event["place"]] = (event["state"],
                                                                 [event["place"]])
            elif kind == "plan_issued":
                last["own"][event["place"]] = (event["own_inspection_target"],
                                               [event["place"]])
        if not in_year(event):
            continue
        if kind == "plan_issued":
            planned.add(event["place"])
        if kind == "hotspot_status" and event["state"] == "reactivated":
            reactivated[event["hotspot_ref"]] |= set(places_of(event))
        elif kind == "inspection":
            if event["team_kind"] == "interagency_178" and event["team_level"] == "province":
                inspected[event["est_ref"]].add(event["place"])
            if event["team_kind"] == "interagency_178" and event["team_level"] != "province":
                figures.add("HN18-T5", event["place"])
            if event["team_kind"] == "interagency_178":
                figures.add("inspection_visit_count", event["place"])
            if event["mode"] == "follow_up":
                figures.add("HN18-T2", event["place"])
            figures.add("violations", event["place"], int(event.get("violations", 0)))
            figures.add("violation_handled_ratio", event["place"], int(event.get("sanctions", 0)) +
                        int(event.get("transferred_criminal", 0)))
        elif kind == "case_stage":
            if event["stage"] == "tried" and event.get("mobile_trial") == "yes":
                figures.add("mobile_trial_count", event["place"])
        elif kind == "admin_sanction":
            figures.add("HN18-T1", event["place"], int(event["persons"]))
            figures.add("HN18-T1-decisions", event["place"], int(event["decisions"]))
        elif kind == "client_flow" and (event["group"], event.get("service")) == (
                "seller", "credit_job"):
            figures.add("HN18-09", event["place"], int(event["served_new"]))

    for (stage, _), event in firsts.items():
        row = {"criminally_handled": "HN18-01", "tried": "HN18-02"}.get(stage)
        if row and in_year(event):
            figures.add(row, event["place"])
    for (issuer, number), (state, places) in last["hotspot"].items():
        if issuer == 0 and number in NAMED and state in CLEAN:
            figures.once("HN18-03", places)
        if issuer == 0 and number in IN_ANNEX_2 and state in CLEAN:
            figures.once("HN18-04-kept", places)
    for hotspot, places in reactivated.items():
        figures.once("HN18-04", places)
    for places in inspected.values():
        figures.once("HN18-05", places)
    for state, places in last["commune_prevention"].values():
        for row, wanted in (("HN18-06", {"maintained", "new"}),
                            ("HN18-06-maintained", {"maintained"}), ("HN18-06-new", {"new"})):
            if state in wanted:
                figures.once(row, places)
    for state, places in last["worker_rights"].values():
        if state in ("maintained", "new"):
            figures.once("HN18-07", places)
    for rating, places in last["rating"].values():
        if rating == "free":
            figures.once("HN18-08", places)
        if rating != "unrated":
            figures.once("HN18-T3", places)
    for kind, row in (("interagency_178", "178"), ("volunteer_social_work", "volunteer")):
        for state, places in last["team " + kind].values():
            if state == "consolidated":
                figures.once("HN18-T4-" + row, places)
    for own, places in last["own"].values():
        figures.add("own_target", places[0], int(own))
    for place in planned:
        figures.once("plan_unit_ratio", [place])
    for unit, (level, _) in units.items():
        if level in ("commune", "district"):
            figures.add(level, unit)
    return figures


ROWS = ["HN18-01", "HN18-02", "HN18-03", "HN18-04", "HN18-04-kept", "HN18-05", "HN18-06",
        "HN18-06-maintained", "HN18-06-new", "HN18-07", "HN18-08", "HN18-09", "HN18-T1",
        "HN18-T1-decisions", "HN18-T2", "HN18-T3", "HN18-T4-178",
        "HN18-T4-volunteer", "HN18-T5", "HN18-T6", "inspection_visit_count",
        "violation_handled_ratio", "mobile_trial_count", "plan_unit_ratio"]
OVER = {"HN18-08": "commune", "HN18-T3": "commune", "plan_unit_ratio": "district",
        "violation_handled_ratio": "violations"}
GOALS = {"HN18-01": 150, "HN18-02": 120, "HN18-03": 2, "HN18-04": 0, "HN18-04-kept": 21,
         "HN18-05": 60, "HN18-06": 55, "HN18-06-maintained": 53, "HN18-06-new": 2,
         "HN18-07": 1, "HN18-08": 470, "HN18-09": 6}


def judge(row, value, denominator, goal):
    """After the plan's year: what was to be reached is met or missed."""
    if goal == "":
        return ""
    if row == "HN18-04":
        return "met" if value == 0 else "missed"
    if row == "HN18-08" and value * 100 < 80 * denominator:
        return "missed"
    return "met" if value >= goal else "missed"


def main():
    units = read_units(sys.argv[1])
    figures = count(units, read_events(sys.argv[2]))
    districts = sorted(code for code, (level, _) in units.items() if level == "district")
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["row", "unit", "value", "denominator", "goal", "status"])
    for unit in [CITY] + districts:
        for row in ROWS:
            value = figures.values[row, unit]
            denominator = figures.values[OVER[row], unit] if row in OVER else ""
            goal = GOALS.get(row, "") if unit == CITY else ""
            if row == "HN18-T5" and unit != CITY:
                goal = figures.values["own_target", unit] or ""
            status = judge(row, value, denominator, goal)
            if row == "HN18-T5" and unit == CITY:
                # Each district its own: one that falls short is enough.
                status = "met" if all(
                    figures.values[row, code] >= figures.values["own_target", code]
                    for code in districts) else "missed"
            elif row == "HN18-T6":
                value, status = "", "not_computed"
            elif denominator == 0:
                status = "nothing"
            out.writerow([row, "gso3:" + unit, value, denominator, goal, status])


main()
