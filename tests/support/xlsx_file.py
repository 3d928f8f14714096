"""Workbooks taken apart and put together again, cell by cell, without any
program that knows them."""

import re
import shutil
import subprocess
import tempfile
import xml.etree.ElementTree as ElementTree
import zipfile
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
FIRST_SHEET = "xl/worksheets/sheet1.xml"


def tag(name):
    return f"{{{MAIN}}}{name}"


def parts(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write_parts(path, content):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)


def letters(column):
    text = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def column_of(place):
    number = 0
    for letter in re.match("[A-Z]+", place).group():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def shared(content):
    if "xl/sharedStrings.xml" not in content:
        return []
    root = ElementTree.fromstring(content["xl/sharedStrings.xml"])
    return ["".join(text.text or "" for text in item.iter(tag("t")))
            for item in root.iter(tag("si"))]


def rows(path, sheet=FIRST_SHEET):
    """{row: {column: text}} of a sheet, as the file has it."""
    content = parts(path)
    strings = shared(content)
    found = {}
    for row in ElementTree.fromstring(content[sheet]).iter(tag("row")):
        cells = found.setdefault(int(row.get("r")), {})
        for cell in row.iter(tag("c")):
            value = cell.find(tag("v"))
            inline = cell.find(tag("is"))
            text = ""
            if inline is not None:
                text = "".join(part.text or "" for part in inline.iter(tag("t")))
            elif value is not None:
                text = value.text or ""
                if cell.get("t") == "s":
                    text = strings[int(text)]
            cells[column_of(cell.get("r"))] = text
    return found


def headings(path):
    """{name: column}"""
    return {name: column for column, name in rows(path)[1].items()}


def _style(root, column):
    """What a spreadsheet gives a cell that is filled in: its column's style."""
    for span in root.iter(tag("col")):
        if int(span.get("min")) <= column <= int(span.get("max")):
            return {"s": span.get("style", "0")}
    return {}


def _cell(root, row, place):
    """The cell at that place, made where it belongs if need be."""
    column = column_of(place)
    made = ElementTree.Element(tag("c"), {"r": place, **_style(root, column)})
    for i, cell in enumerate(row):
        if cell.get("r") == place:
            return cell
        if column_of(cell.get("r")) > column:
            row.insert(i, made)
            return made
    row.append(made)
    return made


def set_cells(source, path, cells, sheet=FIRST_SHEET):
    """Writes a copy with other cells: {"D3": "text", "E3": 12, "F3": None}.
    A text becomes one of the cell's own, a number keeps the cell's style."""
    content = parts(source)
    root = ElementTree.fromstring(content[sheet])
    data = root.find(tag("sheetData"))
    present = {int(row.get("r")): row for row in data}
    for place, value in cells.items():
        number = int(re.sub("[A-Z]+", "", place))
        if number not in present:
            present[number] = ElementTree.Element(tag("row"), {"r": str(number)})
        cell = _cell(root, present[number], place)
        for child in list(cell):
            cell.remove(child)
        cell.attrib.pop("t", None)
        if isinstance(value, str):
            cell.set("t", "inlineStr")
            text = ElementTree.SubElement(
                ElementTree.SubElement(cell, tag("is")), tag("t"))
            text.text = value
        elif value is not None:
            ElementTree.SubElement(cell, tag("v")).text = str(value)
    for row in list(data):
        data.remove(row)
    data.extend(present[number] for number in sorted(present))
    content[sheet] = ElementTree.tostring(root)
    write_parts(path, content)


def libreoffice():
    return shutil.which("soffice")


def convert(path, form):
    """Lets LibreOffice save the file anew in that form; gives the new path."""
    with tempfile.TemporaryDirectory(prefix="tallyline-") as folder:
        made = Path(folder) / (Path(path).stem + "." + form.split(":")[0])
        subprocess.run(
            [libreoffice(), "--headless",
             f"-env:UserInstallation=file://{folder}/profile",
             "--convert-to", form, "--outdir", folder, path],
            check=True, capture_output=True, timeout=180)
        target = Path(path).with_name("anew-" + made.name)
        shutil.copyfile(made, target)
    return target
