"""Ten days of a street that does not deliver, and of what is done about it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from tests.reference.samples import (
    BOND,
    GERMAN_SHARE,
    ICELANDIC_SHARE,
    JAPANESE_SHARE,
    NETTING_STREET,
    SINGLE_STREET,
    US_SHARE,
    instrument,
    standing_rows,
    trade,
)
from tests.reference.writing import write_table

Rows = Sequence[Mapping[str, str]]
Find = Callable[..., str]
"""Gives the id of the one obligation with these values."""

DAYS: Final = tuple(date(2026, 9, day) for day in (14, 15, 16, 17, 18, 21, 22, 23, 24, 25))
(MON, TUE, WED, THU, FRI, MON2, TUE2, WED2, THU2, FRI2) = DAYS

_XETR = {"isin": GERMAN_SHARE, "currency": "EUR", "venue": "XETR"}
_BOND = {"isin": BOND, "currency": "EUR", "venue": "XETR", "accrued": "0"}
_XICE = {"isin": ICELANDIC_SHARE, "currency": "ISK", "venue": "XICE"}
_XPAR = {"isin": JAPANESE_SHARE, "currency": "JPY", "venue": "XPAR"}
_AT = {"trade_time": "2026-09-14T12:00:00Z"}
_ALONE = {"counterparty": SINGLE_STREET}
CANCELLED: Final = trade("P-2", "BUY", "5", "1000", **_XPAR, **_AT, action="CANCEL")

TRADES: Final = (
    trade("G-1", "BUY", "10000", "100", **_XETR, **_AT),
    trade("G-2", "SELL", "10000", "100", **_XETR, **_AT, **_ALONE),
    trade("G-3", "BUY", "3600", "100", **_XETR, **_AT, **_ALONE),
    trade("U-1", "SHORT", "50", "100", **_AT, locate_id="L-1"),
    trade("U-2", "SELL", "40", "100", **_AT, **_ALONE),
    trade("B-1", "BUY", "1000000", "100", **_BOND, **_AT, **_ALONE),
    trade("I-1", "BUY", "1000", "18", **_XICE, **_AT),
    trade("P-1", "BUY", "10", "1000", **_XPAR, **_AT),
    trade("P-2", "BUY", "5", "1000", **_XPAR, **_AT),
)


def _answer(do: str, isin: str, street: str, direction: str, days: str, **more: str) -> str:
    said = {"do": do, "isin": isin, "counterparty": street, "direction": direction, **more}
    lines = [f'{name} = "{value}"' for name, value in said.items()]
    return "\n".join(["[[answer]]", *lines, *([f"on = [{days}]"] if days else []), ""])


_SEPTEMBER: Final = "2026-09-"


def _on(*days: int) -> str:
    return ", ".join(f"{_SEPTEMBER}{day}" for day in days)


SCRIPT: Final = "\n".join(
    (
        _answer("fail", GERMAN_SHARE, NETTING_STREET, "RECEIVE", ""),
        _answer("fail", GERMAN_SHARE, SINGLE_STREET, "DELIVER", _on(16, 17)),
        _answer("fail", GERMAN_SHARE, SINGLE_STREET, "RECEIVE", _on(16, 17), reason="MONY"),
        _answer("fail", US_SHARE, NETTING_STREET, "DELIVER", _on(15, 16, 17, 18)),
        _answer("fail", US_SHARE, SINGLE_STREET, "DELIVER", _on(15, 16, 17, 18)),
        _answer("fail", BOND, SINGLE_STREET, "RECEIVE", _on(16, 17)),
        _answer("partial", BOND, SINGLE_STREET, "RECEIVE", _on(18), quantity="400000"),
        _answer("fail", ICELANDIC_SHARE, NETTING_STREET, "RECEIVE", _on(16, 17), reason="MONY"),
        _answer("fail", JAPANESE_SHARE, NETTING_STREET, "RECEIVE", _on(16, 17)),
    )
)
"""What the market does; the rest it settles."""


def reference_rows() -> dict[str, Rows]:
    """Give reference data: liquid shares, a sovereign's bond, a close of each."""
    special = {
        GERMAN_SHARE: instrument(GERMAN_SHARE, "XETR", "EUR", liquid="Y"),
        BOND: instrument(BOND, "XETR", "EUR", asset_class="BOND", cfi="DBFTFB"),
    }
    rows = standing_rows()
    rows["instruments"] = [special.get(row["isin"], row) for row in rows["instruments"]]
    closes = (
        (GERMAN_SHARE, "100", "EUR"),
        (BOND, "100", "EUR"),
        (US_SHARE, "100", "USD"),
        (ICELANDIC_SHARE, "18", "ISK"),
        (JAPANESE_SHARE, "1000", "JPY"),
    )
    prices = [
        {"isin": isin, "date": "2026-09-11", "close": close, "currency": currency}
        for isin, close, currency in closes
    ]
    return {**rows, "prices": prices}


def buy_in(name: str, obligation_id: str, quantity: str, money: str, day: date) -> dict[str, str]:
    """Give a buy-in of the German share from the single street, due two days on."""
    return {
        "buy_in_id": name,
        "obligation_id": obligation_id,
        "counterparty": SINGLE_STREET,
        "quantity": quantity,
        "price": "100",
        "currency": "EUR",
        "money": money,
        "trade_date": str(day),
        "settlement_date": str(THU2 if day == TUE2 else FRI2),
    }


def payment(name: str, of: str, amount: str, day: date) -> dict[str, str]:
    """Give a payment of a claim."""
    row = {"payment_id": name, "buy_in_id": of, "currency": "EUR", "amount": amount}
    return row | {"value_date": str(day)}


def files_of(day: date, find: Find) -> dict[str, Rows]:
    """Give a day's files; `find` names the obligation a buy-in is of."""
    bought = {"isin": GERMAN_SHARE, "counterparty": NETTING_STREET, "direction": "RECEIVE"}
    if day == MON:
        return {**reference_rows(), "trades": TRADES}
    if day == FRI:
        return {"trades": [CANCELLED]}
    if day == TUE2:
        first = buy_in("BI-1", find(**bought), "6000", "606000", day)
        return {"buyins": [first, buy_in("BI-X", "OB-UNKNOWN", "1", "1", day)]}
    if day == WED2:
        rows = [buy_in("BI-2", find(**bought), "4000", "398000", day)]
        return {"buyins": rows, "claims": [payment("PAY-1", "BI-1", "2500.50", day)]}
    if day == THU2:
        paid = [payment("PAY-2", "BI-1", "3499.50", day), payment("PAY-3", "BI-2", "2000", day)]
        return {"claims": [*paid, payment("PAY-4", "BI-2", "0.01", day)]}
    return {}


def write_day(folder: Path, day: date, find: Find) -> Path:
    """Write a day's files and return their folder."""
    folder.mkdir(parents=True)
    for name, rows in files_of(day, find).items():
        write_table(folder, f"{name}.csv", rows)
    return folder
