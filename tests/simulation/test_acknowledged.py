"""What two people have acknowledged stays acknowledged, until there is something new to look at."""

from datetime import date, timedelta
from typing import Final

from backoffice.records.verify_store import verify_store
from tests.reference.samples import (
    CLIENT,
    NETTING_STREET,
    US_SHARE,
    account,
    counterparty,
    instrument,
    standing_rows,
    trade,
)
from tests.reference.writing import table_bytes
from tests.simulation import test_customers as customers
from tests.simulation import test_margin_calls as margin
from tests.simulation.house import House
from tests.simulation.test_decisions import CHECKER, MAKER, NOW, act_on_case, case_of, decide
from tests.simulation.test_sanctions import take

WEDNESDAY, THURSDAY, FRIDAY = date(2026, 10, 7), date(2026, 10, 8), date(2026, 10, 9)
MONDAY, TUESDAY = date(2026, 10, 12), date(2026, 10, 13)
_AT: Final = "2026-10-09T14:00:00Z"
_DUE: Final = {"kyc_review_date": "2026-10-20"}


def acknowledge(house: House, code: str) -> None:
    decide(house, code, "ACKNOWLEDGE")


def open_codes(house: House) -> set[str]:
    return {row["code"] for row in house.table("cases") if row["status"] == "OPEN"}


def reviewed(kyc_review_date: str) -> House:
    """Run Wednesday and Thursday: a review is due on a date, and its case is acknowledged."""
    house = House()
    tables = {kind: table_bytes(rows) for kind, rows in standing_rows().items()}
    accounts = {"accounts": customers.accounts(kyc_review_date=kyc_review_date)}
    customers.run(house, WEDNESDAY, **tables | accounts)
    assert customers.review(house, THURSDAY) == 1
    customers.run(house, THURSDAY)
    assert open_codes(house) == {"KYC_REVIEW_DUE"}
    acknowledge(house, "KYC_REVIEW_DUE")
    return house


def goes_on(house: House, day: date, kyc_review_date: str | None = None) -> set[str]:
    """Run the night's job and the day; return what is open then."""
    said = {"kyc_review_date": kyc_review_date} if kyc_review_date else None
    files = {f"accounts-{day}": customers.accounts(**said)} if said else {}
    customers.review(house, day)
    customers.run(house, day, **files)
    assert verify_store(house.records)[1] == []
    return open_codes(house)


def test_a_review_that_was_acknowledged_is_quiet_until_it_has_another_date() -> None:
    house = reviewed("2026-10-20")
    assert goes_on(house, FRIDAY) == set()
    assert goes_on(house, MONDAY) == set()
    assert goes_on(house, TUESDAY, "2026-10-21") == set()
    assert goes_on(house, date(2026, 10, 14)) == {"KYC_REVIEW_DUE"}


def test_a_review_that_was_acknowledged_expires_all_the_same() -> None:
    house = reviewed("2026-10-09")
    assert goes_on(house, FRIDAY) == set()
    assert goes_on(house, MONDAY) == {"KYC_EXPIRED", "KYC_NOT_APPROVED"}
    acknowledge(house, "KYC_EXPIRED")
    # the partner's file says once more that it is approved, by the date that has passed
    assert goes_on(house, TUESDAY, "2026-10-09") == set()
    assert goes_on(house, date(2026, 10, 14)) == {"KYC_NOT_APPROVED"}
    assert goes_on(house, date(2026, 10, 15), "2026-10-16") == set()
    assert goes_on(house, date(2026, 10, 16)) == {"KYC_REVIEW_DUE"}
    assert goes_on(house, date(2026, 10, 19)) == {"KYC_EXPIRED", "KYC_NOT_APPROVED"}


def test_an_acknowledgement_before_the_close_counts_in_it_and_stands() -> None:
    house = House()
    tables = {kind: table_bytes(rows) for kind, rows in standing_rows().items()}
    customers.run(house, WEDNESDAY, **tables | {"accounts": customers.accounts(**_DUE)})
    customers.review(house, THURSDAY)
    house.cut_off(THURSDAY)
    acknowledge(house, "KYC_REVIEW_DUE")
    house.close(THURSDAY)
    assert open_codes(house) == set()
    assert goes_on(house, FRIDAY) == set()


def called(bought: list[dict[str, str]] | None = None) -> House:
    """Run up to Friday: an account is called, by the 15th, and the call is acknowledged."""
    house = margin.opened()
    margin.run(house, THURSDAY, "60")
    margin.assess(house)
    if bought:
        margin.drop(house, FRIDAY, trades=bought)
    margin.run(house, FRIDAY, "60")
    assert margin.cases(house) == [(margin.LENT, "OPEN", "2026-10-15")]
    acknowledge(house, "MARGIN_CALL")
    return house


def calls(house: House, day: date, close: str = "60") -> list[tuple[str, str]]:
    """Assess the day before and run a day; return the cases' status and due date."""
    margin.assess(house)
    margin.run(house, day, close)
    assert margin.is_sound(house)
    return [(status, due) for _, status, due in margin.cases(house)]


def test_a_margin_call_that_was_acknowledged_comes_back_once_its_date_has_passed() -> None:
    house = called()
    for number in range(4):
        assert calls(house, MONDAY + timedelta(days=number)) == [("CLOSED", "2026-10-15")]
    assert calls(house, date(2026, 10, 16))[1:] == [("OPEN", "2026-10-15")]
    # too late for any acknowledgement to stand: it is raised again while it is not met
    acknowledge(house, "MARGIN_CALL")
    house.business_day(date(2026, 10, 19))
    assert "MARGIN_CALL" not in open_codes(house)
    assert calls(house, date(2026, 10, 20))[-1] == ("OPEN", "2026-10-15")


def test_a_margin_call_that_was_acknowledged_is_forgotten_once_it_is_met() -> None:
    house = called()
    margin.assess(house)
    margin.run(house, MONDAY, "100")
    margin.assess(house)
    margin.run(house, TUESDAY, "60")
    assert margin.cases(house) == [(margin.LENT, "CLOSED", "2026-10-15")]
    assert calls(house, date(2026, 10, 14))[1:] == [("OPEN", "2026-10-20")]


def test_a_margin_call_that_has_grown_since_it_was_acknowledged_comes_back() -> None:
    house = called()
    assert calls(house, MONDAY, "40") == [("CLOSED", "2026-10-15")]
    assert calls(house, TUESDAY, "41") == [("CLOSED", "2026-10-15"), ("OPEN", "2026-10-15")]
    acknowledge(house, "MARGIN_CALL")
    assert calls(house, date(2026, 10, 14), "41")[-1] == ("CLOSED", "2026-10-15")


def test_a_call_by_another_date_is_another_than_the_one_acknowledged() -> None:
    house = called([trade("T-3", "BUY", "10", "59", account_id=margin.LENT, trade_time=_AT)])
    (row,) = margin.assess(house).calls
    assert (row["maintenance_due"], row["reg_t_due"]) == ("2026-10-15", "2026-10-14")
    assert calls(house, MONDAY) == [("OPEN", "2026-10-14")]
    acknowledge(house, "MARGIN_CALL")
    assert calls(house, TUESDAY) == [("CLOSED", "2026-10-14")]


def test_owners_that_disagree_are_acknowledged_while_they_do() -> None:
    house = House()
    tables = {
        "accounts": [account(CLIENT)],
        "instruments": [instrument(US_SHARE, "XNYS", "USD")],
        "counterparties": [counterparty(NETTING_STREET)],
        "owners": owners("60"),
    }
    margin.drop(house, WEDNESDAY, **tables)
    house.business_day(WEDNESDAY)
    acknowledge(house, "OWNERS_DISAGREE")
    house.business_day(THURSDAY)
    assert open_codes(house) == set()
    margin.drop(house, FRIDAY, owners=owners("40"))
    house.business_day(FRIDAY)
    margin.drop(house, MONDAY, owners=owners("60"))
    house.business_day(MONDAY)
    assert open_codes(house) == {"OWNERS_DISAGREE"}
    assert margin.is_sound(house)


def test_who_approves_what_is_closed_says_nothing_of_what_comes_after() -> None:
    house = House()
    tables = {
        "accounts": [account(CLIENT)],
        "instruments": [instrument(US_SHARE, "XNYS", "USD")],
        "counterparties": [counterparty(NETTING_STREET)],
        "owners": owners("60"),
    }
    margin.drop(house, WEDNESDAY, **tables)
    house.business_day(WEDNESDAY)
    # the desk still shows the case open while the day closes it
    shown = case_of(house, "OWNERS_DISAGREE")
    said = {"outcome": "ACKNOWLEDGE", "text": "looked at"}
    act_on_case(house, shown, MAKER, "PROPOSE", NOW, said)
    margin.drop(house, THURSDAY, owners=owners("40"))
    house.business_day(THURSDAY)
    act_on_case(house, shown, CHECKER, "APPROVE", NOW, {})
    margin.drop(house, FRIDAY, owners=owners("90"))
    house.business_day(FRIDAY)
    assert open_codes(house) == {"OWNERS_DISAGREE"}
    assert margin.is_sound(house)


def owners(percent: str) -> list[dict[str, str]]:
    return [
        {"owned": CLIENT, "owner": name, "owner_name": f"Owner {name}", "percent": percent}
        for name in ("P-1", "P-2")
    ]


def test_another_version_of_a_list_that_is_refused_is_another_cause() -> None:
    house = House()
    take(house, b"no list")
    margin.drop(house, WEDNESDAY, accounts=[account(CLIENT)])
    house.business_day(WEDNESDAY)
    acknowledge(house, "LIST_REFUSED")
    assert take(house, b"no list", THURSDAY) is None
    house.business_day(THURSDAY)
    assert open_codes(house) == set()
    take(house, b"no list either", FRIDAY)
    house.business_day(FRIDAY)
    assert open_codes(house) == {"LIST_REFUSED"}
    assert margin.is_sound(house)
