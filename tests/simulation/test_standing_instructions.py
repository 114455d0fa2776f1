"""Standing settlement instructions: a file asks, two people decide."""

from datetime import date
from typing import Final

import pytest

from backoffice.clearance.act_rules import ActRefusedError
from backoffice.formats.iso20022.envelope import unwrap
from backoffice.formats.iso20022.packing import unpack
from backoffice.records.verify_store import verify_store
from tests.reference.samples import NETTING_STREET, US_SHARE, standing_rows, trade
from tests.reference.writing import table_bytes
from tests.simulation.house import VIEWS, House
from tests.simulation.market import settle_all
from tests.simulation.test_decisions import CHECKER, MAKER, act, case_of, decide

WEDNESDAY, THURSDAY, FRIDAY = date(2026, 10, 7), date(2026, 10, 8), date(2026, 10, 9)
MONDAY: Final = date(2026, 10, 12)
CHANGE: Final = "SSI_CHANGE"
_AGENT: Final = b"<Id><AnyBIC>CITIUS33</AnyBIC></Id>"


def row(party: str = NETTING_STREET, **more: str) -> dict[str, str]:
    """Give an ssi row: their agent at a depository of their own, from 2026 on."""
    said = {"party": party, "place_of_settlement": "DTCYUS33", "agent": "CITIUS33"}
    return said | {"safekeeping_account": "THEIRS-9", "valid_from": "2026-01-01"} | more


def own(**more: str) -> dict[str, str]:
    said = {"agent": "", "safekeeping_account": "OURS-2", "nostro": "USD-1"}
    return row("OWN", **(said | more))


def house_with(*rows: dict[str, str], day: date = WEDNESDAY) -> House:
    """Return a house before its first cut-off, the rows dropped."""
    house = House()
    for kind, found in standing_rows().items():
        house.drop("local", WEDNESDAY, f"{kind}.csv", table_bytes(found))
    if rows:
        house.drop("local", day, "ssi.csv", table_bytes(list(rows)))
    return house


def deal(house: House, day: date, trade_id: str = "T-1") -> None:
    """Drop a purchase of the day."""
    bought = trade(trade_id, "BUY", "10", "100", trade_time=f"{day}T14:00:00Z")
    house.drop("local", day, f"trades-{trade_id}.csv", table_bytes([bought]))


def posted(house: House, day: date, name: str = "instructions-cut-off") -> bytes:
    """Return the only message of an archive."""
    (message,) = (
        body
        for _, file in unpack(house.outbox.read_bytes(f"outbox/market/{day}/{name}.zip"))
        for _, body, _ in unwrap(file)
    )
    return message


def statuses(house: House, day: date | None = None) -> list[str]:
    return [row["status"] for row in house.table("settlement-instructions", day)]


def decided(outcome: str = "RELEASE", *rows: dict[str, str]) -> House:
    """Run Wednesday and have the proposal decided after it."""
    house = house_with(*(rows or (row(),)))
    house.business_day(WEDNESDAY)
    return decide(house, CHANGE, outcome)


def test_what_a_file_says_is_a_proposal_and_changes_no_instruction() -> None:
    house, plain = house_with(row()), house_with()
    for one in (house, plain):
        deal(one, WEDNESDAY)
        one.business_day(WEDNESDAY)
    assert posted(house, WEDNESDAY) == posted(plain, WEDNESDAY)
    assert statuses(house) == ["PROPOSED"]
    (case,) = house.table("cases")
    assert (case["code"], case["status"], case["members"]) == (CHANGE, "OPEN", "1")
    assert case["subject"] == (f"{NETTING_STREET} * * * 2026-01-01/-: DTCYUS33 CITIUS33 THEIRS-9 -")
    for view in VIEWS:
        if view != "cases":
            assert house.export(view) == plain.export(view), view


def test_approved_by_two_it_is_what_the_next_instruction_says() -> None:
    house = decided()
    deal(house, THURSDAY)
    house.business_day(THURSDAY)
    message = posted(house, THURSDAY)
    theirs = (
        b"<DlvrgSttlmPties><Dpstry><Id><AnyBIC>DTCYUS33</AnyBIC></Id></Dpstry>"
        b"<Pty1>" + _AGENT + b"<SfkpgAcct><Id>THEIRS-9</Id></SfkpgAcct></Pty1><Pty2>"
    )
    assert theirs in message
    assert statuses(house) == ["IN_FORCE"]
    assert case_of(house, CHANGE).status == "CLOSED"
    house.business_day(FRIDAY)
    assert {row["status"] for row in house.table("obligations")} == {"SETTLED"}
    assert verify_store(house.records)[1] == []


def test_what_was_in_force_on_a_past_day_is_told() -> None:
    house = decided()
    house.business_day(THURSDAY)
    later = row(safekeeping_account="THEIRS-10")
    house.drop("local", FRIDAY, "ssi-2.csv", table_bytes([later]))
    house.business_day(FRIDAY)
    decide(house, CHANGE, "RELEASE").business_day(MONDAY)
    assert statuses(house, WEDNESDAY) == ["PROPOSED"]
    assert statuses(house, THURSDAY) == ["IN_FORCE"]
    assert sorted(statuses(house, FRIDAY)) == ["IN_FORCE", "PROPOSED"]
    told = {
        one["safekeeping_account"]: (one["status"], one["proposed_by"], one["approved_by"])
        for one in house.table("settlement-instructions", MONDAY)
    }
    assert told == {
        "THEIRS-9": ("REPLACED", "maker", "checker"),
        "THEIRS-10": ("IN_FORCE", "maker", "checker"),
    }
    assert verify_store(house.records)[1] == []


def test_one_alone_changes_nothing() -> None:
    house = house_with(row())
    house.business_day(WEDNESDAY)
    act(house, CHANGE, MAKER, "PROPOSE", outcome="RELEASE", text="looked at")
    with pytest.raises(ActRefusedError, match="four eyes"):
        act(house, CHANGE, MAKER, "APPROVE")
    with pytest.raises(ActRefusedError, match="no way out"):
        act(house_of_another(), CHANGE, CHECKER, "PROPOSE", outcome="ACKNOWLEDGE", text="so")
    deal(house, THURSDAY)
    house.business_day(THURSDAY)
    assert _AGENT not in posted(house, THURSDAY)
    assert statuses(house) == ["PROPOSED"]


def house_of_another() -> House:
    house = house_with(row())
    house.business_day(WEDNESDAY)
    return house


def test_refused_it_never_holds_however_often_it_is_sent() -> None:
    house = decided("REFUSE")
    deal(house, THURSDAY)
    house.drop("local", THURSDAY, "ssi-again.csv", table_bytes([row()]))
    house.business_day(THURSDAY)
    assert _AGENT not in posted(house, THURSDAY)
    assert statuses(house) == ["REFUSED"]
    assert case_of(house, CHANGE).status == "CLOSED"


def test_another_row_takes_the_place_of_a_proposal_and_is_a_case_of_its_own() -> None:
    house = house_with(row())
    house.business_day(WEDNESDAY)
    first = case_of(house, CHANGE)
    house.drop("local", THURSDAY, "ssi-2.csv", table_bytes([row(safekeeping_account="X")]))
    house.business_day(THURSDAY)
    assert sorted(statuses(house)) == ["PROPOSED", "SUPERSEDED"]
    cases = {one["case_id"]: one["status"] for one in house.table("cases")}
    assert cases.pop(first.case_id) == "CLOSED"
    assert list(cases.values()) == ["OPEN"]


def test_what_was_decided_before_another_row_came_counts_until_that_is_decided() -> None:
    house = decided()
    house.drop("local", THURSDAY, "ssi-2.csv", table_bytes([row(safekeeping_account="X")]))
    deal(house, THURSDAY)
    house.business_day(THURSDAY)
    assert b"THEIRS-9" in posted(house, THURSDAY)
    assert sorted(statuses(house)) == ["IN_FORCE", "PROPOSED"]


def test_approved_after_the_cut_off_it_counts_from_the_next_day_on() -> None:
    house = house_with(row())
    house.cut_off(WEDNESDAY)
    decide(house, CHANGE, "RELEASE")
    house.close(WEDNESDAY)
    (told,) = house.table("settlement-instructions")
    assert (told["status"], told["counts_from"]) == ("APPROVED", str(THURSDAY))
    deal(house, THURSDAY)
    house.business_day(THURSDAY)
    assert _AGENT in posted(house, THURSDAY)
    assert verify_store(house.records)[1] == []


def test_ours_names_our_account_its_cash_and_where_it_is() -> None:
    house = decided("RELEASE", own())
    deal(house, THURSDAY)
    house.business_day(THURSDAY)
    message = posted(house, THURSDAY)
    assert (
        b"<SfkpgAcct><Id>OURS-2</Id></SfkpgAcct><CshAcct><Prtry>USD-1</Prtry></CshAcct>" in message
    )
    assert b"<RcvgSttlmPties><Dpstry><Id><AnyBIC>DTCYUS33" in message
    assert b"<DlvrgSttlmPties><Dpstry><Id><AnyBIC>NASDISRE" in message


def test_it_holds_for_what_settles_in_its_time() -> None:
    house = decided("RELEASE", row(valid_from=str(FRIDAY), valid_to=str(FRIDAY)))
    for day, number in ((THURSDAY, 1), (FRIDAY, 2)):
        deal(house, day, f"T-{number}")
        house.business_day(day)
    assert _AGENT in posted(house, THURSDAY)  # settles on Friday
    assert _AGENT not in posted(house, FRIDAY)


def test_a_request_to_cancel_says_what_was_instructed() -> None:
    house = decided()
    deal(house, THURSDAY)
    house.cut_off(THURSDAY)
    house.close(THURSDAY)
    house.drop("local", FRIDAY, "ssi-2.csv", table_bytes([row(agent="DEUTDEFF")]))
    house.cut_off(FRIDAY)
    decide(house, CHANGE, "RELEASE")
    house.close(FRIDAY)
    cancelled = trade(
        "T-1", "BUY", "10", "100", trade_time=f"{THURSDAY}T14:00:00Z", action="CANCEL"
    )
    house.drop("local", MONDAY, "trades-cancel.csv", table_bytes([cancelled]))
    house.cut_off(MONDAY)
    assert _AGENT in posted(house, MONDAY, "cancellations-cut-off")


def test_a_day_that_is_run_again_and_files_in_any_order_come_to_the_same() -> None:
    rows = [row(), row(safekeeping_account="LAST"), own()]
    one, other = house_with(), house_with()
    for house, order in ((one, (0, 1, 2)), (other, (2, 1, 0))):
        for number in order:
            name = f"ssi-{number}.csv"
            house.drop("local", WEDNESDAY, name, table_bytes([rows[number]]))
        house.business_day(WEDNESDAY, settle_all)
    assert one.export("settlement-instructions") == other.export("settlement-instructions")
    assert [told["safekeeping_account"] for told in one.table("settlement-instructions")] == [
        "LAST",
        "OURS-2",
    ]
    assert one.cut_off(WEDNESDAY).outcome == "DONE"


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"party": "OURS"}, "party", "BAD_FORMAT"),
        ({"party": "54930084UKLVMY22DS17"}, "party", "BAD_LEI"),
        ({"market": "XXXX"}, "market", "BAD_VENUE"),
        ({"currency": "USX"}, "currency", "BAD_CURRENCY"),
        ({"asset_class": "SHARE"}, "asset_class", "BAD_FORMAT"),
        ({"place_of_settlement": "DTC"}, "place_of_settlement", "BAD_FORMAT"),
        ({"agent": "CITIUS3"}, "agent", "BAD_FORMAT"),
        ({"nostro": "a b"}, "nostro", "BAD_FORMAT"),
        ({"safekeeping_account": "x" * 36}, "safekeeping_account", "BAD_FORMAT"),
        ({"valid_to": "2025-12-31"}, "valid_to", "BAD_FORMAT"),
        ({"valid_from": ""}, "valid_from", "MISSING_FIELD"),
    ],
)
def test_a_bad_row_is_rejected_and_the_others_go_on(
    changes: dict[str, str], field: str, code: str
) -> None:
    house = house_with({**row(market="", currency="", asset_class=""), "valid_to": ""} | changes)
    house.drop("local", WEDNESDAY, "ssi-good.csv", table_bytes([own()]))
    house.business_day(WEDNESDAY)
    (reject,) = house.table("file-rejects")
    assert (reject["kind"], reject["field"], reject["code"]) == ("ssi", field, code)
    assert statuses(house) == ["PROPOSED"]


def accounts(house: House) -> dict[str, str]:
    """Return the balances of the depository and of cash, by account."""
    rows = house.table("trial-balance")
    return {
        row["account"]: row["balance"]
        for row in rows
        if row["account"].startswith(("Securities:Depository", "Assets:Cash"))
    }


def test_our_shares_and_cash_stand_where_our_own_instruction_has_them() -> None:
    plain, house = house_with(), decided("RELEASE", own(currency="USD"))
    deposit = {"movement_id": "M-1", "account_id": "C-1", "kind": "DEPOSIT", "currency": "USD"}
    moved = {"movement_id": "M-2", "account_id": "C-1", "kind": "TRANSFER_IN", "isin": US_SHARE}
    moved |= {"quantity": "5", "cost": "1", "cost_currency": "USD"}
    rows = [row | {"value_date": str(THURSDAY)} for row in (deposit | {"amount": "2000"}, moved)]
    plain.business_day(WEDNESDAY)
    for one in (house, plain):
        deal(one, THURSDAY)
        one.drop("local", THURSDAY, "movements.csv", table_bytes(rows))
        for day in (THURSDAY, FRIDAY):
            one.business_day(day)
    assert accounts(plain) == {"Assets:Cash:USD": "1000.00", "Securities:Depository": "15"}
    assert accounts(house) == {
        "Assets:Cash:USD:USD-1": "1000.00",
        "Securities:Depository:DTCYUS33": "15",
    }
    assert house.report(FRIDAY)["breaks"] == 0
    assert b"Assets:Cash:USD:USD--1" in house.export("journal", form="beancount")
    assert verify_store(house.records)[1] == []


def test_what_is_borrowed_and_its_collateral_stand_there_too() -> None:
    house = decided("RELEASE", own(currency="USD"))
    loan = {"borrow_id": "L-1", "lender": NETTING_STREET, "isin": US_SHARE, "quantity": "7"}
    loan |= {"date": str(THURSDAY), "collateral": "100", "currency": "USD"}
    house.drop("local", THURSDAY, "borrows.csv", table_bytes([loan]))
    house.business_day(THURSDAY)
    found = accounts(house)
    assert found["Securities:Depository:DTCYUS33"] == "7"
    assert found["Assets:Cash:USD:USD-1"] == "-100.00"


def test_a_break_at_a_nostro_stays_there_once_all_of_ours_is_matched() -> None:
    house = decided("RELEASE", own(currency="USD"))
    deposit = {"movement_id": "M-1", "account_id": "C-1", "kind": "DEPOSIT", "currency": "USD"}
    deposit |= {"amount": "2000", "value_date": str(THURSDAY)}
    house.drop("local", THURSDAY, "movements.csv", table_bytes([deposit]))
    said = {"nostro": "USD-1", "currency": "USD", "value_date": str(THURSDAY)}
    came = said | {"amount": "2000", "our_reference": "M-1"}
    lines = [came, said | {"amount": "-12.50", "our_reference": "", "reference": "FEE"}]
    house.drop("bank", THURSDAY, "bank-1.csv", table_bytes(lines))
    house.business_day(THURSDAY)
    found = [(row["place"], row["first_seen"], row["status"]) for row in house.table("breaks")]
    assert found == [("USD-1", str(THURSDAY), "OPEN")]
    house.drop("bank", FRIDAY, "bank-2.csv", b"nostro,currency,amount,value_date\n")
    house.business_day(FRIDAY)
    assert [(r["place"], r["first_seen"], r["status"]) for r in house.table("breaks")] == found


def test_what_was_instructed_by_one_settles_there_whatever_holds_by_then() -> None:
    house = decided("RELEASE", own())
    house.business_day(THURSDAY)
    deal(house, FRIDAY)
    house.drop("local", FRIDAY, "ssi-2.csv", table_bytes([own(nostro="USD-2")]))
    house.business_day(FRIDAY)
    decide(house, CHANGE, "RELEASE").business_day(MONDAY)
    house.business_day(date(2026, 10, 13))
    assert accounts(house) == {
        "Assets:Cash:USD:USD-1": "-1000.00",
        "Securities:Depository:DTCYUS33": "10",
    }


def test_an_order_to_the_bank_names_the_nostro_it_is_paid_from() -> None:
    house = decided("RELEASE", own(currency="USD"))
    asked = {"payment_id": "P-1", "kind": "WITHDRAWAL", "account_id": "C-1", "currency": "USD"}
    asked |= {"amount": "1", "value_date": str(THURSDAY), "beneficiary": "A"}
    row = table_bytes([asked | {"beneficiary_account": "B-1"}])
    house.drop("local", THURSDAY, "payments.csv", row)
    house.cut_off(THURSDAY)
    decide(house, "PAYMENT", "RELEASE")
    house.close(THURSDAY)
    order = house.outbox.read_bytes(f"outbox/bank/{THURSDAY}/payments-released.csv")
    assert b"P-1,2026-10-08,USD,1.00,USD-1,A,B-1" in order
    assert accounts(house) == {"Assets:Cash:USD:USD-1": "-1.00"}
