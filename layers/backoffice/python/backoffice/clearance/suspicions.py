"""The register of suspicious activity reports: decided by two, filed in time, looked at again.

Each is a case of compliance alone until it is decided, until it is filed, and again when what was
filed has to be looked at anew.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final

import polars as pl

from backoffice.clearance.cases import CAUSE_SCHEMA, DUES_SCHEMA
from backoffice.clearance.requests import SAR_DECISION, keep_requests, with_outcomes
from backoffice.clearance.trails import Decision
from backoffice.intake.day_sars import FILE, SARS, known_filings, known_sars
from backoffice.kernel.books import Books
from backoffice.kernel.columns import format_money, one_line
from backoffice.kernel.frames import shaped
from backoffice.kernel.parts import Records
from backoffice.kernel.rulebook import Rulebook

SAR_FILING: Final = "SAR_FILING"
"""It is to be filed; the subject is the sar_id."""
SAR_CONTINUING: Final = "SAR_CONTINUING"
"""What was filed is to be looked at again, and decided anew; the subject is the sar_id."""

OPEN, TO_FILE, FILED, NOT_FILED, REFUSED, CONTINUING, CONTINUED = (
    *("OPEN", "TO_FILE", "FILED", "NOT_FILED", "REFUSED", "CONTINUING", "CONTINUED"),
)
_APPROVED: Final = "APPROVED"
_Frame = pl.DataFrame


def decide_sars(
    records: Records,
    books: Books,
    decided: Iterable[Decision],
    cases: Mapping[str, Mapping[str, Any]],
) -> Books:
    """Take what two people decided about suspicions.

    Parameters
    ----------
    cases
        The books' cases, by id.
    """
    if SARS not in books.tables:
        return books
    known = known_sars(records, books)
    named = known.rename({"case_id": "of_case", "decided_case": "case_id"})
    changed = with_outcomes(named, _subject(), SAR_DECISION, decided, cases)
    told = changed.rename({"case_id": "decided_case", "of_case": "case_id"})
    return keep_requests(records, books, SARS, known, told)


def sars_as_they_stand(records: Records, books: Books, rulebook: Rulebook) -> pl.DataFrame:
    """Return the register as of the books' day.

    Returns
    -------
    pl.DataFrame
        `SAR_SCHEMA` with bsa_id, filed_on, status, due (by when it is to be filed, then by when
        looked at again; null when nothing is), review_from; sorted by sar_id. OPEN: two people
        have not decided. REFUSED: they would not have it so. TO_FILE, FILED, NOT_FILED; CONTINUING
        once it is to be looked at again, CONTINUED when a later one that was agreed to does.
    """
    known = known_sars(records, books).sort("sar_id")
    filed = known_filings(records, books).select("sar_id", "bsa_id", "filed_on")
    rows = known.join(filed, on="sar_id", how="left", maintain_order="left")
    agreed = known.filter(pl.col("outcome") == _APPROVED)
    again = pl.col("sar_id").is_in(agreed["continues"].drop_nulls().implode())
    clocks = [_clock(row, rulebook) for row in rows.iter_rows(named=True)]
    dated = rows.with_columns(
        pl.Series(name, [one[place] for one in clocks], dtype=pl.Date)
        for place, name in enumerate(("file_by", "review_from", "review_by"))
    )
    status = _status(again, books.day)
    due = (
        pl.when(status.is_in((OPEN, TO_FILE)))
        .then("file_by")
        .when(status.is_in((FILED, CONTINUING)))
        .then("review_by")
    )
    return dated.with_columns(status=status, due=due)


def _status(again: pl.Expr, day: date) -> pl.Expr:
    return (
        pl.when(pl.col("outcome").is_null())
        .then(pl.lit(OPEN))
        .when(pl.col("outcome") != _APPROVED)
        .then(pl.lit(REFUSED))
        .when(pl.col("kind") != FILE)
        .then(pl.lit(NOT_FILED))
        .when(pl.col("filed_on").is_null())
        .then(pl.lit(TO_FILE))
        .when(again)
        .then(pl.lit(CONTINUED))
        .when(pl.col("review_from") <= day)
        .then(pl.lit(CONTINUING))
        .otherwise(pl.lit(FILED))
    )


def _clock(row: Mapping[str, Any], rulebook: Rulebook) -> tuple[date, date | None, date | None]:
    """Return by when it is to be filed, from when it is looked at again, and by when."""
    found, filed = row["detected_on"], row["filed_on"]
    rule = "sar_days" if row["has_suspect"] == "Y" else "sar_days_no_suspect"
    file_by = found + timedelta(days=rulebook.days(rule, found))
    if filed is None:
        return file_by, None, None
    review, until = (
        filed + timedelta(days=rulebook.days(f"sar_continuing.{name}", filed))
        for name in ("review_days", "file_days")
    )
    return file_by, review, until


def sar_causes(records: Records, books: Books, rulebook: Rulebook) -> tuple[_Frame, _Frame]:
    """Name what is to be decided, filed or looked at again: `CAUSE_SCHEMA` and `DUES_SCHEMA`."""
    if SARS not in books.tables:
        return pl.DataFrame(schema=dict(CAUSE_SCHEMA)), pl.DataFrame(schema=dict(DUES_SCHEMA))
    rows = sars_as_they_stand(records, books, rulebook)
    named = pl.concat(
        rows.filter(pl.col("status") == status).with_columns(code=pl.lit(code), subject=subject)
        for status, code, subject in _CASES
    )
    return shaped(named, CAUSE_SCHEMA), shaped(named, DUES_SCHEMA)


def untied(rows: pl.DataFrame, filings: pl.DataFrame) -> Iterator[str]:
    """Say which filings are of nothing that two people agreed to file."""
    agreed = rows.filter(pl.col("outcome") == _APPROVED, pl.col("kind") == FILE)
    strange = filings.join(agreed, on="sar_id", how="anti")["sar_id"].sort().to_list()
    yield from (f"{name} is filed and was not agreed to" for name in strange)


def _subject() -> pl.Expr:
    """Say what is decided, whole; no person is named in it."""
    amount = pl.format("{} {}", format_money("amount_minor"), "currency")
    said = pl.format("{}: {} {} of {}", "sar_id", "kind", "activity", "account_id")
    why = pl.format(" ({})", "reason").fill_null("")
    return one_line(pl.concat_str(said, pl.format(", {}, detected {}", amount, "detected_on"), why))


_CASES: Final = (
    (OPEN, SAR_DECISION, _subject()),
    (TO_FILE, SAR_FILING, pl.col("sar_id")),
    (CONTINUING, SAR_CONTINUING, pl.col("sar_id")),
)
