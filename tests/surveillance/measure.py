"""How many planted patterns are found, and how many account-days of the honest make an alert."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Final

import polars as pl

from backoffice.compliance.surveillance.activity import activity_of
from backoffice.compliance.surveillance.looked_at import Trading
from backoffice.compliance.surveillance.patterns import Histories, in_histories, in_trading
from backoffice.compliance.surveillance.thresholds import Thresholds
from backoffice.kernel.rulebook import default_rulebook
from tests.surveillance.honest import populate
from tests.surveillance.market import Book, business_days
from tests.surveillance.planted import PLANTERS, Planted

LAST: Final = date(2026, 10, 9)
DAYS: Final = 10


@dataclass(frozen=True)
class Measured:
    """Of each pattern: planted, found; account-days of the honest, and those with an alert."""

    planted: dict[str, int]
    found: dict[str, int]
    account_days: int
    false: dict[str, int]
    missed: list[Planted]

    @property
    def false_account_days(self) -> int:
        """How many account-days have an alert of any pattern."""
        return self.false["ANY"]


def alerts_of(book: Book) -> pl.DataFrame:
    """Survey every day of a book: FOUND, and `on`, the day that told."""
    rules = default_rulebook()
    accounts, closes = book.known_accounts(), book.all_closes()
    trades, orders, moved = book.all_trades(), book.all_orders(), book.all_movements()
    history, told = book.history(), []
    for day in book.days:
        thresholds = Thresholds.on(rules, day)
        dealt = trades.filter(pl.col("trade_date") == day)
        logged = orders.filter(pl.col("trade_date") == day)
        known = moved.filter(pl.col("value_date") <= day)
        today = activity_of(dealt, known, day)
        history = pl.concat([history, today])
        trading = Trading(dealt, logged, closes.filter(pl.col("trade_date") == day))
        of = Histories(day, known, history, accounts, _holders(book), _assets(book))
        found = [in_trading(trading, thresholds), in_histories(of, thresholds)]
        told.append(pl.concat(found).with_columns(on=pl.lit(day)))
    return pl.concat(told)


def measure(seed: int | str, planted: int = 60, accounts: int = 1000) -> Measured:
    """Play out days of the honest alone; then with patterns planted among them."""
    clean = Book(Random(f"honest {seed}"), business_days(LAST, DAYS))  # noqa: S311 - drawn, no secret
    populate(clean, accounts)
    alerts = alerts_of(clean).explode("accounts").select("pattern", "accounts", "on").unique()
    false = dict(alerts.group_by("pattern").len().iter_rows())
    false["ANY"] = alerts.select("accounts", "on").unique().height
    book = Book(Random(f"planted {seed}"), business_days(LAST, DAYS))  # noqa: S311 - drawn
    populate(book, accounts // 4)
    there = [plant(book) for plant in PLANTERS.values() for _ in range(planted)]
    told = alerts_of(book).explode("accounts")
    seen = set(told.select("pattern", "accounts", "on").iter_rows())
    missed = [one for one in there if not _is_found(one, seen)]
    lost = {name: sum(one.pattern == name for one in missed) for name in PLANTERS}
    return Measured(
        planted=dict.fromkeys(PLANTERS, planted),
        found={name: planted - count for name, count in lost.items()},
        account_days=len(clean.accounts) * len(clean.days),
        false=false,
        missed=missed,
    )


def _is_found(one: Planted, seen: set[tuple[str, str, date]]) -> bool:
    return any((one.pattern, who, day) in seen for who in one.accounts for day in one.days)


def _holders(book: Book) -> pl.DataFrame:
    return pl.DataFrame({"account_id": sorted(book.holders)}, schema={"account_id": pl.String})


def _assets(book: Book) -> pl.DataFrame:
    rows = list(book.assets.items())
    schema = {"account_id": pl.String, "assets_minor": pl.Int128}
    return pl.DataFrame(rows, schema=schema, orient="row")
