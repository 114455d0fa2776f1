"""The OFAC list of Specially Designated Nationals: `sdn.csv` and `alt.csv` as published.

Neither has a header; a field without a value is `-0-`. The layout is that of the Treasury's
"SDN list data formats": twelve columns (ent_num, name, type, program, title, call sign, vessel
type, tonnage, gross registered tonnage, flag, owner, remarks) and five (ent_num, alt_num, type,
name, remarks).
Weak aliases stand in the remarks, in quotation marks (OFAC FAQ 122).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

import polars as pl

from backoffice.formats.sanctions.texts import rows_of, text_of
from backoffice.kernel.errors import BadFileError
from backoffice.risk.screening.listed import ListedRow, listed_frame

SDN_FILE: Final = "sdn.csv"
ALT_FILE: Final = "alt.csv"
COMMENTS_FILE: Final = "sdn_comments.csv"

_NULL: Final = "-0-"
_KINDS: Final = {
    "individual": "PERSON",
    "vessel": "VESSEL",
    "aircraft": "AIRCRAFT",
    _NULL: "ENTITY",
}
_ALIAS_TYPES: Final = frozenset({"aka", "fka", "nka"})
_SDN_COLUMNS, _ALT_COLUMNS, _COMMENT_COLUMNS = 12, 5, 2
_WEAK: Final = re.compile(r"[afn]\.k\.a\. '(.+?)'(?=[.;)]|$)")

_Entry = tuple[str, str, str]
"""Kind, programs, name."""


def read_ofac(sdn: bytes, alt: bytes, comments: bytes | None = None) -> pl.DataFrame:
    """Read the list with its aliases.

    Parameters
    ----------
    sdn, alt : bytes
        The two files of one publication.
    comments : bytes | None
        `sdn_comments.csv` of the same: the remarks too long for the list, as they go on.

    Returns
    -------
    pl.DataFrame
        LISTED.

    Raises
    ------
    BadFileError
        When a file is empty, cut short, not UTF-8 or not the one it is said to be; also when an
        alias names an entry the list lacks, for then one of the two is cut or from another day.
    """
    entries: dict[str, _Entry] = {}
    remarks: dict[str, str] = {}
    for line, row in _records(sdn, SDN_FILE, _SDN_COLUMNS):
        entry_id, name, kind, program, *_, remark = row
        if kind not in _KINDS or _NULL in {name, program} or entry_id in entries:
            raise BadFileError(f"{SDN_FILE}, line {line}: no entry of the list: {row[:4]}")
        programs = ";".join(sorted(set(program.split("] ["))))
        entries[entry_id] = (_KINDS[kind], programs, name)
        remarks[entry_id] = "" if remark == _NULL else remark
    for _, (entry_id, remark) in _records(comments, COMMENTS_FILE, _COMMENT_COLUMNS):
        remarks[entry_id] = remarks.get(entry_id, "") + remark
    return listed_frame(_rows(entries, remarks, alt))


def _rows(
    entries: Mapping[str, _Entry], remarks: Mapping[str, str], alt: bytes
) -> Iterator[ListedRow]:
    for entry_id, (kind, programs, name) in entries.items():
        yield "OFAC", entry_id, kind, programs, name, "PRIMARY"
        for weak in _WEAK.findall(remarks[entry_id]):
            yield "OFAC", entry_id, kind, programs, weak, "WEAK"
    for line, (entry_id, _, alias_type, name, _) in _records(alt, ALT_FILE, _ALT_COLUMNS):
        if alias_type not in _ALIAS_TYPES or name == _NULL:
            raise BadFileError(f"{ALT_FILE}, line {line}: no alias: {[alias_type, name]}")
        if entry_id not in entries:
            raise BadFileError(
                f"{ALT_FILE}, line {line}: an alias of entry {entry_id}, which {SDN_FILE} lacks"
            )
        kind, programs, _ = entries[entry_id]
        yield "OFAC", entry_id, kind, programs, name, "STRONG"


def _records(data: bytes | None, file: str, columns: int) -> Iterator[tuple[int, list[str]]]:
    """Yield a file's rows, trimmed; the first field is the entry's number."""
    if data is None:
        return
    text = text_of(data, file)
    for line, row in rows_of(text, file, columns):
        fields = [field.strip() for field in row]
        if not (fields[0].isascii() and fields[0].isdigit()):
            raise BadFileError(f"{file}, line {line}: {fields[0]!r} is no number of an entry")
        yield line, fields
    # a cut within the last field leaves the right number of fields
    last = text.rstrip("\x1a \t\r\n")
    if not last.endswith(('"', _NULL)):
        raise BadFileError(f"{file}: the last line is cut short: …{last[-20:]!r}")
