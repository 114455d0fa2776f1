"""Two small business days, the second correcting the first, for tests that run them many times."""

from collections.abc import Mapping
from datetime import date

from tests.reference.samples import (
    BOND,
    GERMAN_SHARE,
    HOUSE,
    ICELANDIC_SHARE,
    JAPANESE_SHARE,
    SINGLE_STREET,
    US_SHARE,
    fee,
    standing_rows,
    trade,
)
from tests.reference.writing import table_bytes
from tests.simulation.house import House

FIRST, SECOND, THIRD = date(2026, 10, 7), date(2026, 10, 8), date(2026, 10, 9)
DAYS = (FIRST, SECOND, THIRD)
Files = Mapping[str, bytes]

_LATER = "2026-10-08T14:00:00Z"
_XETR = {"isin": GERMAN_SHARE, "currency": "EUR", "venue": "XETR"}
_XICE = {"isin": ICELANDIC_SHARE, "currency": "ISK", "venue": "XICE"}
_XPAR = {"isin": JAPANESE_SHARE, "currency": "JPY", "venue": "XPAR"}
_BOND = {"isin": BOND, "currency": "EUR", "venue": "XETR", "accrued": "3.21"}

_FIRST_TRADES = (
    trade("A-1", "BUY", "10", "101.25", commission="1.95"),
    trade("A-2", "SELL", "4", "102", account_id="C-LIFO", counterparty=SINGLE_STREET),
    trade("A-3", "BUY", "7", "99.5", account_id=HOUSE, capacity="PRINCIPAL"),
    trade("A-4", "BUY", "3", "100", counterparty=SINGLE_STREET),
    trade("A-5", "BUY", "1000", "18.25", **_XICE),
    trade("A-6", "SELL", "12.5", "40.125", account_id="C-HIFO", **_XETR),
    trade("A-7", "BUY", "5000", "98.7", account_id="C-AVERAGE", **_BOND),
    trade("A-8", "BUY", "200", "1234", **_XPAR),
    trade("A-9", "SHORT", "2", "100"),
    trade("A-10", "BUY", "5", "100", account_id="C-LATE"),
    trade("A-11", "BUY", "-5", "100"),
    trade("A-12", "BUY", "6", "103"),
    trade("A-12", "BUY", "6", "103", action="CANCEL"),
)
_SECOND_TRADES = (
    trade("A-1", "BUY", "10", "101.25", commission="1.95", action="CANCEL"),
    trade("A-4", "BUY", "3", "100.5", counterparty=SINGLE_STREET, action="AMEND", version="1"),
    trade("A-3", "BUY", "7", "99.5", account_id=HOUSE, capacity="PRINCIPAL"),
    trade("B-1", "SELL", "4", "104", trade_time=_LATER),
    trade("B-2", "SELL", "500", "18.5", **_XICE | {"trade_time": _LATER}),
    trade("B-4", "SHORT", "6", "103", trade_time=_LATER, locate_id="L-1", account_id="C-LIFO"),
    trade("B-5", "SHORT", "6", "103", trade_time=_LATER, locate_id="L-1"),
    trade("B-3", "BUY", "1", "104", trade_time=_LATER, action="AMEND"),
)


def _movement(movement_id: str, kind: str, day: date, **more: str) -> dict[str, str]:
    row = {"movement_id": movement_id, "account_id": "C-1", "kind": kind}
    return row | {"value_date": str(day)} | more


def first_day() -> dict[str, bytes]:
    """Give the files of the first day: reference data, movements, trades of every kind."""
    shares = {"isin": GERMAN_SHARE, "quantity": "40", "cost": "1000", "cost_currency": "EUR"}
    moves = [
        _movement("M-1", "DEPOSIT", FIRST, currency="USD", amount="100000"),
        _movement("M-2", "TRANSFER_IN", FIRST, **shares | {"account_id": "C-HIFO"}),
        _movement("M-3", "DEPOSIT", SECOND, currency="ISK", amount="5000000"),
    ]
    fees = [fee("SEC", "NOTIONAL", "0.0000278", side="SELL", rounding="UP"), fee("X", "TRADE", "1")]
    tables = {f"{kind}.csv": table_bytes(rows) for kind, rows in standing_rows().items()}
    return tables | {
        "fees.csv": table_bytes(fees),
        "movements.csv": table_bytes(moves),
        "trades-1.csv": table_bytes(_FIRST_TRADES[:7]),
        "trades-2.csv": table_bytes(_FIRST_TRADES[7:]),
    }


def second_day() -> dict[str, bytes]:
    """Give the files of the second day: corrections, a late account, a locate, a wrong control."""
    late = standing_rows()["accounts"][0] | {"account_id": "C-LATE"}
    locate = {"locate_id": "L-1", "isin": US_SHARE, "trade_date": str(SECOND), "quantity": "10"}
    return {
        "accounts.csv": table_bytes([late]),
        "locates.csv": table_bytes([locate]),
        "movements.csv": table_bytes(
            [_movement("M-4", "WITHDRAWAL", SECOND, currency="USD", amount="12.34")]
        ),
        "trades-1.csv": table_bytes(_SECOND_TRADES),
        "trades-2.csv": table_bytes(_SECOND_TRADES[-1:]),
        "trades-2.csv.control.json": b'{"rows": 2}',
        "trades-3.csv": table_bytes(_SECOND_TRADES),
    }


FILES: Mapping[date, Files] = {FIRST: first_day(), SECOND: second_day(), THIRD: {}}


def drop_all(house: House, day: date) -> None:
    """Drop a small day's files."""
    for name, body in FILES[day].items():
        house.drop("local", day, name, body)


def run(house: House, *days: date) -> House:
    """Run small days on a house and return it."""
    for day in days:
        drop_all(house, day)
        house.business_day(day)
    return house


def run_into_silence(house: House | None = None) -> House:
    """Run two days; the second's market is silent, so that much is open, fails and ages."""
    house = run(house or House(), FIRST)
    drop_all(house, SECOND)
    house.business_day(SECOND, lambda _house, _day: {})
    return house
