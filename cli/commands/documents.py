"""`backoffice documents`: clients' confirmations, statements and gains, made and fetched."""

import json
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from backoffice.formats.printing.archive import document_at
from backoffice.formats.sealed_bytes import UnreadableError
from cli.business_day import execute
from cli.commands.books import view
from cli.output import NEEDS_A_PERSON, print_json, print_rows
from cli.platform import Platform, PlatformError

AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]
OfDate = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="A closed day's confirmations.")
]
OfMonth = Annotated[datetime | None, typer.Option(formats=["%Y-%m"], help="A month's statements.")]
OfYear = Annotated[datetime | None, typer.Option(formats=["%Y"], help="A year's realised gains.")]
_LISTED: Final = ("document_id", "kind", "account_id", "period", "language", "made_as_of")


class Form(StrEnum):
    """The two forms every document is made in."""

    PDF = "pdf"
    HTML = "html"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    documents = typer.Typer(
        no_args_is_help=True, help="Clients' confirmations, statements and gains."
    )
    documents.command("make")(make)
    documents.command("list")(list_documents)
    documents.command("get")(get)
    app.add_typer(documents, name="documents")


def make(
    date: OfDate = None, month: OfMonth = None, year: OfYear = None, as_json: AsJson = False
) -> None:
    """Make documents from the sealed books; what is made already stays as it is."""
    if not (date or month or year):
        raise typer.BadParameter("say which: --date, --month or --year")
    asked = {
        "date": date.date().isoformat() if date else None,
        "month": f"{month:%Y-%m}" if month else None,
        "year": year.year if year else None,
    }
    told = execute(Platform.connect(), "make_documents", asked)
    if as_json:
        print_json(told)
    else:
        rows = [{**one, "documents": str(one["documents"])} for one in told["made"]]
        print_rows(rows, ("kind", "period", "as_of", "documents", "failed"), "made")
    if any(one["failed"] for one in told["made"]):
        raise typer.Exit(NEEDS_A_PERSON)


def list_documents(
    account: Annotated[str | None, typer.Option(help="Of one account alone.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the documents that were made."""
    found = [row for row in _rows(Platform.connect()) if account in (None, row["account_id"])]
    if as_json:
        print_json(found)
    else:
        print_rows(found, _LISTED)


def get(
    document_id: Annotated[str, typer.Argument(metavar="ID")],
    out: Annotated[Path, typer.Option(help="Where the file is written.", dir_okay=False)],
    form: Annotated[Form, typer.Option("--format", help="Which of its two forms.")] = Form.PDF,
) -> None:
    """Fetch one document out of its archive, opened by its client's key, its hash checked."""
    platform = Platform.connect()
    rows = [row for row in _rows(platform) if row["document_id"] == document_id]
    if not rows:
        raise PlatformError(f"there is no document {document_id}")
    (row,) = rows
    start, end = int(row[f"{form}_start"]), int(row[f"{form}_end"])
    piece = platform.client("s3").get_object(
        Bucket=platform.records_bucket, Key=row["archive"], Range=f"bytes={start}-{end - 1}"
    )
    keys = platform.client_keys().find_many([row["account_id"]])
    sha256, name = row[f"{form}_sha256"], f"{document_id}.{form}"
    try:
        opened = document_at(piece["Body"].read(), sha256, name, row["account_id"], keys)
    except UnreadableError as error:
        raise PlatformError(str(error)) from error
    out.write_bytes(opened)


def _rows(platform: Platform) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(view(platform, "documents", "json"))
    return rows
