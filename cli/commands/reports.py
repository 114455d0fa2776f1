"""`backoffice reports`: what is due to regulators, made, put out, answered."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from backoffice.compliance.reports.documents import Report
from backoffice.compliance.reports.submit import Desk
from backoffice.formats.sealed_columns import SealedColumns
from backoffice.kernel.calendar import default_calendar
from backoffice.kernel.errors import BackofficeError
from backoffice.kernel.rulebook import default_rulebook
from backoffice.stores.objects import OutboxBucket, RecordBucket
from backoffice.stores.report_files import report_desk
from cli.business_day import execute
from cli.commands.books import view
from cli.output import NEEDS_A_PERSON, print_json, print_rows
from cli.platform import Platform, PlatformError

AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]
UntilDay = Annotated[
    datetime | None,
    typer.Option("--date", formats=["%Y-%m-%d"], help="Of the closed days up to this one."),
]
OfKind = Annotated[str | None, typer.Option(help="Of one kind alone, as RTS22.")]
Id = Annotated[str, typer.Argument(metavar="ID")]
_LISTED: Final = (
    "report_id",
    "recipient",
    "due_at",
    "status",
    "rows",
    "rejected",
    "waiting",
    "made_late",
)
_OWN: Final = "operations"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    reports = typer.Typer(no_args_is_help=True, help="Regulatory reports.")
    reports.command("make")(make)
    reports.command("list")(list_reports)
    reports.command("show")(show)
    reports.command("get")(get)
    reports.command("drill")(drill)
    app.add_typer(reports, name="reports")


def make(date: UntilDay = None, kind: OfKind = None, as_json: AsJson = False) -> None:
    """Make what is due of the closed days, as the scheduled job does after the close.

    Exit 3 when something needs a person: it is overdue, refused, lacks data or does not tie.
    """
    asked = {"until": date.date().isoformat() if date else None, "kind": kind}
    told = execute(Platform.connect(), "make_reports", asked)
    if as_json:
        print_json(told)
    else:
        print_rows([{"report": name} for name in told["made"]], ("report",), "made")
        if told["causes"]:
            print_rows([{"cause": name} for name in told["causes"]], ("cause",), "for a person")
    if told["causes"]:
        raise typer.Exit(NEEDS_A_PERSON)


def list_reports(kind: OfKind = None, as_json: AsJson = False) -> None:
    """List the reports that were made, and how each stands."""
    found = [row for row in _rows(Platform.connect()) if kind in (None, row["kind"])]
    if as_json:
        print_json(found)
    else:
        print_rows(found, _LISTED)


def show(report_id: Id, as_json: AsJson = False) -> None:
    """Show what one report comes to, what it ties to, and what it found."""
    platform = Platform.connect()
    row = _row(platform, report_id)
    report = {**_report(platform, row), "status": row["status"]}
    if as_json:
        print_json(report)
        return
    figures = [{"figure": name, "value": value} for name, value in report["figures"].items()]
    print_rows(figures, ("figure", "value"), f"{report_id}: {row['status']}")
    print_rows(report["files"], ("name", "rows", "bytes", "sha256"), "files")
    said = [{"what": f"{one['code']} {one['subject']}"} for one in report["causes"]]
    said += [{"what": sentence} for sentence in report["differences"]]
    print_rows(said, ("what",), "for a person")


def get(
    report_id: Id,
    out: Annotated[Path, typer.Option(help="Folder the files are written to.", file_okay=False)],
) -> None:
    """Fetch the files of one report as they were sent; what was emptied is written again."""
    platform = Platform.connect()
    report = _report(platform, _row(platform, report_id))
    place = f"outbox/{report['recipient'] or _OWN}/{report['until']}/"
    there = platform.keys(platform.outbox_bucket, place)
    names = {file["name"] for file in report["files"]}
    fetched = {
        name: platform.read(platform.outbox_bucket, f"{place}{name}")
        for name in names
        if f"{place}{name}" in there
    }
    try:
        files = _desk(platform).as_sent(Report.model_validate(report), fetched)
    except BackofficeError as error:
        raise PlatformError(str(error)) from error
    out.mkdir(parents=True, exist_ok=True)
    for name, body in files.items():
        (out / name).write_bytes(body)


def _desk(platform: Platform) -> Desk:
    s3, seals = platform.client("s3"), SealedColumns(platform.client_keys())
    records = RecordBucket(s3, platform.records_bucket)
    outbox = OutboxBucket(s3, platform.outbox_bucket)
    return report_desk(records, outbox, default_rulebook(), default_calendar(), seals)


def drill(
    report_id: Id,
    line: Annotated[str, typer.Option(help="Of the formula, as 10.")],
    as_json: AsJson = False,
) -> None:
    """Show the rows of one line of a reserve computation, and the entries behind each."""
    platform = Platform.connect()
    day = datetime.fromisoformat(_row(platform, report_id)["made_on"])
    rows = _of_line(platform, "reserve-rows", report_id, line, day)
    postings = _of_line(platform, "reserve-postings", report_id, line, day)
    if as_json:
        print_json({"report_id": report_id, "line": line, "rows": rows, "postings": postings})
        return
    print_rows(rows, ("kind", "subject", "account", "unit", "amount", "rate", "usd"), "rows")
    print_rows(postings, ("subject", "entry_id", "account", "unit", "amount"), "postings")


def _of_line(
    platform: Platform, what: str, report_id: str, line: str, day: datetime
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(view(platform, what, "json", day))
    return [row for row in rows if (row["report_id"], row["line"]) == (report_id, line)]


def _rows(platform: Platform) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(view(platform, "reports", "json"))
    return rows


def _row(platform: Platform, report_id: str) -> dict[str, Any]:
    rows = [row for row in _rows(platform) if row["report_id"] == report_id]
    if not rows:
        raise PlatformError(f"there is no report {report_id}")
    return rows[0]


def _report(platform: Platform, row: dict[str, Any]) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(platform.read(platform.records_bucket, row["record"]))
    return body
