"""Mark the firm's own holdings to the market at a close, where its policy is to.

Source: a broker-dealer's inventory is at fair value through income (ASC 940-320-35). A close books
by how much value less cost has changed; what a sale realises is no part of it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import polars as pl

from backoffice.accounting import chart
from backoffice.accounting.adjusted_closes import Changes, changes_of, price_units
from backoffice.accounting.currencies.known_positions import policy_holds
from backoffice.accounting.journal import JOURNAL_SCHEMA, LARGEST_AMOUNT
from backoffice.accounting.lots.book import counting_legs
from backoffice.clearance.accounting_causes import HOUSE_NOT_MARKED
from backoffice.kernel.books import Books
from backoffice.kernel.currencies import MINOR_UNITS
from backoffice.kernel.parts import Part, Records
from backoffice.kernel.scaled import round_half_up
from backoffice.reference.known import known_table
from backoffice.risk.valuation import latest_on

MARKS: Final = "house_marks"
_POLICY: Final = "MARK_TO_MARKET"
_KEY: Final = ("account_id", "isin", "currency")
_QUANTITY_AND_PRICE: Final = 10**16
_HEADROOM: Final = 10**4
"""Sums of so many such values are amounts, too."""

MARK_SCHEMA: Final[Mapping[str, Any]] = {
    **dict.fromkeys(_KEY, pl.String),
    "quantity_e8": pl.Int128,
    "cost_minor": pl.Int128,
    "value_minor": pl.Int128,
    "close_e8": pl.Int128,
    "close_date": pl.Date,
}
"""A row a house account, instrument and currency of its lots; short ones are negative."""


@dataclass(slots=True)
class Marked:
    """The holdings' rows, entries, and causes of what was not marked."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    entries: list[dict[str, Any]] = field(default_factory=list)
    causes: list[dict[str, Any]] = field(default_factory=list)

    @property
    def journal(self) -> pl.DataFrame:
        """Return rows of `JOURNAL_SCHEMA`."""
        return pl.DataFrame(self.entries, schema=dict(JOURNAL_SCHEMA))


def mark_house(records: Records, books: Books, lots: Iterable[Part]) -> Marked | None:
    """Mark what house accounts hold by their lots; None where the firm's policy is not to.

    Parameters
    ----------
    lots
        The lots of the close, bucket by bucket.
    """
    if not policy_holds(records, books, _POLICY):
        return None
    before = {tuple(row[n] for n in _KEY): row for row in known_marks(records, books).to_dicts()}
    held = {tuple(row[n] for n in _KEY): row for row in _held(records, books, lots)}
    changes = changes_of(counting_legs(records, books, books.day))
    isins = {isin for _, isin, _ in held}
    asked = isins | {source.isin for isin in isins for source in changes.sources(isin)}
    closes, units = _closes(records, books, sorted(asked)), price_units(records, books)
    found = Marked()
    changed: dict[tuple[str, str], int] = defaultdict(int)
    for key in sorted({*before, *held}):
        was, now = before.get(key), held.get(key)
        row = _marked(now, closes, changes, units) if now else None
        if now and row is None:
            found.causes.append({"code": HOUSE_NOT_MARKED, "subject": key[1]})
            row = was
        if row:
            found.rows.append(row)
        changed[key[0], key[2]] += _gain(row) - _gain(was)
    for (account, currency), gain in sorted(changed.items()):
        found.entries += _entry(account, currency, gain, books.day)
    return found


def known_marks(records: Records, books: Books) -> pl.DataFrame:
    """Return `MARK_SCHEMA`: what house accounts held when they were last marked."""
    part = books.tables.get(MARKS)
    return records.read(part) if part else pl.DataFrame(schema=dict(MARK_SCHEMA))


def _held(records: Records, books: Books, lots: Iterable[Part]) -> list[dict[str, Any]]:
    """Add up the lots of house accounts."""
    part = books.tables.get("accounts")
    if part is None:
        return []
    accounts = records.read(part, ("account_id", "kind")).filter(pl.col("kind") == "HOUSE")
    house = accounts["account_id"].implode()
    wanted = [*_KEY, "quantity_e8", "cost_minor"]
    rows = [records.read(one, wanted).filter(pl.col("account_id").is_in(house)) for one in lots]
    if not rows:
        return []
    sums = pl.concat(rows).group_by(_KEY).agg(pl.col("quantity_e8", "cost_minor").sum())
    return sums.filter((pl.col("quantity_e8") != 0) | (pl.col("cost_minor") != 0)).to_dicts()


def _closes(records: Records, books: Books, isins: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return each issue's latest close on or before the day."""
    asked = pl.Series("isin", isins, dtype=pl.String).implode()
    prices = known_table(records, books, "prices").filter(pl.col("isin").is_in(asked))
    return {row["isin"]: row for row in latest_on(prices, books.day, ["isin"]).to_dicts()}


def _marked(
    held: Mapping[str, Any],
    closes: Mapping[str, dict[str, Any]],
    changes: Changes,
    units: Mapping[str, int],
) -> dict[str, Any] | None:
    """Value a holding; None without a close in its currency, or with one beyond any journal."""
    close, since = changes.close_of(held["isin"], held["account_id"], closes)
    if close is None or since is None or close["currency"] != held["currency"]:
        return None
    new = since.numerator * units.get(close["isin"], 1)
    price = close["close_e8"] * since.denominator
    worth = held["quantity_e8"] * price * 10 ** MINOR_UNITS[close["currency"]]
    value = round_half_up(worth, _QUANTITY_AND_PRICE * new)
    if abs(value) >= LARGEST_AMOUNT // _HEADROOM:
        return None
    shown = round_half_up(price * units.get(held["isin"], 1), new)
    return {**held, "value_minor": value, "close_e8": shown, "close_date": close["date"]}


def _gain(row: Mapping[str, Any] | None) -> int:
    return row["value_minor"] - row["cost_minor"] if row else 0


def _entry(account: str, currency: str, gain: int, day: date) -> Iterator[dict[str, Any]]:
    for book, ref, amount in (
        (chart.HOUSE_REVALUATION, account, gain),
        (chart.TRADING_UNREALISED, "", -gain),
    ):
        if amount:
            yield {
                "entry_id": f"{day}:H:{account}:{currency}",
                "effective_date": day,
                "recorded_on": day,
                "kind": "MARK_TO_MARKET",
                "source": f"{account} {currency}",
                "book": book,
                "ref": ref,
                "unit": currency,
                "amount": amount,
                "reverses": None,
            }
