"""The business days measured in a home, with the trades each took."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from backoffice.costs.cloud import trades_of
from backoffice.costs.fixed import units
from backoffice.costs.usage import Usage, Use, total
from cli.business_day import read_report
from cli.platform import Platform, PlatformError
from infra.local.home import Home
from infra.local.usage import MeasuredDay, measured_days

_ACCEPTED: Final = "trades_accepted"


def closed_days(platform: Platform, home: Home) -> list[Usage]:
    """Return the measured days that closed, oldest first."""
    found = sorted(measured_days(home).items())
    return [usage_of(platform, day, counted) for day, counted in found if counted.is_closed]


def choose(days: list[Usage], wanted: date | None, home: Home) -> Usage:
    """Return the day of a date, or the latest one.

    Raises
    ------
    PlatformError
        It was not measured, or took no trades.
    """
    if not days:
        raise PlatformError(
            f"no business day has been measured in {home.folder}: run backoffice day"
        )
    by_date = {day.business_date: day for day in days}
    if wanted is not None and wanted not in by_date:
        known = ", ".join(str(day) for day in by_date)
        raise PlatformError(f"{wanted} was not measured to its close; measured are {known}")
    chosen = by_date[wanted] if wanted else days[-1]
    if not chosen.trades:
        raise PlatformError(f"{chosen.business_date} took no trades: there is none to cost")
    return chosen


def standing_units(platform: Platform) -> dict[str, int]:
    """Return how many units of each resource type the deployed stacks consist of."""
    client = platform.client("cloudformation")
    resources: list[Mapping[str, Any]] = []
    for page in client.get_paginator("describe_stacks").paginate():
        for stack in page["Stacks"]:
            body = client.get_template(StackName=stack["StackName"])["TemplateBody"]
            template = json.loads(body) if isinstance(body, str) else body
            resources += template["Resources"].values()
    return units(resources)


def usage_of(platform: Platform, day: str, counted: MeasuredDay) -> Usage:
    """Return what a day used, with the trades that its report counts."""
    uses = tuple(_uses(counted))
    business_date = date.fromisoformat(day)
    return Usage(
        business_date=business_date,
        file_trades=trades_of(read_report(platform, business_date))[0],
        app_trades=total(uses, _ACCEPTED),
        uses=uses,
    )


def _uses(counted: MeasuredDay) -> Iterator[Use]:
    for (caller, work, step, meter), count in sorted(counted.counts.items()):
        yield Use(caller=caller, work=work, step=step, meter=meter, count=count)
