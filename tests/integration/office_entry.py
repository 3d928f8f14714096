#!/usr/bin/python3
"""What people enter on the office's page: form, checks, events, drafts, and what
is left of them when the power goes.

    TALLYLINE_BIN=... python3 tests/integration/office_entry.py [NAME]...
"""

import json
import re
import sys
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from line import (LABOUR_OFFICE, SOURCE, Line, expect,  # noqa: E402
                  expect_equal, run_tests, visit, wait_until)
from office_page import DESCRIPTION, Page, key, open_page  # noqa: E402
from rounds import Rounds  # noqa: E402

ROUNDS = Rounds("office_entry", ci=4, full=100)
DRAFTS_MAX = 256
DRAFT_BYTES_MAX = 16 * 1024


def row(number=0, name="@so-1", **more):
    return {"type": "inspection", "entry_key": key(),
            "cells": {**texts(visit(90101, number, name)), **more}}


def texts(fields):
    return {name: str(value) for name, value in fields.items()}


def fields_of(issues):
    return {issue["field"] for issue in issues}


def bare(page, rows, **more):
    """The request itself, for who will not wait for the answer."""
    body = json.dumps({"rows": rows, **more}).encode()
    headers = {"Content-Type": "application/json",
               "Content-Length": str(len(body)), "Host": page.address,
               **page.signed_in}
    top = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST /api/v1/events HTTP/1.1\r\n{top}\r\n".encode() + body


# ---- the description ----

def every_route_is_described_and_nothing_else():
    text = (SOURCE / "agent" / "api" / "routes.c").read_text()
    routes = {(method.lower(), path) for method, path in re.findall(
        r'\{HTTP_(\w+), "(/api/v1/[^"]*)"', text)}
    described = {(method, path)
                 for path, operations in DESCRIPTION.whole["paths"].items()
                 for method in operations}
    expect_equal(sorted(routes ^ described), [], "routes and openapi.json")
    with Line() as line:
        _, page = open_page(line)
        expect_equal(page.get("openapi.json"), DESCRIPTION.whole, "as served")


# ---- forms ----

def a_form_is_the_catalogue_with_the_offices_own_choices():
    with Line() as line:
        _, page = open_page(line)
        form = page.get("form?lang=en")
        expect(form["ready"] and form["today"], "lists are there")
        expect_equal(form["pairs"][0]["unit"], "gso3:901", "the unit")
        planned = [one["in_plan"] for one in form["types"]]
        expect_equal(planned, sorted(planned, reverse=True), "plans first")
        types = {one["key"]: one for one in form["types"]}
        expect("correction" not in types, "a void is no form")
        inspection = types["inspection"]
        expect(inspection["in_plan"], "inspections are of the plan")
        keys = [field["key"] for field in inspection["fields"]]
        expect_equal(keys[0], "inspected_on", "the day comes first")
        expect("programme" not in keys and "unit" not in keys,
               "nothing is asked that can only be one thing")
        mode = next(field for field in inspection["fields"]
                    if field["key"] == "mode")
        expect_equal((mode["kind"], mode["required"]), ("enum", True), "mode")
        expect("planned" in [one["key"] for one in mode["values"]], "values")
        expect_equal(mode["label"] == page.get("form")["types"][0]["label"],
                     False, "labels")
        units = page.get("units?on=2018-03-05")["units"]
        expect("gso3:90101" in [one["code"] for one in units
                                if one["in_force"]], units)
        page.get("units?on=yesterday", 400)
        expect_equal(len(page.get("units?q=khong-co-noi-nao")["units"]), 0,
                     "none of that name")


def what_has_not_changed_is_not_sent_again():
    with Line() as line:
        _, page = open_page(line)
        address = f"http://{page.address}/api/v1/form"

        def ask(**more):
            request = urllib.request.Request(
                address, headers={**page.signed_in, **more})
            try:
                with urllib.request.urlopen(request) as answer:
                    return answer.status, answer.headers["ETag"]
            except urllib.error.HTTPError as error:
                return error.code, error.headers["ETag"]
        status, etag = ask()
        expect_equal(status, 200, "the first time")
        expect_equal(ask(**{"If-None-Match": etag})[0], 304, "the second")
        expect(ask(**{"Accept-Language": "en"})[1] != etag, "in English")


def things_are_found_by_name_and_reference():
    with Line() as line:
        _, page = open_page(line)
        done = page.post("events", {"rows": [row(name="@Khách sạn Bình An"),
                                             row(1, name="new")]})
        first, second = (one["allotted"][0] for one in done["rows"])
        found = page.get("things?kind=EST&q=khach+san+binh")["things"]
        expect_equal([(one["reference"], one["name"]) for one in found],
                     [(first["reference"], "@Khách sạn Bình An")],
                     "by its local name, as it was written")
        again = page.post("events", {"rows": [
            row(2, name="@KHÁCH SẠN  Bình an")]})["rows"][0]
        expect_equal(again["allotted"], [], "it is the same in any case")
        expect_equal(page.get("things?kind=EST&q=khach")["things"], found,
                     "shown as it was first written")
        found = page.get(f"things?kind=EST&q={second['reference'][:-2]}")
        expect_equal([one["reference"] for one in found["things"]],
                     [second["reference"]], "by its reference")
        expect_equal(len(page.get("things?kind=EST&limit=1")["things"]), 1,
                     "a limit")
        page.get("things?kind=ZZZ", 400)
        page.get("things?kind=EST&limit=501", 400)
        page.get("things?kind=EST&limit=-1", 400)


# ---- checking ----

def a_check_says_what_is_wrong_where_and_saves_nothing():
    with Line() as line:
        office, page = open_page(line)
        good = row()
        done = page.post("check", {"type": "inspection",
                                   "cells": good["cells"]})
        expect_equal((done["ok"], done["issues"]), (True, []), "a good row")
        expect_equal(done["filled"]["unit"], "gso3:901", "filled in")
        expect_equal(done["filled"]["role"], "clerk", "who asks")
        bad = dict(good["cells"], violations="-3", mode="sometimes",
                   nonsense="1", role="head_of_office")
        del bad["result"]
        done = page.post("check?lang=en", {"type": "inspection",
                                           "cells": bad})
        expect_equal(done["ok"], False, "a bad row")
        expect_equal(fields_of(done["issues"]),
                     {"violations", "mode", "nonsense", "role", "result"},
                     "each at its field")
        done = page.post("check", {"type": "inspecton", "cells": {}})
        expect_equal(fields_of(done["issues"]), {"type"}, "no such type")
        expect_equal(office.outbox(), [], "nothing is saved")
        for body in ({}, {"type": "inspection"}, {"type": 1, "cells": {}},
                     {"type": "inspection", "cells": []},
                     {"type": "inspection", "cells": {"mode": 1}},
                     {"type": "inspection", "cells": {}, "more": 1}, [1]):
            page.post("check", body, 400)


# ---- saving ----

def what_is_saved_has_an_id_and_the_role_of_who_entered_it():
    with Line() as line:
        office, page = open_page(line)
        rows = [row(number, f"@so-{number}") for number in range(3)]
        done = page.post("events", {"rows": rows})
        expect_equal([one["id"] for one in done["rows"]],
                     ["1.1.1", "1.1.2", "1.1.3"], "ids")
        expect_equal((done["saved"], done["refused"]), (3, 0), "counts")
        expect_equal([one["known"] for one in done["rows"]], [False] * 3,
                     "all of them new")
        wait_until(office.drained, "the province to receive them")
        again = page.post("events", {"rows": rows})
        expect_equal([(one["id"], one["known"], one["state"])
                      for one in again["rows"]],
                     [(f"1.1.{i}", True, "received") for i in (1, 2, 3)],
                     "the same keys again")
        expect_equal(again["saved"], 0, "nothing new")
        expect_equal(len(office.outbox()), 3, "in the outbox")
        # Another person, or another tab, has changed the row since.
        other = dict(rows[0], cells=dict(rows[0]["cells"], violations="7"))
        expect(other != rows[0], "other content")
        done = page.post("events", {"rows": [other]})
        expect_equal((done["saved"], done["refused"]), (0, 1), "other content")
        expect("1.1.1" in done["rows"][0]["issues"][0]["text"], done["rows"])
        expect_equal(len(office.outbox()), 3, "in the outbox, still")
        exported = office.command("export").stdout
        expect_equal(exported.count("clerk"), 3, exported)
        expect("Hoa" not in exported, "no name leaves the machine")


def rows_are_saved_each_by_itself_or_all_together():
    with Line() as line:
        office, page = open_page(line)
        rows = [row(), row(1, violations="many"), row(2)]
        done = page.post("events", {"rows": rows, "all": True})
        expect_equal((done["saved"], done["refused"]), (0, 1), "none")
        expect(all("id" not in one for one in done["rows"]), done["rows"])
        expect_equal([len(one["issues"]) > 0 for one in done["rows"]],
                     [False, True, False], "which one is not good")
        expect_equal(office.outbox(), [], "nothing is saved")
        done = page.post("events", {"rows": rows})
        expect_equal(done["saved"], 2, "the good ones")
        expect_equal(fields_of(done["rows"][1]["issues"]), {"violations"},
                     "the bad one")
        expect_equal(len(office.outbox()), 2, "in the outbox")
        twice = dict(rows[0], entry_key=key())
        done = page.post("events", {"rows": [twice, twice]})
        expect_equal(len({one["id"] for one in done["rows"]}), 1,
                     "one key twice in a request")
        page.post("events", {"rows": []}, 400)
        page.post("events", {"rows": [row()] * 201}, 400)
        page.post("events", {"rows": [{}]}, 400)
        page.post("events", {"rows": [dict(row(), entry_key="0" * 31)]}, 400)
        page.post("events", {"rows": [row()], "all": 1}, 400)
        expect_equal(len(office.outbox()), 3, "after what was refused")


def what_is_refused_gives_no_number():
    """Neither the rows that the rules refuse, nor those that are refused for
    what else is saved."""
    with Line() as line:
        _, page = open_page(line)
        rows = [row(0, "@karaoke hoa mia", violations="many"),
                row(1, "@karaoke hoa mai")]
        done = page.post("events", {"rows": rows})
        expect_equal((done["saved"], done["refused"]), (1, 1), "one of two")
        expect_equal([one["name"] for one in
                      page.get("things?kind=EST")["things"]],
                     ["@karaoke hoa mai"], "names")
        late = row(2, "@karaoke hoa mo", corrects="1.1.1",
                   reason="typing_error")
        page.post("events", {"rows": [row(3, "@karaoke hoa mai",
                                          corrects="1.1.1",
                                          reason="typing_error")]})
        expect_equal(page.post("events", {"rows": [late]})["refused"], 1,
                     "a version that does not stand")
        done = page.post("events", {"rows": [row(4, "@so-2")]})
        expect_equal(done["rows"][0]["allotted"][0]["reference"][:15],
                     "EST-0001-000002", "the next number")


# ---- correcting ----

def a_correction_says_why():
    with Line() as line:
        office, page = open_page(line)
        page.post("events", {"rows": [row()]})
        bare_one = row(1, corrects="1.1.1")
        done = page.post("check", {"type": "inspection",
                                   "cells": bare_one["cells"]})
        expect_equal(fields_of(done["issues"]), {"reason"}, "as it is typed")
        done = page.post("events", {"rows": [bare_one]})
        expect_equal((done["saved"], fields_of(done["rows"][0]["issues"])),
                     (0, {"reason"}), "not without a reason")
        void = {"type": "correction", "entry_key": key(),
                "cells": {"corrects": "1.1.1", "corrected_on": "2018-03-06"}}
        done = page.post("events", {"rows": [void]})
        expect_equal((done["saved"], fields_of(done["rows"][0]["issues"])),
                     (0, {"reason"}), "neither is a void")
        page.post("events/1.1.1/void", {"entry_key": key()}, 400)
        expect_equal(len(office.outbox()), 1, "in the outbox")
        bare_one["cells"]["reason"] = "typing_error"
        expect_equal(page.post("events", {"rows": [bare_one]})["saved"], 1,
                     "with a reason")


def only_the_version_that_stands_is_replaced():
    """As only that one is voided: a form that was opened before a colleague's
    correction does not take its place."""
    with Line() as line:
        office, page = open_page(line)

        def correct(number, **more):
            return row(number, corrects="1.1.1", reason="typing_error", **more)
        page.post("events", {"rows": [row()]})
        first, rival = correct(1), correct(2)
        expect_equal(page.post("events", {"rows": [first]})["saved"], 1,
                     "a colleague's")
        done = page.post("check", {"type": "inspection",
                                   "cells": rival["cells"]})
        expect_equal(fields_of(done["issues"]), {"corrects"}, "as it is typed")
        done = page.post("events", {"rows": [rival]})
        expect_equal((done["saved"], fields_of(done["rows"][0]["issues"])),
                     (0, {"corrects"}), "the version is not the newest")
        again = page.post("events", {"rows": [first]})["rows"][0]
        expect_equal((again["id"], again["known"]), ("1.1.2", True),
                     "a lost reply is asked for again")
        newest = correct(2, replaces="1.1.2")
        expect_equal(page.post("events", {"rows": [newest, correct(
            3, replaces="1.1.2")]})["saved"], 1, "two at a time")
        page.post("events/1.1.3/void", {"entry_key": key(),
                                        "reason": "entered_twice"})
        done = page.post("events", {"rows": [correct(4, replaces="1.1.3")]})
        expect_equal(done["saved"], 0, "what was voided")
        expect_equal(len(office.outbox()), 4, "in the outbox")


def i3_a_row_is_of_one_of_the_offices_pairs():
    """Its key is one thing, even when its unit or office was changed in
    another tab: else it would be two events."""
    with Line() as line:
        office = line.office("gso3:901", pairs=[
            f"gso3:901:{name}" for name in (LABOUR_OFFICE, "commune_pc")])
        page = Page(office)
        page.add_person("Chị Hoa", "clerk")
        office.start()
        page.sign_in("Chị Hoa")
        one = row(office=LABOUR_OFFICE)
        page.post("events", {"rows": [one]})
        one["cells"]["office"] = "commune_pc"
        done = page.post("events", {"rows": [one]})
        expect_equal((done["saved"], done["refused"]), (0, 1), "as another's")
        expect("1.1.1" in done["rows"][0]["issues"][0]["text"], done["rows"])
        expect_equal(len(office.outbox()), 1, "in the outbox")


def i1_a_reply_that_was_lost_adds_nothing():
    """The power goes after the event was saved and before anybody heard of
    it, at whatever moment: asked again, it has one id."""
    with Line() as line:
        office, page = open_page(line)
        for number in range(ROUNDS.count):
            one = row(number, f"@so-{number}")
            with page.connect() as connection:
                connection.sendall(bare(page, [one]))
                if number % 2 == 0:
                    wait_until(lambda: len(office.outbox()) > number,
                               "the event to be saved")
                office.daemon.kill()
            office.start()
            page.sign_in("Chị Hoa")
            done = page.post("events", {"rows": [one]})["rows"][0]
            again = page.post("events", {"rows": [one]})["rows"][0]
            expect_equal(again["id"], done["id"], "the same id")
            expect_equal((again["known"], number % 2 != 0 or done["known"]),
                         (True, True), "known")
            expect_equal(len(office.outbox()), number + 1, "events")
        wait_until(office.drained, "the province to receive them")
        expect_equal(int(line.province.figures()["inspected"]),
                     ROUNDS.count, "counted once each")


# ---- drafts ----

def i1_a_draft_outlives_the_power():
    with Line() as line:
        office, page = open_page(line)
        for number in range(ROUNDS.count):
            one = row(number)
            draft = {"type": "inspection", "cells": one["cells"]}
            page.ask("PUT", f"drafts/{one['entry_key']}", draft, 204)
            office.daemon.kill()
            office.start()
            page.sign_in("Chị Hoa")
            found = page.get("drafts")["drafts"]
            expect_equal([(at["id"], at["cells"], at["person"])
                          for at in found],
                         [(one["entry_key"], one["cells"], "Chị Hoa")],
                         "what was begun")
            page.post("events", {"rows": [one]})
            expect_equal(page.get("drafts")["drafts"], [],
                         "saving it ends the draft")
        expect("drafts" not in office.command("export").stdout, "never sent")


def a_newer_draft_is_not_overwritten():
    """One tab, whose requests arrive in another order."""
    with Line() as line:
        _, page = open_page(line)
        one = row()
        name = f"drafts/{one['entry_key']}"

        def put(change, code, **more):
            body = {"type": "inspection", "change": change,
                    "cells": {**one["cells"], **more}}
            return page.ask("PUT", name, body, code)
        put(5, 204, violations="5")
        put(5, 204, violations="5")
        put(4, 412, violations="4")
        put(5, 412, violations="6")
        put(6, 204, violations="6")
        found = page.get("drafts")["drafts"]
        expect_equal([(at["change"], at["cells"]["violations"])
                      for at in found], [(6, "6")], "the newest")
        page.post("events", {"rows": [one]})
        refused = put(7, 409)
        expect("1.1.1" in refused["detail"], refused)
        expect_equal(page.get("drafts")["drafts"], [], "no ghost is left")
        page.ask("PUT", name, {"type": "inspection", "cells": {},
                               "change": -1}, 400)


class Tab:
    """A tab that has a draft before it."""

    def __init__(self, page, one, by, change=0, seen=None):
        self.page, self.one, self.by = page, one, by
        self.change, self.seen = change, seen or {}

    def version(self):
        return {"by": self.by, "change": self.change, "seen": self.seen}

    def put(self, code, **cells):
        self.change += 1
        return self.page.ask("PUT", f"drafts/{self.one['entry_key']}", {
            "type": "inspection", **self.version(),
            "cells": {**self.one["cells"], **cells}}, code)

    def post(self):
        done = self.page.post("events", {"rows": [
            {**self.one, "draft": self.version()}]})
        return done["rows"][0]


def what_another_tab_typed_is_not_typed_over():
    """However many keys the one that is behind types."""
    with Line() as line:
        office, page = open_page(line)
        one = row()

        def kept():
            found = page.get("drafts")["drafts"]
            return [(at["by"], at["change"], at["cells"].get("violations"))
                    for at in found]
        first = Tab(page, one, "a" * 32)
        first.put(204, violations="1")
        second = Tab(page, one, "b" * 32, 1, {first.by: 1})
        first.put(204, violations="2")
        for _ in range(5):
            second.put(412, violations="3")
        expect_equal(kept(), [(first.by, 2, "2")], "what is kept")
        refused = second.post()
        expect_equal([issue["field"] for issue in refused["issues"]],
                     ["draft"], "a save from behind")
        expect_equal((office.outbox(), kept()),
                     ([], [(first.by, 2, "2")]), "after that save")
        third = Tab(page, one, "c" * 32, 2, {first.by: 2})
        third.put(204, violations="4")
        first.put(412, violations="5")
        # What the third one began from is known to who began from it.
        fourth = Tab(page, one, "d" * 32, 9, {first.by: 2, third.by: 4})
        fourth.put(204, violations="6")
        expect_equal(kept(), [(fourth.by, 10, "6")], "what is kept")
        expect("id" in fourth.post(), "saved")
        expect_equal(kept(), [], "the draft has ended")
        third.put(409, violations="7")


def the_version_of_a_draft_has_one_form():
    with Line() as line:
        _, page = open_page(line)
        one = row()
        body = {"type": "inspection", "cells": {}, "change": 1}
        many = {f"{number:032x}": 1 for number in range(17)}
        for more in ({"by": ""}, {"by": "x" * 33}, {"by": 1}, {"seen": []},
                     {"seen": {"a": "1"}}, {"seen": {"a": -1}},
                     {"seen": many}, {"change": "1"}):
            page.ask("PUT", f"drafts/{one['entry_key']}", {**body, **more},
                     400)
            page.ask("POST", "events", {"rows": [
                {**one, "draft": {"change": 1, **more}}]}, 400)
        for draft in ({}, [], {"change": 1, "cells": {}}):
            page.ask("POST", "events", {"rows": [{**one, "draft": draft}]},
                     400)
        del many[f"{16:032x}"]
        page.ask("PUT", f"drafts/{one['entry_key']}",
                 {**body, "by": "x" * 32, "seen": many}, 204)


def i11_drafts_have_their_limits():
    with Line() as line:
        _, page = open_page(line)
        draft = {"type": "inspection", "cells": {"mode": "planned"}}
        names = [f"{number:032x}" for number in range(DRAFTS_MAX + 1)]
        for name in names[:-1]:
            page.ask("PUT", f"drafts/{name}", draft, 204)
        full = page.ask("PUT", f"drafts/{names[-1]}", draft, 507)
        expect("nháp" in full["detail"], full)
        page.ask("PUT", f"drafts/{names[0]}", dict(draft, type="tip"), 204)
        found = page.get("drafts")["drafts"]
        expect_equal((len(found), found[0]["type"]), (DRAFTS_MAX, "tip"),
                     "all of them, the last word of each")
        page.ask("DELETE", f"drafts/{names[1]}", None, 204)
        page.ask("DELETE", f"drafts/{names[1]}", None, 204)
        page.ask("PUT", f"drafts/{names[-1]}", draft, 204)
        large = {"type": "inspection", "cells": {"mode": "x" * 16000}}
        page.ask("PUT", f"drafts/{names[0]}", large, 204)
        large["cells"]["mode"] *= 2
        page.ask("PUT", f"drafts/{names[0]}", large, 413)
        for name in ("0" * 31, "x" * 32, "0" * 33):
            page.ask("PUT", f"drafts/{name}", draft, 400)
        for body in ({}, {"type": "inspection"}, {"type": "x", "cells": {
                "a": 1}}, {"type": "x", "cells": {}, "person": "Lan"}):
            page.ask("PUT", f"drafts/{names[0]}", body, 400)


if __name__ == "__main__":
    print(ROUNDS)
    run_tests([every_route_is_described_and_nothing_else,
               a_form_is_the_catalogue_with_the_offices_own_choices,
               what_has_not_changed_is_not_sent_again,
               things_are_found_by_name_and_reference,
               a_check_says_what_is_wrong_where_and_saves_nothing,
               what_is_saved_has_an_id_and_the_role_of_who_entered_it,
               rows_are_saved_each_by_itself_or_all_together,
               what_is_refused_gives_no_number,
               a_correction_says_why,
               only_the_version_that_stands_is_replaced,
               i3_a_row_is_of_one_of_the_offices_pairs,
               i1_a_reply_that_was_lost_adds_nothing,
               i1_a_draft_outlives_the_power,
               a_newer_draft_is_not_overwritten,
               what_another_tab_typed_is_not_typed_over,
               the_version_of_a_draft_has_one_form,
               i11_drafts_have_their_limits])
