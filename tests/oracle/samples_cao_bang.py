"""The sample year of Cao Bằng's 2024 plan: six offices, made-up work.

On purpose: a plan that leaves a programme out and one that was mended; outreach
with and without legal education; a month without an item in the newspaper;
snapshots that replace each other; hotspots that were open before the year, at
the border of two districts, checked and not eliminated, or back again; cases
that were dismissed, that cross stages and years; raids where nobody had a
need; commitments that ran out, were revoked or are missing; establishments
that closed; tips in time, late, open and unfounded; reports late or missing.
"""
import random
from datetime import date, timedelta

from samples import month_ends, reference, unit, voided, workday
from samples_work import (activity, cases, census, commitment, establishments, flow,
                          hotspot, later, nil, sanctions, snapshot, stage, submitted, team,
                          tip, visit, visits)

SEED = 2024 * 4
YEAR = ("2024-01-01", "2024-12-31")
OFFICES = [
    (1, "1-so-ldtbxh", "04", [("04", "dolisa"), ("04", "newspaper"), ("04", "radio_tv"),
                              ("04", "education"), ("04", "health")], ["04"]),
    (2, "2-tp-cao-bang", "040", [("040", "district_labour_office"), ("040", "police")],
     ["040", "051"]),
    (3, "3-bao-lac", "043", [("043", "district_labour_office"), ("043", "police")], ["043"]),
    (4, "4-trung-khanh", "047", [("047", "district_labour_office"), ("047", "police"),
                                 ("047", "border_guard")], ["047", "049"]),
    (5, "5-ha-quang", "045", [("045", "district_labour_office"), ("045", "police")], ["045"]),
    (6, "6-nganh-tu-phap", "04", [("04", "police"), ("04", "procuracy"), ("04", "court")],
     ["04"]),
]
ALL = "drug;hiv;trafficking"


def write_district(office, rng):
    own, force = office.own("district_labour_office"), office.own("police")
    communes = office.communes
    plan = {**own, "issued_on": date(2024, 4, 2 + office.number), "subject_unit": own["unit"],
            "year": 2024, "integrates": "drug;trafficking" if office.number == 5 else ALL}
    first = office.write("plan_issued", [plan])
    if office.number == 3:  # the first entry had left a programme out
        office.write("plan_issued", [{**plan, "integrates": ALL + ";poverty",
                                      "target": office.event(first), "reason": "typing_error"}])
    rows = [census(own, "2024-05-14", code, "establishments;workers",
                   establishments=rng.randrange(0, 6), workers=rng.randrange(0, 40))
            for i, code in enumerate(communes) if i % 6]
    rows += [census(own, "2024-05-20", code, "persons", sellers_on_file=1)
             for code in communes[:1]]  # persons only: not reviewed
    office.write("situation_census", rows)

    count = 12 + 2 * office.number
    places = establishments(rng, own, communes, count, date(2024, 1, 15))
    rows = [later(places[0], "2023-10-02", "listed"), *places,
            later(places[2], "2024-06-03", "closed", worker_count=0),
            later(places[3], "2024-07-01", "suspended"),
            later(places[5], "2024-04-01", "suspended"), later(places[5], "2024-05-06", "active"),
            # Opened in November: nobody has signed yet.
            *({**later(places[0], "2024-11-11", "active", worker_count=4),
               "est_ref": f"@so-{i}"} for i in (80, 81))]
    office.write("establishment_status", rows)
    office.establishments = places

    owner, workers = "owner_to_commune", "workers_to_owner"
    rows = [commitment(own, place, workday(rng, date(2024, 2, 1), date(2024, 6, 28)), owner,
                       valid_until="2025-12-31") for place in places[:-2]]
    rows[6]["valid_until"] = "2024-10-31"  # ran out
    rows[8].pop("valid_until")  # without an end
    rows.append(commitment(own, places[9], "2024-09-09", owner, revoked="yes"))
    # Ran out and was signed again.
    rows.append(commitment(own, places[7], "2023-03-01", owner, valid_until="2024-02-29"))
    rows += [commitment(own, place, date(2024, 3, 11), workers,
                        workers_signed=max(0, place["worker_count"] - i % 3))
             for i, place in enumerate(places[:8])]
    # The later number replaces the earlier.
    rows.append(commitment(own, places[1], date(2024, 10, 7), workers,
                           workers_signed=places[1]["worker_count"]))
    office.write("commitment_signed", rows)

    rows = []
    for i, code in enumerate(communes):
        if i % 7 == 6:
            continue  # a commune without any activity
        for _ in range(rng.randrange(1, 3)):
            rows.append(activity(own, workday(rng, date(2024, 3, 25), date(2024, 12, 13)), code,
                                 rng.choice(["talk", "loudspeaker", "leaflet", "conference"]),
                                 rng.choice(["community", "students", "union_members"]),
                                 attendees=rng.randrange(20, 150),
                                 integrated_legal="no" if i % 7 == 3 else "yes"))
    office.activities, office.first_activity = rows, office.write("communication_activity", rows)

    rows = visits(rng, own, places, 10 + office.number, date(2024, 2, 5), date(2024, 12, 19))
    office.write("inspection", rows)
    rows = []
    for i, (begin, end) in enumerate((("2023-12-15", "2024-03-14"), ("2024-03-15", "2024-06-14"),
                                      ("2024-06-15", "2024-09-14"), ("2024-09-15", "2024-12-14"))):
        # Bảo Lạc finds nobody with a need all year: nothing to divide by.
        need = 0 if office.number == 3 else rng.randrange(0, 4)
        rows.append(flow(own, begin, end, "seller", "raid",
                         (need + 1, need, need, max(0, need - (i == 2)), need, need),
                         service="counselling"))
    office.write("client_flow", rows)
    office.write("admin_sanction", sanctions(rng, force, communes, list(month_ends(2024))[1::3]))
    rows = cases(rng, force, communes, 3 + office.number, date(2024, 1, 10), date(2024, 11, 20))
    if office.number == 2:
        rows += [stage(force, "@va-70", on, reached, communes[0])
                 for on, reached in (("2023-11-06", "detected"), ("2023-12-04", "criminally_handled"),
                                     ("2024-01-22", "investigated"), ("2024-03-18", "indicted"),
                                     ("2024-05-20", "tried"))]
        rows += [stage(force, "@va-71", on, reached, communes[1])
                 for on, reached in (("2023-12-11", "detected"), ("2024-02-19", "investigated"),
                                     ("2024-04-15", "dismissed"))]
        # Known since last year and still where it was.
        rows.append(stage(force, "@va-72", "2023-09-05", "detected", communes[2]))
        # Indicted and dismissed: in no share of those investigated.
        rows += [stage(force, "@va-74", on, reached, communes[4])
                 for on, reached in (("2024-02-05", "detected"), ("2024-04-01", "investigated"),
                                     ("2024-05-13", "indicted"), ("2024-07-08", "dismissed"))]
        rows += [stage(force, "@va-73", on, reached, communes[3])
                 for on, reached in (("2024-06-10", "detected"), ("2024-08-12", "dismissed"))]
    office.write("case_stage", rows)
    office.write("team_status", [team(own, "2024-05-03", office.district, "interagency_178",
                                      "district", "set_up" if office.number == 4
                                      else "consolidated")])
    rows = []
    for i in range(1, 5 + office.number % 3):
        on, channel = workday(rng, date(2024, 1, 8), date(2024, 11, 29)), rng.choice(
            ["hotline", "letter_box", "in_person"])
        place, due = rng.choice(communes), on + timedelta(days=20)
        rows.append(tip(force, f"@tin-{i}", on, "received", channel, place, due))
        end = on + timedelta(days=(12, 20, 27, 9)[i % 4])  # the third is late
        if i != 4:
            rows.append(tip(force, f"@tin-{i}", on + timedelta(days=5), "verified", channel, place))
            rows.append(tip(force, f"@tin-{i}", end, "unfounded" if i == 3 else "resolved",
                            channel, place))
    office.write("tip_status", rows)
    rows = [submitted(own, on, "plan_deadline", kind, key)
            for on, kind, key in (("2024-06-12", "half_year", "202401"),
                                  ("2024-12-13", "year", "202401"))]
    if office.number == 4:
        rows[0]["submitted_on"] = "2024-06-15"  # one day late
    if office.number == 5:
        del rows[1]
    office.write("report_submitted", rows)


def write_province(office, districts, communes, rng):
    own, press, radio, schools, health = (office.own(name) for name in (
        "dolisa", "newspaper", "radio_tv", "education", "health"))
    # The districts whose offices have no box. Nguyên Bình (052) has no plan.
    others = ("042", "048", "049", "051", "053")
    office.write("plan_issued", [
        {**own, "issued_on": "2024-04-22", "subject_unit": unit(code), "year": 2024,
         "integrates": ALL + ";new_rural"} for code in others])
    rows = [activity(own, workday(rng, date(2024, 4, 1), date(2024, 11, 29)), code, "talk",
                     "community", attendees=rng.randrange(20, 90), integrated_legal="yes")
            for parent in (*others, "052") for code in communes[parent][::4 if parent == "052" else 1]
            if code != communes[parent][0] or parent == "052"]
    office.write("communication_activity", rows)
    rows = []
    for end in month_ends(2024):
        items = {5: 0, 9: 1}.get(end.month, rng.randrange(1, 4))  # none in May
        rows += [{**press, "published_on": end - timedelta(days=n), "outlet": "newspaper",
                  "kind": "article", "items": 1} for n in range(items)]
        rows.append({**radio, "published_on": end, "outlet": "radio_tv", "kind": "news",
                     "items": 1 if end.month in (2, 7) else 2})
    office.write("media_item", rows)
    # Later snapshots replace earlier ones; the two kinds of school are added.
    office.write("coverage_snapshot", [
        snapshot(schools, "2024-05-31", "students_informed", 17240, 9100, institution_kind="thpt"),
        snapshot(schools, "2024-12-20", "students_informed", 17420, 17420,
                 institution_kind="thpt"),
        snapshot(own, "2024-06-07", "students_informed", 3100, 1500, institution_kind="gdnn"),
        snapshot(own, "2024-12-20", "students_informed", 3050, 2890, institution_kind="gdnn"),
        snapshot(health, "2024-06-28", "worker_health_check", 1250, 640),
        snapshot(health, "2024-12-16", "worker_health_check", 1310, 1127),
        # After the year: it does not count for it.
        snapshot(schools, "2025-01-15", "students_informed", 17500, 400, institution_kind="thpt")])
    rows = [team(own, "2024-05-24", code, "interagency_178", "district", "consolidated")
            for code in others]
    rows.append(team(own, "2024-03-29", "04", "interagency_178", "province", "consolidated"))
    # Dissolved in August and not set up anew.
    rows.append(team(own, "2024-08-01", "048", "interagency_178", "district", "dissolved"))
    office.write("team_status", rows)
    rows = [visit(own, {**where, "est_ref": reference("EST", other.number, i + 1)},
                  workday(rng, date(2024, 4, 1), date(2024, 12, 6)), "province")
            for other in districts for i, where in enumerate(other.establishments[:4])]
    first = office.write("inspection", rows)
    office.write("inspection", [
        {**rows[3], "result": "violation", "violations": 2, "sanctions": 2, "fine_vnd": 3000000,
         "target": office.event(first + 3), "reason": "new_information"}])


def write_justice(office):
    force, prosecution, court = (office.own(name) for name in ("police", "procuracy", "court"))
    place = "01267"
    office.write("case_stage", [
        stage(force, "@va-01", on, reached, place, case_type="organising")
        for on, reached in (("2024-02-05", "detected"), ("2024-02-26", "criminally_handled"),
                            ("2024-05-06", "investigated"))])
    office.write("case_stage", [
        stage(prosecution, "@va-01", "2024-06-17", "indicted", place, pilot_case="yes")])
    office.write("case_stage", [
        stage(court, "@va-01", "2024-09-10", "tried", place, mobile_trial="yes",
              pilot_case="yes", court_level="province")])


def write_hotspots(offices):
    public, inside, border = "public_place", "in_establishment", "border_area"
    city, bao_lac, trung_khanh, _ = offices
    force = city.own("police")
    city.write("hotspot_status", [
        # Known before the year and eliminated in it.
        hotspot(force, "@td-1", "2023-11-20", "suspected", inside, ["01267"]),
        hotspot(force, "@td-1", "2024-02-14", "checked", inside, ["01267"]),
        hotspot(force, "@td-1", "2024-03-06", "cleared", inside, ["01267"]),
        # Eliminated last year, came back, not eliminated again.
        hotspot(force, "@td-2", "2023-05-15", "suspected", public, ["01273"]),
        hotspot(force, "@td-2", "2023-08-15", "cleared", public, ["01273"]),
        hotspot(force, "@td-2", "2024-07-17", "reactivated", public, ["01273"]),
        # In the city and in Hoà An.
        hotspot(force, "@td-3", "2024-04-10", "suspected", public, ["01279", "01696"]),
        hotspot(force, "@td-3", "2024-05-29", "cleared", public, ["01279", "01696"]),
        hotspot(force, "@td-3", "2024-11-05", "clean_confirmed", public, ["01279", "01696"])])
    force = bao_lac.own("police")
    bao_lac.write("hotspot_status", [
        hotspot(force, "@td-1", "2024-08-21", "suspected", inside, [bao_lac.communes[0]]),
        hotspot(force, "@td-1", "2024-09-12", "checked", inside, [bao_lac.communes[0]])])
    guard = trung_khanh.own("border_guard")
    first = trung_khanh.write("hotspot_status", [
        hotspot(guard, "@bg-1", "2024-06-05", "confirmed", border, [trung_khanh.communes[1]]),
        hotspot(guard, "@bg-1", "2024-06-26", "cleared", border, [trung_khanh.communes[1]]),
        hotspot(guard, "@bg-2", "2024-10-10", "suspected", border, [trung_khanh.communes[2]])])
    # There was nothing: the suspicion is voided.
    trung_khanh.write("correction", [
        voided(guard, "2024-10-15", trung_khanh.event(first + 2), "new_information")])


def write_endings(offices):
    bao_lac, ha_quang = offices[2], offices[4]
    own = ha_quang.own("district_labour_office")
    first, row = ha_quang.first_activity, ha_quang.activities[1]
    ha_quang.write("communication_activity", [
        {**row, "attendees": 75, "target": ha_quang.event(first + 1), "reason": "typing_error"}])
    # The sheet once more, with one activity added at its end.
    late = activity(own, "2024-12-12", ha_quang.communes[6], "club_meeting", "community",
                    attendees=33, integrated_legal="yes")
    ha_quang.write("communication_activity", [*ha_quang.activities[4:8], late], again=4)
    bao_lac.write("nil_report", [
        nil(bao_lac.own("police"), "2024-06-14", "plan_deadline", "half_year", "202401",
            "raid_client_counselled_ratio;hotspot_handled_ratio")])


def write(offices, communes):
    districts = offices[1:5]
    for office in districts:
        write_district(office, random.Random(SEED * 10 + office.number))
    write_province(offices[0], districts, communes, random.Random(SEED))
    write_justice(offices[5])
    write_hotspots(districts)
    write_endings(offices)
