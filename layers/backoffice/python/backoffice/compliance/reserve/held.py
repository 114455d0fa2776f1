"""What the closed books say that the reserve looks at: accounts, settled positions, balances."""

from typing import Final

import polars as pl

from backoffice.accounting import chart
from backoffice.accounting.as_of import carried_parts
from backoffice.accounting.balances import balances
from backoffice.accounting.journal import empty_journal
from backoffice.compliance.reports.kinds import Look
from backoffice.reference.known import known_table

HELD: Final = {"account_id": pl.String, "isin": pl.String, "quantity_e8": pl.Int128}


def balances_of(look: Look) -> pl.DataFrame:
    """Return book, ref, unit, amount of every balance the close carries on."""
    rows = look.records.read_all(carried_parts(look.books))
    known = empty_journal() if rows is None else rows
    return balances(known.select("book", "ref", "unit", "amount")).sort("book", "ref", "unit")


def customers(look: Look) -> pl.DataFrame:
    """Return account_id, account_type of the accounts that are not the firm's."""
    rows = known_table(look.records, look.books, "accounts")
    return rows.filter(pl.col("kind") == "CLIENT").select("account_id", "account_type")


def every_account(look: Look) -> pl.DataFrame:
    """Return account_id of customers and of the firm."""
    return known_table(look.records, look.books, "accounts").select("account_id")


def settled_positions(look: Look, accounts: pl.DataFrame) -> pl.DataFrame:
    """Return account_id, isin, quantity_e8 (signed) that accounts have by contractual settlement.

    Of one ISIN they are added up, whatever currency they were bought in.
    """
    frames = [pl.DataFrame(schema=HELD)]
    for part in look.books.bucketed.get("positions", ()):
        rows = look.records.read(part, ["account_id", "isin", "settled_quantity_e8"])
        found = rows.join(accounts, on="account_id", how="semi")
        frames.append(found.rename({"settled_quantity_e8": "quantity_e8"}).select(list(HELD)))
    sums = pl.concat(frames).group_by("account_id", "isin").agg(pl.col("quantity_e8").sum())
    return sums.filter(pl.col("quantity_e8") != 0).sort("account_id", "isin")


def short_of(holdings: pl.DataFrame) -> dict[str, int]:
    """Return by ISIN how many shares accounts are short of."""
    short = holdings.filter(pl.col("quantity_e8") < 0)
    sums = short.group_by("isin").agg(pl.col("quantity_e8").sum() * -1)
    return dict(sums.iter_rows())


def at_places(balances: pl.DataFrame, book: str) -> dict[str, int]:
    """Return by ISIN what stands in debit on a book and its children."""
    account = chart.account_name()
    ours = (account == book) | account.str.starts_with(f"{book}:")
    sums = balances.filter(ours).group_by("unit").agg(pl.col("amount").sum())
    return {unit: amount for unit, amount in sums.iter_rows() if amount > 0}


def on_its_way(look: Look, balances: pl.DataFrame) -> dict[str, int]:
    """Return by ISIN what accounts have by contractual settlement and the street has not brought.

    What stands against the street, less what accounts have traded and have not settled: the fails,
    and what is due today or was instructed anew and is no fail yet; receipts less deliveries.
    """
    street = balances.filter(pl.col("book") == chart.SECURITIES_STREET)
    columns = ["isin", "traded_quantity_e8", "settled_quantity_e8"]
    left = pl.col("settled_quantity_e8") - pl.col("traded_quantity_e8")
    parts = look.books.bucketed.get("positions", ())
    own = [look.records.read(part, columns).select("isin", lag_e8=left) for part in parts]
    frames = [street.select(isin="unit", lag_e8="amount"), *own]
    sums = pl.concat(frames).group_by("isin").agg(pl.col("lag_e8").sum())
    return dict(sums.iter_rows())
