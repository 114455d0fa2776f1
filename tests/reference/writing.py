"""Writes delimited files, plainly or as oddly as RFC 4180 allows."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True)
class Oddity:
    """How a file departs from the plainest form without meaning anything else."""

    bom: bool = False
    crlf: bool = False
    quote_all: bool = False
    blank_lines: bool = False
    padded: bool = False


PLAIN = Oddity()


def columns_of(rows: Sequence[Mapping[str, str]]) -> list[str]:
    """Give every column any row names, in the order they are met."""
    return list(dict.fromkeys(name for row in rows for name in row))


def table_bytes(
    rows: Sequence[Mapping[str, str]],
    columns: Sequence[str] | None = None,
    oddity: Oddity = PLAIN,
) -> bytes:
    """Write rows as CSV; a column a row does not name is empty."""
    header = list(columns if columns is not None else columns_of(rows))
    end = "\r\n" if oddity.crlf else "\n"
    out = io.StringIO(newline="")
    writer = csv.writer(
        out,
        lineterminator=end,
        quoting=csv.QUOTE_ALL if oddity.quote_all else csv.QUOTE_MINIMAL,
    )
    writer.writerow(header)
    for place, row in enumerate(rows):
        if oddity.blank_lines and place % 3 == 0:
            out.write(end)
        fields = [row.get(name, "") for name in header]
        writer.writerow([f" {value} " if oddity.padded else value for value in fields])
    return (b"\xef\xbb\xbf" if oddity.bom else b"") + out.getvalue().encode()


def write_table(
    folder: Path,
    name: str,
    rows: Sequence[Mapping[str, str]],
    columns: Sequence[str] | None = None,
    oddity: Oddity = PLAIN,
) -> Path:
    """Write rows as a CSV file of the folder, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(table_bytes(rows, columns, oddity))
    return path


def write_control(path: Path, **wanted: object) -> Path:
    """Write the control file of `path`; without figures, its true digest."""
    control = path.with_name(f"{path.name}.control.json")
    wanted = wanted or {"sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    control.write_text(json.dumps(wanted), encoding="utf-8")
    return control
