"""What the desk does in the ten days: it buys in what one seller never delivers, and is paid."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

from samples.files import write_csv

Fails = Callable[[date], Iterable[Mapping[str, str]]]
"""Gives the rows of `export fails` as of the close of a day."""

FAILING, SELLER = "R0MUWSFPU8MPRO8K5P83", "8I5DZWZKVSZI1NUHU748"
PAPER: Final = "IS0000028157"
LOOKED_AT, BOUGHT_ON, PAID_ON = (date(2026, 3, day) for day in (10, 11, 12))
_PRICE: Final = Decimal("190.00")
_BUY_IN, _PAYMENT = "BI-1", "CP-1"


def write_desk_files(place: Path, day: date, fails: Fails) -> None:
    """Write what the desk sends on a day beside the day's other files; mostly nothing.

    Parameters
    ----------
    place
        The day's folder.
    day
        The business day.
    fails
        The firm's own export: a buy-in names the obligation that it is of.
    """
    if day == BOUGHT_ON:
        write_csv(place / "buyins.csv", _BUY_IN_COLUMNS, [_buy_in(fails)])
    if day == PAID_ON:
        columns = ("payment_id", "buy_in_id", "currency", "amount", "value_date")
        row = (_PAYMENT, _BUY_IN, "ISK", str(_claim(fails)), PAID_ON.isoformat())
        write_csv(place / "claims.csv", columns, [row])


_BUY_IN_COLUMNS: Final = (
    *("buy_in_id", "obligation_id", "counterparty", "quantity", "price", "currency", "money"),
    *("trade_date", "settlement_date"),
)


def _buy_in(fails: Fails) -> Sequence[str]:
    fail = _fail(fails)
    return (
        *(_BUY_IN, fail["obligation_id"], SELLER, fail["open_quantity"], str(_PRICE), "ISK"),
        *(str(_cost(fail)), BOUGHT_ON.isoformat(), date(2026, 3, 13).isoformat()),
    )


def _claim(fails: Fails) -> Decimal:
    """Return what the shares cost more than was agreed."""
    fail = _fail(fails)
    return _cost(fail) + Decimal(fail["open_money"])


def _cost(fail: Mapping[str, str]) -> Decimal:
    return (Decimal(fail["open_quantity"]) * _PRICE).quantize(Decimal(1))


def _fail(fails: Fails) -> Mapping[str, str]:
    """Find what has not been delivered since its first day."""
    wanted = {"isin": PAPER, "counterparty": FAILING, "direction": "RECEIVE", "status": "OPEN"}
    found = [
        row for row in fails(LOOKED_AT) if all(row[name] == said for name, said in wanted.items())
    ]
    return min(found, key=lambda row: row["failed_on"])
