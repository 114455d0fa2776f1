"""What stands in a workbook's cells, as a spreadsheet reads it."""

import io
import zipfile
from typing import Any, Final
from xml.etree import ElementTree as ET

NAMES: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def cells(body: bytes) -> dict[str, tuple[str, str | None]]:
    """Read a workbook's cells: by place, type (n is a number) and what is stored."""
    with zipfile.ZipFile(io.BytesIO(body)) as file:
        sheet = _tree(file, "xl/worksheets/sheet1.xml")
        named = "xl/sharedStrings.xml" in file.namelist()
        strings = _tree(file, "xl/sharedStrings.xml") if named else []
    texts = ["".join(one.itertext()) for one in strings]
    found = {}
    for cell in sheet.iter(f"{NAMES}c"):
        value, kind = cell.findtext(f"{NAMES}v"), cell.get("t", "n")
        if kind == "s":
            value = texts[int(value or 0)]
        elif kind == "inlineStr":
            kind, value = "s", "".join(cell.itertext())
        # so are characters written that XML has not, or not where a cell begins
        found[cell.get("r", "")] = (kind, (value or "").replace("_x000D_", "\r") or None)
    return found


def formulas(body: bytes) -> int:
    """Count the cells that are formulas."""
    with zipfile.ZipFile(io.BytesIO(body)) as file:
        return len(list(_tree(file, "xl/worksheets/sheet1.xml").iter(f"{NAMES}f")))


def quoted(body: bytes) -> set[str]:
    """Name the cells that are marked as text, whatever they begin with."""
    with zipfile.ZipFile(io.BytesIO(body)) as file:
        styles = _tree(file, "xl/styles.xml").find(f"{NAMES}cellXfs")
        sheet = _tree(file, "xl/worksheets/sheet1.xml")
    assert styles is not None
    marked = {at for at, style in enumerate(styles) if style.get("quotePrefix") == "1"}
    return {c.get("r", "") for c in sheet.iter(f"{NAMES}c") if int(c.get("s", "0")) in marked}


def frozen_rows(body: bytes) -> str:
    """Return how many rows stay in sight."""
    with zipfile.ZipFile(io.BytesIO(body)) as file:
        pane = next(_tree(file, "xl/worksheets/sheet1.xml").iter(f"{NAMES}pane"))
    return str(pane.get("ySplit"))


def _tree(file: zipfile.ZipFile, name: str) -> Any:  # noqa: ANN401 - an element
    return ET.fromstring(file.read(name))  # noqa: S314 - our own
