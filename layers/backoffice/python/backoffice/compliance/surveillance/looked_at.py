"""What surveillance reads of the closed books: the trades and orders of a date, movements, closes.

Each trade date is read by itself, from the parts of the register that hold it, and of each part the
columns that are looked at.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import polars as pl

from backoffice.compliance.surveillance.amounts import in_currency, rates_on
from backoffice.compliance.surveillance.closes import closes_on
from backoffice.compliance.surveillance.frames import (
    ACCOUNTS,
    MOVEMENTS,
    ORDERS,
    TRADES,
)
from backoffice.compliance.surveillance.owners import with_owners
from backoffice.compliance.surveillance.thresholds import Thresholds
from backoffice.intake.day_orders import order_parts
from backoffice.intake.register import standing, superseded
from backoffice.intake.resolve import IDENTITY
from backoffice.intake.trade_dates import with_trade_date
from backoffice.kernel.books import Books
from backoffice.kernel.columns import int128
from backoffice.kernel.frames import shaped
from backoffice.kernel.parts import Part, Records
from backoffice.kernel.rulebook import Rulebook
from backoffice.reference.known import known_table

_EXECUTED: Final = ("CLEARED", "HELD")
_TRADE: Final = (
    "partner", "business_date", "file", "row", "trade_id", "trade_date", "account_id", "side",
    "isin", "quantity_e8", "price_e8", "currency", "traded_at", "venue", "order_id", "status",
    "state_on", "gross_minor",
)  # fmt: skip
_WINDOWS: Final = (
    "structuring.window_days", "velocity.through_days", "dormant_accounts.within_days",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trading:
    """What was dealt on a date: TRADES, ORDERS, CLOSES."""

    trades: pl.DataFrame
    orders: pl.DataFrame
    closes: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Looking:
    """Closed books, and what they are looked at by."""

    records: Records
    books: Books
    rulebook: Rulebook
    thresholds: Thresholds

    def accounts(self) -> pl.DataFrame:
        """Return ACCOUNTS."""
        rows = known_table(self.records, self.books, "accounts")
        owners = known_table(self.records, self.books, "owners")
        return with_owners(rows, owners, self.thresholds["beneficial_owner_bp"])

    def dates(self) -> list[date]:
        """Return the day and the dates before it of which it took trades or orders late."""
        day = self.books.day
        since = day - timedelta(days=self.thresholds["late_days"])
        late = {on for part in self.books.trades if part.day == day for on in part.trade_dates}
        late |= {on for part in self._orders_of_today() for on in self._order_dates(part)}
        return sorted({day, *(one for one in late if since <= one < day)})

    def unvalued(self) -> tuple[str, ...]:
        """Name the currencies of accounts and instruments that no rate is known for."""
        kinds = ("accounts", "instruments")
        used = [known_table(self.records, self.books, kind).select("currency") for kind in kinds]
        rates = rates_on(self.records, self.books, self.books.day)
        rows = pl.concat(used).unique().with_columns(one=int128(1))
        valued = in_currency(rows, "one", rates, self.thresholds.currency)
        return tuple(valued.filter(pl.col("one").is_null())["currency"].sort().to_list())

    def trading(self, on: date, accounts: pl.DataFrame) -> Trading:
        """Return what was dealt on a date, as the books know it."""
        trades = self.trades(on, accounts)
        closes = closes_on(self.records, self.books, self.rulebook, self.thresholds, trades, on)
        return Trading(trades, self._orders(on, accounts), closes)

    def movements(self, accounts: pl.DataFrame) -> pl.DataFrame:
        """Return MOVEMENTS of as many days as the widest window, by value date or when taken."""
        part = self.books.tables.get("movements")
        if part is None:
            return pl.DataFrame(schema=dict(MOVEMENTS))
        day = self.books.day
        since = min(self.thresholds.before(name, day) for name in _WINDOWS)
        columns = [n for n in MOVEMENTS if n not in {"seen", "owner", "amount_minor"}]
        read = self.records.read(part, [*columns, "amount_minor", "currency"])
        rows = read.filter(pl.max_horizontal("value_date", "taken_on") > since)
        rates = rates_on(self.records, self.books, day)
        valued = in_currency(rows, "amount_minor", rates, self.thresholds.currency)
        return _numbered(_of_owners(valued, accounts), MOVEMENTS)

    def trades(
        self, on: date, accounts: pl.DataFrame, first_taken_on: date | None = None
    ) -> pl.DataFrame:
        """Return TRADES of a date; where `first_taken_on` is said, those that came on that day."""
        later = superseded(self.records, self.books)
        found = [
            standing(self.records.read(part, _TRADE).select(_TRADE), later).filter(
                pl.col("trade_date") == on, pl.col("status").is_in(_EXECUTED)
            )
            for part in self.books.trades
            if on in part.trade_dates and first_taken_on in (None, part.day)
        ]
        if not found:
            return pl.DataFrame(schema=dict(TRADES))
        rates = rates_on(self.records, self.books, on)
        every = pl.concat(found)
        if first_taken_on:
            every = every.join(later, on=IDENTITY, how="anti")
        rows = in_currency(every, "gross_minor", rates, self.thresholds.currency)
        sided = rows.rename({"gross_minor": "value_minor"}).with_columns(_side())
        return _numbered(_of_owners(sided, accounts), TRADES)

    def _orders_of_today(self) -> list[Part]:
        return [part for part in order_parts(self.books) if _taken_on(part) == self.books.day]

    def _order_dates(self, part: Part) -> set[date]:
        rows = self.records.read(part, ["venue", "event_at"])
        return set(self._dated(rows)["trade_date"].unique().to_list())

    def _dated(self, rows: pl.DataFrame) -> pl.DataFrame:
        zones = {mic: self.rulebook.venue(mic).time_zone for mic in self.rulebook.venues()}
        if not rows.height:
            return rows.with_columns(trade_date=pl.lit(None, pl.Date))
        return with_trade_date(rows.rename({"event_at": "traded_at"}), zones).rename(
            {"traded_at": "event_at"}
        )

    def _orders(self, on: date, accounts: pl.DataFrame) -> pl.DataFrame:
        """Return ORDERS of a date; of equal events that two days took, one."""
        # a venue's date may begin before the business date does
        parts = [part for part in order_parts(self.books) if _taken_on(part) >= on]
        rows = self.records.read_all(parts)
        if rows is None:
            return pl.DataFrame(schema=dict(ORDERS))
        dated = self._dated(rows).filter(pl.col("trade_date") == on)
        once = dated.unique(
            ["partner", "order_id", "event", "event_at", "quantity_e8", "trade_id"],
            keep="first",
            maintain_order=True,
        )
        return _numbered(_of_owners(once.with_columns(_side()), accounts), ORDERS)


def _side() -> pl.Expr:
    """Say BUY or SELL: a short sale sells."""
    buys = pl.col("side") == "BUY"
    return pl.when(buys).then(pl.lit("BUY")).otherwise(pl.lit("SELL")).alias("side")


def _taken_on(part: Part) -> date:
    return date.fromisoformat(part.key.split("/")[1])


def _of_owners(rows: pl.DataFrame, accounts: pl.DataFrame) -> pl.DataFrame:
    """Join the owners; an account that is not known is its own."""
    known = accounts.select(list(ACCOUNTS))
    both = rows.join(known, on="account_id", how="left", maintain_order="left")
    return both.with_columns(
        owner=pl.coalesce("owner", "account_id"),
        account_kind=pl.col("account_kind").fill_null("CLIENT"),
    )


def _numbered(rows: pl.DataFrame, schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Give every row its number, in an order that any way of reading them has."""
    ordered = rows.sort("partner", "business_date", "file", "row")
    return shaped(ordered.with_row_index("seen"), schema)
