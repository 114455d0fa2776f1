"""Money goes out when two people say so: once, in time, and collected fees to their authority."""

import csv
import io
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import pytest

from backoffice.clearance.act_rules import ActRefusedError
from backoffice.records.verify_store import verify_store
from tests.reference.samples import CLIENT, NETTING_STREET, fee, standing_rows, trade
from tests.reference.samples import HOUSE as FIRM
from tests.reference.writing import table_bytes
from tests.simulation import house as houses
from tests.simulation.house import VIEWS, House
from tests.simulation.market import settle_all
from tests.simulation.remitting import remitting
from tests.simulation.test_decisions import (
    CHECKER,
    MAKER,
    act,
    act_on_case,
    case_of,
    decide,
)

WEDNESDAY, THURSDAY, FRIDAY = date(2026, 10, 7), date(2026, 10, 8), date(2026, 10, 9)
TUESDAY: Final = date(2026, 10, 13)  # after Columbus Day, on which the banks are closed
PAYMENT: Final = "PAYMENT"


@pytest.fixture(autouse=True)
def _remits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rulebook = remitting(tmp_path)
    monkeypatch.setattr(houses, "default_rulebook", lambda: rulebook)


def payment(payment_id: str = "P-1", **more: str) -> dict[str, str]:
    """Give a payments row: a client takes 40 dollars out, of value Wednesday."""
    row = {"payment_id": payment_id, "kind": "WITHDRAWAL", "account_id": CLIENT, "currency": "USD"}
    row |= {"amount": "40", "value_date": str(WEDNESDAY), "beneficiary": "A Client"}
    return row | {"beneficiary_account": "IS140159260076545510730339"} | more


def deposit(account: str = CLIENT) -> dict[str, str]:
    row = {"movement_id": f"M-{account}", "account_id": account, "kind": "DEPOSIT"}
    return row | {"currency": "USD", "amount": "100", "value_date": str(WEDNESDAY)}


def house_with(*rows: dict[str, str]) -> House:
    """Return a house before its first cut-off, with money and payments asked for."""
    house = House(rows_per_bucket=2)
    for kind, found in standing_rows().items():
        house.drop("local", WEDNESDAY, f"{kind}.csv", table_bytes(found))
    house.drop("local", WEDNESDAY, "movements.csv", table_bytes([deposit(), deposit(FIRM)]))
    if rows:
        house.drop("local", WEDNESDAY, "payments.csv", table_bytes(list(rows)))
    return house


def balances(house: House, day: date | None = None) -> dict[str, str]:
    """Return the balances in dollars, by account."""
    rows = house.table("trial-balance", day)
    return {row["account"]: row["balance"] for row in rows if row["unit"] == "USD"}


def orders(house: House) -> list[dict[str, str]]:
    """Read every order the bank finds, with the name of its file."""
    found = []
    for key in house.outbox.keys("outbox/bank/"):
        text = house.outbox.read_bytes(key).decode()
        found += [{"file": key, **row} for row in csv.DictReader(io.StringIO(text))]
    return found


def statuses(house: House, day: date | None = None) -> dict[str, str]:
    return {row["payment_id"]: row["status"] for row in house.table("payments", day)}


def is_sound(house: House) -> bool:
    return verify_store(house.records)[1] == []


def asked(*rows: dict[str, str]) -> House:
    """Return a house after Wednesday's cut-off."""
    house = house_with(*(rows or (payment(),)))
    house.cut_off(WEDNESDAY)
    return house


def test_what_is_asked_for_moves_nothing_before_two_people_have_decided() -> None:
    house, plain = house_with(payment()), house_with()
    for one in (house, plain):
        one.business_day(WEDNESDAY)
    for view in VIEWS:
        if view != "cases":
            assert house.export(view) == plain.export(view), view
    assert (orders(house), statuses(house)) == ([], {"P-1": "REQUESTED"})
    (case,) = house.table("cases")
    assert (case["code"], case["due"]) == (PAYMENT, str(WEDNESDAY))
    assert case["subject"] == (f"P-1: WITHDRAWAL {CLIENT} 40.00 USD to [sealed] on {WEDNESDAY}")
    # who decides reads in the list of payments where the money would go
    (row,) = house.table("payments")
    assert row["beneficiary_account"] == "IS140159260076545510730339"


def test_approved_before_the_close_it_goes_out_and_is_booked_the_same_day() -> None:
    house = decide(asked(), PAYMENT, "RELEASE")
    house.close(WEDNESDAY)
    (order,) = orders(house)
    assert order == {
        "file": f"outbox/bank/{WEDNESDAY}/payments-released.csv",
        "payment_id": "P-1",
        "execution_date": str(WEDNESDAY),
        "currency": "USD",
        "amount": "40.00",
        "debtor_account": "",
        "beneficiary": "A Client",
        "beneficiary_account": "IS140159260076545510730339",
        "beneficiary_agent": "",
        "reference": "",
    }
    assert balances(house) == {
        "Assets:Cash:USD": "160.00",
        f"Liabilities:ClientCash:{CLIENT}": "-60.00",
        f"Assets:Inventory:{FIRM}": "-100.00",
    }
    assert statuses(house) == {"P-1": "PAID"}
    assert case_of(house, PAYMENT).status == "CLOSED"
    house.business_day(THURSDAY)
    assert (len(orders(house)), balances(house)["Assets:Cash:USD"]) == (1, "160.00")
    assert is_sound(house)


def test_approved_after_the_close_it_goes_out_at_the_next_cut_off() -> None:
    house = asked()
    house.close(WEDNESDAY)
    decide(house, PAYMENT, "RELEASE").business_day(THURSDAY)
    (order,) = orders(house)
    assert order["file"] == f"outbox/bank/{THURSDAY}/payments-cut-off.csv"
    assert order["execution_date"] == str(THURSDAY)
    assert balances(house)["Assets:Cash:USD"] == "160.00"
    assert is_sound(house)


@pytest.mark.parametrize(
    ("approved_at", "value_date", "paid_on"),
    [
        ("2026-10-07T19:59:59", WEDNESDAY, WEDNESDAY),  # 16:00 in New York
        ("2026-10-07T20:00:00", WEDNESDAY, THURSDAY),
        ("2026-10-07T19:59:59", THURSDAY, THURSDAY),
        ("2026-10-08T01:00:00", THURSDAY, THURSDAY),
        ("2026-10-07T19:59:59", date(2026, 10, 12), TUESDAY),
        ("2026-10-07T19:59:59", date(2026, 10, 10), TUESDAY),
    ],
)
def test_the_bank_pays_on_the_value_date_or_the_first_day_it_can(
    approved_at: str, value_date: date, paid_on: date
) -> None:
    house = asked(payment(value_date=str(value_date)))
    act(house, PAYMENT, MAKER, "PROPOSE", outcome="RELEASE", text="as the client asks")
    now = datetime.fromisoformat(approved_at).replace(tzinfo=UTC)
    act_on_case(house, case_of(house, PAYMENT), CHECKER, "APPROVE", now, {})
    house.close(WEDNESDAY)
    assert [order["execution_date"] for order in orders(house)] == [str(paid_on)]
    for day in (WEDNESDAY, THURSDAY, FRIDAY, date(2026, 10, 12), TUESDAY):
        if day > WEDNESDAY:
            house.business_day(day)
        paid = day >= paid_on
        held = balances(house)
        assert held[f"Liabilities:ClientCash:{CLIENT}"] == "-60.00"
        assert held["Assets:Cash:USD"] == ("160.00" if paid else "200.00"), day
        assert held.get("Liabilities:Payments:InTransit") == (None if paid else "-40.00"), day
        assert statuses(house) == {"P-1": "PAID" if paid else "ORDERED"}
    dates = {
        (row["account"], row["effective_date"], row["recorded_on"])
        for row in house.table("journal")
        if row["source"] == "P-1"
    }
    assert ("Assets:Cash:USD", str(paid_on), str(paid_on)) in dates
    assert (f"Liabilities:ClientCash:{CLIENT}", str(WEDNESDAY), str(WEDNESDAY)) in dates
    assert is_sound(house)


def test_one_alone_pays_nothing_and_what_is_refused_is_never_paid() -> None:
    house = asked()
    act(house, PAYMENT, MAKER, "PROPOSE", outcome="RELEASE", text="as the client asks")
    with pytest.raises(ActRefusedError, match="four eyes"):
        act(house, PAYMENT, MAKER, "APPROVE")
    with pytest.raises(ActRefusedError, match="waits for a second hand"):
        act(house, PAYMENT, CHECKER, "PROPOSE", outcome="REFUSE", text="another")
    act(house, PAYMENT, CHECKER, "REJECT")
    decide(house, PAYMENT, "REFUSE")
    house.close(WEDNESDAY)
    house.drop("local", THURSDAY, "payments-again.csv", table_bytes([payment()]))
    house.business_day(THURSDAY)
    assert (orders(house), statuses(house)) == ([], {"P-1": "REFUSED"})
    assert case_of(house, PAYMENT).status == "CLOSED"
    assert balances(house)["Assets:Cash:USD"] == "200.00"
    assert is_sound(house)


def test_what_comes_twice_is_paid_once_and_what_says_otherwise_is_rejected() -> None:
    house = house_with(payment(), payment())
    house.business_day(WEDNESDAY)
    decide(house, PAYMENT, "RELEASE")
    again = [payment(amount="40.00"), payment(amount="41"), payment("P-2", amount="1")]
    house.drop("local", THURSDAY, "payments-2.csv", table_bytes(again))
    house.business_day(THURSDAY)
    assert [order["payment_id"] for order in orders(house)] == ["P-1"]
    (reject,) = house.table("file-rejects")
    assert (reject["kind"], reject["row"], reject["field"], reject["code"], reject["message"]) == (
        *("payments", "2", "payment_id", "CONFLICTING_DUPLICATE"),
        "an earlier payment of this id says otherwise",
    )
    counts = {file["name"]: file for file in house.report(THURSDAY)["files"]}
    assert counts["payments-2.csv"]["duplicates"] == 1
    assert statuses(house) == {"P-1": "PAID", "P-2": "REQUESTED"}


def test_the_firm_and_a_counterparty_are_paid_too() -> None:
    rows = (
        payment(account_id=FIRM),
        payment("P-2", kind="CLAIM", account_id="", counterparty=NETTING_STREET, amount="7.50"),
    )
    house = asked(*rows)
    for row in house.table("payments"):
        assert row["status"] == "REQUESTED"
    for subject in sorted(row["subject"] for row in house.table("cases")):
        decide(house, PAYMENT, "RELEASE", subject)
    house.close(WEDNESDAY)
    held = balances(house)
    assert held[f"Assets:Inventory:{FIRM}"] == "-60.00"
    assert held[f"Liabilities:Claims:{NETTING_STREET}"] == "7.50"
    assert held["Assets:Cash:USD"] == "152.50"
    assert is_sound(house)


def test_a_payment_of_an_unknown_account_waits_for_the_account() -> None:
    house = asked(payment(account_id="C-NEW"))
    house.close(WEDNESDAY)
    (case,) = house.table("cases")
    assert (case["code"], case["subject"]) == ("UNKNOWN_ACCOUNT", "C-NEW")
    new = standing_rows()["accounts"][0] | {"account_id": "C-NEW"}
    house.drop("local", THURSDAY, "accounts-new.csv", table_bytes([new]))
    house.business_day(THURSDAY)
    assert case_of(house, PAYMENT).status == "OPEN"
    decide(house, PAYMENT, "RELEASE").business_day(FRIDAY)
    assert balances(house)["Liabilities:ClientCash:C-NEW"] == "40.00"


def test_what_no_rule_dates_is_not_sent_and_a_case_says_so() -> None:
    house = decide(asked(payment(currency="JPY")), PAYMENT, "RELEASE")
    house.close(WEDNESDAY)
    assert (orders(house), statuses(house)) == ([], {"P-1": "APPROVED"})
    assert case_of(house, "PAYMENT_NOT_SENT").status == "OPEN"
    house.business_day(THURSDAY)
    assert orders(house) == []
    assert is_sound(house)


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"payment_id": "P/1"}, "payment_id", "BAD_FORMAT"),
        ({"kind": "GIFT"}, "kind", "BAD_FORMAT"),
        ({"account_id": ""}, "account_id", "MISSING_FIELD"),
        ({"kind": "FEE"}, "fee_code", "MISSING_FIELD"),
        ({"kind": "CLAIM"}, "counterparty", "MISSING_FIELD"),
        ({"amount": "0"}, "amount", "BAD_FORMAT"),
        ({"amount": "0.001"}, "amount", "BAD_FORMAT"),
        ({"beneficiary": ""}, "beneficiary", "MISSING_FIELD"),
        ({"beneficiary_account": "a b"}, "beneficiary_account", "BAD_FORMAT"),
    ],
)
def test_a_bad_row_is_rejected_and_the_others_go_on(
    changes: dict[str, str], field: str, code: str
) -> None:
    bad = payment(fee_code="", counterparty="") | changes
    house = house_with(bad, payment("P-2", fee_code="", counterparty=""))
    house.business_day(WEDNESDAY)
    (reject,) = house.table("file-rejects")
    assert (reject["kind"], reject["field"], reject["code"]) == ("payments", field, code)
    assert statuses(house) == {"P-2": "REQUESTED"}


OCTOBER_ENDS, NOVEMBER, NEXT = date(2026, 10, 30), date(2026, 11, 2), date(2026, 11, 3)
DECEMBER: Final = date(2026, 12, 1)


def collecting() -> House:
    """Run the last day of October: two sales, and what they are charged."""
    house = House(rows_per_bucket=1)
    fees = [fee("SEC31", "NOTIONAL", "0.0001", side="SELL"), fee("DESK", "TRADE", "3")]
    tables = standing_rows() | {"fees": fees}
    at = f"{OCTOBER_ENDS}T14:00:00Z"
    sold = [
        trade("T-1", "SELL", "10", "100", trade_time=at),
        trade("T-2", "SELL", "10", "250", trade_time=at, account_id="C-FIFO"),
    ]
    for kind, rows in (tables | {"trades": sold}).items():
        house.drop("local", OCTOBER_ENDS, f"{kind}.csv", table_bytes(rows))
    house.business_day(OCTOBER_ENDS)
    return house


def sell(house: House, day: date) -> None:
    rows = [trade(f"T-{day}", "SELL", "10", "400", trade_time=f"{day}T15:00:00Z")]
    house.drop("local", day, f"trades-{day}.csv", table_bytes(rows))


def test_at_a_months_end_what_was_collected_is_asked_for_and_comes_to_zero() -> None:
    house = collecting()
    assert balances(house)["Liabilities:Fees:SEC31"] == "-0.35"
    house.business_day(NOVEMBER)
    (row,) = house.table("payments")
    assert (row["payment_id"], row["amount"], row["status"]) == (
        *("REMIT/SEC31/USD/2026-10", "0.35", "REQUESTED"),
    )
    assert (row["beneficiary"], row["value_date"]) == ("FINRA", "2026-11-14")
    decide(house, PAYMENT, "RELEASE")
    house.business_day(NEXT)
    assert "Liabilities:Fees:SEC31" not in balances(house)
    assert balances(house)["Liabilities:Fees:DESK"] == "-6.00"
    assert balances(house)["Liabilities:Payments:InTransit"] == "-0.35"
    house.business_day(date(2026, 11, 16))
    assert "Liabilities:Payments:InTransit" not in balances(house)
    assert len(orders(house)) == 1
    assert is_sound(house)


def test_what_comes_after_the_months_end_is_of_the_next_and_nothing_is_asked_for_twice() -> None:
    house = collecting()
    sell(house, NOVEMBER)
    house.business_day(NOVEMBER)
    house.business_day(DECEMBER)  # nobody has decided the first
    amounts = {row["payment_id"]: row["amount"] for row in house.table("payments")}
    assert amounts == {"REMIT/SEC31/USD/2026-10": "0.35", "REMIT/SEC31/USD/2026-11": "0.40"}
    for name in amounts:
        subject = next(
            row["subject"] for row in house.table("cases") if row["subject"].startswith(name)
        )
        decide(house, PAYMENT, "RELEASE", subject)
    house.business_day(date(2026, 12, 2))
    assert "Liabilities:Fees:SEC31" not in balances(house)
    assert is_sound(house)


def test_a_refused_remittance_is_asked_for_with_the_next() -> None:
    house = collecting()
    house.business_day(NOVEMBER)
    decide(house, PAYMENT, "REFUSE")
    sell(house, NEXT)
    house.business_day(NEXT)
    house.business_day(DECEMBER)
    amounts = {row["payment_id"]: row["amount"] for row in house.table("payments")}
    assert amounts["REMIT/SEC31/USD/2026-11"] == "0.75"


def test_a_day_without_payments_or_a_months_end_keeps_no_table_of_them() -> None:
    house = house_with()
    for day in (WEDNESDAY, THURSDAY):
        house.business_day(day, settle_all)
    assert not {"payments", "settlement_instructions"} & set(house.books(THURSDAY).tables)
