"""The register of reports as people fetch it: how each stands, what went out, what waits."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

import polars as pl

from backoffice.compliance.blotters import moves, trades
from backoffice.compliance.blotters.report import BLOTTERS, CASH, SECURITIES, TRADES
from backoffice.compliance.complaints import report as statistics
from backoffice.compliance.currency_transactions import report as ctr
from backoffice.compliance.fees.report import COLUMNS as FEE_COLUMNS
from backoffice.compliance.fees.report import FEE_REPORTS
from backoffice.compliance.fees.report import ROWS as FEE_ROWS
from backoffice.compliance.reg_sho import fails as sho_fails
from backoffice.compliance.reg_sho import report as sho
from backoffice.compliance.reg_sho import securities as sho_securities
from backoffice.compliance.reports import answers as said
from backoffice.compliance.reports.catalogue import KINDS
from backoffice.compliance.reports.documents import Report, Run, all_reports, latest_run
from backoffice.compliance.reports.submit import OPEN
from backoffice.compliance.rts22.frames import OPEN_ROW, ROW
from backoffice.compliance.rts22.report import RTS22
from backoffice.compliance.rts22.reported import ROWS
from backoffice.kernel.books import Books
from backoffice.kernel.columns import format_e8
from backoffice.kernel.parts import Records
from backoffice.records import reserve_views
from backoffice.records.view_columns import shown

_COLUMNS: Final = {
    "reports": (
        "report_id kind period_from period_to recipient due_at status made_on made_late rows "
        "rejected waiting differences files record"
    ),
    "report-rows": (
        "report_id message_id status transaction_id partner trade_date trade_id leg account_id "
        "side isin quantity price currency traded_at venue capacity sent_late state"
    ),
    "report-waiting": (
        "report_id partner trade_date trade_id leg account_id why missing message_id "
        "transaction_id reason"
    ),
}
_TABLES: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "blotter-trades": ((BLOTTERS, TRADES),),
    "blotter-securities": ((BLOTTERS, SECURITIES),),
    "blotter-cash": ((BLOTTERS, CASH),),
    "reg-sho-fails": ((sho.REG_SHO_FAILS, sho.FAILS),),
    "reg-sho-securities": ((sho.REG_SHO_FAILS, sho.SECURITIES),),
    "currency-transactions": ((ctr.CTR, ctr.TRANSACTIONS),),
    "currency-movements": ((ctr.CTR, ctr.MOVEMENTS),),
    "complaint-statistics": ((statistics.COMPLAINTS_QUARTERLY, statistics.ROWS),),
    "fee-accruals": tuple((kind.name, FEE_ROWS) for kind in FEE_REPORTS),
    **reserve_views.TABLES,
}
"""Views that are the rows of reports as they were made: of which kinds and tables."""
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        **{name: tuple(columns.split()) for name, columns in _COLUMNS.items()},
        "blotter-trades": ("report_id", *trades.COLUMNS),
        "blotter-securities": ("report_id", *moves.SECURITIES),
        "blotter-cash": ("report_id", *moves.CASH),
        "reg-sho-fails": ("report_id", *sho_fails.COLUMNS),
        "reg-sho-securities": ("report_id", *sho_securities.COLUMNS),
        "currency-transactions": ("report_id", *ctr.COLUMNS),
        "currency-movements": ("report_id", *ctr.PARTS),
        "complaint-statistics": ("report_id", *statistics.COLUMNS),
        "fee-accruals": ("report_id", *FEE_COLUMNS),
        **reserve_views.COLUMNS,
    }
)
_ANSWERED: Final = frozenset(kind.name for kind in KINDS if kind.is_answered)
_MOMENT: Final = "%Y-%m-%dT%H:%M:%S%.fZ"
_LATE: Final = pl.when("is_late").then(pl.lit("Y")).otherwise(pl.lit("N"))


def reports(records: Records, books: Books) -> pl.DataFrame:
    """Show every report of closed days up to the books' own, by what its recipient said by then."""
    run, heard = latest_run(records), said.answers_until(records, books)
    rows = [_row(one, run, heard) for one in _known(records, books)]
    schema = dict.fromkeys(COLUMNS["reports"], pl.String)
    return shown(COLUMNS["reports"], pl.DataFrame(rows, schema=schema))


def _known(records: Records, books: Books) -> Iterator[Report]:
    return (one for one in all_reports(records) if one.until <= books.day)


def _row(report: Report, run: Run | None, heard: pl.DataFrame) -> dict[str, Any]:
    status, refused = _status(report, run, heard)
    waiting = sum(part.rows for part in report.tables.get(OPEN, ()))
    rows = sum(part.rows for name, parts in report.tables.items() if name != OPEN for part in parts)
    told = {
        "report_id": report.report_id,
        "kind": report.kind,
        "period_from": report.first,
        "period_to": report.last,
        "recipient": report.recipient,
        "due_at": report.due.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "status": status,
        "made_on": report.until,
        "made_late": "Y" if report.is_late else "N",
        "rows": rows,
        "rejected": refused,
        "waiting": waiting,
        "differences": len(report.differences),
        "files": len(report.files),
        "record": report.key,
    }
    return {name: None if value is None else str(value) for name, value in told.items()}


def _status(report: Report, run: Run | None, heard: pl.DataFrame) -> tuple[str, int]:
    """Tell how a report stands: as the last run left it, of those it looked at."""
    if report.kind not in _ANSWERED or not report.files:
        return (said.SUBMITTED if report.recipient and report.files else said.MADE), 0
    status, refused = said.said_of(heard, report)
    left = {one.key: one.status for one in run.states} if run else {}
    if report.key in left:
        return left[report.key], refused
    is_over = run is not None and run.day > report.until and refused
    return (said.CORRECTED if is_over else status), refused


def report_rows(records: Records, books: Books) -> pl.DataFrame:
    """Show every transaction that was reported; what tells who somebody is stays where it is."""
    columns = ["report_id", "message_id", "partner_told"]
    frames = [pl.DataFrame(schema={**dict.fromkeys(columns, pl.String), **ROW})]
    for report in _transactions(records, books):
        for part, file in zip(report.tables.get(ROWS, ()), report.files, strict=True):
            rows = records.read(part).with_columns(
                report_id=pl.lit(report.report_id),
                message_id=pl.lit(file.message_id),
                partner_told=pl.lit(report.recipient, pl.String),
            )
            frames.append(rows.select(frames[0].columns))
    return shown(
        COLUMNS["report-rows"],
        _with_states(pl.concat(frames), said.answers_until(records, books)),
        quantity=format_e8("quantity_e8"),
        price=format_e8("price_e8"),
        traded_at=pl.col("traded_at").dt.strftime(_MOMENT),
        sent_late=_LATE,
    )


def _with_states(rows: pl.DataFrame, heard: pl.DataFrame) -> pl.DataFrame:
    """Add what the recipient decided of each row: itself, else its file; SUBMITTED until then."""
    told = rows.select("message_id", partner="partner_told").unique()
    states = said.record_states(heard, told)
    own = states.drop_nulls("record_id").rename({"record_id": "transaction_id", "state": "own"})
    whole = states.filter(pl.col("record_id").is_null()).select("message_id", whole="state")
    both = rows.join(own, on=["message_id", "transaction_id"], how="left")
    both = both.join(whole, on="message_id", how="left")
    return both.with_columns(state=pl.coalesce("own", "whole", pl.lit(said.SUBMITTED)))


def rows_of(view: str) -> Callable[[Records, Books], pl.DataFrame]:
    """Return what shows the rows of every report of some kinds, behind the report's name."""

    def gather(records: Records, books: Books) -> pl.DataFrame:
        frames = [pl.DataFrame(schema=dict.fromkeys(COLUMNS[view], pl.String))]
        for report in _known(records, books):
            for kind, table in _TABLES[view]:
                parts = report.tables.get(table, ()) if report.kind == kind else ()
                named = pl.lit(report.report_id).alias("report_id")
                frames += [records.read(part).select(named, pl.all()) for part in parts]
        return pl.concat(frames)

    return gather


def report_waiting(records: Records, books: Books) -> pl.DataFrame:
    """Show what no report could take, as the latest one left it."""
    frames = [pl.DataFrame(schema={"report_id": pl.String, **OPEN_ROW})]
    known = list(_transactions(records, books))
    for report in known[-1:]:
        for part in report.tables.get(OPEN, ()):
            rows = records.read(part).with_columns(report_id=pl.lit(report.report_id))
            frames.append(rows.select(frames[0].columns))
    return shown(COLUMNS["report-waiting"], pl.concat(frames))


def _transactions(records: Records, books: Books) -> Iterator[Report]:
    return (one for one in _known(records, books) if one.kind == RTS22)


COMPLIANCE_VIEWS: Final[Mapping[str, Callable[[Records, Books], pl.DataFrame]]] = MappingProxyType(
    {
        "reports": reports,
        "report-rows": report_rows,
        "report-waiting": report_waiting,
        "reserve-postings": reserve_views.postings,
        **{name: rows_of(name) for name in _TABLES},
    }
)
"""What compliance exports, by the name it is asked for."""
