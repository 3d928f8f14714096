"""The sample year of Hà Nội's 2018 plan: five offices, made-up work.

What the demo needs on purpose is marked "on purpose" below: a void, a
replacement, a second visit to one establishment, a hotspot in two districts,
cases over new year, a late event, a district with nothing to divide by, two
rows that are equal.
"""
import random
from datetime import date, timedelta

from samples import reference, unit, voided, workday

SEED = 2018
YEAR = ("2018-01-01", "2018-12-31")
# number, folder, district, pairs (unit, office), area
OFFICES = [
    (1, "1-ba-dinh", "001", [("001", "district_labour_office"), ("001", "police"),
                             ("01", "social_evils_subdept")], ["01"]),
    (2, "2-hoan-kiem", "002", [("002", "district_labour_office"), ("002", "police"),
                               ("002", "court")], ["002"]),
    (3, "3-hoang-mai", "008", [("008", "district_labour_office"), ("008", "police"),
                               ("008", "court")], ["008"]),
    (4, "4-cau-giay", "005", [("005", "district_labour_office"), ("005", "police")],
     ["005"]),
    (5, "5-tay-ho", "003", [("003", "district_labour_office"), ("003", "police")],
     ["003", "001"]),
]
# communes of annex 1, in its order: the province's numbers of the models
ANNEX_1 = """00025 00007 00067 00079 00085 00169 00175 00139 00124 00133 00325
00331 00526 00565 00643 00673 00667 00682 00664 00670 00592 00632 00610 00616
00502 00493 00520 00496 00469 00454 00445 00418 00400 00415 00376 09541 09544
09571 09886 09553 09568 09955 09988 09982 09883 09694 09691 00199 00187 00268
00244 00256 00370 08989 08992""".split()
NEW_MODELS = {"00565", "00670"}


def day(rng, start=date(2018, 1, 8), end=date(2018, 12, 21)):
    return workday(rng, start, end)


def labour(office):
    return {"unit": unit(office.district), "office": "district_labour_office"}


def police(office):
    return {"unit": unit(office.district), "office": "police"}


def write_common(office, rng):
    own = labour(office)
    office.write("plan_issued", [
        {**own, "issued_on": date(2018, 2, 5 + office.number),
         "subject_unit": unit(office.district), "year": 2018,
         "integrates": "drug;hiv;trafficking" if office.number % 2 else "drug;hiv",
         "own_inspection_target": 28 + 4 * office.number}])
    categories = ["lodging", "karaoke", "massage_sauna", "cafe",
                  "restaurant_pub", "hairdresser", "discotheque_bar"]
    sectors = {"lodging": "tourism", "karaoke": "culture",
               "massage_sauna": "health", "discotheque_bar": "culture"}
    listed = 22 + 3 * office.number
    rows = []
    for i in range(1, listed + 1):
        category = rng.choice(categories)
        rows.append({**own, "as_of": date(2018, 1, 15),
                     "subject_unit": unit(rng.choice(office.communes)),
                     "est_ref": f"@so-{i:02d}", "category": category,
                     "managing_sector": sectors.get(category, "commune"),
                     "state": "active", "worker_count": rng.randrange(2, 25)})
    rows += [{**rows[i], "as_of": date(2018, 9, 3), "state": "closed",
              "worker_count": 0} for i in (3, 11)]
    office.write("establishment_status", rows)
    office.establishments = rows[:listed]

    visits = []
    for _ in range(24 + 4 * office.number):
        place = rng.choice(office.establishments)
        # Tây Hồ finds nothing all year: there is nothing to divide by.
        result = "no_violation" if office.number == 5 else rng.choice(
            ["no_violation", "no_violation", "reminded", "violation"])
        found = rng.randrange(1, 4) if result == "violation" else 0
        visit = {**own, "inspected_on": day(rng), "subject_unit": place["subject_unit"],
                 "est_ref": place["est_ref"], "team_kind": "interagency_178",
                 "team_level": rng.choice(["district", "district", "commune"]),
                 "mode": rng.choice(["planned", "planned", "unannounced"]),
                 "result": result, "violations": found}
        if found:
            visit["sanctions"] = rng.randrange(0, found + 1)
            visit["fine_vnd"] = visit["sanctions"] * 1500000
        visits.append(visit)
        if result == "violation" and rng.random() < 0.5:
            again = min(visit["inspected_on"] + timedelta(days=35), date(2018, 12, 28))
            visits.append({**visit, "inspected_on": again, "mode": "follow_up",
                           "result": "no_violation", "violations": 0,
                           "sanctions": "", "fine_vnd": ""})
    # A second visit to one establishment on another day, on purpose.
    visits.append({**visits[0], "inspected_on": date(2018, 10, 9),
                   "result": "no_violation", "violations": 0,
                   "sanctions": "", "fine_vnd": ""})
    office.visits, office.first_visit = visits, office.write("inspection", visits)

    office.write("communication_activity", [
        {**own, "held_on": day(rng), "subject_unit": unit(rng.choice(office.communes)),
         "form": rng.choice(["talk", "loudspeaker", "leaflet", "conference"]),
         "audience": rng.choice(["community", "students", "establishment_workers"]),
         "sessions": 1, "attendees": rng.randrange(20, 180)} for _ in range(30)])
    # Two equal rows, on purpose: two loudspeaker sessions of one day.
    twice = {**own, "held_on": date(2018, 6, 26), "subject_unit": unit(office.communes[0]),
             "form": "loudspeaker", "audience": "community", "sessions": 1}
    office.write("communication_activity", [twice, twice])

    month = date(2018, 1, 31)
    sanctions = []
    while month.year == 2018:
        for act in ("buying", "selling"):
            persons = rng.randrange(0, 6)
            if persons:
                sanctions.append({**police(office), "sanctioned_on": month,
                                  "subject_unit": unit(rng.choice(office.communes)),
                                  "act": act, "persons": persons, "decisions": persons,
                                  "fine_vnd": persons * 750000})
        following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
        month = (following + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    office.write("admin_sanction", sanctions)

    stages = ["detected", "criminally_handled", "investigated", "indicted", "tried"]
    rows = []
    for i in range(1, 9 + 2 * office.number):
        start = day(rng, date(2018, 1, 4), date(2018, 10, 30))
        place = unit(rng.choice(office.communes))
        for stage in stages[:rng.randrange(2, 6)]:
            rows.append({**police(office), "stage_on": start, "subject_unit": place,
                         "case_ref": f"@va-{i:02d}", "stage": stage,
                         "case_type": rng.choice(["harbouring", "brokering"]),
                         "accused_count": rng.randrange(1, 4)})
            if stage == "tried" and i % 3 == 0:
                rows[-1]["mobile_trial"] = "yes"
            start = min(start + timedelta(days=rng.randrange(5, 40)), date(2018, 12, 31))
    # A stage told twice, on purpose: it is still one case.
    again = next(row for row in rows if row["stage"] == "criminally_handled")
    rows.append({**again, "stage_on": again["stage_on"] + timedelta(days=2)})
    if office.number == 3:
        # Two cases over new year, on purpose.
        place = unit("00331")
        for name, steps in (
                ("@va-90", [("2017-12-27", "criminally_handled"), ("2018-01-30", "investigated"),
                            ("2018-03-05", "indicted"), ("2018-04-12", "tried")]),
                ("@va-91", [("2018-12-20", "criminally_handled"), ("2019-01-15", "investigated"),
                            ("2019-02-11", "tried")])):
            rows += [{**police(office), "stage_on": on, "subject_unit": place,
                      "case_ref": name, "stage": stage, "case_type": "harbouring"}
                     for on, stage in steps]
    office.write("case_stage", rows)

    rows = []
    for i, code in enumerate(office.communes):
        rows.append({**own, "rated_on": date(2018, 6, 29), "commune": unit(code),
                     "year": 2018, "rating": "free" if i % 3 else "not_free"})
    for i, code in enumerate(office.communes[:-1]):
        rows.append({**own, "rated_on": date(2018, 12, 5), "commune": unit(code),
                     "year": 2018, "rating": "free" if i % 5 else "not_free",
                     "score": 850 + i})
    office.write("commune_rating", rows)

    office.write("team_status", [
        {**own, "as_of": date(2018, 3, 30), "subject_unit": unit(code), "kind": kind,
         "level": "commune", "state": "consolidated" if i % 4 else "set_up",
         "members": 5 + i % 3}
        for i, code in enumerate(office.communes)
        for kind in ("interagency_178", "volunteer_social_work")])

    office.write("client_flow", [
        {**own, "period_from": first, "period_to": last, "group": "seller",
         "source": "outreach", "service": "credit_job", "identified": 6,
         "with_need": 4, "eligible": 3, "counselled": 4, "served": served,
         "served_new": new, "dedup": "first_time_known"}
        for first, last, served, new in (
            (date(2018, 1, 1), date(2018, 3, 31), 1, 1),
            (date(2018, 7, 1), date(2018, 9, 30), 2, 1 if office.number < 4 else 0))])


def write_models(office, own, codes, state):
    rows = [{**own, "as_of": date(2018, 4, 2), "subject_unit": unit(code),
             "model_ref": reference("MOD", 0, ANNEX_1.index(code) + 1),
             "kind": "commune_prevention", "state": state(code), "members": 12}
            for code in codes]
    if rows:
        office.write("model_status", rows)


def write_city(office, others, rng):
    """The city's sub-department shares the box of Ba Đình."""
    own = {"unit": unit("01"), "office": "social_evils_subdept"}
    visits = []
    for other in others:
        for i in rng.sample(range(len(other.establishments)), 13):
            place = other.establishments[i]
            visits.append({**own, "inspected_on": day(rng),
                           "subject_unit": place["subject_unit"],
                           "est_ref": reference("EST", other.number, i + 1),
                           "team_kind": "interagency_178", "team_level": "province",
                           "mode": "planned", "result": "no_violation", "violations": 0})
    # The same establishments again: more visits, not more establishments.
    visits += [{**visit, "inspected_on": date(2018, 12, 12), "mode": "follow_up"}
               for visit in visits[::9]]
    office.write("inspection", visits)
    far = [code for code in ANNEX_1
           if not any(code in other.communes for other in others)][:40]
    write_models(office, own, far,
                 lambda code: "new" if code in NEW_MODELS else "maintained")
    office.write("model_status", [
        {**own, "as_of": date(2018, 5, 7), "subject_unit": unit("00079"),
         "model_ref": "@mh-01", "kind": "worker_rights", "state": "new"}])


def write_hotspots(offices):
    def row(office, on, number, place, state, codes):
        return {**police(office), "as_of": on, "subject_unit": unit(codes[0]),
                "hotspot_ref": reference("HOT", 0, number), "place_kind": place,
                "units": ";".join(unit(code) for code in codes), "state": state}
    ba_dinh, hoan_kiem, hoang_mai, cau_giay, tay_ho = offices
    inside, public = "in_establishment", "public_place"
    hoang_mai.write("hotspot_status", [
        row(hoang_mai, "2018-05-10", 1, inside, "checked", ["00340", "00322", "00310"]),
        row(hoang_mai, "2018-08-15", 1, inside, "cleared", ["00340", "00322", "00310"])])
    hoan_kiem.write("hotspot_status", [
        row(hoan_kiem, "2018-10-02", 2, inside, "cleared", ["00067"])])
    ba_dinh.write("hotspot_status", [
        row(ba_dinh, "2018-06-30", 3, public, "clean_confirmed", ["00025"]),
        row(ba_dinh, "2018-06-30", 4, public, "clean_confirmed", ["00007"]),
        row(ba_dinh, "2018-12-14", 5, public, "clean_confirmed", ["00007"])])
    # One hotspot in two districts, on purpose: told by both.
    tay_ho.write("hotspot_status", [
        row(tay_ho, "2018-11-20", 7, public, "clean_confirmed", ["00112", "00016"])])
    # A re-activation entered by mistake, on purpose: voided below.
    first = cau_giay.write("hotspot_status", [
        row(cau_giay, "2018-07-03", 8, public, "reactivated", ["00169"]),
        row(cau_giay, "2018-09-21", 9, public, "clean_confirmed", ["00169"])])
    cau_giay.write("correction", [
        voided(police(cau_giay), "2018-07-04", cau_giay.event(first), "wrong_reference")])


def write_endings(offices):
    """Corrections and what came late."""
    hoang_mai, tay_ho = offices[2], offices[4]
    # A replacement, on purpose: the visit found two violations, not what was
    # entered first.
    wrong = next(i for i, visit in enumerate(hoang_mai.visits)
                 if visit["result"] == "violation")
    hoang_mai.write("inspection", [
        {**hoang_mai.visits[wrong], "violations": 5, "sanctions": 4,
         "fine_vnd": 6000000, "target": f"3.1.{hoang_mai.first_visit + wrong}",
         "reason": "typing_error"}])
    # A late event, on purpose: found in the drawer at the end of the year.
    hoang_mai.write("admin_sanction", [
        {**police(hoang_mai), "sanctioned_on": "2018-05-17",
         "subject_unit": unit("00337"), "act": "abusing_business", "persons": 2,
         "decisions": 2, "fine_vnd": 30000000}])
    tay_ho.write("nil_report", [
        {**labour(tay_ho), "reported_on": "2018-06-30", "subject_unit": unit("003"),
         "regime": "calendar", "period_kind": "half_year", "period_key": 201801,
         "indicators": "violation_handled_ratio"}])


def write(offices, _communes):
    for office in offices:
        rng = random.Random(SEED * 100 + office.number)
        write_common(office, rng)
        codes = [code for code in ANNEX_1 if code in office.communes]
        write_models(office, labour(office), codes, lambda code: "maintained")
    write_city(offices[0], offices, random.Random(SEED))
    write_hotspots(offices)
    write_endings(offices)
