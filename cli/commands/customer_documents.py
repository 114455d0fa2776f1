"""`backoffice customers document`: customers' documents, each act as the API takes it."""

import base64
import mimetypes
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import quote

import typer

from backoffice.front_office.document_models import LARGEST_FILE
from cli.api import Api
from cli.commands.case_acts import As, AsJson, asked
from cli.output import print_json, print_rows
from cli.platform import Platform, PlatformError
from cli.staff import api_of

_COLUMNS: Final = ("document_id", "kind", "added_on", "added_by", "expires", "media_type")
_UNKNOWN: Final = "application/octet-stream"

AccountId = Annotated[str, typer.Argument(metavar="ACCOUNT")]


class DocumentKind(StrEnum):
    """The kinds there are."""

    PASSPORT = "PASSPORT"
    IDENTITY_CARD = "IDENTITY_CARD"
    DRIVING_LICENCE = "DRIVING_LICENCE"
    PROOF_OF_ADDRESS = "PROOF_OF_ADDRESS"
    COMPANY_REGISTRATION = "COMPANY_REGISTRATION"
    OWNERSHIP_DECLARATION = "OWNERSHIP_DECLARATION"
    OTHER = "OTHER"


def register(customers: typer.Typer) -> None:
    """Add the commands."""
    document = typer.Typer(no_args_is_help=True, help="Customers' documents, encrypted.")
    document.command("add")(add)
    document.command("list")(list_documents)
    document.command("show")(show)
    customers.add_typer(document, name="document")


def add(  # noqa: PLR0913, PLR0917 - an option for each thing said of a document
    account_id: AccountId,
    file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False)],
    kind: Annotated[DocumentKind, typer.Option(help="What the document is.")],
    number: Annotated[str | None, typer.Option(help="The document's own.")] = None,
    country: Annotated[str | None, typer.Option(help="Which issued it; two letters.")] = None,
    expires: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])] = None,
    person: As = None,
    as_json: AsJson = False,
) -> None:
    """Keep a document of a customer, encrypted under the customer's own key."""
    if file.stat().st_size > LARGEST_FILE:
        raise PlatformError(f"{file} is larger than {LARGEST_FILE >> 20} MiB")
    said = {
        "kind": kind.value,
        "name": file.name,
        "media_type": mimetypes.guess_type(file.name)[0] or _UNKNOWN,
        "content": base64.b64encode(file.read_bytes()).decode(),
        "number": number,
        "country": country,
        "expires": expires.date().isoformat() if expires else None,
    }
    kept = asked(*_api(person).post(_place(account_id), said))
    _tell(kept, [kept], as_json)


def list_documents(account_id: AccountId, person: As = None, as_json: AsJson = False) -> None:
    """List a customer's documents, the latest first; what is in them stays closed."""
    listed = asked(*_api(person).get(_place(account_id)))
    for name in listed["unreadable"]:
        typer.echo(f"{name} is no document: see the runbook on customers' documents", err=True)
    _tell(listed["documents"], listed["documents"], as_json)


def show(
    account_id: AccountId,
    document_id: Annotated[str, typer.Argument(metavar="ID")],
    out: Annotated[Path, typer.Option(help="Where the file is written.", dir_okay=False)],
    person: As = None,
    as_json: AsJson = False,
) -> None:
    """Open a document; who read it, and when, is a record of its own."""
    path = f"{_place(account_id)}/{quote(document_id, safe='')}"
    shown = asked(*_api(person).get(path))
    out.write_bytes(base64.b64decode(shown.pop("content")))
    told: Mapping[str, Any] = {**shown.pop("document"), **shown, "file": str(out)}
    _tell(told, [told], as_json, ("document_id", "kind", "name", "number", "country", "file"))


def _api(person: str | None) -> Api:
    return api_of(Platform.connect(), person)


def _place(account_id: str) -> str:
    return f"/customers/{quote(account_id, safe='')}/documents"


def _tell(
    document: object,
    rows: list[Mapping[str, Any]],
    as_json: bool,
    columns: tuple[str, ...] = _COLUMNS,
) -> None:
    if as_json:
        print_json(document)
    else:
        print_rows(rows, columns)
