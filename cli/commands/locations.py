"""`backoffice locations`: the homes that people work from, what is due, the quarterly lists."""

from datetime import UTC, datetime
from typing import Any, Final

import typer

from backoffice.kernel.rulebook import default_rulebook
from backoffice.remote_operations.register import HOME, KnownHome, read_homes
from backoffice.remote_operations.watch import LIST, overdue, read_lists
from cli.business_day import execute
from cli.commands.case_acts import AsJson
from cli.output import NEEDS_A_PERSON
from cli.platform import Platform
from cli.registers import print_listed, registers_of

_HOMES: Final = (
    *("location_id", "person", "kind", "status", "branch", "supervisor", "registered_on"),
    *("inspected_on", "inspection_due", "attestation_due", "waits"),
)
_LISTS: Final = ("list_id", "quarter", "due", "homes", "sent_by", "reference")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    locations = typer.Typer(no_args_is_help=True, help="The homes that people work from.")
    locations.command("list")(list_homes)
    locations.command("overdue")(list_overdue)
    locations.command("lists")(list_lists)
    locations.command("watch")(watch)
    app.add_typer(locations, name="locations")


def list_homes(as_json: AsJson = False) -> None:
    """List the register; addresses stay sealed, the console opens them for supervisors."""
    found = read_homes(registers_of(Platform.connect()).trails(HOME), default_rulebook())
    print_listed([_row(one) for one in found], _HOMES, as_json=as_json)


def list_overdue(as_json: AsJson = False) -> None:
    """List what is overdue today; exit 3 when anything is."""
    registers, rulebook = registers_of(Platform.connect()), default_rulebook()
    homes = read_homes(registers.trails(HOME), rulebook)
    lists = read_lists(registers.trails(LIST))
    causes = overdue(homes, lists, rulebook, datetime.now(UTC).date())
    rows = [{"code": one.code, "subject": one.subject} for one in causes]
    print_listed(rows, ("code", "subject"), as_json=as_json)
    if rows:
        raise typer.Exit(NEEDS_A_PERSON)


def list_lists(as_json: AsJson = False) -> None:
    """List the quarterly lists, the newest first."""
    rows = [
        {
            "list_id": one.list_id,
            "quarter": one.quarter,
            "due": str(one.due),
            "homes": len(one.homes),
            "sent_by": one.submitted.actor if one.submitted else "",
            "reference": one.submitted.text if one.submitted else "",
        }
        for one in read_lists(registers_of(Platform.connect()).trails(LIST))
    ]
    print_listed(rows, _LISTS, as_json=as_json)


def watch(as_json: AsJson = False) -> None:
    """Look what is overdue, as the daily job does; the next cut-off opens the cases."""
    told = execute(Platform.connect(), "watch_locations", {})
    print_listed([told], ("overdue", "cured"), as_json=as_json)
    if told["overdue"]:
        raise typer.Exit(NEEDS_A_PERSON)


def _row(one: KnownHome) -> dict[str, Any]:
    rulebook = default_rulebook()
    said = one.home.model_dump(mode="json", include={"person", "kind", "branch", "supervisor"})
    days = {
        "registered_on": one.registered_on,
        "inspected_on": one.inspected_on,
        "inspection_due": one.inspection_due(rulebook),
        "attestation_due": one.attestation_due(rulebook),
    }
    return {
        "location_id": one.location_id,
        "status": one.status,
        "waits": one.waits.what if one.waits else "",
        **said,
        **{name: str(day) if day else "" for name, day in days.items()},
    }
