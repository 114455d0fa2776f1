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


def print_meter(told: Mapping[str, Any], by: str) -> None:
    """Print a month's meter by its days or its desks, then its sums, budget and the office."""
    if by == "desk":
        rows = [{**row, "share": _percent(row["share"])} for row in told["desks"]]
        columns = ("desk", "day_usd", "month_usd", "share")
    else:
        rows, columns = told["days"], ("business_date", "trades", "usd", "usd_a_trade")
    print_rows(_dollars(rows), columns, f"{told['month']} by {by}")
    so_far, office, budget = told["month_to_date"], told["office"], told["budget"]
    sums = [
        {"what": f"business day {told['business_date']}", "usd": told["day"]["usd"]},
        {"what": "the month so far, used", "usd": so_far["used_usd"]},
        {"what": "kept, a month", "usd": so_far["kept_usd"]},
        {"what": "fixed, a month", "usd": so_far["fixed_usd"]},
        {"what": "the month so far", "usd": so_far["usd"]},
        {"what": "the whole month, as things go", "usd": told["projected_usd"]},
        {"what": f"its budget: {_STANDS[budget['stand']]}", "usd": budget["usd"]},
        {"what": f"{office['people']} people in the office", "usd": office["place_usd_a_month"]},
        {"what": f"{office['people']} people at home", "usd": office["at_home_usd_a_month"]},
        {"what": "saved a year, at home", "usd": office["saved_usd_a_year"]},
        {"what": "the platform, a year", "usd": office["platform_usd_a_year"]},
    ]
    print_rows(_dollars(sums), ("what", "usd"))


def _percent(hundredths: str) -> str:
    whole, part = divmod(int(hundredths), 100)
    return f"{whole}.{part:02} %"


def print_scenario(told: Mapping[str, Any]) -> None:
    """Print the figures of the office as they stand, and their changes."""
    rows = [{"figure": name, "is": value} for name, value in told["scenario"].items()]
    print_rows(rows, ("figure", "is"))
    if told["changes"]:
        changes = [{**each, **each["scenario"]} for each in told["changes"]]
        print_rows(changes, ("number", "at", "actor", *told["scenario"]))


_STANDS: Final = {"WITHIN": "kept", "WILL_BE_OVER": "will be broken", "OVER": "broken"}
