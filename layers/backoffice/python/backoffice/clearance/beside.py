"""What a cut-off takes beside files: lists, notices, documents, and what the desk decided."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

import polars as pl

from backoffice.clearance.acknowledged import found_otherwise, without_grown
from backoffice.clearance.customer_documents import take_documents
from backoffice.clearance.decided_day import take_decisions
from backoffice.clearance.document_accesses import remember_accesses
from backoffice.clearance.instruction_changes import propose_changes
from backoffice.clearance.listed_parties import LISTED_NAMES, take_versions
from backoffice.clearance.standing import change_standing
from backoffice.intake.day_documents import Cause, ResolvedDay
from backoffice.intake.documents import FrozenInputs
from backoffice.intake.notices import Notice, read_notices, remember
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records, Work
from backoffice.risk.screening.versions import REFUSED, ListVersion

LIST_REFUSED: Final = "LIST_REFUSED"
"""The cause of a list's version that was refused: the one before stays in force."""


def take_beside(
    records: Records, work: Work, resolved: ResolvedDay, frozen: FrozenInputs
) -> ResolvedDay:
    """Take everything the cut-off froze beside files; return the resolved day as staged.

    Parameters
    ----------
    records, work
        The stores.
    resolved
        The day's files, resolved.
    frozen
        What the cut-off reads.
    """
    # what was dealt with was dealt with before what is new
    resolved = take_decisions(records, work, resolved, frozen.acts)
    day = resolved.day
    books = propose_changes(records, resolved.books, day)
    if any((frozen.lists, frozen.notices, frozen.documents, frozen.accesses)):
        books, versions = take_versions(records, books, frozen.lists, day)
        books = _take_notices(records, books, frozen.notices, day)
        books = _with_refused_lists(records, books, versions, day)
        books = take_documents(records, books, frozen.documents, day)
        books = remember_accesses(records, books, frozen.accesses, day)
    if books is not resolved.books:
        key = f"{resolved.stem}/beside.json"
        resolved = resolved.model_copy(update={"key": key, "books": books})
        work.stage_json(key, resolved.model_dump_json().encode())
    return resolved


def has_listed(books: Books) -> bool:
    """Tell whether any list is in force: only then is anybody screened."""
    return LISTED_NAMES in books.tables


def _take_notices(records: Records, books: Books, keys: Sequence[str], day: date) -> Books:
    if not keys:
        return books
    notices = read_notices(records, keys)
    expired = {account for notice in notices for account in notice.expired}
    books = remember(records, _expire(records, books, expired, day), keys, day)
    found, over = _in_order(notices)
    over += found_otherwise(records, books, found)
    books = without_grown(records, books, found, day)
    held = records.read_all(notice.members for notice in notices if notice.members)
    return change_standing(records, books, found, over, day, held)


def _in_order(notices: Iterable[Notice]) -> tuple[list[Cause], list[Cause]]:
    """Return the causes that several notices leave, and those that any of them cured."""
    found: dict[tuple[str, str], Cause] = {}
    over: list[Cause] = []
    for notice in notices:
        for cause in notice.cured:
            found.pop((cause.code, cause.subject), None)
        over += notice.cured
        for cause in notice.causes:
            before = found.get((cause.code, cause.subject), cause)
            grown = cause.grown or before.grown
            found[cause.code, cause.subject] = cause.model_copy(update={"grown": grown})
    return list(found.values()), over


def _expire(records: Records, books: Books, expired: set[str], day: date) -> Books:
    """Expire the approval of customers whose review date has passed, as their rows still say.

    Where a row came from stays: any later file takes its place.
    """
    part = books.tables.get("accounts")
    if not expired or part is None:
        return books
    accounts = records.read(part)
    is_due = (
        pl.col("account_id").is_in(list(expired))
        & (pl.col("kyc_status") == "APPROVED")
        & (pl.col("kyc_review_date") < day)
    )
    status = pl.when(is_due).then(pl.lit("EXPIRED")).otherwise("kyc_status")
    changed = accounts.with_columns(kyc_status=status)
    if changed.equals(accounts):
        return books
    kept = records.keep("reference", day, changed)
    # the day's own merge wrote the table before
    return books.with_written(part.key).with_tables(accounts=kept)


def _with_refused_lists(
    records: Records, books: Books, versions: Iterable[ListVersion], day: date
) -> Books:
    """Open a cause for a list whose latest version was refused; a good one takes it away."""
    last = {one.list_code: one.status for one in versions}
    refused = [Cause(code=LIST_REFUSED, subject=c) for c, s in last.items() if s == REFUSED]
    cured = [Cause(code=LIST_REFUSED, subject=c) for c, s in last.items() if s != REFUSED]
    return change_standing(records, books, refused, cured, day)
