"""`backoffice day`: one business day, end to end."""

import re
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from backoffice.kernel.errors import BadFileError
from cli.business_day import DayRequest, run_day
from cli.market.script_file import load_script
from cli.output import NEEDS_A_PERSON, Progress, print_json, print_report, print_rows
from cli.platform import Platform
from cli.published_costs import publish_measured
from infra.local.home import Home

_PARTNER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._ -]{0,63}", re.ASCII)
Day = Annotated[datetime, typer.Option("--date", formats=["%Y-%m-%d"], help="Business day.")]


class Until(StrEnum):
    """How far a day is run."""

    CUT_OFF = "cut-off"
    CLOSE = "close"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("day")(day)


def day(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", exists=True, file_okay=False, help="The day's files.")
    ],
    date: Day,
    partner: Annotated[str, typer.Option(help="Who drops the files.")] = "local",
    market: Annotated[
        str, typer.Option(help="settle-all, none, or a script FILE for the simulator.")
    ] = "settle-all",
    until: Annotated[
        Until, typer.Option(help="Where to stop: what is decided before the close counts today.")
    ] = Until.CLOSE,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """Run a business day: drop, capture, cut off, net, settle, book, reconcile, report, seal."""
    _refuse_wrong_usage(partner, market)
    with Progress() as progress:
        platform = Platform.ensure_up(None, progress.tell)
        request = DayRequest(folder, date.date(), partner, market, until)
        report = run_day(platform, request, progress.tell, progress.note)
        if until is Until.CLOSE:
            publish_measured(platform, Home.find(), request.day)
    _show(report, until, as_json)
    if report["cases_open"] or report["breaks"]:
        raise typer.Exit(NEEDS_A_PERSON)


def _show(report: dict[str, Any], until: Until, as_json: bool) -> None:
    if as_json:
        print_json(report)
    elif until is Until.CUT_OFF:
        print_rows([report], ("business_date", "phase", "cases_open"))
    else:
        print_report(report)


def _refuse_wrong_usage(partner: str, market: str) -> None:
    """Say what is wrong before anything is brought up or dropped."""
    if not _PARTNER.fullmatch(partner):
        raise typer.BadParameter(f"{partner!r} is no partner's name", param_hint="--partner")
    try:
        load_script(market)
    except BadFileError as error:
        raise typer.BadParameter(str(error), param_hint="--market") from None
