"""`backoffice configuration`: what the platform runs by, and every change of it."""

from typing import Annotated, Any, Final

import typer

from backoffice.service_desk.configuration_records import Recorded, read_records
from backoffice.service_desk.configuration_requests import read_changes
from cli.business_day import execute
from cli.commands.case_acts import AsJson
from cli.platform import Platform, PlatformError
from cli.registers import print_listed, registers_of

_RECORDS: Final = (
    *("record", "at", "version", "rulebook", "code", "changes", "by", "request", "approved"),
)
_REQUESTS: Final = ("request_id", "stage", "title", "planned_on", "proposed_by")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True, help="What the platform runs by.")
    group.command("list")(list_records)
    group.command("show")(show)
    group.command("requests")(requests)
    group.command("record")(record)
    app.add_typer(group, name="configuration")


def list_records(as_json: AsJson = False) -> None:
    """List what was recorded, the newest first."""
    rows = [_row(one) for one in read_records(registers_of(Platform.connect()))]
    print_listed(rows, _RECORDS, as_json=as_json)


def show(name: Annotated[str, typer.Argument(metavar="RECORD")], as_json: AsJson = False) -> None:
    """Show what a recorded change changed, from what to what."""
    for one in read_records(registers_of(Platform.connect())):
        if _name(one) == name:
            rows = [each.model_dump() for each in one.changes]
            return print_listed(rows, ("what", "was", "now"), as_json=as_json)
    raise PlatformError(f"there is no record {name}")


def requests(as_json: AsJson = False) -> None:
    """List the changes that were asked for; they are asked for and decided in the console."""
    rows = [
        {
            **one.asked.model_dump(mode="json"),
            "request_id": one.request_id,
            "stage": one.matter.stage,
            "proposed_by": one.trail[0].actor,
        }
        for one in read_changes(registers_of(Platform.connect()))
    ]
    print_listed(rows, _REQUESTS, as_json=as_json)


def record(as_json: AsJson = False) -> None:
    """Compare what runs with what was recorded last, as the job at the start of the day does."""
    told = execute(Platform.connect(), "record_configuration", {})
    print_listed([told], ("recorded", "changes", "approved"), as_json=as_json)


def _name(one: Recorded) -> str:
    return f"{one.record_id}.{one.act.number}"


def _row(one: Recorded) -> dict[str, Any]:
    found = one.act.said["configuration"]
    return {
        "record": _name(one),
        "at": one.act.at,
        "version": found["version"],
        "rulebook": found["rulebook"],
        "code": found["code"],
        "changes": len(one.changes),
        "by": one.act.said["by"],
        "request": one.request,
        "approved": one.approved,
    }
