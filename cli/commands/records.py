"""`backoffice records`: verify, prove, search, package and drill the store, and ask of it."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from backoffice.formats.readable_records import ReadableRecords
from backoffice.kernel.errors import BackofficeError
from backoffice.records.proving.package import Wanted, write_package
from backoffice.records.proving.proofs import Archive
from backoffice.records.proving.trail import prove_record
from backoffice.records.search.find import Finder, Page, Query
from backoffice.stores.objects import RecordBucket, WorkBucket
from cli.business_day import execute
from cli.commands import record_requests
from cli.output import NEEDS_A_PERSON, print_json, print_rows
from cli.platform import Platform, PlatformError

AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]
OnDate = Annotated[datetime | None, typer.Option("--date", formats=["%Y-%m-%d"])]
Since = Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"])]
Until = Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"])]
_SHOWN: Final = ("date", "kind", "id", "account", "counterparty", "instrument", "key", "row")
_Text = Annotated[str | None, typer.Option()]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    records = typer.Typer(no_args_is_help=True, help="The record store.")
    for command in (verify, prove, package, search, drill):
        records.command(command.__name__)(command)
    record_requests.register(records)
    app.add_typer(records, name="records")


def verify(date: OnDate = None, as_json: AsJson = False) -> None:
    """Recompute every hash and proof; name what is wrong, missing or orphaned."""
    platform = Platform.connect(None)
    asked = {"date": date.date().isoformat() if date else None}
    answer = execute(platform, "verify_records", asked)
    if as_json:
        print_json(answer)
    else:
        print_rows(answer["findings"], ("fault", "message"), f"{answer['records']} records")
        if answer["left"]:
            print_rows([{"key": key} for key in answer["left"]], ("key",), "named by no act")
    if answer["findings"]:
        raise typer.Exit(1)


def prove(
    id_: Annotated[str, typer.Argument(metavar="ID", help="A record's id or key, or a row's id.")],
    out: Annotated[Path | None, typer.Option("--out", help="A file instead of stdout.")] = None,
) -> None:
    """Write one file that proves a record, and what it came from, to whoever has no access."""
    archive, finder = _archive(Platform.connect(None))
    try:
        body = prove_record(archive, finder, id_)
    except BackofficeError as error:
        raise PlatformError(str(error)) from error
    if out is None:
        sys.stdout.buffer.write(body)
        sys.stdout.buffer.flush()
    else:
        out.write_bytes(body)


def package(
    since: Since,
    until: Until,
    out: Annotated[Path, typer.Option("--out", help="The zip to write.")],
    account: _Text = None,
) -> None:
    """Write an examiner's package: the records of some days, readable, each proven."""
    platform = Platform.connect(None)
    archive, finder = _archive(platform)
    readable = ReadableRecords(archive.records, platform.client_keys()).read
    wanted = Wanted(since.date(), until.date(), account)
    unfinished = out.with_name(f"{out.name}.unfinished")
    try:
        with unfinished.open("wb") as file:
            count = write_package(file, archive, finder, wanted, readable)
    except BackofficeError as error:
        unfinished.unlink()
        raise PlatformError(str(error)) from error
    unfinished.replace(out)
    print_rows([{"records": count, "file": out}], ("records", "file"))


def search(  # noqa: PLR0913, PLR0917 - a parameter an option
    id_: Annotated[str | None, typer.Option("--id")] = None,
    account: _Text = None,
    counterparty: _Text = None,
    instrument: _Text = None,
    kind: _Text = None,
    since: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"])] = None,
    until: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"])] = None,
    limit: Annotated[int, typer.Option(min=1, max=500)] = 50,
    cursor: Annotated[str | None, typer.Option(help="Where a page said the next begins.")] = None,
    as_json: AsJson = False,
) -> None:
    """Find records and the rows in them; everything given holds at once.

    Who reaches the index itself reaches all that it names, what is confidential too.
    """
    said = {"id": id_, "account": account, "counterparty": counterparty, "instrument": instrument}
    days = {name: str(on.date()) for name, on in (("since", since), ("until", until)) if on}
    more = {"kind": kind, "limit": limit, "cursor": cursor, "confidential": True}
    asked = Query.model_validate({**said, **days, **more})
    _, finder = _archive(Platform.connect(None))
    try:
        page = finder.find(asked)
    except BackofficeError as error:
        raise typer.BadParameter(str(error)) from error
    if as_json:
        print_json(page.model_dump())
    else:
        _print_page(page)


def _print_page(page: Page) -> None:
    print_rows(list(page.rows), _SHOWN)
    if page.next:
        sys.stdout.write(f"more from --cursor {page.next}\n")


def drill(as_json: AsJson = False) -> None:
    """Restore every served table in memory, and say what differs from what is served."""
    answer: dict[str, Any] = execute(Platform.connect(None), "drill_restore", {})
    if as_json:
        print_json(answer)
    else:
        print_rows(answer["tables"], ("table", "restored", "served", "differed"), answer["report"])
    if any(one["differed"] for one in answer["tables"]):
        raise typer.Exit(NEEDS_A_PERSON)


def _archive(platform: Platform) -> tuple[Archive, Finder]:
    """Reach the records and their index, which is brought up to the latest closed day first."""
    execute(platform, "index_records", {})
    s3 = platform.client("s3")
    records = RecordBucket(s3, platform.records_bucket)
    return Archive(records), Finder(WorkBucket(s3, platform.work_bucket))
