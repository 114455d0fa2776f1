"""What an action makes of lots: the legs it hands to them, in versions that are never taken out."""

from collections.abc import Iterable, Sequence
from datetime import date
from math import gcd
from typing import Any, Final

import polars as pl

from backoffice.accounting.actions.claims import Entitled
from backoffice.accounting.lots.actions import ADDED, CASH, KEEP, LOT_ACTIONS, PAID, WHOLE
from backoffice.clearance.corporate_actions import CorporateAction

_PER_CENT: Final = 100
Row = tuple[Any, ...]


def lot_legs(
    action: CorporateAction, entitled: Sequence[Entitled], until: date | None
) -> list[Row]:
    """Return an action's legs, `LOT_ACTIONS` but for the last two columns.

    What every holding comes to alike is said once; what accounts chose is said of each.

    Parameters
    ----------
    action
        One whose day to count has come.
    entitled
        What its holders come to.
    until
        The last day whose transfers count.
    """
    if not action.options:
        return _rows(action, None, until, _general(action))
    rows = []
    for one in entitled:
        account = one.party.account_id
        if account and (one.came.gone or one.came.new or one.came.fraction):
            rows += _rows(action, account, until, _chosen(one))
    return rows


_Leg = tuple[str | None, int, int, int | None, int | None]
"""to_isin, numerator, denominator, basis share (None: as its shares), price of a cash leg."""


def _general(action: CorporateAction) -> list[_Leg]:
    part, whole = action.share_of_holding
    rate = action.rate_e8
    if action.event == "CASH_DIVIDEND":
        return []
    if action.event == "REDEMPTION":
        rest: list[_Leg] = [(action.isin, whole - part, whole, None, None)] if part < whole else []
        return [*rest, (None, part, whole, None, rate)]
    if action.ratio is None:
        return [(None, 1, 1, WHOLE, rate)]
    for_each, held = action.ratio
    if action.replaces:
        basis = _basis(action, WHOLE) if rate else WHOLE
        cash: list[_Leg] = [(None, 1, 1, WHOLE - basis, rate)] if rate else []
        return [(action.into, for_each, held, basis, None), *cash]
    if action.into == action.isin:
        return [(action.isin, held + for_each, held, WHOLE, None)]
    basis = _basis(action, 0)
    return [(action.isin, 1, 1, WHOLE - basis, None), (action.into, for_each, held, basis, None)]


def _chosen(one: Entitled) -> list[_Leg]:
    """Return the legs of what an account chose, as parts of what it held."""
    action, held, came = one.action, abs(one.party.quantity), one.came
    left = held - abs(came.gone)
    into = abs(came.new) + abs(came.fraction)
    if action.event == "DIVIDEND_OPTION" and action.into == action.isin:
        return [(action.isin, held + into, held, WHOLE, None)]
    if action.event == "TENDER":
        rest: list[_Leg] = [(action.isin, left, held, None, None)] if left else []
        return [*rest, (None, abs(came.gone), held, None, action.rate_e8)]
    if action.event == "EXERCISE":
        return _exercised(action, held, into, abs(came.lapsed))
    basis = _basis(action, 0)
    return [(action.isin, 1, 1, WHOLE - basis, None), (action.into, into, held, basis, None)]


def _exercised(action: CorporateAction, held: int, into: int, lapsed: int) -> list[_Leg]:
    """Return the legs of rights: their cost and the price are the new shares'; a rest is lost."""
    kept = _share(held - lapsed, held)
    lost: list[_Leg] = [(None, lapsed, held, WHOLE - kept, 0)] if lapsed else []
    if not into:
        return lost
    return [(action.into, into, held, kept, None), (None, 1, 1, 0, action.rate_e8), *lost]


def _basis(action: CorporateAction, otherwise: int) -> int:
    said = action.basis_share_e8
    return otherwise if said is None else said // _PER_CENT


def _share(part: int, whole: int) -> int:
    return part * WHOLE // whole


def _rows(
    action: CorporateAction, account: str | None, until: date | None, legs: Iterable[_Leg]
) -> list[Row]:
    rows = []
    for number, (into, numerator, denominator, basis, price) in enumerate(legs):
        by = gcd(numerator, denominator)
        pays = into is not None and action.lieu_price_e8 and into == action.into
        paid = action.lieu_price_e8 if pays else price
        # of what is added to shares that stay, whole shares come; of others all are whole
        sold = CASH if action.replaces or into != action.isin else ADDED
        rows.append(
            (
                *(action.name, action.ex_date, action.isin, account, number, into),
                *(numerator // by, denominator // by, basis),
                *(sold if pays else _fractions(action, into, basis), paid),
                *(action.currency if paid is not None else None, until),
                action.counts_on if action.event == "EXERCISE" and into else None,
            )
        )
    return rows


def _fractions(action: CorporateAction, into: str | None, basis: int | None) -> str:
    return PAID if action.event == "EXERCISE" and into is None and basis == 0 else KEEP


def with_versions(table: pl.DataFrame, name: str, legs: Sequence[Row], day: date) -> pl.DataFrame:
    """Return the table with an action's legs as they are from a day on.

    Parameters
    ----------
    table : pl.DataFrame
        `LOT_ACTIONS`.
    name
        The action's.
    legs
        As `lot_legs` returns them; none where it does not count any more.
    day
        The business day whose close counts them.
    """
    stands = (pl.col("action_id") == name) & pl.col("withdrawn_on").is_null()
    before = set(table.filter(stands).drop("known_on", "withdrawn_on").iter_rows())
    if before == set(legs):
        return table
    fresh = pl.DataFrame([(*leg, day, None) for leg in legs], schema=LOT_ACTIONS, orient="row")
    today = pl.lit(day, dtype=pl.Date)
    withdrawn = table.with_columns(
        withdrawn_on=pl.when(stands).then(today).otherwise("withdrawn_on")
    )
    return pl.concat([withdrawn, fresh])
