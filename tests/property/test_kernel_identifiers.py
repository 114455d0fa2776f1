"""Check digits agree with an independent implementation, on good and on spoiled identifiers."""

import string

from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import isin as isin_oracle
from stdnum.iso7064 import mod_97_10

from backoffice.kernel.identifiers import isin_is_valid, lei_is_valid

BOUNDED = settings(max_examples=100, deadline=None)
LETTERS, DIGITS = string.ascii_uppercase, string.digits
stems = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["US", "IS", "GB", "DE", "SE", "XS"]),
        st.text(LETTERS + DIGITS, min_size=9, max_size=9),
    ),
)
leis = st.text(LETTERS + DIGITS, min_size=18, max_size=18)


@BOUNDED
@given(stems, st.sampled_from(DIGITS))
def test_exactly_one_digit_completes_an_isin(stem: str, digit: str) -> None:
    assert isin_is_valid(stem + isin_oracle.calc_check_digit(stem))
    assert isin_is_valid(stem + digit) is isin_oracle.is_valid(stem + digit)
    assert sum(isin_is_valid(stem + each) for each in DIGITS) == 1


@BOUNDED
@given(leis, st.text(DIGITS, min_size=2, max_size=2))
def test_the_check_digits_of_an_lei_are_those_of_iso_7064(stem: str, digits: str) -> None:
    assert lei_is_valid(stem + mod_97_10.calc_check_digits(stem))
    assert lei_is_valid(stem + digits) is mod_97_10.is_valid(stem + digits)


@BOUNDED
@given(leis, st.integers(0, 16))
def test_two_neighbours_that_change_places_are_noticed(stem: str, place: int) -> None:
    good = stem + mod_97_10.calc_check_digits(stem)
    swapped = good[:place] + good[place + 1] + good[place] + good[place + 2 :]
    # letters count as two digits, so "M2" and "2M" are the same number: 222
    assert lei_is_valid(swapped) is (_digits(swapped) == _digits(good))


def _digits(text: str) -> str:
    return "".join(str(int(character, 36)) for character in text)
