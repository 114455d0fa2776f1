"""Customers' reviews and documents: warned of ahead, expired when their date is past, renewed."""

from datetime import date, timedelta
from typing import Final

import polars as pl

from backoffice.intake.day_documents import Cause
from backoffice.intake.notices import Notice
from backoffice.kernel.rulebook import Rulebook

KYC_EXPIRED: Final = "KYC_EXPIRED"
KYC_REVIEW_DUE: Final = "KYC_REVIEW_DUE"
DOCUMENT_EXPIRES: Final = "DOCUMENT_EXPIRES"
_JOB: Final = "review_customers"


def review_customers(
    accounts: pl.DataFrame, documents: pl.DataFrame, day: date, rulebook: Rulebook
) -> Notice | None:
    """Find the customers whose review is due soon, or approval or a document has run out.

    Parameters
    ----------
    accounts : pl.DataFrame
        account_id, kind, kyc_status, kyc_review_date; one without a date is never due.
    documents : pl.DataFrame
        `DOCUMENT_SCHEMA`; one that expires is warned of as a review is, and goes on to be. Its
        case is due on its date: acknowledged ahead, it comes back when that has passed.
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
    expiring = standing_documents(documents, accounts).filter(pl.col("expires") <= ahead)
    causes += [
        Cause(code=DOCUMENT_EXPIRES, subject=subject, due=expires)
        for subject, expires in expiring.select(_document_subject(), "expires").iter_rows()
    ]
    if not causes:
        return None
    return Notice(source=_JOB, day=day, causes=tuple(causes), expired=tuple(over))


def due_subject(account_id: str, review_date: date) -> str:
    """Name a review by the customer and its date: another date is another review."""
    return f"{account_id} {review_date}"


def standing_documents(documents: pl.DataFrame, accounts: pl.DataFrame) -> pl.DataFrame:
    """Return account_id, kind, expires of the documents that stand for a customer and expire.

    Of several of one kind the one that was added last stands, whatever date it says: a renewal is
    added after what it renews, a correction after the slip. One without a date never expires.

    Parameters
    ----------
    documents : pl.DataFrame
        `DOCUMENT_SCHEMA`.
    accounts : pl.DataFrame
        account_id, kind, kyc_status; only clients need documents, and not who is rejected.
    """
    columns = ("account_id", "kind", "expires")
    # of two of one millisecond the later date, as the order of keys says nothing
    in_order = documents.sort("added_at", "expires", "key")
    last = in_order.unique(["account_id", "kind"], keep="last", maintain_order=True)
    wanted = accounts.filter(
        pl.col("kind") == "CLIENT", pl.col("kyc_status").ne_missing("REJECTED")
    ).select("account_id")
    standing = last.filter(pl.col("expires").is_not_null())
    return standing.join(wanted, on="account_id", how="semi").select(columns).sort(columns)


def _document_subject() -> pl.Expr:
    """Name a document by whose it is, its kind and its date: another date is another document."""
    parts = ("account_id", "kind", pl.col("expires").cast(pl.String))
    return pl.concat_str(*parts, separator=" ").alias("subject")


def still_expiring(
    causes: pl.DataFrame, documents: pl.DataFrame, accounts: pl.DataFrame
) -> pl.DataFrame:
    """Drop the causes of documents that were renewed; those of other codes stay.

    Parameters
    ----------
    causes : pl.DataFrame
        code, subject and more.
    documents, accounts : pl.DataFrame
        As `standing_documents` takes them.
    """
    standing = standing_documents(documents, accounts).select(_document_subject()).to_series()
    renewed = (pl.col("code") == DOCUMENT_EXPIRES) & ~pl.col("subject").is_in(standing.implode())
    return causes.filter(~renewed)


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
