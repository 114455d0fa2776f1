"""`backoffice cost`: what a measured day costs, its month, a desk; the office it is set beside."""

import re
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Final

import typer
from pydantic import ValidationError

from backoffice.costs.meter import MeterAsked, meter
from backoffice.costs.prices import PriceList
from backoffice.costs.published import publish_standing
from backoffice.costs.report import Asked, report
from backoffice.costs.scenario import (
    Scenario,
    first_scenario,
    scenario_trail,
    set_scenario,
)
from backoffice.costs.usage import Usage
from backoffice.kernel.rulebook import default_rulebook
from cli.cost_tables import print_cost, print_meter, print_scenario
from cli.measured import choose, closed_days, standing_units
from cli.output import print_json
from cli.platform import Platform, PlatformError
from cli.published_costs import WorkDocuments, publish_measured
from cli.staff import who
from infra.local.home import Home

_MONTH: Final = re.compile(r"2\d{3}-(0[1-9]|1[0-2])", re.ASCII)
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]


def _month(said: str | None) -> str | None:
    """Refuse what is no month before anything is asked of the platform."""
    if said is not None and not _MONTH.fullmatch(said):
        raise typer.BadParameter(f"{said!r} is no month: 2026-03")
    return said


Month = Annotated[str | None, typer.Option(callback=_month, help="The meter of a month, 2026-03.")]


class By(StrEnum):
    """What a month is told by."""

    DAY = "day"
    DESK = "desk"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    costs = typer.Typer(help="What the platform costs.")
    costs.callback(invoke_without_command=True)(cost)
    scenario = typer.Typer(no_args_is_help=True, help="The office it is set beside.")
    scenario.command("show")(show_scenario)
    scenario.command("set")(change_scenario)
    costs.add_typer(scenario, name="scenario")
    app.add_typer(costs, name="cost")


def cost(
    context: typer.Context,
    date: Annotated[
        datetime | None,
        typer.Option("--date", formats=["%Y-%m-%d"], help="A measured day; the latest by default."),
    ] = None,
    trades_per_day: Annotated[
        int | None,
        typer.Option(min=1, help="Trades a day of the month; the measured day's by default."),
    ] = None,
    month: Month = None,
    by: Annotated[By | None, typer.Option(help="The meter by day or by desk.")] = None,
    as_json: AsJson = False,
) -> None:
    """Price what a business day used: the day, a million trades, a month, beside the office."""
    if context.invoked_subcommand:
        return None
    platform, home = Platform.connect(None), Home.find()
    days = closed_days(platform, home)
    if month or by:
        return _print(_meter(platform, home, days, month), by or By.DAY, as_json)
    day = choose(days, date.date() if date else None, home)
    trades = trades_per_day or day.trades
    asked = Asked(day=day, days=days, fixed=standing_units(platform), trades_a_day=trades)
    answer = report(asked, PriceList(default_rulebook(), day.business_date))
    return print_json(answer) if as_json else print_cost(answer)


def _print(told: dict[str, Any], by: By, as_json: bool) -> None:
    return print_json(told) if as_json else print_meter(told, by)


def _meter(platform: Platform, home: Home, days: list[Usage], month: str | None) -> dict[str, Any]:
    wanted = month or (f"{days[-1].business_date:%Y-%m}" if days else "")
    chosen = [day for day in days if f"{day.business_date:%Y-%m}" == wanted]
    if not chosen:
        raise PlatformError(f"no business day of {wanted or 'any month'} was measured here")
    documents, fixed = WorkDocuments(platform), standing_units(platform)
    publish_measured(platform, home)
    publish_standing(documents.put, fixed)
    prices = PriceList(default_rulebook(), chosen[-1].business_date)
    return meter(MeterAsked(chosen, fixed, _scenario(documents)), prices)


def show_scenario(as_json: AsJson = False) -> None:
    """Show the figures of the office, and who changed them when."""
    documents = WorkDocuments(Platform.connect(None))
    trail = scenario_trail(documents)
    told = {
        "scenario": _scenario(documents).model_dump(mode="json"),
        "changes": [each.model_dump(mode="json") for each in trail],
    }
    print_json(told) if as_json else print_scenario(told)


def change_scenario(
    place: Annotated[str | None, typer.Option(help="An office place, USD a month.")] = None,
    at_home: Annotated[str | None, typer.Option(help="A place at home, USD a month.")] = None,
    saved: Annotated[str | None, typer.Option(help="Saved a year and person, USD.")] = None,
    people: Annotated[int | None, typer.Option(help="People at home.")] = None,
    budget: Annotated[str | None, typer.Option(help="What it may cost, USD a month.")] = None,
    name: Annotated[str | None, typer.Option("--as", help="Who changes them.")] = None,
) -> None:
    """Change figures of the office; what is not named stays as it is."""
    documents = WorkDocuments(Platform.connect(None))
    before = scenario_trail(documents)
    named = {"place": place, "at_home": at_home, "saved": saved, "people": people, "budget": budget}
    said = {key: value for key, value in named.items() if value is not None}
    try:
        wanted = Scenario.model_validate({**_scenario(documents).model_dump(), **said})
    except ValidationError as wrong:
        first = wrong.errors()[0]
        raise typer.BadParameter(f"{first['loc'][0]}: {first['msg']}") from None
    at = datetime.now(UTC).isoformat(timespec="seconds")
    seen = before[-1].number if before else 0
    made = set_scenario(documents, wanted, who(name), at, seen)
    typer.echo(f"change {made.number} by {made.actor} at {made.at}")


def _scenario(documents: WorkDocuments) -> Scenario:
    trail = scenario_trail(documents)
    today = datetime.now(UTC).date()
    return trail[-1].scenario if trail else first_scenario(PriceList(default_rulebook(), today))
