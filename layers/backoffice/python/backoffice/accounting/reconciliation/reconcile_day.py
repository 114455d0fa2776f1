"""Reconcile a day at its close: every comparison there is, the breaks' lives, their causes."""

from dataclasses import dataclass

import polars as pl

from backoffice.accounting.day_documents import SettledDay
from backoffice.accounting.reconcile import BREAKS
from backoffice.accounting.reconciliation.break_causes import (
    standing_rows,
    with_causes,
    with_owners,
)
from backoffice.accounting.reconciliation.line_by_line import match_lines
from backoffice.accounting.reconciliation.lives import carry, grown, of_kind, with_kind
from backoffice.accounting.reconciliation.misfits import settlement_breaks
from backoffice.accounting.reconciliation.partners import excused, missing, partners_after
from backoffice.accounting.reconciliation.statement_dates import with_snapshots
from backoffice.accounting.reconciliation.tables import (
    LIVES,
    PARTNERS,
    known,
    remember,
)
from backoffice.accounting.reconciliation.values import with_values
from backoffice.clearance.acknowledged import without_grown
from backoffice.clearance.break_codes import RECONCILED
from backoffice.clearance.standing import STANDING, no_causes, replace_standing
from backoffice.intake.day_documents import Cause
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records
from backoffice.kernel.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Reconciled:
    """The books that remember the breaks, and those of the day that the report names besides."""

    books: Books
    more: pl.DataFrame


def reconcile_day(
    records: Records,
    books: Books,
    settled: SettledDay,
    total: pl.DataFrame,
    rulebook: Rulebook,
) -> Reconciled:
    """Compare what the day's statements say with the books, late ones with the books of their date.

    Parameters
    ----------
    records
        The store.
    books
        In progress, with the day's journal and balances.
    settled
        The day's street side and statements.
    total
        book (with its place), unit, amount: the whole books at the day's close.
    rulebook
        Tolerances, thresholds, owners.

    Returns
    -------
    Reconciled
        `more` are BREAKS of kinds TRANSACTION and CASH_ENTRY.
    """
    before = known(records, books, LIVES)
    lives, books = with_snapshots(records, books, settled, total, before)
    lives, books = settlement_breaks(records, books, settled.problems, lives)
    lined = match_lines(records, books, settled, rulebook)
    books = lined.books
    for kind, found in lined.found.items():
        lives = with_kind(lives, kind, carry(of_kind(lives, kind), found, books.day))
    partners = known(records, books, PARTNERS)
    after = partners_after(partners, settled.statements.stated)
    books = remember(records, books, PARTNERS, partners, after)
    missed = missing(after, books.day)
    if lives.height:
        lives = _looked_at(records, books, lives, missed, rulebook)
        books = remember(records, books, LIVES, before, lives)
        books = _with_grown(records, books, grown(before, lives))
    books = _with_standing(records, books, standing_rows(lives, missed))
    more = [found.select(BREAKS.names()) for found in lined.found.values()]
    return Reconciled(books, pl.concat([BREAKS.to_frame(), *more]))


def _looked_at(
    records: Records, books: Books, lives: pl.DataFrame, missed: pl.DataFrame, rulebook: Rulebook
) -> pl.DataFrame:
    """Give breaks their owners, values and causes."""
    excuses = excused(missed, rulebook.days("statement_late_days", books.day))
    owned = with_owners(lives, books.day, rulebook)
    return with_causes(with_values(records, books, owned), excuses, books.day, rulebook)


def _with_grown(records: Records, books: Books, larger: pl.DataFrame) -> Books:
    causes = [Cause(code=code, subject=cause, grown=True) for code, cause in larger.iter_rows()]
    return without_grown(records, books, causes, books.day) if causes else books


def _with_standing(records: Records, books: Books, rows: pl.DataFrame) -> Books:
    """Replace the causes that reconciliation found before by those there are now."""
    if not rows.height and not {LIVES, PARTNERS} & books.tables.keys():
        return books
    part = books.tables.get(STANDING)
    before = records.read(part) if part else no_causes()
    others = before.filter(~pl.col("code").is_in(RECONCILED))
    if not rows.height and others.height == before.height:
        return books
    books = replace_standing(records, books, pl.concat([others, rows]), books.day)
    # the street's side wrote the table before, and the desk writes it once more
    keys = [one.key for one in (part, books.tables[STANDING]) if one is not None]
    return books.with_written(*keys)
