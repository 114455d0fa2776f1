"""The folder of one scenario day: rows spread over odd files, and files that are not right."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.reference.amounts import read_plain
from tests.reference.fix_writing import SOH, file_bytes, message
from tests.reference.samples import account
from tests.reference.writing import Oddity, columns_of, table_bytes, write_control, write_table

if TYPE_CHECKING:
    import datetime as dt
    import random
    from pathlib import Path

    from tests.reference.scenario_world import Line


def _say_in_fix(path: Path, rows: list[Line]) -> None:
    """Put a file of FIX in the place of a table, with its control file."""
    separator = SOH if len(rows) % 2 else "|"
    beat = message([("35", "0"), ("112", path.stem)], separator)
    said = path.with_suffix(".fix")
    said.write_bytes(file_bytes(rows, separator, [("58", "note"), ("9001", "s")]) + beat)
    control = path.with_name(f"{path.name}.control.json")
    if control.is_file():
        control.rename(said.with_name(f"{said.name}.control.json"))
    path.unlink()


@dataclass
class Folder:
    """One day's folder; every table gets a name, a column order and a form by chance."""

    path: Path
    rng: random.Random
    count: int = 0

    def __post_init__(self) -> None:
        """Make the folder."""
        self.path.mkdir(parents=True, exist_ok=True)

    def _oddity(self) -> Oddity:
        chances = [self.rng.random() < 0.3 for _ in range(5)]
        return Oddity(*chances)

    def _name(self, kind: str) -> str:
        self.count += 1
        mark = self.rng.choice("-_.")
        return f"{kind}{mark}{self.rng.randint(10, 99)}x{self.count:02d}.csv"

    def table(self, kind: str, rows: list[Line]) -> Path:
        """Write rows as one file, now and then with columns the contract does not know."""
        columns = columns_of(rows)
        if self.rng.random() < 0.4:
            columns += ["desk_note", "strategy"]
            rows = [row | {"desk_note": 'Line one\n"two", three', "strategy": "s"} for row in rows]
        self.rng.shuffle(columns)
        return write_table(self.path, self._name(kind), rows, columns, self._oddity())

    def trades(self, rows: list[Line]) -> None:
        """Spread rows over one to three files, some with a control file that agrees."""
        parts = self.rng.randint(1, 3)
        for place in range(parts):
            path = self.table("trades", rows[place::parts])
            if self.rng.random() < 0.4:
                read = [read_plain(row["quantity"]) for row in rows[place::parts]]
                total = sum((value for value in read if value is not None), Decimal())
                write_control(path, rows=len(rows[place::parts]), sum_quantity=f"{total:f}")
            if place == 1:
                _say_in_fix(path, rows[place::parts])

    def _pick(self, kind: str) -> Path:
        return self.rng.choice(sorted(self.path.glob(f"{kind}*.csv")))

    def mishaps(self, day: dt.date) -> None:
        """Add what goes wrong: repeated, refused and half-written files, rows too long."""
        again = self._pick("trades")
        shutil.copy(again, self.path / f"trades_zz{self.rng.randint(1, 9)}.csv")
        if self.rng.random() < 0.5:
            held_back = self.path / f"trades-{self.rng.randint(1, 9)}-control.csv"
            held_back.write_bytes(again.read_bytes().replace(b"T0", b"U0"))
            write_control(held_back, sha256="ab" * 32)
        name = f"R-{day:%d}"
        good = table_bytes([account(name, lei="")])
        mishap = self.rng.choice(
            (
                ("prices-latin.csv", "isin,date,close,currency,n\n,,,,é\n".encode("latin-1")),
                ("fx-half.csv", b'currency,base,date,rate\nUSD,ISK,"2026'),
                ("fees-none.csv", b""),
                ("accounts-few.csv", b"account_id,name\nX,Y\n"),
                ("accounts-twice.csv", good.replace(b"country", b"name", 1)),
                ("accounts-rows.csv", good + b"too,few\n" + good.split(b"\n", 1)[1]),
                ("counterparties-bad.csv", b"lei,name\n5493008KLP92CC1Y8810,N\n,N\n"),
                (
                    "restrictions-bad.csv",
                    b"subject,list,valid_from\nX,WATCH,\nUS0378331004,,x\n",
                ),
                ("memo.csv", b"to,from\na,b\n"),
            )
        )
        (self.path / mishap[0]).write_bytes(mishap[1])
