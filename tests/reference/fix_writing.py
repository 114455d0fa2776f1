"""Writes trades' rows as execution reports of FIX 4.4, one a line."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

SOH = "\x01"
Field = tuple[str, str]
_ACTIONS = {"": "F", "NEW": "F", "AMEND": "G", "CANCEL": "H"}
_SIDES = {"BUY": "1", "SELL": "2", "SHORT": "5"}
_CAPACITIES = {"AGENCY": "A", "PRINCIPAL": "P"}
_TIME = re.compile(r"([0-9-]{10}T[0-9:]{8})(\.[0-9]+)?(Z|[+-][0-9:]{5})")


def fields_of(row: Mapping[str, str]) -> list[Field]:
    """Say a trade's row in tags, MsgType first; what FIX has no code for is said as it is."""
    action, version = row.get("action", ""), row.get("version", "")
    corrects = action in ("AMEND", "CANCEL")
    trade_id = row.get("trade_id", "")
    fields = [
        ("35", "8"),
        ("49", "DESK"),
        ("34", version if action == "AMEND" else "1"),
        ("37", row.get("order_id", "")),
        ("17", f"{trade_id}.{action}" if corrects else trade_id),
        ("19", trade_id if corrects else ""),
        ("150", _ACTIONS.get(action, action)),
        ("39", "2"),
        ("1", row.get("account_id", "")),
        ("48", row.get("isin", "")),
        ("22", "4"),
        ("54", _SIDES.get(row.get("side", ""), row.get("side", ""))),
        ("32", row.get("quantity", "")),
        ("31", row.get("price", "")),
        ("15", row.get("currency", "")),
        ("60", _stamp(row.get("trade_time", ""))),
        ("30", row.get("venue", "")),
        ("528", _CAPACITIES.get(row.get("capacity", ""), row.get("capacity", ""))),
        ("12", row.get("commission", "")),
        ("159", row.get("accrued", "")),
        ("5700", row.get("locate_id", "")),
    ]
    parties = [("453", "1"), ("448", row["counterparty"]), ("447", "N"), ("452", "17")]
    return [field for field in fields if field[1]] + (parties if row.get("counterparty") else [])


def _stamp(text: str) -> str:
    """Say a time in UTC; what is none is said as it is."""
    found = _TIME.fullmatch(text)
    if not found:
        return text
    moment = dt.datetime.fromisoformat(found[1] + found[3]).astimezone(dt.UTC)
    return f"{moment:%Y%m%d-%H:%M:%S}{found[2] or ''}"


def message(fields: Sequence[Field], separator: str = SOH, version: str = "FIX.4.4") -> bytes:
    """Frame fields: BeginString and BodyLength before them, CheckSum after."""
    body = "".join(f"{tag}={value}{separator}" for tag, value in fields)
    return framed(body.encode(), separator.encode(), version)


def framed(body: bytes, separator: bytes, version: str = "FIX.4.4") -> bytes:
    """Frame a body that is bytes already."""
    head = b"8=%b%b9=%d%b" % (version.encode(), separator, len(body), separator)
    bars = (head + body).count(separator) * (separator[0] - 1)
    return head + body + b"10=%03d%b" % ((sum(head + body) - bars) % 256, separator)


def file_bytes(
    rows: Iterable[Mapping[str, str]], separator: str = SOH, more: Sequence[Field] = ()
) -> bytes:
    """Write rows as a file, each with more fields that the contract does not know."""
    lines = [message([*fields_of(row), *more], separator) for row in rows]
    return b"".join(line + b"\n" for line in lines)
