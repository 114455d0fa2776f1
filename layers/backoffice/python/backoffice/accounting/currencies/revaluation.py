"""Revalue the firm's own positions in foreign currencies at a close.

A position is what income, expenses and equity have left of a currency: so much of it the firm has
beyond what it owes. It is kept at average cost in the base currency; a close books by how much the
difference to the day's rate has changed, and what reductions have realised.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

import polars as pl

from backoffice.accounting.currencies.known_positions import (
    FX_REVALUATION,
    fx_positions,
    policy_currency,
    unknown_position,
)
from backoffice.accounting.currencies.positions import Position, in_base
from backoffice.accounting.currencies.revaluation_postings import revaluation_entry
from backoffice.accounting.journal import JOURNAL_SCHEMA, LARGEST_AMOUNT
from backoffice.clearance.accounting_causes import FX_NOT_REVALUED
from backoffice.intake.day_deals import known_deals
from backoffice.kernel.books import Books
from backoffice.kernel.currencies import MINOR_UNITS
from backoffice.kernel.parts import Records
from backoffice.reference.tables import empty_table

_OWN: Final = ("Income", "Expenses", "Equity")
_ONE_DAY: Final = timedelta(days=1)
_HEADROOM: Final = 18 - 6
"""A rate is at 10^18; between two currencies' minor units and sums there are six digits."""


class _Flow(NamedTuple):
    """What a deal added to a position, and at what value where one side is the base currency."""

    currency: str
    amount: int
    value: int | None


@dataclass(slots=True)
class Revaluation:
    """What revaluing came to: the positions' rows, entries, and causes of what was not revalued."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    entries: list[dict[str, Any]] = field(default_factory=list)
    causes: list[dict[str, Any]] = field(default_factory=list)

    @property
    def journal(self) -> pl.DataFrame:
        """Return rows of `JOURNAL_SCHEMA`."""
        return pl.DataFrame(self.entries, schema=dict(JOURNAL_SCHEMA))


def revalue(records: Records, books: Books, total: pl.DataFrame) -> Revaluation | None:
    """Revalue every foreign currency the firm is in; None where its policy is not to.

    Parameters
    ----------
    total : pl.DataFrame
        book, unit, amount of the whole books, with all else the close books.
    """
    base = policy_currency(records, books, FX_REVALUATION)
    if base is None:
        return None
    known = {row["currency"]: row for row in fx_positions(records, books).to_dicts()}
    known = {code: row for code, row in known.items() if row["base"] == base}
    stands = _positions(total)
    deals = known_deals(records, books).to_dicts()
    found = Revaluation()
    for currency in sorted({*known, *stands} - {base}):
        before = known.get(currency)
        if before is None and not stands.get(currency):
            continue
        since = before["as_of"] if before else books.last_closed or books.day - _ONE_DAY
        flows = [flow for flow in _flows(deals, base, since) if flow.currency == currency]
        rate = _rate(records, books, currency, base)
        before = before or unknown_position((currency, base), since)
        _revalue_one(found, before, stands.get(currency, 0), flows, rate, books.day)
    return found


def _positions(total: pl.DataFrame) -> dict[str, int]:
    """Return by currency what income, expenses and equity have left: a gain is a credit there."""
    root = pl.col("book").str.split(":").list.first()
    is_money = pl.col("unit").is_in(list(MINOR_UNITS))
    own = total.filter(root.is_in(list(_OWN)), is_money)
    sums = own.group_by("unit").agg(pl.col("amount").sum() * -1)
    return dict(sums.filter(pl.col("amount") != 0).iter_rows())


def _flows(deals: Iterable[Mapping[str, Any]], base: str, since: date) -> Iterator[_Flow]:
    """Yield what the firm's own deals booked since then did to its positions, in order."""
    own = [
        row
        for row in deals
        if row["booked_on"] is not None
        and row["booked_on"] > since
        and (row["account_id"] is None or row["counterparty"] is None)
    ]
    for row in sorted(own, key=lambda row: (row["trade_date"], row["deal_id"])):
        sign = 1 if row["account_id"] is None else -1
        bought, sold = row["buy_amount_minor"] * sign, row["sell_amount_minor"] * -sign
        buys, sells = row["buy_currency"], row["sell_currency"]
        yield _Flow(buys, bought, -sold if sells == base else None)
        yield _Flow(sells, sold, -bought if buys == base else None)


def _rate(records: Records, books: Books, currency: str, base: str) -> tuple[int, date] | None:
    """Return the latest rate of the direct pair dated on or before the day."""
    part = books.tables.get("fx")
    rates = records.read(part) if part else empty_table("fx")
    found = rates.filter(
        pl.col("currency") == currency, pl.col("base") == base, pl.col("date") <= books.day
    ).sort("date")
    row = found.select("rate_e18", "date").tail(1).rows()
    return row[0] if row else None


def _revalue_one(
    found: Revaluation,
    before: Mapping[str, Any],
    stands: int,
    flows: Sequence[_Flow],
    rate: tuple[int, date] | None,
    day: date,
) -> None:
    """Bring one currency up to the day, or leave it as it was and say what it waits for."""
    pair = (before["currency"], before["base"])
    amounts = (stands, before["position_minor"], *(flow.amount for flow in flows))
    if rate is None or _is_beyond(rate[0], amounts):
        found.causes.append({"code": FX_NOT_REVALUED, "subject": "/".join(pair)})
        found.rows.append(dict(before))
        return
    position = Position(before["position_minor"], before["cost_minor"])
    unvalued = stands - position.amount - sum(flow.amount for flow in flows)
    for amount, value in ((unvalued, None), *((flow.amount, flow.value) for flow in flows)):
        if amount:
            position.take(amount, in_base(amount, *pair, rate[0]) if value is None else value)
    row = _revalued(before, position, rate, day)
    found.rows.append(row)
    gain = row["value_minor"] - row["cost_minor"]
    was = before["value_minor"] - before["cost_minor"]
    found.entries += revaluation_entry(pair, row, gain - was, position.realised, day)


def _revalued(
    before: Mapping[str, Any], position: Position, rate: tuple[int, date], day: date
) -> dict[str, Any]:
    pair = (before["currency"], before["base"])
    return {
        **before,
        "as_of": day,
        "position_minor": position.amount,
        "cost_minor": position.cost,
        "value_minor": in_base(position.amount, *pair, rate[0]),
        "rate_e18": rate[0],
        "rate_date": rate[1],
        "realised_minor": before["realised_minor"] + position.realised,
    }


def _is_beyond(rate_e18: int, amounts: Iterable[int]) -> bool:
    """Tell a rate that no currency has: what it makes of an amount fits no journal."""
    largest = max((abs(amount) for amount in amounts), default=0)
    return largest * rate_e18 >= LARGEST_AMOUNT * 10**_HEADROOM
