"""The whole answer: the day, a million trades, a month, and what they are set beside."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from backoffice.costs.apps import app_uses, other_app_uses
from backoffice.costs.bill import Line, bill, kept, shown, sum_of, times
from backoffice.costs.comparisons import naive, office
from backoffice.costs.growth import MILLION, Growth, growth_between, standard_growth
from backoffice.costs.prices import PriceList
from backoffice.costs.projection import project
from backoffice.costs.usage import Side, Usage, Use

BUSINESS_DAYS: Final = 21
_QUANTITY: Final = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be answered.

    Attributes
    ----------
    day
        The measured day; it took trades.
    days
        Every measured day, this one too.
    fixed
        How many units of each resource type stand: alarms count their metrics, others themselves.
    trades_a_day
        For the month; split between files and apps as the day's.
    """

    day: Usage
    days: Sequence[Usage]
    fixed: Mapping[str, int]
    trades_a_day: int


def report(asked: Asked, prices: PriceList) -> dict[str, Any]:
    """Return the answer as a JSON document: dollars as text, to the millionth.

    What is used is billed once; what is kept stands apart, for it is billed every month.
    """
    day = asked.day
    growth = growth_between(asked.days) or standard_growth()
    uses = tuple(day.of(Side.FILES, Side.APPS))
    return {
        "business_date": str(day.business_date),
        "currency": "USD",
        "trades": {"files": day.file_trades, "apps": day.app_trades},
        "day": _priced(uses, prices),
        "works": _by_work(uses, prices),
        "beside": _by_work(day.of(Side.BESIDE), prices),
        "growth": growth.model_dump(mode="json", exclude={"a_million"}),
        "million": million(day, growth, prices),
        "month": _month(asked, growth, prices),
        "office": _office(prices),
        "prices_on": str(prices.on),
    }


def million(day: Usage, growth: Growth, prices: PriceList) -> dict[str, Any]:
    """Return what a million trades cost, by file and by app.

    A million by file is a day of a million. A million by app is that and what they use at the
    front door. At the day's rate is what the day cost a trade, its fixed part with it.
    """
    files = project(day, MILLION, growth)
    apps = app_uses(day, MILLION)
    rate = sum_of(bill(day.of(Side.FILES), prices)) * MILLION / day.trades
    return {
        "files_at_the_days_rate_usd": shown(rate),
        "files": _priced(files, prices),
        "apps": _priced((*files, *apps), prices) if day.app_trades else None,
        "naive_usd": shown(naive(prices, MILLION)),
    }


def _month(asked: Asked, growth: Growth, prices: PriceList) -> dict[str, Any]:
    day, trades = asked.day, asked.trades_a_day
    of_apps = trades * day.app_trades // day.trades
    uses: tuple[Use, ...] = project(day, trades, growth)
    if of_apps:
        uses += (*app_uses(day, of_apps), *other_app_uses(day))
    used, stored = (times(lines(uses, prices), BUSINESS_DAYS) for lines in (bill, kept))
    fixed = _fixed(asked.fixed, prices)
    fixed_usd = sum((usd for _, _, usd in fixed), Decimal(0))
    return {
        "business_days": BUSINESS_DAYS,
        "trades_a_day": trades,
        "services": _services(used),
        "used_usd": shown(sum_of(used)),
        "kept_usd": shown(sum_of(stored)),
        "fixed": [
            {"resource": name, "units": count, "usd": shown(usd)} for name, count, usd in fixed
        ],
        "fixed_usd": shown(fixed_usd),
        "usd": shown(sum_of(used) + sum_of(stored) + fixed_usd),
        "naive_usd": shown(naive(prices, trades) * BUSINESS_DAYS),
    }


def _priced(uses: Iterable[Use], prices: PriceList) -> dict[str, Any]:
    """Return what uses cost once, and each month what they leave to be kept."""
    known = tuple(uses)
    used, stored = bill(known, prices), kept(known, prices)
    return {
        "usd": shown(sum_of(used)),
        "lines": [_line(line) for line in used],
        "kept_usd_a_month": shown(sum_of(stored)),
        "kept_lines": [_line(line) for line in stored],
    }


def _fixed(units: Mapping[str, int], prices: PriceList) -> list[tuple[str, int, Decimal]]:
    priced = ((name, units[name], prices.monthly(name).usd * units[name]) for name in sorted(units))
    return [found for found in priced if found[2]]


def _office(prices: PriceList) -> dict[str, str]:
    figures = office(prices)
    return {
        "place_usd_a_month": shown(figures.place),
        "at_home_usd_a_month": shown(figures.at_home),
        "saved_usd_a_year_and_person": shown(figures.saved_a_year),
    }


def _by_work(uses: Iterable[Use], prices: PriceList) -> list[dict[str, str]]:
    by_work: dict[tuple[str, str], list[Use]] = {}
    for use in uses:
        by_work.setdefault((use.caller, use.work), []).append(use)
    return [
        {"caller": caller, "work": work, "usd": shown(sum_of(bill(found, prices)))}
        for (caller, work), found in sorted(by_work.items())
    ]


def _services(lines: Iterable[Line]) -> list[dict[str, str]]:
    totals: dict[str, Decimal] = {}
    for line in lines:
        totals[line.service] = totals.get(line.service, Decimal(0)) + line.usd
    return [{"service": service, "usd": shown(usd)} for service, usd in totals.items()]


def _line(line: Line) -> dict[str, str]:
    quantity = format(line.quantity.quantize(_QUANTITY), "f").rstrip("0").removesuffix(".")
    return {
        "service": line.service,
        "item": line.item,
        "quantity": quantity,
        "unit": line.unit,
        "usd": shown(line.usd),
    }
