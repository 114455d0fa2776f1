"""Trades as text, as they came and mutated, and the tables the rules look things up in.

`python -m bench.inputs.trade_rows OUT ROWS MUTATED` writes OUT/plain.csv, ROWS trades of the
standard population, one in a thousand of them with a wrong value; OUT/mutated.csv, MUTATED trades,
every one mutated in a field or more, or too short, or too long; and OUT/tables.json, currencies
with their decimals and venues with their time zones. The same numbers give the same bytes.
"""

import csv
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import polars as pl

from backoffice.intake.capture import venue_zones
from backoffice.intake.file_columns import SCHEMAS
from backoffice.kernel.currencies import MINOR_UNITS
from backoffice.kernel.rulebook import default_rulebook
from bench.inputs.odd_texts import ODD, ODD_ANYWHERE
from bench.population import FIRST_DAY, Population, write_day

COLUMNS: Final = tuple(column.name for column in SCHEMAS["trades"])
_SEED: Final = 7
_ONE_IN: Final = 1_000
_MOST_FIELDS: Final = 3
_RAGGED_ONE_IN: Final = 40

Row = dict[str, str]


def main(out: Path, rows: int, mutated: int) -> None:
    """Write both files and the tables."""
    chance = random.Random(_SEED)  # noqa: S311 - the same rows every time, no secret
    trades = population_trades(max(rows, mutated, 1))
    plain = enumerate(trades.head(rows).iter_rows(named=True))
    _write(
        out / "plain.csv", (_plain(row, chance) if n % _ONE_IN == 1 else row for n, row in plain)
    )
    each = trades.head(mutated).iter_rows(named=True)
    _write(out / "mutated.csv", (_mutated(row, chance) for row in each))
    tables = {"currencies": dict(MINOR_UNITS), "zones": dict(venue_zones(default_rulebook()))}
    (out / "tables.json").write_text(json.dumps(tables))


def population_trades(rows: int) -> pl.DataFrame:
    """Return the population's trades with every column of the contract."""
    with TemporaryDirectory(prefix="bench-trades-") as name:
        day = write_day(Path(name), Population.standard(rows), FIRST_DAY, 1)
        frames = [pl.read_csv(path, infer_schema=False) for path in sorted(day.glob("trades-*"))]
    known = pl.concat(frames).head(rows)
    absent = [pl.lit("").alias(name) for name in COLUMNS if name not in known.columns]
    return known.with_columns(absent).select(COLUMNS)


def _plain(row: Row, chance: random.Random) -> Row:
    """Spoil one code of a row, with nothing that makes delimited text itself unusual."""
    name = chance.choice(("account_id", "isin", "currency", "counterparty", "capacity"))
    return row | {name: chance.choice((_turned, _lowered))(row[name], chance)}


def _mutated(row: Row, chance: random.Random) -> Row:
    """Change a few fields of a row, and sometimes how many it has."""
    for name in chance.sample(COLUMNS, chance.randint(1, _MOST_FIELDS)):
        odd = chance.randrange(2)
        row[name] = chance.choice(ODD[name]) if odd else chance.choice(_CHANGES)(row[name], chance)
    if chance.randrange(_RAGGED_ONE_IN):
        return row
    width = chance.randrange(2, len(row))
    return row | {"": "more"} if chance.randrange(2) else dict(list(row.items())[:width])


def _emptied(_text: str, chance: random.Random) -> str:
    return chance.choice(["", "", " ", "\t ", "\u00a0", "\u2003"])


def _padded(text: str, chance: random.Random) -> str:
    return f"{chance.choice([' ', '  ', chr(0xA0)])}{text}{chance.choice([' ', chr(0x3000), ''])}"


def _cut(text: str, chance: random.Random) -> str:
    return text[: chance.randrange(len(text) + 1)]


def _struck(text: str, chance: random.Random) -> str:
    """Replace one character by another one."""
    if not text:
        return text
    at = chance.randrange(len(text))
    return text[:at] + chance.choice(ODD_ANYWHERE) + text[at + 1 :]


def _turned(text: str, chance: random.Random) -> str:
    """Swap two neighbours: check digits are made for that."""
    at = chance.randrange(max(len(text) - 1, 1))
    return text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :]


def _doubled(text: str, _chance: random.Random) -> str:
    return text + text


def _lowered(text: str, _chance: random.Random) -> str:
    return text.lower()


_CHANGES: Final = (_emptied, _padded, _cut, _struck, _struck, _turned, _turned, _doubled, _lowered)


def _write(path: Path, rows: Iterator[Row]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as text:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(row.values() for row in rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
