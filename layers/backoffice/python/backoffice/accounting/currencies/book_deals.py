"""Which deals in currencies a close books and settles, and what keeps one waiting."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import polars as pl

from backoffice.accounting.currencies.deal_postings import post_deals, post_settled_deals
from backoffice.accounting.journal import empty_journal
from backoffice.accounting.own_places import of_movements
from backoffice.clearance.accounting_causes import FX_DEAL_NOT_BOOKED
from backoffice.intake.day_deals import FX_DEAL_SCHEMA, FX_DEALS, known_deals
from backoffice.intake.register import of_bucket
from backoffice.kernel.books import Books
from backoffice.kernel.calendar import SettlementCalendar
from backoffice.kernel.errors import NoRuleError
from backoffice.kernel.parts import Records
from backoffice.kernel.rulebook import Rulebook

_SIDES: Final = ("buy", "sell")
_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _World:
    """What a deal is held against."""

    accounts: frozenset[str]
    counterparties: frozenset[str] | None
    day: date
    calendar: SettlementCalendar
    rulebook: Rulebook


def book_deals(
    records: Records, books: Books, calendar: SettlementCalendar, rulebook: Rulebook
) -> tuple[Books, pl.DataFrame]:
    """Mark what is booked and what settles today; before any file of deals there is nothing.

    Returns
    -------
    tuple
        The books with the deals as they stand, and the entries of the firm's own; those of an
        account are written with its bucket (`client_deals`).
    """
    if FX_DEALS not in books.tables:
        return books, empty_journal()
    world = _World(
        accounts=frozenset(_column(records, books, "accounts", "account_id")),
        counterparties=frozenset(_column(records, books, "counterparties", "lei"))
        if books.counterparties_known
        else None,
        day=books.day,
        calendar=calendar,
        rulebook=rulebook,
    )
    rows = [_as_it_stands(row, world) for row in known_deals(records, books).to_dicts()]
    table = pl.DataFrame(rows, schema=dict(FX_DEAL_SCHEMA))
    books = books.with_tables(**{FX_DEALS: records.keep("accounting", books.day, table)})
    own = table.filter(pl.col("account_id").is_null())
    return books, _entries(records, books, own.with_columns(account_kind=pl.lit(None, pl.String)))


def client_deals(records: Records, books: Books, bucket: int) -> pl.DataFrame:
    """Write the entries of the deals of a bucket's accounts that are booked or settle today."""
    if FX_DEALS not in books.tables:
        return empty_journal()
    deals = known_deals(records, books).filter(pl.col("account_id").is_not_null())
    today = (pl.col("booked_on") == books.day) | (pl.col("settled_on") == books.day)
    due = of_bucket(deals.filter(today), bucket, books.buckets)
    if not due.height:
        return empty_journal()
    kinds = records.read(books.tables["accounts"], ("account_id", "kind"))
    kinds = kinds.rename({"kind": "account_kind"})
    return _entries(records, books, due.join(kinds, on="account_id", how="left"))


def deal_causes(deals: pl.DataFrame) -> Iterator[Mapping[str, Any]]:
    """Name the deals that wait, as rows of `CAUSE_SCHEMA`."""
    for row in deals.filter(pl.col("waits_for").is_not_null()).to_dicts():
        yield {
            "code": FX_DEAL_NOT_BOOKED,
            "subject": f"{row['deal_id']}: {row['waits_for']}",
            "trade_date": row["trade_date"],
            "trade_id": row["deal_id"],
            **{name: row[name] for name in ("partner", "business_date", "file", "row")},
        }


def _column(records: Records, books: Books, table: str, column: str) -> list[str]:
    part = books.tables.get(table)
    return records.read(part, (column,))[column].to_list() if part else []


def _as_it_stands(row: dict[str, Any], world: _World) -> dict[str, Any]:
    day = world.day
    if row["booked_on"] is None and row["trade_date"] <= day:
        row = row | {"settles_on": _settles_on(row, world)}
        row["waits_for"] = _waits_for(row, world)
        row["booked_on"] = None if row["waits_for"] else day
    if row["booked_on"] and row["settled_on"] is None and row["settles_on"] <= day:
        row = row | {"settled_on": day}
    return row


def _waits_for(row: Mapping[str, Any], world: _World) -> str | None:
    account, counterparty = row["account_id"], row["counterparty"]
    if account is not None and account not in world.accounts:
        return "UNKNOWN_ACCOUNT"
    known = world.counterparties
    if counterparty is not None and known is not None and counterparty not in known:
        return "UNKNOWN_COUNTERPARTY"
    return "NO_RULE" if row["settles_on"] is None else None


def _settles_on(row: Mapping[str, Any], world: _World) -> date | None:
    """Return the first day from the value date on that is a bank day of both currencies."""
    try:
        venues = [
            str(world.rulebook.value(f"payment_calendar.{row[f'{side}_currency']}", world.day))
            for side in _SIDES
        ]
        on: date = row["value_date"]
        while not all(world.calendar.is_settlement_day(venue, on) for venue in venues):
            on += _ONE_DAY
    except NoRuleError:
        return None
    return on


def _entries(records: Records, books: Books, deals: pl.DataFrame) -> pl.DataFrame:
    """Write what is booked today, and what settles."""
    booked = deals.filter(pl.col("booked_on") == books.day)
    settled = deals.filter(pl.col("settled_on") == books.day)
    for side in _SIDES:
        settled = _with_nostro(records, books, settled, side)
    return pl.concat([post_deals(booked, books.day), post_settled_deals(settled, books.day)])


def _with_nostro(records: Records, books: Books, deals: pl.DataFrame, side: str) -> pl.DataFrame:
    asked = deals.select("deal_id", currency=f"{side}_currency", isin=pl.lit(None, dtype=pl.String))
    nostros = of_movements(records, books, asked, "deal_id")["nostro"]
    return deals.with_columns(nostros.alias(f"{side}_nostro"))
