"""The issues that rule 204 holds the firm's fails in: threshold securities, and the penalty box."""

from datetime import date
from typing import Any, Final

import polars as pl

from backoffice.compliance.reg_sho.fails import yes
from backoffice.compliance.reports.kinds import Look
from backoffice.kernel.columns import format_e8, int128
from backoffice.kernel.rulebook import Rulebook
from backoffice.kernel.scaled import E8
from backoffice.reference.known import known_table
from backoffice.settlement.fail_frames import OPEN

COLUMNS: Final = (
    *("isin", "venue", "quantity", "fails", "days", "shares_outstanding", "level_days"),
    *("own_level", "listed", "listed_on", "close_out_due", "pre_borrow", "pre_borrow_since"),
)
"""A row an issue with an open fail: `days` settlement days on end with one, `level_days` those of
them at the level of a threshold security, `own_level` Y once they are enough, `listed` Y while the
list has it, `close_out_due` Y when a fail in a listed issue has lasted its days."""
_BASIS: Final = 10_000
_KEY: Final = ["isin", "venue"]


def securities(look: Look, rows: pl.DataFrame) -> pl.DataFrame:
    """Sum the open fails of each issue that rule 204 holds, and count on from the report before.

    Parameters
    ----------
    rows : pl.DataFrame
        As `fails.fails_to_deliver` returns them.

    Returns
    -------
    pl.DataFrame
        isin, venue, quantity_e8, fails, days, outstanding_e8, level_days, own_level, listed,
        listed_on, close_out_due, pre_borrow, pre_borrow_since; sorted.
    """
    day, rulebook = look.books.day, look.rulebook
    is_held = pl.col("is_held")
    issues = rows.filter(is_held, pl.col("status") == OPEN).group_by(_KEY).agg(
        quantity_e8=pl.col("open_quantity_e8").sum(),
        fails=pl.len(),
        age=pl.col("age_days").max(),
        pre_borrow_since=pl.col("close_out_by").filter("is_boxed").min(),
    )  # fmt: skip
    listed = _listed(look).rename({"status": "list_status", "list_date": "listed_on"})
    beside = issues.join(listed, on="isin", how="left").sort(_KEY)
    counted = _counted(look, beside.with_columns(at_level=_at_level(rulebook, day)))
    on_list = (pl.col("list_status") == "ON").fill_null(value=False)
    lasts = pl.col("days") >= rulebook.days("reg_sho_threshold.close_out_days", day)
    enough = pl.col("level_days") >= rulebook.days("reg_sho_threshold.days", day)
    return counted.with_columns(
        own_level=enough,
        listed=on_list,
        listed_on=pl.when(on_list).then("listed_on"),
        close_out_due=on_list & lasts,
        pre_borrow=pl.col("pre_borrow_since").is_not_null(),
    )


def _listed(look: Look) -> pl.DataFrame:
    """Return what the list says last of each issue, and how many shares there are of it."""
    known = known_table(look.records, look.books, "thresholds").sort("list_date")
    told = known.filter(pl.col("list_date") <= look.books.day)
    return told.group_by("isin").agg(
        pl.col("status").last(),
        pl.col("list_date").last(),
        outstanding_e8=pl.col("shares_outstanding_e8").drop_nulls().last(),
    )


def _at_level(rulebook: Rulebook, day: date) -> pl.Expr:
    """Whether fails are at the level: so many shares, and so much of all, where that is known."""
    shares = rulebook.days("reg_sho_threshold.shares", day) * 10**E8
    part = int128(rulebook.days("reg_sho_threshold.outstanding_bp", day))
    size = pl.col("quantity_e8")
    of_all = size * _BASIS >= pl.col("outstanding_e8") * part
    return (size >= int128(shares)) & of_all.fill_null(value=True)


def _counted(look: Look, issues: pl.DataFrame) -> pl.DataFrame:
    """Count the settlement days on end: those of the report before, and those since."""
    before = _before(look)
    days, levels = list[int](), list[int]()
    for row in issues.iter_rows(named=True):
        known = before.get((row["isin"], row["venue"]))
        since = look.since or look.books.day
        more = len(look.calendar.settlement_days_between(row["venue"], since, look.books.day))
        days.append(max(row["age"], known["days"] + more if known else 0))
        told = (known["level_days"] if known else 0) + more if look.before else row["age"]
        levels.append(told if row["at_level"] else 0)
    counts = {"days": days, "level_days": levels}
    return issues.with_columns(pl.Series(n, found, dtype=pl.Int64) for n, found in counts.items())


def _before(look: Look) -> dict[tuple[str, str], dict[str, Any]]:
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for part in look.before.tables.get("securities", ()) if look.before else ():
        rows = look.records.read(part).with_columns(pl.col("days", "level_days").cast(pl.Int64))
        found |= {(row["isin"], row["venue"]): row for row in rows.iter_rows(named=True)}
    return found


def shown(rows: pl.DataFrame) -> pl.DataFrame:
    """Return COLUMNS as text."""
    texts = {
        "quantity": format_e8("quantity_e8"),
        "shares_outstanding": format_e8("outstanding_e8"),
        **{n: yes(n) for n in ("own_level", "listed", "close_out_due", "pre_borrow")},
    }
    return rows.select(texts.get(n, pl.col(n)).cast(pl.String).alias(n) for n in COLUMNS)
