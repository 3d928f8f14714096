#!/usr/bin/python3
"""What the office's page tells: outbox, one event, corrections, the line.

    TALLYLINE_BIN=... python3 tests/integration/office_standing.py [NAME]...
"""

import socket
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from interface import Interface, configure  # noqa: E402
from line import (PROGRAMS, SMALL_PROVINCE, Line, environment,  # noqa: E402
                  expect, expect_equal, free_port, run_tests, visit,
                  wait_until)
from office_page import PIN, Page, key, open_page  # noqa: E402
from sample_year import (AN_BIEN, HA_NOI, HOA_BINH, sample_files,  # noqa: E402
                         sample_pairs)

SOON_SECONDS = 2


def an_outbox_tells_what_the_province_has():
    with Line() as line:
        office, page = open_page(line)
        line.province.daemon.stop()
        saved = [office.record("inspection", visit(90101, 0, f"@so-{i}"))
                 for i in range(7)]
        expect_equal(page.ids(), saved[::-1], "newest first")
        expect_equal(page.counts()["saved"], 7, "saved")
        row = page.get("outbox?limit=1")["rows"][0]
        expect_equal(row["state"], "saved", "the state")
        expect_equal(row["label"], "Lượt kiểm tra cơ sở", "the label")
        link = page.get("link")
        expect_equal(link["waiting"], 7, "waiting")
        expect("7 sự kiện" in link["sentence"], link["sentence"])
        line.province.daemon.start()
        wait_until(office.drained, "all to be received")
        expect_equal(page.counts()["received"], 7, "received")
        expect_equal(page.ids("&state=saved"), [], "nothing waits")
        expect_equal(page.ids("&state=received"), saved[::-1], "received")
        expect_equal(page.ids("&type=case_stage"), [], "of another type")
        link = page.get("link")
        expect_equal(link["state"], "connected", "the line")
        expect("nhận tất cả" in link["sentence"], link["sentence"])
        event = page.get(f"events/{saved[0]}")
        expect(event["receipt"]["index"] > 0, event["receipt"])
        expect_equal(event["outcome"], None, "it counts")
        expect(any(field["text"] for field in event["fields"]), "fields")
        page.get("events/1.1.99", 404)
        page.get("outbox?state=lost", 400)


def what_is_voided_or_corrected_shows_both():
    with Line() as line:
        office, page = open_page(line)
        first = office.record("inspection", visit(90101, 0))
        other = office.record("inspection", visit(90101, 0, "@two"))
        event = page.get(f"events/{first}")
        expect(event["may"] == {"correct": True, "void": True}, event["may"])
        cells = dict(event["cells"], corrects=event["corrects"],
                     reason="typing_error")
        second = office.record("inspection", cells)
        event = page.get(f"events/{first}")
        expect_equal([(at["id"], at["stands"]) for at in event["chain"]],
                     [(first, False), (second, True)], "the versions")
        expect_equal((event["standing"], event["ended"]["id"]),
                     ("replaced", second), "a newer one counts")
        expect_equal(event["may"], {"correct": False, "void": False}, "may")
        reasons = [reason["key"] for reason in page.get("reasons")["reasons"]]
        expect("typing_error" in reasons, reasons)
        asked = {"reason": "typing_error", "entry_key": key()}
        page.post(f"events/{first}/void", asked, 409)
        done = page.post(f"events/{second}/void", asked)
        again = page.post(f"events/{second}/void", asked)
        expect_equal((again["id"], again["known"]), (done["id"], True),
                     "the same void again")
        page.post(f"events/{second}/void", dict(asked, entry_key=key()), 409)
        page.post(f"events/{other}/void", {"reason": "no_such",
                                           "entry_key": key()}, 422)
        page.post(f"events/{other}/void", {"reason": "typing_error"}, 400)
        event = page.get(f"events/{second}")
        expect(event["voided"], "it is voided")
        rows = {row["id"]: row for row in page.get("outbox")["rows"]}
        expect_equal(rows[first]["corrected_by"], done["id"],
                     "the outbox says so")
        expect_equal({row: rows[row]["standing"] for row in rows},
                     {first: "voided", second: "voided", other: "stands",
                      done["id"]: "void"}, "what counts")
        expect_equal(rows[done["id"]]["voids"]["id"], second, "what it voids")
        expect_equal(rows[done["id"]]["voids"]["label"],
                     "Lượt kiểm tra cơ sở", "of which kind that is")
        for told in (event["ended"], rows[first]["ended"]):
            expect_equal((told["id"], told["voids"], told["role"],
                          told["correction_reason"]),
                         (done["id"], True, "Văn thư, người nhập liệu",
                          "Nhập sai số liệu"),
                         "by what it was ended, by which role, why")
        expect_equal([at["correction_reason"] for at in event["chain"]],
                     [None, "Nhập sai số liệu",
                      "Nhập sai số liệu"], "the reasons")
        expect_equal(rows[other]["ended"], None, "nothing ended the other")
        wait_until(office.drained, "all to be received")
        wait_until(lambda: "outcome" in page.get(f"events/{second}")
                   and page.get(f"events/{second}")["outcome"] is not None,
                   "the province to say that it is voided")
        expect_equal(page.get(f"events/{second}")["outcome"]["name"],
                     "voided", "what the province says")
        expect_equal(page.counts()["to_mend"], 0, "nothing to mend")



ANNEX = """
register:
  - type: hotspot_status
    common: {place_kind: public_place, state: confirmed}
    rows:
      - {hotspot_ref: HOT-0000-000001-D, as_of: 2017-11-30,
         units: [gso3:90101], label: {vi: Đường Láng, en: Lang road}}
"""


def a_thing_is_found_by_what_its_row_shows():
    """Of what a plan's annex labels the office has no name of its own."""
    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder) / "province"
        shutil.copytree(SMALL_PROVINCE, files)
        with (files / "plan.yaml").open("a") as plan:
            plan.write(ANNEX)
        find_what_the_annex_names(files)


def find_what_the_annex_names(files):
    with Line(files=files) as line:
        office, page = open_page(line)
        wait_until(lambda: page.get("form")["ready"], "the lists to come down")
        id = office.record("hotspot_status", {
            "as_of": "2018-03-05", "subject_unit": "gso3:90101",
            "hotspot_ref": "HOT-0000-000001-D", "place_kind": "public_place",
            "units": "gso3:90101", "state": "cleared"})
        office.record("inspection", visit(90101, 0))
        glance = {row["id"]: row["glance"]
                  for row in page.get("outbox")["rows"]}[id]
        expect_equal(glance.split(" · ")[0], "Đường Láng", "what is shown")
        expect_equal(page.ids("&q=duong+lang"), [id], "what shows it")
        expect_equal(page.ids("&q=lang+road"), [], "nobody reads it there")
        expect_equal(page.ids("&q=khong+co+noi+nao"), [], "nobody's name")


def what_an_office_calls_a_thing_is_shown_and_stays_here():
    """The number goes to the province; the name is found on the page (I9)."""
    name = "Karaoke Hoa Mai"
    with Line() as line:
        office, page = open_page(line)
        ids = [office.record("inspection", visit(90101, 0, thing))
               for thing in (f"@{name}", "@so-15", "new")]
        rows = {row["id"]: row for row in page.get("outbox")["rows"]}
        codes = [page.get(f"events/{id}")["cells"]["est_ref"] for id in ids]
        expect_equal([rows[id]["glance"] for id in ids],
                     [f"{called} · Có vi phạm · Số vi phạm: 1"
                      for called in (name, "so-15", codes[2])],
                     "one visit is told from another")
        told = {field["key"]: field["text"]
                for field in page.get(f"events/{ids[0]}")["fields"]}
        expect_equal(told["est_ref"], f"{name} ({codes[0]})", "in the event")
        for code, called in zip(codes, (f"@{name}", "@so-15", None)):
            things = page.get(f"things?kind=EST&reference={code}")["things"]
            expect_equal([(one["reference"], one["name"]) for one in things],
                         [(code, called)], "for the form of a correction")
        page.get("things?kind=EST&reference=EST-0001-000001-0", 400)
        expect_equal(page.ids("&q=HOA%20MAI"), [ids[0]], "found by its name")
        expect_equal(page.ids(f"&q={codes[2]}"), [ids[2]], "by its number")
        expect_equal(page.ids("&q=hoa&on=2018-03-06"), [], "on another day")
        expect_equal(page.ids("&on=5/3/2018"), ids[::-1], "of the day")
        unit = rows[ids[0]]["unit"].split(" ", 1)[1]
        expect_equal(page.ids(f"&q={urllib.parse.quote(unit)}"), ids[::-1], "by the unit")
        page.get("outbox?on=31/02/2018", 400)
        void = page.post(f"events/{ids[0]}/void",
                         {"reason": "typing_error", "entry_key": key()})
        row = [row for row in page.get("outbox")["rows"]
               if row["id"] == void["id"]][0]
        expect_equal(row["voids"]["glance"], f"{name} · Có vi phạm · Số vi phạm: 1",
                     "of a void")
        expect_equal(row["voids"]["unit"], rows[ids[0]]["unit"], "where it was")
        wait_until(office.drained, "all to be received")
        expect_equal(page.get(f"received?first={ids[0]}&last={ids[2]}"),
                     {"events": 3, "received": 3, "to_mend": 0, "moved": 0},
                     "what the province has of three")
        for path in line.province.folder.rglob("*"):
            if path.is_file():
                expect(b"hoa mai" not in path.read_bytes().lower(), path)


def figures(page, query=""):
    """What the office's page shows, once the figures are made."""
    return page.get(f"progress{query}")["lines"]


def own_rows(office):
    """By the command, which folds anew; a ratio of nothing has no value."""
    return {row["target"] or row["indicator"]:
            (None if row["status"] == "nothing" else row["value"],
             row["status"]) for row in office.rows("indicators")}


def page_rows(page):
    def number(text):
        return None if text is None else int(text)
    return {line["id"]: (number(line["figure"]["value"]), line["status"])
            for line in figures(page)}


def i4_the_page_shows_the_figures_of_the_province():
    with Line(files=AN_BIEN, unit="gso3:908") as line:
        line.province.daemon.stop()
        web = Interface(line.province, configure(line.province))
        line.province.daemon.start()
        office = line.office("", pairs=sample_pairs())
        page = Page(office)
        page.add_person("Chị Hoa", "clerk")
        office.start()
        page.sign_in("Chị Hoa")
        expect_equal(page.get("progress")["own"]["events"], 0, "events")
        line.province.daemon.stop()
        # The figures are kept while the year comes in, file by file.
        for place, path in enumerate(sample_files(line.home, office.number)):
            office.import_file(path)
            rows = page_rows(page)
            if place % 6 == 0:
                expect_equal(rows, own_rows(office), path.name)
        own = page.get("progress")["own"]
        expect(own["waiting"] == own["events"] > 0, own)
        line.province.daemon.start()
        line.settle()
        expect_equal(page.get("progress")["own"]["waiting"], 0, "waiting")
        for period in ("2020", "2020-H1", "2020-H2"):
            for unit in ("gso3:908", "gso3:30985", "gso3:30997"):
                theirs = web.get("district", f"/units/{unit}", "gso3:908",
                                 period=period)
                expect_equal(
                    figures(page, f"?period={period}&unit={unit}"),
                    theirs["lines"], f"{period} of {unit}")
        page.get("progress?unit=gso3:001", 404)
        page.get("progress?period=2031", 404)


def i9_an_office_sees_its_own_small_numbers_as_at_the_province():
    with Line(files=HOA_BINH, unit="gso3:17") as line:
        line.province.daemon.stop()
        web = Interface(line.province, configure(line.province))
        line.province.daemon.start()
        office, page = open_page(line, "gso3:148")
        office.record("situation_census", {
            "as_of": "2018-05-01", "commune": "gso3:04789",
            "parts_done": "persons;victims", "sellers_on_file": 3,
            "victims_returned": 2})
        wait_until(office.drained, "all to be received")

        def theirs(role, *unit):
            return web.get(role, "/units/gso3:148", *unit)["lines"]
        expect_equal(figures(page), theirs("district", "gso3:148"),
                     "what a district sees of its own")
        shown = {at["id"]: at["figure"]["state"] for at in figures(page)}
        others = {at["id"]: at["figure"]["state"] for at in theirs("viewer")}
        expect(any(state == "suppressed" and shown[name] == "known"
                   for name, state in others.items()),
               "a number that others do not see")


def the_page_tells_what_doctor_finds_and_waits_for_nothing_else():
    with Line() as line, socket.socket() as silent:
        silent.bind(("127.0.0.1", free_port()))
        silent.listen()
        office, page = open_page(line)
        wait_until(office.drained, "the line to be up")

        def found():
            return {row["check"]: row for row
                    in page.ask("POST", "doctor?lang=en")["findings"]}

        said = found()
        expect_equal({name: row["state"] for name, row in said.items()},
                     {row["check"]: row["state"]
                      for row in office.rows("doctor")}, "as the command")
        for name in ("clock", "disk", "keys", "address", "line", "service"):
            expect(name in said, f"{name} of {list(said)}")
        office.go_by(silent.getsockname()[1])  # takes 5 s to be given up
        with ThreadPoolExecutor(2) as asked:
            late = [asked.submit(found) for _ in range(2)]
            asked_while = False
            while not all(one.done() for one in late):
                began = time.monotonic()
                page.get("link")
                expect(time.monotonic() - began < SOON_SECONDS,
                       "the daemon's thread waits for doctor")
                asked_while = True
            expect(asked_while, "a question meanwhile")
            for one in late:
                row = one.result()["address"]
                expect_equal(row["state"], "bad", row)
                expect("said nothing" in row["text"], row)


def the_page_tells_what_sticks_took_and_brought():
    with Line() as line:
        office, page = open_page(line)
        wait_until(lambda: page.get("form")["ready"], "the lists to come down")
        before = page.get("stick")
        expect((before["wrote_at"], before["took_at"]) == (None, None), before)
        office.daemon.stop()
        office.record("inspection", visit(90101, 0))
        stick = line.home / "stick"
        stick.mkdir()
        office.command("export", "--usb", stick)
        line.province.command("import-spool", stick)
        office.command("export", "--usb", stick)
        line.province.daemon.stop()
        office.daemon.start()
        page.sign_in("Chị Hoa")
        told = page.get("stick")
        expect(told["wrote_at"] and told["took_at"], told)
        expect_equal((told["batches"], told["events"], told["receipts"],
                      told["refusal"]), (0, 0, 1, None), "of the last one")


def a_stream_ends_with_who_may_see_it():
    """Signed out, another PIN, removed: nothing more is told, whatever
    happens."""
    with Line() as line:
        office, page = open_page(line)

        def people(*words, secret=PIN):
            subprocess.run([PROGRAMS / "tallyline-agent", "people", *words,
                            "--dir", office.folder], input=secret.encode(),
                           check=True, capture_output=True, env=environment())

        def change_pin():
            people("pin", "Chị Hoa", secret="246813")
            people("pin", "Chị Hoa")

        for number, end in enumerate((
                lambda: page.ask("DELETE", "session", code=204), change_pin,
                lambda: people("remove", "Chị Hoa"))):
            page.sign_in("Chị Hoa")
            with page.stream() as stream:
                stream.until(lambda name, _: name == "link")
                end()
                office.record("inspection", visit(90101, 0, f"@e-{number}"))
                expect_equal(stream.rest(), [], f"told after the end {number}")


def kept_figures_follow_what_is_recorded_and_voided():
    with Line() as line:
        office, page = open_page(line)
        office.record("inspection", visit(90101, 100))
        wait_until(office.drained, "all to be received")
        before = page_rows(page)
        expect_equal(before, own_rows(office), "before")
        second = office.record("inspection", visit(90101, 50, "@two"))
        expect(page_rows(page) != before, "a second one counts")
        page.post(f"events/{second}/void", {"reason": "typing_error",
                                            "entry_key": key()})
        expect_equal(page_rows(page), own_rows(office), "after a void")
        wait_until(office.drained, "all to be received")
        expect_equal(page_rows(page), own_rows(office), "and once received")
        expect_equal({name: value for name, (value, _) in before.items()},
                     {name: value for name, (value, _)
                      in page_rows(page).items()}, "as before")



def a_report_is_due_until_it_says_that_nothing_happened():
    with Line(files=HOA_BINH, unit="gso3:17") as line:
        office, page = open_page(line, "gso3:148")
        rows = page.get("due")["rows"]
        first = rows[0]
        expect(first["state"] not in ("reported", "frozen"), first["state"])
        expect(first["missing"], "lines with nothing behind them")
        asked = {"regime": first["regime"], "period": first["period"],
                 "entry_key": key()}
        done = page.post("nil", asked)
        expect_equal(page.post("nil", asked)["id"], done["id"], "once")
        event = page.get(f"events/{done['id']}")
        expect_equal(event["type"], "nil_report", "the type")
        row = page.get("outbox?type=nil_report")["rows"][0]
        expect(first["label"]["vi"].split(" (")[0] in row["glance"],
               f"the period by its name: {row['glance']}")
        page.post("nil", dict(asked, period="never", entry_key=key()), 400)
        page.post("nil", dict(asked, regime="none", entry_key=key()), 422)

        def state():
            return [row["state"] for row in page.get("due")["rows"]
                    if (row["regime"], row["period"])
                    == (first["regime"], first["period"])]
        wait_until(office.drained, "all to be received")
        expect(state()[0].startswith("reported"), state())
        again = page.get("due")["rows"][0]
        expect(again["period"] != first["period"], "the next one is first")


def table(paper):
    """Cells of a printed report, line by line."""
    form = paper.split('<table class="form">')[1].split("</table>")[0]
    return [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", line)
            for line in form.split("<tr>")[1:]]


def a_paper_has_the_zeros_of_the_province_and_says_whose_they_are():
    """A half-year of which nothing was told, then past which something was told,
    and which then was reported."""
    with Line(files=HOA_BINH, unit="gso3:17") as line:
        office, page = open_page(line, "gso3:148")

        def cells():
            """(figure, note) of each line that has a figure, on both papers."""
            wait_until(office.drained, "all to be received")
            mine = table(page.text("report?period=2018-H1&regime=calendar"
                                   "&lang=en"))
            theirs = table(line.province.command(
                "report", "print", "--period", "2018-H1", "--regime",
                "calendar", "--unit", "gso3:148", "--for-unit",
                "gso3:148", "--by", "none", "--format", "html").stdout)
            expect_equal(mine, theirs, "the office's paper and the province's")
            return [(row[4], row[-1]) for row in mine[1:]
                    if row[-1] != "not computed"]

        expect_equal({figure for figure, _ in cells()} - {"…"},
                     {"no figures yet"}, "before anything was told")
        office.record("report_submitted", {
            "regime": "calendar", "period_kind": "month",
            "period_key": "201801", "submitted_on": "2018-02-02"})
        found = cells()
        expect(("0", "not reported as none") in found, found)
        expect(not any(figure == "0" and not note for figure, note in found),
               "every zero says whose it is")
        page.post("nil", {"regime": "calendar", "period": "2018-H1",
                          "entry_key": key()})
        found = cells()
        expect(("0", "reported as none") in found, found)


def nothing_is_said_of_what_was_named_and_can_be_taken_back():
    """At the office and at the province alike."""
    with Line(files=HOA_BINH, unit="gso3:17") as line:
        line.province.daemon.stop()
        web = Interface(line.province, configure(line.province))
        line.province.daemon.start()
        office, page = open_page(line, "gso3:148")
        first = page.get("due")["rows"][0]
        which = (f"period={first['period']}&regime={first['regime']}"
                 f"&plan={first['plan']}&unit={first['unit']['key']}")

        def row():
            rows = page.get(f"due?{which}")["rows"]
            expect_equal(len(rows), 1, "reports of that name")
            return rows[0]

        def said():
            """Of which lines nothing was reported, here and there."""
            wait_until(office.drained, "all to be received")
            query = {"period": first["period"], "regime": first["regime"]}
            mine = figures(page, "?" + urllib.parse.urlencode(query))
            wait_until(lambda: mine == web.get(
                "district", "/units/gso3:148", "gso3:148", **query)["lines"],
                "the province to show the same")
            return {line["id"] for line in mine
                    if line["reporting"] == "zero_reported"}

        expect_equal((row()["nil"], said()), ([], set()), "nothing is said")
        missing = row()["missing"]
        expect_equal(missing, first["missing"], "as in the list of all")
        numbers = sorted({one["number"] for one in missing if one["number"]})
        left = numbers.pop()
        done = page.post("nil", {"regime": first["regime"],
                                 "period": first["period"],
                                 "indicators": numbers, "entry_key": key()})
        found = row()
        expect_equal([(one["id"], one["indicators"]) for one in found["nil"]],
                     [(done["id"], len(numbers))], "the nil report that stands")
        expect_equal({one["number"] for one in found["missing"]} - {None},
                     {left}, "what is missing yet")
        expect(found["state"].startswith("reported"), found["state"])
        named = {one["indicator"] for one in missing
                 if one["number"] in numbers}
        hidden = {one["id"] for one in figures(page) if one["figure"]["hidden"]}
        expect_equal(said(), named - hidden, "said of them")
        expect(len(named - hidden) > 5, f"few of them are shown: {named}")
        page.post(f"events/{done['id']}/void",
                  {"reason": "typing_error", "entry_key": key()})
        expect_equal((row()["nil"], row()["missing"], said()),
                     ([], missing, set()), "it was taken back")
        expect_equal(row()["state"], "late", "and is due again")


def nothing_is_said_in_the_plan_that_was_meant():
    """Another plan, of another programme, has reports of the same days."""
    with Line(files=HOA_BINH, unit="gso3:17") as line:
        other = line.home / "other"
        shutil.copytree(HOA_BINH, other)
        path = other / "plan.yaml"
        path.write_text(path.read_text()
                        .replace("plan: hoa-binh-2018", "plan: other-2018")
                        .replace("programme: prostitution",
                                 "programme: trafficking", 1))
        line.province.command("plan", "load", other)
        office, page = open_page(line, "gso3:148")

        def states():
            return {row["plan"]: row["state"].startswith("reported")
                    for row in page.get("due?period=2018-Q1")["rows"]}
        wait_until(lambda: len(states()) == 2, "both plans to come down")
        for plan in ("other-2018", "hoa-binh-2018"):
            expect(not states()[plan], f"{plan} is not reported")
            page.post("nil", {"plan": plan, "regime": "plan_deadline",
                              "period": "2018-Q1", "indicators": ["8"],
                              "entry_key": key()})
            expect(states()[plan], f"{plan} is reported: {states()}")


def every_period_can_be_printed():
    """A half-year of whatever plan; only what it asks for is due."""
    for files, unit, own, regime, due in (
            (HOA_BINH, "gso3:17", "gso3:148", "calendar", {"quarter"}),
            (HA_NOI, "gso3:01", "gso3:001", "calendar",
             {"month", "quarter", "year"}),
            (AN_BIEN, "gso3:908", "gso3:908", "nd09_2019",
             {"half_year", "year"})):
        with Line(files=files, unit=unit) as line:
            _, page = open_page(line, own)
            periods = page.get("progress")["periods"]
            kinds = {one["kind"] for one in periods}
            expect_equal(kinds, {"month", "quarter", "half_year", "year"},
                         f"kinds of {files.name}")
            expect_equal({one["kind"] for one in periods if one["reports"]},
                         due, f"what {files.name} asks for")
            halves = [one for one in periods if one["kind"] == "half_year"]
            expect_equal([one["regime"] for one in halves], [regime] * 2,
                         "half-years")
            for one in halves + [one for one in periods
                                 if one["kind"] == "year"]:
                paper = page.text(f"report?period={one['period']}"
                                  f"&regime={one['regime']}&lang=vi")
                expect(one["label"]["vi"].split(" (")[0] in paper.lower(),
                       f"{one['label']['vi']} on paper")


def a_report_to_print_says_whose_it_is():
    with Line(files=AN_BIEN, unit="gso3:908") as line:
        office = line.office("", pairs=sample_pairs())
        page = Page(office)
        page.add_person("Chị Hoa", "clerk")
        office.start()
        page.sign_in("Chị Hoa")
        paths = list(sample_files(line.home, office.number))
        office.import_file(paths[0])
        text = page.text("report?period=2020-H1&format=html")
        expect("Số liệu của riêng văn phòng" in text, text[-2000:])
        expect("<script" not in text, "no script")
        page.get("report?period=2031-H1", 404)


def the_stream_tells_what_changes():
    with Line() as line:
        office, page = open_page(line)
        with page.stream() as events:
            expect_equal(events.next()[0], "hello", "the first event")
            found = dict(events.next() for _ in range(2))
            expect_equal(found["outbox"]["saved"], 0, "nothing is saved")
            expect("sentence" in found["link"], found["link"])
            office.record("inspection", visit(90101, 100))
            events.until(lambda name, data: name == "outbox"
                         and data["received"] == 1)
            line.province.daemon.stop()
            events.until(lambda name, data: name == "link"
                         and data["state"] == "down")


run_tests([an_outbox_tells_what_the_province_has,
           what_is_voided_or_corrected_shows_both,
           what_an_office_calls_a_thing_is_shown_and_stays_here,
           i4_the_page_shows_the_figures_of_the_province,
           i9_an_office_sees_its_own_small_numbers_as_at_the_province,
           kept_figures_follow_what_is_recorded_and_voided,
           a_report_is_due_until_it_says_that_nothing_happened,
           a_paper_has_the_zeros_of_the_province_and_says_whose_they_are,
           nothing_is_said_of_what_was_named_and_can_be_taken_back,
           nothing_is_said_in_the_plan_that_was_meant,
           every_period_can_be_printed,
           a_report_to_print_says_whose_it_is,
           the_stream_tells_what_changes,
           a_thing_is_found_by_what_its_row_shows,
           the_page_tells_what_doctor_finds_and_waits_for_nothing_else,
           the_page_tells_what_sticks_took_and_brought,
           a_stream_ends_with_who_may_see_it])
