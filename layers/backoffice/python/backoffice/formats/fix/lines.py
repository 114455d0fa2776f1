"""A line of FIX as bytes: its separator, its fields, and whether it tells of a trade at all.

What plans a file and what reads it must agree on which lines are rows: both ask `set_aside`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from backoffice.formats.delimited_grammar import MAX_ROW_BYTES
from backoffice.formats.fix.tags import DATA, EXECUTION_REPORT, ORDER_STATES

MAX_FIELDS: Final = 1_000
"""A message of more is none of any sender we know; the bound keeps memory flat."""

BAR_LESS_SOH: Final = ord("|") - ord("\x01")
"""What a separator adds to the checksum where it is written as a bar."""

_MOST_DIGITS: Final = len(str(MAX_ROW_BYTES))
_SEPARATOR: Final = re.compile(rb"8=[^\x01|]*+([\x01|])")
_TAG: Final = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
_HEAD: Final = re.compile(rb"8=FIX\.4\.4([\x01|])9=([0-9]{1,9})\1(?=35=([A-Za-z0-9]{1,3})\1)")
_TRAILER: Final = re.compile(rb"10=([0-9]{3})[\x01|]?")
_DATA_LENGTH: Final = re.compile(rb"[\x01|](?:%s)=" % "|".join(DATA).encode())
_ODD: Final = (
    re.compile(rb"\x0135=(?!8\x01)"),
    re.compile(rb"\|35=(?!8\|)"),
    re.compile(rb"\x01150=(?![FGH12]\x01)"),
    re.compile(rb"\|150=(?![FGH12]\|)"),
)
"""What stands in every line that is set aside, and in few others."""


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of a message in their order."""

    separator: bytes
    tags: tuple[str, ...]
    values: tuple[bytes, ...]


def is_tag(text: str) -> bool:
    """Whether a text can be a tag."""
    return _TAG.fullmatch(text) is not None


def has_message(lines: bytes) -> bool:
    """Whether some line begins as a message of FIX 4.4 does."""
    return any(
        not begun.start() or lines[begun.start() - 1 : begun.start()] == b"\n"
        for begun in _HEAD.finditer(lines)
    )


def set_aside(line: bytes) -> str | None:
    """Say of a message that tells of no trade what it is: `35=0`, or `150=4` of a report.

    A message of another type or of an order's state, whose length and checksum are right, is no
    row. One that was garbled is: it may have been a trade.
    """
    head = _HEAD.match(line)
    if head is None or not _is_sound(line, head):
        return None
    kind = head[3].decode()
    if kind != EXECUTION_REPORT:
        return f"35={kind}"
    state = _exec_type(line, head[1])
    return f"150={state}" if state in ORDER_STATES else None


def _is_sound(line: bytes, head: re.Match[bytes]) -> bool:
    """Whether a message's length and checksum are right."""
    end = line.rfind(head[1] + b"10=") + 1
    trailer = _TRAILER.fullmatch(line, end) if end else None
    if trailer is None or int(head[2]) != end - head.end():
        return False
    return int(trailer[1]) == checksum(line[:end], head[1])


def checksum(part: bytes, separator: bytes) -> int:
    """Add up bytes as CheckSum (10) does: a bar that separates counts as SOH."""
    bars = part.count(separator) if separator == b"|" else 0
    return (sum(part) - BAR_LESS_SOH * bars) % 256


def _exec_type(line: bytes, separator: bytes) -> str:
    if _DATA_LENGTH.search(line):
        fields = fields_of(line)
        found = dict(zip(fields.tags, fields.values, strict=True)) if fields else {}
        return found.get("150", b"").decode(errors="replace")
    _, _, rest = line.partition(separator + b"150=")
    return rest.partition(separator)[0].decode(errors="replace")


def lines_set_aside(data: bytes) -> Iterator[tuple[int, int, str]]:
    """Yield start, end (past the line feed) and kind of each line that is no row, in their order.

    `data` are whole lines; the last one may lack its line feed.
    """
    found: dict[int, tuple[int, str]] = {}
    for odd in _ODD:
        end = 0
        for match in odd.finditer(data):
            if match.start() < end:  # a line is looked at once
                continue
            start = data.rfind(b"\n", 0, match.start()) + 1
            end = data.find(b"\n", start) + 1 or len(data)
            line = data[start:end].removesuffix(b"\n").removesuffix(b"\r")
            if start not in found and (kind := set_aside(line)):
                found[start] = (end, kind)
    for start, (end, kind) in sorted(found.items()):
        yield start, end, kind


def fields_of(line: bytes) -> Fields | None:
    """Read the fields of one message; None where something in it is no `tag=value`."""
    begun = _SEPARATOR.match(line)
    separator, at = begun[1] if begun else b"\x01", 0
    tags: list[str] = []
    values: list[bytes] = []
    while at < len(line):
        equals = line.find(b"=", at)
        tag = line[at:equals].decode("latin-1")
        if equals < 0 or not is_tag(tag) or len(tags) == MAX_FIELDS:
            return None
        at += len(tag) + 1
        is_data = bool(tags) and DATA.get(tags[-1]) == tag
        end = _end_of(line, at, separator, values[-1] if is_data else None)
        if end is None:
            return None
        tags.append(tag)
        values.append(line[at:end])
        at = end + 1
    return Fields(separator, tuple(tags), tuple(values))


def _end_of(line: bytes, at: int, separator: bytes, length: bytes | None) -> int | None:
    """Find where a value ends: of data, by the length that was said before it."""
    if length is None:
        found = line.find(separator, at)
        return len(line) if found < 0 else found
    if not length.isdigit() or len(length) > _MOST_DIGITS:
        return None
    end = at + int(length)
    ends_well = end == len(line) or line[end : end + 1] == separator
    return end if end <= len(line) and ends_well else None
