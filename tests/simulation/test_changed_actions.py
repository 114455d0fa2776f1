"""Actions changed or taken back after what was under way was transformed: it is put right."""

from datetime import timedelta
from decimal import Decimal
from typing import Final

import pytest

from tests.reference.samples import NETTING_STREET, trade
from tests.simulation.house import VIEWS, House
from tests.simulation.market import silent
from tests.simulation.test_cash_dividends import (
    AT,
    EX,
    FRI,
    NEXT,
    THU,
    TUE,
    Row,
    accounts_with,
    run,
)
from tests.simulation.test_decisions import case_of
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

LAST: Final = NEXT + timedelta(days=1)
CODE: Final = "ACTION_CHANGED_LATE"
STREET: Final = f"Securities:Street:{NETTING_STREET}"
SPLIT: Final = event("SPLIT", ratio_new="3", ratio_old="2")


def under_way(house: House) -> list[tuple[str, str, str]]:
    """Give what is instructed: the issue, the shares and the money."""
    rows = house.table("obligations")
    live = [(r["isin"], r["quantity"], r["money"]) for r in rows if r["status"] == "INSTRUCTED"]
    return sorted(live)


def changed_cases(house: House) -> list[str]:
    rows = [r for r in house.table("cases") if (r["code"], r["status"]) == (CODE, "OPEN")]
    return sorted(row["subject"] for row in rows)


def split_under_way() -> House:
    """Make a house to which 50 shares were to come when they were split."""
    second = trade("T-2", "BUY", "50", "10", **AT[TUE])
    return run(run(known(), TUE, trades=[second], actions=[SPLIT]), EX, silent)


def test_a_split_that_is_taken_back_is_undone_on_the_street() -> None:
    house = split_under_way()
    assert under_way(house)[0][1:] == ("75", "-500.00")
    run(house, THU, silent, actions=[SPLIT | {"action": "CANCEL"}])
    assert [row[1:] for row in under_way(house)] == [("50", "-500.00")]
    assert shares(house) == {CLIENT: Decimal(-151), DEPOSITORY: Decimal(101), STREET: Decimal(50)}
    assert changed_cases(house) == []
    run(house, FRI)
    assert shares(house) == {CLIENT: Decimal(-151), DEPOSITORY: Decimal(151)}
    assert in_lots(house) == is_owed(house)
    assert accounts_with(house, "Actions", "Rounding", "Fractions", "Issuer") == {}


def test_a_fail_goes_on_in_what_is_put_right() -> None:
    house = split_under_way()
    run(house, THU, silent)
    run(house, FRI, silent)
    [fail] = house.table("fails")
    assert fail["open_quantity"] == "75"
    run(house, NEXT, silent, actions=[SPLIT | {"action": "CANCEL"}])
    [fail] = house.table("fails")
    assert (fail["open_quantity"], fail["status"]) == ("50", "OPEN")
    run(house, LAST)
    assert [row["status"] for row in house.table("fails")] == ["SETTLED"]
    assert shares(house) == {CLIENT: Decimal(-151), DEPOSITORY: Decimal(151)}


@pytest.mark.parametrize(
    ("row", "unit", "size", "total"),
    [
        (SPLIT | {"ratio_new": "4"}, SPLIT["isin"], 100, 302),
        (event("ISIN_CHANGE", new_isin=NEW_SHARE), NEW_SHARE, 50, 151),
        (event("CASH_DIVIDEND", rate="1", currency="USD", pay_date=str(THU)), SPLIT["isin"], 50,
         151),
        (SPLIT | {"ex_date": str(FRI)}, SPLIT["isin"], 50, 151),
        (SPLIT | {"ex_date": str(TUE)}, SPLIT["isin"], 50, "201.5"),
        (SPLIT | {"isin": NEW_SHARE}, SPLIT["isin"], 50, 151),
    ],
)  # fmt: skip
def test_what_the_action_says_now_goes_out_in_its_place(
    row: Row, unit: str, size: int, total: object
) -> None:
    house = split_under_way()
    run(house, THU, silent, actions=[row | {"action": "AMEND", "version": "2"}])
    assert under_way(house) == [(unit, str(size), "-500.00")]
    held = Decimal(str(total))
    assert shares(house, unit)[CLIENT] == -held
    assert changed_cases(house) == []
    if row["ex_date"] == str(FRI):
        run(house, FRI, silent)
        assert under_way(house) == [(unit, "75", "-500.00")]
        return
    run(house, FRI)
    run(house, NEXT)
    assert shares(house, unit) == {CLIENT: -held, DEPOSITORY: held}
    assert in_lots(house) == is_owed(house)
    assert accounts_with(house, "Securities:Issuer", "Rounding", "Fractions") == {}


def test_terms_change_day_after_day_and_come_back() -> None:
    house = split_under_way()
    told = [("2", "4"), ("3", "5"), ("4", "3")]
    for day, (version, ratio) in zip((THU, FRI, NEXT), told, strict=True):
        row = SPLIT | {"action": "AMEND", "version": version, "ratio_new": ratio}
        run(house, day, silent, actions=[row])
        assert [row[1:] for row in under_way(house)] == [(str(25 * int(ratio)), "-500.00")]
    run(house, LAST)
    held = Decimal("226.5")
    assert shares(house) == {CLIENT: -held, DEPOSITORY: held}
    assert in_lots(house) == is_owed(house)
    assert changed_cases(house) == []
    assert accounts_with(house, "Securities:Issuer", "Rounding", "Fractions") == {}


def test_one_taken_back_and_told_anew_by_another_name_goes_out_as_that_says() -> None:
    house = split_under_way()
    run(house, THU, silent)
    run(house, FRI, silent)
    anew = SPLIT | {"action_id": "CA-2", "ratio_new": "2", "ratio_old": "1"}
    run(house, NEXT, silent, actions=[SPLIT | {"action": "CANCEL"}, anew])
    assert [row[1:] for row in under_way(house)] == [("100", "-500.00")]
    assert changed_cases(house) == []
    [fail] = house.table("fails")
    assert (fail["open_quantity"], fail["status"]) == ("100", "OPEN")
    run(house, LAST)
    assert shares(house) == {CLIENT: Decimal(-302), DEPOSITORY: Decimal(302)}


def test_what_has_settled_in_the_terms_of_before_is_a_case_by_its_instruction() -> None:
    second = trade("T-2", "BUY", "50", "10", **AT[TUE])
    house = run(run(known(), TUE, trades=[second], actions=[SPLIT]), EX)
    run(house, THU)
    [made] = [r for r in house.table("obligations") if r["quantity"] == "75"]
    assert made["status"] == "SETTLED"
    run(house, FRI, actions=[SPLIT | {"action": "AMEND", "version": "2", "ratio_new": "4"}])
    assert changed_cases(house) == [f"local/CA-1 {made['obligation_id']}"]
    # 100 were due and 75 came: the street owes the rest, and no one else
    assert shares(house) == {CLIENT: Decimal(-302), DEPOSITORY: Decimal(277), STREET: Decimal(25)}
    assert accounts_with(house, "Securities:Issuer", "Rounding", "Fractions") == {}
    run(house, NEXT)
    assert changed_cases(house) == [f"local/CA-1 {made['obligation_id']}"]


def test_a_trade_that_cleared_late_in_the_terms_of_before_is_a_case_by_its_instruction() -> None:
    house = split_under_way()
    run(house, THU, silent, trades=[trade("T-3", "BUY", "8", "10", **AT[TUE])])
    [late] = [r for r in house.table("obligations") if r["quantity"] == "12"]
    run(house, FRI, silent, actions=[SPLIT | {"action": "CANCEL"}])
    assert changed_cases(house) == [f"local/CA-1 {late['obligation_id']}"]
    assert case_of(house, CODE).status == "OPEN"
    run(house, NEXT, silent)
    assert changed_cases(house) == [f"local/CA-1 {late['obligation_id']}"]


def test_a_trade_cancelled_on_the_day_of_the_change_leaves_what_it_was_in() -> None:
    house = split_under_way()
    second = trade("T-2", "BUY", "50", "10", **AT[TUE])
    gone = [second | {"action": "CANCEL"}]
    run(house, THU, actions=[SPLIT | {"action": "CANCEL"}], trades=gone)
    run(house, FRI)
    run(house, NEXT)
    assert shares(house) == {CLIENT: Decimal(-101), DEPOSITORY: Decimal(101)}
    assert in_lots(house) == is_owed(house)


def test_the_order_of_a_days_files_changes_nothing() -> None:
    changes = [SPLIT | {"action": "AMEND", "version": "2", "ratio_new": "4"},
               SPLIT | {"action": "AMEND", "version": "3", "ratio_new": "5"}]  # fmt: skip
    found = set()
    for order in (changes, changes[::-1]):
        house = split_under_way()
        run(house, THU, silent, actions=order)
        assert [row[1:] for row in under_way(house)] == [("125", "-500.00")]
        found.add(b"".join(house.export(what) for what in VIEWS))
    assert len(found) == 1
