"""Days with payments, own places and a month's end come to the reference's books."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.reference.comparison import TABLES, compare
from tests.reference.model import Model
from tests.reference.samples import HOUSE as FIRM
from tests.reference.samples import NETTING_STREET, fee, standing_rows, trade
from tests.reference.writing import write_table
from tests.simulation import house as houses
from tests.simulation.house import House
from tests.simulation.remitting import remitting
from tests.simulation.test_decisions import CHECKER, MAKER, act, act_on_case, case_of
from tests.simulation.test_payments import payment
from tests.simulation.test_standing_instructions import own

THURSDAY, FRIDAY, MONDAY = date(2026, 10, 29), date(2026, 10, 30), date(2026, 11, 2)
TUESDAY, LATER = date(2026, 11, 3), date(2026, 11, 16)
IN_TIME = datetime(2026, 10, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _remits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rulebook = remitting(tmp_path)
    monkeypatch.setattr(houses, "default_rulebook", lambda: rulebook)


def release(house: House, model: Model, payment_id: str, at: datetime = IN_TIME) -> None:
    """Have a payment approved in both."""
    rows = [row for row in house.table("cases") if row["status"] == "OPEN"]
    (subject,) = (row["subject"] for row in rows if row["subject"].startswith(f"{payment_id}: "))
    act(house, "PAYMENT", MAKER, "PROPOSE", subject, outcome="RELEASE", text="so it is asked")
    act_on_case(house, case_of(house, "PAYMENT", subject), CHECKER, "APPROVE", at, {})
    model.payments.approve(payment_id, at)


def files(day: date) -> dict[str, list[dict[str, str]]]:
    """Give a day's rows: a sale, a deposit, payments on the first."""
    at = {"trade_time": f"{day}T15:00:00Z"}
    deposit = {"movement_id": f"M-{day}", "account_id": "C-1", "kind": "DEPOSIT"}
    deposit |= {"currency": "USD", "amount": "500", "value_date": str(day)}
    rows = {
        "trades": [
            trade(f"S-{day}", "SELL", "7", "123.45", **at),
            trade(f"B-{day}", "BUY", "9", "99.99", **at),
        ],
        "movements": [deposit],
    }
    if day != THURSDAY:
        return rows
    fees = [
        fee("SEC31", "NOTIONAL", "0.0000206", side="SELL", rounding="UP"),
        fee("TAF", "SHARES", "0.01", side="SELL"),
        fee("DESK", "TRADE", "2"),
    ]
    asked = [
        payment("P-1", value_date=str(THURSDAY)),
        payment("P-2", account_id=FIRM, amount="12.34", value_date=str(MONDAY)),
        payment("P-3", kind="CLAIM", counterparty=NETTING_STREET, value_date=str(THURSDAY)),
        payment("P-4", amount="1", value_date=str(THURSDAY)),
        payment("P-4", amount="2", value_date=str(THURSDAY)),
        payment("P-1", value_date=str(THURSDAY)),
        payment("P-5", kind="FEE", value_date=str(THURSDAY)),
        payment("P-6", currency="JPY", value_date=str(THURSDAY)),
    ]
    given = [{"fee_code": "", "counterparty": ""} | row for row in asked]
    return standing_rows() | rows | {"fees": fees, "payments": given, "ssi": [own()]}


def test_every_table_is_the_references(tmp_path: Path) -> None:
    house, model = House(rows_per_bucket=1), Model()
    for day in (THURSDAY, FRIDAY, MONDAY, TUESDAY, LATER):
        folder = tmp_path / str(day)
        folder.mkdir()
        for kind, rows in files(day).items():
            write_table(folder, f"{kind}.csv", rows)
        house.take(folder.iterdir(), day)
        house.cut_off(day)
        _decide(house, model, day)
        house.business_day(day)
        model.run_day(folder, day)
        assert compare(model, {what: house.table(what, day) for what in TABLES}, day) == []
    assert {row["payment_id"]: row["status"] for row in house.table("payments")} == {
        **dict.fromkeys(("P-1", "P-2", "P-3", "P-4"), "PAID"),
        "P-6": "APPROVED",
        "REMIT/SEC31/USD/2026-10": "PAID",
        "REMIT/TAF/USD/2026-10": "REQUESTED",
    }


def _decide(house: House, model: Model, day: date) -> None:
    """Decide after a day's cut-off."""
    if day == THURSDAY:
        for name in ("P-1", "P-3", "P-6"):
            release(house, model, name)
        release(house, model, "P-4", datetime(2026, 10, 29, 20, 0, tzinfo=UTC))
        act(house, "SSI_CHANGE", MAKER, "PROPOSE", outcome="RELEASE", text="called back")
        act(house, "SSI_CHANGE", CHECKER, "APPROVE")
    if day == FRIDAY:
        release(house, model, "P-2")
    if day == MONDAY:
        release(house, model, "REMIT/SEC31/USD/2026-10")
