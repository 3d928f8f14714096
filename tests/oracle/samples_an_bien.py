"""The sample year of An Biên's 2020 plan: four offices of one district.

No province has a part in it. On purpose: a commune with an office of its own;
the club model told by the commune where it stands; an establishment that
closed and one of every kind; a census told in two parts; communes that only
registered, and some that were free for several years; a voided visit and a
replaced one; rows imported before; a half-year without violations.
"""
import random
from datetime import date

from samples import month_ends, reference, unit, voided, workday
from samples_work import (activity, cases, census, establishments, flow, hotspot, later, model,
                          nil, sanctions, submitted, team, visits)

SEED = 2020 * 908
YEAR = ("2020-01-01", "2020-12-31")
TOWN, HUNG_YEN = "30985", "30997"
OFFICES = [
    (1, "1-phong-ldtbxh", "908", [("908", "district_labour_office")], ["908"]),
    (2, "2-cong-an-huyen", "908", [("908", "police")], ["908"]),
    (3, "3-thi-tran-thu-ba", TOWN, [(TOWN, "commune_pc")], [TOWN]),
    (4, "4-xa-hung-yen", HUNG_YEN, [(HUNG_YEN, "commune_pc")], [HUNG_YEN]),
]
KINDS = ["karaoke", "massage_sauna", "lodging", "restaurant_pub", "cafe"]


def write_labour(office, communes, rng):
    own = office.own("district_labour_office")
    others = [code for code in communes if code not in (TOWN, HUNG_YEN)]
    # One commune holds nothing all year.
    office.write("communication_activity", [
        activity(own, workday(rng, date(2020, 5, 4), date(2020, 12, 11)), rng.choice(others[:-1]),
                 rng.choice(["talk", "loudspeaker", "leaflet", "integrated_session"]),
                 rng.choice(["community", "owners", "union_members"]),
                 attendees=rng.randrange(15, 90)) for _ in range(16)])
    rows = [census(own, "2020-05-27", code, "establishments", establishments=rng.randrange(1, 6))
            for code in others[:4]]
    # In two parts, and one of persons only.
    rows += [census(own, "2020-06-03", others[4], "persons", sellers_on_file=1),
             census(own, "2020-06-10", others[4], "establishments;workers", establishments=2,
                    workers=9),
             census(own, "2020-06-03", others[5], "persons", sellers_on_file=0)]
    office.write("situation_census", rows)
    places = establishments(rng, own, others, 18, date(2020, 5, 11))
    for i, place in enumerate(places):
        place["category"] = KINDS[i % len(KINDS)]
    office.write("establishment_status", [
        *places, later(places[2], "2020-08-03", "closed", worker_count=0),
        later(places[5], "2020-07-01", "suspended"),
        # A lodging that became a pub.
        later(places[7], "2020-09-01", "active", category="restaurant_pub")])
    rows = visits(rng, own, places, 22, date(2020, 5, 18), date(2020, 12, 15))
    rows = [row if row["inspected_on"] > date(2020, 6, 30) else
            {**row, "result": "no_violation", "violations": 0, "sanctions": "", "fine_vnd": ""}
            for row in rows]
    first = office.write("inspection", rows)
    wrong = next(i for i, row in enumerate(rows) if row["violations"])
    office.write("inspection", [
        {**rows[wrong], "violations": 3, "sanctions": 2, "fine_vnd": 3000000,
         "target": office.event(first + wrong), "reason": "typing_error"}])
    office.write("correction", [voided(own, "2020-12-16", office.event(first + 1),
                                       "entered_twice")])
    office.write("training_class", [
        {**own, "held_on": "2020-06-17", "audience": "officials", "trainees": 34,
         "level": "district", "new_trainees": 12, "days": 1},
        {**own, "held_on": "2020-09-24", "audience": "officials", "trainees": 9,
         "level": "province", "days": 2},
        {**own, "held_on": "2020-07-15", "audience": "volunteer_team", "trainees": 45,
         "level": "district"}])
    rows = [{**own, "rated_on": "2020-05-29", "commune": unit(code), "year": 2020,
             "rating": "unrated", "registered": "yes"} for code in communes[:7]]
    for i, code in enumerate(communes[:8]):
        rating = {**own, "rated_on": "2020-12-08", "commune": unit(code), "year": 2020,
                  "rating": "not_free" if i in (0, 5) else "free", "score": 700 + 20 * i,
                  "class": "fair"}
        if rating["rating"] == "free":
            rating["consecutive_years"] = 1 + i % 3
        rows.append(rating)
    # Of another year: it does not count for this one.
    rows.append({**own, "rated_on": "2020-01-15", "commune": unit(communes[8]), "year": 2019,
                 "rating": "free"})
    office.write("commune_rating", rows)
    office.write("team_status", [
        team(own, "2020-05-06", "908", "interagency_178", "district", "consolidated", 9),
        *(team(own, "2020-05-20", code, "volunteer_social_work", "commune",
               "set_up" if i == 3 else "consolidated", 6) for i, code in enumerate(communes))])
    office.write("client_flow", [
        flow(own, begin, end, group, "outreach", counts, service=service)
        for begin, end, group, counts, service in (
            ("2020-04-20", "2020-06-14", "at_risk_woman", (9, 7, 6, 7, 5, 5),
             "vocational_training"),
            ("2020-06-15", "2020-09-14", "at_risk_woman", (6, 5, 5, 5, 4, 3), "credit_job"),
            ("2020-09-15", "2020-12-14", "seller", (2, 2, 1, 2, 1, 1), "credit_job"),
            # Counts for the plan's year, and for the next year of the reports.
            ("2020-12-15", "2020-12-31", "at_risk_woman", (2, 2, 2, 2, 2, 2), "credit_job"))])
    office.write("report_submitted", [
        submitted(own, "2020-06-19", "nd09_2019", "half_year", "202001"),
        submitted(own, "2020-12-14", "nd09_2019", "year", "202001")])
    office.write("nil_report", [nil(own, "2020-06-14", "nd09_2019", "half_year", "202001",
                                    "violation_handled_ratio")])


def write_police(office, communes, rng):
    own = office.own("police")
    office.write("admin_sanction", sanctions(rng, own, communes, list(month_ends(2020))[4::2],
                                             ("buying", "selling", "obscene_culture")))
    office.write("case_stage", cases(rng, own, communes, 3, date(2020, 5, 4), date(2020, 9, 30)))
    office.write("hotspot_status", [
        hotspot(own, "@td-1", "2020-06-09", "suspected", "in_establishment", [TOWN]),
        hotspot(own, "@td-1", "2020-07-21", "cleared", "in_establishment", [TOWN])])


def write_commune(office, rng):
    own = office.own("commune_pc")
    code = office.district
    rows = [activity(own, workday(rng, date(2020, 5, 4), date(2020, 12, 11)), code,
                     rng.choice(["talk", "loudspeaker", "club_meeting"]), "community",
                     attendees=rng.randrange(10, 60)) for _ in range(6)]
    office.write("communication_activity", rows)
    office.write("situation_census", [
        census(own, "2020-05-21", code, "establishments", establishments=7 - office.number)])
    office.write("establishment_status",
                 [{**place, "category": KINDS[i % len(KINDS)]} for i, place in enumerate(
                     establishments(rng, own, [code], 4, date(2020, 5, 12)))])
    if code == HUNG_YEN:
        club = reference("MOD", 0, 1)
        office.write("model_status", [
            model(own, club, "2020-05-08", "community_club", "maintained", code, members=22),
            model(own, club, "2020-09-01", "community_club", "suspended", code),
            model(own, club, "2020-10-05", "community_club", "maintained", code, members=24)])
        late = activity(own, "2020-11-19", code, "club_meeting", "community", attendees=26)
        office.write("communication_activity", [*rows[:2], late], again=2)


def write(offices, communes):
    communes = communes["908"]
    write_labour(offices[0], communes, random.Random(SEED))
    write_police(offices[1], communes, random.Random(SEED + 1))
    for office in offices[2:]:
        write_commune(office, random.Random(SEED + office.number))
