"""Days on which all seven patterns of surveillance are planted, among accounts that do no wrong.

The patterns come on the Friday after Thanksgiving 2026, when New York closes at 13:00 (18:00 UTC);
what they need of before comes on a day a year earlier and on the Wednesday, which is clean.
"""

from datetime import date
from typing import Final

from backoffice.clearance.act_rules import Person
from backoffice.clearance.confidential import COMPLIANCE
from backoffice.clearance.trails import CHECKERS, MAKERS
from backoffice.compliance.surveillance.report import SurveillanceReport
from backoffice.compliance.surveillance.survey import survey_trading
from backoffice.kernel.rulebook import default_rulebook
from tests.reference.samples import NETTING_STREET, account, counterparty, instrument, isin, trade
from tests.reference.writing import table_bytes
from tests.simulation.house import House

A_YEAR_BEFORE, CLEAN, PLANTED = date(2025, 9, 30), date(2026, 11, 25), date(2026, 11, 27)
MONDAY, TUESDAY = date(2026, 11, 30), date(2026, 12, 1)
WASHED, LAYERED, MARKED, RUN_AHEAD, PLAIN = (isin("US", number) for number in range(11, 16))
FIRST: Final = Person(name="first", groups=(MAKERS, CHECKERS, COMPLIANCE))
SECOND: Final = Person(name="second", groups=(MAKERS, CHECKERS, COMPLIANCE))
OTHER: Final = Person(name="other", groups=(MAKERS, CHECKERS))

CLIENTS: Final = (
    *("WASH-1", "WASH-2", "LAYER", "MARKER", "LARGE", "SAVER-1", "SAVER-2", "SLEEPER", "THROUGH"),
    "SLEEPER-2",
    *("PLAIN-1", "PLAIN-2"),
)
DESK: Final = "DESK"
OWNED: Final = {"P-WASH": ("WASH-1", "WASH-2"), "P-SAVER": ("SAVER-1", "SAVER-2")}

Row = dict[str, str]

EVIDENCE: Final = {
    "WASH_TRADE": {"W-1", "W-2", "W-3"},
    "LAYERING": {"O-1", "O-2", "O-3", "L-HIT"},
    "MARKING_THE_CLOSE": {"M-1", "M-2", "M-3"},
    "FRONT_RUNNING": {"F-AHEAD", "F-CLIENT", "F-AFTER"},
    "STRUCTURING": {"C-SAVED-1", "C-SAVED-2"},
    "DORMANT_REACTIVATION": {"D-WOKE", "C-SLEPT"},
    "UNUSUAL_VELOCITY": {"C-CAME", "C-EARLY", "V-BOUGHT", "C-WENT"},
}
"""What each alert stands on: ids of trades, orders and movements."""
ACCOUNTS: Final = {
    "WASH_TRADE": {"WASH-1", "WASH-2"},
    "LAYERING": {"LAYER"},
    "MARKING_THE_CLOSE": {"MARKER"},
    "FRONT_RUNNING": {DESK},
    "STRUCTURING": {"SAVER-1", "SAVER-2"},
    "DORMANT_REACTIVATION": {"SLEEPER"},
    "UNUSUAL_VELOCITY": {"THROUGH"},
}


def watched_house() -> House:
    """Close the year before, the clean Wednesday and the planted Friday, the last two surveyed."""
    house = House(rows_per_bucket=4)
    old = cash("C-OLD", "SLEEPER", "DEPOSIT", 8_000, A_YEAR_BEFORE)
    other = cash("C-OLD-2", "SLEEPER-2", "DEPOSIT", 8_000, A_YEAR_BEFORE)
    run(house, A_YEAR_BEFORE, **_reference(), movements=[old, other])
    run(house, CLEAN, **_clean())
    survey(house)
    run(house, PLANTED, **_planted())
    survey(house)
    return house


def run(house: House, day: date, **tables: list[Row]) -> None:
    """Drop files and close the day."""
    for name, rows in tables.items():
        house.drop("local", day, f"{name}-{day}.csv", table_bytes(rows))
    house.business_day(day)


def survey(house: House, day: date | None = None) -> SurveillanceReport:
    """Survey a closed day, the latest by default."""
    return survey_trading(house.records, default_rulebook(), day)


def cash(name: str, account_id: str, kind: str, dollars: int, day: date) -> Row:
    """Give a movements row in dollars."""
    row = {"movement_id": name, "account_id": account_id, "kind": kind, "currency": "USD"}
    return row | {"amount": str(dollars), "value_date": str(day)}


def _reference() -> dict[str, list[Row]]:
    issues = (WASHED, LAYERED, MARKED, RUN_AHEAD, PLAIN)
    return {
        "accounts": [*map(account, CLIENTS), account(DESK, kind="HOUSE")],
        "owners": [
            {"owned": name, "owner": owner, "owner_name": "A Person", "percent": "100"}
            for owner, names in OWNED.items()
            for name in names
        ],
        "instruments": [instrument(issue, "XNYS", "USD") for issue in issues],
        "counterparties": [counterparty(NETTING_STREET)],
    }


def _dealt(name: str, who: str, side: str, what: str, price: str, at: str, issue: str) -> Row:
    return trade(name, side, what, price, account_id=who, isin=issue, trade_time=at)


def _clean() -> dict[str, list[Row]]:
    def at(time: str) -> str:
        return f"{CLEAN}T{time}Z"

    return {
        "trades": [
            _dealt("P-1", "PLAIN-1", "BUY", "100", "30", at("16:00:00"), PLAIN),
            # the last minutes of a full day: 21:00 UTC
            _dealt("P-2", "PLAIN-2", "BUY", "500", "30.10", at("20:55:00"), PLAIN),
            # what begins here is told of on Friday
            _dealt("D-WOKE", "SLEEPER", "BUY", "10", "30", at("17:00:00"), PLAIN),
            _dealt("V-BOUGHT", "THROUGH", "BUY", "40", "30", at("17:00:00"), PLAIN),
        ],
        "movements": [
            cash("C-SAVED-1", "SAVER-1", "DEPOSIT", 9_500, CLEAN),
            cash("C-CAME", "THROUGH", "DEPOSIT", 15_000, CLEAN),
            cash("C-EARLY", "THROUGH", "DEPOSIT", 5_000, date(2026, 11, 2)),
            cash("C-PLAIN", "PLAIN-1", "DEPOSIT", 5_000, CLEAN),
        ],
        "prices": [_price(issue, CLEAN, "50") for issue in (MARKED, PLAIN)],
    }


def _planted() -> dict[str, list[Row]]:
    return {
        "trades": _trades(),
        "orders": _orders(),
        "movements": [
            cash("C-SAVED-2", "SAVER-2", "DEPOSIT", 9_000, PLANTED),
            cash("C-WENT", "THROUGH", "WITHDRAWAL", 19_500, PLANTED),
            cash("C-SLEPT", "SLEEPER", "WITHDRAWAL", 6_000, PLANTED),
            cash("C-RENT", "PLAIN-1", "WITHDRAWAL", 900, PLANTED),
        ],
        "prices": [_price(MARKED, PLANTED, "51"), _price(PLAIN, PLANTED, "50")],
    }


def _trades() -> list[Row]:
    def at(time: str) -> str:
        return f"{PLANTED}T{time}Z"

    return [
        _dealt("W-1", "WASH-1", "BUY", "300", "100", at("16:01:00"), WASHED),
        _dealt("W-2", "WASH-2", "SELL", "200", "100.05", at("16:03:00"), WASHED),
        _dealt("W-3", "WASH-2", "SELL", "110", "100.10", at("16:04:00"), WASHED),
        _dealt("W-DECOY", "PLAIN-1", "SELL", "300", "100", at("16:02:00"), WASHED),
        _dealt("L-HIT", "LAYER", "BUY", "200", "100", at("15:01:00"), LAYERED),
        _dealt("L-DECOY", "PLAIN-2", "BUY", "200", "100", at("15:01:00"), LAYERED),
        _dealt("M-OTHER", "PLAIN-1", "SELL", "100", "50", at("17:40:00"), MARKED),
        _dealt("M-1", "MARKER", "BUY", "200", "50.20", at("17:52:00"), MARKED),
        _dealt("M-2", "MARKER", "BUY", "200", "50.50", at("17:56:00"), MARKED),
        _dealt("M-3", "MARKER", "BUY", "200", "51", at("17:59:30"), MARKED),
        _dealt("M-EARLY", "MARKER", "BUY", "10", "50", at("15:00:00"), MARKED),
        _dealt("F-AHEAD", DESK, "BUY", "500", "100", at("15:30:00"), RUN_AHEAD),
        _dealt("F-CLIENT", "LARGE", "BUY", "3000", "100.30", at("15:35:00"), RUN_AHEAD),
        _dealt("F-AFTER", DESK, "SELL", "500", "101", at("15:50:00"), RUN_AHEAD),
    ]


def _orders() -> list[Row]:
    """Let three offers stand while their owner buys, and one of somebody else's."""
    rows = []
    for name, who in (("O-1", "LAYER"), ("O-2", "LAYER"), ("O-3", "LAYER"), ("O-X", "PLAIN-2")):
        for event, time in (("NEW", "15:00:00"), ("CANCEL", "15:03:00")):
            row = {"order_id": name, "event": event, "account_id": who, "side": "SELL"}
            row |= {"isin": LAYERED, "quantity": "1000", "venue": "XNYS"}
            rows.append(row | {"event_time": f"{PLANTED}T{time}Z"})
    return rows


def _price(issue: str, day: date, close: str) -> Row:
    return {"isin": issue, "date": str(day), "close": close, "currency": "USD"}
