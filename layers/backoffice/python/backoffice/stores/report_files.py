"""Where reports are made: the stores, the rules, and what writes the files of each kind."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import polars as pl

from backoffice.compliance.reports.catalogue import KINDS
from backoffice.compliance.reports.kinds import FileRequest, WriteFile
from backoffice.compliance.reports.submit import Desk
from backoffice.formats.iso20022.transaction_reports import write_transaction_report
from backoffice.kernel.calendar import SettlementCalendar
from backoffice.kernel.parts import Outbox, Records
from backoffice.kernel.rulebook import Rulebook
from backoffice.kernel.sealed_text import Seals


def _csv(_asked: FileRequest, rows: pl.DataFrame) -> bytes:
    """Write rows of text as they are."""
    return rows.write_csv().encode()


WRITERS: Final[Mapping[str, WriteFile]] = MappingProxyType(
    {"RTS22": write_transaction_report, ".csv": _csv}
)
"""By the kind of report, else by how its files' names end."""


def report_desk(
    records: Records,
    outbox: Outbox,
    rulebook: Rulebook,
    calendar: SettlementCalendar,
    seals: Seals,
) -> Desk:
    """Return the desk that makes every kind of report; `seals` open what files say of persons."""

    # of who is erased a file says so, and is another than was sent: see `Desk.as_sent`
    def opened(frame: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
        return frame.with_columns(seals.shown(frame[name]) for name in columns)

    kinds = {kind.name: kind for kind in KINDS}
    return Desk(records, outbox, rulebook, calendar, kinds, WRITERS, opened)
