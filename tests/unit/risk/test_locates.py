"""What a day's short sales used of locates, and what is left of them."""

from datetime import date
from typing import Final

import polars as pl

from backoffice.risk.locates import LOCATE, locates_used
from tests.unit.risk.margin_frames import EURO, SHARE

E8: Final = 10**8
DAY, BEFORE = date(2026, 10, 7), date(2026, 10, 6)
SCHEMA: Final = {
    "trade_date": pl.Date,
    "locate_id": pl.String,
    "isin": pl.String,
    "quantity_e8": pl.Int128,
}
SOLD: Final = [
    (DAY, "L-1", SHARE, 5 * E8, "SHORT"),
    (DAY, "L-1", SHARE, 2 * E8, "SHORT"),
    (DAY, "L-2", EURO, E8, "SHORT"),
    (BEFORE, "L-1", SHARE, E8, "SHORT"),
    (DAY, "L-1", SHARE, E8, "SELL"),
    (DAY, None, SHARE, E8, "SHORT"),
]


def frame(*rows: tuple[object, ...]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=SCHEMA, orient="row")


def used(cleared: pl.DataFrame, locates: pl.DataFrame) -> list[tuple[object, ...]]:
    trades = pl.DataFrame(SOLD, schema={**SCHEMA, "side": pl.String}, orient="row")
    found = locates_used(trades, cleared, locates)
    assert found.columns == [*LOCATE, "quantity_e8", "trades", "located_e8", "left_e8"]
    return found.rows()


def test_short_sales_use_locates_and_nothing_else_does() -> None:
    assert used(frame(), frame()) == [
        (BEFORE, "L-1", SHARE, E8, 1, None, None),
        (DAY, "L-1", SHARE, 7 * E8, 2, None, None),
        (DAY, "L-2", EURO, E8, 1, None, None),
    ]


def test_what_is_left_counts_shorts_of_every_day_and_falls_below_nothing() -> None:
    cleared = frame(
        (BEFORE, "L-1", SHARE, E8),
        (DAY, "L-1", SHARE, 9 * E8),
        (DAY, "L-2", EURO, E8),
        (DAY, "L-2", SHARE, 9 * E8),
    )
    locates = frame((DAY, "L-1", SHARE, 8 * E8), (DAY, "L-2", EURO, E8), (DAY, "L-3", EURO, E8))
    assert [row[-2:] for row in used(cleared, locates)] == [
        (None, None),
        (8 * E8, -E8),
        (E8, 0),
    ]
