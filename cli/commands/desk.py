"""`backoffice desk`: what fails, starts that were missed, letters that wait."""

from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from backoffice.kernel.parts import Document
from backoffice.service_desk.letters import redrive as deliver_again
from cli.commands import tickets
from cli.output import NEEDS_A_PERSON, print_json, print_rows
from cli.platform import Platform, PlatformError
from cli.service_desk import keeper, service_desk_of

AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]
As = Annotated[
    str | None,
    typer.Option("--as", "--user", help="Who acts; else BACKOFFICE_USER, else who runs this."),
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    desk = typer.Typer(no_args_is_help=True, help="The service desk: what fails, who sees to it.")
    desk.command("health")(health)
    desk.command("jobs")(jobs)
    desk.command("letters")(letters)
    desk.command("redrive")(redrive)
    tickets.register(desk)
    app.add_typer(desk, name="desk")


def health(as_json: AsJson = False) -> None:
    """Tell how every function, machine, queue and table is."""
    found = service_desk_of(Platform.connect()).health(datetime.now(UTC))
    _tell(found, ("kind", "name", "state", "detail", "runbook"), as_json)
    _needs_a_person(any(one.state == "FAILING" for one in found))


def jobs(as_json: AsJson = False) -> None:
    """Tell each scheduled job's last and next start, and those that were missed."""
    found = service_desk_of(Platform.connect()).jobs(datetime.now(UTC))
    if as_json:
        print_json([job.model_dump(mode="json") for job in found])
    else:
        rows: list[dict[str, Any]] = [
            {
                "machine": job.machine,
                "state": job.state,
                "last": _minute(job.last.started) if job.last else None,
                "ended": job.last.status if job.last else None,
                "next": _minute(job.next) if job.next else None,
                "missed": ", ".join(map(_minute, job.missed)),
                "runbook": job.runbook,
            }
            for job in found
        ]
        print_rows(rows, ("machine", "state", "last", "ended", "next", "missed", "runbook"))
    _needs_a_person(any(job.missed for job in found))


def letters(as_json: AsJson = False) -> None:
    """List the dead letters: of what, since when, how often tried, and why given up."""
    found = service_desk_of(Platform.connect()).letters()
    columns = ("letter_id", "queue", "of", "machine", "function", "since", "tries", "error")
    _tell(found, columns, as_json)
    _needs_a_person(bool(found))


def redrive(
    letter_ids: Annotated[list[str] | None, typer.Argument(metavar="[LETTER_ID]...")] = None,
    queue: Annotated[str | None, typer.Option(help="Of this queue alone.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All that wait.")] = False,
    person: As = None,
    as_json: AsJson = False,
) -> None:
    """Deliver dead letters again; who does it is put down."""
    if bool(letter_ids) == every:
        raise PlatformError("name the letters, or --all")
    desk = service_desk_of(Platform.connect())
    if queue is not None and queue not in desk.parts.queues:
        raise PlatformError(f"there is no queue {queue}: {', '.join(desk.parts.queues)}")
    waiting = [one for one in desk.letters() if queue in {None, one.queue}]
    wanted = [
        (one.queue, one.letter_id)
        for one in waiting
        if every or one.letter_id in set(letter_ids or ())
    ]
    if missing := set(letter_ids or ()) - {letter_id for _, letter_id in wanted}:
        raise PlatformError(f"no letter {min(missing)} waits")
    done = deliver_again(desk.box, desk.tickets, keeper(person), wanted, datetime.now(UTC))
    _tell(done, ("letter_id", "queue", "of", "machine", "function"), as_json)


def _tell(found: list[Any], columns: tuple[str, ...], as_json: bool) -> None:
    documents: list[Document] = found
    rows = [document.model_dump(mode="json") for document in documents]
    if as_json:
        print_json(rows)
    else:
        print_rows(rows, columns)


def _minute(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M")


def _needs_a_person(needed: bool) -> None:
    if needed:
        raise typer.Exit(NEEDS_A_PERSON)
