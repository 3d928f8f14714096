#!/usr/bin/python3
"""The interface for pages and programs: every operation for every role fits
openapi.json, every figure is the one that `indicators` prints, nobody sees what
is not theirs."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
sys.path.insert(0, str(HERE.parent / "oracle"))
import compare  # noqa: E402
import interface  # noqa: E402
import rounds  # noqa: E402
from interface import Interface  # noqa: E402
from line import (LABOUR_OFFICE, SOURCE, Line, expect, expect_equal, run_tests,  # noqa: E402
                  visit, wait_until)

HA_NOI = SOURCE / "plans" / "ha-noi-2018"
BA_DINH = "gso3:001"
# What `indicators` has to be told so that it shows the same to the same reader.
READERS = {"viewer": [], "officer": [], "auditor": ["--raw"],
           "admin": ["--raw"]}
ROUNDS = rounds.Rounds("lines compared by unit, one in so many", 5, 1)


def serving(line):
    """The line's collector serves from its next start on."""
    port = interface.configure(line.province)
    line.province.daemon.stop()
    line.province.daemon.start()
    return Interface(line.province, port)


# ---- the same figures ----

def number(value):
    return None if value is None else str(value)


def same_figure(what, found, row):
    """A figure of the interface beside a row of `indicators`."""
    value = number(row["value"])
    if found["state"] == "not_arisen":
        value = None  # of a ratio over zero the command prints both numbers
    expect_equal(found["value"], value, f"{what}: value")
    expect_equal(found["denominator"], number(row["denominator"]),
                 f"{what}: denominator")
    expect_equal(found["hidden"], row["hidden"], f"{what}: hidden")
    for mark in ("lower_bound", "upper_bound", "not_divided", "erased"):
        expect_equal(found[mark], row[mark] == 1, f"{what}: {mark}")
    expect_equal(found["value"] is None, found["state"] != "known",
                 f"{what}: a value only where it is known: {found}")


def same_row(what, found, row):
    same_figure(what, found["figure"], row)
    expect_equal(found["status"], row["status"], f"{what}: status")
    expect_equal(found["reporting"], row["state"], f"{what}: state")
    expect_equal(found["received_to"], row["received_to"],
                 f"{what}: received_to")
    for name in ("percent", "achieved"):
        expect_equal(found[name], row[name] and str(row[name]),
                     f"{what}: {name}")
    goal = found["goal"] or {}
    for theirs, ours in (("comparator", "comparator"), ("quantity", "goal"),
                         ("quantity_to", "goal_to"), ("stated", "stated"),
                         ("listed", "listed"), ("effective", "effective")):
        expect_equal(goal.get(theirs), number(row[ours]), f"{what}: {theirs}")
    expect_equal(goal.get("percent"),
                 row["goal_percent"] and str(row["goal_percent"]),
                 f"{what}: percent of the goal")


def same_coordinates(what, found, row):
    ended = row["to"] < found["to"]
    for theirs, ours in (("from", "from"), ("known_to", "known_to"),
                         ("position", "ledger_size"), ("hash", "ledger_hash"),
                         ("regime", "regime"), ("period", "period")):
        expect_equal(found[theirs], row[ours], f"{what}: {theirs}")
    if not ended:
        expect_equal(found["to"], row["to"], f"{what}: to")
        expect_equal(found["units_on"], row["unit_date"], f"{what}: unit date")
    expect_equal((found["plan"]["id"], found["plan"]["revision"],
                  found["plan"]["entry"]),
                 (row["plan"], row["plan_revision"], row["plan_entry"]),
                 f"{what}: plan")


def options(query):
    """The options of `indicators` for the parameters of a query."""
    words = {"from_": "from", "units_on": "unit-date"}
    return [part for name, value in query.items()
            for part in (f"--{words.get(name, name)}", value)]


def compare_overview(web, role, readers, unit=None, **query):
    """Every line of an overview; gives how many figures were compared."""
    overview = web.get(role, "/overview", unit, **query)
    rows = web.province.rows("indicators", *readers, *options(query))
    what = f"{role} {query}"
    expect_equal(len(overview["lines"]), len(rows), f"{what}: lines")
    for found, row in zip(overview["lines"], rows):
        name = f"{what} {found['id']}"
        expect_equal((found["target"], found["indicator"],
                      found["unit"]["key"]),
                     (row["target"], row["indicator"], row["unit"]), name)
        same_coordinates(name, overview["coordinates"], row)
        same_row(name, found, row)
    return len(rows)


def compare_indicator(web, role, readers, identity, unit=None, **query):
    """One line with its rows by unit and its series."""
    page = web.get(role, f"/indicators/{identity}", unit, **query)
    rows = web.province.rows("indicators", "--indicator", identity, *readers,
                             *options(query),
                             *([] if "by" in query or page["by"] is None
                               else ["--by", page["by"]]))
    what = f"{role} {identity} {query}"
    rows = [row for row in rows if row["target"] == page["line"]["target"]]
    expect_equal(len(page["rows"]) + 1, len(rows), f"{what}: rows")
    same_row(what, page["line"], rows[0])
    for found, row in zip(page["rows"], rows[1:]):
        expect_equal(found["unit"]["key"], row["unit"], f"{what}: unit")
        same_row(f"{what} {row['unit']}", found, row)
    return len(rows)


def compare_series(web, role, readers, identity, **query):
    page = web.get(role, f"/indicators/{identity}", **query)
    counted = 0
    for point in page["series"]["points"]:
        for found, start in ((point["figure"], point["from"]),
                             (point["so_far"], page["plan"]["from"])):
            [row] = [row for row in web.province.rows(
                "indicators", "--indicator", identity, "--from", start, "--to",
                point["to"], *readers)
                if row["target"] == page["line"]["target"]]
            same_figure(f"{role} {identity} {start} to {point['to']}", found,
                        row)
            counted += 1
    return counted


def every_figure_is_the_one_that_indicators_prints():
    counted = 0
    with Line(files=HA_NOI, unit="gso3:01") as line:
        web = serving(line)
        compare.fill(line, HA_NOI / "samples")
        line.settle()
        settled(web)
        for role, readers in (("viewer", []), ("admin", ["--raw"])):
            counted += compare_overview(web, role, readers)
            counted += compare_overview(web, role, readers, period="2018-Q2")
            counted += compare_overview(web, role, readers, period="2018-H1",
                                        regime="nd09_2019")
            counted += compare_overview(web, role, readers,
                                        from_="2018-02-10", to="2018-05-20",
                                        units_on="2018-03-01")
            counted += compare_unit(web, role, readers)
        for same, as_ in (("officer", "viewer"), ("auditor", "admin")):
            expect_equal(web.get(same, "/overview"), web.get(as_, "/overview"),
                         f"what {same} and {as_} see")
        lines = web.get("viewer", "/overview")["lines"]
        persons = [found for found in lines if found["persons"]]
        # Each line is compared by somebody; all of them in the full test.
        step = 1 if ROUNDS.is_full else 5
        for at, found in enumerate(lines):
            if at % step == 0 or found in persons[:2]:
                role = ("viewer", "admin")[at % 2]
                counted += compare_indicator(web, role, READERS[role],
                                             found["id"], period="2018-Q2")
        counted += compare_series(web, "viewer", [], lines[1]["id"])
        counted += compare_series(web, "admin", ["--raw"], persons[0]["id"])
        counted += compare_indicator(web, "district",
                                     ["--for-unit", BA_DINH, "--unit", BA_DINH],
                                     persons[0]["id"], unit=BA_DINH,
                                     period="2018-Q1")
        expect(counted > 500, f"only {counted} figures were compared")
        print(f"{counted} figures compared")


def compare_unit(web, role, readers):
    page = web.get(role, f"/units/{BA_DINH}", period="2018-Q1")
    rows = web.province.rows("indicators", *readers, "--unit", BA_DINH,
                             "--period", "2018-Q1")
    expect_equal(len(page["lines"]), len(rows), f"{role}: lines of a unit")
    for found, row in zip(page["lines"], rows):
        same_row(f"{role} {BA_DINH} {found['id']}", found, row)
    return len(rows)


def settled(web):
    """Waits until the figures are those of the whole ledger."""
    def is_settled():
        ledger = web.get("viewer", "/ledger")
        return ledger["figures_complete"] and (ledger["figures_position"]
                                               == ledger["size"])
    wait_until(is_settled, "the figures to catch up")


# ---- who may see what ----

def small_line():
    return Line(more={"TALLYLINE_LANG": "en"})


def void(identity):
    return {"target": identity, "reason": "typing_error",
            "corrected_on": "2018-04-02"}


def fill_small(line):
    """Two offices of which one has said nothing for a while, a correction and
    an event that waits for something."""
    first, second = line.office("gso3:901"), line.office("gso3:902")
    first.start()
    second.start()
    made = [first.record("inspection", visit(90101 + at % 3, 100 + at,
                                             f"@so-{at}")) for at in range(4)]
    second.record("inspection", visit(90201, 7))
    first.record("correction", void(made[0]))
    line.settle()
    line.province.enrol("Third office", line.home / "third.enrol",
                        ["gso3:901:police"])  # and never joined
    return made


def every_operation_fits_its_description():
    """Each role asks everything; interface.py holds every reply, refusals too,
    against the description."""
    with small_line() as line:
        web = serving(line)
        made = fill_small(line)
        settled(web)
        asked = {"/indicators/{id}": ["/indicators/T-1", "/indicators/fines"],
                 "/units/{code}": ["/units/gso3:901", "/units/gso3:90"],
                 "/offices/{number}": ["/offices/1", "/offices/3"],
                 "/events/{id}": [f"/events/{made[0]}", f"/events/{made[1]}"]}
        for template, operations in interface.DESCRIPTION.whole[
                "paths"].items():
            if "get" not in operations or template in ("/session", "/live",
                                                       "/reports/print"):
                continue
            least = operations["get"]["x-least-role"]
            for path in asked.get(template, [template]):
                for role in interface.ROLES:
                    rank = interface.ROLES.index
                    may = least == "public" or rank(role) >= rank(least)
                    found = web.ask(role, path).status
                    expect_equal(found, 200 if may else 403, f"{role} {path}")
                found = web.ask(None, path).status
                expect_equal(found, 200 if least == "public" else 401,
                             f"nobody {path}")
                web.ask("district", path, unit="gso3:901")
        check_offices(web)
        check_event(web, made[0])


def check_offices(web):
    def states():
        return [found["state"] for found
                in web.get("viewer", "/offices")["offices"]]
    wait_until(lambda: states() == ["live", "live", "not_joined"],
               "the states of the offices")
    offices = web.get("viewer", "/offices")
    expect_equal(offices["counts"]["enrolled"], 3, "offices enrolled")
    expect_equal([found["events"] for found in offices["offices"]],
                 ["5", "1", "0"], "events of the offices")


def check_event(web, identity):
    """The chain of a voided event, whichever version is asked for."""
    event = web.get("auditor", f"/events/{identity}")
    expect_equal(event["outcome"]["outcome"], "voided", "outcome of the event")
    expect_equal(event["signature"], "good", "signature")
    expect_equal([found["event"] for found in event["versions"]],
                 [identity, event["outcome"]["other"]], "versions")
    voided_by = web.get("auditor", f"/events/{event['outcome']['other']}")
    expect_equal(voided_by["versions"], event["versions"], "chain")
    counted = web.get("auditor", "/events/1.1.2")
    expect_equal(counted["versions"], [], "versions of what stands alone")
    expect_equal([found["id"] for found in counted["figures"]][:1], ["T-1"],
                 "first figure that it goes into")


def a_district_sees_its_own_and_nothing_else():
    with small_line() as line:
        web = serving(line)
        made = fill_small(line)
        settled(web)
        own, other = "gso3:901", "gso3:902"
        overview = web.get("district", "/overview", unit=own)
        expect_equal(overview["unit"]["key"], own, "unit of its overview")
        expect_equal(overview["reader"], {"shows": "unit", "unit": own},
                     "whose numbers it sees")
        for path, query in (("/overview", {"unit_": other}),
                            ("/overview", {"unit_": "gso3:90"}),
                            (f"/units/{other}", {}), ("/units/gso3:90201", {}),
                            ("/units/gso3:90", {}), ("/offices/2", {}),
                            ("/indicators/T-1", {"unit_": other}),
                            ("/ledger", {}), (f"/events/{made[1]}", {})):
            expect_equal(web.ask("district", path, own, **query).status, 403,
                         f"{path} {query} of a neighbour")
        expect_equal([found["number"] for found in
                      web.get("district", "/offices", own)["offices"]], [1, 3],
                     "offices that it sees")
        seen = {found["key"] for found in
                web.get("district", "/units", own)["units"]}
        expect(seen and all(key.startswith(own) for key in seen),
               f"units that it sees: {seen}")
        for row in web.get("district", "/reports", own, all="1")["rows"]:
            expect(row["unit"]["key"].startswith(own), f"a report of {row}")
        page = web.get("district", "/indicators/T-1", own)
        expect_equal(page["line"]["unit"]["key"], own, "unit of its line")
        for path in ("/overview", "/units", f"/units/{own}",
                     "/indicators/T-1"):
            expect_equal(web.ask("district", path, own,
                                 units_on="2018-03-01").status, 403,
                         f"{path} by the units of another day")


def what_is_shared_with_a_neighbour_is_not_told():
    """An office that records for two districts, and a district without any: of
    either a district sees its own alone."""
    with small_line() as line:
        web = serving(line)
        shared = line.office("gso3:901", pairs=[
            f"gso3:901:{LABOUR_OFFICE}", f"gso3:902:{LABOUR_OFFICE}"])
        shared.start()
        mine = shared.record("inspection", visit(
            90101, 1, unit="gso3:901", office=LABOUR_OFFICE))
        other = shared.record("inspection", visit(
            90201, 2, unit="gso3:902", office=LABOUR_OFFICE))
        for identity, unit in ((mine, "gso3:901"), (other, "gso3:902")):
            for _ in range(2):  # the second one has lost
                shared.record("correction", {**void(identity), "unit": unit,
                                             "office": LABOUR_OFFICE})
        line.settle()
        settled(web)
        expect_equal(len(web.get("admin", "/offices/1")["to_mend"]), 2,
                     "events to mend of both")
        page = web.get("district", "/offices/1", "gso3:901")
        expect_equal([found["key"] for found in page["office"]["units"]],
                     ["gso3:901"], "units of the office")
        expect_equal((page["office"]["events"], page["office"]["waiting"]),
                     (None, None), "what cannot be divided")
        expect_equal(len(page["to_mend"]), 1, "events to mend")
        line.province.enrol("City office", line.home / "city.enrol",
                            ["gso3:90:social_evils_subdept"])
        settled(web)
        wait_until(lambda: web.get("admin", "/units/gso3:903")["offices"],
                   "the office that records for who has none")
        expect_equal(web.get("district", "/units/gso3:903",
                             "gso3:903")["offices"], [], "offices above it")


def what_is_asked_wrongly_is_told():
    with small_line() as line:
        web = serving(line)
        for path, query in (("/overview", {"period": "2018-Q5"}),
                            ("/overview", {"regime": "calendar"}),
                            ("/overview", {"period": "2018", "from_":
                                           "2018-01-01"}),
                            ("/overview", {"from_": "2018-02-30"}),
                            ("/overview", {"from_": "2018-05-01",
                                           "to": "2018-04-01"}),
                            ("/overview", {"plan": "x" * 200}),
                            ("/overview", {"from_": "1901-01-01"}),
                            ("/overview", {"to": "2021-01-01"}),
                            ("/overview", {"nothing": "1"}),
                            ("/offices/0", {}), ("/offices/-1", {}),
                            ("/offices/99999999999999999999", {}),
                            ("/offices/1", {"limit": "501"}),
                            ("/offices/1", {"limit": "0"}),
                            ("/reports", {"all": "2"})):
            found = web.ask("admin", path, **query)
            expect_equal(found.status, 400, f"{path} {query}")
            expect(found.read["detail"], f"{path} {query} says what is wrong")
        for path, query in (("/overview", {"plan": "another"}),
                            ("/overview", {"unit_": "gso3:999"}),
                            ("/indicators/none", {}), ("/offices/77", {}),
                            ("/units/gso3:999", {}), ("/events/7.1.1", {}),
                            ("/overview", {"period": "2018-M03",
                                           "regime": "plan_deadline"})):
            expect_equal(web.ask("admin", path, **query).status, 404,
                         f"{path} {query}")


def what_has_not_changed_is_not_sent_again():
    with small_line() as line:
        web = serving(line)
        fill_small(line)
        settled(web)
        for path in ("/overview", "/plans", "/indicators/T-1", "/reports"):
            first = web.ask("viewer", path)
            tag = first.headers["ETag"]
            again = web.ask("viewer", path, headers={"If-None-Match": tag})
            expect_equal(again.status, 304, f"{path} again")
            for other in ("officer", "auditor"):
                expect(web.ask(other, path).headers["ETag"] != tag,
                       f"{path}: another reader's tag")
        before = web.ask("viewer", "/overview")
        line.offices[0].record("inspection", visit(90102, 999, "@new"))
        line.settle()
        settled(web)
        wait_until(lambda: web.ask(
            "viewer", "/overview", headers={"If-None-Match":
                                            before.headers["ETag"]}).status
            == 200, "another overview")
        after = web.get("viewer", "/overview")
        expect_equal(int(after["lines"][0]["figure"]["value"]),
                     int(before.read["lines"][0]["figure"]["value"]) + 1,
                     "the figure that grew")


def pages_of_rows_are_one_behind_the_other():
    with small_line() as line:
        web = serving(line)
        office = line.office("gso3:901")
        office.start()
        made = [office.record("inspection", visit(90101, at, f"@so-{at}"))
                for at in range(12)]
        for identity in made[:7]:  # corrected by hand, twice: one has lost
            for _ in range(2):
                office.record("correction", void(identity))
        line.settle()
        settled(web)
        whole = web.get("admin", "/offices/1")["to_mend"]
        expect_equal(len(whole), 7, "events to mend")
        parts, after = [], {}
        while True:
            page = web.get("admin", "/offices/1", limit="2", **after)
            parts += page["to_mend"]
            if page["next"] is None:
                break
            expect_equal(len(page["to_mend"]), 2, "rows of a page")
            after = {"after": page["next"]}
        expect_equal(parts, whole, "pages beside the whole")
        expect_equal(web.get("viewer", "/offices/1")["to_mend"], [],
                     "a viewer mends nothing")
        rows = web.get("admin", "/reports", all="1", limit="500")["rows"]
        first = web.get("admin", "/reports", all="1", limit="3")
        second = web.get("admin", "/reports", all="1", limit="3",
                         after=first["next"])
        expect_equal(first["rows"] + second["rows"], rows[:6], "rows by pages")


# ---- reports ----

def a_download_is_what_is_printed():
    """To the byte, for each form and reader, frozen or not."""
    with small_line() as line:
        web = serving(line)
        fill_small(line)
        settled(web)
        for form in ("html", "xlsx", "csv", "jsonl", "text"):
            same_report(web, "viewer", form, [])
        same_report(web, "auditor", "csv", ["--raw"])
        own = ["--unit", "gso3:901", "--for-unit", "gso3:901"]
        same_report(web, "district", "csv", own, unit="gso3:901")
        expect_equal(web.ask("district", "/reports/print", "gso3:901",
                             unit_="gso3:902", period="2018-Q1",
                             format="csv").status, 404, "a neighbour's report")
        expect_equal(web.ask("district", "/reports/print", "gso3:901",
                             unit_="gso3:90", period="2018-Q1",
                             format="csv").status, 404, "the province's")
        below = ["--unit", "gso3:90101", "--for-unit", "gso3:901"]
        same_report(web, "district", "csv", below, unit="gso3:901",
                    unit_="gso3:90101")
        line.province.command("report", "freeze", "--period", "2018-Q1")
        line.offices[0].record("inspection", visit(90102, 999, "@new"))
        line.settle()
        settled(web)
        frozen = same_report(web, "viewer", "html", [])
        live = same_report(web, "officer", "html", ["--live"], live="1")
        expect_equal(web.ask("viewer", "/reports/print", period="2018-Q1",
                             format="html", live="1").status, 403,
                     "both versions of a report for a viewer")
        expect(frozen.body != live.body, "frozen and live are the same")
        expect("unsafe-inline" in live.headers["Content-Security-Policy"],
               "a report's own style")
        expect("bao-cao-quy-1-2018.xlsx" in same_report(
            web, "viewer", "xlsx", []).headers["Content-Disposition"],
            "name of the file")
        for query, status in (({"period": "2018-M03", "format": "html",
                                "regime": "plan_deadline"}, 404),
                              ({"period": "2018-Q1", "format": "exe"}, 400),
                              ({"format": "html"}, 400),
                              ({"period": "2018-Q1", "format": "csv",
                                "plan": "--raw"}, 404),
                              ({"period": "2018-Q1", "format": "csv",
                                "unit_": "gso3:90 --raw"}, 404)):
            expect_equal(web.ask("viewer", "/reports/print", **query).status,
                         status, f"{query}")


def same_report(web, role, form, readers, unit=None, **query):
    found = web.ask(role, "/reports/print", unit, period="2018-Q1", format=form,
                    language="en", **query)
    expect_equal(found.status, 200, f"{role} {form}: {found.body[:200]!r}")
    path = web.province.folder.parent / f"printed.{form}"
    web.province.command("report", "print", "--period", "2018-Q1", "--format",
                         form, "--output", path, *readers)
    expect_equal(found.body, path.read_bytes(), f"{role} {form}: bytes")
    return found


# ---- streams ----

def a_stream_tells_what_has_changed():
    with small_line() as line:
        web = serving(line)
        fill_small(line)
        settled(web)
        with web.follow("viewer") as stream, \
                web.follow("district", unit="gso3:902") as other:
            expect_equal(stream.next()[0], "hello", "the first event")
            _, first, whole = stream.next("overview")
            overview = web.get("viewer", "/overview")
            expect_equal([found["id"] for found in whole["lines"]],
                         [found["id"] for found in overview["lines"]],
                         "lines of the first overview")
            for found, row in zip(whole["lines"], overview["lines"]):
                expect_equal(found, {name: row[name] for name in found},
                             f"line {row['id']}")
            expect_equal([found["number"] for found in
                          stream.next("offices")[2]["offices"]], [1, 2, 3],
                         "offices of the first event")
            mine = other.next("overview")[2]["lines"][0]
            expect_equal(mine["figure"]["value"], "1", "visits of a district")
            expect_equal([found["number"] for found in
                          other.next("offices")[2]["offices"]], [2],
                         "offices of a district")
            value = int(whole["lines"][0]["figure"]["value"])
            line.offices[0].record("inspection", visit(90103, 999, "@so-1"))
            _, later, news = stream.next("overview")
            expect(later != first and news["position"] > whole["position"],
                   "the position grows, and so does what names it")
            changed = {found["id"]: found for found in news["lines"]}
            expect_equal(int(changed["T-1"]["figure"]["value"]), value + 1,
                         "the figure that moved")
            expect("inspected" not in changed, "what stayed is not sent")
            _, _, links = stream.next("offices")
            expect(links["offices"], "offices that have changed")
        with web.follow("viewer", last=later) as again:
            expect_equal(again.next()[0], "hello", "first event again")
            expect_equal(again.next()[0], "offices",
                         "a reader that knows the position gets no lines")
        # Of another moment, of another kind of reader, of nobody.
        for role, last in (("viewer", first), ("auditor", later),
                           ("viewer", news["position"]), ("viewer", "x" * 99)):
            with web.follow(role, last=last) as again:
                again.next("hello")
                event, _, whole = again.next()
                expect_equal(event, "overview", f"{role} who had {last}")
                expect(len(whole["lines"]) >= len(overview["lines"]),
                       "lines after a break")


def a_stream_ends_with_the_right_to_it():
    """Who is no user any more is cut off, and the collector can be stopped
    while streams are open."""
    with small_line() as line:
        web = serving(line)
        expect_equal(web.ask(None, "/plans").status, 401, "nobody")
        with web.follow("viewer") as thief:
            expect_equal(thief.next()[0], "hello", "one with an old token")
            line.province.command("users", "revoke-token", "viewer")
            del web.tokens["viewer", None]
            with web.follow("viewer") as owner:
                expect_equal(owner.next()[0], "hello", "one with the new token")
                expect(thief.ends(), "a token that was given anew is cut")
                expect_equal(owner.next("beat")[0], "beat", "the new one stays")
        with web.follow("viewer") as first, web.follow("admin") as second:
            expect_equal(first.next()[0], "hello", "a reader")
            expect_equal(second.next()[0], "hello", "another")
            line.province.daemon.stop()
        line.province.daemon.start()


if __name__ == "__main__":
    print(ROUNDS)
    run_tests([every_figure_is_the_one_that_indicators_prints,
               every_operation_fits_its_description,
               a_district_sees_its_own_and_nothing_else,
               what_is_shared_with_a_neighbour_is_not_told,
               what_is_asked_wrongly_is_told,
               what_has_not_changed_is_not_sent_again,
               pages_of_rows_are_one_behind_the_other,
               a_download_is_what_is_printed,
               a_stream_tells_what_has_changed,
               a_stream_ends_with_the_right_to_it])
