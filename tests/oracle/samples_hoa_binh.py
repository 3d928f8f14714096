"""The sample year of Hòa Bình's 2018 plan: six offices, made-up work.

On purpose: conferences in the five named districts, one of them corrected; a
census told in two parts, one that leaves persons out, and "more than 40"; a
listed, a suspended and a closed establishment; one establishment under two
references; a model that ended; hotspots that were open before the year, lie
in two districts, or came back; cases over new year; a class voided; rows that
were imported before; reports in time and late; a quarter without anything.
"""
import random
from datetime import date

from samples import month_ends, reference, unit, voided, workday
from samples_work import (activity, cases, census, day, establishments, flow, hotspot, later,
                          model, nil, sanctions, stage, submitted, team, visit, visits)

SEED = 2018 * 17
YEAR = ("2018-01-01", "2018-12-31")
OFFICES = [
    (1, "1-so-ldtbxh", "17", [("17", "dolisa"), ("17", "newspaper"), ("17", "radio_tv")],
     ["17"]),
    (2, "2-tp-hoa-binh", "148", [("148", "district_labour_office"), ("148", "police"),
                                 ("148", "court")], ["148", "151"]),
    (3, "3-luong-son", "152", [("152", "district_labour_office"), ("152", "police")], ["152"]),
    (4, "4-ky-son", "151", [("151", "district_labour_office"), ("151", "police")],
     ["151", "148"]),
    (5, "5-kim-boi", "153", [("153", "district_labour_office"), ("153", "police")], ["153"]),
    (6, "6-nganh-tu-phap", "17", [("17", "police"), ("17", "procuracy"), ("17", "court")],
     ["17"]),
]
# The report of a quarter is due before the 15th of its last month.
QUARTERS = [("01", "03-14"), ("02", "06-14"), ("03", "09-14"), ("04", "12-14")]
ALL_PARTS = "persons;establishments;victims"


def write_district(office, rng):
    own, force = office.own("district_labour_office"), office.own("police")
    communes = office.communes
    office.write("plan_issued", [
        {**own, "issued_on": date(2018, 3, 1 + office.number), "subject_unit": own["unit"],
         "year": 2018, "integrates": "drug;hiv;trafficking;poverty"}])

    rows = []
    for i, code in enumerate(communes):
        if i == 5:  # persons only: the commune is not done
            rows.append(census(own, "2018-02-27", code, "persons", sellers_on_file=2))
        elif i == 2:  # in two parts, which make it whole
            rows.append(census(own, "2018-02-27", code, "persons", sellers_on_file=1))
            rows.append(census(own, "2018-03-06", code, "establishments;victims",
                               establishments=3, victims_returned=0))
        else:
            rows.append(census(own, "2018-02-28", code, ALL_PARTS,
                               sellers_on_file=max(0, rng.randrange(-3, 6)),
                               victims_returned=rng.choice([0, 0, 0, 1]),
                               establishments=rng.randrange(0, 5)))
        rows.append(census(own, "2018-03-02", code, "absent_women",
                           absent_women=rng.randrange(0, 4)))
    # "More than 40": a lower bound.
    rows[-1].update(absent_women=40, is_lower_bound="yes")
    for i, code in enumerate(communes[::3]):
        if i == 2:  # leaves persons out: the number of February stands
            rows.append(census(own, "2018-10-15", code, "establishments", establishments=1))
        else:
            rows.append(census(own, "2018-10-15", code, "persons",
                               sellers_on_file=max(0, rng.randrange(-2, 5))))
    if office.number != 4:  # Kỳ Sơn surveys nothing
        office.write("situation_census", rows)

    places = establishments(rng, own, communes, 16 + 2 * office.number, date(2018, 1, 20))
    rows = [later(place, "2017-11-06", "listed") for place in places[:4]] + places
    rows += [later(places[4], "2018-08-01", "suspended"),
             later(places[6], "2018-09-03", "closed", worker_count=0),
             later(places[7], "2018-05-02", "suspended"), later(places[7], "2018-07-02", "active")]
    # Listed in December and not at work yet.
    rows.append({**later(places[0], "2018-12-03", "listed"), "est_ref": "@so-90"})
    office.write("establishment_status", rows)
    office.establishments = places

    rows = visits(rng, own, places, 20 + 2 * office.number, date(2018, 1, 22),
                  date(2018, 12, 20), ("district", "district", "commune"))
    # The second visit to one establishment is a visit all the same.
    rows.append(visit(own, places[0], "2018-10-09", "district"))
    office.visits, office.first_visit = rows, office.write("inspection", rows)

    office.write("communication_activity", [
        activity(own, workday(rng, date(2018, 3, 5), date(2018, 12, 14)), rng.choice(communes),
                 rng.choice(["talk", "loudspeaker", "leaflet", "conference"]),
                 rng.choice(["community", "establishment_workers", "union_members"]),
                 attendees=rng.randrange(20, 160)) for _ in range(14)])
    office.write("admin_sanction", sanctions(rng, force, communes, list(month_ends(2018))[::2]))
    rows = cases(rng, force, communes, 4 + office.number, date(2018, 1, 8), date(2018, 9, 28))
    if office.number == 3:  # over new year, both ways
        rows += [stage(force, "@va-80", on, reached, communes[0], case_type="brokering")
                 for on, reached in (("2017-12-18", "detected"),
                                     ("2017-12-28", "criminally_handled"),
                                     ("2018-02-06", "investigated"), ("2018-04-03", "indicted"))]
        rows += [stage(force, "@va-81", on, reached, communes[1], case_type="harbouring")
                 for on, reached in (("2018-12-11", "detected"),
                                     ("2018-12-21", "criminally_handled"),
                                     ("2019-01-22", "investigated"))]
    office.write("case_stage", rows)
    office.write("team_status", [team(own, "2018-03-30", office.district, "interagency_178",
                                      "district", "consolidated")])
    rows = [submitted(own, day(2018, on), "plan_deadline", "quarter", "2018" + quarter)
            for quarter, on in QUARTERS]
    rows[office.number % 4]["submitted_on"] = day(2018, QUARTERS[office.number % 4][1][:3] + "19")
    if office.number == 5:
        del rows[3]  # the last report never came
    office.write("report_submitted", rows)


def write_province(office, districts, rng):
    own, press, radio = (office.own(name) for name in ("dolisa", "newspaper", "radio_tv"))
    # Plans of the districts whose offices have no box; Mai Châu (156) has none.
    office.write("plan_issued", [
        {**own, "issued_on": "2018-03-20", "subject_unit": unit(code), "year": 2018,
         "integrates": "drug;hiv"} for code in ("150", "154", "155", "157", "158", "159")])
    heads = "party_cell_hamlet_heads"
    rows = [activity(own, on, code, "conference", heads, attendees=90 + i)
            for i, (on, code) in enumerate((("2018-04-11", "152"), ("2018-05-16", "151"),
                                            ("2018-06-13", "153"), ("2018-08-22", "157"),
                                            ("2018-09-19", "154")))]
    rows += [activity(own, "2018-10-10", "148", "conference", "students", attendees=420,
                      institution_kind="thpt"),
             activity(own, "2018-10-24", "150", "conference", "students", attendees=310,
                      institution_kind="gdnn"),
             activity(own, "2018-11-07", "148", "school_session", "students", attendees=500,
                      institution_kind="thpt")]
    first = office.write("communication_activity", rows)
    # The fifth conference was held in Tân Lạc (155), not in Cao Phong.
    office.write("communication_activity", [
        {**rows[4], "subject_unit": unit("155"), "target": office.event(first + 4),
         "reason": "wrong_unit"}])
    rows = []
    for end in month_ends(2018):
        rows.append({**press, "published_on": end, "outlet": "newspaper", "kind": "news",
                     "items": rng.randrange(0, 4)})
        rows.append({**radio, "published_on": end, "outlet": "radio_tv", "kind": "news",
                     "items": rng.randrange(1, 5)})
    rows += [{**press, "published_on": on, "outlet": "newspaper", "kind": "column", "items": 1}
             for on in ("2018-03-26", "2018-06-25", "2018-10-29")]
    rows.append({**radio, "published_on": "2018-07-30", "outlet": "radio_tv", "kind": "column",
                 "items": 2, "programme": "trafficking"})
    office.write("media_item", [row for row in rows if row["items"]])
    office.write("model_status", [
        model(own, reference("MOD", 0, 1), "2018-05-02", "reintegration", "new", "05062"),
        model(own, "@mh-01", "2018-05-02", "reintegration", "new", "04924"),
        model(own, "@mh-02", "2018-05-02", "reintegration", "new", "04963"),
        model(own, "@mh-02", "2018-11-12", "reintegration", "ended", "04963"),
        *(model(own, f"@lm-{i}", "2018-06-04", "healthy_commune",
                "new" if i < 3 else "maintained", code)
          for i, code in enumerate(("04795", "04924", "05065"), 1)),
        model(own, "@lm-4", "2018-06-04", "healthy_commune", "registered", "04918"),
        model(own, reference("MOD", 0, 2), "2018-07-02", "worker_rights", "new", "04789"),
        # Outside the city that the plan names.
        model(own, "@nd-1", "2018-07-09", "worker_rights", "new", "04924")])
    first = office.write("training_class", [
        {**own, "held_on": "2018-06-20", "audience": "officials", "trainees": 110, "level":
         "province", "new_trainees": 40, "days": 2},
        {**own, "held_on": "2018-07-18", "audience": "officials", "trainees": 98, "level":
         "province", "new_trainees": 21, "days": 2},
        {**own, "held_on": "2018-08-08", "audience": "volunteer_team", "trainees": 60, "level":
         "province"},
        {**own, "held_on": "2018-08-09", "audience": "volunteer_team", "trainees": 60, "level":
         "province"}])
    office.write("correction", [
        voided(own, "2018-08-10", office.event(first + 3), "entered_twice")])
    office.write("supervision_round", [
        {**own, "held_on": on, "visited_unit": unit(code), "level": level}
        for on, code, level in (("2018-06-26", "152", "province"), ("2018-09-11", "148", "province"),
                                ("2018-11-20", "153", "province"), ("2018-11-21", "05062", "district"))])
    # An establishment that Lương Sơn listed too, and the visits of the province.
    place = {**districts[1].establishments[3], **own, "est_ref": "@so-01"}
    office.write("establishment_status", [place])
    rows = [visit(own, {**where, "est_ref": reference("EST", other.number, i + 1)},
                  workday(rng, date(2018, 3, 5), date(2018, 12, 14)), "province")
            for other in districts for i, where in enumerate(other.establishments[:5])]
    rows.append(visit(own, place, "2018-09-26", "province", violations=2, sanctions=2))
    office.write("inspection", rows)
    office.write("same_as", [
        {**own, "as_of": "2018-10-01", "kind": "establishment",
         "first": reference("EST", 3, 4), "second": reference("EST", 1, 1)}])
    # Victims who returned: another programme, within the same plan.
    victims = [flow(own, first_day, last, "trafficking_victim", "transfer", counts,
                    service=service, programme="trafficking")
               for first_day, last, counts, service in (
                   ("2017-12-15", "2018-03-14", (3, 3, 3, 3, 3, 3), "reintegration_allowance"),
                   ("2018-03-15", "2018-06-14", (2, 2, 1, 2, 2, 1), "psychological"),
                   ("2018-09-15", "2018-12-14", (4, 4, 4, 4, 3, 2), "vocational_training"))]
    victims.append(flow(own, "2018-06-15", "2018-09-14", "seller", "outreach",
                        (6, 4, 3, 4, 2, 2), service="credit_job"))
    office.write("client_flow", victims)


def write_justice(office):
    force, prosecution, court = (office.own(name) for name in ("police", "procuracy", "court"))
    public, inside = "public_place", "in_establishment"
    office.write("hotspot_status", [
        # Open before the year began, eliminated in it.
        hotspot(force, "@td-1", "2017-10-09", "confirmed", inside, ["04792"]),
        hotspot(force, "@td-1", "2018-03-21", "checked", inside, ["04792"]),
        hotspot(force, "@td-1", "2018-04-05", "cleared", inside, ["04792"]),
        # In two districts: the city and Kỳ Sơn.
        hotspot(force, "@td-2", "2018-02-07", "suspected", public, ["04801", "04903"]),
        hotspot(force, "@td-2", "2018-06-27", "cleared", public, ["04801", "04903"]),
        # Eliminated, came back, eliminated again.
        hotspot(force, "@td-3", "2018-01-17", "confirmed", public, ["04924"]),
        hotspot(force, "@td-3", "2018-02-20", "cleared", public, ["04924"]),
        hotspot(force, "@td-3", "2018-07-11", "reactivated", public, ["04924"]),
        hotspot(force, "@td-3", "2018-09-04", "cleared", public, ["04924"]),
        # Still open, and one found after the year.
        hotspot(force, "@td-4", "2018-10-30", "suspected", inside, ["04942"]),
        hotspot(force, "@td-5", "2019-01-15", "suspected", inside, ["04942"])])
    place = "04792"
    office.write("case_stage", [
        stage(force, "@va-01", on, reached, place, case_type="organising")
        for on, reached in (("2018-02-12", "detected"), ("2018-03-01", "criminally_handled"),
                            ("2018-05-07", "investigated"))])
    office.write("case_stage", [
        stage(prosecution, "@va-01", "2018-06-11", "indicted", place),
        # The police of Lương Sơn found it; the procuracy tells the next stage.
        stage(prosecution, reference("CAS", 3, 1), "2018-10-08", "indicted", "04924")])
    office.write("case_stage", [
        stage(court, "@va-01", "2018-08-14", "tried", place, mobile_trial="yes", pilot_case="yes",
              court_level="province"),
        # Told twice: one case all the same.
        stage(court, "@va-01", "2018-08-15", "tried", place, court_level="province")])


def write_endings(offices):
    city, luong_son, ky_son = offices[1], offices[2], offices[3]
    wrong = next(i for i, row in enumerate(luong_son.visits) if row["violations"])
    luong_son.write("inspection", [
        {**luong_son.visits[wrong], "violations": 4, "sanctions": 3, "fine_vnd": 4500000,
         "target": luong_son.event(luong_son.first_visit + wrong), "reason": "typing_error"}])
    city.write("correction", [
        voided(city.own("district_labour_office"), "2018-12-21", city.event(city.first_visit + 1),
               "entered_twice")])
    # The sheet of inspections once more, with one visit added at its end.
    own = city.own("district_labour_office")
    late = visit(own, city.establishments[2], "2018-12-19", "district")
    city.write("inspection", [*city.visits[:3], late], again=3)
    ky_son.write("nil_report", [
        nil(ky_son.own("district_labour_office"), "2018-06-14", "plan_deadline", "quarter",
            "201802", "client_supported_sum;violation_handled_ratio")])


def write(offices, _communes):
    districts = offices[1:5]
    for office in districts:
        write_district(office, random.Random(SEED * 10 + office.number))
    write_province(offices[0], districts, random.Random(SEED))
    write_justice(offices[5])
    write_endings(offices)
