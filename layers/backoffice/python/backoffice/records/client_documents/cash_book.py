"""A client's own money over a period: what it was, every line, and what it is."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

import polars as pl

from backoffice.accounting import chart
from backoffice.kernel.books import Books
from backoffice.kernel.columns import format_money
from backoffice.kernel.currencies import minor_units
from backoffice.kernel.errors import UnbalancedError
from backoffice.kernel.parts import BucketPart, Records
from backoffice.kernel.scaled import format_exact
from backoffice.records.client_documents.contents import Row

_PURSE: Final = ("account_id", "currency")
_OWING: Final = (chart.RECEIVABLE_CLIENT, chart.PAYABLE_CLIENT)
_CHARGED: Final = (chart.FEES, chart.COMMISSION)
_LINE: Final = {
    "account_id": pl.String,
    "currency": pl.String,
    "recorded_on": pl.Date,
    "effective_date": pl.Date,
    "kind": pl.String,
    "source": pl.String,
    "entry_id": pl.String,
    "reverses": pl.String,
    "amount_minor": pl.Int128,
}
_CHARGE: Final = {
    "account_id": pl.String,
    "currency": pl.String,
    "charge": pl.String,
    "amount_minor": pl.Int128,
}
_BALANCE: Final = {"account_id": pl.String, "currency": pl.String, "balance_minor": pl.Int128}


class Purse(NamedTuple):
    """An account's money of one currency over a period, as text: credits are the client's.

    `lines` are every posting of the period's closes, in the order they were recorded, each with
    what it leaves.
    """

    currency: str
    opening: str
    closing: str
    lines: Sequence[Row]


class CashBook(NamedTuple):
    """Some accounts' money over a period, and what their trades were charged.

    `charges` are rows of account_id, currency, charge (a fee code; "" for commission) and amount:
    less what was taken back.
    """

    purses: Mapping[str, Sequence[Purse]]
    charges: Sequence[Row]

    def lines(self) -> Iterator[Row]:
        """Yield every line of every account."""
        return (line for own in self.purses.values() for purse in own for line in purse.lines)


def cash_book(
    records: Records,
    books: Books,
    earlier: Books | None,
    accounts: Sequence[str],
    bucket: int,
) -> CashBook:
    """Read some accounts of a bucket from the journal and the balances of two closes.

    Raises
    ------
    UnbalancedError
        When lines do not lead from the one balance to the other.
    """
    since = earlier.day if earlier else date.min
    parts = [
        part for part in books.journal if since < part.day and part.concerns(bucket, books.buckets)
    ]
    lines, charges = _moved(records, sorted(parts, key=lambda part: part.day), accounts)
    opening = _balances(records, earlier, accounts, bucket)
    closing = _balances(records, books, accounts, bucket)
    charged = charges.with_columns(amount=format_money("amount_minor"))
    return CashBook(_purses(opening, closing, lines), charged.to_dicts())


def _purses(
    opening: pl.DataFrame, closing: pl.DataFrame, lines: pl.DataFrame
) -> Mapping[str, Sequence[Purse]]:
    """Lay each account's lines between its balances."""
    running = _running(lines, opening)
    found: dict[str, list[Purse]] = {}
    rows: dict[tuple[str, str], list[Row]] = {}
    for row in running.to_dicts():
        rows.setdefault((row["account_id"], row["currency"]), []).append(row)
    before, after = _by_purse(opening), _by_purse(closing)
    for account, currency in sorted({*before, *after, *rows}):
        own = rows.get((account, currency), [])
        first, last = (of.get((account, currency), 0) for of in (before, after))
        if (own[-1]["left_minor"] if own else first) != last:
            raise UnbalancedError(f"the lines of {account} in {currency} miss its balance")
        decimals = minor_units(currency)
        begun, ended = (format_exact(amount, decimals) for amount in (first, last))
        found.setdefault(account, []).append(Purse(currency, begun, ended, own))
    return found


def _moved(
    records: Records, parts: Iterable[BucketPart], accounts: Sequence[str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read the accounts' lines and charges, a part after another: a month is more than fits."""
    lines, charges = [pl.DataFrame(schema=_LINE)], [pl.DataFrame(schema=_CHARGE)]
    for part in parts:
        rows = records.read(part)
        own = pl.col("ref").is_in(accounts)
        lines.append(_lines(rows.filter(own, pl.col("book") == chart.CLIENT_CASH)))
        charges.append(_charges(rows, rows.filter(own, pl.col("book").is_in(_OWING))))
    key = ("account_id", "currency", "charge")
    sums = pl.concat(charges).group_by(key).agg(pl.col("amount_minor").sum())
    return pl.concat(lines), sums.sort(key)


def _lines(rows: pl.DataFrame) -> pl.DataFrame:
    ordered = rows.sort("recorded_on", "effective_date", "entry_id", maintain_order=True)
    named = ordered.with_columns(
        account_id="ref", currency="unit", amount_minor=pl.col("amount") * -1
    )
    return named.select(list(_LINE))


def _charges(rows: pl.DataFrame, owing: pl.DataFrame) -> pl.DataFrame:
    """Find what the entries that charge the accounts put down as fees and commission."""
    whose = owing.filter(pl.col("kind").is_in(["TRADE", "ALLOCATION", "REVERSAL"]))
    entries = whose.select("entry_id", account_id="ref").unique()
    charged = rows.filter(pl.col("book").is_in(_CHARGED)).join(entries, on="entry_id", how="inner")
    named = charged.with_columns(currency="unit", charge="ref", amount_minor=pl.col("amount") * -1)
    return named.select(list(_CHARGE))


def _balances(
    records: Records, books: Books | None, accounts: Sequence[str], bucket: int
) -> pl.DataFrame:
    if books is None:
        return pl.DataFrame(schema=_BALANCE)
    parts = [
        part for part in books.bucketed.get("balances", ()) if part.concerns(bucket, books.buckets)
    ]
    street = books.tables.get("balances")
    frames = [records.read(part) for part in ([street, *parts] if street else parts)]
    rows = pl.concat(frames) if frames else pl.DataFrame()
    if not rows.width:
        return pl.DataFrame(schema=_BALANCE)
    own = rows.filter(pl.col("book") == chart.CLIENT_CASH, pl.col("ref").is_in(accounts))
    sums = own.group_by(account_id="ref", currency="unit").agg(balance_minor=pl.col("amount").sum())
    return sums.with_columns(pl.col("balance_minor") * -1)


def _by_purse(balances: pl.DataFrame) -> dict[tuple[str, str], int]:
    rows = balances.select(*_PURSE, "balance_minor").iter_rows()
    return {(account, currency): amount for account, currency, amount in rows}


def _running(lines: pl.DataFrame, opening: pl.DataFrame) -> pl.DataFrame:
    """Write lines as text, each with the balance it leaves."""
    begun = lines.join(opening, on=_PURSE, how="left", maintain_order="left")
    left = pl.col("amount_minor").cum_sum().over(_PURSE) + pl.col("balance_minor").fill_null(0)
    return begun.with_columns(left_minor=left).with_columns(
        amount=format_money("amount_minor"),
        left=format_money("left_minor"),
        day=pl.col("recorded_on").cast(pl.String),
        counts=pl.col("effective_date").cast(pl.String),
    )
