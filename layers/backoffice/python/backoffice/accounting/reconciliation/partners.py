"""Who sends statements, and whose is missing."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

import polars as pl

from backoffice.accounting.reconciliation.frames import CASH, HOLDINGS
from backoffice.intake.day_documents import Stated

PARTNER_SCHEMA: Final = {"partner": pl.String, "kind": pl.String, "last": pl.Date}
"""The latest date a partner's statement of a kind was for; kind HOLDINGS or CASH."""

_KINDS: Final[Mapping[str, str]] = {"holdings": HOLDINGS, "cash": CASH}


def partners_after(known: pl.DataFrame, stated: Iterable[Stated]) -> pl.DataFrame:
    """Bring `PARTNER_SCHEMA` up to the statements a close has taken, late ones among them."""
    rows = [
        (one.partner, _KINDS[one.kind], one.business_date) for one in stated if one.kind in _KINDS
    ]
    both = pl.concat([known, pl.DataFrame(rows, schema=PARTNER_SCHEMA, orient="row")])
    return both.group_by("partner", "kind").agg(pl.col("last").max()).sort("partner", "kind")


def missing(partners: pl.DataFrame, day: date) -> pl.DataFrame:
    """Return partner, kind, subject, late_days of the statements there are none of for the day.

    `late_days` are weekdays since the last one.
    """
    return partners.filter(pl.col("last") < day).select(
        "partner",
        "kind",
        subject=pl.format("{} {}", "partner", "kind"),
        late_days=pl.business_day_count("last", pl.lit(day)).cast(pl.Int64),
    )


def excused(missed: pl.DataFrame, late_days: int) -> dict[str, str]:
    """Name by kind the missing statement that explains what is found without it, if one does.

    One that is late for longer than `late_days` explains nothing any more.
    """
    fresh = missed.filter(pl.col("late_days") <= late_days).sort("kind", "subject")
    first = fresh.unique("kind", keep="first", maintain_order=True)
    return dict(first.select("kind", "subject").iter_rows())
