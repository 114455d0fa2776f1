"""A day's folder: what each file is, whether it counts, and its checked rows."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from decimal import Decimal
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from tests.reference.amounts import ZERO, read_plain
from tests.reference.columns import KINDS, required
from tests.reference.fix import read_reports
from tests.reference.messages import Message, read_messages
from tests.reference.reading import RefusedFileError, Table, read_table
from tests.reference.rows import Row, check_row
from tests.reference.xml_statements import read_statement

if TYPE_CHECKING:
    from pathlib import Path

CONTROL = ".control.json"
_FIRST_WORD = re.compile(r"[^-_.0-9]*")


@dataclass
class DropFile:
    """One file of the folder."""

    name: str
    kind: str
    digest: str
    status: str = "COMMITTED"
    reason: str = ""
    rows: list[Row] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)
    set_aside: list[dict[str, object]] = field(default_factory=list)

    def refuse(self, reason: str) -> None:
        """Take the whole file out."""
        self.status, self.reason = "REFUSED", reason

    def counted(self, outcome: str) -> int:
        """Count the rows that ended so; a repeated file has none."""
        if self.status != "COMMITTED":
            return 0
        return sum(row.outcome == outcome for row in self.rows)


def _rows(name: str, kind: str, table: Table) -> list[Row]:
    rows = []
    for number, record in enumerate(table.rows, start=1):
        fits = len(record) == len(table.columns)
        row = Row(name, number, dict(zip(table.columns, record, strict=True)) if fits else {})
        if fits:
            check_row(kind, row)
        else:
            row.reject("BAD_FORMAT", "row")
        rows.append(row)
    return rows


def _fill(file: DropFile, content: bytes) -> None:
    suffix = file.name.rpartition(".")[2]
    if file.kind == "status" and suffix == "xml":
        file.messages = read_messages(content)
        return
    if file.kind in ("holdings", "cash") and suffix == "xml":
        file.rows = read_statement(file.kind, file.name, content)
        return
    if file.kind == "trades" and suffix == "fix":
        _fill_with_reports(file, content)
        return
    if file.kind not in KINDS or suffix != "csv":
        raise RefusedFileError(f"no file this office reads: {file.name}")
    table = read_table(content, required(file.kind))
    contract = {column.name for column in KINDS[file.kind]}
    if file.kind == "trades":
        contract.add("lots")  # it stays with its row
    file.unknown_columns = [name for name in table.columns if name not in contract]
    file.rows = _rows(file.name, file.kind, table)


def _fill_with_reports(file: DropFile, content: bytes) -> None:
    found = read_reports(content)
    for number, record in enumerate(found.rows, start=1):
        row = Row(file.name, number, record or {})
        if record is None:
            row.reject("BAD_FORMAT", "row")
        else:
            check_row(file.kind, row)
        file.rows.append(row)
    file.unknown_columns = sorted(found.unknown)
    file.set_aside = [
        {"message": message, "count": times} for message, times in sorted(found.set_aside.items())
    ]


def _control_fault(file: DropFile, control: dict[str, Any]) -> str:
    digest = control.get("sha256")
    if digest is not None and str(digest).lower() != file.digest:
        return f"sha256 {file.digest} is not the control's {digest}"
    rows = control.get("rows")
    if rows is not None and int(rows) != len(file.rows):
        return f"{len(file.rows)} rows, not the control's {rows}"
    wanted = control.get("sum_quantity")
    if wanted is not None:
        read = (read_plain(row.raw.get("quantity", "")) for row in file.rows)
        total = sum((quantity for quantity in read if quantity is not None), ZERO)
        if total != Decimal(str(wanted)):
            return f"sum of quantity {total}, not the control's {wanted}"
    return ""


def _check_control(file: DropFile, control: Path) -> None:
    if file.status != "COMMITTED" or not control.is_file():
        return
    try:
        wanted = json.loads(control.read_bytes(), parse_float=Decimal)
    except ValueError:
        return
    fault = _control_fault(file, wanted)
    if fault:
        file.refuse(fault)


def _open(path: Path) -> DropFile:
    content = path.read_bytes()
    match = _FIRST_WORD.match(path.name)
    kind = match.group().lower() if match else ""
    file = DropFile(path.name, kind, hashlib.sha256(content).hexdigest())
    try:
        _fill(file, content)
    except RefusedFileError as error:
        file.refuse(str(error))
    return file


def _control_file(path: Path) -> DropFile:
    file = DropFile(path.name, "control", hashlib.sha256(path.read_bytes()).hexdigest())
    try:
        json.loads(path.read_bytes())
    except ValueError as error:
        file.refuse(f"not JSON: {error}")
    return file


def read_drop(directory: Path) -> list[DropFile]:
    """Read every file of a folder, by name; equal ones after the first are REPEATED."""
    files: list[DropFile] = []
    committed: set[str] = set()
    for path in sorted(directory.iterdir(), key=attrgetter("name")):
        if not path.is_file():
            continue
        if path.name.endswith(CONTROL):
            files.append(_control_file(path))
            continue
        file = _open(path)
        _check_control(file, path.with_name(path.name + CONTROL))
        if file.status == "COMMITTED" and file.digest in committed:
            file.status = "REPEATED"
        elif file.status == "COMMITTED":
            committed.add(file.digest)
        files.append(file)
    return files
