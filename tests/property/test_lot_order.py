"""Rows of a pass stand in the order that sorting by every column of it gives."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import polars as pl
import pytest

from backoffice.accounting.lots.frames import EVENTS, MOMENT
from backoffice.accounting.lots.order import KEYS, order_of

_TYPES = {name: EVENTS.get(name, pl.String()) for name in (*KEYS, *MOMENT)} | {
    "is_trade": pl.Boolean(),
    "place": pl.UInt32(),
    "isin": pl.String(),
}
_DAYS = [date(1, 1, 1), date(1969, 12, 31), date(2026, 3, 2), date(2026, 3, 3), date(9999, 12, 31)]
_TIMES = [
    datetime(1700, 1, 1, tzinfo=UTC),
    *(datetime(2026, 3, 2, 9, tzinfo=UTC) + timedelta(microseconds=step) for step in range(3)),
]


def _row(random: Random) -> dict[str, Any]:
    names = {"account_id": random.choice("AB"), "family": random.choice("XYZ")}
    named = names | {name: random.choice("PQ") for name in ("trade_id", "isin")}
    if random.random() < 0.2:
        return named | {"place": random.randrange(3)}
    moment = {"trade_date": random.choice(_DAYS), "is_trade": random.choice([None, False, True])}
    partner = random.choice([None, "p", "q"])
    return named | moment | {"partner": partner, "traded_at": random.choice([None, *_TIMES])}


@pytest.mark.parametrize("seed", range(20))
def test_order_is_that_of_all_columns(seed: int) -> None:
    random = Random(seed)  # noqa: S311
    rows = [_row(random) for _ in range(random.choice([0, 1, 2, 400]))]
    table = pl.DataFrame(rows, schema=_TYPES)
    ordered = [*KEYS, "trade_date", "place", *MOMENT[1:], "isin"]

    at, groups = order_of(table)

    assert table[at].select(ordered).rows() == table.select(ordered).sort(ordered).rows()
    expected = table[at].select(pl.struct(KEYS).rle_id()).to_series()
    assert groups.to_list() == expected.to_list()
