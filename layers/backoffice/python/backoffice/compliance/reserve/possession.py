"""Possession or control of a business day: what customers are to have, and where it is."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from backoffice.accounting import chart
from backoffice.accounting.risk.inputs import market_of
from backoffice.clearance.report_codes import POSSESSION_DEFICIT, POSSESSION_NOT_TOLD
from backoffice.compliance.reports.kinds import Look, Made, ReportKind
from backoffice.compliance.reserve.deficits import Action, Clocks, Elsewhere, actions
from backoffice.compliance.reserve.fail_rows import customers_open
from backoffice.compliance.reserve.fail_trades import open_fails
from backoffice.compliance.reserve.held import (
    at_places,
    balances_of,
    customers,
    settled_positions,
)
from backoffice.compliance.reserve.lock_up import (
    EXCESS_MARGIN,
    FULLY_PAID,
    PERCENT_SCALE,
    locked_up,
)
from backoffice.compliance.reserve.market import Dollars
from backoffice.intake.day_documents import Cause
from backoffice.kernel.columns import format_e8

POSSESSION: Final = "POSSESSION_OR_CONTROL"
ISSUES, ACCOUNTS, ACTIONS = "issues", "accounts", "actions"
ISSUE_COLUMNS: Final = (
    *("isin", "fully_paid", "excess_margin", "required", "in_control", "deficit"),
    *("failed_to_receive", "lent", "pledged", "since"),
)
ACCOUNT_COLUMNS: Final = ("account_id", "isin", "kind", "quantity")
ACTION_COLUMNS: Final = ("isin", "action", "quantity", "due")
_TEXTS: Final = ("isin", "since")


@dataclass(frozen=True, slots=True)
class _Places:
    """By ISIN, at 10^8: what is in control, and where else shares are."""

    control: Mapping[str, int]
    lent: Mapping[str, int]
    pledged: Mapping[str, int]
    receipts: Mapping[str, list[tuple[date, int]]]

    def elsewhere(self, isin: str) -> Elsewhere:
        """Return where an issue's shares are that are not in control."""
        late = tuple(self.receipts.get(isin, ()))
        return Elsewhere(self.pledged.get(isin, 0), self.lent.get(isin, 0), late)


def make_possession(look: Look) -> Made:
    """Compare what is to be locked up of each issue with what is in control."""
    day, accounts = look.books.day, customers(look)
    balances = balances_of(look)
    holdings = settled_positions(look, accounts)
    percent = look.rulebook.scaled("margin_securities_percent", day, PERCENT_SCALE)
    cash = balances.filter(pl.col("book") == chart.CLIENT_CASH).select(
        account_id="ref", currency="unit", value_minor=pl.col("amount") * -1
    )
    locked = locked_up(
        accounts, holdings, cash, percent, Dollars(market_of(look.records, look.books))
    )
    lacks = locked.filter(pl.col("missing").is_not_null()).select("account_id", "missing")
    known = locked.filter(pl.col("missing").is_null())
    places = _places(look, balances)
    issues = _issues(known, places, _since(look), day)
    todo = {row["isin"]: _todo(row, look, places) for row in issues}
    return Made(
        tables={
            ISSUES: _part(_shown(issues)),
            ACCOUNTS: _part(known.select(*ACCOUNT_COLUMNS[:3], quantity=format_e8("quantity_e8"))),
            ACTIONS: _part(_shown_actions(todo)),
        },
        figures=_figures(issues),
        causes=(*_deficits(todo), *_untold(lacks)),
    )


POSSESSION_REPORT: Final = ReportKind(
    name=POSSESSION, cycle="DAY", make=make_possession, rows=(ISSUES, ACCOUNTS, ACTIONS)
)


def _part(rows: pl.DataFrame) -> list[pl.DataFrame]:
    return [rows] if rows.height else []


def _places(look: Look, balances: pl.DataFrame) -> _Places:
    day, receipts = look.books.day, defaultdict[str, list[tuple[date, int]]](list)
    for fail in open_fails(look):
        if fail.row["direction"] == "RECEIVE" and (part := customers_open(fail)):
            receipts[fail.row["isin"]].append((fail.row["settlement_date"], part))
    lent, pledged = (
        at_places(balances, str(look.rulebook.value(f"possession_account.{name}", day)))
        for name in ("lent", "pledged")
    )
    return _Places(at_places(balances, chart.DEPOSITORY), lent, pledged, receipts)


def _issues(
    known: pl.DataFrame, places: _Places, since: Mapping[str, str], day: date
) -> list[dict[str, Any]]:
    """Return a row an issue that customers have something of to be locked up."""
    sums: dict[str, dict[str, int]] = {}
    per = known.group_by("isin", "kind").agg(pl.col("quantity_e8").sum())
    for isin, kind, quantity in per.sort("isin", "kind").iter_rows():
        sums.setdefault(isin, {})[kind] = quantity
    return [_issue(isin, own, places, since.get(isin, str(day))) for isin, own in sums.items()]


def _issue(isin: str, own: Mapping[str, int], places: _Places, since: str) -> dict[str, Any]:
    required, control = sum(own.values()), places.control.get(isin, 0)
    deficit = max(0, required - control)
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
    }


def _since(look: Look) -> dict[str, str]:
    """Return by ISIN since when it is in deficit, as the report before says."""
    found: dict[str, str] = {}
    for part in look.before.tables.get(ISSUES, ()) if look.before else ():
        rows = look.records.read(part, ["isin", "since"]).drop_nulls("since")
        found.update(rows.iter_rows())
    return found


def _todo(row: Mapping[str, Any], look: Look, places: _Places) -> list[Action]:
    if not row["deficit"]:
        return []
    day, since = look.books.day, date.fromisoformat(row["since"])
    clocks = Clocks.on(look.rulebook, look.calendar, day)
    return list(actions(row["deficit"], places.elsewhere(row["isin"]), since, day, clocks))


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


def _deficits(todo: Mapping[str, list[Action]]) -> list[Cause]:
    return [
        Cause(code=POSSESSION_DEFICIT, subject=isin, due=min(one.due for one in some))
        for isin, some in sorted(todo.items())
        if some
    ]


def _untold(lacks: pl.DataFrame) -> list[Cause]:
    pairs = lacks.unique().sort("account_id", "missing").iter_rows()
    return [Cause(code=POSSESSION_NOT_TOLD, subject=f"{name} {what}") for name, what in pairs]
