"""Which short sales their locates cover, told for all accounts before any bucket is cleared.

A bucket sees its own accounts' trades, and a locate is used by any account. Shorts are few: those
of a file are staged once more when it is captured, and those that stand of a trade date are kept
in a table of that date, so that a day reads the dates its shorts speak of and no others. A date
without a table, as before any locate was known, is read from the register.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from backoffice.clearance.clear import CLEARED
from backoffice.clearance.holds import SHORT_WITHOUT_LOCATE
from backoffice.clearance.verdicts import VERSION
from backoffice.intake.day_documents import ResolvedDay
from backoffice.intake.known_trades import known_parts
from backoffice.intake.register import standing, superseded
from backoffice.intake.resolve import IDENTITY
from backoffice.intake.trade_frames import CLAIM_SCHEMA, claims_of, uses_locate
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records, Work
from backoffice.reference.tables import empty_table
from backoffice.risk.locates import beyond_locates

CLAIMS: Final = "locate_claims:"
"""Followed by a trade date: the table of the shorts of that date that stand and name a locate."""

CLAIMS_SERVED: Final = "LOCATE_CLAIMS"
"""The partition of the served table that points to those tables, by trade date."""

_HELD: Final = {
    **CLAIM_SCHEMA,
    "side": pl.String,
    "account_id": pl.String,
    "hold_codes": pl.String,
}
_READ: Final = (*CLAIM_SCHEMA, "side", "status", "state_on")


def allot_locates(records: Records, work: Work, resolved: ResolvedDay) -> ResolvedDay:
    """Find the shorts of a resolved day beyond their locates; return the day as staged.

    Nothing is looked at before any locates file is known. Shorts that were cleared before keep
    their claims first; every other that stands, new, corrected or held, takes its turn.
    """
    if not resolved.books.locates_known:
        return resolved
    claims = _claims(records, work, resolved)
    found = beyond_locates(claims.kept, claims.asked, known_locates(records, resolved.books))
    key = f"{resolved.stem}/located.json"
    allotted = resolved.model_copy(
        update={
            "key": key,
            "books": _remembered(records, resolved.books, claims, resolved.day),
            "unlocated": work.stage(f"{resolved.stem}/unlocated.parquet", found.select(VERSION)),
        }
    )
    work.stage_json(key, allotted.model_dump_json().encode())
    return allotted


@dataclass(frozen=True, slots=True)
class _Claims:
    """The shorts of every trade date that a day looks at, each `CLAIM_SCHEMA`.

    `known` is what stood of each date; `kept` were cleared before and stand; `asked` is the rest.
    """

    known: Mapping[date, pl.DataFrame]
    kept: pl.DataFrame
    asked: pl.DataFrame


def _claims(records: Records, work: Work, resolved: ResolvedDay) -> _Claims:
    books, taken = resolved.books, work.read(resolved.taken)
    held = held_shorts(records, books)
    refused = _refused(work, resolved, held)
    waiting = held.join(taken, on=IDENTITY, how="anti").join(refused, on=VERSION, how="anti")
    corrected = taken.filter(~pl.col("cancelled"))
    fresh = _captured(work, resolved)
    asked = pl.concat([claims_of(waiting), claims_of(corrected), fresh])
    gone = [claims_of(records.read(resolved.withdrawn)), claims_of(refused)]
    days = sorted(pl.concat([asked, *gone])["trade_date"].unique())
    known = {day: _known(records, books, day) for day in days}
    before = pl.concat([_none(), *known.values()])
    cleared = before.join(held, on=IDENTITY, how="anti")
    return _Claims(known, cleared.join(taken, on=IDENTITY, how="anti"), asked)


def known_locates(records: Records, books: Books) -> pl.DataFrame:
    """Return the locates on record."""
    part = books.tables.get("locates")
    return records.read(part) if part else empty_table("locates")


def held_shorts(records: Records, books: Books) -> pl.DataFrame:
    """Return `CLAIM_SCHEMA`, side, account_id and hold_codes of held shorts that name a locate."""
    # one by one: a whole day may be held
    held = (records.read(part, list(_HELD)) for part in books.bucketed.get("held", ()))
    named = [rows.filter(uses_locate()).select(list(_HELD)) for rows in held]
    return pl.concat([pl.DataFrame(schema=_HELD), *named])


def cleared_shorts(records: Records, books: Books, days: Iterable[date]) -> pl.DataFrame:
    """Return `CLAIM_SCHEMA`: the cleared shorts of some trade dates that name a locate."""
    known = [_known(records, books, day) for day in days]
    return pl.concat([_none(), *known]).join(held_shorts(records, books), on=IDENTITY, how="anti")


def accounts_told_otherwise(records: Records, work: Work, resolved: ResolvedDay) -> pl.Series:
    """Name the accounts of held shorts whose locates now say otherwise than when they were held."""
    held = held_shorts(records, resolved.books)
    if resolved.unlocated is None:
        return held["account_id"].clear()
    beyond = work.read(resolved.unlocated).with_columns(beyond=pl.lit(value=True))
    told = pl.col("hold_codes").str.contains(SHORT_WITHOUT_LOCATE, literal=True)
    rows = held.join(beyond, on=VERSION, how="left")
    return rows.filter(told != pl.col("beyond").fill_null(value=False))["account_id"]


def _none() -> pl.DataFrame:
    return pl.DataFrame(schema=dict(CLAIM_SCHEMA))


def _captured(work: Work, resolved: ResolvedDay) -> pl.DataFrame:
    """Read the day's shorts that go straight through."""
    frames, odd = [_none()], work.read(resolved.exceptions)
    for shorts in resolved.shorts:
        of_file = odd.filter(pl.col("entry") == shorts.entry)
        frames.append(work.read(shorts.part).join(of_file, on="row", how="anti"))
    return pl.concat(frames)


def _refused(work: Work, resolved: ResolvedDay, held: pl.DataFrame) -> pl.DataFrame:
    if resolved.verdicts is None:
        return held.clear()
    refusals = work.read(resolved.verdicts).filter(pl.col("outcome") == "REFUSE")
    return held.join(refusals, on=VERSION, how="semi")


def _known(records: Records, books: Books, day: date) -> pl.DataFrame:
    """Return what stood of a trade date's shorts, cleared or held."""
    part = books.tables.get(f"{CLAIMS}{day}")
    if part is not None:
        return records.read(part)
    frames, parts = [_none()], known_parts(books, {day})
    later = superseded(records, books) if parts else None
    for each in parts:  # one by one: together they are the day
        rows = records.read(each, _READ)
        cleared = rows.filter(pl.col("trade_date") == day, pl.col("status") == CLEARED)
        stands = cleared if later is None else standing(cleared, later)
        frames.append(claims_of(stands))
    return pl.concat(frames)


def _remembered(records: Records, books: Books, claims: _Claims, day: date) -> Books:
    """Keep what stands now of each trade date that was looked at."""
    changed, stands = {}, pl.concat([claims.kept, claims.asked])
    for traded, before in claims.known.items():
        name = f"{CLAIMS}{traded}"
        rows = stands.filter(pl.col("trade_date") == traded).sort(IDENTITY)
        if name not in books.tables or not rows.equals(before):
            changed[name] = records.keep("clearance", day, rows)
    return books.with_tables(**changed)
