"""`backoffice cost`: what a measured day costs, a million trades, and a month."""

from datetime import datetime
from typing import Annotated

import typer

from backoffice.costs.prices import PriceList
from backoffice.costs.report import Asked, report
from backoffice.kernel.rulebook import default_rulebook
from cli.cost_tables import print_cost
from cli.measured import choose, closed_days, standing_units
from cli.output import print_json
from cli.platform import Platform
from infra.local.home import Home


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("cost")(cost)


def cost(
    date: Annotated[
        datetime | None,
        typer.Option("--date", formats=["%Y-%m-%d"], help="A measured day; the latest by default."),
    ] = None,
    trades_per_day: Annotated[
        int | None,
        typer.Option(min=1, help="Trades a day of the month; the measured day's by default."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """Price what a business day used: the day, a million trades, a month, beside the office."""
    platform, home = Platform.connect(None), Home.find()
    days = closed_days(platform, home)
    day = choose(days, date.date() if date else None, home)
    asked = Asked(
        day=day,
        days=days,
        fixed=standing_units(platform),
        trades_a_day=trades_per_day or day.trades,
    )
    answer = report(asked, PriceList(default_rulebook(), day.business_date))
    if as_json:
        print_json(answer)
    else:
        print_cost(answer)
