"""Sweep the trades apps sent one by one into entries, as if each app had dropped a file."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from backoffice.intake.app_trades import TRADES, header_of, narrow, rows_of_text
from backoffice.intake.capture import CapturedPart, Origin, capture, venue_zones
from backoffice.intake.codes import Zones
from backoffice.intake.documents import CUT_OFF, Drop, FileEntry, frozen_key
from backoffice.intake.schemas import unknown_columns
from backoffice.intake.staging import buckets_for, stage_rejects, stage_shorts, stage_trades
from backoffice.intake.swept_trades import SOURCE, Item, Sweep, earlier_sweeps, sweep_key
from backoffice.intake.totals import Totals, total
from backoffice.kernel.cuts import Cut
from backoffice.kernel.parts import Part, Records, Work
from backoffice.kernel.rulebook import default_rulebook

_TRADES: Final = "TRADE#"
_KEPT: Final = ("pk", "sk", "partner", "received_at", "trade")


def sweep_trades(records: Records, work: Work, items: Iterable[Item], day: date) -> list[str]:
    """Commit, for each app, the trades no earlier sweep took; once the day is frozen, nothing.

    What a sweep takes stands in one object, written once, which is the original of its entry:
    of two sweeps at once the first to write decides, and both commit what it wrote. It says what
    a later sweep leaves out, rejected trades too, for as long as the records stand.

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
    known = records.keys("intake/")
    sweeps = earlier_sweeps(records, known)
    for partner in sorted(theirs):
        _take(records, sweeps.setdefault(partner, []), partner, theirs[partner], day)
    standing, zones = set(known), venue_zones(default_rulebook())
    return [
        _commit(records, work, sweep, _rows_before(sweep, sweeps[partner]) + 1, zones)
        for partner in sorted(sweeps)
        for sweep in sweeps[partner]
        if sweep.entry_key not in standing
    ]


def _take(
    records: Records, sweeps: list[Sweep], partner: str, items: Sequence[Item], day: date
) -> None:
    """Add to an app's sweeps until nothing is left; another's, written first, is one of them."""
    while fresh := _untaken(items, sweeps):
        number = 1 + max((sweep.number for sweep in sweeps if sweep.day == day), default=0)
        key = sweep_key(day, partner, number)
        records.put_once(key, _canonical(fresh))
        sweeps.append(Sweep.read(records, key))


def _untaken(items: Iterable[Item], sweeps: Iterable[Sweep]) -> list[Item]:
    taken = {(item["pk"], item["sk"]) for sweep in sweeps for item in sweep.items}
    return sorted((i for i in items if (i["pk"], i["sk"]) not in taken), key=_in_turn)


def _rows_before(sweep: Sweep, sweeps: Iterable[Sweep]) -> int:
    """Count the rows of the same day's earlier sweeps: their files have one name."""
    return sum(len(s.items) for s in sweeps if s.day == sweep.day and s.number < sweep.number)


def _in_turn(item: Item) -> tuple[str, str, str, int]:
    """Order by (trade_date, trade_id, action, version), none before any number."""
    trade_id, action, version = item["sk"].split("#")
    return (item["pk"].rpartition("#")[2], trade_id, action, int(version) if version else -1)


def _commit(records: Records, work: Work, sweep: Sweep, first_row: int, zones: Zones) -> str:
    """Stage a sweep's rows, then write its entry, once; return the entry's key."""
    partner, day = sweep.partner, sweep.day
    trades = [item["trade"] for item in sweep.items]
    stem = f"captured/{day}/{partner}/{sweep.sha256}/api"
    origin = Origin(partner, day, sweep.name)
    captured = [
        _stage(work, stem, index, capture(TRADES, rows_of_text(some, first), origin, zones))
        for index, (first, some) in enumerate(narrow(trades, first_row))
    ]
    entry = _entry(sweep, header_of(trades), captured)
    records.put_once(entry.key, entry.model_dump_json().encode())
    return entry.key


def _entry(sweep: Sweep, header: tuple[str, ...], captured: Sequence["_Staged"]) -> FileEntry:
    totals = total(part.totals for part in captured)
    return FileEntry(
        drop=_drop(sweep),
        sha256=sweep.sha256,
        size=sweep.size,
        rows=totals.rows,
        captured=totals.captured,
        rejected=totals.rejected,
        sum_quantity=totals.quantity,
        header=header,
        unknown_columns=unknown_columns(TRADES, header),
        cuts=tuple(staged.cut for staged in captured if staged.cut),
        parts=(),
        identities=tuple(staged.identities for staged in captured if staged.identities),
        shorts=tuple(staged.shorts for staged in captured if staged.shorts),
        rejects=tuple(staged.rejects for staged in captured if staged.rejects),
        original=sweep.key,
        refusal=None,
    )


def _drop(sweep: Sweep) -> Drop:
    return Drop(
        partner=sweep.partner,
        business_date=sweep.day,
        name=sweep.name,
        kind=TRADES,
        key=f"{SOURCE}{sweep.partner}/{sweep.day}",
        version=None,
    )


def _canonical(items: Iterable[Item]) -> bytes:
    kept = [{name: item[name] for name in _KEPT} for item in items]
    return json.dumps(kept, sort_keys=True, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True)
class _Staged:
    totals: Totals
    cut: Cut | None
    identities: Part | None
    shorts: Part | None
    rejects: Part | None


def _stage(work: Work, stem: str, index: int, rows: CapturedPart) -> _Staged:
    buckets = buckets_for(rows.totals.captured)
    cut, identities = stage_trades(work, stem, index, rows.captured, buckets)
    shorts = stage_shorts(work, stem, index, rows.captured)
    rejects = stage_rejects(work, stem, index, rows.rejects)
    return _Staged(rows.totals, cut, identities, shorts, rejects)
