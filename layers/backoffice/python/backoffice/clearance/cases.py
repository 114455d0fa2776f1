"""Exceptions for people: one case a cause, whatever number of trades it holds back."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

import polars as pl

from backoffice.kernel.rulebook import Rulebook

CASE_SCHEMA: Final[Mapping[str, type[pl.DataType]]] = MappingProxyType(
    {
        "case_id": pl.String,
        "opened_on": pl.Date,
        "code": pl.String,
        "subject": pl.String,
        "status": pl.String,
        "members": pl.UInt32,
        "due": pl.Date,
        "closed_on": pl.Date,
    }
)
"""Status is OPEN or CLOSED; a closed case has no members left."""

CAUSE_SCHEMA: Final[Mapping[str, type[pl.DataType]]] = MappingProxyType(
    {
        "code": pl.String,
        "subject": pl.String,
        "partner": pl.String,
        "business_date": pl.Date,
        "trade_date": pl.Date,
        "trade_id": pl.String,
        "file": pl.String,
        "row": pl.UInt32,
    }
)
"""A cause and one member it holds back, with where that came from; null where it is no trade."""

DUES_SCHEMA: Final[Mapping[str, type[pl.DataType]]] = MappingProxyType(
    {"code": pl.String, "subject": pl.String, "due": pl.Date}
)
"""The causes whose case is to be decided by a date of its own."""

_CAUSE: Final = ("code", "subject")
_FRIDAY: Final = 4


@dataclass(frozen=True, slots=True)
class Desk:
    """The exceptions desk after a day's look at it.

    Attributes
    ----------
    cases : pl.DataFrame
        `CASE_SCHEMA`, sorted by case_id.
    members : pl.DataFrame
        case_id and the evidence columns of `CAUSE_SCHEMA`, of every open case, sorted.
    """

    cases: pl.DataFrame
    members: pl.DataFrame


def hold_causes(register: pl.DataFrame, accounts: pl.DataFrame) -> pl.DataFrame:
    """Name the cause of every hold: what would have to change for it to go.

    Parameters
    ----------
    register : pl.DataFrame
        Register rows; only those HELD count.
    accounts : pl.DataFrame
        account_id, currency: a missing rate is of the trade's and the account's currency.

    Returns
    -------
    pl.DataFrame
        `CAUSE_SCHEMA`. Codes imposed from outside are left out: who imposed one names its cause.
    """
    held = register.filter(pl.col("status") == "HELD").join(
        accounts.select("account_id", account_currency="currency"), on="account_id", how="left"
    )
    one_a_code = held.with_columns(code=pl.col("hold_codes").str.split(";")).explode("code")
    return (
        one_a_code.with_columns(subject=_subject())
        .filter(pl.col("subject").is_not_null())
        .select(CAUSE_SCHEMA.keys())
    )


def _subject() -> pl.Expr:
    """Say who or what a hold is about; null for a code that is not this room's."""
    code, account, isin = pl.col("code"), pl.col("account_id"), pl.col("isin")
    of_instrument = (
        "CURRENCY_MISMATCH",
        "INSTRUMENT_NOT_ACTIVE",
        "PRICE_OUT_OF_BAND",
        "RESTRICTED_LIST",
        "UNKNOWN_INSTRUMENT",
    )
    return (
        pl.when(code.is_in(("CREDIT_LIMIT", "KYC_NOT_APPROVED", "UNKNOWN_ACCOUNT")))
        .then(account)
        .when(code.is_in(of_instrument))
        .then(isin)
        .when(code == "UNKNOWN_COUNTERPARTY")
        .then("counterparty")
        .when(code == "SHORT_WITHOUT_LOCATE")
        .then(pl.format("{} {}", account, isin))
        .when(code.is_in(("NOT_A_SESSION", "NO_RULE")))
        .then(pl.format("{} {}", "venue", "trade_date"))
        .when(code == "NO_FX_RATE")
        .then(pl.format("{}/{}", "currency", "account_currency"))
    )


def due_on(day: date, rulebook: Rulebook) -> date:
    """Return the day by which a case opened on `day` is to be decided, counting weekdays.

    Raises
    ------
    NoRuleError
        When no `case_due_days` holds on the day.
    """
    due = day
    for _ in range(rulebook.days("case_due_days", day)):
        due += timedelta(days=7 - due.weekday() if due.weekday() >= _FRIDAY else 1)
    return due


def open_cases(
    previous: pl.DataFrame,
    causes: pl.DataFrame,
    day: date,
    due: date,
    dues: pl.DataFrame | None = None,
) -> Desk:
    """Bring the desk up to date with all causes there are today.

    A cause that still has members keeps its case; one that has none left closes it; one that comes
    back later opens a new case. A case keeps its due date, unless its cause's own comes before.

    Parameters
    ----------
    previous : pl.DataFrame
        `CASE_SCHEMA`, as the last look left them.
    causes : pl.DataFrame
        `CAUSE_SCHEMA`, every member of every cause; a row given twice counts once.
    day, due : date
        The business day, and when a case opened on it is to be decided.
    dues : pl.DataFrame, optional
        `DUES_SCHEMA`.
    """
    evidence = causes.select(CAUSE_SCHEMA.keys()).unique()
    present = evidence.group_by(_CAUSE).agg(members=pl.len().cast(pl.UInt32))
    was_open = previous.filter(pl.col("status") == "OPEN")
    kept = _brought_forward(was_open.drop("members").join(present, on=_CAUSE), dues)
    closed = was_open.join(present, on=_CAUSE, how="anti").with_columns(
        status=pl.lit("CLOSED"),
        members=pl.lit(0, dtype=pl.UInt32),
        closed_on=pl.lit(day, dtype=pl.Date),
    )
    opened = _opened(present.join(was_open, on=_CAUSE, how="anti"), day, due, dues)
    # opened, closed and opened again within one day it is the same case
    rested = previous.filter(pl.col("status") != "OPEN").join(opened, on="case_id", how="anti")
    cases = pl.concat([part.select(CASE_SCHEMA.keys()) for part in (rested, kept, closed, opened)])
    active = pl.concat([kept, opened.select(kept.columns)]).select("case_id", *_CAUSE)
    members = active.join(evidence, on=_CAUSE).drop(_CAUSE)
    return Desk(cases=cases.sort("case_id"), members=members.sort(pl.all()))


def _opened(causes: pl.DataFrame, day: date, due: date, dues: pl.DataFrame | None) -> pl.DataFrame:
    ids = [_case_id(day, *cause) for cause in causes.select(_CAUSE).iter_rows()]
    dated = causes.join(_own(dues), on=_CAUSE, how="left", maintain_order="left")
    return dated.with_columns(
        pl.Series("case_id", ids, dtype=pl.String),
        pl.col("due").fill_null(pl.lit(due, dtype=pl.Date)),
        opened_on=pl.lit(day, dtype=pl.Date),
        status=pl.lit("OPEN"),
        closed_on=pl.lit(None, dtype=pl.Date),
    )


def _brought_forward(cases: pl.DataFrame, dues: pl.DataFrame | None) -> pl.DataFrame:
    dated = cases.join(_own(dues), on=_CAUSE, how="left", maintain_order="left", suffix="_now")
    return dated.with_columns(due=pl.min_horizontal("due_now", "due")).select(cases.columns)


def _own(dues: pl.DataFrame | None) -> pl.DataFrame:
    return pl.DataFrame(schema=dict(DUES_SCHEMA)) if dues is None else dues.select(*_CAUSE, "due")


def _case_id(day: date, code: str, subject: str) -> str:
    """Name a case by its day and its cause, so that every run names it alike."""
    digest = hashlib.sha256(f"{code}\x1f{subject}".encode()).hexdigest()
    return f"CASE-{day:%Y%m%d}-{digest[:10]}"
