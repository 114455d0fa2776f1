"""Columns agree with plain integers, on random and on extreme values."""

from fractions import Fraction

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from backoffice.kernel.columns import (
    bucket_of,
    canonical_hash,
    format_money,
    format_scaled_expr,
    half_up,
    round_up_expr,
    scaled_expr,
    sum_i128,
)
from backoffice.kernel.currencies import MINOR_UNITS
from backoffice.kernel.errors import BackofficeError
from backoffice.kernel.scaled import (
    format_exact,
    format_scaled,
    parse_scaled,
    round_half_up,
    round_up,
)

BOUNDED = settings(max_examples=100, deadline=None)
LARGEST = 10**37
"""What is left of Int128 once a half has been added."""

edges = st.sampled_from([0, 1, 5, 10**8, 2**63 - 1, 2**63, 2**64, 10**18, 10**34, LARGEST])
signed = st.sampled_from([1, -1])
amounts = st.one_of(
    st.integers(-1000, 1000),
    st.integers(-LARGEST, LARGEST),
    st.builds(lambda sign, edge: sign * edge, signed, edges),
)
divisors = st.one_of(
    st.integers(1, 12), st.integers(0, 20).map(lambda n: 10**n), st.integers(1, LARGEST)
)
decimals = st.from_regex(r"-?[0-9]{1,22}(\.[0-9]{1,14})?", fullmatch=True)
texts = st.one_of(
    decimals,
    st.builds(lambda text, zeros: text + "0" * zeros, decimals, st.integers(0, 40)),
    st.sampled_from(["1e5", "+5", ".5", "5.", "", "NaN", "1 ", "1,0", "999999999999999999.9"]),
    st.text(max_size=6),
)


def parsed(text: str, scale: int) -> int | None:
    try:
        return parse_scaled(text, scale)
    except BackofficeError:
        return None


@BOUNDED
@given(st.lists(texts, min_size=1, max_size=20), st.sampled_from([0, 2, 8, 12]))
def test_a_column_of_text_reads_as_each_text_does(column: list[str], scale: int) -> None:
    read = pl.DataFrame({"text": column}).select(scaled_expr("text", scale)).to_series()
    assert read.to_list() == [parsed(text, scale) for text in column]


@BOUNDED
@given(st.lists(st.tuples(amounts, divisors), min_size=1, max_size=20))
def test_a_column_rounds_as_each_amount_does(pairs: list[tuple[int, int]]) -> None:
    frame = pl.DataFrame(pairs, schema={"a": pl.Int128, "d": pl.Int128}, orient="row")
    rounded = frame.select(
        half=half_up(pl.col("a"), pl.col("d")), up=round_up_expr(pl.col("a"), pl.col("d"))
    )
    assert rounded["half"].to_list() == [round_half_up(a, d) for a, d in pairs]
    assert rounded["up"].to_list() == [round_up(a, d) for a, d in pairs]


@BOUNDED
@given(st.integers(1, 10**26 - 1), st.integers(1, 10**26 - 1), st.sampled_from([0, 2, 3, 4]))
def test_quantity_times_price_is_exact_up_to_the_notional_s_bound(
    quantity: int, price: int, digits: int
) -> None:
    price = max(1, min(price, (10**34 - 1) // quantity))
    frame = pl.DataFrame({"q": [quantity], "p": [price]}, schema={"q": pl.Int128, "p": pl.Int128})
    gross = frame.select(half_up(pl.col("q") * pl.col("p"), 10 ** (16 - digits))).item()
    exact = Fraction(quantity, 10**8) * Fraction(price, 10**8) * 10**digits
    assert abs(gross - exact) <= Fraction(1, 2)


@BOUNDED
@given(st.lists(st.tuples(amounts, st.sampled_from(sorted(MINOR_UNITS))), max_size=20))
def test_a_column_of_money_is_written_as_each_amount_is(rows: list[tuple[int, str]]) -> None:
    frame = pl.DataFrame(rows, schema={"a": pl.Int128, "currency": pl.String}, orient="row")
    written = frame.select(format_money("a")).to_series().to_list()
    assert written == [format_exact(amount, MINOR_UNITS[code]) for amount, code in rows]


@BOUNDED
@given(st.lists(amounts, max_size=20), st.sampled_from([0, 1, 8, 12]))
def test_a_column_of_decimals_is_written_as_each_one_is(column: list[int], scale: int) -> None:
    frame = pl.DataFrame({"a": pl.Series(column, dtype=pl.Int128)})
    written = frame.select(format_scaled_expr(pl.col("a"), scale)).to_series().to_list()
    assert written == [format_scaled(amount, scale) for amount in column]


@BOUNDED
@given(st.lists(st.integers(-(2**63), 2**63 - 1), max_size=20))
def test_a_sum_never_wraps_where_int64_would(column: list[int]) -> None:
    frame = pl.DataFrame({"a": pl.Series(column, dtype=pl.Int64)})
    assert frame.select(sum_i128("a")).item() == sum(column)


@BOUNDED
@given(st.lists(st.text(max_size=12), min_size=1, max_size=20), st.integers(0, 10))
def test_a_bucket_of_a_coarser_cut_holds_whole_buckets_of_a_finer_one(
    names: list[str], exponent: int
) -> None:
    accounts = pl.Series("account_id", names)
    coarse, fine = bucket_of(accounts, 2**exponent), bucket_of(accounts, 2 ** (exponent + 1))
    assert (fine % 2**exponent).to_list() == coarse.to_list()


Rows = list[tuple[str | None, str | None]]
marked = st.text(st.sampled_from("1\x00\x1b\x1e\x1f"), max_size=2)
bags = st.lists(st.tuples(st.none() | marked, st.none() | marked), max_size=2)


@BOUNDED
@given(bags, bags)
def test_hashes_are_equal_exactly_when_the_rows_are(left: Rows, right: Rows) -> None:
    def hashed(rows: Rows) -> str:
        frame = pl.DataFrame(rows, schema={"a": pl.String, "b": pl.String}, orient="row")
        return canonical_hash(frame)

    assert (hashed(left) == hashed(right)) is (sorted(map(repr, left)) == sorted(map(repr, right)))
    assert hashed(left[::-1]) == hashed(left)
