"""What the books say that risk looks at: margin accounts, the market, the street, short sales."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from backoffice.accounting.adjusted_closes import latest_closes
from backoffice.clearance.short_claims import cleared_shorts, known_locates
from backoffice.intake.register import standing, superseded
from backoffice.intake.trade_frames import uses_locate
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records
from backoffice.reference.known import known_table
from backoffice.risk.funds import CASH, clients_money
from backoffice.risk.locates import locates_used
from backoffice.risk.margin import Market
from backoffice.risk.restrictions import watched
from backoffice.risk.valuation import POSITIONS, latest_on
from backoffice.settlement.frames import OBLIGATION_SCHEMA, empty
from backoffice.settlement.obligations import CANCELLED, SETTLED, money

_TRADE: Final = pl.Schema(
    {
        "partner": pl.String(),
        "trade_date": pl.Date(),
        "trade_id": pl.String(),
        "state_on": pl.Date(),
        "status": pl.String(),
        "cleared_on": pl.Date(),
        "account_id": pl.String(),
        "account_kind": pl.String(),
        "side": pl.String(),
        "locate_id": pl.String(),
        "isin": pl.String(),
        "quantity_e8": pl.Int128(),
    }
)


@dataclass(frozen=True, slots=True)
class Holdings:
    """What accounts hold and owe by trade date, as `risk.margin.assess` takes it."""

    positions: pl.DataFrame
    cash: pl.DataFrame


def margin_accounts(records: Records, books: Books) -> pl.DataFrame:
    """Return account_id, currency of the clients' margin accounts.

    The firm's own accounts borrow from nobody: they have no margin to keep.
    """
    rows = known_table(records, books, "accounts")
    on_margin = (pl.col("account_type") == "MARGIN") & (pl.col("kind") == "CLIENT")
    return rows.filter(on_margin).select("account_id", "currency")


def market_of(records: Records, books: Books) -> Market:
    """Return the latest closes and rates up to the day of the books."""
    return Market(
        closes=latest_closes(records, books),
        rates=latest_on(known_table(records, books, "fx"), books.day, ["currency", "base"]),
        instruments=known_table(records, books, "instruments").select("isin", "asset_class"),
    )


def holdings_of(records: Records, books: Books | None, accounts: pl.DataFrame) -> Holdings:
    """Return what accounts held and owed at a close; nothing before any."""
    positions, cash = [pl.DataFrame(schema=POSITIONS)], [pl.DataFrame(schema=CASH)]
    if books is not None:
        for part in books.bucketed.get("positions", ()):
            rows = records.read(part, ["account_id", "isin", "traded_quantity_e8"])
            found = rows.join(accounts, on="account_id", how="semi")
            positions.append(
                found.rename({"traded_quantity_e8": "quantity_e8"}).select(list(POSITIONS))
            )
        for part in books.bucketed.get("balances", ()):
            money = clients_money(records.read(part))
            cash.append(money.join(accounts, on="account_id", how="semi"))
    return Holdings(pl.concat(positions), _added(pl.concat(cash)))


def _added(cash: pl.DataFrame) -> pl.DataFrame:
    return cash.group_by("account_id", "currency").agg(pl.col("cash_minor").sum())


def open_obligations(records: Records, books: Books) -> pl.DataFrame:
    """Return the obligations not settled and not cancelled, with money_minor."""
    part = books.tables.get("obligations")
    known = records.read(part) if part else empty(OBLIGATION_SCHEMA)
    is_over = pl.col("status").is_in((SETTLED, CANCELLED))
    return known.filter(~is_over).with_columns(money_minor=money())


def trades_cleared(records: Records, books: Books, since: date | None) -> pl.DataFrame:
    """Return the trades that were cleared after a day and stand, as `locates_used` takes them."""
    later = superseded(records, books)
    after = since or date.min
    found = [_TRADE.to_frame()]
    for part in books.trades:
        if part.day > after:
            rows = standing(records.read(part, _TRADE.names()), later)
            is_cleared = (pl.col("status") == "CLEARED") & (pl.col("cleared_on") > after)
            found.append(rows.filter(is_cleared).select(_TRADE.names()))
    return pl.concat(found)


def trades_watched(records: Records, books: Books, cleared: pl.DataFrame) -> pl.DataFrame:
    """Return what of the cleared trades is in watched issues, as `restrictions.watched` does."""
    entries = known_table(records, books, "restrictions")
    return watched(cleared, entries, known_table(records, books, "instruments"))


def locates_of(records: Records, books: Books, cleared: pl.DataFrame) -> pl.DataFrame:
    """Return what the cleared shorts used of locates and what is left, as `risk.locates` does."""
    # before any locates file is known there is nothing that could be left
    known = books.locates_known
    days = cleared.filter(uses_locate())["trade_date"].unique().sort() if known else ()
    stand = cleared_shorts(records, books, days)
    return locates_used(cleared, stand, known_locates(records, books))
