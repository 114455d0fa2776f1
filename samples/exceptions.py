"""Some of every reject and every hold, and the corrections of the days before."""

from datetime import date

from samples.market import COUNTERPARTIES, STRANGER

_APPLE, _ARION, _INTEL = "US0378331005", "IS0000028157", "US4581401001"
_UNLISTED = "US91282CJZ59"
_FRIDAY = "2026-10-09"

Trade = dict[str, str]


def exceptional_trades(day: date, number: int) -> list[Trade]:
    """Return the trades of one day that do not go straight through."""
    if number == 0:
        return [*_rejects(day), *_holds(day)]
    if number == 1:
        return [*_rejects(day), *_corrections(day)]
    return _late_corrections(day)


def _good(day: date, name: str, **changes: str) -> Trade:
    trade = {
        "trade_id": f"{day:%Y%m%d}-{name}",
        "account_id": "IS-002",
        "side": "BUY",
        "isin": _APPLE,
        "quantity": "10",
        "price": "254",
        "currency": "USD",
        "trade_time": f"{day}T15:00:00Z",
        "venue": "XNAS",
        "counterparty": COUNTERPARTIES[0][0],
        "capacity": "AGENCY",
        "commission": "1.95",
        "desk": "Reykjavík",
    }
    return trade | changes


def _rejects(day: date) -> list[Trade]:
    return [
        _good(day, "R1", account_id=""),
        _good(day, "R2", quantity="1e3"),
        _good(day, "R3", price="0"),
        _good(day, "R4", commission="1.955"),
        _good(day, "R5", isin="US0378331004"),
        _good(day, "R6", counterparty="5493008KLP92CC1Y8810"),
        _good(day, "R7", currency="XYZ"),
        _good(day, "R8", venue="XXXX"),
        _good(day, "R9", trade_time=f"{day} 15:00"),
        _good(day, "TWICE"),
        _good(day, "TWICE"),
        _good(day, "TWICE", quantity="11"),
        _good(day, "NEVER", action="CANCEL"),
    ]


def _holds(day: date) -> list[Trade]:
    icelandic = {"isin": _ARION, "currency": "ISK", "venue": "XICE", "commission": "950"}
    return [
        _good(day, "H1", account_id="IS-900"),
        _good(day, "H2", isin=_UNLISTED, venue="XNYS", price="98.5"),
        _good(day, "H3", counterparty=STRANGER),
        _good(day, "H4", **icelandic | {"currency": "EUR", "price": "183", "commission": "7.50"}),
        _good(day, "H5", account_id="IS-007"),
        _good(day, "H6", isin=_INTEL, price="37"),
        _good(day, "H7", price="354"),
        _good(day, "H8", side="SHORT"),
        _good(day, "H9", trade_time="2026-10-10T15:00:00Z"),
        _good(day, "H10", **icelandic | {"price": "183", "trade_time": "2014-10-03T10:00:00Z"}),
        _good(day, "H11", account_id="IS-012"),
        _good(day, "H12", account_id="IS-011"),
        _good(day, "SHORT-OK", side="SHORT", locate_id="L-1", account_id="IS-005"),
        _good(day, "BUST"),
        _good(day, "FIX", quantity="20"),
        _good(day, "SAME-DAY", quantity="30"),
        _good(day, "SAME-DAY", quantity="31", action="AMEND", version="1"),
        _good(day, "SAME-DAY-BUST", quantity="32"),
        _good(day, "SAME-DAY-BUST", quantity="32", action="CANCEL"),
    ]


def _corrections(day: date) -> list[Trade]:
    """Correct Friday's trades before they settle; Friday's own date stays in them."""
    friday = date.fromisoformat(_FRIDAY)
    flat = {"account_id": "IS-004", "counterparty": COUNTERPARTIES[4][0]}
    return [
        _good(friday, "BUST", action="CANCEL"),
        _good(friday, "FIX", quantity="25", action="AMEND", version="1"),
        _good(friday, "H7", price="255", action="AMEND", version="1"),
        _good(day, "FLAT-1", quantity="7", **flat | {"counterparty": COUNTERPARTIES[0][0]}),
        _good(day, "LATE-BUST", quantity="12"),
    ]


def _late_corrections(day: date) -> list[Trade]:
    """Correct trades on the day they settle, and send yesterday's again."""
    monday = date(2026, 10, 12)
    return [
        _good(monday, "LATE-BUST", quantity="12", action="CANCEL"),
        _good(monday, "FLAT-1", account_id="IS-004", quantity="7"),
        _good(day, "LAST", side="SELL", quantity="5"),
    ]
