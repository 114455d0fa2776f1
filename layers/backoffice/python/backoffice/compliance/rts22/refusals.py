"""What waits, as causes for people: what lacks, and what was refused and may be released."""

from collections.abc import Iterator

import polars as pl

from backoffice.clearance.report_codes import REPORT_DATA_MISSING, REPORT_REJECTED
from backoffice.clearance.taken import DECISIONS
from backoffice.compliance.reports.kinds import Look
from backoffice.compliance.rts22.frames import LEG, MISSING, REFUSED
from backoffice.intake.day_documents import Cause


def causes_of(waiting: pl.DataFrame) -> Iterator[Cause]:
    """Name what lacks, of an account once for all its trades, and what was refused and why."""
    lacks = waiting.filter(pl.col("why") == MISSING).with_columns(pl.col("missing").str.split(";"))
    for subject in lacks.explode("missing").select(_lack()).to_series().unique().sort():
        yield Cause(code=REPORT_DATA_MISSING, subject=subject)
    refused = waiting.filter(pl.col("why") == REFUSED)
    for subject in refused.select(refusal()).to_series().unique().sort():
        yield Cause(code=REPORT_REJECTED, subject=subject)


def refusal() -> pl.Expr:
    """Name what was refused in one file for one reason."""
    reason = pl.col("reason").fill_null("no reason is given")
    return pl.concat_str("message_id", reason, separator=": ")


def released(look: Look) -> Iterator[str]:
    """Yield what two people have decided to send again as it is, since the last report."""
    part = look.books.tables.get(DECISIONS)
    if part is None:
        return
    rows = look.records.read(part).filter(
        pl.col("code") == REPORT_REJECTED, pl.col("outcome") == "RELEASE"
    )
    for subject, day in rows.select("subject", "taken_on").iter_rows():
        if look.covers(day):
            yield subject


def _lack() -> pl.Expr:
    """Say whose field lacks: of a trade's own fields the trade, else the account."""
    of_account = pl.col("missing").str.contains("^(lei|given_names|surname|birth_date|national_id)")
    account = pl.concat_str(pl.lit("account"), "account_id", "missing", separator=" ")
    trade = pl.concat_str(pl.lit("trade"), pl.concat_str(LEG[1:], separator="/"), "missing",
                          separator=" ")  # fmt: skip
    return pl.when(of_account).then(account).otherwise(trade).alias("subject")
