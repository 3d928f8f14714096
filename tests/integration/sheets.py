#!/usr/bin/python3
"""Templates and imports of workbooks, from outside.

    TALLYLINE_BIN=... TALLYLINE_BUILD=... python3 tests/integration/sheets.py

What LibreOffice saves anew is tried where it is installed.
"""

import csv
import io
import json
import re
import sys
import unittest
import xml.etree.ElementTree as ElementTree
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
sys.path.insert(0, str(Path(__file__).resolve().parent))
import xlsx_file  # noqa: E402
from agent_commands import INSPECTION, Office  # noqa: E402

TYPE = "admin_sanction"
# What three rows say, by the name of the column.
DAYS = [43131, 43159, 43160]  # 31/01, 28/02 and 01/03/2018 as a sheet has them
ACTS = ["Mua dâm", "Bán dâm", "Mua dâm"]


class Sheets(unittest.TestCase):
    def setUp(self):
        self.office = Office()
        self.addCleanup(self.office.folder.cleanup)

    def template(self, name="mau.xlsx", kind=TYPE):
        path = self.office.path / name
        self.office.run("template", kind, "-o", path)
        return path

    def filled(self, name="thang.xlsx", changes=None):
        """A template with three rows, some cells changed: {(row, column name):
        value}."""
        template = self.template("mau-" + name)
        at = xlsx_file.headings(template)
        cells = {}
        for i, day in enumerate(DAYS):
            row = 3 + i
            values = {"Ngày xử phạt": day, "Hành vi": ACTS[i],
                      "Số người": i + 1, "Số quyết định": i + 1,
                      "Tiền phạt (đồng)": 750000 * (i + 1)}
            for name_, value in values.items():
                value = (changes or {}).get((row, name_), value)
                cells[f"{xlsx_file.letters(at[name_])}{row}"] = value
        path = self.office.path / name
        xlsx_file.set_cells(template, path, cells)
        return path, at

    def saved(self):
        return len(self.office.outbox())

    def adds_nothing(self, path, *words):
        before = self.saved()
        out, err = self.office.run("import", path, *words)
        self.assertIn("0 dòng mới, 3 dòng đã có", out + err)
        self.assertEqual(self.saved(), before)


class Template(Sheets):
    def test_every_type_has_one_that_holds_no_row_yet(self):
        out, _ = self.office.run("record", "--fields")
        kinds = [line.split()[0] for line in out.splitlines()
                 if line.startswith("  ")]
        self.assertGreater(len(kinds), 20)
        for kind in kinds:
            path = self.template(f"{kind}.xlsx", kind)
            out, err = self.office.run("import", path, "--dry-run")
            self.assertEqual((out, err),
                             ("Hợp lệ: 0 dòng mới, 0 dòng đã có; chưa lưu "
                              "(--dry-run)\n", ""), kind)

    def test_it_is_made_of_catalogue_vocabulary_and_units(self):
        path = self.template("kiem-tra.xlsx", "inspection")
        content = {name: data.decode(errors="replace")
                   for name, data in xlsx_file.parts(path).items()}
        sheet = content[xlsx_file.FIRST_SHEET]
        self.assertIn("sheetProtection", sheet)
        self.assertRegex(sheet, r'<col min="1" max="2"[^>]*hidden="1"')
        self.assertIn('type="date"', sheet)
        self.assertIn("danh_muc!$B$1:$B$", sheet)
        self.assertIn("Bắt buộc.", content["xl/comments1.xml"])
        rows = xlsx_file.rows(path)
        at = xlsx_file.headings(path)
        self.assertEqual(rows[2][at["STT"]], "VÍ DỤ")
        keys = [rows[i][1] for i in range(3, 503)]
        self.assertEqual(len(set(keys)), 500)
        for key in keys:
            self.assertRegex(key, "^[0-9a-f]{32}$")
        lists = xlsx_file.rows(path, "xl/worksheets/sheet3.xml")
        self.assertIn("Phường Ngọc Khánh",
                      [row.get(2) for row in lists.values()])
        self.assertIn('name="tallyline"', content["xl/workbook.xml"])

    def listed(self, path, name):
        """What the cells of the column choose from."""
        content = {part: data.decode(errors="replace")
                   for part, data in xlsx_file.parts(path).items()}
        letter = xlsx_file.letters(xlsx_file.headings(path)[name])
        found = re.search(rf'sqref="{letter}3:[^>]*><formula1>danh_muc!\$([A-Z]+)'
                          r"\$1:\$[A-Z]+\$(\d+)",
                          content[xlsx_file.FIRST_SHEET])
        self.assertIsNotNone(found, name)
        rows = xlsx_file.rows(path, "xl/worksheets/sheet3.xml")
        column = xlsx_file.column_of(found[1])
        texts = [row[column] for row in rows.values() if column in row]
        self.assertEqual(len(texts), int(found[2]))
        return texts

    def test_things_are_chosen_from_a_list_and_read_back(self):
        self.office.run("record", *INSPECTION[:2], "est_ref=@Karaoke Hoa Mai",
                        *INSPECTION[3:])
        path = self.template("kiem-tra.xlsx", "inspection")
        places = self.listed(path, "Mã cơ sở")
        self.assertEqual(places[0], "@Karaoke Hoa Mai")
        path = self.template("tu-diem.xlsx", "hotspot_status")
        spots = self.listed(path, "Mã tụ điểm")
        self.assertRegex(spots[0], "^HOT-0000-[0-9]+-[0-9A-Z] – .")
        at = xlsx_file.headings(path)
        place = self.listed(path, "Loại địa bàn")[0]
        row = {"Từ ngày": "05/03/2018", "Mã tụ điểm": spots[0],
               "Loại địa bàn": place, "Các xã, phường": "Ngọc Khánh",
               "Trạng thái": "Nghi vấn"}
        xlsx_file.set_cells(path, path, {
            f"{xlsx_file.letters(at[name])}3": text
            for name, text in row.items()})
        for new, known in ((1, 0), (0, 1)):
            out, _ = self.office.run("import", path)
            self.assertIn(f"{new} dòng mới, {known} dòng đã có", out)
        out, _ = self.office.run("record", *INSPECTION[:2],
                                 "est_ref=EST-0271-000001-9 – gì đó",
                                 *INSPECTION[3:])
        self.assertIn("271.1.3", out)
        self.assertNotIn("mã mới", out)

    def test_a_file_that_is_there_is_not_written_over(self):
        path = self.template()
        before = path.read_bytes()
        _, err = self.office.run("template", TYPE, "-o", path, code=1)
        self.assertIn("đã có tệp tên này", err)
        self.assertEqual(path.read_bytes(), before)
        self.office.run("template", TYPE, code=2)
        _, err = self.office.run("template", "inspecton", "--output",
                                 path.with_name("b.xlsx"), code=2)
        self.assertIn('"inspection"', err)


class Import(Sheets):
    def test_a_filled_template_is_saved_once_however_often(self):
        path, _ = self.filled()
        out, err = self.office.run("import", path, "--dry-run")
        self.assertIn("3 dòng mới, 0 dòng đã có; chưa lưu", out)
        self.assertEqual(self.saved(), 0)
        out, err = self.office.run("import", path)
        self.assertEqual((out, err),
                         ("Đã lưu: 3 dòng mới, 0 dòng đã có\n", ""))
        events = self.office.outbox()
        self.assertEqual([event["occurred_on"] for event in events],
                         ["2018-01-31", "2018-02-28", "2018-03-01"])
        self.adds_nothing(path)

    @unittest.skipUnless(xlsx_file.libreoffice(), "LibreOffice is not there")
    def test_what_a_spreadsheet_saves_anew_adds_nothing(self):
        path, _ = self.filled()
        anew = xlsx_file.convert(path, "xlsx")
        self.office.run("import", anew)
        self.assertEqual(self.saved(), 3)
        self.adds_nothing(path)
        ods = xlsx_file.convert(path, "ods")
        self.adds_nothing(xlsx_file.convert(ods, "xlsx"))
        # ; and UTF-8, dates as they are shown
        text = xlsx_file.convert(
            path, "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true")
        self.adds_nothing(text)

    def test_the_order_of_columns_and_rows_does_not_matter(self):
        path, _ = self.filled()
        self.office.run("import", path)
        table = xlsx_file.rows(path)
        out = io.StringIO()
        writer = csv.writer(out, delimiter="\t")
        for number in (1, 5, 3, 4):
            row = [table[number].get(column, "") for column in
                   range(len(table[1]), 0, -1)]
            writer.writerow([re.sub("^(4[0-9]{4})$", lambda match: {
                "43131": "31/01/2018", "43159": "28/02/2018",
                "43160": "1/3/2018"}.get(match[1], match[1]), cell)
                for cell in row])
        text = self.office.write("khac.csv", out.getvalue())
        self.adds_nothing(text)

    def test_every_mistake_is_told_at_its_cell_and_nothing_is_saved(self):
        path, at = self.filled(changes={
            (3, "Ngày xử phạt"): "31/02/2018", (4, "Hành vi"): "Mua",
            (5, "Số người"): 1.125})
        day, act, persons = (xlsx_file.letters(at[name]) for name in
                             ("Ngày xử phạt", "Hành vi", "Số người"))
        out, err = self.office.run("import", path, code=65)
        self.assertEqual(out, "")
        self.assertIn(f'ô {day}3 (Ngày xử phạt): "31/02/2018" không phải ngày',
                      err)
        self.assertIn(f'ô {act}4 (Hành vi): "Mua" không có trong danh mục', err)
        self.assertIn(f'ô {persons}5 (Số người): "1,125" không phải số nguyên',
                      err)
        self.assertIn("không lưu dòng nào: cần sửa 3 chỗ", err)
        self.assertEqual(self.saved(), 0)
        out, err = self.office.run("import", path, "--dry-run", "--format",
                                   "jsonl", code=65)
        lines = [json.loads(line) for line in out.splitlines()]
        issues = [line for line in lines if line["kind"] == "issue"]
        self.assertEqual([(issue["cell"], issue["field"], issue["written"])
                          for issue in issues],
                         [(f"{day}3", "sanctioned_on", "31/02/2018"),
                          (f"{act}4", "act", "Mua"),
                          (f"{persons}5", "persons", "1,125")])
        self.assertEqual((lines[-1]["kind"], lines[-1]["refused"],
                          lines[-1]["good"], lines[-1]["saved"]),
                         ("sums", 3, 0, False))

    def test_sheets_that_were_not_read_are_named(self):
        path, _ = self.filled()
        content = xlsx_file.parts(path)
        book = content["xl/workbook.xml"].decode()
        content["xl/workbook.xml"] = book.replace(
            ' name="danh_muc" sheetId="3" state="hidden"',
            ' name="Quý 2" sheetId="3"').encode()
        self.assertNotEqual(content["xl/workbook.xml"].decode(), book)
        xlsx_file.write_parts(path, content)
        _, err = self.office.run("import", path, "--dry-run")
        self.assertIn('đã đọc trang tính "Nhập liệu"; chưa đọc "Quý 2"', err)
        self.assertNotIn("Hướng dẫn", err)
        self.assertIn("--sheet", err)
        out, _ = self.office.run("import", path, "--dry-run", "--format",
                                 "jsonl")
        sums = json.loads(out.splitlines()[-1])
        self.assertEqual((sums["sheet"], sums["unread"]),
                         ("Nhập liệu", ["Quý 2"]))

    def columns(self, path):
        """{column: hidden} of the first sheet. Excel calls a sheet damaged
        whose ranges of columns overlap or do not rise."""
        found, last = {}, 0
        sheet = ElementTree.fromstring(
            xlsx_file.parts(path)[xlsx_file.FIRST_SHEET])
        for span in sheet.iter(xlsx_file.tag("col")):
            first, end = int(span.get("min")), int(span.get("max"))
            self.assertGreater(first, last, span.attrib)
            self.assertGreaterEqual(end, first, span.attrib)
            last = end
            for column in range(first, end + 1):
                found[column] = span.get("hidden") == "1"
        return found

    def hidden(self, path):
        columns = self.columns(path)
        at = xlsx_file.headings(path)
        return sorted(name for name in at if columns.get(at[name]))

    def test_excel_finds_no_fault_in_the_columns(self):
        path, _ = self.filled(changes={(4, "Hành vi"): "Mua"})
        back = self.office.path / "can-sua.xlsx"
        self.office.run("import", path, "--refused", back, code=65)
        own = self.office.write("a.csv", "act;sanctioned_on;persons;decisions\n"
                                "buyin;2018-01-31;1;1\n")
        keyed = self.office.path / "co-khoa.xlsx"
        self.office.run("import", own, "--type", TYPE, "--refused", keyed,
                        code=65)
        nobody_s = sorted(["Khóa dòng", "Loại sự kiện"])
        self.assertEqual(self.hidden(path), nobody_s)
        self.assertEqual(self.hidden(back), nobody_s)
        self.assertEqual(self.hidden(keyed), ["Khóa dòng"])

    def test_refused_rows_come_back_and_are_imported_once_mended(self):
        path, _ = self.filled(changes={(4, "Hành vi"): "Mua"})
        back = self.office.path / "can-sua.xlsx"
        out, err = self.office.run("import", path, "--good-only", "--refused",
                                   back, code=65)
        self.assertIn("Đã lưu: 2 dòng mới, 0 dòng đã có, 1 dòng bị từ chối", out)
        self.assertIn("can-sua.xlsx", err)
        self.assertEqual(self.saved(), 2)
        rows = xlsx_file.rows(back)
        at = xlsx_file.headings(back)
        self.assertEqual(sorted(rows), [1, 2])
        self.assertEqual(rows[2][at["Khóa dòng"]], xlsx_file.rows(path)[4][1])
        self.assertIn('"Mua" không có trong danh mục',
                      rows[2][at["Lỗi cần sửa"]])
        self.assertEqual(rows[2][at["Ngày xử phạt"]], str(DAYS[1]))
        self.office.run("import", back, code=65)
        mended = self.office.path / "da-sua.xlsx"
        place = f"{xlsx_file.letters(at['Hành vi'])}2"
        xlsx_file.set_cells(back, mended, {place: "Bán dâm"})
        out, _ = self.office.run("import", mended)
        self.assertIn("1 dòng mới, 0 dòng đã có", out)
        out, _ = self.office.run("import", mended)
        self.assertIn("0 dòng mới, 1 dòng đã có", out)
        self.assertEqual(self.saved(), 3)

    @unittest.skipUnless(xlsx_file.libreoffice(), "LibreOffice is not there")
    def test_what_came_back_may_be_saved_anew_too(self):
        path, _ = self.filled(changes={(4, "Hành vi"): "Mua"})
        back = self.office.path / "can-sua.xlsx"
        self.office.run("import", path, "--good-only", "--refused", back,
                        code=65)
        place = f"{xlsx_file.letters(xlsx_file.headings(back)['Hành vi'])}2"
        mended = self.office.path / "da-sua.xlsx"
        xlsx_file.set_cells(back, mended, {place: "Bán dâm"})
        out, _ = self.office.run("import", xlsx_file.convert(mended, "xlsx"))
        self.assertIn("1 dòng mới, 0 dòng đã có", out)
        out, _ = self.office.run("import", mended)
        self.assertIn("0 dòng mới, 1 dòng đã có", out)

    def test_a_mended_row_that_equals_a_saved_one_is_still_another_one(self):
        heading = "act;sanctioned_on;persons;decisions;fine_vnd\n"
        row = "buying;2018-01-31;1;1;750000\n"
        path = self.office.write("a.csv", heading + row +
                                 row.replace("buying", "buyin"))
        back = self.office.path / "can-sua.csv"
        words = ["--type", TYPE]
        self.office.run("import", path, *words, "--good-only", "--refused",
                        back, code=65)
        self.assertEqual(self.saved(), 1)
        text = back.read_text(encoding="utf-8-sig")
        self.assertIn("buyin;", text)
        self.assertIn("Lỗi cần sửa", text)
        mended = self.office.write("b.csv", text.replace("buyin;", "buying;"))
        out, _ = self.office.run("import", mended, *words)
        self.assertIn("1 dòng mới, 0 dòng đã có", out)
        out, _ = self.office.run("import", mended, *words)
        self.assertIn("0 dòng mới, 1 dòng đã có", out)
        self.assertEqual(self.saved(), 2)

    def test_a_key_of_blanks_is_none(self):
        """The row that comes back gets an id of its own, or the mended one
        would be taken for the row that is here."""
        heading = "entry_key;act;sanctioned_on;persons;decisions;fine_vnd\n"
        row = " ;buying;2018-01-31;1;1;750000\n"
        path = self.office.write("a.csv", heading + row +
                                 row.replace("buying", "buyin"))
        back = self.office.path / "can-sua.csv"
        words = ["--type", TYPE]
        self.office.run("import", path, *words, "--good-only", "--refused",
                        back, code=65)
        text = back.read_text(encoding="utf-8-sig")
        self.assertRegex(text, "\n[0-9a-f]{32};buyin;")
        mended = self.office.write("b.csv", text.replace("buyin;", "buying;"))
        out, _ = self.office.run("import", mended, *words)
        self.assertIn("1 dòng mới, 0 dòng đã có", out)
        self.assertEqual(self.saved(), 2)

    def test_without_good_only_the_whole_file_comes_back(self):
        path, _ = self.filled(changes={(4, "Hành vi"): "Mua"})
        back = self.office.path / "can-sua.xlsx"
        self.office.run("import", path, "--refused", back, code=65)
        self.assertEqual(self.saved(), 0)
        rows = xlsx_file.rows(back)
        self.assertEqual(sorted(rows), [1, 2, 3, 4])
        place = f"{xlsx_file.letters(xlsx_file.headings(back)['Hành vi'])}3"
        mended = self.office.path / "da-sua.xlsx"
        xlsx_file.set_cells(back, mended, {place: "Bán dâm"})
        out, _ = self.office.run("import", mended)
        self.assertIn("3 dòng mới", out)
        self.office.run("import", back, code=65)
        good, _ = self.office.run("import", path, "--good-only", code=65)
        self.assertIn("0 dòng mới, 2 dòng đã có", good)

    def test_a_row_that_was_imported_and_says_something_else_is_refused(self):
        path, at = self.filled()
        self.office.run("import", path)
        other = self.office.path / "khac.xlsx"
        place = f"{xlsx_file.letters(at['Số người'])}3"
        xlsx_file.set_cells(path, other, {place: 9})
        _, err = self.office.run("import", other, code=65)
        self.assertIn("ô A3 (Khóa dòng): việc này đã được lưu với nội dung "
                      "khác, là sự kiện 271.1.1: muốn sửa, hãy mở", err)
        # To empty the key would save it once more, beside the first.
        self.assertNotIn("trống", err)
        self.assertNotIn("target", err)
        self.assertEqual(self.saved(), 3)

    def test_the_example_is_known_by_its_place(self):
        path, at = self.filled()
        mark = xlsx_file.letters(at["STT"])
        copied = self.office.path / "chep.xlsx"
        xlsx_file.set_cells(path, copied, {f"{mark}4": "VÍ DỤ"})
        _, err = self.office.run("import", copied, code=65)
        self.assertIn(f"ô {mark}4 (STT): dòng được ghi là ví dụ", err)


if __name__ == "__main__":
    unittest.main()
