#!/usr/bin/python3
"""Reports on paper: in every form, twice the same, frozen and made again.

LibreOffice opens the workbook too where it is installed."""

import csv
import io
import json
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
sys.path.insert(0, str(HERE.parent / "oracle"))
import compare  # noqa: E402
from line import (SMALL_PROVINCE, SOURCE, Line, expect, expect_equal,  # noqa: E402
                  run_tests, visit, wait_until)
from office_page import key, open_page  # noqa: E402

FORMS = ["text", "csv", "xlsx", "html", "jsonl", "dhis2"]
HA_NOI = SOURCE / "plans" / "ha-noi-2018"
HOA_BINH = SOURCE / "plans" / "hoa-binh-2018"
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
REVISED = "Revised since it was frozen"


def printed(line, form, *arguments):
    """The bytes of a report."""
    path = line.home / f"report.{form}"
    line.province.command("report", "print", "--format", form, "--output", path,
                          *arguments)
    return path.read_bytes()


def in_all_forms(line, *arguments):
    return {form: printed(line, form, *arguments) for form in FORMS}


def sheets(content):
    """Text of every cell of every sheet; a workbook that is not well formed
    ends here."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        expect_equal(book.testzip(), None, "damaged part of the workbook")
        parts = {name: ElementTree.fromstring(book.read(name))
                 for name in book.namelist() if name.endswith((".xml", ".rels"))}
        for info in book.infolist():
            expect_equal(info.date_time[:3], (1980, 1, 1), "time of a part")
    texts = ["".join(part.text or "" for part in item.iter(f"{SHEET}t"))
             for item in parts["xl/sharedStrings.xml"]]
    found = []
    for name in sorted(name for name in parts if "worksheets/sheet" in name):
        cells = []
        for cell in parts[name].iter(f"{SHEET}c"):
            expect(cell.find(f"{SHEET}f") is None, "a formula in the workbook")
            value = cell.findtext(f"{SHEET}v")
            if value is not None:
                cells.append(texts[int(value)] if cell.get("t") == "s" else value)
        found.append(cells)
    return found


def opens_in_libreoffice(content):
    program = shutil.which("soffice")
    if program is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "report.xlsx"
        book.write_bytes(content)
        subprocess.run([program, "--headless", f"-env:UserInstallation=file://{folder}/profile",
                        "--convert-to", "csv", "--outdir", folder, book],
                       check=True, capture_output=True, timeout=120)
        text = book.with_suffix(".csv").read_text(errors="replace")
        expect("24/KH-UBND" in text, "the form as LibreOffice reads it")


def a_report_of_ha_noi_is_made_again_to_the_byte():
    """The sample year: all forms twice, then frozen, then late events."""
    period = ["--plan", "ha-noi-2018", "--period", "2018-Q2"]
    with Line(files=HA_NOI, unit="gso3:01") as line:
        compare.fill(line, HA_NOI / "samples")
        first = in_all_forms(line, *period)
        expect_equal(in_all_forms(line, *period), first, "printed twice")
        rows = list(csv.DictReader(io.StringIO(first["csv"].decode())))
        visits = [row for row in rows if row["indicator"] == "inspection_visit_count"]
        expect_equal(len(visits), 31, "the city and its 30 districts")
        wanted = {row["unit"]: row for row in line.province.rows(
            "indicators", "--from", "2018-04-01", "--to", "2018-06-30", "--by", "district",
            "--indicator", "inspection_visit_count")}
        for row in visits:
            value = wanted[row["unit"]]["value"]
            expect_equal(row["value"], "" if value is None else str(value), row["unit"])
            expect_equal(row["state"] or None, wanted[row["unit"]]["state"], row["unit"])
            expect_equal(row["ledger_size"], str(wanted[row["unit"]]["ledger_size"]), "ledger")
        form, by_unit = sheets(first["xlsx"])
        expect("24/KH-UBND" in " ".join(form) and "Quận Ba Đình" in by_unit, "the two sheets")
        # What people sign names its lines by their numbers; ids are for programs.
        keys = {row[name] for row in rows for name in ("target", "indicator") if row[name]}
        for text in (first["text"].decode(), first["html"].decode(), " ".join(form + by_unit)):
            said = [key for key in keys if key in text]
            expect_equal(said, [], "ids in a report")
            expect("Line 10: " in text, "a note goes by the number of its line")
        for text in (first["text"], first["html"], " ".join(form).encode()):
            for part in ("24/KH-UBND", "SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI", "2018-06-30",
                         rows[0]["ledger_hash"], "(entry 2)"):
                expect(part in text.decode(), f"{part} in the report")
        opens_in_libreoffice(first["xlsx"])

        entry = line.province.command("report", "freeze", *period).stdout.strip()
        expect_equal(in_all_forms(line, *period), first, "frozen, and nothing came since")
        expect_equal(line.province.command("report", "freeze", *period).stdout.strip(), entry,
                     "the entry of a report that is frozen already")

        office = line.offices[0]
        office.record("inspection", visit("00001", 5000000, day="2018-06-20", unit="gso3:001",
                                          office="district_labour_office"))
        line.settle()
        expect_equal(in_all_forms(line, "--frozen", entry, *period), first, "what was submitted")
        now = in_all_forms(line, *period)
        expect(REVISED in now["text"].decode() and REVISED not in first["text"].decode(),
               "the column of revisions")
        late = {row["indicator"]: row
                for row in csv.DictReader(io.StringIO(now["csv"].decode()))
                if row["unit"] == "gso3:01"}["inspection_visit_count"]
        was = next(row for row in rows if row["indicator"] == "inspection_visit_count")
        expect_equal((late["value"], late["ledger_size"]), (was["value"], was["ledger_size"]),
                     "the figure that was submitted")
        expect_equal(int(late["revised_value"]), int(was["value"]) + 1, "the figure now")
        expect_equal(now["dhis2"], first["dhis2"], "what is sent to others")
        live = printed(line, "csv", "--live", *period).decode()
        expect(f",{late['revised_value']}," in live, "the figure of today")

        done = line.province.command("report", "freeze", *period, code=1)
        expect("--again" in done.stderr, "how to freeze a report anew")
        again = line.province.command("report", "freeze", "--again", *period).stdout.strip()
        expect(int(again) > int(entry), "a second freeze")
        expect_equal(printed(line, "csv", *period).decode(), live, "the report as frozen anew")
        expect_equal(in_all_forms(line, "--frozen", entry, *period), first,
                     "the first one, still")


def a_text_is_never_a_formula():
    """Names that a spreadsheet would run come from a plan and a units file."""
    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder) / "plan"
        shutil.copytree(SMALL_PROVINCE, files)
        plan = files / "plan.yaml"
        plan.write_text(plan.read_text().replace(
            "label: {vi: 10 lượt, en: 10 visits}",
            'label: {vi: "=1+1", en: "=cmd|\'/c calc\'!A1"}')
            .replace("en: dong", 'en: "@SUM(1)"').replace("Small plan", "<b>Small & plan"))
        with Line(files=files) as line:
            report = in_all_forms(line, "--period", "2018")
    # Not csv.reader's view: the apostrophe must be in the file.
    for row in csv.reader(io.StringIO(report["csv"].decode())):
        for cell in row:
            expect(not re.match(r"[=+\-@\t\r]", cell), f"{cell!r} in the CSV")
    for sheet in sheets(report["xlsx"]):
        for cell in sheet:
            expect(not re.match(r"[=+@\t\r]|-\D", cell), f"{cell!r} in the workbook")
    page = report["html"].decode()
    expect("&lt;b&gt;Small &amp; plan" in page and "<b>Small" not in page, "escaped text")


def the_page_loads_nothing_and_prints_on_a4():
    with Line() as line:
        page = printed(line, "html", "--period", "2018-Q1").decode()
    expect("@page{size:A4 landscape" in page, "the size of the paper")
    for part in ("<script", "http:", "https:", "url(", "@import", " src="):
        expect(part not in page, f"{part} in the page")
    ElementTree.fromstring(re.sub(r"<meta[^>]*>|<br>|<wbr>|<col [^>]*>", "", page)
                           .split("\n", 1)[1])


def a_data_value_set_is_what_dhis2_imports():
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        office.record("inspection", visit(90101, 1000000))
        line.settle()
        found = json.loads(printed(line, "dhis2", "--period", "2018-Q1"))
    expect_equal((found["dataSet"], found["period"], found["orgUnit"]),
                 ("nho-2018", "2018Q1", "gso3:90"), "the set")
    values = {(value["dataElement"], value["orgUnit"]): value
              for value in found["dataValues"]}
    expect_equal(values["T-1", "gso3:901"]["value"], "1", "visits of the district")
    expect(("T-1", "gso3:902") not in values, "a zero that nobody has reported")
    expect("2018-01-01 to 2018-03-31" in values["T-1", "gso3:90"]["comment"], "its days")


def what_was_known_on_a_day_can_be_printed():
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        office.record("inspection", visit(90101, 1000000))
        line.settle()
        size = line.province.rows("report", "print", "--period", "2018")[0]["ledger_size"]
        office.record("inspection", visit(90102, 2000000))
        line.settle()
        then = line.province.rows("report", "print", "--period", "2018", "--as-of", size)
        now = line.province.rows("report", "print", "--period", "2018")
        expect_equal((then[0]["value"], then[0]["ledger_size"]), (1, size), "then")
        expect_equal(now[0]["value"], 2, "now")
        line.province.command("report", "print", "--period", "2018", "--as-of", "2018-01-01",
                              code=3)
        line.province.command("report", "print", "--period", "2018", "--as-of", size + 99,
                              code=3)


def what_is_wrong_with_the_command_is_said():
    cases = [(["--period", "2018-X1"], 2), ([], 2), (["--period", "2019-Q1"], 3),
             (["--period", "2018-Q1", "--regime", "lunar"], 2),
             (["--period", "2018-Q1", "--regime", "plan_deadline"], 3),
             (["--period", "2018-Q1", "--plan", "other"], 3),
             (["--period", "2018-Q1", "--unit", "gso3:999"], 3),
             (["--period", "2018-Q1", "--by", "house"], 2),
             (["--period", "2018-Q1", "--as-of", "soon"], 2),
             (["--period", "2018-Q1", "--frozen", "7"], 3),
             (["--period", "2018-Q1", "--format", "docx"], 2),
             (["--period", "2018-Q1", "--output", "/nowhere/report"], 74)]
    with Line() as line:
        for arguments, code in cases:
            done = line.province.command("report", "print", *arguments, code=code)
            expect(done.stderr and not done.stdout, f"words for {arguments}")
        line.province.command("indicators", "--unit", "gso3:999", code=3)


def a_plan_without_a_number_has_no_empty_brackets():
    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder) / "plan"
        shutil.copytree(SMALL_PROVINCE, files)
        plan = files / "plan.yaml"
        plan.write_text(plan.read_text().replace("number: 1/KH-UBND\n", ""))
        with Line(files=files) as line:
            for command, title in [(["indicators"], "Small plan (nho-2018)\n"),
                                   (["report", "print", "--period", "2018"],
                                    "Small plan (nho-2018)\n"),
                                   (["plan", "show"], "nho-2018: Small plan\n")]:
                expect(title in line.province.command(*command).stdout, f"{title} by {command}")


BASELINE = """baselines:
  - id: visits_2017
    label: {vi: Số lượt năm 2017, en: Visits of 2017}
    quantity: 1400
    lower_bound: yes
    on: 2017-12-31
    source: {vi: Báo cáo 7/BC-UBND, en: Report 7/BC-UBND}
indicators:
  - id: visits_more
    label: {vi: Tăng so với năm 2017, en: More than in 2017}
    unit_of_count: {vi: lượt, en: visits}
    value:
      change: {count: inspection}
      against: {baseline: visits_2017}
      as: count
"""


ANSWERABLE = """  - id: T-9
    indicator: visits_more
    label: {vi: Tăng, en: More}
    responsible: [police, health]
    increase_of_at_least: 90
"""


def what_the_plan_states_stands_with_its_source():
    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder) / "plan"
        shutil.copytree(SMALL_PROVINCE, files)
        plan = files / "plan.yaml"
        plan.write_text(plan.read_text().replace("indicators:\n", BASELINE) + ANSWERABLE)
        with Line(files=files) as line:
            report = ["report", "print", "--period", "2018"]
            # A report goes by the numbers of its lines, a listing by ids.
            for command, noted, named in ((report, "Line 2", "line 2"),
                                          (["indicators"], "T-9", "T-9")):
                printed = line.province.command(*command).stdout
                expect(f"{noted}: Visits of 2017: ≥ 1,400, 2017-12-31 (Report 7/BC-UBND)\n"
                       in printed, f"the source in {printed}")
                expect(f"Police, Health office: {named}\n" in printed, f"who answers: {printed}")
            alone = line.province.command("indicators", "--indicator", "T-1").stdout
            expect("visits_more" not in alone and "T-9" not in alone, f"of others: {alone}")
            shown = line.province.rows("plan", "show", "--baselines")
            expect_equal([(row["baseline"], row["quantity"], row["lower_bound"], row["on"],
                           row["source"]) for row in shown],
                         [("visits_2017", 1400, "yes", "2017-12-31", "Report 7/BC-UBND")],
                         "baselines")
            shown = line.province.rows("plan", "show", "--responsible")
            expect_equal([(row["target"], row["responsible"]) for row in shown],
                         [("T-9", "Police, Health office")], "who answers")
            whole = line.province.command("plan", "show").stdout
            expect("Report 7/BC-UBND" in whole and "Health office" in whole, whole)
            # The ledger counts the texts that it was given.
            plan.write_text(plan.read_text().replace("at_least: 90", "at_least: 91"))
            said = line.province.command("plan", "load", files).stderr
            expect("the file says revision 1, the ledger counts it as 2" in said, said)


def reports_are_due_until_they_are_there():
    """The 15th of April 2018 was a Sunday; the plan asks for a working day."""
    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder) / "plan"
        shutil.copytree(SMALL_PROVINCE, files)
        plan = files / "plan.yaml"
        plan.write_text(plan.read_text().replace(
            "kinds: [quarter, year]",
            "kinds: [quarter]\n    working_days: 1\n"
            "    due: {quarter: {before: [04-16, 07-16, 10-16, 12-31]}}"))
        with Line(files=files) as line:
            office = line.office("gso3:901")
            office.start()

            def due(day, *more):
                return {(row["period"], row["unit"]): row for row in
                        line.province.rows("report", "due", "--on", day, *more)}
            soon = due("2018-04-15")
            expect_equal(sorted(soon), [("2018-Q1", unit) for unit in
                                        ("gso3:90", "gso3:901", "gso3:902", "gso3:903")], "due soon")
            first = soon["2018-Q1", "gso3:901"]
            expect_equal((first["due"], first["closing"], first["state"], first["offices"]),
                         ("2018-04-15", "2018-03-31", "not_due", "Office 1"), "one of them")
            states = {unit: row["state"] for (_, unit), row in due("2018-04-16").items()}
            expect_equal(states["gso3:90"], "late", "the day after")
            expect_equal(states["gso3:901"], "unreachable", "an office that sent nothing")
            expect_equal(states["gso3:902"], "no_office", "a unit that nobody was enrolled for")
            entry = line.province.command("report", "freeze", "--period", "2018-Q1").stdout
            expect("gso3:90" not in {unit for _, unit in due("2018-04-16")}, "a frozen report")
            row = due("2018-04-16", "--all")["2018-Q1", "gso3:90"]
            expect_equal((row["state"], row["entry"]), ("frozen", int(entry)), "with --all")
            # 30 December is the last day in time and a Sunday, the 28th a
            # Friday: closed on the 27th one working day is left.
            expect_equal(due("2018-12-20")["2018-Q4", "gso3:902"]["closing"], "2018-12-27",
                         "the last day to close")
            expect_equal(len(due("2018-12-20", "--all")), 16, "four quarters of four units")
            # Only offices that the plan names are to be asked.
            text = plan.read_text()
            plan.write_text(text.replace("programme:", "offices: [court]\nprogramme:"))
            line.province.command("plan", "load", files)
            expect_equal(due("2018-12-20", "--all")["2018-Q4", "gso3:901"]["offices"], None,
                         "an office that the plan does not ask")
            plan.write_text(text)
            line.province.command("plan", "load", files)
            # One period, whatever has become of it; status asks as of today.
            named = due("2018-12-20", "--period", "2018-Q2")
            expect_equal({period for period, _ in named}, {"2018-Q2"}, "one period")
            expect_equal(len(named), 4, "its units")
            text = line.province.command("status", "--period", "2018-Q1").stdout
            expect("Reports: 0 of 3 units, 0 of them in time" in text, text)
            states = {row["unit"]: row["state"]
                      for row in line.province.rows("status", "--period", "2018-Q1")}
            expect_equal((states["gso3:90"], states["gso3:902"]), ("frozen", "no_office"),
                         "who has reported")
            line.province.command("status", "--period", "soon", code=2)
            line.province.command("report", "due", "--on", "soon", code=2)
            line.province.command("report", "due", "--plan", "other", code=3)


def i4_offices_of_one_programme_have_reports_that_hold():
    """What the plan counts of two programmes is no zero of an office of one: not on its page,
    not in what it says nothing of, not at the province; and so it is frozen."""
    own, mixed = "inspection_visit_count", "media_item_sum"
    period = ["--period", "2018-Q1", "--regime", "plan_deadline"]
    with Line(files=HOA_BINH, unit="gso3:17") as line:
        office, page = open_page(line, "gso3:148", more=["--programme", "prostitution"])
        other = line.office("gso3:150")
        other.start()
        office.record("inspection", visit("04789", 1, day="2018-06-20"))
        other.record("inspection", visit("04831", 2, "@other", day="2018-06-20"))
        line.settle()

        def states(unit):
            rows = line.province.rows("indicators", *period, "--by", "district")
            return {row["indicator"]: (row["state"], row["value"]) for row in rows
                    if row["unit"] == unit}

        def shown():
            rows = page.get("progress?period=2018-Q1&regime=plan_deadline")["lines"]
            return {row["indicator"]: (row["reporting"], row["figure"]["value"]) for row in rows}
        expect_equal([states("gso3:148")[name] for name in (own, mixed)],
                     [("zero", 0), ("no_office", None)], "of one programme")
        expect_equal([states("gso3:150")[name] for name in (own, mixed)],
                     [("zero", 0), ("zero", 0)], "of all programmes")
        expect_equal([shown()[name] for name in (own, mixed)],
                     [("zero", "0"), ("no_office", None)], "on its page")
        paper = page.text("report?period=2018-Q1&regime=plan_deadline&format=html")
        expect("chưa có số liệu" in paper, "on its paper")

        due = next(row for row in page.get("due")["rows"] if row["period"] == "2018-Q1")
        missing = {row["number"] for row in due["missing"]}
        expect("24" in missing and "7" not in missing, f"to say nothing of: {missing}")
        page.post("nil", {"regime": "plan_deadline", "period": "2018-Q1", "entry_key": key()})
        wait_until(office.drained, "it to be received")
        expect_equal([states("gso3:148")[name][0] for name in (own, mixed)],
                     ["zero_reported", "no_office"], "what it said")
        expect_equal(shown()[mixed][0], "no_office", "on its page")

        entry = line.province.command("report", "freeze", *period).stdout.strip()
        frozen = in_all_forms(line, "--frozen", entry, *period)
        # Another enrolment later changes today's states, and nothing that is on record.
        late = line.office("gso3:148")
        late.start()
        late.record("inspection", visit("04792", 3, "@late", day="2018-06-21"))
        line.settle()
        expect_equal(states("gso3:148")[mixed], ("zero", 0), "now somebody answers for it")
        expect_equal(in_all_forms(line, "--frozen", entry, *period), frozen, "as it was frozen")


if __name__ == "__main__":
    run_tests([a_report_of_ha_noi_is_made_again_to_the_byte, a_text_is_never_a_formula,
               the_page_loads_nothing_and_prints_on_a4,
               a_data_value_set_is_what_dhis2_imports,
               what_was_known_on_a_day_can_be_printed,
               what_is_wrong_with_the_command_is_said,
               a_plan_without_a_number_has_no_empty_brackets,
               what_the_plan_states_stands_with_its_source,
               reports_are_due_until_they_are_there,
               i4_offices_of_one_programme_have_reports_that_hold])
