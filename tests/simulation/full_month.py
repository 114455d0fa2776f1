"""A month in which everything that can move a client's money does, for what is told of it."""

from datetime import date
from typing import Final

from backoffice.front_office import case_desk
from backoffice.front_office.case_models import ActRequest
from tests.reference.samples import (
    BOND,
    GERMAN_SHARE,
    ICELANDIC_SHARE,
    SINGLE_STREET,
    US_SHARE,
    account,
    fee,
    standing_rows,
    trade,
)
from tests.reference.writing import table_bytes
from tests.simulation.desk import CHECKER, MAKER, NOW, Desk
from tests.simulation.house import House
from tests.simulation.market import settle_all
from tests.simulation.test_cash_dividends import dividend
from tests.simulation.test_interest import RATES, cash, rate

Row = dict[str, str]
OPENED, TOLD, EX, PAID, MIDDLE, BUSY, LAST, AFTER = (
    *(date(2026, 10, day) for day in (5, 6, 8, 13, 20, 23, 30)),
    date(2026, 11, 2),
)
LONG_NAME: Final = "Vestmannaeyja Sjávarafurðavinnsla & Skipaútgerðarfélag Íslands hf., B-flokkur"
US_NAME: Final = "American Consolidated Semiconductor Manufacturing Holdings Inc. Class A"
CLIENTS: Final = ("C-1", "C-EN")
"""The same month, written to in Icelandic and in English."""
WASHED: Final = "C-US"
_XICE: Final = {"isin": ICELANDIC_SHARE, "currency": "ISK", "venue": "XICE"}
_XETR: Final = {"isin": GERMAN_SHARE, "currency": "EUR", "venue": "XETR"}
_BOND: Final = {"isin": BOND, "currency": "EUR", "venue": "XETR", "accrued": "3.21"}
_PURSES: Final = {"USD": "100000", "ISK": "123456789012", "EUR": "250000"}


def full_month() -> House:
    """Run days of a month, and the first of the next, on which the last interest is adjusted."""
    house = House()
    for day, tables in _days().items():
        for kind, rows in tables.items():
            house.drop("local", day, f"{kind}.csv", table_bytes(rows))
        house.cut_off(day)
        _agree(house)
        for name, body in settle_all(house, day).items():
            house.drop("market", day, name, body)
        house.close(day)
    return house


def _agree(house: House) -> None:
    """Let two people release every entry and payment that waits."""
    desk = Desk(house)
    for item in list(desk.cases.items.values()):
        if item["code"] in {"MANUAL_ENTRY", "PAYMENT"}:
            said = {"verb": "PROPOSE", "outcome": "RELEASE", "text": "why"}
            for person in (MAKER, CHECKER):
                asked = ActRequest.model_validate(said)
                done = case_desk.act(desk.desk, str(item["sk"]), person, asked, NOW)
                said = {"verb": "APPROVE", "proposal": str(done.number)}


def _days() -> dict[date, dict[str, list[Row]]]:
    return {
        OPENED: _opened(),
        TOLD: {"actions": _actions()},
        EX: {"trades": [*_both(_trade("T-0", "SELL", "40", "99.875", EX)), *_washed("SELL", EX)]},
        PAID: {},
        MIDDLE: _middle(),
        BUSY: {"trades": _busy()},
        LAST: {},
        AFTER: _after(),
    }


def _after() -> dict[str, list[Row]]:
    """Tell late of money, cancel and amend trades that a month before settled."""
    sold = _trade("S-1", "SELL", "1", "101.5", BUSY, action="CANCEL")
    bought = _trade("K-2", "BUY", "1500", "1.57", BUSY, action="AMEND", version="1", **_XICE)
    return {
        "movements": [cash(f"L-{c}", "5000", BUSY, account_id=c) for c in CLIENTS],
        "trades": _both(sold, bought),
    }


def _both(*rows: Row) -> list[Row]:
    """Give each client the same."""
    return [
        {**row, "account_id": client, "trade_id": f"{row['trade_id']}-{client}"}
        for row in rows
        for client in CLIENTS
    ]


def _trade(trade_id: str, side: str, quantity: str, price: str, day: date, **more: str) -> Row:
    at = {"trade_time": f"{day}T14:00:00Z", "commission": "12"} | more
    return trade(trade_id, side, quantity, price, **at)


def _washed(side: str, day: date) -> list[Row]:
    """Buy, sell at a loss, and buy again, as one whom wash sales are told of."""
    price = "101.25" if day == OPENED else "95"
    return [_trade(f"W-{day}", side, "10", price, day, account_id=WASHED)]


def _opened() -> dict[str, list[Row]]:
    rows = standing_rows()
    named = {ICELANDIC_SHARE: LONG_NAME, US_SHARE: US_NAME}
    rows["instruments"] = [
        {**row, "name": named.get(row["isin"], row["name"])} for row in rows["instruments"]
    ]
    rows["accounts"] += [account("C-1", name="Jónína Þorgerður Æskilegsdóttir")]
    rows["accounts"] += [account("C-EN", name="The Northern Seas Pension Fund", language="EN")]
    rows["fees"] = [fee("SEC", "NOTIONAL", "0.0000278", side="SELL"), fee("EXCH", "TRADE", "1.5")]
    rows["rates"] = [*RATES, rate("CREDIT", "5", currency="ISK")]
    rows["movements"] = [
        cash(f"D-{c}-{unit}", amount, OPENED, account_id=c, currency=unit)
        for c in CLIENTS
        for unit, amount in _PURSES.items()
    ]
    rows["trades"] = _both(
        _trade("B-1", "BUY", "500", "101.25", OPENED),
        _trade("B-2", "BUY", "1000000", "18.25", OPENED, **_XICE),
        _trade("B-3", "BUY", "50000", "98.7", OPENED, **_BOND),
        _trade("B-4", "BUY", "12.5", "40.125", OPENED, **_XETR),
        _trade("B-5", "BUY", "5", "100", OPENED, counterparty=SINGLE_STREET),
    )
    rows["accounts"] += [account(WASHED, country="US", language="EN")]
    rows["trades"] += _washed("BUY", OPENED)
    rows["fxdeals"] = [
        {
            "deal_id": f"FX-{c}",
            "account_id": c,
            "buy_currency": "USD",
            "buy_amount": "25000",
            "sell_currency": "ISK",
            "sell_amount": "3487500",
            "trade_date": str(OPENED),
            "value_date": str(TOLD),
        }
        for c in CLIENTS
    ]
    prices = ((US_SHARE, "101.5", "USD"), (ICELANDIC_SHARE, "1.83", "ISK"), (BOND, "99", "EUR"))
    rows["prices"] = [
        {"isin": isin, "date": str(EX), "close": close, "currency": unit}
        for isin, close, unit in prices
    ]
    return rows


def _actions() -> list[Row]:
    dates = {"ex_date": str(EX), "record_date": str(EX), "pay_date": str(PAID)}
    split = {"action_id": "SPLIT-1", "event": "SPLIT", "isin": ICELANDIC_SHARE, "currency": "ISK"}
    split |= {"ex_date": str(EX), "ratio_new": "10", "ratio_old": "3", "lieu_price": "2"}
    return [
        dividend(**dates),
        dividend("DIV-EUR", isin=GERMAN_SHARE, currency="EUR", rate="0.8", **dates),
        {**split, "pay_date": str(PAID)},
    ]


def _middle() -> dict[str, list[Row]]:
    """Correct by hand, correct a dividend, take a trade back that is settled, pay money out."""
    lines = [
        {
            "entry_id": f"E-{c}",
            "effective_date": str(PAID),
            "reason": "custody fee waived",
            "account": account,
            "unit": "USD",
            "amount": amount,
            "reverse_on": str(LAST),
        }
        for c in CLIENTS
        for account, amount in ((f"Liabilities:ClientCash:{c}", "-75"), ("Expenses:Waived", "75"))
    ]
    dates = {"ex_date": str(EX), "record_date": str(EX), "pay_date": str(PAID)}
    payments = [
        {
            "payment_id": f"P-{c}",
            "kind": "WITHDRAWAL",
            "account_id": c,
            "currency": "USD",
            "amount": "1234.5",
            "value_date": str(MIDDLE),
            "beneficiary": "A Client",
            "beneficiary_account": "IS140159260076545510730339",
        }
        for c in CLIENTS
    ]
    gone = _trade("B-5", "BUY", "5", "100", OPENED, counterparty=SINGLE_STREET, action="CANCEL")
    return {
        "entries": lines,
        "actions": [dividend(**dates, rate="0.26", action="AMEND")],
        "trades": [*_both(gone), *_washed("BUY", MIDDLE)],
        "payments": payments,
    }


def _busy() -> list[Row]:
    """Trade often enough for several pages."""
    return _both(
        *(_trade(f"S-{n}", "SELL", f"{n}", f"1{n % 20:02}.5", BUSY) for n in range(1, 26)),
        *(_trade(f"K-{n}", "BUY", f"{n}000", f"1.{n + 55}", BUSY, **_XICE) for n in range(1, 41)),
    )
