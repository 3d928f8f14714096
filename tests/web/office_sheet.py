"""A sheet with two mistakes before the office's real page (office_sheet.mjs):
looked at, saved without them, mended in the file that comes back, and imported
again. What people do in a spreadsheet is done here, by LibreOffice where it is
installed: it saves the mended file anew.
"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
sys.path.insert(0, str(HERE.parent / "integration"))

import xlsx_file  # noqa: E402
from agent_commands import AGENT, Office  # noqa: E402
from line import free_port, run_tests  # noqa: E402
from office_sheets import PIN, wait_for_page  # noqa: E402
from steered import drive  # noqa: E402

PERSON = "Nguyễn Thị Lan"
FIRST_DAY = 43131  # 31/01/2018, as a sheet has it
ROWS = 5
# By row and column: what is written, and what is meant.
MISTAKES = {(4, "Ngày xử phạt"): ("31/02/2018", FIRST_DAY + 1),
            (6, "Hành vi"): ("Mua", "Mua dâm")}


class Desk:
    """What the browser orders, by a word and a path."""

    def __init__(self, office):
        self.office = office

    def fill(self, path):
        """Fills in the template that was downloaded; names the wrong cells."""
        at = xlsx_file.headings(path)
        cells = {}
        for number in range(3, 3 + ROWS):
            values = {"Ngày xử phạt": FIRST_DAY + number, "Hành vi": "Bán dâm",
                      "Số người": 1, "Số quyết định": 1,
                      "Tiền phạt (đồng)": 750000 + number}
            for name, value in values.items():
                wrong = MISTAKES.get((number, name))
                cells[f"{xlsx_file.letters(at[name])}{number}"] = (
                    wrong[0] if wrong else value)
        xlsx_file.set_cells(path, path, cells)
        return " ".join(f"{xlsx_file.letters(at[name])}{number}"
                        for number, name in MISTAKES)

    def mend(self, path):
        """Mends the rows that came back, as a person does by their notes."""
        at = xlsx_file.headings(path)
        rows = xlsx_file.rows(path)
        cells = {}
        for (_, name), (wrong, meant) in MISTAKES.items():
            [row] = [number for number, row in rows.items()
                     if row.get(at[name]) == wrong]
            place = f"{xlsx_file.letters(at[name])}{row}"
            cells[place] = (meant if isinstance(meant, str) else "01/02/2018")
        xlsx_file.set_cells(path, path, cells)
        if xlsx_file.libreoffice():
            path = xlsx_file.convert(path, "xlsx")
        return path

    def saved(self, _):
        return len(self.office.outbox())


def a_sheet_with_two_mistakes_is_mended_and_counted_once():
    office = Office()
    port = free_port()
    with open(office.path / "agent.yaml", "a", encoding="utf-8") as file:
        file.write(f"web:\n  listen: 127.0.0.1:{port}\n")
    office.run("people", "add", PERSON, "--role", "clerk", stdin=PIN)
    daemon = subprocess.Popen([AGENT, "run", "--dir", office.path],
                              stderr=subprocess.DEVNULL)
    try:
        wait_for_page(port)
        drive("office_sheet.mjs", Desk(office),
              TALLYLINE_WEB=f"http://127.0.0.1:{port}",
              TALLYLINE_PERSON=PERSON, TALLYLINE_PIN=PIN)
    finally:
        daemon.terminate()
        daemon.wait()
        office.folder.cleanup()


if __name__ == "__main__":
    run_tests([a_sheet_with_two_mistakes_is_mended_and_counted_once])
