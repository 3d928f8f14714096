#!/usr/bin/python3
"""An office gets another computer: the old one's folder is carried over, or the
old one is lost. What moves and what does not, through the page.

    TALLYLINE_BIN=... python3 tests/integration/office_moved.py [NAME]...
"""

import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from line import (LABOUR_OFFICE, Line, Office, copy_folder,  # noqa: E402
                  expect, expect_equal, free_port, run_command, run_tests,
                  visit, wait_until)
from office_page import PIN, Page, key, open_page  # noqa: E402

NAME = "Chị Hoa"
THING = "@karaoke hoa mai"


def cells(fine, thing=THING):
    return {name: str(value)
            for name, value in visit(90101, fine, thing).items()}


def save(page, fine):
    row = {"type": "inspection", "entry_key": key(), "cells": cells(fine)}
    return page.post("events", {"rows": [row]})["rows"][0]["id"]


def make_certificate(office, page):
    """As the first start with a page for the network makes it."""
    settings = office.folder / "agent.yaml"
    before = settings.read_text()
    settings.write_text(before.replace(
        f"listen: {page.address}", f'listen: "0.0.0.0:{free_port()}"'))
    office.daemon.start()
    office.daemon.stop()
    settings.write_text(before)
    return (office.folder / "web.crt").read_bytes()


def a_day(line):
    """An office with people, a PIN, a draft, names of its own, an event that
    the province has and one that waits: the office, its page, both ids, and
    the draft's."""
    office, page = open_page(line)
    sent = save(page, 1000)
    wait_until(office.drained, "the first to be received")
    line.province.daemon.stop()
    waiting = save(page, 2000)
    draft = key()
    page.ask("PUT", f"drafts/{draft}",
             {"type": "inspection", "cells": cells(3000)}, 204)
    return office, page, sent, waiting, draft


def names(page):
    return [thing["name"] for thing in page.get("things?kind=EST")["things"]]


def page_of(office, before):
    """The page at the address that stands in the folder's agent.yaml."""
    page = Page.__new__(Page)
    page.office, page.address, page.signed_in = office, before.address, {}
    return page


def moved(line, office):
    """The folder on the new computer, as docs/RECOVERY.md says: the service
    stopped, the whole folder copied."""
    office.daemon.stop()
    machine = Office(line, office.unit, folder="new-computer")
    machine.number = office.number
    copy_folder(office.folder, machine.folder)
    return machine


def a_folder_that_is_carried_over_has_all():
    with Line() as line:
        office, page, sent, waiting, draft = a_day(line)
        office.daemon.stop()
        certificate = make_certificate(office, page)
        office.daemon.start()
        machine = moved(line, office)
        machine.daemon.start()
        expect_equal((machine.folder / "web.crt").read_bytes(), certificate,
                     "the certificate")
        page = page_of(machine, page)
        page.sign_in(NAME)  # with the PIN of before
        expect_equal(page.ids(), [waiting, sent], "events")
        states = {row["id"]: row["state"]
                  for row in page.get("outbox")["rows"]}
        expect_equal(states, {sent: "received", waiting: "saved"}, "states")
        expect_equal([one["id"] for one in page.get("drafts")["drafts"]],
                     [draft], "drafts")
        expect(THING in names(page), names(page))
        line.province.daemon.start()
        wait_until(machine.drained, "what waited to be received")
        expect_equal(line.province.outcomes().get("counted"), 2, "counted")
        # Somebody starts the old computer after all: it is told to stop, and
        # the new one goes on.
        save(page, 4000)
        wait_until(machine.drained, "a third to be received")
        old = office.folder / "agent.yaml"
        old.write_text(old.read_text().split("web:")[0] + "web: {listen: off}\n")
        office.daemon.start()
        wait_until(lambda: "recover" in office.words()
                   or "another" in office.words(), "the old one to be told")
        office.daemon.stop()
        save(page, 5000)
        wait_until(machine.drained, "a fourth to be received")
        expect_equal(line.province.outcomes().get("counted"), 4, "counted")


def of_a_lost_computer_comes_back_what_was_received():
    with Line() as line:
        office, page, sent, _, _ = a_day(line)
        sheet = office.write_rows([{"type": "inspection", **visit(90101, fine)}
                                   for fine in (1, 2, 3)])
        line.province.daemon.start()
        office.import_file(sheet)
        wait_until(office.drained, "all to be received")
        line.province.daemon.stop()
        lost = save(page, 6000)
        office.daemon.kill()
        line.offices.remove(office)
        shutil.rmtree(office.folder)
        line.province.daemon.start()
        file = line.home / "again.join"
        line.province.command("enrol", "--again", office.number, "--output",
                              file)
        machine = Office(line, office.unit, folder="new-computer")
        machine.number = office.number
        machine.command("join", file)
        page = Page(machine)
        machine.start()
        wait_until(lambda: machine.status()["history"] == "whole",
                   "its past to come back")
        # Nobody may come in yet: people and PINs are gone with the disk.
        expect_equal(page.get("people")["people"], [], "people")
        expect_equal(page.post("session", {"name": NAME, "pin": PIN}),
                     {"signed_in": False}, "the PIN of before")
        page.add_person(NAME, "clerk")
        page.sign_in(NAME)
        there = page.ids()
        expect(sent in there, f"{sent} of {there}")
        expect(lost not in there, "what was never sent is nowhere")
        expect_equal({row["state"] for row in page.get("outbox")["rows"]},
                     {"received"}, "states")
        expect_equal(page.get("drafts")["drafts"], [], "drafts are gone")
        expect(THING not in names(page), "names of its own are gone")
        expect_equal(machine.import_file(sheet), 0, "the same sheet again")
        # Who looks after it says once more what a thing is called here.
        save(page, 7000)
        expect(THING in names(page), names(page))
        wait_until(machine.drained, "the new one to be received")


def joining_says_what_comes_next():
    with Line() as line:
        folder = line.home / "beginner"
        file = line.home / "beginner.join"
        line.province.enrol("Beginner", file, [f"gso3:901:{LABOUR_OFFICE}"])
        done = run_command("tallyline-agent", folder, ["join", file])
        for text in (f"tallyline-agent run --dir {folder}",
                     f"people add NAME --role officer --dir {folder}",
                     "http://127.0.0.1:18090"):
            expect(text in done.stderr, f"{text} in {done.stderr}")
        expect_equal(len(done.stdout.splitlines()), 1, "for programs")


run_tests([a_folder_that_is_carried_over_has_all,
           of_a_lost_computer_comes_back_what_was_received,
           joining_says_what_comes_next])
