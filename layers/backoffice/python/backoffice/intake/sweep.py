"""Sweep the trades apps sent one by one into entries, as if each app had dropped a file."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from backoffice.intake.app_trades import TRADES, header_of, narrow, rows_of_text
from backoffice.intake.capture import CapturedPart, Origin, capture, venue_zones
from backoffice.intake.codes import Zones
from backoffice.intake.documents import CUT_OFF, Drop, FileEntry, frozen_key, original_key
from backoffice.intake.schemas import unknown_columns
from backoffice.intake.staging import buckets_for, stage_captured, stage_rejects
from backoffice.intake.totals import Totals, total
from backoffice.kernel.parts import BucketPart, Part, Records, Work
from backoffice.kernel.rulebook import default_rulebook

_TRADES: Final = "TRADE#"
_SOURCE: Final = "api/"
_SWEEP: Final = re.compile(r"intake/[^/]+/files/[^/]+/[^/]+/api-\d{4}-\d{2}-\d{2}\.json", re.ASCII)
_KEPT: Final = ("pk", "sk", "partner", "received_at", "trade")

Item = Mapping[str, Any]


def sweep_trades(records: Records, work: Work, items: Iterable[Item], day: date) -> list[str]:
    """Commit, for each app, the trades no earlier sweep took; once the day is frozen, nothing.

    The entry's original is the canonical JSON of what it took: it says what a later sweep leaves
    out, rejected trades too, for as long as the records stand.

    Parameters
    ----------
    records, work
        The stores.
    items
        What the intake table serves: pk, sk, partner, received_at, and `trade`, the texts as they
        came.
    day
        The business day about to be frozen.

    Returns
    -------
    list
        The keys of the entries written, by app.
    """
    if records.find_bytes(frozen_key(day, CUT_OFF)) is not None:
        return []
    theirs: dict[str, list[Item]] = {}
    for item in items:
        if item["pk"].startswith(_TRADES):
            theirs.setdefault(item["partner"], []).append(item)
    if not theirs:
        return []
    earlier = _earlier_sweeps(records)
    zones = venue_zones(default_rulebook())
    entries = (
        _sweep(records, work, theirs[partner], earlier.get(partner, ()), day, zones)
        for partner in sorted(theirs)
    )
    return [entry.key for entry in entries if entry]


def _earlier_sweeps(records: Records) -> dict[str, list[FileEntry]]:
    """Read every sweep's entry, by app; a dropped file may be called as a sweep is."""
    sweeps: dict[str, list[FileEntry]] = {}
    keys = [key for key in records.keys("intake/") if _SWEEP.fullmatch(key)]
    for body in records.read_many(keys):
        entry = FileEntry.model_validate_json(body)
        if entry.drop.key.startswith(_SOURCE):
            sweeps.setdefault(entry.drop.partner, []).append(entry)
    return sweeps


def _sweep(
    records: Records,
    work: Work,
    items: Iterable[Item],
    earlier: Sequence[FileEntry],
    day: date,
    zones: Zones,
) -> FileEntry | None:
    taken = _taken(records, earlier)
    fresh = [item for item in items if (item["pk"], item["sk"]) not in taken]
    if not fresh:
        return None
    fresh.sort(key=_in_turn)
    first_row = 1 + sum(entry.rows for entry in earlier if entry.drop.business_date == day)
    return _commit(records, work, fresh, first_row, day, zones)


def _taken(records: Records, sweeps: Iterable[FileEntry]) -> set[tuple[str, str]]:
    originals = records.read_many([entry.original for entry in sweeps if entry.original])
    return {(item["pk"], item["sk"]) for body in originals for item in json.loads(body)}


def _in_turn(item: Item) -> tuple[str, str, str, int]:
    """Order by (trade_date, trade_id, action, version), none before any number."""
    trade_id, action, version = item["sk"].split("#")
    return (item["pk"].rpartition("#")[2], trade_id, action, int(version) if version else -1)


def _commit(
    records: Records, work: Work, items: Sequence[Item], first_row: int, day: date, zones: Zones
) -> FileEntry:
    """Stage the rows, keep what was taken, then write the entry, once."""
    partner, name = items[0]["partner"], f"api-{day}"
    body = _canonical(items)
    sha256 = hashlib.sha256(body).hexdigest()
    trades = [item["trade"] for item in items]
    stem = f"captured/{day}/{partner}/{sha256}/api"
    origin = Origin(partner, day, name)
    captured = [
        _stage(work, stem, index, capture(TRADES, rows_of_text(some, first), origin, zones))
        for index, (first, some) in enumerate(narrow(trades, first_row))
    ]
    records.put_once(original_key(day, sha256), body)
    drop = Drop(
        partner=partner,
        business_date=day,
        name=name,
        kind=TRADES,
        key=f"{_SOURCE}{partner}/{day}",
        version=None,
    )
    entry = _entry(drop, body, header_of(trades), captured)
    records.put_once(entry.key, entry.model_dump_json().encode())
    return entry


def _entry(
    drop: Drop, body: bytes, header: tuple[str, ...], captured: Sequence["_Staged"]
) -> FileEntry:
    totals = total(part.totals for part in captured)
    sha256 = hashlib.sha256(body).hexdigest()
    return FileEntry(
        drop=drop,
        sha256=sha256,
        size=len(body),
        rows=totals.rows,
        captured=totals.captured,
        rejected=totals.rejected,
        sum_quantity=totals.quantity,
        header=header,
        unknown_columns=unknown_columns(TRADES, header),
        parts=tuple(part for staged in captured for part in staged.parts),
        identities=tuple(staged.identities for staged in captured if staged.identities),
        rejects=tuple(staged.rejects for staged in captured if staged.rejects),
        original=original_key(drop.business_date, sha256),
        refusal=None,
    )


def _canonical(items: Iterable[Item]) -> bytes:
    kept = [{name: item[name] for name in _KEPT} for item in items]
    return json.dumps(kept, sort_keys=True, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True)
class _Staged:
    totals: Totals
    parts: tuple[BucketPart, ...]
    identities: Part | None
    rejects: Part | None


def _stage(work: Work, stem: str, index: int, rows: CapturedPart) -> _Staged:
    buckets = buckets_for(rows.totals.captured)
    parts, identities = stage_captured(work, stem, index, rows.captured, buckets)
    rejects = stage_rejects(work, stem, index, rows.rejects)
    return _Staged(rows.totals, parts, identities, rejects)
