"""Nothing settles that is not cleared: facts joined, trades priced, holds found, dates set."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from backoffice.clearance.holds import hold_codes
from backoffice.clearance.pricing import price
from backoffice.clearance.register import FEES_SCHEMA, REGISTER_SCHEMA
from backoffice.clearance.settlement_days import settlement_days
from backoffice.intake.resolve import IDENTITY
from backoffice.kernel.calendar import SettlementCalendar
from backoffice.kernel.frames import shaped
from backoffice.kernel.rulebook import Rulebook
from backoffice.reference.lookup import ReferenceSnapshot, latest_closes
from backoffice.risk.credit_limits import with_rates
from backoffice.risk.restrictions import with_restricted

CLEARED: Final = "CLEARED"
HELD: Final = "HELD"
_DECIDED: Final = (
    "account_kind",
    "status",
    "hold_codes",
    "settlement_date",
    "due_date",
    "gross_minor",
    "fees_minor",
    "net_minor",
    "cleared_on",
    "booked_on",
)  # what an earlier day decided of a held trade is decided anew


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """What a cut-off decided about trades.

    Attributes
    ----------
    register : pl.DataFrame
        `REGISTER_SCHEMA`, one row a trade in the order they came.
    fees : pl.DataFrame
        `FEES_SCHEMA`, what the cleared ones were charged, by fee code.
    """

    register: pl.DataFrame
    fees: pl.DataFrame


def clear(
    trades: pl.DataFrame,
    reference: ReferenceSnapshot,
    calendar: SettlementCalendar,
    rulebook: Rulebook,
    day: date,
) -> Cleared:
    """Clear or hold each trade at the cut-off of a day.

    Parameters
    ----------
    trades : pl.DataFrame
        Captured trades or register rows still held, the version that stands of each identity.
        Beside them may stand `amended` (Boolean: it replaces a version that had been booked),
        `imposed_codes` and `waived_codes` (codes joined by `;`; see `holds.hold_codes`).
    reference : ReferenceSnapshot
        As known at the cut-off.
    calendar, rulebook
        Sessions, settlement days, cycles and the price band.
    day : date
        The business day.
    """
    assessed, lines = _assess(trades, reference, calendar, rulebook, day)
    is_cleared = pl.col("hold_codes") == ""
    register = assessed.with_columns(hold_codes(assessed)).with_columns(
        status=pl.when(is_cleared).then(pl.lit(CLEARED)).otherwise(pl.lit(HELD)),
        due_date=pl.when(is_cleared).then("earliest_due"),
        cleared_on=pl.when(is_cleared).then(pl.lit(day, dtype=pl.Date)),
    )
    return Cleared(register=_register(register), fees=_fees_of_cleared(register, lines))


def set_aside(
    trades: pl.DataFrame,
    reference: ReferenceSnapshot,
    calendar: SettlementCalendar,
    rulebook: Rulebook,
    day: date,
    *,
    status: str,
) -> pl.DataFrame:
    """Register trades that will not be cleared, with the figures they would have had.

    Parameters
    ----------
    trades, reference, calendar, rulebook, day
        As for `clear`.
    status : str
        CANCELLED or REFUSED.

    Returns
    -------
    pl.DataFrame
        `REGISTER_SCHEMA`; nothing holds these trades and nothing falls due.
    """
    assessed, _ = _assess(trades, reference, calendar, rulebook, day)
    never = pl.lit(None, dtype=pl.Date)
    aside = assessed.with_columns(
        status=pl.lit(status, dtype=pl.String),
        hold_codes=pl.lit("", dtype=pl.String),
        due_date=never,
        cleared_on=never,
    )
    return _register(aside)


def _assess(
    trades: pl.DataFrame,
    reference: ReferenceSnapshot,
    calendar: SettlementCalendar,
    rulebook: Rulebook,
    day: date,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Join the facts and price; return the wide frame, in order, and the fee lines."""
    captured = trades.drop(_DECIDED, strict=False)
    dates = settlement_days(captured, calendar, rulebook, day).lazy()
    closes = latest_closes(captured.lazy(), reference.prices)
    facts = _left(
        _with_parties(captured.lazy(), reference), dates, "venue", "currency", "trade_date"
    )
    facts = _left(facts, closes, "isin", "trade_date")
    # polars' other engine, made for more than memory holds, begins more slowly
    priced, lines = price(facts.collect(engine="in-memory"), reference.fees)
    rated = with_rates(priced, reference.fx)
    return with_restricted(rated, reference.restrictions, reference.instruments), lines


def _with_parties(trades: pl.LazyFrame, reference: ReferenceSnapshot) -> pl.LazyFrame:
    """Join what is known of the instrument, the account and the counterparty."""
    instruments = reference.instruments.lazy().select(
        "isin",
        "asset_class",
        instrument_currency="currency",
        instrument_status=pl.col("status").fill_null("ACTIVE"),
    )
    accounts = reference.accounts.lazy().select(
        "account_id",
        "kyc_status",
        "credit_limit_minor",
        account_kind="kind",
        account_currency="currency",
    )
    counterparties = reference.counterparties.lazy().select(
        counterparty="lei", counterparty_found=pl.lit(value=True)
    )
    rows = _left(trades, instruments, "isin")
    rows = _left(_left(rows, accounts, "account_id"), counterparties, "counterparty")
    return rows.with_columns(counterparties_known=pl.lit(reference.counterparties_known))


def _left(rows: pl.LazyFrame, facts: pl.LazyFrame, *on: str) -> pl.LazyFrame:
    return rows.join(facts, on=on, how="left", maintain_order="left")


def _register(rows: pl.DataFrame) -> pl.DataFrame:
    """Shape the register; a version not booked yet has no `booked_on`."""
    amended = (
        pl.col("amended").fill_null(value=False)
        if "amended" in rows.columns
        else pl.lit(value=False)
    )
    unbooked = rows.with_columns(booked_on=pl.lit(None), amended=amended)
    return shaped(unbooked, REGISTER_SCHEMA)


def _fees_of_cleared(register: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    cleared = register.filter(pl.col("status") == CLEARED).select(IDENTITY)
    kept = (
        lines if cleared.height == register.height else lines.join(cleared, on=IDENTITY, how="semi")
    )
    return kept.select(FEES_SCHEMA.keys())
