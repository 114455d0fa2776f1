"""Search an index of the records: `python bench/search.py --rows 10000000 --get-ms 25`.

The index is generated as it stands at its worst, with seven runs of each of three levels, written
by the code that writes the real one into `.build/search-index` (made once) and searched by the code
of the API and the command. The store reads ranges of local files, and each read waits as long as S3
takes to its first byte; nothing but that stands for S3.
"""

import json
import random
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from threading import Lock
from typing import Any, Final

import numpy as np
import polars as pl

from backoffice.records.search.find import Finder, Query
from backoffice.records.search.rows import OBJECTS, SCHEMA, DayRows
from backoffice.records.search.runs import CURRENT, FAN, Index, Run, day_run
from bench.measuring.report import Report, Table, Target, arguments, short

_LARGEST: Final = 10_000_000
ROWS: Final = 1_000_000
GET_MS: Final = 25.0
MOST_S: Final = 1.0
HERE: Final = Path(__file__).parents[1] / ".build" / "search-index"
FIRST: Final = date(2024, 1, 1)
_LEVELS: Final = (64, 8, 1)
_ROWS_AN_OBJECT: Final = 2_000
_KEPT_FROM_MOST: Final = 1_000
"""Of so many rows one is confidential."""
_SEARCHES: Final = 60
_KINDS: Final = ("trade", "entry", "entry", "obligation", "movement", "record:accounting")


class Disk:
    """Files in one folder, read by range, each read as late as S3 would answer."""

    def __init__(self, folder: Path, get_ms: float) -> None:
        self.folder, self.get_s = folder, get_ms / 1000
        self.gets = self.read = 0
        self._lock = Lock()

    def put(self, key: str, body: bytes) -> None:
        """Write, whatever stands there."""
        path = self.folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)

    def find_bytes(self, key: str) -> bytes | None:
        """Return the object's bytes, or None when there is none."""
        path = self.folder / key
        return self._told(path.read_bytes()) if path.is_file() else None

    def read_bytes(self, key: str) -> bytes:
        """Return the object's bytes."""
        return self._told((self.folder / key).read_bytes())

    def read_range(self, key: str, version: str | None, start: int, end: int) -> bytes:
        """Return bytes `start` to `end` (exclusive)."""
        assert version is None
        with (self.folder / key).open("rb") as file:
            file.seek(start)
            return self._told(file.read(end - start))

    def _told(self, body: bytes) -> bytes:
        time.sleep(self.get_s)
        with self._lock:
            self.gets += 1
            self.read += len(body)
        return body


def generate(store: Disk, rows: int) -> None:
    """Write the index: seven runs of each level."""
    days = sum(_LEVELS) * (FAN - 1)
    first_object, runs, day = 0, list[Run](), FIRST
    for level, span in zip((2, 1, 0), _LEVELS, strict=True):
        for _ in range(FAN - 1):
            found = _rows(day, span, rows * span // days, first_object)
            run = day_run(store, found, day)
            last = day + timedelta(days=span - 1)
            runs.append(run.model_copy(update={"level": level, "days": span, "last": last}))
            first_object += found.objects.height
            day += timedelta(days=span)
            print(f"  {len(runs)} runs, {sum(each.rows for each in runs):,} rows", file=sys.stderr)
    store.put(CURRENT, Index(runs=tuple(runs), objects=first_object).model_dump_json().encode())


def _rows(day: date, span: int, count: int, first: int) -> DayRows:
    """Make rows of `span` days: of 20,000 accounts, 3,000 instruments, 40 counterparties."""
    chance = np.random.default_rng(first)
    objects = max(1, count // _ROWS_AN_OBJECT)
    at = np.sort(chance.integers(0, objects, count))
    days = [str(day + timedelta(days=each)) for each in range(span)]

    def text(prefix: str, most: int) -> pl.Series:
        numbers = pl.Series(chance.integers(0, most, count))
        return pl.lit(prefix) + numbers.cast(pl.String).str.zfill(8)  # type: ignore[return-value]

    frame = pl.DataFrame({"at": at, "number": np.arange(count)}).select(
        id=pl.lit(f"T{first}-") + pl.col("number").cast(pl.String),
        kind=pl.Series(np.array(_KINDS)[chance.integers(0, len(_KINDS), count)]),
        account=text("C-", 20_000),
        counterparty=text("BKSK", 40),
        instrument=text("US00", 3_000),
        date=pl.Series(np.array(days)[at * span // objects]),
        object=pl.col("at") + first,
        row=pl.col("number") % _ROWS_AN_OBJECT,
        confidential=pl.col("number") % _KEPT_FROM_MOST == 0,
    )
    numbers = list(range(first, first + objects))
    keys = [f"accounting/{day}/{number:064x}.parquet" for number in numbers]
    places = {"object": numbers, "key": keys, "sealed_in": [str(day)] * objects}
    return DayRows(frame.cast(SCHEMA), pl.DataFrame(places, schema=OBJECTS))  # type: ignore[arg-type]


def questions(chance: random.Random, days: int) -> dict[str, Callable[[], Query]]:
    """Name each kind of search, and how one is asked."""

    def day() -> str:
        return str(FIRST + timedelta(days=chance.randrange(days)))

    def span() -> dict[str, Any]:
        start = FIRST + timedelta(days=chance.randrange(days))
        return {"since": str(start), "until": str(start + timedelta(days=30))}

    def account() -> str:
        return f"C-{chance.randrange(20_000):08}"

    def street() -> str:
        return f"BKSK{chance.randrange(40):08}"

    def paper() -> str:
        return f"US00{chance.randrange(3_000):08}"

    return {
        "id": lambda: Query(id=f"T0-{chance.randrange(10_000)}"),
        "id that is nobody's": lambda: Query(id=f"Z-{chance.randrange(10_000)}"),
        "account": lambda: Query(account=account()),
        "account, instrument": lambda: Query(account=account(), instrument=paper()),
        "account, kind, 31 days": lambda: Query(account=account(), kind="trade", **span()),
        "instrument, 31 days": lambda: Query(instrument=paper(), **span()),
        "counterparty, instrument": lambda: Query(counterparty=street(), instrument=paper()),
        "counterparty, one day": lambda: Query(counterparty=street(), since=(d := day()), until=d),
        "kind, 31 days": lambda: Query(kind="obligation", **span()),
        "all of one day": lambda: Query(since=(d := day()), until=d),
    }


def main() -> None:
    """Generate what is not there, search, and report a line for each kind of search."""
    parser = arguments(__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--get-ms", type=float, default=GET_MS)
    asked = parser.parse_args()
    folder = HERE / str(asked.rows)
    if not (folder / CURRENT).is_file():
        generate(Disk(folder, 0), asked.rows)
    report, store = (
        Report("search" if asked.rows < _LARGEST else f"search-{asked.rows}"),
        Disk(folder, asked.get_ms),
    )
    index = json.loads((folder / CURRENT).read_bytes())
    held = sum(run["rows"] for run in index["runs"])
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    report.said.append(
        f"{held:,} rows in {len(index['runs'])} runs, {size / 1e6:,.0f} MB; every read is answered"
        f" after {asked.get_ms:g} ms; {_SEARCHES} searches of a kind."
    )
    chance, days = random.Random(7), sum(_LEVELS) * (FAN - 1)  # noqa: S311 - replayed by its seed
    finder, rows, slowest = Finder(store), list[tuple[str, ...]](), 0.0
    for name, ask in questions(chance, days).items():
        p99, row = _searched(store, finder, name, ask)
        rows.append(row)
        slowest = max(slowest, p99)
    report.tables.append(
        Table([("search", "first s", "p50 s", "p99 s", "reads", "KB", "rows"), *rows])
    )
    report.targets.append(Target("the slowest kind, p99", slowest, most=MOST_S, unit="s"))
    report.finish(asked.json)


def _searched(
    store: Disk, finder: Finder, name: str, ask: Callable[[], Query]
) -> tuple[float, tuple[str, ...]]:
    """Search many times; return the p99 in seconds, and the line of the table."""
    gets, read, times, rows = store.gets, store.read, list[float](), 0
    for _ in range(_SEARCHES):
        start = time.perf_counter()
        rows += len(finder.find(ask()).rows)
        times.append(time.perf_counter() - start)
    later = sorted(times[1:])
    p50, p99 = later[len(later) // 2], later[int(len(later) * 0.99) - 1]
    gets, kilobytes = store.gets - gets, (store.read - read) / 1000
    figures = (gets / _SEARCHES, kilobytes / _SEARCHES, rows / _SEARCHES)
    seconds = [f"{each:.3f}" for each in (times[0], p50, p99)]
    return p99, (name, *seconds, *map(short, figures))


if __name__ == "__main__":
    main()
