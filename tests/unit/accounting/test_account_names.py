"""An account's rows are those whose name, put together, is its own or lies below it."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.accounting.recorded import is_account

_PIECES = st.lists(st.sampled_from(["A", "B", "AB", "A-1"]), min_size=1, max_size=3)
_NAMES = _PIECES.map(":".join)


def _as_it_reads(account: str) -> pl.Expr:
    name = pl.concat_str("book", pl.lit(":"), "ref").str.strip_chars_end(":")
    return (name == account) | name.str.starts_with(f"{account.rstrip(':')}:")


@given(
    st.lists(st.tuples(_NAMES, st.one_of(st.just(""), _NAMES)), min_size=1, max_size=8),
    st.one_of(_NAMES, _NAMES.map("{}:".format)),
)
def test_an_account_is_found_as_its_name_reads(rows: list[tuple[str, str]], account: str) -> None:
    frame = pl.DataFrame(rows, schema=["book", "ref"], orient="row")
    assert frame.filter(is_account(account)).equals(frame.filter(_as_it_reads(account)))


@pytest.mark.parametrize("account", ["", ":", "A::B"])
def test_what_names_nothing_finds_nothing_of_other_accounts(account: str) -> None:
    frame = pl.DataFrame({"book": ["A", "A"], "ref": ["B", "C"]})
    assert frame.filter(is_account(account)).height == 0
