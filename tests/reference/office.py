"""A model with its folders: one call a business day, rows instead of files."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.reference.comparison import obligation_key
from tests.reference.model import Model
from tests.reference.samples import standing_rows
from tests.reference.writing import write_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tests.reference.report import Report
    from tests.reference.street import Market
    from tests.reference.tables import Rows

    Files = Mapping[str, Sequence[Mapping[str, str]]]


class Office:
    """The model under test, with the sample reference data dropped on its first day."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.model = Model()
        self.first = True

    def day(
        self, day: str, files: Files | None = None, market: str | Market = "settle-all"
    ) -> Report:
        """Drop rows under their file names (``trades`` for ``trades.csv``) and run the day."""
        folder = self.root / day
        folder.mkdir(parents=True, exist_ok=True)
        given = {
            name if "." in name else f"{name}.csv": rows for name, rows in (files or {}).items()
        }
        if self.first:
            given = {f"{kind}.csv": rows for kind, rows in standing_rows().items()} | given
        self.first = False
        for name, rows in given.items():
            if rows:
                write_table(folder, name, rows)
        return self.model.run_day(folder, dt.date.fromisoformat(day), market)

    def table(self, what: str, **wanted: str) -> Rows:
        """Give a table's rows that have the wanted values."""
        rows = self.model.export(what)
        return [row for row in rows if all(row[name] == value for name, value in wanted.items())]

    def one(self, what: str, **wanted: str) -> dict[str, str]:
        """Give the only row with the wanted values.

        Raises
        ------
        LookupError
            When there is none, or more than one.
        """
        rows = self.table(what, **wanted)
        if len(rows) != 1:
            raise LookupError(f"{len(rows)} rows of {what} have {wanted}")
        return rows[0]

    def balance(self, account: str, unit: str) -> Decimal:
        """Give an account's balance; zero when it has no row."""
        rows = self.table("trial-balance", account=account, unit=unit)
        return Decimal(rows[0]["balance"]) if rows else Decimal()

    def obligations(self) -> dict[str, str]:
        """Give the status of every obligation by its key."""
        return {obligation_key(row): row["status"] for row in self.model.export("obligations")}

    def posted(self, source: str) -> set[tuple[str, str, str, str]]:
        """Give a source's postings: effective date, account, unit, amount."""
        names = ("effective_date", "account", "unit", "amount")
        return {
            (row[names[0]], row[names[1]], row[names[2]], row[names[3]])
            for row in self.table("journal", source=source)
        }

    def statement(self) -> dict[str, Decimal]:
        """Give what the custodian should hold by the books."""
        held: dict[str, Decimal] = defaultdict(Decimal)
        for row in self.table("stock-record", account="Securities:Depository"):
            held[row["isin"]] += Decimal(row["quantity"])
        return dict(held)
