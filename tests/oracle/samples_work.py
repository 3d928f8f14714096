"""Kinds of work that several stories have: each function draws rows."""
from datetime import date, timedelta

from samples import unit, workday

CATEGORIES = ["lodging", "karaoke", "massage_sauna", "cafe", "restaurant_pub",
              "hairdresser", "discotheque_bar"]
SECTORS = {"lodging": "tourism", "karaoke": "culture", "massage_sauna": "health",
           "discotheque_bar": "culture"}
STAGES = ["detected", "criminally_handled", "investigated", "indicted", "tried"]


def establishments(rng, own, communes, count, on, name="@so"):
    """Active from `on`; the i-th gets the number i of its office."""
    rows = []
    for i in range(1, count + 1):
        category = rng.choice(CATEGORIES)
        rows.append({**own, "as_of": on, "subject_unit": unit(rng.choice(communes)),
                     "est_ref": f"{name}-{i:02d}", "category": category,
                     "managing_sector": SECTORS.get(category, "commune"),
                     "state": "active", "worker_count": rng.randrange(2, 20)})
    return rows


def later(row, on, state, **changes):
    return {**row, "as_of": on, "state": state, **changes}


def visit(own, place, on, level, mode="planned", violations=0, sanctions=0,
          team="interagency_178", **more):
    row = {**own, "inspected_on": on, "subject_unit": place["subject_unit"],
           "est_ref": place["est_ref"], "team_kind": team, "team_level": level,
           "mode": mode, "result": "violation" if violations else "no_violation",
           "violations": violations, **more}
    if violations:
        row["sanctions"] = sanctions
        row["fine_vnd"] = sanctions * 1500000
    return row


def visits(rng, own, places, count, first, last, levels=("district",), team="interagency_178",
           modes=("planned", "planned", "unannounced")):
    """Visits to places drawn anew each time; some find violations."""
    rows = []
    for _ in range(count):
        found = rng.randrange(1, 4) if rng.random() < 0.25 else 0
        rows.append(visit(own, rng.choice(places), workday(rng, first, last),
                          rng.choice(levels), rng.choice(modes), found,
                          rng.randrange(0, found + 1), team))
        if found and rng.random() < 0.5:
            again = min(rows[-1]["inspected_on"] + timedelta(days=30), last)
            rows.append({**rows[-1], "inspected_on": again, "mode": "follow_up",
                         "result": "no_violation", "violations": 0,
                         "sanctions": "", "fine_vnd": ""})
    return rows


def activity(own, on, place, form, audience, **more):
    return {**own, "held_on": on, "subject_unit": unit(place), "form": form,
            "audience": audience, "sessions": 1, **more}


def sanctions(rng, own, communes, ends, acts=("buying", "selling")):
    rows = []
    for end in ends:
        for act in acts:
            persons = rng.randrange(0, 4)
            if persons:
                rows.append({**own, "sanctioned_on": end,
                             "subject_unit": unit(rng.choice(communes)), "act": act,
                             "persons": persons, "decisions": persons,
                             "fine_vnd": persons * 750000})
    return rows


def stage(own, name, on, reached, place, **more):
    return {**own, "stage_on": on, "subject_unit": unit(place), "case_ref": name,
            "stage": reached, **more}


def cases(rng, own, communes, count, first, last, name="@va"):
    """Cases that go through the stages until they stop or the year ends."""
    rows = []
    for i in range(1, count + 1):
        on = workday(rng, first, last)
        place = rng.choice(communes)
        kind = rng.choice(["harbouring", "brokering"])
        for reached in STAGES[:rng.randrange(1, 6)]:
            rows.append(stage(own, f"{name}-{i:02d}", on, reached, place, case_type=kind,
                              accused_count=rng.randrange(1, 4)))
            if reached == "tried" and i % 3 == 0:
                rows[-1]["mobile_trial"] = "yes"
            on += timedelta(days=rng.randrange(5, 45))
    return rows


def hotspot(own, name, on, state, place_kind, codes, **more):
    return {**own, "as_of": on, "subject_unit": unit(codes[0]), "hotspot_ref": name,
            "place_kind": place_kind, "units": ";".join(unit(code) for code in codes),
            "state": state, **more}


def model(own, name, on, kind, state, place, **more):
    return {**own, "as_of": on, "subject_unit": unit(place), "model_ref": name,
            "kind": kind, "state": state, **more}


def flow(own, first, last, group, source, counts, **more):
    """counts: identified, with need, eligible, counselled, served, served_new."""
    names = ["identified", "with_need", "eligible", "counselled", "served", "served_new"]
    return {**own, "period_from": first, "period_to": last, "group": group,
            "source": source, **dict(zip(names, counts)), **more}


def snapshot(own, on, measure, base, reached, place=None, **more):
    row = {**own, "as_of": on, "measure": measure, "reporting_body": own["office"],
           "base_count": base, "reached": reached, **more}
    if place:
        row["subject_unit"] = unit(place)
    return row


def team(own, on, place, kind, level, state, members=7):
    return {**own, "as_of": on, "subject_unit": unit(place), "kind": kind,
            "level": level, "state": state, "members": members}


def census(own, on, place, parts, **counts):
    return {**own, "as_of": on, "commune": unit(place), "parts_done": parts, **counts}


def submitted(own, on, regime, kind, key, revision=0):
    return {**own, "submitted_on": on, "regime": regime, "period_kind": kind,
            "period_key": key, "revision": revision}


def nil(own, on, regime, kind, key, indicators):
    return {**own, "reported_on": on, "regime": regime, "period_kind": kind,
            "period_key": key, "indicators": indicators}


def tip(own, name, on, state, channel, place, due=None):
    row = {**own, "state_on": on, "subject_unit": unit(place), "tip_ref": name,
           "channel": channel, "state": state}
    if due:
        row["due_on"] = due
    return row


def commitment(own, place, on, kind, **more):
    return {**own, "signed_on": on, "subject_unit": place["subject_unit"],
            "est_ref": place["est_ref"], "kind": kind, **more}


def day(year, text):
    """day(2018, "03-14")"""
    month, number = text.split("-")
    return date(year, int(month), int(number))
