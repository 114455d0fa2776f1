"""Trades cut by account into one object: any bucket reads its own rows and no others."""

from datetime import date

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from backoffice.intake.register import of_bucket
from backoffice.intake.staging import read_bucket, stage_trades
from tests.simulation.memory import WorkMemory

DAY = date(2026, 10, 9)
POWERS = st.sampled_from([1, 2, 4, 8, 16, 64])


def _trades(accounts: list[str]) -> pl.DataFrame:
    rows = pl.DataFrame({"account_id": pl.Series(accounts, dtype=pl.String)}).with_row_index("row")
    return rows.with_columns(
        business_date=pl.lit(DAY),
        trade_date=pl.lit(DAY),
        trade_id=pl.format("T-{}", "row"),
        action=pl.lit("NEW"),
    )


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([f"A-{n}" for n in range(40)]), min_size=1), POWERS, POWERS)
def test_a_bucket_of_any_cut_is_read_of_any_other(
    accounts: list[str], kept: int, asked: int
) -> None:
    rows, work = _trades(accounts), WorkMemory("work")
    cut, _ = stage_trades(work, "stem", 0, rows, kept)
    assert cut is not None
    assert (cut.rows, cut.buckets, len(cut.ends)) == (rows.height, kept, kept)
    for bucket in range(asked):
        [found] = read_bucket(work, [cut], bucket, asked)
        wanted = of_bucket(rows, bucket, asked)
        read = rows.clear() if found is None else found
        assert read.sort("row").equals(wanted), (bucket, asked)


def test_a_bucket_is_one_run_of_bytes_and_only_as_long_as_its_rows() -> None:
    rows, work = _trades([f"A-{n}" for n in range(4_000)]), WorkMemory("work")
    cut, _ = stage_trades(work, "stem", 0, rows, 64)
    assert cut is not None
    runs = [cut.bounds_of(bucket, 16) for bucket in range(16)]
    assert [len(run) for run in runs] == [5] * 16
    assert sum(run[-1] - run[0] for run in runs) == cut.ends[-1] == len(work.objects[cut.key])


def test_without_rows_nothing_is_staged() -> None:
    work = WorkMemory("work")
    assert stage_trades(work, "stem", 0, _trades([]), 4) == (None, None)
    assert not work.objects
