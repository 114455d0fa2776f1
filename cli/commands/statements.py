"""`backoffice statements`: what the firm has and owes, what it earned, where its cash went."""

import csv
import io
import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from cli.commands.books import KnownAt, view
from cli.output import print_rows
from cli.platform import Platform
from cli.printed_statements import printed
from cli.workbooks import workbook

From = Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"])]
To = Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"])]
Out = Annotated[Path | None, typer.Option("--out", help="A file instead of stdout.")]
Base = Annotated[str | None, typer.Option("--base", help="Another currency than the firm's.")]
Account = Annotated[
    str | None, typer.Option("--account", help="An account, or a book with all below it.")
]

_TITLES: Final = {
    "balance-sheet": "Balance sheet",
    "income": "Income statement",
    "cash-flow": "Cash flow statement",
    "ledger": "General ledger",
}


class Format(StrEnum):
    """How a statement is written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    XLSX = "xlsx"
    PDF = "pdf"


As = Annotated[Format, typer.Option("--format")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True, help="Financial statements.")
    group.command("balance-sheet")(balance_sheet)
    group.command("income")(income)
    group.command("cash-flow")(cash_flow)
    group.command("ledger")(ledger)
    app.add_typer(group, name="statements")


def balance_sheet(
    to: To, known_at: KnownAt = None, base: Base = None, form: As = Format.TABLE, out: Out = None
) -> None:
    """Show assets, liabilities and equity at the end of a day."""
    _show("balance-sheet", form, out, date=to, known_at=known_at, base=base)


def income(
    since: From,
    to: To,
    known_at: KnownAt = None,
    base: Base = None,
    form: As = Format.TABLE,
    out: Out = None,
) -> None:
    """Show what was earned and spent, closing entries left out."""
    _show("income", form, out, since=since, date=to, known_at=known_at, base=base)


def cash_flow(
    since: From,
    to: To,
    known_at: KnownAt = None,
    base: Base = None,
    form: As = Format.TABLE,
    out: Out = None,
) -> None:
    """Show what moved the firm's cash, by counter-account."""
    _show("cash-flow", form, out, since=since, date=to, known_at=known_at, base=base)


def ledger(
    since: From,
    to: To,
    account: Account = None,
    known_at: KnownAt = None,
    form: As = Format.TABLE,
    out: Out = None,
) -> None:
    """Show accounts in detail: opening, every line, the balance after it, closing."""
    _show("ledger", form, out, since=since, date=to, known_at=known_at, account=account)


def _show(what: str, form: Format, out: Path | None, **asked: Any) -> None:  # noqa: ANN401 - options
    """Have the platform write a statement; lay it out here where it is for people."""
    whole = form is Format.JSON
    body = view(Platform.connect(None), what, "json" if whole else "csv", **asked)
    if form not in (Format.CSV, Format.JSON):
        rows = list(csv.DictReader(io.StringIO(body.decode(), newline="")))
        table = [{name: text or None for name, text in row.items()} for row in rows]
        columns = list(rows[0]) if rows else []
        if form is Format.TABLE:
            print_rows(table, columns, f"{_TITLES[what]}, {_about(asked)}")
            return
        if form is Format.XLSX:
            body = workbook(_TITLES[what], _about(asked), columns, table)
        else:
            body = printed(_TITLES[what], _about(asked), table, asked["date"].date())
    if out is None:
        sys.stdout.buffer.write(body)
        sys.stdout.buffer.flush()
    else:
        out.write_bytes(body)


def _about(asked: dict[str, Any]) -> str:
    """Say what a statement is of."""
    days = [f"{asked[name]:%Y-%m-%d}" for name in ("since", "date") if asked.get(name)]
    known = asked.get("known_at")
    of = asked.get("account")
    words = [f"{of}, " if of else "", " to ".join(days)]
    return "".join(words) + (f", as known on {known:%Y-%m-%d}" if known else "")
