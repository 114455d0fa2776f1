"""`backoffice desk tickets`: what is open, what was done about it, and acts."""

from datetime import UTC, datetime
from typing import Annotated, Any, Final

import typer
from pydantic import ValidationError

from backoffice.service_desk.ticket_desk import PersonsVerb, UnknownTicketError
from backoffice.service_desk.ticket_state import Ticket
from backoffice.service_desk.tickets import PRIORITIES, TicketRequest
from cli.output import NEEDS_A_PERSON, print_json, print_rows, print_sentence
from cli.platform import Platform, PlatformError
from cli.service_desk import keeper, service_desk_of

AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]
As = Annotated[
    str | None,
    typer.Option("--as", "--user", help="Who acts; else BACKOFFICE_USER, else who runs this."),
]
Text = Annotated[str, typer.Option("--text", help="What was done, or why.")]
_LISTED: Final = (
    "ticket_id",
    "priority",
    "stage",
    "late",
    "subject",
    "department",
    "occurrences",
    "resolve_by",
    "taken_by",
)


def register(desk: typer.Typer) -> None:
    """Add the commands."""
    tickets = typer.Typer(no_args_is_help=True, help="Tickets.")
    tickets.command("list")(list_tickets)
    tickets.command("show")(show)
    tickets.command("open")(open_ticket)
    tickets.command("take")(take)
    tickets.command("comment")(comment)
    tickets.command("resolve")(resolve)
    tickets.command("reopen")(reopen)
    tickets.command("rebuild")(rebuild)
    desk.add_typer(tickets, name="tickets")


def list_tickets(
    every: Annotated[bool, typer.Option("--all", help="Those resolved too.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the tickets that are not resolved, those opened last first."""
    now, found = datetime.now(UTC), service_desk_of(Platform.connect()).tickets.listed()
    shown = [_told(one, now) for one in found if every or one.stage != "RESOLVED"]
    if as_json:
        print_json(shown)
    else:
        print_rows(shown, _LISTED)
    if any(one["late"] for one in shown):
        raise typer.Exit(NEEDS_A_PERSON)


def show(ticket_id: str, as_json: AsJson = False) -> None:
    """Show a ticket and what was done about it."""
    try:
        ticket, trail = service_desk_of(Platform.connect()).tickets.show(ticket_id)
    except UnknownTicketError as unknown:
        raise PlatformError(str(unknown)) from unknown
    told = _told(ticket, datetime.now(UTC))
    acts = [event.model_dump(mode="json", exclude_none=True) for event in trail]
    if as_json:
        print_json({"ticket": told, "acts": acts})
        return
    print_rows([{"": name, "is": text} for name, text in told.items()], ("", "is"))
    rows = [{**act, "verb": act["act"]["verb"], "text": act["act"].get("text")} for act in acts]
    print_rows(rows, ("number", "at", "actor", "verb", "text"), "Acts")
    for runbook in ticket.runbooks:
        print_sentence(f"see {runbook}")


def open_ticket(
    department: Annotated[str, typer.Option(help="Whose it is.")],
    subject: Annotated[str, typer.Option(help="What is wrong; no client's name or account.")],
    text: Text = "",
    priority: Annotated[str, typer.Option(help=", ".join(PRIORITIES))] = "NORMAL",
    person: As = None,
    as_json: AsJson = False,
) -> None:
    """Open a ticket."""
    said = {"department": department, "subject": subject, "text": text, "priority": priority}
    try:
        request = TicketRequest.model_validate(said)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        raise PlatformError(f"{first['loc'][0]}: {first['msg']}") from wrong
    now, desk = datetime.now(UTC), service_desk_of(Platform.connect())
    _tell(desk.tickets.open_for(keeper(person), request, now), now, as_json)


def take(ticket_id: str, person: As = None, as_json: AsJson = False) -> None:
    """See to a ticket."""
    _act(ticket_id, "TAKE", "", person, as_json)


def comment(ticket_id: str, text: Text, person: As = None, as_json: AsJson = False) -> None:
    """Write something into a ticket."""
    _act(ticket_id, "COMMENT", text, person, as_json)


def resolve(ticket_id: str, text: Text, person: As = None, as_json: AsJson = False) -> None:
    """Resolve a ticket, with the reason."""
    _act(ticket_id, "RESOLVE", text, person, as_json)


def reopen(ticket_id: str, text: Text, person: As = None, as_json: AsJson = False) -> None:
    """Open a resolved ticket again."""
    _act(ticket_id, "REOPEN", text, person, as_json)


def rebuild(as_json: AsJson = False) -> None:
    """Make the list of tickets anew from what was done about each."""
    count = service_desk_of(Platform.connect()).tickets.reindex()
    if as_json:
        print_json({"tickets": count})
    else:
        print_sentence(f"{count} tickets are listed")


def _act(ticket_id: str, verb: PersonsVerb, text: str, person: str | None, as_json: bool) -> None:
    now, desk = datetime.now(UTC), service_desk_of(Platform.connect())
    try:
        ticket = desk.tickets.act(ticket_id, keeper(person), verb, text, now)
    except UnknownTicketError as unknown:
        raise PlatformError(str(unknown)) from unknown
    _tell(ticket, now, as_json)


def _told(ticket: Ticket, now: datetime) -> dict[str, Any]:
    return {**ticket.model_dump(mode="json", exclude_none=True), "late": ticket.late(now)}


def _tell(ticket: Ticket, now: datetime, as_json: bool) -> None:
    told = _told(ticket, now)
    if as_json:
        print_json(told)
    else:
        print_rows([told], _LISTED)
