"""Pure functions that the simulator works out once a process for what they are given.

The domain's rooms know no store, no clock and no environment, so that equal bytes come to equal
frames and equal rows to equal verdicts, however often a step dies and is run again. What reaches
a store is never remembered.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from types import MappingProxyType, ModuleType
from typing import Any, Final

import polars as pl

from backoffice.front_office import accept_trade
from backoffice.intake import capture_file, sweep
from backoffice.intake.app_trades import rows_of_text
from backoffice.intake.capture import capture
from backoffice.intake.capture_file import Readers
from backoffice.intake.row_formats import RowReader
from backoffice.stores import buckets, parquet

_MOST: Final = 4096


class Once:
    """A function that remembers what it came to, by a key made of what it was given.

    What it was given is kept with it: a frame is known by its identity for as long as it lives.
    """

    def __init__(self, real: Callable[..., Any], key: Callable[..., Hashable]) -> None:
        self._real, self._key = real, key
        self._known: dict[Hashable, tuple[Any, object]] = {}

    def __call__(self, *given: Any, **named: Any) -> Any:  # noqa: ANN401 - as the real one
        """Return what the real function returns."""
        key = self._key(*given, **named)
        if key not in self._known:
            if len(self._known) > _MOST:
                self._known.clear()
            self._known[key] = (self._real(*given, **named), (given, named))
        return self._known[key][0]

    def forget(self) -> None:
        """Begin anew: the domain is not what it was."""
        self._known.clear()


class OnceReaders(Readers):
    """Readers that remember the rows they read."""

    def __init__(self, real: Readers) -> None:
        once = {
            ending: RowReader(Once(each.read, _range), each.names)
            for ending, each in real.rows.items()
        }
        super().__init__(once, real.status, real.statement)

    def forget(self) -> None:
        """Begin anew."""
        for each in self.rows.values():
            if isinstance(each.read, Once):
                each.read.forget()


Place = tuple[ModuleType, str, Once | OnceReaders]


def remembered(capturing: ModuleType) -> Iterator[Place]:
    """Yield where a function is called from, its name there, and what stands in for it."""
    yield buckets, "from_parquet", Once(parquet.from_parquet, _part)
    yield capturing, "READERS", OnceReaders(capturing.READERS)
    rows = Once(rows_of_text, _texts)
    captured = Once(capture, _rows)
    for place in (accept_trade, sweep):
        yield place, "rows_of_text", rows
    for place in (accept_trade, capture_file, sweep):
        yield place, "capture", captured


def _part(body: bytes, columns: Sequence[str] | None = None) -> Hashable:
    return body, tuple(columns) if columns else None


def _range(header: Sequence[str], data: bytes, first_row: int) -> Hashable:
    return tuple(header), data, first_row


def _texts(trades: Sequence[Mapping[str, str]], first_row: int = 1) -> Hashable:
    return tuple(tuple(trade.items()) for trade in trades), first_row


def _rows(
    kind: str,
    strings: pl.DataFrame,
    origin: Hashable,
    zones: Mapping[str, str],
    names: Mapping[str, str] = MappingProxyType({}),
) -> Hashable:
    return kind, id(strings), origin, tuple(zones.items()), tuple(names.items())
