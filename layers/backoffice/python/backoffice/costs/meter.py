"""The cost meter: a day, its month so far and to its end, a trade, a desk, beside the office."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

from backoffice.costs.bill import bill, kept, shown, sum_of
from backoffice.costs.comparisons import MONTHS
from backoffice.costs.desks import desk_of
from backoffice.costs.prices import PriceList
from backoffice.costs.scenario import Scenario, usd_of
from backoffice.costs.shares import shares_of
from backoffice.costs.usage import Usage, Use
from backoffice.kernel.parts import Document

BUSINESS_DAYS: Final = 21
_NONE: Final = Decimal(0)
Stand = Literal["WITHIN", "WILL_BE_OVER", "OVER"]


@dataclass(frozen=True, slots=True)
class MeterAsked:
    """What the meter reads.

    Attributes
    ----------
    days
        The measured days of one month, oldest first; at least one.
    fixed
        How many units of each resource type stand; empty where it is not known.
    """

    days: Sequence[Usage]
    fixed: Mapping[str, int]
    scenario: Scenario


class BudgetAlarm(Document):
    """A month that is over its budget, or will be as things go: what somebody is told of."""

    month: str
    stand: Stand
    budget_usd: str
    so_far_usd: str
    projected_usd: str


def meter(asked: MeterAsked, prices: PriceList) -> dict[str, Any]:
    """Return the meter as a JSON document: dollars as text, to the millionth.

    Everything used is in it, what people looked on with too: it is billed. What is kept and what
    stands are a whole month's from its first day, for so they are billed.
    """
    by_day = [_by_desk(day.uses) for day in asked.days]
    together = _by_desk(use for day in asked.days for use in day.uses)
    used = [_used(uses, prices) for uses in by_day]
    fixed = _fixed(asked.fixed, prices)
    stored = sum((sum_of(kept(uses, prices)) for uses in together.values()), _NONE)
    so_far = sum(used, _NONE) + stored + fixed
    projected = _projected(sum(used, _NONE), stored, len(used)) + fixed
    last = asked.days[-1]
    return {
        "business_date": str(last.business_date),
        "month": _month(last),
        "currency": "USD",
        "day": _sum(used[-1], last.trades),
        "month_to_date": _so_far(asked.days, used, stored, fixed),
        "projected_usd": shown(projected),
        "days": _days(asked.days, used),
        "desks": _desks(by_day[-1], together, prices),
        "services": _services(together, prices),
        "office": _office(asked.scenario, projected),
        "budget": _budget(asked.scenario, so_far, projected),
        "prices_on": str(prices.on),
    }


def budget_alarm(told: Mapping[str, Any]) -> BudgetAlarm | None:
    """Return what somebody is to be told of a meter; None while the month is within its budget."""
    budget = told["budget"]
    if budget["stand"] == "WITHIN":
        return None
    return BudgetAlarm(
        month=told["month"],
        stand=budget["stand"],
        budget_usd=budget["usd"],
        so_far_usd=told["month_to_date"]["usd"],
        projected_usd=told["projected_usd"],
    )


def _month(day: Usage) -> str:
    return f"{day.business_date:%Y-%m}"


def _by_desk(uses: Iterable[Use]) -> dict[str, list[Use]]:
    """Add up what each desk used, a use a meter: a month has thousands of uses."""
    counted: dict[tuple[str, str], int] = {}
    for use in uses:
        place = (desk_of(use), use.meter)
        counted[place] = counted.get(place, 0) + use.count
    found: dict[str, list[Use]] = {}
    for (desk, name), count in sorted(counted.items()):
        added = Use(caller="platform", work=desk, step="", meter=name, count=count)
        found.setdefault(desk, []).append(added)
    return found


def _used(by_desk: Mapping[str, Sequence[Use]], prices: PriceList) -> Decimal:
    return sum((sum_of(bill(uses, prices)) for uses in by_desk.values()), _NONE)


def _projected(used: Decimal, stored: Decimal, days: int) -> Decimal:
    """Return a whole month at the rate of its days so far; a month has at least 21."""
    return (used + stored) * max(BUSINESS_DAYS, days) / days


def _fixed(units: Mapping[str, int], prices: PriceList) -> Decimal:
    return sum((prices.monthly(name).usd * count for name, count in units.items()), _NONE)


def _so_far(
    days: Sequence[Usage], used: Sequence[Decimal], stored: Decimal, fixed: Decimal
) -> dict[str, Any]:
    together = sum(used, _NONE)
    return {
        "business_days": len(days),
        "used_usd": shown(together),
        "kept_usd": shown(stored),
        "fixed_usd": shown(fixed),
        **_sum(together + stored + fixed, sum(day.trades for day in days)),
    }


def _days(days: Sequence[Usage], used: Sequence[Decimal]) -> list[dict[str, Any]]:
    return [
        {"business_date": str(day.business_date), **_sum(usd, day.trades)}
        for day, usd in zip(days, used, strict=True)
    ]


def _sum(usd: Decimal, trades: int) -> dict[str, Any]:
    """Return what so many trades cost, and one of them; none where there was none."""
    return {
        "trades": trades,
        "usd": shown(usd),
        "usd_a_trade": shown(usd / trades) if trades else None,
    }


def _desks(
    today: Mapping[str, Sequence[Use]], month: Mapping[str, Sequence[Use]], prices: PriceList
) -> list[dict[str, str]]:
    """Return what each desk used, the dearest first, and its share in hundredths of a percent."""
    sums = {desk: sum_of(bill(uses, prices)) for desk, uses in month.items()}
    order = sorted(sums, key=lambda desk: (-sums[desk], desk))
    shares = shares_of([sums[desk] for desk in order])
    return [
        {
            "desk": desk,
            "day_usd": shown(sum_of(bill(today.get(desk, ()), prices))),
            "month_usd": shown(sums[desk]),
            "share": str(share),
        }
        for desk, share in zip(order, shares, strict=True)
    ]


def _services(month: Mapping[str, Sequence[Use]], prices: PriceList) -> list[dict[str, str]]:
    totals: dict[str, Decimal] = {}
    for line in bill((use for uses in month.values() for use in uses), prices):
        totals[line.service] = totals.get(line.service, _NONE) + line.usd
    return [{"service": service, "usd": shown(usd)} for service, usd in totals.items()]


def _office(scenario: Scenario, projected: Decimal) -> dict[str, Any]:
    """Set a month of the platform beside people in an office, and at home."""
    people = scenario.people
    place, home = usd_of(scenario.place) * people, usd_of(scenario.at_home) * people
    return {
        **scenario.model_dump(mode="json"),
        "place_usd_a_month": shown(place),
        "at_home_usd_a_month": shown(home),
        "saved_usd_a_year": shown(usd_of(scenario.saved) * people),
        "platform_usd_a_year": shown(projected * MONTHS),
    }


def _budget(scenario: Scenario, so_far: Decimal, projected: Decimal) -> dict[str, str]:
    budget = usd_of(scenario.budget)
    stand: Stand = "OVER" if so_far > budget else "WILL_BE_OVER" if projected > budget else "WITHIN"
    return {"usd": shown(budget), "stand": stand}
