"""What accounts choose at the exceptions desk: two people, by the deadline, as a file would say."""

from itertools import permutations
from typing import Final

import pytest

from backoffice.clearance.act_rules import ActRefusedError
from tests.reference.writing import table_bytes
from tests.simulation.desk import CHECKER, MAKER, Desk
from tests.simulation.house import VIEWS, House
from tests.simulation.test_cash_dividends import EX, FRI, NEXT, THU, TUE, Row, balance, run
from tests.simulation.test_decisions import case_of
from tests.simulation.test_share_events import (
    CLIENT,
    choices,
    event,
    in_lots,
    is_owed,
    known,
    shares,
)

CODE: Final = "ELECTION_DUE"
TENDER: Final = event(
    "TENDER", rate="11", currency="USD", election_deadline=str(THU), pay_date=str(FRI)
)


def asked(row: Row = TENDER) -> House:
    """Make a house in which C-1 holds 101 and is asked what it chooses."""
    return run(run(known(), TUE, actions=[row]), EX)


def elect(house: House, option: str = "TENDER", **more: str) -> None:
    """Let two people choose."""
    desk = Desk(house)
    said = {"outcome": "ELECT", "option": option, "text": "told by telephone", **more}
    number = str(desk.act(CODE, MAKER, "PROPOSE", **said).number)
    desk.act(CODE, CHECKER, "APPROVE", proposal=number)


@pytest.mark.parametrize(("some", "left"), [({"quantity": "40"}, 61), ({}, 0)])
def test_two_people_choose_for_an_account_before_the_deadline(
    some: dict[str, str], left: int
) -> None:
    house = asked()
    elect(house, **some)
    run(house, THU)
    assert case_of(house, CODE).status == "CLOSED"
    before = balance(house, "Liabilities:ClientCash:C-1")
    run(house, FRI)
    assert shares(house).get(CLIENT, 0) == -left
    assert in_lots(house) == is_owed(house)
    assert balance(house, "Liabilities:ClientCash:C-1") == before - 11 * (101 - left)
    [told] = house.table("elections")
    assert (told["partner"], told["account_id"], told["option"]) == ("desk", "C-1", "TENDER")
    assert (told["quantity"], told["status"]) == (some.get("quantity", ""), "COUNTS")
    assert (told["proposed_by"], told["approved_by"]) == ("maker", "checker")


def test_parts_that_go_by_one_option_come_to_whole_shares_as_one() -> None:
    row = event("DIVIDEND_OPTION", rate="1", currency="USD", ratio_new="1", ratio_old="6",
                lieu_price="3", election_deadline=str(THU), pay_date=str(FRI),
                default_option="SHARES")  # fmt: skip
    told = {"action_id": "CA-1", "account_id": "C-1", "option": "SHARES"}
    parts = [told | {"election_id": f"E-{n}", "quantity": n} for n in ("4", "20")]
    house = run(run(asked(row), THU, elections=parts), FRI)
    # 101 / 6 = 16.83333333, though 4, 20 and 77 of them are 0.67, 3.33 and 12.83
    assert shares(house)[CLIENT] == -117
    assert in_lots(house) == is_owed(house)


def test_the_case_says_what_can_be_chosen() -> None:
    shown = Desk(asked(TENDER | {"default_option": "TENDER"})).show(CODE)
    assert shown.outcomes == ("ELECT", "ACKNOWLEDGE")
    assert shown.options == ("TENDER", "KEEP")


def test_one_person_alone_chooses_nothing() -> None:
    house = asked()
    desk = Desk(house)
    said = {"outcome": "ELECT", "option": "TENDER", "text": "why"}
    number = str(desk.act(CODE, MAKER, "PROPOSE", **said).number)
    with pytest.raises(ActRefusedError, match="four eyes"):
        desk.act(CODE, MAKER, "APPROVE", proposal=number)
    run(house, THU)
    run(house, FRI)
    assert shares(house)[CLIENT] == -101


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"outcome": "ELECT", "option": "LAPSE"}, "KEEP or TENDER"),
        ({"outcome": "ELECT"}, "KEEP or TENDER"),
        ({"outcome": "ELECT", "option": "TENDER", "quantity": "0.0"}, "above zero"),
        ({"outcome": "ACKNOWLEDGE", "option": "TENDER"}, "only ELECT"),
        ({"outcome": "RELEASE"}, "no way out"),
    ],
)
def test_what_cannot_be_chosen_is_refused_at_once(said: dict[str, str], why: str) -> None:
    desk = Desk(asked())
    with pytest.raises(ActRefusedError, match=why):
        desk.act(CODE, MAKER, "PROPOSE", text="why", **said)


def test_no_other_case_takes_a_choice() -> None:
    house = run(known(), TUE, actions=[TENDER | {"new_isin": "US0378331005"}])
    desk = Desk(house)
    with pytest.raises(ActRefusedError, match="no way out"):
        desk.act("ACTION_UNKNOWN_INSTRUMENT", MAKER, "PROPOSE", outcome="ELECT", text="why")


def test_what_is_decided_after_the_deadline_changes_nothing_and_is_a_case() -> None:
    house = asked()
    desk = Desk(house)  # as it was served before the close of the deadline
    run(house, THU)
    said = {"outcome": "ELECT", "option": "TENDER", "text": "why"}
    number = str(desk.act(CODE, MAKER, "PROPOSE", **said).number)
    desk.act(CODE, CHECKER, "APPROVE", proposal=number)
    run(house, FRI)
    late = case_of(house, "ELECTION_LATE")
    assert [row["status"] for row in house.table("elections")] == ["LATE"]
    assert late.subject == f"desk/{desk.case_id(CODE)}"
    assert shares(house)[CLIENT] == -101


def test_between_cut_off_and_close_the_case_is_decided_and_counts() -> None:
    house = asked()
    house.cut_off(THU)
    elect(house, quantity="1")
    house.close(THU)
    run(house, FRI)
    assert shares(house)[CLIENT] == -100


def test_a_case_taken_by_the_cut_off_is_closed_by_it() -> None:
    house = asked()
    elect(house)
    house.cut_off(THU)
    assert case_of(house, CODE).status == "CLOSED"
    house.close(THU)
    assert case_of(house, CODE).status == "CLOSED"


def test_what_a_file_says_goes_before_what_the_desk_decides_in_any_order() -> None:
    files = {"elections-1.csv": [choices("KEEP", "60", election_id="Z-9")],
             "elections-2.csv": [choices("TENDER", "10", election_id="A-1")],
             "decision": []}  # fmt: skip
    found = set()
    for order in permutations(files):
        house = asked()
        for name in order:
            if name == "decision":
                elect(house)
            else:
                house.drop("local", THU, name, table_bytes(files[name]))
        for day in (THU, FRI):
            run(house, day)
        # 10 tendered and 60 kept by the files, the desk's choice is for the 31 that are left
        assert shares(house)[CLIENT] == -60
        assert in_lots(house) == is_owed(house)
        found.add(b"".join(house.export(what) for what in VIEWS))
    assert len(found) == 1


def test_a_file_of_another_day_goes_before_what_the_desk_decided() -> None:
    later = {"election_deadline": str(FRI), "pay_date": str(NEXT)}
    house = asked(TENDER | later)
    elect(house)
    run(house, THU)
    run(house, FRI, elections=[choices("KEEP")])
    run(house, NEXT)
    assert shares(house)[CLIENT] == -101


def test_an_action_amended_to_another_event_makes_a_choice_fit_nothing() -> None:
    house = asked()
    elect(house)
    changed = event("DIVIDEND_OPTION", rate="1", currency="USD", ratio_new="1", ratio_old="10",
                    election_deadline=str(FRI), pay_date=str(NEXT))  # fmt: skip
    run(house, THU, actions=[changed | {"action": "AMEND", "version": "2"}])
    assert case_of(house, "ELECTION_MISFIT").subject.startswith("desk/CASE-")
    assert case_of(house, CODE).status == "OPEN"


def test_the_same_name_of_two_partners_actions_is_two_actions() -> None:
    other = TENDER | {"rate": "12", "isin": "DE0007236101"}
    house = known()
    house.drop("depository", TUE, "actions-1.csv", table_bytes([other]))
    run(house, TUE, actions=[TENDER])
    run(house, EX)
    assert [row["subject"] for row in house.table("cases") if row["code"] == CODE] == [
        "local/CA-1 C-1"
    ]
    elect(house)
    run(house, THU)
    run(house, FRI)
    assert CLIENT not in shares(house)
