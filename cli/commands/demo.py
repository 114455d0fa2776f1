"""`backoffice demo`: a platform of its own with a month of days, people, and the console open."""

import os
import time
import webbrowser
from datetime import date
from typing import Annotated, Any, Final

import typer

from cli.business_day import DayRequest, closed_days, execute, run_day
from cli.commands.console import enrol_once
from cli.output import Progress, print_json, print_rows
from cli.platform import Platform, PlatformError
from cli.published_costs import publish_measured
from infra.local.home import HOME_VARIABLE, PROJECT, Home

HOME: Final = PROJECT / ".backoffice-demo"
PEOPLE: Final = {
    "maker": ("case-makers",),
    "checker": ("case-checkers",),
    "compliance": ("case-checkers", "compliance"),
    "service": ("service-desk", "access-makers", "supervisors"),
    "access": ("access-checkers",),
}
_DAYS: Final = 21
_LONGEST: Final = 250
_MINUTE: Final = 60
_KEPT: Final = "the one chosen"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo")(demo)


def demo(
    days: Annotated[int, typer.Option(min=1, max=_LONGEST, help="Business days to run.")] = _DAYS,
    no_open: Annotated[bool, typer.Option("--no-open", help="Open no browser.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """Bring a platform up, run a month of days on it, make five people, open the console.

    It stands in a home of its own, `.backoffice-demo` unless BACKOFFICE_HOME names one. Run again,
    it goes on where it stopped; who has chosen a password keeps it.
    """
    os.environ.setdefault(HOME_VARIABLE, str(HOME))
    home = Home.find()
    with Progress() as progress:
        platform = Platform.ensure_up(None, progress.tell)
        took = _run_days(platform, home, days, progress)
    people = [_person(platform, name, groups) for name, groups in PEOPLE.items()]
    told = {"home": str(home.folder), "console": platform.console_url, "days_run": took}
    if as_json:
        print_json({**told, "people": people})
    else:
        print_rows(people, ("name", "password", "groups"), "Who signs in")
        typer.echo(f"console: {platform.console_url}")
        typer.echo(f"for other commands: export {HOME_VARIABLE}={home.folder}")
        typer.echo("to end it: backoffice down; with --wipe it leaves nothing")
    if not no_open and _has_display():
        webbrowser.open(platform.console_url)


def _run_days(platform: Platform, home: Home, count: int, progress: Progress) -> int:
    """Run the days that are not closed yet; return how many."""
    # only this command makes up any days
    from samples.demo_month import SCRIPT, business_days, write_month  # noqa: PLC0415

    closed = set(closed_days(platform))
    if strange := sorted(closed - set(business_days())):
        raise PlatformError(f"{home.folder} has other days, {strange[0]} first: name another home")
    folder = home.folder / "demo"
    waiting = [day for day in write_month(folder, count) if day not in closed]
    began = time.monotonic()
    for number, day in enumerate(waiting):
        progress.note(_how_far(day, number, len(waiting), time.monotonic() - began))
        if day == waiting[-1] and closed:
            # what is made of the days before is shown by the books of the last
            _at_night(platform, max(closed), ("make_reports",), progress)
        request = DayRequest(folder / str(day), day, "local", str(folder / SCRIPT))
        run_day(platform, request, progress.tell, progress.note)
        publish_measured(platform, home, day)
        closed.add(day)
    if waiting:
        _at_night(platform, waiting[-1], ("assess_risk", "index_records"), progress)
    return len(waiting)


def _at_night(platform: Platform, day: date, machines: tuple[str, ...], progress: Progress) -> None:
    """Start what the clock starts after a close, once."""
    for name in machines:
        progress.tell(f"the night's {name.replace('_', ' ')}")
        execute(platform, name, {"day": str(day)})


def _how_far(day: date, number: int, count: int, elapsed_s: float) -> str:
    """Say which day runs now, and how long the rest will take as it went so far."""
    if not number:
        return f"{day}: day 1 of {count}; a day takes 5 to 20 seconds"
    left = round(elapsed_s / number * (count - number))
    return f"{day}: day {number + 1} of {count}; about {left // _MINUTE}:{left % _MINUTE:02} to go"


def _person(platform: Platform, name: str, groups: tuple[str, ...]) -> dict[str, str]:
    """Make somebody; who has signed in keeps their password, who has not gets another."""
    pool: Any = platform.client("cognito-idp")
    place = {"UserPoolId": platform.outputs["UserPoolId"], "Username": name}
    try:
        chosen = pool.admin_get_user(**place)["UserStatus"] == "CONFIRMED"
    except pool.exceptions.UserNotFoundException:
        chosen = False
    password = _KEPT if chosen else enrol_once(platform, name, groups)
    return {"name": name, "password": password, "groups": ", ".join(groups)}


def _has_display() -> bool:
    """Tell whether a browser would be seen: on Linux, where a display is named."""
    return (
        os.name == "nt"
        or os.uname().sysname == "Darwin"
        or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    )
