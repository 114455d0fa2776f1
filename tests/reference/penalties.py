"""CSDR cash penalties: who keeps the other waiting pays, by the day."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.reference.fails import Fail
    from tests.reference.rows import Values
    from tests.reference.standing import Standing

FROM = dt.date(2022, 2, 1)
VENUES = ("XICE", "XETR", "XSTO", "XCSE", "XHEL", "XPAR", "XAMS")
BPS = {
    "liquid_share": Decimal("1.0"),
    "illiquid_share": Decimal("0.5"),
    "sovereign_debt": Decimal("0.10"),
    "other_debt": Decimal("0.20"),
    "other": Decimal("0.5"),
}
LENDING = (
    (dt.date(2025, 6, 11), Decimal("2.40")),
    (dt.date(2025, 4, 23), Decimal("2.65")),
    (dt.date(2025, 3, 12), Decimal("2.90")),
    (dt.date(2025, 2, 5), Decimal("3.15")),
    (dt.date(2024, 12, 18), Decimal("3.40")),
    (dt.date(2024, 10, 23), Decimal("3.65")),
    (dt.date(2024, 9, 18), Decimal("3.90")),
    (dt.date(2024, 6, 12), Decimal("4.50")),
)
"""The ECB's marginal lending rate, per cent a year, as far back as the tests ask."""

YEAR = 360
TEN_THOUSAND = 10_000
HUNDRED = 100


def class_of(paper: Values | None) -> str:
    """Give the annex's class of an instrument."""
    kind = paper.text("asset_class") if paper else ""
    if paper and kind == "EQUITY":
        return "liquid_share" if paper.text("liquid") == "Y" else "illiquid_share"
    if paper and kind == "BOND":
        code = paper.text("cfi")
        return "sovereign_debt" if code.startswith("D") and code[3:4] == "T" else "other_debt"
    return "other"


def penalty(fail: Fail, standing: Standing, day: dt.date) -> tuple[Decimal | None, str] | None:
    """Give a day's exact penalty, + when we are paid, and what it is for; None where none is due.

    The amount is None where a price or a rate is missing.
    """
    if fail.venue not in VENUES or day < FROM:
        return None
    obligation = fail.obligation
    if obligation.direction == "CASH" or {"MONY", "CMON"} & set(fail.reason.split()):
        rate = next((rate for since, rate in LENDING if since <= day), None)
        if obligation.currency != "EUR" or rate is None:
            return None, f"{day}: no overnight rate of {obligation.currency}"
        return fail.money * rate / HUNDRED / YEAR, f"{day} lack of cash"
    paper = standing.instrument(obligation.isin)
    closes = [
        (row.date("date"), row.amount("close"))
        for row in standing.tables["prices"].values()
        if row.text("isin") == obligation.isin
        and row.text("currency") == obligation.currency
        and row.date("date") <= day
    ]
    if not closes:
        return None, f"{day}: no close in {obligation.currency}"
    value = fail.quantity * max(closes)[1]
    if paper and paper.text("asset_class") == "BOND":
        value /= HUNDRED
    kind = class_of(paper)
    amount = value * BPS[kind] / TEN_THOUSAND
    return (-amount if obligation.direction == "DELIVER" else amount), f"{day} {kind}"
