"""Possession or control of a business day: what customers are to have, and where it is."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import polars as pl

from backoffice.accounting import chart
from backoffice.accounting.risk.inputs import market_of
from backoffice.clearance.report_codes import POSSESSION_DEFICIT, POSSESSION_NOT_TOLD
from backoffice.compliance.reports.kinds import Look, Made, ReportKind
from backoffice.compliance.reserve.deficits import (
    Action,
    Clocks,
    actions,
    is_to_be_done,
)
from backoffice.compliance.reserve.held import balances_of, customers, settled_positions
from backoffice.compliance.reserve.lock_up import (
    EXCESS_MARGIN,
    FULLY_PAID,
    PERCENT_SCALE,
    locked_up,
)
from backoffice.compliance.reserve.market import Dollars
from backoffice.compliance.reserve.places import Places, places_of
from backoffice.intake.day_documents import Cause
from backoffice.kernel.columns import format_e8

POSSESSION: Final = "POSSESSION_OR_CONTROL"
ISSUES, ACCOUNTS, ACTIONS = "issues", "accounts", "actions"
ISSUE_COLUMNS: Final = (
    *("isin", "fully_paid", "excess_margin", "required", "in_control", "deficit"),
    *("failed_to_receive", "lent", "pledged", "since", "short", "short_since"),
)
ACCOUNT_COLUMNS: Final = ("account_id", "isin", "kind", "quantity")
ACTION_COLUMNS: Final = ("isin", "action", "quantity", "due")
_TEXTS: Final = ("isin", "since", "short_since")


_Since = tuple[str | None, str | None]


def make_possession(look: Look) -> Made:
    """Compare what is to be locked up of each issue with what is in control."""
    day, accounts = look.books.day, customers(look)
    balances = balances_of(look)
    holdings = settled_positions(look, accounts)
    percent = look.rulebook.scaled("margin_securities_percent", day, PERCENT_SCALE)
    dollars = Dollars(market_of(look.records, look.books))
    locked = locked_up(accounts, holdings, _cash(balances), percent, dollars)
    lacks = locked.filter(pl.col("missing").is_not_null()).select("account_id", "missing")
    known = locked.filter(pl.col("missing").is_null())
    places = places_of(look, balances)
    issues = _issues(known, places, _before(look), day)
    clocks = Clocks.on(look.rulebook, look.calendar, day)
    todo = {row["isin"]: _todo(row, places, day, clocks) for row in issues}
    return Made(
        tables={
            ISSUES: _part(_shown(issues)),
            ACCOUNTS: _part(known.select(*ACCOUNT_COLUMNS[:3], quantity=format_e8("quantity_e8"))),
            ACTIONS: _part(_shown_actions(todo)),
        },
        figures=_figures(issues),
        causes=(*_deficits(todo, day, clocks), *_untold(lacks)),
    )


POSSESSION_REPORT: Final = ReportKind(
    name=POSSESSION, cycle="DAY", make=make_possession, rows=(ISSUES, ACCOUNTS, ACTIONS)
)


def _cash(balances: pl.DataFrame) -> pl.DataFrame:
    """Return account_id, currency, value_minor of customers: negative where they owe."""
    own = balances.filter(pl.col("book") == chart.CLIENT_CASH)
    return own.select(account_id="ref", currency="unit", value_minor=pl.col("amount") * -1)


def _part(rows: pl.DataFrame) -> list[pl.DataFrame]:
    return [rows] if rows.height else []


def _issues(
    known: pl.DataFrame, places: Places, before: Mapping[str, _Since], day: date
) -> list[dict[str, Any]]:
    """Return a row an issue that customers have something of to be locked up."""
    sums: dict[str, dict[str, int]] = {}
    per = known.group_by("isin", "kind").agg(pl.col("quantity_e8").sum())
    for isin, kind, quantity in per.sort("isin", "kind").iter_rows():
        sums.setdefault(isin, {})[kind] = quantity
    now = (None, None)
    return [_issue(isin, own, places, before.get(isin, now), day) for isin, own in sums.items()]


def _issue(
    isin: str, own: Mapping[str, int], places: Places, before: _Since, day: date
) -> dict[str, Any]:
    required, control = sum(own.values()), places.control.get(isin, 0)
    deficit, short = max(0, required - control), places.short.get(isin, 0)
    since, short_since = (text or str(day) for text in before)
    return {
        "isin": isin,
        "fully_paid": own.get(FULLY_PAID, 0),
        "excess_margin": own.get(EXCESS_MARGIN, 0),
        "required": required,
        "in_control": control,
        "deficit": deficit,
        "failed_to_receive": sum(part for _, part in places.receipts.get(isin, ())),
        "lent": places.lent.get(isin, 0),
        "pledged": places.pledged.get(isin, 0),
        "since": since if deficit else None,
        "short": short,
        "short_since": short_since if short else None,
    }


def _before(look: Look) -> dict[str, _Since]:
    """Return by ISIN since when it is in deficit, and since when short, as the report before says.

    A report of an earlier time says nothing of what is short.
    """
    found: dict[str, _Since] = {}
    for part in look.before.tables.get(ISSUES, ()) if look.before else ():
        rows = look.records.read(part)
        found.update(
            (row["isin"], (row["since"], row.get("short_since"))) for row in rows.to_dicts()
        )
    return found


def _todo(row: Mapping[str, Any], places: Places, day: date, clocks: Clocks) -> list[Action]:
    return list(actions(row["deficit"], places.elsewhere(row, day), day, clocks))


def _shown(issues: list[dict[str, Any]]) -> pl.DataFrame:
    types = {name: pl.String if name in _TEXTS else pl.Int128 for name in ISSUE_COLUMNS}
    rows = pl.DataFrame(issues, schema=types)
    return rows.select(
        pl.col(name) if name in _TEXTS else format_e8(name).alias(name) for name in ISSUE_COLUMNS
    )


def _shown_actions(todo: Mapping[str, list[Action]]) -> pl.DataFrame:
    told = [(isin, *one) for isin, some in sorted(todo.items()) for one in some]
    types = {"isin": pl.String, "action": pl.String, "quantity_e8": pl.Int128, "due": pl.Date}
    rows = pl.DataFrame(told, schema=types, orient="row")
    return rows.select(
        "isin", "action", quantity=format_e8("quantity_e8"), due=pl.col("due").cast(pl.String)
    )


def _figures(issues: list[dict[str, Any]]) -> dict[str, str]:
    short = sum(1 for row in issues if row["deficit"])
    return {"issues": str(len(issues)), "in_deficit": str(short)}


def _deficits(todo: Mapping[str, list[Action]], day: date, clocks: Clocks) -> list[Cause]:
    due = {
        isin: [one.due for one in some if is_to_be_done(one, day, clocks)]
        for isin, some in sorted(todo.items())
    }
    return [
        Cause(code=POSSESSION_DEFICIT, subject=isin, due=min(days))
        for isin, days in due.items()
        if days
    ]


def _untold(lacks: pl.DataFrame) -> list[Cause]:
    pairs = lacks.unique().sort("account_id", "missing").iter_rows()
    return [Cause(code=POSSESSION_NOT_TOLD, subject=f"{name} {what}") for name, what in pairs]
