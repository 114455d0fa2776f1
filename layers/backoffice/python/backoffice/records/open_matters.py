"""What is open of a client, and needs to know who it is until it is over."""

import re
from collections.abc import Callable, Collection, Iterator
from datetime import timedelta
from typing import Final

import polars as pl

from backoffice.clearance.complaints import CLOSED, complaints_as_they_stand
from backoffice.clearance.confidential import may_know
from backoffice.clearance.payments import payments_as_they_stand
from backoffice.clearance.requests import RECORD_REQUEST
from backoffice.clearance.suspicions import CONTINUED, NOT_FILED, REFUSED, sars_as_they_stand
from backoffice.clearance.taken import cases_by_id
from backoffice.compliance.reports.named_files import reports_under_way
from backoffice.intake.day_payments import known_payments
from backoffice.intake.documents import FileEntry
from backoffice.intake.freeze import entry_keys, taken_by
from backoffice.intake.personal import PERSONAL_KINDS
from backoffice.kernel.books import Books
from backoffice.kernel.columns import bucket_of
from backoffice.kernel.parts import Records
from backoffice.kernel.rulebook import Rulebook

_MONEY_LEFT: Final = ("REFUSED", "PAID")
_LOOKED_INTO: Final = "compliance looks into something of the account"
"""Whatever it is: of a suspicion nobody else may learn that there is one."""


def open_matters(
    records: Records,
    books: Books,
    rulebook: Rulebook,
    account_id: str,
    tells: Callable[[str, str], bool],
) -> tuple[str, ...]:
    """Say what of an account is not over by the latest closed books, a sentence each.

    Payments on their way, trades that settle later, cases, complaints, suspicions, reports that
    nobody acknowledged or that are to be corrected, and files that came since.

    Parameters
    ----------
    tells
        Whether a record original, by its key, has rows of an account.
    """
    told = [
        *_payments(records, books, account_id),
        *_trades(records, books, account_id),
        *_cases(records, books, account_id),
        *_complaints(records, books, rulebook, account_id),
        *_suspicions(records, books, rulebook, account_id),
        *(f"the report {name} is not over" for name in reports_under_way(records, [account_id])),
        *files_not_taken(records, books, [account_id], tells),
    ]
    return tuple(dict.fromkeys(told))


def _payments(records: Records, books: Books, account_id: str) -> Iterator[str]:
    own = known_payments(records, books).filter(pl.col("account_id") == account_id)
    rows = payments_as_they_stand(own, books.last_closed).sort("payment_id")
    for name, status in rows.select("payment_id", "status").iter_rows():
        if status not in _MONEY_LEFT:
            yield f"the payment {name} is {status}"


def _trades(records: Records, books: Books, account_id: str) -> Iterator[str]:
    bucket: int = bucket_of(pl.Series([account_id]), books.buckets).item()
    later = (pl.col("account_id") == account_id) & (pl.col("settlement_date") > books.day)
    for part in books.trades:
        last = part.settles_until if part.concerns(bucket, books.buckets) else None
        if last and last > books.day:
            for row in records.read(part).filter(later).sort("trade_id").iter_rows(named=True):
                yield f"the trade {row['trade_id']} settles on {row['settlement_date']}"


def _cases(records: Records, books: Books, account_id: str) -> Iterator[str]:
    """Name open cases that say the account; a request about records waits for people itself."""
    says = re.compile(rf"(?<![A-Za-z0-9._-]){re.escape(account_id)}(?![A-Za-z0-9._-])")
    for name, row in sorted(cases_by_id(records, books).items()):
        is_open = row["status"] == "OPEN" and row["code"] != RECORD_REQUEST
        if is_open and says.search(row["subject"] or ""):
            known = may_know(row["code"], row["subject"], ())
            yield f"the case {name} is open: {row['code']}" if known else _LOOKED_INTO


def _complaints(
    records: Records, books: Books, rulebook: Rulebook, account_id: str
) -> Iterator[str]:
    rows = complaints_as_they_stand(records, books, rulebook)
    own = rows.filter(pl.col("account_id") == account_id, pl.col("status") != CLOSED)
    return (f"the complaint {name} is open" for name in own["complaint_id"])


def _suspicions(
    records: Records, books: Books, rulebook: Rulebook, account_id: str
) -> Iterator[str]:
    rows = sars_as_they_stand(records, books, rulebook).filter(pl.col("account_id") == account_id)
    if rows.filter(~pl.col("status").is_in((REFUSED, NOT_FILED, CONTINUED))).height:
        yield _LOOKED_INTO


def files_not_taken(
    records: Records, books: Books, subjects: Collection[str], tells: Callable[[str, str], bool]
) -> Iterator[str]:
    """Name files that the books have not taken and that say something of one of some subjects."""
    taken = taken_by(records, books.day + timedelta(days=1))
    fresh = sorted(set(entry_keys(records)) - taken.keys())
    for entry in map(FileEntry.model_validate_json, records.read_many(fresh)):
        drop, original = entry.drop, str(entry.original)
        if drop.kind in PERSONAL_KINDS and any(tells(original, one) for one in subjects):
            yield f"{drop.name} of {drop.business_date} says something of it, not taken yet"
