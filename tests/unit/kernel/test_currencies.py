"""ISO 4217, list one as published on 2026-01-01."""

from collections import Counter

import pytest

from backoffice.kernel.currencies import MINOR_UNITS, minor_units
from backoffice.kernel.errors import OutOfRangeError


@pytest.mark.parametrize(
    ("code", "decimals"),
    [("ISK", 0), ("JPY", 0), ("KRW", 0), ("UGX", 0), ("UYI", 0), ("USD", 2), ("EUR", 2), ("GBP", 2),
     ("HUF", 2), ("XCG", 2), ("ZWG", 2), ("KWD", 3), ("BHD", 3), ("IQD", 3), ("CLF", 4),
     ("UYW", 4)],
)  # fmt: skip
def test_published_minor_units(code: str, decimals: int) -> None:
    assert minor_units(code) == decimals


def test_the_list_has_as_many_currencies_of_each_minor_unit_as_the_published_one() -> None:
    assert Counter(MINOR_UNITS.values()) == {0: 17, 2: 139, 3: 7, 4: 2}


@pytest.mark.parametrize(
    "code", ["XAU", "XDR", "XTS", "XXX", "DEM", "HRK", "BGN", "ANG", "usd", "US", "", "GBX"]
)
def test_metals_units_of_account_and_what_is_withdrawn_are_no_currencies(code: str) -> None:
    with pytest.raises(OutOfRangeError, match="no ISO 4217 currency"):
        minor_units(code)


def test_the_list_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        MINOR_UNITS["XXX"] = 2  # type: ignore[index]
