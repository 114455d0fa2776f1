"""When a break is a case, and which: one a cause, however many breaks that has."""

from collections.abc import Mapping
from datetime import date
from typing import Final

import polars as pl

from backoffice.accounting.reconciliation.frames import (
    CASH,
    CASH_ENTRY,
    HOLDINGS,
    LIFE_SCHEMA,
    OPEN,
    SETTLEMENT,
    TRANSACTION,
)
from backoffice.accounting.reconciliation.lives import age, in_order
from backoffice.clearance.break_codes import (
    CASH_BREAK,
    CASH_ENTRY_BREAK,
    HOLDINGS_BREAK,
    RECONCILED,
    STATEMENT_MISSING,
    TRANSACTION_BREAK,
)
from backoffice.clearance.cases import CAUSE_SCHEMA
from backoffice.kernel.columns import minor_units_expr, pow10_expr
from backoffice.kernel.errors import NoRuleError
from backoffice.kernel.frames import shaped
from backoffice.kernel.rulebook import Rulebook

CODES: Final[Mapping[str, str]] = {
    CASH: CASH_BREAK,
    CASH_ENTRY: CASH_ENTRY_BREAK,
    HOLDINGS: HOLDINGS_BREAK,
    TRANSACTION: TRANSACTION_BREAK,
}
"""The code of each kind's cases; a SETTLEMENT break comes with its own."""


def with_owners(lives: pl.DataFrame, day: date, rulebook: Rulebook) -> pl.DataFrame:
    """Give every break that has none the owner that the rulebook names for its kind."""
    kinds = lives.filter(pl.col("owner").is_null())["kind"].unique().to_list()
    owners = {kind: str(rulebook.value(f"break_owner.{kind}", day)) for kind in kinds}
    named = pl.col("kind").replace_strict(owners, default=None, return_dtype=pl.String)
    return lives.with_columns(owner=pl.coalesce("owner", named))


def with_causes(
    lives: pl.DataFrame, excused: Mapping[str, str], day: date, rulebook: Rulebook
) -> pl.DataFrame:
    """Give the breaks that are old or large enough their cause; one that has a cause keeps it.

    The cause of a break is its subject. It is the statement that is missing where one is, for as
    long as that excuses anything; and the day where more breaks of a kind come at once than a desk
    looks at one by one.

    Parameters
    ----------
    lives : pl.DataFrame
        `LIFE_SCHEMA`.
    excused : Mapping
        By kind, the subject of the missing statement that explains its breaks.
    """
    let_go = (pl.col("code") == STATEMENT_MISSING) & ~_is_excused(excused)
    lives = lives.with_columns(
        pl.when(let_go).then(None).otherwise(pl.col(name)).alias(name) for name in ("code", "cause")
    )
    waits = (pl.col("status") == OPEN) & pl.col("code").is_null()
    ripe = lives.filter(waits).filter(_is_ripe(lives, day, rulebook))
    if not ripe.height:
        return lives
    most = rulebook.days("break_cases_of_a_kind", day)
    named = _named(ripe, excused, day, most)
    rest = lives.join(ripe, on=list(LIFE_SCHEMA), how="anti", nulls_equal=True)
    return in_order(pl.concat([rest, shaped(named, LIFE_SCHEMA)]))


def _is_excused(excused: Mapping[str, str]) -> pl.Expr:
    subject = pl.col("kind").replace_strict(dict(excused), default=None, return_dtype=pl.String)
    return (subject == pl.col("cause")).fill_null(value=False) if excused else pl.lit(value=False)


def _named(ripe: pl.DataFrame, excused: Mapping[str, str], day: date, most: int) -> pl.DataFrame:
    kind = pl.col("kind")
    code = kind.replace_strict(dict(CODES), default=None, return_dtype=pl.String)
    own = pl.when(pl.len().over("kind") > most).then(pl.lit(str(day))).otherwise("subject")
    late = (
        kind.replace_strict(dict(excused), default=None, return_dtype=pl.String)
        if excused
        else pl.lit(None, dtype=pl.String)
    )
    return ripe.with_columns(
        code=pl.when(late.is_not_null()).then(pl.lit(STATEMENT_MISSING)).otherwise(code),
        cause=pl.coalesce(late, own),
    )


def _is_ripe(lives: pl.DataFrame, day: date, rulebook: Rulebook) -> pl.Expr:
    """Whether a break is old enough for its kind, or large enough for its currency."""
    kinds = [kind for kind in lives["kind"].unique().to_list() if kind != SETTLEMENT]
    days = {kind: rulebook.days(f"break_case_days.{kind}", day) for kind in kinds}
    values = {}
    for currency in lives["currency"].drop_nulls().unique().to_list():
        worth = of_currency(rulebook, "break_case_value", currency, day)
        if worth is not None:
            values[currency] = worth
    waits = pl.col("kind").replace_strict(days, default=None, return_dtype=pl.Int64)
    least = pl.col("currency").replace_strict(values, default=None, return_dtype=pl.Int64)
    unit = pow10_expr(minor_units_expr("currency"))
    large = pl.col("value_minor") >= least.cast(pl.Int128) * unit
    return (age(day) >= waits).fill_null(value=False) | large.fill_null(value=False)


def of_currency(rulebook: Rulebook, name: str, currency: str, on: date) -> int | None:
    """Return a currency's own value of a rule, or that of `other`; None when there is neither."""
    for key in (currency, "other"):
        try:
            return rulebook.days(f"{name}.{key}", on)
        except NoRuleError:
            continue
    return None


def standing_rows(lives: pl.DataFrame, missed: pl.DataFrame) -> pl.DataFrame:
    """Return `CAUSE_SCHEMA` of what stands: a member a break, and one a missing statement.

    A member's trade_id is its break's subject, and where there is one its place.
    """
    own = lives.filter(pl.col("status") == OPEN, pl.col("code").is_in(RECONCILED))
    where = pl.concat_str(pl.lit(" "), "place")
    breaks = own.select(
        "code",
        subject="cause",
        business_date="first_seen",
        trade_id=pl.col("subject")
        + pl.when(pl.col("place") != "").then(where).otherwise(pl.lit("")),
    )
    absent = missed.select(pl.lit(STATEMENT_MISSING).alias("code"), "subject", "partner")
    parts = [shaped(rows, CAUSE_SCHEMA) for rows in (breaks, absent)]
    return pl.concat(parts).unique().sort(pl.all())
