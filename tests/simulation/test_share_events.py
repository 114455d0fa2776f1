"""Shares that are split, swapped, given and redeemed: who holds what, and what is under way."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Final

import pytest

from tests.reference.samples import (
    GERMAN_SHARE,
    JAPANESE_SHARE,
    NETTING_STREET,
    US_SHARE,
    instrument,
    isin,
    trade,
)
from tests.simulation.house import House
from tests.simulation.market import silent
from tests.simulation.test_cash_dividends import (
    AT,
    EX,
    FRI,
    MON,
    NEXT,
    THU,
    TUE,
    Row,
    accounts_with,
    balance,
    opened,
    run,
)
from tests.simulation.test_decisions import case_of

NEW_SHARE: Final = isin("US", 77)
RIGHT: Final = isin("US", 78)
CLIENT: Final = "Securities:Client:C-1"
DEPOSITORY: Final = "Securities:Depository"


def event(kind: str, **more: str) -> Row:
    row = {"action_id": "CA-1", "event": kind, "isin": US_SHARE, "ex_date": str(EX)}
    return row | more


def known() -> House:
    house = opened()
    rows = [instrument(NEW_SHARE, "XNYS", "USD")]
    return run(house, MON, instruments=rows, trades=[trade("T-1", "BUY", "101", "10", **AT[MON])])


def shares(house: House, unit: str = US_SHARE) -> dict[str, Decimal]:
    rows = house.table("stock-record")
    return {r["account"]: Decimal(r["quantity"]) for r in rows if r["isin"] == unit}


def test_a_split_reaches_accounts_depository_and_what_is_under_way() -> None:
    split = event("SPLIT", ratio_new="3", ratio_old="2", lieu_price="8", currency="USD",
                  pay_date=str(THU))  # fmt: skip
    house = run(known(), TUE, trades=[trade("T-2", "BUY", "50", "10", **AT[TUE])], actions=[split])
    # of the ex date: in the new shares
    run(house, EX, trades=[trade("T-3", "BUY", "10", "7", **AT[EX])])
    # 151 -> 226.5; the depository's 101 -> 151.5; the 50 under way are 75
    assert shares(house) == {
        CLIENT: Decimal(-236),
        DEPOSITORY: Decimal(151),
        f"Securities:Street:{NETTING_STREET}": Decimal(85),
    }
    assert balance(house, "Liabilities:Payable:Actions:C-1") == Decimal("-4.00")
    stands = [(r["quantity"], r["status"], r["money"]) for r in house.table("obligations")]
    assert sorted(stands) == [
        ("10", "INSTRUCTED", "-70.00"),
        ("101", "SETTLED", "-1010.00"),
        ("50", "CANCELLED", "-500.00"),
        ("75", "INSTRUCTED", "-500.00"),
    ]
    run(house, THU)
    assert shares(house) == {CLIENT: Decimal(-236), DEPOSITORY: Decimal(236)}
    assert in_lots(house) == is_owed(house)
    assert accounts_with(house, "Actions", "Rounding", "Fractions") == {}
    assert house.report(THU)["breaks"] == 0


def test_a_reverse_split_leaves_the_firm_the_shares_that_fractions_add_up_to() -> None:
    merge = event("REVERSE_SPLIT", ratio_new="1", ratio_old="10", lieu_price="100",
                  currency="USD", pay_date=str(THU))  # fmt: skip
    house = known()
    run(house, TUE, trades=[trade("T-2", "BUY", "9", "10", account_id="H-1", **AT[MON]),
                            trade("T-3", "BUY", "16", "10", **AT[TUE])])  # fmt: skip
    run(house, EX, silent, actions=[merge])
    # 117 -> 11 and 0.7; 9 -> 0.9; at the depository 101 -> 10 and 0.1; under way 25 -> 2 and 0.5
    assert shares(house) == {
        CLIENT: Decimal(-11),
        DEPOSITORY: Decimal(10),
        f"Securities:Street:{NETTING_STREET}": Decimal(2),
        "Securities:Issuer:CA-1": Decimal(-1),
    }
    assert balance(house, f"Assets:Claims:{NETTING_STREET}") == Decimal("50.00")
    run(house, THU)
    run(house, FRI)
    assert shares(house) == {
        CLIENT: Decimal(-11),
        DEPOSITORY: Decimal(12),
        "Securities:Fractions:CA-1": Decimal(-1),
    }
    assert balance(house, "Assets:Fractions:CA-1") == Decimal("100.00")
    assert accounts_with(house, "Actions", "Rounding", "Issuer") == {}


def in_lots(house: House) -> dict[str, Decimal]:
    """Give what C-1 holds by its lots, beside what the stock record says it is owed."""
    rows = [r for r in house.table("positions") if r["account_id"] == "C-1"]
    found = {r["isin"]: Decimal(r["traded_quantity"]) for r in rows}
    return {unit: quantity for unit, quantity in found.items() if quantity}


def is_owed(house: House) -> dict[str, Decimal]:
    rows = [r for r in house.table("stock-record") if r["account"] == CLIENT]
    return {r["isin"]: -Decimal(r["quantity"]) for r in rows}


@pytest.mark.parametrize(
    ("row", "old", "new", "cash"),
    [
        (event("ISIN_CHANGE", new_isin=NEW_SHARE), 0, 101, "0"),
        (event("MERGER", new_isin=NEW_SHARE, ratio_new="2", ratio_old="1"), 0, 202, "0"),
        (event("MERGER", rate="12.5", currency="USD", pay_date=str(FRI)), 0, 0, "1262.50"),
        (event("MERGER", new_isin=NEW_SHARE, ratio_new="1", ratio_old="2", rate="1",
               lieu_price="20", currency="USD", pay_date=str(FRI)), 0, 50, "111.00"),
        (event("SPIN_OFF", new_isin=NEW_SHARE, ratio_new="1", ratio_old="4", basis_share="20",
               lieu_price="4", currency="USD", pay_date=str(FRI)), 101, 25, "1.00"),
        (event("RIGHTS", new_isin=NEW_SHARE, ratio_new="1", ratio_old="1",
               pay_date=str(FRI)), 101, 101, "0"),
        (event("STOCK_DIVIDEND", ratio_new="5", ratio_old="100", lieu_price="10", currency="USD",
               pay_date=str(FRI)), 106, 0, "0.50"),
        (event("REDEMPTION", rate="1.02", currency="USD", pay_date=str(FRI)), 0, 0, "103.02"),
        (event("REDEMPTION", rate="1", percent="40", currency="USD", pay_date=str(FRI)),
         "60.6", 0, "40.40"),
    ],
    ids=lambda value: value["event"] if isinstance(value, dict) else "",
)  # fmt: skip
def test_what_an_event_leaves_of_a_holding(row: Row, old: object, new: int, cash: str) -> None:
    house = run(known(), TUE, actions=[row])
    before = balance(house, "Liabilities:ClientCash:C-1")
    run(house, EX)
    assert shares(house).get(CLIENT, 0) == -Decimal(str(old))
    assert shares(house, NEW_SHARE).get(CLIENT, 0) == -new
    assert in_lots(house) == is_owed(house)
    run(house, FRI)
    assert in_lots(house) == is_owed(house)
    assert shares(house).get(DEPOSITORY, 0) == Decimal(str(old))
    assert shares(house, NEW_SHARE).get(DEPOSITORY, 0) == new
    assert balance(house, "Liabilities:ClientCash:C-1") == before - Decimal(cash)
    assert accounts_with(house, "Actions", "Rounding", "Fractions", "Issuer") == {}


def test_what_is_late_on_the_street_fails_on_in_the_new_shares() -> None:
    split = event("SPLIT", ratio_new="2", ratio_old="1")
    house = run(known(), TUE, silent, actions=[split])
    run(house, EX, silent)
    [fail] = house.table("fails")
    stands = {r["obligation_id"]: (r["quantity"], r["status"]) for r in house.table("obligations")}
    assert stands[fail["obligation_id"]] == ("202", "INSTRUCTED")
    assert (fail["open_quantity"], fail["status"]) == ("202", "OPEN")
    run(house, THU)
    assert [row["status"] for row in house.table("fails")] == ["SETTLED"]
    assert shares(house) == {CLIENT: Decimal(-202), DEPOSITORY: Decimal(202)}


def test_a_trade_told_late_and_one_taken_back_stand_in_the_new_shares() -> None:
    split = event("SPLIT", ratio_new="2", ratio_old="1")
    second = trade("T-2", "BUY", "50", "10", **AT[TUE])
    house = run(known(), TUE, trades=[second], actions=[split])
    run(house, EX)
    late = trade("T-3", "BUY", "7", "10", **AT[TUE])
    run(house, THU, trades=[late, second | {"action": "CANCEL"}])
    run(house, FRI)
    run(house, NEXT)
    assert shares(house) == {CLIENT: Decimal(-216), DEPOSITORY: Decimal(216)}
    assert in_lots(house) == is_owed(house)


def test_a_split_and_its_inverse_leave_the_books_as_they_were() -> None:
    plain, turned = known(), known()
    split = event("SPLIT", ratio_new="3", ratio_old="1")
    back = event("REVERSE_SPLIT", ratio_new="1", ratio_old="3", action_id="CA-2")
    run(plain, TUE)
    run(turned, TUE, actions=[split, back | {"ex_date": str(THU)}])
    for day in (EX, THU, FRI):
        run(plain, day)
        run(turned, day)
    for what in ("stock-record", "trial-balance", "positions", "lots"):
        assert plain.table(what) == turned.table(what)


def test_two_that_take_the_same_shares_conflict_and_one_is_booked() -> None:
    split = event("SPLIT", ratio_new="2", ratio_old="1")
    house = run(known(), TUE, actions=[split, split | {"action_id": "CA-2", "ratio_new": "3"}])
    run(house, EX)
    assert case_of(house, "ACTION_CONFLICT").subject == "local/CA-2"
    assert shares(house)[CLIENT] == Decimal(-202)


def test_a_split_taken_back_leaves_accounts_as_they_were() -> None:
    split = event("SPLIT", ratio_new="2", ratio_old="1")
    house = run(known(), TUE, actions=[split])
    run(house, EX)
    assert shares(house)[CLIENT] == Decimal(-202)
    run(house, THU, actions=[split | {"action": "CANCEL"}])
    assert shares(house) == {CLIENT: Decimal(-101), DEPOSITORY: Decimal(101)}
    assert not [row for row in house.table("cases") if row["code"] == "ACTION_CHANGED_LATE"]
    assert [row["status"] for row in house.table("actions")] == ["CANCELLED"]


def test_added_shares_of_what_had_not_settled_are_claimed_free_of_payment() -> None:
    paper = {"isin": GERMAN_SHARE, "currency": "EUR", "venue": "XETR"}
    more = event("STOCK_DIVIDEND", ratio_new="1", ratio_old="2", pay_date=str(THU))
    house = run(known(), TUE, trades=[trade("T-2", "BUY", "50", "10", **paper, **AT[TUE])],
                actions=[more | {"isin": GERMAN_SHARE}])  # fmt: skip
    run(house, EX)
    street = f"Securities:Street:{NETTING_STREET}"
    assert shares(house, GERMAN_SHARE) == {CLIENT: Decimal(-75), street: Decimal(75)}
    run(house, THU)
    assert shares(house, GERMAN_SHARE)[street] == Decimal(25)
    claims = [(r["quantity"], r["money"], r["status"]) for r in house.table("obligations")]
    assert ("25", "0.00", "INSTRUCTED") in claims
    run(house, FRI)
    assert shares(house, GERMAN_SHARE) == {CLIENT: Decimal(-75), DEPOSITORY: Decimal(75)}
    run(house, NEXT)
    assert [row["status"] for row in house.table("obligations")] == ["SETTLED"] * 3


def choices(option: str, quantity: str = "", **more: str) -> Row:
    row = {"election_id": "E-1", "action_id": "CA-1", "account_id": "C-1", "option": option}
    return row | {"quantity": quantity} | more


_TENDER: Final = event(
    "TENDER", rate="11", currency="USD", election_deadline=str(THU), pay_date=str(FRI)
)
_EXERCISE: Final = event(
    "EXERCISE", new_isin=NEW_SHARE, ratio_new="1", ratio_old="1", rate="2", currency="USD",
    election_deadline=str(THU), pay_date=str(FRI),
)  # fmt: skip
_OPTION: Final = event(
    "DIVIDEND_OPTION", rate="1", currency="USD", ratio_new="1", ratio_old="10", lieu_price="10",
    election_deadline=str(THU), pay_date=str(FRI),
)  # fmt: skip


@pytest.mark.parametrize(
    ("row", "elected", "old", "new", "cash"),
    [
        (_TENDER, [choices("TENDER", "40")], 61, 0, "440.00"),
        (_TENDER, [], 101, 0, "0"),
        (_TENDER | {"default_option": "TENDER"}, [], 0, 0, "1111.00"),
        (_EXERCISE, [choices("EXERCISE", "100")], 0, 100, "-200.00"),
        (_EXERCISE, [], 0, 0, "0"),
        (_OPTION, [choices("SHARES")], 111, 0, "1.00"),
        (_OPTION, [], 101, 0, "85.85"),
    ],
)
def test_what_accounts_choose_by_the_deadline(
    row: Row, elected: list[Row], old: int, new: int, cash: str
) -> None:
    house = run(known(), TUE, actions=[row])
    run(house, EX)
    [waiting] = [row for row in house.table("cases") if row["code"] == "ELECTION_DUE"]
    assert (waiting["subject"], waiting["due"]) == ("local/CA-1 C-1", str(THU))
    before = balance(house, "Liabilities:ClientCash:C-1")
    run(house, THU, elections=elected) if elected else run(house, THU)
    assert case_of(house, "ELECTION_DUE").status == "CLOSED"
    run(house, FRI, elections=[choices("KEEP", election_id="E-9", action="NEW"),
                               choices(row["event"][:6], election_id="E-8")])  # fmt: skip
    assert shares(house).get(CLIENT, 0) == -old
    assert in_lots(house) == is_owed(house)
    assert shares(house).get(DEPOSITORY, 0) == old
    assert shares(house, NEW_SHARE).get(DEPOSITORY, 0) == new
    assert balance(house, "Liabilities:ClientCash:C-1") == before - Decimal(cash)
    assert accounts_with(house, "Actions", "Rounding", "Fractions", "Issuer") == {}


def test_what_an_exercise_costs_is_in_the_new_lots_and_the_firms_inventory() -> None:
    rights = event("RIGHTS", new_isin=RIGHT, ratio_new="1", ratio_old="1", basis_share="10",
                   pay_date=str(TUE), action_id="CA-0", ex_date=str(TUE))  # fmt: skip
    house = known()
    firms = trade("T-2", "BUY", "50", "10", account_id="H-1", **AT[MON])
    share = [instrument(RIGHT, "XNYS", "USD")]
    run(house, TUE, trades=[firms], actions=[rights], instruments=share)
    run(house, EX, actions=[_EXERCISE | {"isin": RIGHT}])
    some = choices("EXERCISE", "40", account_id="H-1", election_id="E-2")
    run(house, THU, elections=[choices("EXERCISE"), some])
    run(house, FRI)
    lots = {(r["account_id"], r["isin"]): (r["quantity"], r["cost"]) for r in house.table("lots")}
    # a tenth of 1,010.00 and 2.00 for each; of the firm's rights a fifth lapses
    assert lots["C-1", NEW_SHARE] == ("101", "303.00")
    # whoever exercises holds from that day on (26 USC 1223), whatever the rights were held for
    opened = {
        (r["trade_id"], r["opened_on"]) for r in house.table("lots") if r["isin"] == NEW_SHARE
    }
    assert opened == {("local/CA-1", str(THU))}
    assert lots["H-1", NEW_SHARE] == ("40", "120.00")
    assert balance(house, "Assets:Inventory:H-1") == Decimal("570.00")
    [lost] = house.table("disposals")
    assert (lost["account_id"], lost["quantity"], lost["profit"]) == ("H-1", "10", "-10.00")
    assert balance(house, "Income:Trading") == Decimal("10.00")
    assert accounts_with(house, "Actions", "Rounding", "Fractions", "Issuer") == {}
    stands = {
        (r["kind"], r["account"]): r["amount"]
        for r in house.table("action-postings")
        if (r["action_id"], r["party"]) == ("CA-1", "H-1") and r["unit"] == "USD"
    }
    assert stands["ACTION_PAYMENT", "Assets:Inventory:H-1"] == "80.00"
    # taken back, all is as if there had been no exercise
    run(house, NEXT, actions=[_EXERCISE | {"isin": RIGHT, "action": "CANCEL"}])
    assert balance(house, "Assets:Inventory:H-1") == Decimal("500.00")
    assert {r["cost"] for r in house.table("lots")} == {"909.00", "101.00", "450.00", "50.00"}


@pytest.mark.parametrize("row", [_TENDER, _EXERCISE | {"lieu_price": "9"}])
def test_what_the_street_has_not_delivered_by_the_deadline_is_given_by_it(row: Row) -> None:
    house = run(known(), TUE, trades=[trade("T-2", "BUY", "50", "10", **AT[TUE])], actions=[row])
    for day in (EX, THU):
        more = {"elections": [choices(row["event"], "120")]} if day == THU else {}
        run(house, day, silent, **more)
    # 101 of the 120 are at the depository, 19 of the 50 under way are the street's to give
    [street] = [r for r in house.table("entitlements") if r["role"] == "STREET"]
    assert Decimal(street["gross"]) == (19 * 11 if row is _TENDER else 19 * -2)
    # told on Friday that all had come in time, it gives them; what was claimed goes back
    run(house, FRI)
    run(house, NEXT)
    run(house, NEXT + timedelta(days=1))
    left = 31 if row is _TENDER else 0
    assert shares(house).get(CLIENT, 0) == -left
    assert in_lots(house) == is_owed(house)
    assert shares(house, NEW_SHARE).get(DEPOSITORY, 0) == (0 if row is _TENDER else 120)
    assert accounts_with(house, "Actions", "Rounding", "Fractions", "Issuer") == {}


def test_what_is_sold_and_bought_after_the_ex_date_is_let_alone() -> None:
    house = run(known(), TUE, actions=[_TENDER])
    later = [trade("T-2", "BUY", "7", "10", **AT[EX]), trade("T-3", "SELL", "30", "10", **AT[EX])]
    run(house, EX, trades=later)
    run(house, THU, elections=[choices("TENDER", "60")])
    run(house, FRI)
    assert shares(house) == {CLIENT: Decimal(-18), DEPOSITORY: Decimal(18)}
    assert in_lots(house) == is_owed(house)
    assert accounts_with(house, "Actions", "Rounding", "Fractions", "Issuer") == {}


def test_choices_that_come_late_or_fit_nothing_are_cases() -> None:
    house = run(known(), TUE, actions=[_TENDER])
    run(house, FRI, elections=[choices("TENDER"), choices("LAPSE", election_id="E-2")])
    assert case_of(house, "ELECTION_LATE").subject == "local/E-1"
    assert case_of(house, "ELECTION_MISFIT").subject == "local/E-2"
    assert shares(house)[CLIENT] == Decimal(-101)


def test_others_shares_are_left_alone() -> None:
    more = {"isin": GERMAN_SHARE, "currency": "EUR", "venue": "XETR"}
    house = run(known(), TUE, trades=[trade("T-9", "BUY", "5", "10", **more, **AT[TUE])],
                actions=[event("SPLIT", ratio_new="2", ratio_old="1")])  # fmt: skip
    run(house, EX)
    assert shares(house, GERMAN_SHARE)[CLIENT] == Decimal(-5)
    assert shares(house, JAPANESE_SHARE) == {}


def test_lots_of_a_day_are_shown_as_actions_were_known_at_another() -> None:
    split = event("SPLIT", ratio_new="2", ratio_old="1")
    house = run(run(known(), EX), THU, actions=[split])
    run(house, FRI, actions=[split | {"action": "CANCEL"}])

    def held(known_at: date) -> list[str]:
        return [row["quantity"] for row in house.table("lots", EX, known_at)]

    assert held(EX) == ["101"]
    assert held(THU) == ["202"]
    assert held(FRI) == ["101"]
