"""Statements of custodians and banks: compared at the close, whenever they came."""

import json
from collections.abc import Mapping
from datetime import date

from backoffice.formats.iso20022.answer_writer import write_status_advice
from backoffice.formats.iso20022.envelope import headed, wrap
from backoffice.kernel.parts import Part
from backoffice.records.verify_store import verify_store
from tests.simulation.house import House
from tests.simulation.market import settle_all
from tests.simulation.small_days import DAYS, FIRST, SECOND, drop_all
from tests.unit.formats import statements as written
from tests.unit.formats.statements import BOND, Balance, Entry, Posted, header

SHARE = "US0378331005"
HOLDINGS = b"isin,quantity\nUS0378331005,5\n"
CASH = b"currency,closing_balance\nUSD,1.00\n"


def _day(early: Mapping[str, bytes], late: Mapping[str, bytes]) -> House:
    """Run a day with statements before its cut-off and some that come after."""
    house = House()
    drop_all(house, FIRST)
    for name, body in early.items():
        house.drop("bank", FIRST, name, body)

    def market(house: House, day: date) -> Mapping[str, bytes]:
        return {**settle_all(house, day), **late}

    house.business_day(FIRST, market)
    return house


def test_a_statement_that_comes_after_the_cut_off_is_compared_as_one_before_it() -> None:
    both = {"holdings-1.csv": HOLDINGS, "cash-1.csv": CASH}
    early, late, mixed = (
        _day(both, {}),
        _day({}, both),
        _day({"cash-1.csv": CASH}, {"holdings-1.csv": HOLDINGS}),
    )
    none = _day({}, {})
    breaks = [house.report(FIRST)["breaks"] for house in (early, late, mixed)]
    assert none.report(FIRST)["breaks"] == 0
    assert breaks[0] > 1
    assert len(set(breaks)) == 1
    for house in (early, late, mixed):
        statuses = {file["name"]: file["status"] for file in house.report(FIRST)["files"]}
        assert statuses["holdings-1.csv"] == statuses["cash-1.csv"] == "COMMITTED"


def test_statements_before_and_after_the_cut_off_add_up() -> None:
    euros = b"currency,closing_balance\nEUR,7.00\n"
    one = _day({"cash-1.csv": CASH}, {})
    two = _day({"cash-1.csv": CASH}, {"cash-2.csv": euros})
    assert two.report(FIRST)["breaks"] == one.report(FIRST)["breaks"] + 1


def test_statements_of_a_day_say_nothing_of_the_next() -> None:
    house = _day({"cash-1.csv": CASH}, {})
    drop_all(house, SECOND)
    house.business_day(SECOND)
    assert house.report(FIRST)["breaks"] > house.report(SECOND)["breaks"] == 0
    assert DAYS[:2] == house.report_days()


def test_a_late_statement_of_another_day_makes_no_break_today() -> None:
    house = House()
    drop_all(house, FIRST)
    house.business_day(FIRST)
    house.drop("bank", FIRST, "holdings-1.csv", HOLDINGS)
    drop_all(house, SECOND)
    house.business_day(SECOND)
    assert house.report(SECOND)["breaks"] == 0


def test_a_statement_without_a_row_says_that_nothing_is_held() -> None:
    none = b"isin,quantity\n"
    early, late = _day({"holdings-1.csv": none}, {}), _day({}, {"holdings-1.csv": none})
    held = {
        row["isin"]
        for row in early.table("stock-record")
        if row["account"].startswith("Securities:Depository")
    }
    assert held
    for house in (early, late):
        assert house.report(FIRST)["breaks"] == len(held)


def test_a_statement_in_xml_is_compared_as_one_in_csv() -> None:
    told = {
        "holdings-1.xml": written.holdings(Balance(SHARE, "5"), day=FIRST),
        "cash-1.xml": written.cash(balance=written.closing("1.00", day=FIRST)),
    }
    wanted = _day({"holdings-1.csv": HOLDINGS, "cash-1.csv": CASH}, {}).report(FIRST)["break_list"]
    early, late = _day(told, {}), _day({}, told)
    assert len(wanted) > 1
    for house in (early, late):
        report = house.report(FIRST)
        assert report["break_list"] == wanted
        files = {file["name"]: (file["status"], file["captured"]) for file in report["files"]}
        assert {files[name] for name in told} == {("COMMITTED", 1)}


def test_pages_are_one_statement_and_a_missing_one_is_a_case() -> None:
    one = written.holdings(Balance(SHARE, "5"), day=FIRST, page=(1, False))
    two = written.holdings(Balance(BOND, "3"), day=FIRST, page=(2, True))
    whole = _day({"holdings-1.xml": one, "holdings-2.xml": two}, {})
    both = written.holdings(Balance(SHARE, "5"), Balance(BOND, "3"), day=FIRST)
    assert (
        whole.report(FIRST)["break_list"]
        == _day({"holdings-1.xml": both}, {}).report(FIRST)["break_list"]
    )
    assert "STATEMENT_INCOMPLETE" not in _codes(whole)
    assert _codes(_day({"holdings-1.xml": one}, {}))["STATEMENT_INCOMPLETE"] == (
        f"bank/{FIRST}/holdings/H-1"
    )
    assert _codes(_day({}, {"holdings-2.xml": two}))["STATEMENT_INCOMPLETE"]


def test_a_statement_of_another_day_and_one_with_rejects_are_told() -> None:
    stale = written.holdings(Balance(SHARE, "5"), Balance("US0378331004"), day=date(2026, 1, 2))
    early, late = _day({"holdings-1.xml": stale}, {}), _day({}, {"holdings-1.xml": stale})
    for partner, house in (("bank", early), ("market", late)):
        codes = _codes(house)
        assert codes["STATEMENT_DATE_DIFFERS"] == f"{partner}/{FIRST}/holdings-1.xml"
        assert codes["MESSAGE_REJECTED"] == f"{partner}/{FIRST}/holdings-1.xml"
        (reject,) = [row for row in house.table("file-rejects") if row["partner"] == partner]
        assert (reject["row"], reject["field"]) == ("2", "BalForAcct/FinInstrmId/ISIN")
        assert len(house.table("file-rejects")) == 2
        assert verify_store(house.records)[1] == []


def test_two_messages_of_one_name_are_both_taken_and_told() -> None:
    first, other = (
        write_status_advice("A", "MATCHED", "1"),
        write_status_advice("B", "MATCHED", "2"),
    )
    same = [headed(header("M-1"), first)]
    told = {"status-1.xml": wrap(same), "status-2.xml": wrap([*same, headed(header("M-1"), other)])}
    house = _day(told, {})
    assert _codes(house)["MESSAGE_ID_REUSED"] == "bank/DTCYUS33XXX/M-1"
    assert [file["captured"] for file in house.report(FIRST)["files"] if file["kind"] == "status"][
        :2
    ] == [1, 2]
    assert "MESSAGE_ID_REUSED" not in _codes(_day({"status-1.xml": wrap(same * 2)}, {}))


def test_transactions_and_cash_entries_stand_in_the_days_inputs() -> None:
    told = {
        "transactions-1.xml": written.transactions((SHARE, (Posted(),)), day=FIRST),
        "cash-1.xml": written.notification(Entry()),
    }
    more = {"transactions-2.csv": b"isin,direction,quantity\nUS0378331005,DELIVER,3\n"}
    house = _day(told, more)
    settled = json.loads(house.work.read_bytes(f"days/{FIRST}/settled.json"))
    parts = settled["statements"]["parts"]
    posted = house.records.read(Part.model_validate(parts["transactions"]))
    assert posted.select("file", "direction", "quantity_e8", "status").rows() == [
        ("transactions-1.xml", "RECEIVE", 100 * 10**8, "SETTLED"),
        ("transactions-2.csv", "DELIVER", 3 * 10**8, "SETTLED"),
    ]
    moved = house.records.read(Part.model_validate(parts["bank"]))
    assert moved.select("nostro", "amount_minor").rows() == [("NOSTRO-USD", -950_025)]
    theirs = {(b["kind"], b["theirs"]) for b in house.table("breaks") if b["ours"][0] == "0"}
    assert theirs == {("CASH_ENTRY", "-9500.25"), ("TRANSACTION", "100"), ("TRANSACTION", "-3")}


def test_a_notice_of_entries_is_no_statement_that_could_be_missing_the_next_day() -> None:
    house = _day({"cash-1.xml": written.notification(Entry())}, {})
    drop_all(house, SECOND)
    house.business_day(SECOND, settle_all)
    assert "STATEMENT_MISSING" not in _codes(house)


def _codes(house: House) -> dict[str, str]:
    return {case["code"]: case["subject"] for case in house.table("cases")}
