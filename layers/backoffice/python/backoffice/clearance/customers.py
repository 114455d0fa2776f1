"""Customers' reviews: warned of ahead, expired when their date has passed, cured by a new one."""

from datetime import date, timedelta
from typing import Final

import polars as pl

from backoffice.intake.day_documents import Cause
from backoffice.intake.notices import Notice
from backoffice.kernel.rulebook import Rulebook

KYC_EXPIRED: Final = "KYC_EXPIRED"
KYC_REVIEW_DUE: Final = "KYC_REVIEW_DUE"
_JOB: Final = "review_customers"


def review_customers(accounts: pl.DataFrame, day: date, rulebook: Rulebook) -> Notice | None:
    """Find the customers whose review is due soon, and those whose approval has run out.

    Parameters
    ----------
    accounts : pl.DataFrame
        account_id, kind, kyc_status, kyc_review_date; one without a date is never due.
    day : date
        A review is due on its date; the day after, the approval has run out.
    rulebook
        `kyc_warning_days`: how many calendar days ahead it is warned of.

    Returns
    -------
    Notice | None
        For the next cut-off; None when there is nothing to say.
    """
    ahead = day + timedelta(days=rulebook.days("kyc_warning_days", day))
    dated = accounts.filter(
        pl.col("kind") == "CLIENT",
        pl.col("kyc_status") == "APPROVED",
        pl.col("kyc_review_date") <= ahead,
    ).sort("account_id")
    over = dated.filter(pl.col("kyc_review_date") < day)["account_id"].to_list()
    soon = dated.filter(pl.col("kyc_review_date") >= day)
    causes = [Cause(code=KYC_EXPIRED, subject=account) for account in over]
    causes += [
        Cause(code=KYC_REVIEW_DUE, subject=due_subject(account, when))
        for account, when in soon.select("account_id", "kyc_review_date").iter_rows()
    ]
    if not causes:
        return None
    return Notice(source=_JOB, day=day, causes=tuple(causes), expired=tuple(over))


def due_subject(account_id: str, review_date: date) -> str:
    """Name a review by the customer and its date: another date is another review."""
    return f"{account_id} {review_date}"


def still_due(causes: pl.DataFrame, accounts: pl.DataFrame, day: date) -> pl.DataFrame:
    """Drop the causes of reviews that have taken place, as the accounts say now.

    Parameters
    ----------
    causes : pl.DataFrame
        code, subject and more; those of other codes stay.
    accounts : pl.DataFrame
        account_id, kyc_status, kyc_review_date.
    day : date
        The business day.
    """
    approved = accounts.filter(pl.col("kyc_status") == "APPROVED")
    waiting = approved.select(
        pl.concat_str("account_id", pl.lit(" "), pl.col("kyc_review_date").cast(pl.String))
    ).to_series()
    lasting = pl.col("kyc_review_date").is_null() | (pl.col("kyc_review_date") >= day)
    good = approved.filter(lasting)["account_id"]
    code, subject = pl.col("code"), pl.col("subject")
    moved = (code == KYC_REVIEW_DUE) & ~subject.is_in(waiting.drop_nulls().implode())
    renewed = (code == KYC_EXPIRED) & subject.is_in(good.implode())
    return causes.filter(~(moved | renewed))
