"""Who trades in the year: clients of three countries, and the firm itself."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

ACCOUNTS: Final = 200
ACCOUNT_COLUMNS: Final = (
    "account_id", "name", "kind", "account_type", "currency", "country", "kyc_status", "lot_method",
    "given_names", "surname", "birth_date", "national_id", "national_id_kind",
)  # fmt: skip

_METHODS: Final = ("FIFO", "LIFO", "HIFO", "AVERAGE")
_COUNTRIES: Final = ("US", "IS", "DE")
_CURRENCY: Final = {"US": "USD", "IS": "ISK", "DE": "EUR"}
_HOUSE_EVERY: Final = 20


def account_id(number: int) -> str:
    """Name an account; every twentieth is the firm's own."""
    if number % _HOUSE_EVERY == 0:
        return f"HOUSE-{number // _HOUSE_EVERY:02d}"
    return f"{_COUNTRIES[number % len(_COUNTRIES)]}-{number:03d}"


def account_row(number: int) -> Sequence[str]:
    """Describe an account by the columns of `ACCOUNT_COLUMNS`."""
    name = account_id(number)
    is_house = name.startswith("HOUSE")
    country = "IS" if is_house else name[:2]
    return (name, f"Viðskiptavinur {number:03d}", "HOUSE" if is_house else "CLIENT",
            "MARGIN" if number % 4 == 0 else "CASH", _CURRENCY[country], country, "APPROVED",
            _METHODS[number // 2 % len(_METHODS)],
            *(_NOBODY if is_house else _person(number, country)))  # fmt: skip


_NOBODY: Final = ("", "", "", "", "")


def _person(number: int, country: str) -> Sequence[str]:
    """Say of a made-up client what a transaction report asks; a number is of no day: nobody's."""
    born = date(1970, 1, 1) + timedelta(days=number)
    known = (f"{number:010d}", "NIDN") if country == "IS" else ("", "CONCAT")
    return ("Viðskiptavinur", f"Númer {number:03d}", born.isoformat(), *known)
