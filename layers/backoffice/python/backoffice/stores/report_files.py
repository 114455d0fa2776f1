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


def _csv(_asked: FileRequest, rows: pl.DataFrame) -> bytes:
    """Write rows of text as they are."""
    return rows.write_csv().encode()


WRITERS: Final[Mapping[str, WriteFile]] = MappingProxyType(
    {"RTS22": write_transaction_report, ".csv": _csv}
)
"""By the kind of report, else by how its files' names end."""


def as_they_stand(frame: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    """Open what is sealed of persons: nothing is."""
    del columns
    return frame


def report_desk(
    records: Records, outbox: Outbox, rulebook: Rulebook, calendar: SettlementCalendar
) -> Desk:
    """Return the desk that makes every kind of report."""
    kinds = {kind.name: kind for kind in KINDS}
    return Desk(records, outbox, rulebook, calendar, kinds, WRITERS, as_they_stand)
