"""Execution reports of FIX 4.4, one a line, read character by character into trades' columns."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from tests.reference.reading import RefusedFileError

Pairs = list[tuple[str, str]]
_TAG = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
_BEGIN = re.compile(r"8=FIX\.4\.4([\x01|])9=[0-9]{1,9}\1(?:35)=[A-Za-z0-9]{1,3}\1", re.ASCII)
_STAMP = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})-([0-9]{2}:.*)", re.ASCII | re.DOTALL)


def _words(text: str) -> list[str]:
    return text.split()


_LENGTHS = dict(
    pair.split(":")
    for pair in _words(
        "90:91 93:89 95:96 212:213 348:349 350:351 352:353 354:355 356:357 358:359 360:361"
        " 362:363 364:365 445:446 618:619 621:622"
    )
)
_ORDER_STATES = set(_words("0 3 4 5 6 7 8 9 A B C D E I"))
_ONCE = set(
    _words(
        "8 9 10 35 17 19 20 34 150 1 12 13 15 22 29 30 31 32 37 48 54 60 11 159 423 479 528 5700"
        " 43 49 50 52 56 57 89 90 91 93 97 115 116 122 128 129 142 143 144 145 212 213 347 369"
        " 6 14 39 55 151 453 454 136"
    )
)
_GROUPS = {"453": "448 447 452 802 523 803", "454": "455 456", "136": "137 138 139 891"}
_NESTED = {"802", "523", "803", "137", "138", "139", "891"}
_SIDES = {"1": "BUY", "3": "BUY", "2": "SELL", "4": "SELL", "5": "SHORT", "6": "SHORT"}
_CAPACITIES = dict(zip("AWIPRG", ["AGENCY"] * 3 + ["PRINCIPAL"] * 3, strict=True))
_LAST_CAPACITIES = {"1": "AGENCY", "2": "AGENCY", "3": "PRINCIPAL", "4": "PRINCIPAL"}
_MOST_FIELDS, _MOST_ENTRIES = 1000, 64


@dataclass
class Reports:
    """What a file of FIX holds: rows (None where a line is no report), and what is no row."""

    rows: list[dict[str, str] | None] = field(default_factory=list)
    set_aside: Counter[str] = field(default_factory=Counter)
    unknown: set[str] = field(default_factory=set)


def read_reports(content: bytes) -> Reports:
    """Read a file of messages.

    Raises
    ------
    RefusedFileError
        When no line begins as a message of FIX 4.4.
    """
    lines = [
        line.removesuffix(b"\r")
        for line in content.removeprefix(b"\xef\xbb\xbf").split(b"\n")
        if line.strip()
    ]
    if not any(_BEGIN.match(line.decode("latin-1")) for line in lines):
        raise RefusedFileError("no message of FIX 4.4")
    found = Reports()
    for line in lines:
        _read_line(found, line)
    return found


def _read_line(found: Reports, line: bytes) -> None:
    aside = _set_aside(line)
    if aside:
        found.set_aside[aside] += 1
        return
    pairs = _pairs(line)
    if pairs is None or not _framed(line, pairs) or pairs[2][1] != "8":
        found.rows.append(None)
        return
    entries, unknown = _grouped(pairs)
    if entries is None:
        found.rows.append(None)
        return
    found.unknown |= unknown
    found.rows.append(_columns(dict(pairs), entries))


def _set_aside(line: bytes) -> str:
    text = line.decode("latin-1")
    begun = _BEGIN.match(text)
    if not begun or not _sound(text, begun[1]):
        return ""
    kind = text[: begun.end() - 1].rpartition("=")[2]
    if kind != "8":
        return f"35={kind}"
    pairs = _pairs(line)
    if any(tag in _LENGTHS for tag, _ in pairs or []):
        states = [value for tag, value in pairs or [] if tag == "150"][-1:]
    else:
        states = [part[4:] for part in text.split(begun[1]) if part.startswith("150=")][:1]
    return f"150={states[0]}" if states and states[0] in _ORDER_STATES else ""


def _sound(text: str, mark: str) -> bool:
    body, _, sum_ = text.removesuffix(mark).rpartition(f"{mark}10=")
    head = text.split(mark)[:2]
    length = len(body) + 1 - len(head[0]) - len(head[1]) - 2
    whole = (body + mark).replace(mark, "\x01")
    right = f"{sum(map(ord, whole)) % 256:03d}"
    return bool(body) and head[1].removeprefix("9=").lstrip("0") == str(length) and sum_ == right


def _pairs(line: bytes) -> Pairs | None:
    """Cut a line into fields; None where something is none."""
    text = line.decode("latin-1")
    first = re.match(r"8=[^\x01|]*([\x01|])", text)
    if not first:
        return None
    pairs: Pairs = []
    mark, rest = first[1], text
    while rest:
        tag, equals, rest = rest.partition("=")
        if not equals or not _TAG.fullmatch(tag) or len(pairs) == _MOST_FIELDS:
            return None
        if pairs and _LENGTHS.get(pairs[-1][0]) == tag:
            length = pairs[-1][1]
            if not re.fullmatch("[0-9]{1,7}", length, re.ASCII) or int(length) > len(rest):
                return None
            value, after = rest[: int(length)], rest[int(length) :]
            if after and after[0] != mark:
                return None
            rest = after[1:]
        else:
            value, _, rest = rest.partition(mark)
        pairs.append((tag, value))
    return [(tag, _decoded(value, line)) for tag, value in pairs]


def _decoded(value: str, line: bytes) -> str:
    try:
        line.decode()
        return value.encode("latin-1").decode()
    except UnicodeDecodeError:
        return value


def _framed(line: bytes, pairs: Pairs) -> bool:
    tags = [tag for tag, _ in pairs]
    if tags[:3] != ["8", "9", "35"] or tags[-1] != "10" or pairs[0][1] != "FIX.4.4":
        return False
    return _sound(line.decode("latin-1"), "\x01" if line[9:10] == b"\x01" else "|")


def _grouped(pairs: Pairs) -> tuple[dict[str, list[dict[str, str]]] | None, set[str]]:
    """Take the groups out; None where one is wrong or a tag stands twice."""
    entries: dict[str, list[dict[str, str]]] = {count: [] for count in _GROUPS}
    unknown: set[str] = set()
    seen: Counter[str] = Counter()
    members: list[str] = []
    group = ""
    for tag, value in pairs:
        if tag in members and (entries[group] or tag == members[0]):
            if tag == members[0]:
                entries[group].append({})
            elif tag in entries[group][-1] and tag not in _NESTED:
                return None, unknown
            entries[group][-1][tag] = value
            if group == "136":
                unknown.add(tag)
            continue
        members, group = [], ""
        if any(tag in each.split() for each in _GROUPS.values()):
            return None, unknown
        if tag in _GROUPS:
            members, group = _GROUPS[tag].split(), tag
        seen[tag] += 1
        if tag not in _ONCE:
            unknown.add(tag)
    known = dict(pairs)
    wrong = any(
        known[count].lstrip("0").rjust(1, "0") != str(len(entries[count]))
        or len(entries[count]) > _MOST_ENTRIES
        for count in _GROUPS
        if count in known
    )
    twice = any(times > 1 and tag in _ONCE for tag, times in seen.items())
    return (None if wrong or twice else entries), unknown


def _columns(given: dict[str, str], groups: dict[str, list[dict[str, str]]]) -> dict[str, str]:
    tags = {tag: value.strip() for tag, value in given.items()}

    def tag(name: str) -> str:
        return tags.get(name, "")

    parties = [{k: v.strip() for k, v in entry.items()} for entry in groups["453"]]
    action = _action(tag("150"), tag("20"))
    return {
        "trade_id": tag("19") if action in ("AMEND", "CANCEL") else tag("17"),
        "action": action,
        "version": tag("34") if action == "AMEND" else "",
        "account_id": tag("1"),
        "side": _code(tag("54"), _SIDES),
        "isin": tag("48") if tag("22") == "4" else _alternative(groups["454"]),
        "quantity": tag("32"),
        "price": tag("31") if tag("423") in ("", "1", "2") or not tag("31") else "?",
        "currency": tag("15"),
        "trade_time": _STAMP.sub(r"\1-\2-\3T\4Z", tag("60"))
        if _is_stamp(tag("60"))
        else _bad(tag("60")),
        "venue": tag("30")
        or next((p["448"] for p in parties if p.get("452") == "22" and p["448"]), ""),
        "counterparty": _street(parties),
        "capacity": _code(tag("528"), _CAPACITIES) or _code(tag("29"), _LAST_CAPACITIES),
        "commission": _commission(tags),
        "accrued": tag("159"),
        "order_id": tag("37") or tag("11"),
        "locate_id": tag("5700"),
    }


def _is_stamp(text: str) -> bool:
    return bool(_STAMP.fullmatch(text))


def _bad(text: str) -> str:
    return "?" if text else ""


def _code(text: str, names: dict[str, str]) -> str:
    return names.get(text, _bad(text))


def _action(kind: str, older: str) -> str:
    if kind in ("F", "G", "H"):
        return {"F": "NEW", "G": "AMEND", "H": "CANCEL"}[kind]
    if kind in ("1", "2"):
        return {"": "NEW", "0": "NEW", "1": "CANCEL", "2": "AMEND"}.get(older, "?")
    return "?"


def _alternative(entries: list[dict[str, str]]) -> str:
    isins = [entry["455"].strip() for entry in entries if entry.get("456", "").strip() == "4"]
    return next(filter(None, isins), "")


def _street(parties: list[dict[str, str]]) -> str:
    for needs_lei in (True, False):
        for role in ("17", "18", "21"):
            for party in parties:
                is_lei = party.get("447") == "N" or not needs_lei
                if party.get("452") == role and is_lei and party["448"]:
                    return party["448"]
    return ""


def _commission(tags: dict[str, str]) -> str:
    amount, currency = tags.get("12", ""), tags.get("479", "")
    foreign = currency and tags.get("15") and currency != tags["15"]
    return "?" if amount and (tags.get("13", "") not in ("", "3") or foreign) else amount
