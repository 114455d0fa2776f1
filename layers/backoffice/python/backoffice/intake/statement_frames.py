"""Statements that come as messages: rows of text, checked and captured as those of files are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import add
from typing import Final

import polars as pl

from backoffice.intake.capture import CapturedPart, Origin, capture
from backoffice.intake.codes import Zones
from backoffice.intake.documents import StatementPage
from backoffice.intake.statement_columns import CASH_ENTRIES
from backoffice.intake.status_frames import placed_rejects
from backoffice.intake.totals import Totals

STATEMENTS: Final = frozenset({"holdings", "cash", "transactions", "actions", "reportstatus"})
"""The kinds that come as ISO 20022 messages of rows, too."""


@dataclass(frozen=True, slots=True)
class StatementRows:
    """What a reader of statements found.

    Attributes
    ----------
    rows : mapping to pl.DataFrame
        By the schema they are checked by: `row`, columns of text, `unknown` (JSON).
    rejects : pl.DataFrame
        row, field, code, message of what could not be told apart into columns.
    fields : mapping
        By schema: where each column stands in the message.
    pages : tuple of StatementPage
        What each Document says of itself.
    """

    rows: Mapping[str, pl.DataFrame]
    rejects: pl.DataFrame
    fields: Mapping[str, Mapping[str, str]]
    pages: tuple[StatementPage, ...] = ()


@dataclass(frozen=True, slots=True)
class CapturedStatement:
    """A statement's captured rows, its cash entries apart, its rejects and its totals."""

    rows: pl.DataFrame
    entries: pl.DataFrame
    rejects: pl.DataFrame
    totals: Totals = field(default_factory=Totals)


def capture_statement(
    read: StatementRows, kind: str, origin: Origin, zones: Zones
) -> CapturedStatement:
    """Check a statement's rows as those of a file, and say where they come from.

    A reject names the field by its path in the message.
    """
    parts = {name: _captured(read, name, origin, zones) for name in read.rows}
    told = [placed_rejects(read.rejects, origin, kind)]
    told += [part.rejects.with_columns(kind=pl.lit(kind)) for part in parts.values()]
    unread = Totals(read.rejects.height, 0, read.rejects.height)
    rows = [part.captured for name, part in parts.items() if name != CASH_ENTRIES]
    entries = [part.captured for name, part in parts.items() if name == CASH_ENTRIES]
    return CapturedStatement(
        rows=rows[0],
        entries=entries[0] if entries else pl.DataFrame(),
        rejects=pl.concat(told).sort("row"),
        totals=reduce(add, (part.totals for part in parts.values()), unread),
    )


def _captured(read: StatementRows, schema: str, origin: Origin, zones: Zones) -> CapturedPart:
    strings = read.rows[schema]
    part = capture(schema, strings.drop("unknown"), origin, zones)
    told = strings.select("row", "unknown")
    captured = part.captured.drop("unknown").join(told, on="row", maintain_order="left")
    where = pl.col("field").replace(dict(read.fields[schema]))
    return CapturedPart(captured, part.rejects.with_columns(field=where), part.totals)
