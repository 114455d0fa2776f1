"""Actions on shares that another action has told of and not delivered yet."""

from datetime import timedelta
from decimal import Decimal
from itertools import permutations
from typing import Final

import pytest

from tests.reference.samples import GERMAN_SHARE, NETTING_STREET, US_SHARE, instrument, trade
from tests.reference.writing import table_bytes
from tests.simulation.house import VIEWS, House
from tests.simulation.test_cash_dividends import (
    AT,
    EX,
    FRI,
    NEXT,
    THU,
    TUE,
    Row,
    accounts_with,
    balance,
    run,
)
from tests.simulation.test_share_events import (
    CLIENT,
    DEPOSITORY,
    NEW_SHARE,
    choices,
    event,
    in_lots,
    is_owed,
    known,
    shares,
)

LAST: Final = NEXT + timedelta(days=1)
STREET: Final = f"Securities:Street:{NETTING_STREET}"
SPIN_OFF: Final = event("SPIN_OFF", new_isin=NEW_SHARE, ratio_new="1", ratio_old="1",
                        basis_share="20", pay_date=str(FRI))  # fmt: skip


def other(kind: str, **more: str) -> Row:
    """Give an action of Thursday on the shares spun off."""
    return event(kind, action_id="CA-2", isin=NEW_SHARE, ex_date=str(THU)) | more


def through(house: House, *actions: Row) -> House:
    """Run a house through actions told on Tuesday until all has been delivered."""
    run(house, TUE, actions=list(actions))
    for day in (EX, THU, FRI, NEXT, LAST):
        run(house, day)
        assert in_lots(house) == is_owed(house)
    assert accounts_with(house, "Actions", "Rounding", "Fractions", "Issuer", "Street") == {}
    assert house.report(LAST)["breaks"] == 0
    return house


@pytest.mark.parametrize(
    ("row", "old", "new", "cash"),
    [
        (other("SPLIT", ratio_new="3", ratio_old="1"), 101, 303, 0),
        (other("REVERSE_SPLIT", ratio_new="1", ratio_old="101"), 101, 1, 0),
        (other("STOCK_DIVIDEND", ratio_new="1", ratio_old="1", pay_date=str(NEXT)), 101, 202, 0),
        (other("STOCK_DIVIDEND", ratio_new="1", ratio_old="1", pay_date=str(THU)), 101, 202, 0),
        (other("CASH_DIVIDEND", rate="1", currency="USD", pay_date=str(NEXT)), 101, 101, "85.85"),
        (other("ISIN_CHANGE", new_isin=US_SHARE), 202, 0, 0),
        (other("SPIN_OFF", new_isin=US_SHARE, ratio_new="2", ratio_old="1", basis_share="5",
               pay_date=str(NEXT)), 303, 101, 0),
        (other("REDEMPTION", rate="2", currency="USD", pay_date=str(NEXT)), 101, 0, 202),
        (other("TENDER", rate="2", currency="USD", pay_date=str(NEXT), default_option="TENDER",
               election_deadline=str(FRI)), 101, 0, 202),
    ],
    ids=lambda value: value["event"] if isinstance(value, dict) else "",
)  # fmt: skip
def test_what_comes_of_shares_that_have_not_been_delivered(
    row: Row, old: int, new: int, cash: object
) -> None:
    house = through(known(), SPIN_OFF, row)
    found = {unit: kept for unit in (US_SHARE, NEW_SHARE) if (kept := shares(house, unit)) and kept}
    wanted = {US_SHARE: old, NEW_SHARE: new}
    assert found == {
        unit: {CLIENT: Decimal(-size), DEPOSITORY: Decimal(size)}
        for unit, size in wanted.items()
        if size
    }
    assert balance(house, "Liabilities:ClientCash:C-1") == Decimal("1010.00") - Decimal(str(cash))


def test_added_shares_are_split_before_they_come_and_after() -> None:
    more = event("STOCK_DIVIDEND", ratio_new="1", ratio_old="1", pay_date=str(FRI))
    split = event("SPLIT", ratio_new="2", ratio_old="1", ex_date=str(THU), action_id="CA-2")
    house = through(known(), more, split)
    assert shares(house) == {CLIENT: Decimal(-404), DEPOSITORY: Decimal(404)}


def test_a_claim_in_shares_is_delivered_as_what_they_have_become() -> None:
    paper = {"isin": GERMAN_SHARE, "currency": "EUR", "venue": "XETR"}
    house = run(known(), TUE, trades=[trade("T-2", "BUY", "50", "10", **paper, **AT[TUE])],
                actions=[SPIN_OFF | {"isin": GERMAN_SHARE},
                         other("SPLIT", ratio_new="2", ratio_old="1")])  # fmt: skip
    run(house, EX)
    assert shares(house, NEW_SHARE) == {CLIENT: Decimal(-50), STREET: Decimal(50)}
    for day in (THU, FRI, NEXT, LAST):
        run(house, day)
    claims = [r for r in house.table("obligations") if r["isin"] == NEW_SHARE]
    live = [(r["quantity"], r["status"]) for r in claims if r["status"] != "CANCELLED"]
    assert live == [("100", "SETTLED")]
    assert shares(house, NEW_SHARE) == {CLIENT: Decimal(-100), DEPOSITORY: Decimal(100)}
    assert in_lots(house) == is_owed(house)


def test_rights_that_come_by_the_deadline_are_exercised() -> None:
    right = "US0000000796"
    share = [instrument(right, "XNYS", "USD")]
    rights = event("RIGHTS", new_isin=right, ratio_new="1", ratio_old="1", ex_date=str(TUE),
                   pay_date=str(THU))  # fmt: skip
    exercise = event("EXERCISE", action_id="CA-2", isin=right, new_isin=NEW_SHARE, ratio_new="1",
                     ratio_old="1", rate="2", currency="USD", election_deadline=str(THU),
                     pay_date=str(FRI))  # fmt: skip
    house = run(known(), TUE, instruments=share, actions=[rights, exercise])
    run(house, EX)
    run(house, THU, elections=[choices("EXERCISE", "60") | {"action_id": "CA-2"}])
    run(house, FRI)
    assert shares(house, right) == {}
    assert shares(house, NEW_SHARE) == {CLIENT: Decimal(-60), DEPOSITORY: Decimal(60)}
    assert in_lots(house) == is_owed(house)
    assert accounts_with(house, "Actions", "Rounding", "Fractions", "Issuer") == {}


def test_told_in_any_order_on_any_day_the_shares_are_the_same() -> None:
    rows = [SPIN_OFF, other("SPLIT", ratio_new="2", ratio_old="1"),
            other("CASH_DIVIDEND", rate="1", currency="USD", pay_date=str(NEXT))
            | {"action_id": "CA-3", "ex_date": str(FRI)}]  # fmt: skip
    found, later = set(), set()
    for order in permutations(rows):
        house = known()
        for number, row in enumerate(order):
            house.drop("local", TUE, f"actions-{number}.csv", table_bytes([row]))
        for day in (TUE, EX, THU, FRI, NEXT, LAST):
            run(house, day)
        found.add(b"".join(house.export(what) for what in VIEWS))
        late = known()
        for day, row in zip((FRI, NEXT, LAST), order, strict=True):
            run(late, day, actions=[row])
        run(late, LAST + timedelta(days=1))
        later.add(house.export("stock-record") == late.export("stock-record"))
        assert balance(late, "Liabilities:ClientCash:C-1") == Decimal("1010.00") - Decimal("171.70")
    assert len(found) == 1
    assert later == {True}
