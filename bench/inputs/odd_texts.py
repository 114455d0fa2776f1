"""Texts that a partner's field may hold and that tell careful rules from careless ones."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

ODD_ANYWHERE: Final = tuple("09AZaz .,-+_;:|/\\'\"eE\n\t\u00e9\u0663\uff11\u2028\x00\x1f")
"""Characters that replace one: digits of other scripts, line ends, quotes, controls."""

_NUMBERS: Final = (
    *("0", "00", "0.0", "1", "007", "1.", ".5", "1.0", "-1", "-0", "+5", "1e3", "1E3", "1_000"),
    *("1,000", "1 000", "NaN", "nan", "inf", "-inf", "0x10", "\u0661\u0662", "\uff11", "\u00bd"),
    *(
        "0.00000001",
        "0.000000001",
        "1.500000000",
        "1.123456780000",
        "1.1234567801",
        "1.00",
        "1.005",
    ),
    *("999999999999999999", "1000000000000000000", "0000000000999999999999999999", "1" * 40),
    *("0.1", "0.01", "0.001", "0.0001", "0.00010", "0.00001", "999999999999999999.99999999"),
    *("9" * 18 + ".9", "1\n", "1\x00", "--1", "1-", "1..2", "1.2.3", "$1", "1%", "true"),
)
_TIMES: Final = (
    *("2026-02-27T15:00:00Z", "2026-02-27t15:00:00z", "2026-02-27 15:00:00Z", "2026-02-27T15:00Z"),
    *("2026-02-27T15:00:00", "2026-02-27T15:00:00+00:00", "2026-02-27T15:00:00-05:00"),
    *(
        "2026-02-27T23:59:60Z",
        "2026-02-27T24:00:00Z",
        "2026-02-30T15:00:00Z",
        "2024-02-29T00:00:00Z",
    ),
    *(
        "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z",
        "2026-02-27T15:00:00.5Z",
    ),
    *(
        "2026-02-27T15:00:00.123456789Z",
        "2026-02-27T15:00:00.1234567899Z",
        "2026-02-27T15:00:00,5Z",
    ),
    *("2026-02-27T15:00:00.Z", "2026-02-27T15:00:00+24:00", "2026-02-27T15:00:00+23:59"),
    *("2026-02-27T15:00:00+05:60", "2026-02-27T15:00:00+0500", "2026-02-27T15:00:00-23:59"),
    *("1677-12-31T23:59:59Z", "1678-01-01T00:00:00Z", "2261-12-31T23:59:59.999999999Z"),
    *("2262-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "1772204400", "now"),
    *(
        "2026-02-27T04:59:59Z",
        "2026-02-27T05:00:00Z",
        "2026-02-27T23:30:00Z",
        "2026-02-28T00:30:00Z",
    ),
    *(
        "2026-03-08T06:59:59Z",
        "2026-03-08T07:00:00Z",
        "2026-10-25T00:59:59Z",
        "2026-02-27T15:00:00Z ",
    ),
)
_ISINS: Final = (
    *(
        "US0378331005",
        "US0378331004",
        "us0378331005",
        "US037833100",
        "US03783310055",
        "XS2314659447",
    ),
    *(
        "IS0000000388",
        "120378331005",
        "US037833100A",
        "GB0002634946",
        "US\u0660378331005",
        "ZZ0000000000",
    ),
)
_LEIS: Final = (
    *("8I5DZWZKVSZI1NUHU748", "8I5DZWZKVSZI1NUHU749", "8i5dzwzkvszi1nuhu748", "8I5DZWZKVSZI1NUHU7"),
    *(
        "54930084UKLVMY22DS16",
        "5493008KLP92CC1Y8810",
        "00000000000000000000",
        "8I5DZWZKVSZI1NUHU74A",
    ),
)
_CURRENCIES: Final = (
    *("USD", "ISK", "JPY", "KWD", "CLF", "EUR", "XXX", "XAU", "XTS", "ZZZ", "usd", "US", "USDD"),
    *("U$D", "\u00dcSD", "BTC", "GBX"),
)
_VENUES: Final = (
    "XNYS",
    "XNAS",
    "XICE",
    "XLON",
    "XSWX",
    "XXXX",
    "xnys",
    "XNY",
    "XNYSE",
    "X-YS",
    "1234",
)
_NAMES: Final = (
    *(
        "A",
        "A" * 40,
        "A" * 41,
        "A" * 52,
        "A" * 53,
        "a.b_c-d",
        "a b",
        "a/b",
        "a,b",
        'a"b',
        "\u00e9t\u00e9",
    ),
    *("-", ".", "_", "0", "A\n", "\nA", "A\u2028", "\x00", "A\x1f", "=1+1", "NULL", "null"),
)
_TEXTS: Final = ("x", '"', "a,b", "line\nfeed", "\u00e9", " blank ", "\u2003", "=cmd", "\U0001f600")

ODD: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "trade_id": _NAMES,
        "action": ("NEW", "AMEND", "CANCEL", "new", "NEW ", "CORRECT", "N"),
        "version": (*_NUMBERS, "2", "3"),
        "account_id": _NAMES,
        "side": ("BUY", "SELL", "SHORT", "buy", "B", "1", "SELLSHORT", "COVER"),
        "isin": _ISINS,
        "quantity": _NUMBERS,
        "price": _NUMBERS,
        "currency": _CURRENCIES,
        "trade_time": _TIMES,
        "venue": _VENUES,
        "counterparty": _LEIS,
        "capacity": ("AGENCY", "PRINCIPAL", "agency", "A", "RISKLESS"),
        "commission": _NUMBERS,
        "accrued": _NUMBERS,
        "order_id": _TEXTS,
        "locate_id": _TEXTS,
    }
)
