"""What the platform costs: the day, its month, trades and desks, beside the office it replaces."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from http import HTTPStatus
from typing import Any, Final

from pydantic import ValidationError

from backoffice.clearance.trails import CHECKERS, MAKERS
from backoffice.console.charts import WIDTH, Bar, Chart
from backoffice.console.pages import Asked, Move, Page, Shelf, Shown, Viewer
from backoffice.console.tables import Column, Row, Table, to
from backoffice.console.wording import wording
from backoffice.costs.meter import MeterAsked, meter
from backoffice.costs.prices import PriceList
from backoffice.costs.published import published, published_dates, standing
from backoffice.costs.scenario import (
    Scenario,
    ScenarioSet,
    ScenarioTakenError,
    first_scenario,
    scenario_trail,
    set_scenario,
)
from backoffice.kernel.rulebook import default_rulebook

FIELDS: Final = ("place", "at_home", "saved", "people", "budget")
_PLACE: Final = "cost"
_CENT, _SHOWN = Decimal("0.01"), Decimal("0.0001")
_MILLIONTHS: Final = 1_000_000
_CHANGES: Final = 10
_DAYS: Final = (
    Column("business_date", "date"),
    Column("trades", "number"),
    Column("usd", "number"),
    Column("usd_a_trade", "number"),
)
_DESKS: Final = (
    Column("desk"),
    Column("day_usd", "number"),
    Column("month_usd", "number"),
    Column("share", "number"),
)
_SERVICES: Final = (Column("service"), Column("usd", "number"))
_SET: Final = (
    Column("at", "date"),
    Column("actor"),
    *(Column(name, "number") for name in FIELDS),
)


def show(shelf: Shelf, viewer: Viewer, asked: Asked) -> Page:
    """Show the meter of a month; the latest that was measured unless `month` says another."""
    return _page(shelf, viewer, asked, None)


def set_figures(shelf: Shelf, viewer: Viewer, asked: Asked) -> Shown:
    """Take the scenario as the form says it."""
    if not may_set(viewer):
        return _page(shelf, viewer, asked, (HTTPStatus.FORBIDDEN, "cost.not-yours"))
    try:
        said = {name: asked.form.get(name, "").strip() for name in FIELDS}
        wanted = Scenario.model_validate(said)
        seen = asked.form.get("seen", "")
        after = int(seen) if seen.isascii() and seen.isdigit() else None
        at = shelf.now.isoformat(timespec="seconds")
        set_scenario(shelf.costs, wanted, viewer.person.name, at, after)
    except ValidationError as wrong:
        field = str(wrong.errors()[0]["loc"][0])
        return _page(shelf, viewer, asked, (HTTPStatus.UNPROCESSABLE_ENTITY, f"cost.bad-{field}"))
    except ScenarioTakenError:
        return _page(shelf, viewer, asked, (HTTPStatus.CONFLICT, "cost.changed"))
    return Move(to(_PLACE, done="set"))


def may_set(viewer: Viewer) -> bool:
    """Tell whether somebody may change the scenario: who works on the desk, not who looks on."""
    return bool({MAKERS, CHECKERS} & set(viewer.person.groups))


def _page(shelf: Shelf, viewer: Viewer, asked: Asked, told: tuple[HTTPStatus, str] | None) -> Page:
    trail = scenario_trail(shelf.costs)
    dates = published_dates(shelf.costs)
    months = sorted({f"{day:%Y-%m}" for day in dates}, reverse=True)
    wanted = asked.query.get("month", "")
    month = wanted if wanted in months else next(iter(months), "")
    prices = PriceList(default_rulebook(), dates[-1] if dates else shelf.now.date())
    scenario = trail[-1].scenario if trail else first_scenario(prices)
    model: dict[str, Any] = {
        "told": told[1] if told else None,
        "done": asked.query.get("done") == "set" and told is None,
        "may_set": may_set(viewer),
        "figures": {**scenario.model_dump(mode="json"), **_typed(asked)},
        "seen": trail[-1].number if trail else 0,
        "months": months,
        "month": month,
        "changes": _changes(trail),
        "width": WIDTH,
        "meter": None,
    }
    if month:
        model |= _shown(shelf, viewer, month, scenario)
    return Page("cost.html.j2", _PLACE, _PLACE, model, told[0] if told else HTTPStatus.OK)


def _typed(asked: Asked) -> Mapping[str, str]:
    return {name: asked.form[name] for name in FIELDS if name in asked.form}


def _shown(shelf: Shelf, viewer: Viewer, month: str, scenario: Scenario) -> dict[str, Any]:
    days = published(shelf.costs, month)
    priced = PriceList(default_rulebook(), days[-1].business_date)
    told = meter(MeterAsked(days, standing(shelf.costs), scenario), priced)
    by_day = [_day_row(row) for row in told["days"]]
    words = wording(viewer.language)
    desks = [{**row, "desk": words.code("desk", row["desk"])} for row in told["desks"]]
    by_desk = [_desk_row(row) for row in desks]
    services = [{"service": row["service"], "usd": dollars(row["usd"])} for row in told["services"]]
    return {
        "meter": told,
        "usd": dollars,
        "day_chart": _chart("cost-days", told["days"], "business_date", "usd"),
        "desk_chart": _chart("cost-desks", desks, "desk", "month_usd"),
        "day_table": Table("cost-days", _DAYS, by_day, total=len(by_day)),
        "desk_table": Table("cost-desks", _DESKS, by_desk, total=len(by_desk)),
        "service_table": Table("cost-services", _SERVICES, services, total=len(services)),
    }


def dollars(text: str) -> str:
    """Write dollars as they are read: the less there is, the finer, to the millionth.

    Examples
    --------
    >>> dollars("0.000012"), dollars("0.004567"), dollars("12.345678")
    ('0.000012', '0.0046', '12.35')
    """
    amount = Decimal(text)
    if abs(amount) >= 1 or not amount:
        return format(amount.quantize(_CENT, ROUND_HALF_UP), "f")
    return format(amount.quantize(_SHOWN, ROUND_HALF_UP), "f") if abs(amount) >= _SHOWN else text


def _day_row(row: Mapping[str, Any]) -> Row:
    return {
        "business_date": row["business_date"],
        "trades": str(row["trades"]),
        "usd": dollars(row["usd"]),
        "usd_a_trade": row["usd_a_trade"],
    }


def _desk_row(row: Mapping[str, str]) -> Row:
    share = int(row["share"])
    return {
        "desk": row["desk"],
        "day_usd": dollars(row["day_usd"]),
        "month_usd": dollars(row["month_usd"]),
        "share": f"{share // 100}.{share % 100:02}",
    }


def _chart(name: str, rows: Sequence[Mapping[str, Any]], label: str, figure: str) -> Chart:
    bars = [
        Bar(str(row[label]), int(Decimal(row[figure]) * _MILLIONTHS), dollars(row[figure]))
        for row in rows
    ]
    return Chart(name, bars)


def _changes(trail: Sequence[ScenarioSet]) -> Table:
    rows = [_change(each) for each in reversed(trail[-_CHANGES:])]
    return Table("scenario", _SET, rows, total=len(trail))


def _change(change: ScenarioSet) -> Row:
    figures = {name: str(value) for name, value in change.scenario.model_dump().items()}
    at = date.fromisoformat(change.at[:10])
    return {"at": str(at), "actor": change.actor, **figures}
