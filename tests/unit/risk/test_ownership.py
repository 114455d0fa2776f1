"""The 50 per cent rule, by the examples of OFAC's FAQ 401."""

import polars as pl
import pytest

from backoffice.kernel.errors import OutOfRangeError
from backoffice.risk.screening.ownership import OWNERS, PERCENT_E8, blocked_by_ownership

HALF = 50 * PERCENT_E8
Share = tuple[str, str, int]


def owners(*shares: Share) -> pl.DataFrame:
    rows = [(owned, owner, percent * PERCENT_E8) for owned, owner, percent in shares]
    return pl.DataFrame(rows, schema=OWNERS, orient="row")


def blocked(*shares: Share, listed: str = "XY") -> str:
    return "".join(blocked_by_ownership(owners(*shares), set(listed), HALF)["entity"])


@pytest.mark.parametrize(
    ("shares", "found"),
    [
        # X owns half of A, which owns half of B
        ([("A", "X", 50), ("B", "A", 50)], "AB"),
        # X owns half of A and 10 of B, A owns 40 of B
        ([("A", "X", 50), ("B", "X", 10), ("B", "A", 40)], "AB"),
        # X owns 25 of A and of B; A and B own half of C each
        ([("A", "X", 25), ("B", "X", 25), ("C", "A", 50), ("C", "B", 50)], ""),
        # X owns half of A and 10 of B, which owns half of C; A owns 40 of B
        ([("A", "X", 50), ("B", "X", 10), ("B", "A", 40), ("C", "B", 50)], "ABC"),
        # X owns 25 of A and 25 of B; A owns half of C, B the other; X owns nothing of C
        ([("A", "X", 49), ("C", "A", 100)], ""),
        # two listed parties together
        ([("A", "X", 25), ("A", "Y", 25)], "A"),
        ([("A", "X", 25), ("A", "Y", 24), ("A", "Z", 51)], ""),
        # one row may say less than the pair's whole share
        ([("A", "X", 30), ("A", "X", 20)], "A"),
        # circles block nobody by themselves, and stop nothing
        ([("A", "B", 60), ("B", "A", 60)], ""),
        ([("A", "B", 50), ("B", "A", 40), ("A", "X", 50), ("B", "X", 10)], "AB"),
        ([("A", "A", 60)], ""),
    ],
)
def test_what_blocked_parties_own_half_of_is_blocked(shares: list[Share], found: str) -> None:
    assert blocked(*shares) == found
    assert blocked(*reversed(shares)) == found


def test_half_is_exact() -> None:
    a_hair_less = pl.DataFrame([("A", "X", HALF - 1)], schema=OWNERS, orient="row")
    assert blocked_by_ownership(a_hair_less, {"X"}, HALF).is_empty()


def test_the_share_and_the_owners_are_named() -> None:
    shares = owners(("A", "X", 50), ("B", "A", 45), ("B", "Y", 10), ("B", "Z", 45))
    found = blocked_by_ownership(shares, {"X", "Y"}, HALF).rows()
    assert found == [("A", HALF, "X"), ("B", 55 * PERCENT_E8, "A;Y")]


def test_shares_that_cannot_be_are_refused() -> None:
    with pytest.raises(OutOfRangeError, match="X owns 0 of A"):
        blocked(("A", "X", 0))
