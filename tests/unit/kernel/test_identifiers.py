"""Check digits, with the published examples."""

import re

import pytest

from backoffice.kernel.identifiers import ISIN_SHAPE, LEI_SHAPE, isin_is_valid, lei_is_valid


@pytest.mark.parametrize(
    "isin", ["US0378331005", "IS0000000156", "DE000BASF111", "GB0002634946", "AU0000XVGZA3"]
)
def test_the_check_digit_of_a_good_isin_is_right(isin: str) -> None:
    assert isin_is_valid(isin)


@pytest.mark.parametrize("isin", ["US0378331004", "US0378331006", "US0378313005"])
def test_the_check_digit_of_a_bad_isin_is_wrong(isin: str) -> None:
    assert not isin_is_valid(isin)


def test_the_check_digits_of_leis_are_told_apart() -> None:
    assert lei_is_valid("54930084UKLVMY22DS16")
    assert not lei_is_valid("5493008KLP92CC1Y8810")


@pytest.mark.parametrize(
    ("shape", "good", "bad"),
    [
        (ISIN_SHAPE, "US0378331005", ["us0378331005", "US037833100", "US037833100X"]),
        (LEI_SHAPE, "54930084UKLVMY22DS16", ["54930084UKLVMY22DSA6", "54930084UKLVMY22DS1", ""]),
    ],
)  # fmt: skip
def test_the_shape_is_asked_for_before_the_check_digit(
    shape: str, good: str, bad: list[str]
) -> None:
    assert re.fullmatch(shape, good)
    assert not any(re.fullmatch(shape, text) for text in bad)
