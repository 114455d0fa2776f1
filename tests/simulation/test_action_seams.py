"""Where actions meet: on one day, in one another's window, late, in locked periods, half told."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

import pytest

from tests.reference.samples import GERMAN_SHARE, trade
from tests.reference.writing import table_bytes
from tests.simulation.house import House, Market
from tests.simulation.market import settle_all, silent
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
    dividend,
    opened,
    run,
)
from tests.simulation.test_changed_actions import LAST
from tests.simulation.test_entries import agree
from tests.simulation.test_share_events import (
    CLIENT,
    DEPOSITORY,
    NEW_SHARE,
    event,
    in_lots,
    is_owed,
    known,
    shares,
)

SPLIT: Final = event("SPLIT", ratio_new="2", ratio_old="1")
SPIN_OFF: Final = event("SPIN_OFF", new_isin=NEW_SHARE, ratio_new="1", ratio_old="1",
                        basis_share="20", pay_date=str(FRI), action_id="CA-2")  # fmt: skip
ADDED: Final = event("STOCK_DIVIDEND", ratio_new="1", ratio_old="10", pay_date=str(FRI),
                     action_id="CA-3")  # fmt: skip


def waiting(house: House, code: str = "ACTION_CONFLICT") -> list[str]:
    rows = [r for r in house.table("cases") if (r["code"], r["status"]) == (code, "OPEN")]
    return sorted(row["subject"] for row in rows)


def moved(quantity: str, day: date, **more: str) -> Row:
    row = {"movement_id": "M-1", "account_id": "C-1", "kind": "TRANSFER_IN", "isin": SPLIT["isin"]}
    row |= {"quantity": quantity, "cost": "10", "cost_currency": "USD"}
    return row | {"value_date": str(day)} | more


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize(
    ("first", "second"),
    [
        (SPLIT, SPIN_OFF),
        (SPLIT, ADDED),
        (SPIN_OFF, ADDED),
        (ADDED, ADDED | {"action_id": "CA-4"}),
        (SPIN_OFF, SPLIT | {"isin": NEW_SHARE, "action_id": "CA-4"}),
        (SPIN_OFF, ADDED | {"isin": NEW_SHARE}),
        (
            event("ISIN_CHANGE", new_isin=NEW_SHARE),
            SPLIT | {"isin": NEW_SHARE, "action_id": "CA-4"},
        ),
    ],
)
def test_of_two_that_change_what_the_other_is_of_on_one_day_the_first_stands(
    first: Row, second: Row, *, late: bool
) -> None:
    house = known()
    if late:
        run(run(house, TUE, actions=[first]), EX, actions=[second])
    else:
        run(run(house, TUE, actions=[second, first]), EX)
    assert waiting(house) == [f"local/{max(first['action_id'], second['action_id'])}"]
    assert in_lots(house) == is_owed(house)


def test_two_spun_off_on_one_day_are_both_of_the_mornings_shares() -> None:
    other = SPIN_OFF | {"action_id": "CA-4", "ratio_new": "2", "basis_share": "10"}
    house = run(run(known(), TUE, actions=[SPIN_OFF, other]), EX)
    assert waiting(house) == []
    assert in_lots(house) == is_owed(house)
    assert shares(house, NEW_SHARE)[CLIENT] == Decimal(-303)


def entitled(house: House, action_id: str) -> dict[str, str]:
    rows = [row for row in house.table("entitlements") if row["action_id"] == action_id]
    return {row["role"]: row["quantity"] for row in rows}


@pytest.mark.parametrize("ex", [TUE, EX])
def test_what_settles_after_a_split_by_the_record_date_is_the_depositorys(ex: date) -> None:
    paid = dividend(ex_date=str(ex), record_date=str(THU))
    house = run(known(), TUE, silent, actions=[paid, SPLIT])
    run(house, EX, silent)
    run(house, THU)
    # 101 that were late came as 202
    assert entitled(house, "DIV-1") == {"CLIENT": "101", "DEPOSITORY": "101"}
    assert shares(house) == {CLIENT: Decimal(-202), DEPOSITORY: Decimal(202)}
    run(house, FRI)
    assert accounts_with(house, "Actions", "Claims", "Rounding") == {}


def test_what_is_transferred_after_a_split_by_the_record_date_is_paid_as_before_it() -> None:
    paid = dividend(ex_date=str(TUE), record_date=str(EX))
    house = run(known(), TUE, actions=[paid, SPLIT])
    run(house, EX, movements=[moved("20", EX)])
    assert entitled(house, "DIV-1") == {"CLIENT": "111", "DEPOSITORY": "111"}
    assert in_lots(house) == is_owed(house)


@pytest.mark.parametrize("row", [ADDED, SPIN_OFF])
def test_what_is_transferred_after_a_split_has_nothing_of_shares_added_before_it(row: Row) -> None:
    more = row | {"ex_date": str(TUE), "record_date": str(EX)}
    house = run(known(), TUE, actions=[more, SPLIT])
    run(house, EX, movements=[moved("20", EX)])
    run(house, THU)
    assert in_lots(house) == is_owed(house)
    assert entitled(house, row["action_id"])["CLIENT"] == "101"
    run(house, FRI)
    assert in_lots(house) == is_owed(house)
    assert accounts_with(house, "Actions", "Issuer") == {}


SEPTEMBER: Final = [date(2026, 9, day) for day in (28, 29, 30)]
FIRST, SECOND = date(2026, 10, 1), date(2026, 10, 2)


def in_september() -> House:
    """Hold 100 since the 28th of September."""
    monday = SEPTEMBER[0]
    at = {"trade_time": f"{monday}T14:00:00Z"}
    return run(opened(monday), monday, trades=[trade("T-1", "BUY", "100", "10", **at)])


def locked(house: House) -> None:
    request = {"request_id": "L-1", "period": "2026-09", "action": "LOCK"}
    house.drop("desk", FIRST, "periods.csv", table_bytes([request]))
    house.cut_off(FIRST)
    agree(house, "PERIOD_CHANGE")
    house.close(FIRST)


@pytest.mark.parametrize("told", [SEPTEMBER[1], MON])
def test_a_transfer_counts_by_its_own_date_though_its_period_is_locked(told: date) -> None:
    last = SEPTEMBER[2]
    paid = dividend(ex_date=str(last), record_date=str(last), pay_date=str(TUE))
    split = SPLIT | {"ex_date": str(FIRST)}
    house, rows = in_september(), [paid, split]
    run(house, SEPTEMBER[1], actions=rows if told == SEPTEMBER[1] else [])
    run(house, last)
    locked(house)
    run(house, SECOND, movements=[moved("10", last)])
    run(house, MON, actions=rows if told == MON else [])
    assert entitled(house, "DIV-1") == {"CLIENT": "110", "DEPOSITORY": "110"}
    assert shares(house)[CLIENT] == Decimal(-220)
    assert in_lots(house) == is_owed(house)


def confirmed(day: date) -> Market:
    """Let the market say that all settled on a day of before."""

    def market(house: House, today: date) -> Mapping[str, bytes]:
        return {
            name: body.replace(str(today).encode(), str(day).encode())
            for name, body in settle_all(house, today).items()
        }

    return market


def test_a_settlement_counts_by_its_own_date_though_its_period_is_locked() -> None:
    last = SEPTEMBER[2]
    paid = dividend(ex_date=str(SEPTEMBER[1]), record_date=str(last), pay_date=str(TUE))
    house = run(in_september(), SEPTEMBER[1], silent, actions=[paid])
    run(house, last, silent)
    locked(house)
    run(house, SECOND, confirmed(last))
    assert shares(house) == {CLIENT: Decimal(-100), DEPOSITORY: Decimal(100)}
    assert entitled(house, "DIV-1") == {"CLIENT": "100", "DEPOSITORY": "100"}
    run(house, MON)
    assert entitled(house, "DIV-1") == {"CLIENT": "100", "DEPOSITORY": "100"}


def test_what_settled_in_a_locked_period_stays_so_when_an_earlier_action_is_told() -> None:
    last = SEPTEMBER[2]
    paid = dividend(ex_date=str(SEPTEMBER[1]), record_date=str(last), pay_date=str(TUE))
    house = run(in_september(), SEPTEMBER[1], silent, actions=[paid])
    run(house, last, silent)
    locked(house)
    run(house, SECOND, confirmed(last))
    first = str(SEPTEMBER[0])
    earlier = dividend("DIV-0", ex_date=first, record_date=first, pay_date=str(TUE))
    run(house, MON, actions=[earlier])
    assert entitled(house, "DIV-1") == {"CLIENT": "100", "DEPOSITORY": "100"}


def test_what_was_dealt_while_no_action_was_looked_at_has_nothing_of_one_told_late() -> None:
    house = run(known(), TUE, actions=[dividend()])
    for day in (EX, THU, FRI):
        run(house, day)
    before, ex, told = (date(2027, 2, day) for day in (1, 2, 3))
    run(house, before)
    run(house, ex, trades=[trade("T-2", "BUY", "50", "10", trade_time=f"{ex}T14:00:00Z")])
    late = dividend("DIV-2", ex_date=str(ex), record_date=str(ex), pay_date=str(told))
    run(house, told, actions=[late])
    assert entitled(house, "DIV-2") == {"CLIENT": "101", "DEPOSITORY": "101"}


def test_shares_are_replaced_on_the_ex_date_whatever_the_record_date() -> None:
    split = SPLIT | {"record_date": str(THU)}
    house = run(known(), TUE, actions=[split])
    run(house, EX, trades=[trade("T-2", "SELL", "5", "10", **AT[EX])])
    assert shares(house)[CLIENT] == Decimal(-197)
    assert in_lots(house) == is_owed(house)
    run(house, THU)
    assert in_lots(house) == is_owed(house)


@pytest.mark.parametrize(
    "amended", [SPLIT | {"ratio_old": ""}, SPLIT | {"new_isin": "US0000000994"}]
)
def test_one_that_waits_goes_on_in_the_terms_it_was_booked_by(amended: Row) -> None:
    house = run(run(known(), TUE, actions=[SPLIT]), EX)
    late = trade("T-2", "BUY", "7", "10", **AT[TUE])
    run(house, THU, actions=[amended | {"action": "AMEND", "version": "2"}], trades=[late])
    assert [row["status"] for row in house.table("actions")] == ["WAITS"]
    assert shares(house)[CLIENT] == Decimal(-216)
    assert in_lots(house) == is_owed(house)
    run(house, FRI, actions=[SPLIT | {"action": "AMEND", "version": "3", "ratio_new": "3"}])
    assert shares(house)[CLIENT] == Decimal(-324)
    assert in_lots(house) == is_owed(house)


PAPER: Final = {"isin": GERMAN_SHARE, "currency": "EUR", "venue": "XETR"}


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (event("MERGER", new_isin=NEW_SHARE, ratio_new="2", ratio_old="1"), FRI),
        (event("TENDER", rate="11", currency="USD", election_deadline=str(EX), pay_date=str(FRI),
               default_option="TENDER"), EX),
        (event("TENDER", rate="11", currency="USD", election_deadline=str(EX), pay_date=str(FRI),
               default_option="TENDER"), FRI),
    ],
)  # fmt: skip
def test_what_the_street_delivers_of_shares_an_action_has_taken_is_a_case(
    row: Row, told: date
) -> None:
    row |= {"isin": GERMAN_SHARE}
    house = run(known(), TUE, trades=[trade("T-2", "BUY", "50", "10", **PAPER, **AT[TUE])])
    for day in (EX, THU, FRI, NEXT):
        run(house, day, actions=[row] if day == told else [])
    [late] = [r["obligation_id"] for r in house.table("obligations") if r["isin"] == GERMAN_SHARE]
    assert shares(house, GERMAN_SHARE)[DEPOSITORY] == Decimal(50)
    assert waiting(house, "ACTION_CHANGED_LATE") == [f"local/CA-1 {late}"]
    run(house, LAST, actions=[row | {"action": "CANCEL"}])
    assert shares(house, GERMAN_SHARE) == {CLIENT: Decimal(-50), DEPOSITORY: Decimal(50)}
    assert waiting(house, "ACTION_CHANGED_LATE") == []


def test_an_action_moved_to_a_later_day_takes_its_lots_back() -> None:
    house = run(run(known(), TUE, actions=[SPLIT]), EX)
    run(house, THU, actions=[SPLIT | {"action": "AMEND", "version": "2", "ex_date": str(FRI)}])
    assert in_lots(house) == is_owed(house) == {SPLIT["isin"]: Decimal(101)}
    run(house, FRI)
    assert in_lots(house) == is_owed(house) == {SPLIT["isin"]: Decimal(202)}


def test_nothing_more_is_delivered_of_one_that_waits() -> None:
    house = run(run(known(), TUE, actions=[SPIN_OFF]), EX)
    told = {"action": "AMEND", "version": "2"}
    run(house, THU, actions=[SPIN_OFF | told | {"basis_share": ""}])
    run(house, FRI)
    issuer = "Securities:Issuer:CA-2"
    assert shares(house, NEW_SHARE) == {CLIENT: Decimal(-101), issuer: Decimal(101)}
    run(house, NEXT, actions=[SPIN_OFF | told | {"version": "3"}])
    assert shares(house, NEW_SHARE) == {CLIENT: Decimal(-101), DEPOSITORY: Decimal(101)}
    assert in_lots(house) == is_owed(house)
