"""Cash penalties for late settlement: what each settlement day of a fail costs, and whom.

Regulation (EU) 909/2014 article 7 and (EU) 2017/389: the party that keeps the other waiting pays,
a share of what was not delivered, or for lack of cash the overnight rate on the money.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from backoffice.kernel.currencies import MINOR_UNITS
from backoffice.kernel.errors import NoRuleError
from backoffice.kernel.rulebook import Rulebook
from backoffice.kernel.scaled import round_half_up
from backoffice.settlement.fail_frames import PENALTY_SCHEMA

_LACK_OF_CASH: Final = frozenset({"MONY", "CMON"})
"""ISO 20022 codes: ours or the counterparty's money is missing; any other reason, and none, means
the securities are."""

_PERCENT_SCALE: Final = 4
_BPS_SCALE: Final = 4
_BPS: Final = 10**4
_E8: Final = 10**8
_PERCENT: Final = 100
_GOVERNMENT: Final = "T"
_GUARANTEE: Final = 3
_DEBT: Final = "D"


@dataclass(frozen=True, slots=True)
class Closes:
    """Closing prices at 10^-8, by ISIN and currency."""

    dated: Mapping[tuple[str, str], list[tuple[date, int]]]

    @classmethod
    def of(cls, prices: pl.DataFrame, isins: pl.Series) -> "Closes":
        """Read what the price table has of some instruments."""
        dated: dict[tuple[str, str], list[tuple[date, int]]] = {}
        rows = prices.filter(pl.col("isin").is_in(isins.implode())).sort("date")
        for isin, currency, day, close in rows.select(
            "isin", "currency", "date", "close_e8"
        ).iter_rows():
            dated.setdefault((isin, currency), []).append((day, close))
        return cls(dated)

    def latest(self, isin: str, currency: str, day: date) -> int | None:
        """Return the latest close dated on or before the day; None where there is none."""
        known = self.dated.get((isin, currency), [])
        place = bisect_right(known, day, key=lambda one: one[0])
        return known[place - 1][1] if place else None


def penalty_class(asset_class: str | None, liquid: str | None, cfi: str | None) -> str:
    """Return the rulebook's class of an instrument.

    A share is liquid where the reference data says so. Debt is a sovereign's where its CFI code
    (ISO 10962) names a government's guarantee. None of the rulebook's venues is a growth market.
    """
    if asset_class == "EQUITY":
        return "liquid_share" if liquid == "Y" else "illiquid_share"
    if asset_class == "BOND":
        code = cfi or ""
        sovereign = code[:1] == _DEBT and code[_GUARANTEE : _GUARANTEE + 1] == _GOVERNMENT
        return "sovereign_debt" if sovereign else "other_debt"
    return "other"


def lacks_cash(direction: str, reason: str | None) -> bool:
    """Whether a fail is for want of money: the street says so, or nothing but money is due."""
    return direction == "CASH" or not _LACK_OF_CASH.isdisjoint((reason or "").split())


def securities_penalty(
    quantity_e8: int, close_e8: int, currency: str, bps_e4: int, *, per_cent: bool = False
) -> int:
    """Return a day's penalty on securities not delivered, in minor units, rounded half-up once.

    Parameters
    ----------
    quantity_e8, close_e8
        What was not delivered and its reference price, at 10^8.
    currency
        What the price and the penalty are in.
    bps_e4
        Basis points a day, at 10^4.
    per_cent
        Whether the price is per cent of the nominal, as of debt.

    Examples
    --------
    >>> securities_penalty(10_000 * 10**8, 100 * 10**8, "EUR", 10_000)
    10000
    """
    minor = 10 ** MINOR_UNITS[currency]
    whole = _E8 * _E8 * _BPS * 10**_BPS_SCALE * (_PERCENT if per_cent else 1)
    return round_half_up(quantity_e8 * close_e8 * minor * bps_e4, whole)


def cash_penalty(money_minor: int, percent_e4: int, days_a_year: int) -> int:
    """Return a day's penalty on unsigned money not paid, in minor units, rounded half-up once."""
    whole = _PERCENT * 10**_PERCENT_SCALE * days_a_year
    return round_half_up(abs(money_minor) * percent_e4, whole)


def assess_penalties(
    fails: pl.DataFrame, days: Mapping[str, Iterable[date]], closes: Closes, rulebook: Rulebook
) -> pl.DataFrame:
    """Tell what every open fail costs or brings.

    Parameters
    ----------
    fails : pl.DataFrame
        Open rows of `FAIL_SCHEMA`, with asset_class, liquid and cfi.
    days : Mapping[str, Iterable[date]]
        By fail_id: the settlement days to be told of.
    closes : Closes
        Reference prices.
    rulebook : Rulebook
        `csdr_penalties` says whether a venue's fails cost any.

    Returns
    -------
    pl.DataFrame
        `PENALTY_SCHEMA`; what comes to nothing is left out.
    """
    rows = [
        {**row, "penalty_day": day, "quantity_e8": row["open_quantity_e8"], **found}
        for row in fails.iter_rows(named=True)
        for day in days[row["fail_id"]]
        for found in _assessed(row, day, closes, rulebook)
    ]
    values = [tuple(row[name] for name in PENALTY_SCHEMA) for row in rows]
    return pl.DataFrame(values, schema=dict(PENALTY_SCHEMA), orient="row")


def _assessed(
    row: Mapping[str, Any], day: date, closes: Closes, rulebook: Rulebook
) -> Iterator[Mapping[str, Any]]:
    if rulebook.days(f"csdr_penalties.{row['venue']}", day) != 1:
        return
    if lacks_cash(row["direction"], row["reason"]):
        size, note = _for_cash(row, day, rulebook)
        we_pay = row["open_money_minor"] < 0
    else:
        size, note = _for_securities(row, day, closes, rulebook)
        we_pay = row["direction"] == "DELIVER"
    if size is None:
        yield {"penalty_minor": None, "note": note}
    elif size:
        yield {"penalty_minor": -size if we_pay else size, "note": note}


def _for_securities(
    row: Mapping[str, Any], day: date, closes: Closes, rulebook: Rulebook
) -> tuple[int | None, str]:
    name = penalty_class(row["asset_class"], row["liquid"], row["cfi"])
    close = closes.latest(row["isin"], row["currency"], day)
    if close is None:
        return None, f"{day}: no close in {row['currency']}"
    bps = rulebook.scaled(f"csdr_penalty_bps_per_day.{name}", day, _BPS_SCALE)
    debt = row["asset_class"] == "BOND"
    size = securities_penalty(row["open_quantity_e8"], close, row["currency"], bps, per_cent=debt)
    return size, f"{day} {name}"


def _for_cash(row: Mapping[str, Any], day: date, rulebook: Rulebook) -> tuple[int | None, str]:
    try:
        name = f"overnight_credit_percent.{row['currency']}"
        percent = rulebook.scaled(name, day, _PERCENT_SCALE)
    except NoRuleError:
        return None, f"{day}: no overnight rate of {row['currency']}"
    floor = rulebook.scaled("csdr_cash_penalty_floor_percent", day, _PERCENT_SCALE)
    year = rulebook.days("csdr_days_a_year", day)
    return cash_penalty(row["open_money_minor"], max(percent, floor), year), f"{day} lack of cash"
