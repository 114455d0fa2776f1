"""The cost of a day as people read it."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from cli.output import print_rows, print_sentence

_ITEMS: Final = ("service", "item", "quantity", "unit", "usd")
_SHOWN: Final = Decimal("0.0001")
_DOLLARS: Final = re.compile(r"[0-9]+\.[0-9]{6}", re.ASCII)


def print_cost(answer: Mapping[str, Any]) -> None:
    """Print the day's bill, a million trades, a month, and what they are set beside."""
    _print_day(answer)
    _print_million(answer)
    _print_month(answer)
    _print_beside(answer)


def _print_day(answer: Mapping[str, Any]) -> None:
    day, trades = answer["day"], answer["trades"]
    title = (
        f"Business day {answer['business_date']}: {trades['files']:,} trades by file, "
        f"{trades['apps']:,} by app"
    )
    rows = [
        *day["lines"],
        {"service": "The day", "usd": day["usd"]},
        {"service": "and a month", "item": "of keeping it", "usd": day["kept_usd_a_month"]},
    ]
    print_rows(_dollars(rows), _ITEMS, title)


def _print_million(answer: Mapping[str, Any]) -> None:
    million = answer["million"]
    rows = [
        {"a million trades": "by file, a day of a million", **_once_and_kept(million["files"])},
        {"a million trades": "by app", **_once_and_kept(million["apps"])},
        {
            "a million trades": "by file, at this day's rate, its fixed part with it",
            "usd": million["files_at_the_days_rate_usd"],
        },
        {"a million trades": "by a workflow for each trade", "usd": million["naive_usd"]},
    ]
    print_rows(_dollars(rows), ("a million trades", "usd", "keeping it, a month"))
    print_sentence(_how(answer["growth"]))


def _once_and_kept(priced: Mapping[str, Any] | None) -> dict[str, str]:
    if priced is None:
        return {"usd": "none came", "keeping it, a month": ""}
    return {"usd": priced["usd"], "keeping it, a month": priced["kept_usd_a_month"]}


def _how(growth: Mapping[str, Any]) -> str:
    small, large = growth["smaller"], growth["larger"]
    return (
        f"What a trade adds was seen on {growth['source']}, between {small['business_date']} "
        f"with {small['trades']:,} trades and {large['business_date']} with {large['trades']:,}."
    )


def _print_month(answer: Mapping[str, Any]) -> None:
    month = answer["month"]
    title = f"A month: {month['business_days']} business days of {month['trades_a_day']:,} trades"
    rows = [
        *({"what": each["service"], "usd": each["usd"]} for each in month["services"]),
        {"what": "used", "usd": month["used_usd"]},
        {"what": "kept of it, a month", "usd": month["kept_usd"]},
        *(
            {"what": f"{each['units']} {each['resource']}", "usd": each["usd"]}
            for each in month["fixed"]
        ),
        {"what": "fixed", "usd": month["fixed_usd"]},
        {"what": "the month", "usd": month["usd"]},
        {"what": "the same by a workflow for each trade", "usd": month["naive_usd"]},
    ]
    print_rows(_dollars(rows), ("what", "usd"), title)


def _print_beside(answer: Mapping[str, Any]) -> None:
    office = answer["office"]
    rows = [
        {"the office it replaces": "a place there, a month", "usd": office["place_usd_a_month"]},
        {"the office it replaces": "at home, a month", "usd": office["at_home_usd_a_month"]},
        {
            "the office it replaces": "saved a year for each person at home",
            "usd": office["saved_usd_a_year_and_person"],
        },
    ]
    print_rows(_dollars(rows), ("the office it replaces", "usd"))


def _dollars(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Write dollars to a hundredth of a cent; less than that as what it is less than."""
    return [{name: _dollar(value) for name, value in row.items()} for row in rows]


def _dollar(value: Any) -> Any:  # noqa: ANN401 - a cell
    if not isinstance(value, str) or not _DOLLARS.fullmatch(value):
        return value
    amount = Decimal(value)
    if 0 < amount < _SHOWN:
        return f"< {_SHOWN}"
    return f"{amount.quantize(_SHOWN):,}"
