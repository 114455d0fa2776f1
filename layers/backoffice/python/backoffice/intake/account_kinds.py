"""Whether an account is the firm's own or a client's: it stays so once it has held anything.

What it holds stands in the books of its kind; under another kind nothing would be taken from there
again. One that is empty is no exception: a late cancellation brings back what it held.
"""

from collections.abc import Iterable
from typing import Final

import polars as pl

from backoffice.intake.day_documents import Cause
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records

KIND_REFUSED: Final = "ACCOUNT_KIND_REFUSED"
BOOKS_OF_ACCOUNTS: Final = (
    *("Assets:Inventory", "Liabilities:ClientCash", "Liabilities:Payable:Actions"),
    *("Assets:Receivable:Client", "Liabilities:Payable:Client", "Securities:Client"),
    *("Assets:Receivable:House", "Liabilities:Payable:House", "Securities:House"),
    *("Assets:Receivable:Allocated", "Securities:Allocated", "Assets:Revaluation:House"),
    *("Assets:Accrued:Interest", "Liabilities:Accrued:Interest"),
)
"""The books whose reference is an account."""
_NAMED: Final = 5


def with_kinds_kept(
    records: Records, books: Books, before: pl.DataFrame, after: pl.DataFrame
) -> tuple[pl.DataFrame, list[Cause]]:
    """Let accounts that have held something stay of their kind; the rest of their rows is taken.

    Parameters
    ----------
    records, books
        The record store, and the books of the last close.
    before, after
        The accounts table before and after the day's files.

    Returns
    -------
    tuple
        `after` with those kinds as they were, and a cause for each.
    """
    former = before.select("account_id", former="kind")
    both = after.join(former, on="account_id", how="left", maintain_order="left")
    changed = both.filter(pl.col("kind") != pl.col("former"))
    if not changed.height:
        return after, []
    held = _held(records, books, changed["account_id"])
    causes = [
        Cause(code=KIND_REFUSED, subject=_says(name, was, asked, held[name]))
        for name, was, asked in changed.select("account_id", "former", "kind").iter_rows()
        if name in held
    ]
    stays = pl.col("account_id").is_in(list(held))
    kind = pl.when(stays).then("former").otherwise("kind")
    return both.with_columns(kind=kind).drop("former"), causes


def _says(account_id: str, was: str, asked: str, units: list[str]) -> str:
    more = f" and {len(units) - _NAMED} more" if len(units) > _NAMED else ""
    holds = ", ".join(units[:_NAMED]) + more
    return f"{account_id} stays {was}, it is not {asked}: it has held {holds}"


def _held(records: Records, books: Books, accounts: pl.Series) -> dict[str, list[str]]:
    """Name the issues and currencies that anything was booked in to accounts, be it gone again."""
    theirs = accounts.implode()
    balances = [part for part in (books.tables.get("balances"),) if part]
    found: dict[str, set[str]] = {}
    for part in (*balances, *books.bucketed.get("balances", ())):
        rows = records.read(part, ("book", "ref", "unit"))
        own = rows.filter(pl.col("book").is_in(BOOKS_OF_ACCOUNTS), pl.col("ref").is_in(theirs))
        _add(found, own.select("ref", "unit").iter_rows())
    for part in books.bucketed.get("last", ()):
        dealt = records.read(part, ("account_id", "isin"))
        _add(found, dealt.filter(pl.col("account_id").is_in(theirs)).iter_rows())
    return {
        name: sorted(units, key=lambda unit: (-len(unit), unit)) for name, units in found.items()
    }


def _add(found: dict[str, set[str]], pairs: Iterable[tuple[str, ...]]) -> None:
    for name, unit in pairs:
        found.setdefault(name, set()).add(unit)
