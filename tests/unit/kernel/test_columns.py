"""Scaled integers as columns, and the cut by account."""

import zlib

import polars as pl
import pytest
from polars.testing import assert_series_equal

from backoffice.kernel.columns import (
    bucket_of,
    format_e8,
    format_money,
    format_scaled_expr,
    half_up,
    int128,
    minor_units_expr,
    pow10_expr,
    round_up_expr,
    scaled_expr,
    sum_i128,
)
from backoffice.kernel.errors import OutOfRangeError


def amounts(*values: int | None) -> pl.DataFrame:
    return pl.DataFrame({"amount": pl.Series(values, dtype=pl.Int128)})


def test_text_is_read_as_int128_at_the_scale() -> None:
    texts = pl.DataFrame({"text": ["1.5", "-0.00000001", "7", None, "1.500000000", "-0"]})
    read = texts.select(scaled_expr("text", 8)).to_series()
    assert read.dtype == pl.Int128
    assert read.to_list() == [150000000, -1, 700000000, None, 150000000, 0]


@pytest.mark.parametrize(
    "text",
    ["", ".5", "5.", "+5", "1e5", "1,000", "NaN", "٣", "1\n", "0.000000001", "1" + "0" * 18,
     "9" * 60, "-1" + "0" * 18],
)  # fmt: skip
def test_text_that_is_not_exact_or_not_in_range_is_null(text: str) -> None:
    assert pl.DataFrame({"text": [text]}).select(scaled_expr("text", 8)).item() is None


def test_a_whole_number_may_have_zeros_after_the_point_and_nothing_else() -> None:
    texts = pl.DataFrame({"text": ["12", "12.00", "12.5", "12.", "0" * 40 + "3"]})
    read = texts.select(scaled_expr("text", 0)).to_series()
    assert read.to_list() == [12, 12, None, None, 3]


def test_columns_round_by_a_number_or_by_a_column() -> None:
    frame = amounts(25, -25, 24, None).with_columns(by=int128(10))
    for divisor in (10, pl.col("by")):
        rounded = frame.select(
            half=half_up(pl.col("amount"), divisor), up=round_up_expr(pl.col("amount"), divisor)
        )
        assert rounded["half"].to_list() == [3, -3, 2, None]
        assert rounded["up"].to_list() == [3, -3, 3, None]
        assert set(rounded.dtypes) == {pl.Int128}


def test_minor_units_are_null_for_what_is_no_currency() -> None:
    frame = pl.DataFrame({"currency": ["ISK", "USD", "KWD", "CLF", "XAU", "XXX", None]})
    found = frame.select(minor_units_expr()).to_series()
    assert found.dtype == pl.Int128
    assert found.to_list() == [0, 2, 3, 4, None, None, None]


def test_powers_of_ten_reach_from_0_to_18() -> None:
    exponents = amounts(0, 2, 18, 19, -1, None)
    powers = exponents.select(pow10_expr(pl.col("amount"))).to_series()
    assert powers.dtype == pl.Int128
    assert powers.to_list() == [1, 100, 10**18, None, None, None]


def test_money_is_written_with_exactly_the_currency_s_decimals() -> None:
    frame = pl.DataFrame(
        {
            "amount": pl.Series([0, -5, 100, -100, 1001, 1, 0, 5, None], dtype=pl.Int128),
            "unit": ["ISK", "ISK", "JPY", "USD", "USD", "KWD", "CLF", "XXX", "USD"],
        }
    )
    written = frame.select(format_money("amount", "unit")).to_series().to_list()
    assert written == ["0", "-5", "100", "-1.00", "10.01", "0.001", "0.0000", None, None]


def test_other_decimals_are_written_without_trailing_zeros() -> None:
    frame = amounts(0, 1, -1, 150000000, -(10**8), 10**26, None)
    written = frame.select(format_e8("amount")).to_series().to_list()
    assert written == ["0", "0.00000001", "-0.00000001", "1.5", "-1", "1" + "0" * 18, None]


def test_whole_numbers_keep_their_zeros() -> None:
    written = amounts(100, -100, 0).select(format_scaled_expr(pl.col("amount"), 0)).to_series()
    assert written.to_list() == ["100", "-100", "0"]


def test_a_sum_of_narrow_integers_does_not_wrap() -> None:
    frame = pl.DataFrame({"amount": [2**63 - 1, 2**63 - 1]})
    assert frame.select(sum_i128("amount")).item() == 2**64 - 2


def test_the_bucket_of_an_account_is_its_crc_32() -> None:
    accounts = pl.Series("account_id", ["A-1", "B.2", "A-1", "z_9"])
    expected = [zlib.crc32(name.encode()) % 8 for name in accounts]
    assert_series_equal(bucket_of(accounts, 8), pl.Series("account_id", expected, dtype=pl.UInt32))


def test_one_bucket_holds_every_account() -> None:
    found = bucket_of(pl.Series("account_id", ["A", "B"]), 1)
    assert_series_equal(found, pl.Series("account_id", [0, 0], dtype=pl.UInt32))


@pytest.mark.parametrize("buckets", [1, 4])
def test_no_accounts_are_no_buckets(buckets: int) -> None:
    none = pl.Series("account_id", [], dtype=pl.String)
    assert bucket_of(none, buckets).to_list() == []


@pytest.mark.parametrize("buckets", [0, 3, 12, -4])
def test_a_number_of_buckets_that_is_no_power_of_two_is_refused(buckets: int) -> None:
    with pytest.raises(OutOfRangeError, match="power of two"):
        bucket_of(pl.Series("account_id", ["A"]), buckets)


def test_the_known_crc_32_of_the_check_text_still_holds() -> None:
    # the check value of CRC-32/ISO-HDLC: the cut must be the same for good
    assert bucket_of(pl.Series(["123456789"]), 2**31).item() == 0xCBF43926 % 2**31
