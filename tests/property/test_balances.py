"""Balances of a bucket whose accounts are cut more finely: nothing is lost or there twice."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from backoffice.accounting.balances import add_balances, by_book, share_of
from backoffice.intake.register import of_bucket

_ROWS = st.lists(
    st.tuples(
        st.sampled_from(["Cash:Clients", "Securities:Clients", "Street"]),
        st.sampled_from(["", *(f"A-{n}" for n in range(30))]),
        st.sampled_from(["USD", "US0378331005"]),
        st.integers(-(10**6), 10**6).filter(bool),
    ),
    max_size=60,
)
_KEPT = st.sampled_from([1, 2, 8])


def _sums(rows: list[tuple[str, str, str, int]]) -> pl.DataFrame:
    schema = {"book": pl.String, "ref": pl.String, "unit": pl.String, "amount": pl.Int128}
    return add_balances(pl.DataFrame(rows, schema=schema, orient="row"))


@settings(max_examples=100, deadline=None)
@given(_ROWS, _KEPT, st.sampled_from([1, 2, 4]), st.data())
def test_finer_buckets_carry_on_every_row_once_and_accounts_their_own(
    rows: list[tuple[str, str, str, int]], kept: int, finer: int, data: st.DataObject
) -> None:
    bucket, buckets = data.draw(st.integers(0, kept - 1)), kept * finer
    sums = _sums(rows)
    own = of_bucket(sums.rename({"ref": "account_id"}), bucket, kept)
    shares = {each: share_of(sums, kept, each, buckets) for each in range(bucket, buckets, kept)}
    together = pl.concat(shares.values()).sort(pl.all())
    assert together.equals(sums.sort(pl.all()))
    for each, share in shares.items():
        accounts = set(share["ref"]) & set(own["account_id"])
        theirs = of_bucket(own, each, buckets)["account_id"]
        assert accounts == set(theirs)


@settings(max_examples=50, deadline=None)
@given(_ROWS)
def test_by_book_comes_to_the_same_by_unit(rows: list[tuple[str, str, str, int]]) -> None:
    sums = _sums(rows)
    whole, short = (
        frame.group_by("unit").agg(pl.col("amount").sum()).filter(pl.col("amount") != 0)
        for frame in (sums, by_book(sums))
    )
    assert whole.sort("unit").equals(short.sort("unit"))
