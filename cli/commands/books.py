"""`backoffice export`, `outbox`, `rebuild`: read what stands."""

import sys
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from backoffice.formats.iso20022.envelope import unwrap
from backoffice.formats.iso20022.packing import unpack
from cli.business_day import execute
from cli.output import print_json, print_rows
from cli.platform import Platform, PlatformError
from cli.view_formats import Format
from cli.workbooks import workbook_of

AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]
OnDate = Annotated[datetime | None, typer.Option("--date", formats=["%Y-%m-%d"])]
_OWN = "operations"  # where the firm's own exports are written: no partner fetches them
ForOthers = Annotated[bool, typer.Option("--without-confidential", help="No SAR, no alert.")]
KnownAt = Annotated[datetime | None, typer.Option("--known-at", formats=["%Y-%m-%d"])]


class What(StrEnum):
    """The views of the contract's section 4."""

    TRADES = "trades"
    REJECTS = "rejects"
    FILE_REJECTS = "file-rejects"
    CASES = "cases"
    OBLIGATIONS = "obligations"
    INSTRUCTIONS = "instructions"
    FAILS = "fails"
    FAIL_HISTORY = "fail-history"
    ROLLS = "rolls"
    POSITIONS = "positions"
    LOTS = "lots"
    DISPOSALS = "disposals"
    WASH_SALES = "wash-sales"
    JOURNAL = "journal"
    TRIAL_BALANCE = "trial-balance"
    STOCK_RECORD = "stock-record"
    CASH_LADDER = "cash-ladder"
    BREAKS = "breaks"
    MATCHES = "matches"
    PAYMENTS = "payments"
    CONDITIONS = "conditions"
    SETTLEMENT_INSTRUCTIONS = "settlement-instructions"
    RECORDS = "records"
    ALLOCATIONS = "allocations"
    BORROWS = "borrows"
    AFFIRMATIONS = "affirmations"
    AFFIRMATION_RATES = "affirmation-rates"
    ENTRIES = "entries"
    PERIODS = "periods"
    CHANGES = "changes"
    ACCESSES = "accesses"
    RECORD_REQUESTS = "record-requests"
    INTEREST = "interest"
    FX_DEALS = "fx-deals"
    FX_POSITIONS = "fx-positions"
    DOCUMENTS = "documents"
    ACTIONS = "actions"
    ENTITLEMENTS = "entitlements"
    ELECTIONS = "elections"
    ACTION_POSTINGS = "action-postings"
    HOUSE_VALUATION = "house-valuation"
    REPORTS = "reports"
    REPORT_ROWS = "report-rows"
    REPORT_WAITING = "report-waiting"
    ALERTS = "alerts"
    BLOTTER_TRADES = "blotter-trades"
    BLOTTER_SECURITIES = "blotter-securities"
    BLOTTER_CASH = "blotter-cash"
    FEE_ACCRUALS = "fee-accruals"
    REG_SHO_FAILS = "reg-sho-fails"
    CURRENCY_TRANSACTIONS = "currency-transactions"
    CURRENCY_MOVEMENTS = "currency-movements"
    SARS = "sars"
    COMPLAINTS = "complaints"
    COMPLAINT_STATISTICS = "complaint-statistics"
    REG_SHO_SECURITIES = "reg-sho-securities"
    RESERVE_LINES = "reserve-lines"
    RESERVE_ROWS = "reserve-rows"
    RESERVE_POSTINGS = "reserve-postings"
    POSSESSION = "possession"
    POSSESSION_ACCOUNTS = "possession-accounts"
    POSSESSION_ACTIONS = "possession-actions"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (export, outbox, rebuild):
        app.command(command.__name__)(command)


def export(
    what: What,
    form: Annotated[Format, typer.Option("--format")],
    date: OnDate = None,
    known_at: KnownAt = None,
    out: Annotated[Path | None, typer.Option("--out", help="A file instead of stdout.")] = None,
    for_others: ForOthers = False,
) -> None:
    """Write a view of the books, as they stood at the close of a day, or now."""
    if form in (Format.BEANCOUNT, Format.HLEDGER) and what is not What.JOURNAL:
        raise typer.BadParameter(f"only the journal is written as {form}")
    table = Format.CSV if form is Format.XLSX else form
    body = view(Platform.connect(None), what, table, date, known_at, confidential=not for_others)
    if form is Format.XLSX:
        body = workbook_of(what, body, date, known_at)
    if out is None:
        sys.stdout.buffer.write(body)
        sys.stdout.buffer.flush()
    else:
        out.write_bytes(body)


def view(
    platform: Platform,
    what: str,
    form: str,
    date: datetime | None = None,
    known_at: datetime | None = None,
    **more: datetime | str | bool | None,
) -> bytes:
    """Have the platform write a view and fetch it."""
    given = {"date": date, "known_at": known_at, **more}
    asked = {"what": str(what), "format": str(form)} | {
        name: said.date().isoformat() if isinstance(said, datetime) else said
        for name, said in given.items()
    }
    written = execute(platform, "export_books", asked)
    return platform.read(platform.outbox_bucket, written["key"])


def outbox(
    out: Annotated[Path, typer.Option("--out", help="Folder to write to.")],
    partner: Annotated[str | None, typer.Option()] = None,
    date: OnDate = None,
    as_json: AsJson = False,
) -> None:
    """Fetch what partners would fetch: instructions, reports, statements, as files."""
    platform = Platform.connect(None)
    written: list[str] = []
    for key in platform.keys(platform.outbox_bucket, f"outbox/{partner or ''}"):
        _, owner, day, name = key.split("/", 3)
        is_own = owner == _OWN and partner != _OWN
        if is_own or (partner and owner != partner) or (date and day != str(date.date())):
            continue
        body = platform.read(platform.outbox_bucket, key)
        for file, content in _files(name, body):
            written.append(_write(out, f"{owner}/{day}/{file}", content))
    if as_json:
        print_json({"files": sorted(written)})
    else:
        print_rows([{"file": name} for name in sorted(written)], ("file",))


def _write(out: Path, name: str, content: bytes) -> str:
    path = out / name
    if not path.resolve().is_relative_to(out.resolve()):
        raise PlatformError(f"{name} would be written outside {out}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return name


def _files(name: str, body: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield what a partner would have; of an archive's messages each its own file.

    A header lies beside its Document under a name of its own: not every `.xml` is a Document then.
    """
    if not name.endswith(".zip"):
        yield name, body
        return
    for _, file in unpack(body):
        for found in unwrap(file):
            stem = f"{name.removesuffix('.zip')}/{found.obligation_id}"
            yield f"{stem}.xml", found.document
            if found.header is not None:
                yield f"{stem}.head", found.header


def rebuild(as_json: AsJson = False) -> None:
    """Restore every served table and the index from the records; say what differed."""
    platform = Platform.connect(None)
    answer = execute(platform, "rebuild_tables", {})
    answer["index"] = execute(platform, "index_records", {"anew": True})
    if as_json:
        print_json(answer)
    else:
        rows = [{"table": name, "differed": count} for name, count in answer["differed"].items()]
        print_rows(rows, ("table", "differed"))
        print_rows([answer["index"]], ("days", "rows", "runs"), "index of the records")
        if answer["items"]:
            print_rows(answer["items"], ("table", "key"), "what differed")
