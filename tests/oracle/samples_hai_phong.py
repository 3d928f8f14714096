"""The sample year of Hải Phòng's 2024 plan: seven offices, made-up work.

On purpose: a district without communes; plans that leave a programme out; a
district with a plan and no activity; communes that stop for a quarter; a month
without an item on one site; snapshots that replace each other, one of them
voided; establishments that close, change their sector or are inspected after
they closed; visits by several kinds of team; tips in time, late and not yet
due; a district where nobody has a need; an hotspot in two districts.
"""
import random
from datetime import date, timedelta

from samples import month_ends, reference, unit, voided, workday
from samples_work import (activity, cases, census, establishments, flow, hotspot, later, nil,
                          sanctions, snapshot, stage, submitted, team, tip, visit, visits)

SEED = 2024 * 31
YEAR = ("2024-01-01", "2024-12-31")
LABOUR = "district_labour_office"
OFFICES = [
    (1, "1-so-ldtbxh", "31", [("31", "dolisa"), ("31", "social_evils_subdept"),
                              ("31", "information")], ["31"]),
    (2, "2-hong-bang", "303", [("303", LABOUR), ("303", "police")], ["303", "304"]),
    (3, "3-ngo-quyen", "304", [("304", LABOUR), ("304", "police")], ["304"]),
    (4, "4-le-chan", "305", [("305", LABOUR), ("305", "police")], ["305"]),
    (5, "5-bach-long-vi", "318", [("318", LABOUR), ("318", "police")], ["318"]),
    (6, "6-cac-nganh", "31", [("31", "culture_sport"), ("31", "tourism"), ("31", "education"),
                              ("31", "labour_federation"), ("31", "womens_union")], ["31"]),
    (7, "7-nganh-tu-phap", "31", [("31", "police"), ("31", "procuracy"), ("31", "court")],
     ["31"]),
]
ALL = "socio_econ;welfare;drug;trafficking;hiv"
QUARTERS = [(date(2024, 1, 8), date(2024, 3, 29)), (date(2024, 4, 1), date(2024, 6, 28)),
            (date(2024, 7, 1), date(2024, 9, 30)), (date(2024, 10, 1), date(2024, 12, 20))]


def write_island(office):
    """Bạch Long Vĩ: a district without communes, and with little to tell."""
    own = office.own(LABOUR)
    office.write("plan_issued", [{**own, "issued_on": "2024-04-29", "subject_unit": own["unit"],
                                  "year": 2024, "integrates": ALL}])
    office.write("team_status", [team(own, "2024-05-15", "318", "interagency_178", "district",
                                      "consolidated", 5)])
    office.write("coverage_snapshot", [
        snapshot(own, "2024-11-29", "staff_trained", 12, 12, staff_level="district")])
    office.write("report_submitted", [
        submitted(own, "2024-06-14", "nd09_2019", "half_year", "202401")])
    office.write("nil_report", [
        nil(own, "2024-06-14", "nd09_2019", "half_year", "202401",
            "service_access_ratio;tip_processed_ratio;violation_handled_ratio")])


def write_outreach(office, own, communes, rng):
    rows = []
    for quarter, (first, last) in enumerate(QUARTERS):
        for i, code in enumerate(communes):
            # Every fifth stops in the third quarter, every ninth for good.
            if (quarter == 2 and i % 5 == 4) or (quarter > 0 and i % 9 == 8):
                continue
            rows.append(activity(own, workday(rng, first, last), code,
                                 rng.choice(["talk", "loudspeaker", "social_media", "leaflet"]),
                                 rng.choice(["community", "students", "establishment_workers"]),
                                 attendees=rng.randrange(20, 200)))
    return office.write("communication_activity", rows), rows


def write_district(office, rng):
    own, force = office.own(LABOUR), office.own("police")
    communes = office.communes
    office.write("plan_issued", [
        {**own, "issued_on": date(2024, 4, 8 + office.number), "subject_unit": own["unit"],
         "year": 2024, "integrates": "welfare;drug;hiv" if office.number == 3 else ALL}])
    office.first_activity, office.activities = write_outreach(office, own, communes, rng)
    places = establishments(rng, own, communes, 16 + 3 * office.number, date(2024, 1, 10))
    rows = [*places, later(places[1], "2024-05-06", "closed", worker_count=0),
            later(places[2], "2024-08-05", "suspended"),
            # From one sector to another in the middle of the year.
            later(places[4], "2024-07-15", "active", category="karaoke",
                  managing_sector="culture"),
            {**later(places[0], "2024-11-04", "active"), "est_ref": "@so-90"},
            {**later(places[0], "2024-12-02", "listed"), "est_ref": "@so-91"}]
    office.write("establishment_status", rows)
    office.establishments = places
    rows = visits(rng, own, places[:9], 6, date(2024, 2, 19), date(2024, 12, 12),
                  ("district", "commune"))
    # Before it closed, and never to lift the ratio above what is there.
    rows.append(visit(own, places[1], "2024-03-12", "district"))
    rows.append(visit(own, places[3], "2024-10-17", "district", "follow_up"))
    office.visits, office.first_visit = rows, office.write("inspection", rows)
    base = 300 + 40 * office.number
    office.write("coverage_snapshot", [
        snapshot(own, "2024-06-10", "establishment_workers_informed", base, base // 3),
        snapshot(own, "2024-12-05", "establishment_workers_informed", base + 12,
                 base * (5 + office.number) // 10),
        snapshot(own, "2024-06-10", "staff_trained", 24, 6, staff_level="district"),
        snapshot(own, "2024-12-05", "staff_trained", 24, 15, staff_level="district"),
        snapshot(own, "2024-12-05", "staff_trained", 66, 20 + office.number,
                 staff_level="commune")])
    rows = []
    for i, (begin, end) in enumerate((("2023-12-15", "2024-03-31"), ("2024-04-01", "2024-06-14"),
                                      ("2024-06-15", "2024-09-30"), ("2024-10-01", "2024-12-14"))):
        # Lê Chân finds nobody with a need.
        need = 0 if office.number == 4 else rng.randrange(1, 5)
        eligible = max(0, need - i % 2)
        rows.append(flow(own, begin, end, "seller", ("raid", "outreach")[i % 2],
                         (need + 2, need, eligible, need, max(0, eligible - (i == 3)),
                          max(0, eligible - 1)),
                         service=("counselling", "health_hiv", "vocational_training",
                                  "credit_job")[i]))
    office.write("client_flow", rows)
    office.write("situation_census", [
        census(own, "2024-05-28", code, "establishments;workers", establishments=2,
               workers=rng.randrange(0, 60)) for code in communes[::2]])
    office.write("team_status", [
        team(own, "2024-04-26", office.district, "interagency_178", "district", "consolidated"),
        *(team(own, "2024-05-10", code, "interagency_178", "commune",
               "consolidated" if i % 4 else "set_up", 5) for i, code in enumerate(communes))])
    rows = []
    for i in range(1, 6):
        on = workday(rng, date(2024, 1, 9), date(2024, 10, 31))
        place, due = rng.choice(communes), on + timedelta(days=20)
        channel = ("hotline", "letter_box", "in_person", "online", "handed_over")[i - 1]
        rows.append(tip(force, f"@tin-{i}", on, "received", channel, place, due))
        rows.append(tip(force, f"@tin-{i}", on + timedelta(days=4), "classified", channel, place))
        if i != 5:  # the fifth is open; the second is late in every district
            rows.append(tip(force, f"@tin-{i}", on + timedelta(days=26 if i == 2 else 18),
                            "resolved" if i != 3 else "unfounded", channel, place))
    # Received in December: due after the year. Extended in time.
    rows.append(tip(force, "@tin-8", "2024-12-19", "received", "hotline", communes[0],
                    "2025-01-08"))
    rows += [tip(force, "@tin-9", "2024-08-01", "received", "hotline", communes[1], "2024-08-21"),
             tip(force, "@tin-9", "2024-08-19", "verified", "hotline", communes[1], "2024-09-20"),
             tip(force, "@tin-9", "2024-09-10", "resolved", "hotline", communes[1])]
    office.write("tip_status", rows)
    office.write("case_stage", cases(rng, force, communes, 3 + office.number,
                                     date(2024, 1, 8), date(2024, 11, 15)))
    office.write("admin_sanction", sanctions(rng, force, communes, list(month_ends(2024))[2::3]))
    office.write("report_submitted", [
        submitted(own, "2024-06-18", "nd09_2019", "half_year", "202401"),
        submitted(own, "2024-12-17", "nd09_2019", "year", "202401")])


def write_city(office, districts, communes, rng):
    own, site, news = (office.own(name) for name in ("dolisa", "social_evils_subdept",
                                                      "information"))
    # Cát Hải (317) has no plan.
    others = [str(code) for code in (306, 307, 308, 309, 311, 312, 313, 314, 315, 316)]
    office.write("plan_issued", [
        {**own, "issued_on": "2024-05-06", "subject_unit": unit(code), "year": 2024,
         "integrates": ALL + ";poverty" if code != "315" else "drug;hiv"} for code in others])
    write_outreach(office, own, communes["306"] + communes["307"] + communes["308"][:2]
                   + communes["311"][:3], rng)
    rows = []
    for end in month_ends(2024):
        for kind in ("news", "article", "photo"):
            items = rng.randrange(0, 5) + (kind == "news")
            if items:
                rows.append({**news, "published_on": end, "outlet": "city_press", "kind": kind,
                             "items": items})
        if end.month != 2:  # nothing on the department's site in February
            rows.append({**own, "published_on": end - timedelta(days=3), "outlet": "dolisa_site",
                         "kind": "news", "items": rng.randrange(1, 3)})
        rows.append({**site, "published_on": end - timedelta(days=8), "outlet": "subdept_site",
                     "kind": "article", "items": 1})
    office.write("media_item", rows)
    first = office.write("coverage_snapshot", [
        snapshot(own, "2024-06-12", "students_informed", 21500, 9800, institution_kind="gdnn"),
        snapshot(own, "2024-12-10", "students_informed", 22100, 15020, institution_kind="gdnn"),
        snapshot(own, "2024-06-12", "staff_trained", 140, 60, staff_level="province"),
        snapshot(own, "2024-12-10", "staff_trained", 146, 104, staff_level="province"),
        # Entered for another city: voided below.
        snapshot(own, "2024-12-11", "staff_trained", 900, 890, staff_level="province")])
    office.write("correction", [
        voided(own, "2024-12-12", office.event(first + 4), "not_ours")])
    rows = [visit(own, {**where, "est_ref": reference("EST", other.number, i + 1)},
                  workday(rng, date(2024, 3, 4), date(2024, 12, 6)), "province",
                  ("planned", "unannounced")[i % 2])
            for other in districts for i, where in enumerate(other.establishments[:3])]
    office.write("inspection", rows)
    office.write("team_status", [team(own, "2024-03-15", "31", "interagency_178", "province",
                                      "consolidated", 11)])
    office.write("training_class", [
        {**own, "held_on": on, "audience": "officials", "trainees": trainees, "level": level}
        for on, trainees, level in (("2024-05-21", 104, "province"), ("2024-07-09", 180, "district"),
                                    ("2024-07-10", 176, "commune"))])


def write_sectors(office, districts, rng):
    culture, tourism, schools, unions, women = (office.own(name) for name in (
        "culture_sport", "tourism", "education", "labour_federation", "womens_union"))
    rows = []
    for own, sector in ((culture, "culture"), (tourism, "tourism")):
        for other in districts:
            places = [(i, place) for i, place in enumerate(other.establishments)
                      if place["managing_sector"] == sector]
            rows += [visit(own, {**place, "est_ref": reference("EST", other.number, i + 1)},
                           workday(rng, date(2024, 3, 11), date(2024, 11, 22)), "province",
                           team="sector_inspectorate") for i, place in places[:2]]
    office.write("inspection", rows)
    office.write("coverage_snapshot", [
        snapshot(schools, "2024-05-30", "students_informed", 61200, 30100,
                 institution_kind="thpt"),
        snapshot(schools, "2024-12-12", "students_informed", 61800, 41300,
                 institution_kind="thpt"),
        snapshot(schools, "2024-12-12", "students_informed", 38000, 15500,
                 institution_kind="university")])
    office.write("coverage_snapshot", [
        snapshot(unions, on, "iz_workers_informed", base, reached)
        for on, base, reached in (("2024-06-11", 182000, 41000), ("2024-12-09", 189500, 97300))])
    # The women's union serves those whom it reaches itself.
    office.write("client_flow", [
        flow(women, "2024-06-15", "2024-12-14", "seller", "outreach", (5, 3, 3, 3, 3, 2),
             service="counselling")])


def write_justice(office, communes):
    force, prosecution, court = (office.own(name) for name in ("police", "procuracy", "court"))
    place = communes["311"][0]
    office.write("hotspot_status", [
        hotspot(force, "@td-1", "2024-02-28", "confirmed", "public_place",
                [communes["303"][0], communes["304"][1]]),
        hotspot(force, "@td-1", "2024-04-24", "cleared", "public_place",
                [communes["303"][0], communes["304"][1]])])
    office.write("case_stage", [
        stage(force, "@va-01", on, reached, place, case_type="trafficking_for_prostitution")
        for on, reached in (("2024-01-29", "detected"), ("2024-02-20", "criminally_handled"),
                            ("2024-05-13", "investigated"))])
    office.write("case_stage", [
        stage(prosecution, "@va-01", "2024-06-24", "indicted", place),
        stage(prosecution, reference("CAS", 2, 1), "2024-11-25", "indicted", communes["303"][0])])
    office.write("case_stage", [
        stage(court, "@va-01", "2024-09-23", "tried", place, mobile_trial="yes",
              court_level="province")])


def write_endings(offices):
    hong_bang, le_chan = offices[1], offices[3]
    wrong = next(i for i, row in enumerate(hong_bang.visits) if not row["violations"])
    hong_bang.write("inspection", [
        {**hong_bang.visits[wrong], "result": "violation", "violations": 1, "sanctions": 1,
         "fine_vnd": 1500000, "target": hong_bang.event(hong_bang.first_visit + wrong),
         "reason": "decision_changed"}])
    own = le_chan.own(LABOUR)
    late = activity(own, "2024-08-14", le_chan.communes[4], "club_meeting", "community",
                    attendees=41)
    # The sheet once more; the added row gives the commune its third quarter.
    le_chan.write("communication_activity", [*le_chan.activities[:3], late], again=3)


def write(offices, communes):
    districts = offices[1:4]
    for office in districts:
        write_district(office, random.Random(SEED * 10 + office.number))
    write_island(offices[4])
    write_city(offices[0], districts, communes, random.Random(SEED))
    write_sectors(offices[5], districts, random.Random(SEED + 1))
    write_justice(offices[6], communes)
    write_endings(offices)
