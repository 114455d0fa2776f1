"""Until when a client's records have to stay readable, and what else forbids erasing one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from backoffice.clearance.record_requests import standing_holds
from backoffice.kernel.books import Books
from backoffice.kernel.columns import bucket_of
from backoffice.kernel.parts import BucketPart, Part, Records, concerning
from backoffice.kernel.rulebook import Rulebook
from backoffice.records.retention import retention_years, years_on
from backoffice.records.table_versions import table_versions
from backoffice.reference.known import known_table

_CLIENT, _APPROVED = "CLIENT", "APPROVED"
_PERIODS: Final = ("account", "ledger", "identification", "sanctions")
"""Whatever is kept of a client names them somewhere, so the longest of all is theirs."""
_NEVER_OPENED: Final = "never-opened"


@dataclass(frozen=True, slots=True)
class KeptFor:
    """What keeps a client's records readable.

    Attributes
    ----------
    last
        The last day on which anything was traded or booked; None when nothing ever was.
    until
        The first day on which they need not be kept; None of an account that is no client's.
    why
        A sentence each; none when nothing keeps them.
    """

    last: date | None
    until: date | None
    why: tuple[str, ...]


def kept_for(
    records: Records, books: Books, rulebook: Rulebook, account_id: str, today: date
) -> KeptFor:
    """Say whether a client may be erased on a day, by the latest closed books.

    Retention counts from the last day anything was recorded of the account: a trade, an entry, or
    the row that says who the client is. Of whom nothing was ever traded, booked or approved only
    that row is kept, for `never-opened` years.
    """
    accounts = known_table(records, books, "accounts").filter(account_id=account_id)
    if accounts.is_empty() or accounts["kind"].item() != _CLIENT:
        return KeptFor(None, None, (f"{account_id} is no client's account",))
    row = accounts.row(0, named=True)
    last = _last_business(records, books, account_id)
    is_open = row["kyc_status"] == _APPROVED
    opened = is_open or last is not None or _was_approved(records, books, account_id)
    periods = _PERIODS if opened else (_NEVER_OPENED,)
    since = max(day for day in (last, row["business_date"]) if day)
    until = years_on(since, max(retention_years(rulebook, name, since) for name in periods))
    why = [*_still_there(records, books, account_id), *_held(records, books, account_id)]
    if is_open:
        why.append("the account is open: its kyc_status is APPROVED")
    if today < until:
        why.append(f"its records are kept until {until}")
    return KeptFor(last, until, tuple(why))


def _last_business(records: Records, books: Books, account_id: str) -> date | None:
    """Return the last day that a trade or an entry of the account was recorded on."""
    parts = [*_of(books, books.journal, account_id), *_of(books, books.pending_journal, account_id)]
    for part in sorted(parts, key=lambda one: one.day, reverse=True):
        if _holds(records, part, pl.col("ref") == account_id):
            return part.day
    trades = _of(books, books.trades, account_id)
    for part in sorted(trades, key=lambda one: one.day, reverse=True):
        if _holds(records, part, pl.col("account_id") == account_id):
            return part.day
    return None


def _was_approved(records: Records, books: Books, account_id: str) -> bool:
    """Whether the account was ever open at a close, as far as the records still tell."""
    row = (pl.col("account_id") == account_id) & (pl.col("kyc_status") == _APPROVED)
    return any(table.filter(row).height for table in table_versions(records, books, "accounts"))


def _still_there(records: Records, books: Books, account_id: str) -> Iterator[str]:
    """Say what the account still has, or waits for."""
    own = (pl.col("ref") == account_id) & (pl.col("amount") != 0)
    for part in _of(books, books.bucketed.get("balances", ()), account_id):
        for row in records.read(part).filter(own).sort("book", "unit").iter_rows(named=True):
            yield f"{row['book']} is not at zero in {row['unit']}"
    for part in _of(books, books.bucketed.get("held", ()), account_id):
        if _holds(records, part, pl.col("account_id") == account_id):
            yield "a trade of the account is held"
            return


def _held(records: Records, books: Books, account_id: str) -> Iterator[str]:
    """Name the legal holds on the account, and those on everybody's records."""
    about = pl.col("account_id").is_null() | (pl.col("account_id") == account_id)
    for name in standing_holds(records, books).filter(about)["request_id"].sort():
        yield f"the legal hold {name} stands"


def _of(
    books: Books, parts: tuple[BucketPart, ...] | tuple[()], account_id: str
) -> list[BucketPart]:
    bucket: int = bucket_of(pl.Series([account_id]), books.buckets).item()
    return concerning(parts, bucket, books.buckets)


def _holds(records: Records, part: Part, about: pl.Expr) -> bool:
    return not records.read(part).filter(about).is_empty()
