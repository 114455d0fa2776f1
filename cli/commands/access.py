"""`backoffice access`: who asked for what, what the pool holds otherwise, the quarter's review."""

import secrets
from datetime import UTC, datetime
from typing import Annotated, Any, Final

import typer

from backoffice.service_desk.access_drift import drift_known
from backoffice.service_desk.access_requests import REQUEST, KnownRequest, read_requests
from backoffice.service_desk.recertification import REVIEW, read_reviews
from cli.business_day import execute
from cli.commands.case_acts import AsJson
from cli.output import NEEDS_A_PERSON, print_json
from cli.platform import Platform, PlatformError
from cli.registers import print_listed, registers_of

_REQUESTS: Final = (
    *("request_id", "stage", "person", "kind", "groups", "effective_on"),
    *("proposed_by", "decided_by"),
)
_DRIFT: Final = ("person", "kind", "group")
_LINES: Final = ("quarter", "person", "group", "answer", "by", "due")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    access = typer.Typer(no_args_is_help=True, help="Who may sign in, and to what.")
    access.command("list")(list_requests)
    access.command("show")(show)
    access.command("drift")(drift)
    access.command("review")(review)
    access.command("run")(run)
    access.command("password")(password)
    app.add_typer(access, name="access")


def list_requests(as_json: AsJson = False) -> None:
    """List the requests, the newest first; they are asked for and decided in the console."""
    known = read_requests(registers_of(Platform.connect()).trails(REQUEST))
    print_listed([_row(one) for one in known], _REQUESTS, as_json=as_json)


def show(request_id: Annotated[str, typer.Argument(metavar="REQUEST")]) -> None:
    """Show a request with its trail."""
    trail = registers_of(Platform.connect()).trail(request_id)
    if not trail:
        raise PlatformError(f"there is no request {request_id}")
    print_json([act.model_dump(mode="json") for act in trail])


def drift(as_json: AsJson = False) -> None:
    """List what the pool was last found to hold otherwise than approved; exit 3 when it does."""
    registers = registers_of(Platform.connect())
    found = drift_known(registers, datetime.now(UTC).date())
    rows = [{name: getattr(one, name) for name in _DRIFT} for one in found]
    print_listed(rows, _DRIFT, as_json=as_json)
    if rows:
        raise typer.Exit(NEEDS_A_PERSON)


def review(as_json: AsJson = False) -> None:
    """List the latest recertification, line by line; exit 3 while any is unanswered."""
    reviews = read_reviews(registers_of(Platform.connect()).trails(REVIEW))
    rows: list[dict[str, Any]] = [
        {
            "quarter": one.quarter,
            "due": str(one.due),
            **{name: getattr(line, name) for name in ("person", "group", "answer", "by")},
        }
        for one in reviews[:1]
        for line in one.lines
    ]
    print_listed(rows, _LINES, as_json=as_json)
    if any(not row["answer"] for row in rows):
        raise typer.Exit(NEEDS_A_PERSON)


def run(as_json: AsJson = False) -> None:
    """Carry out what was approved, as the hourly job does."""
    told = execute(Platform.connect(), "keep_access", {})
    print_listed([told], tuple(told), as_json=as_json)
    if told["not_carried_out"] or told["drift"]:
        raise typer.Exit(NEEDS_A_PERSON)


def password(name: str) -> None:
    """Give somebody of the embedded pool a one-time password; their groups stay as they are.

    In the cloud the pool's keepers do that: this is for one's own machine alone.
    """
    platform = Platform.connect()
    pool: Any = platform.client("cognito-idp")
    place = {"UserPoolId": platform.outputs["UserPoolId"], "Username": name}
    given = f"Aa1!{secrets.token_urlsafe(16)}"
    try:
        pool.admin_set_user_password(**place, Password=given, Permanent=False)
    except pool.exceptions.UserNotFoundException:
        raise PlatformError(f"nobody is called {name}: ask for access first") from None
    typer.echo(f"{name} signs in at {platform.console_url}")
    typer.echo(f"with the one-time password {given}")


def _row(known: KnownRequest) -> dict[str, Any]:
    decision = known.matter.decision
    return {
        **known.asked.model_dump(mode="json"),
        "groups": " ".join(known.asked.groups),
        "request_id": known.request_id,
        "stage": known.stage,
        "proposed_by": known.trail[0].actor,
        "decided_by": decision.actor if decision else "",
    }
