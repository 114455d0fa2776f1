"""Margin calls: how much is called for, under which rule, and by when it is to be met.

A maintenance call is what equity lacks of the maintenance requirement. A Regulation T call is the
deficiency against the initial requirement that transactions created or increased (12 CFR
220.4(c)), both looked at with the same closes; what prices alone did calls for nothing. It stands
until the account has no such deficiency, or is smaller.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final, Self

import polars as pl

from backoffice.kernel.calendar import SettlementCalendar
from backoffice.kernel.columns import int128
from backoffice.kernel.errors import RulebookError
from backoffice.kernel.rulebook import Rulebook

MARGIN_CALL: Final = "MARGIN_CALL"
"""The cause of a case about an account that is called; its subject is the account."""
MARGIN_NOT_ASSESSED: Final = "MARGIN_NOT_ASSESSED"
"""That of one about an account of which nobody can say whether it is to be called."""

CALLS: Final = pl.Schema(
    {
        "account_id": pl.String(),
        "currency": pl.String(),
        "reg_t_minor": pl.Int128(),
        "reg_t_due": pl.Date(),
        "maintenance_minor": pl.Int128(),
        "maintenance_due": pl.Date(),
    }
)
"""Calls that stand: a due date is null where nothing is called for under its rule."""

_NOTHING: Final = int128(0)


@dataclass(frozen=True, slots=True)
class CallDates:
    """By when calls made on a day are to be met."""

    reg_t: date
    maintenance: date

    @classmethod
    def on(cls, rulebook: Rulebook, calendar: SettlementCalendar, day: date) -> Self:
        """Count the business days the rules give, from a day on.

        Raises
        ------
        NoRuleError
            When a rule does not hold on the day, or the calendar does not reach so far.
        RulebookError
            When a rule has a value of the wrong type.
        """
        venue = rulebook.value("margin_business_day_venue", day)
        if not isinstance(venue, str):
            raise RulebookError(f"margin_business_day_venue is no venue on {day}")
        more = rulebook.days("reg_t_payment_days_after_cycle", day)
        within = rulebook.settle_after_days(venue, day) + more
        return cls(
            reg_t=_sessions_after(calendar, venue, day, within),
            maintenance=_sessions_after(
                calendar, venue, day, rulebook.days("maintenance_call_business_days", day)
            ),
        )


def _sessions_after(calendar: SettlementCalendar, venue: str, day: date, count: int) -> date:
    """Count sessions: the banks' holidays on which the venue trades are business days here."""
    for _ in range(count):
        day = calendar.first_session_after(venue, day)
    return day


def call(
    now: pl.DataFrame,
    before: pl.DataFrame,
    standing: pl.DataFrame,
    unassessed: pl.DataFrame,
    dates: CallDates,
) -> pl.DataFrame:
    """Call for what is lacking.

    Parameters
    ----------
    now : pl.DataFrame
        account_id, currency, excess_minor, call_minor at the latest closes.
    before : pl.DataFrame
        account_id, excess_minor of the accounts as they stood before the transactions looked at,
        at the same closes; one not in it had no deficiency.
    standing : pl.DataFrame
        CALLS, as the look before this one left them.
    unassessed : pl.DataFrame
        account_id of accounts that cannot be assessed: their calls stand as they did.
    dates
        By when what is called for now is to be met; a call that stands keeps its date.

    Returns
    -------
    pl.DataFrame
        CALLS, the accounts that are called, sorted by account_id.
    """
    lacked = pl.max_horizontal(pl.col("excess_minor") * -1, _NOTHING)
    earlier = before.select("account_id", lacked_before=lacked)
    rows = (
        now.with_columns(lacked=lacked)
        .join(earlier, on="account_id", how="left")
        .join(standing.drop("currency"), on="account_id", how="left")
        .with_columns(
            pl.col("lacked_before", "reg_t_minor", "maintenance_minor").fill_null(_NOTHING)
        )
    )
    created = pl.max_horizontal(pl.col("lacked") - pl.col("lacked_before"), _NOTHING)
    reg_t = pl.min_horizontal("lacked", pl.col("reg_t_minor") + created)
    amounts = rows.with_columns(reg_t_minor=reg_t, maintenance_minor="call_minor")
    dated = amounts.with_columns(*_dues(dates))
    called = (pl.col("reg_t_minor") > 0) | (pl.col("maintenance_minor") > 0)
    kept = standing.join(unassessed, on="account_id", how="semi")
    both = [dated.filter(called).select(CALLS.names()), kept.select(CALLS.names())]
    return pl.concat(both).sort("account_id")


def _dues(dates: CallDates) -> tuple[pl.Expr, ...]:
    fresh = {"reg_t": dates.reg_t, "maintenance": dates.maintenance}
    return tuple(_due(rule, day).alias(f"{rule}_due") for rule, day in fresh.items())


def _due(rule: str, fresh: date) -> pl.Expr:
    first = pl.coalesce(f"{rule}_due", pl.lit(fresh, dtype=pl.Date))
    return pl.when(pl.col(f"{rule}_minor") > 0).then(first)


def amount_called() -> pl.Expr:
    """Return what meets both rules: the same money counts for either."""
    return pl.max_horizontal("reg_t_minor", "maintenance_minor")


def first_due() -> pl.Expr:
    """Return the earlier of the dates there are."""
    return pl.min_horizontal("reg_t_due", "maintenance_due")
