"""What the wash sales of groups came to, as frames."""

from typing import Any

import polars as pl

from backoffice.accounting.wash_sales.frames import (
    OPEN_LOSSES,
    REPLACING,
    SOLD_PARTS,
    WASH_SALES,
    Washes,
)
from backoffice.accounting.wash_sales.group import GroupWashes


class Told:
    """The rows that come of it."""

    def __init__(self) -> None:
        self.rows: tuple[list[tuple[Any, ...]], ...] = ([], [], [], [])

    def add(self, group: GroupWashes, account: str, family: str) -> None:
        """Add what a group came to."""

        def names(unit: str) -> tuple[str, str, str]:
            prefix, _, currency = unit.rpartition(":")
            return account, prefix or family, currency

        sales, sold, replacing, losses = self.rows
        for w in group.washes:
            size = (w.quantity, w.disallowed, w.days_tacked)
            sales.append((*names(w.unit), *w.closing, *w.opening, w.number, *w.replacement, *size))
        for s in group.sold:
            sold.append((*names(s.unit), *s.closing, *s.opening, *s[3:]))
        for (unit, opening), lot in group.lots.items():
            for number, piece in enumerate(lot.pieces):
                figures = (number, piece.quantity, piece.extra, piece.tacked)
                replacing.append((*names(unit), *opening, *figures))
        for o in group.pending:
            left = (o.is_short, o.number, o.quantity, o.loss, o.held)
            losses.append((*names(o.unit), *o.closing, *o.opening, *left))

    def frames(self) -> Washes:
        """Return all of it."""
        schemas = (WASH_SALES, SOLD_PARTS, REPLACING, OPEN_LOSSES)
        return Washes(
            *(
                pl.DataFrame(rows, schema=schema, orient="row")
                for rows, schema in zip(self.rows, schemas, strict=True)
            )
        )
