"""One case a cause, kept over days."""

from datetime import date

import polars as pl
import pytest

from backoffice.clearance.cases import CASE_SCHEMA, CAUSE_SCHEMA, Desk, due_on, hold_causes
from backoffice.clearance.cases import open_cases as look
from backoffice.kernel.errors import NoRuleError
from backoffice.kernel.rulebook import default_rulebook
from tests.unit.clearance.builders import (
    E8,
    ISIN,
    LEI,
    TUESDAY,
    Row,
    cut_off,
    snapshot,
    table,
    trades,
)

WEDNESDAY = date(2026, 4, 8)
THURSDAY = date(2026, 4, 9)
NO_CASES = pl.DataFrame(schema=dict(CASE_SCHEMA))
NO_CAUSES = pl.DataFrame(schema=dict(CAUSE_SCHEMA))


def causes(*rows: Row) -> pl.DataFrame:
    blank: Row = dict.fromkeys(CAUSE_SCHEMA)
    return pl.DataFrame([{**blank, **row} for row in rows], schema=dict(CAUSE_SCHEMA))


def unknown(isin: str, *trade_ids: str) -> pl.DataFrame:
    return causes(
        *({"code": "UNKNOWN_INSTRUMENT", "subject": isin, "trade_id": name} for name in trade_ids)
    )


def at(previous: pl.DataFrame, found: pl.DataFrame, day: date = TUESDAY) -> Desk:
    return look(previous, found, day, due_on(day, default_rulebook()))


def causes_of(row: Row, **reference: list[Row]) -> set[tuple[str, str]]:
    known = snapshot(**reference)
    register = cut_off(trades(row), known).register
    return set(hold_causes(register, known.accounts).select("code", "subject").rows())


@pytest.mark.parametrize(
    ("trade", "reference", "cause"),
    [
        ({"account_id": "A2"}, {}, ("UNKNOWN_ACCOUNT", "A2")),
        ({}, {"accounts": [{"kyc_status": "EXPIRED"}]}, ("KYC_NOT_APPROVED", "A1")),
        ({}, {"accounts": [{"credit_limit_minor": 1}]}, ("CREDIT_LIMIT", "A1")),
        ({"isin": "US0000000000"}, {}, ("UNKNOWN_INSTRUMENT", "US0000000000")),
        ({"currency": "EUR"}, {}, ("CURRENCY_MISMATCH", ISIN)),
        ({}, {"instruments": [{"status": "HALTED"}]}, ("INSTRUMENT_NOT_ACTIVE", ISIN)),
        ({"price_e8": 999 * E8}, {"prices": [{}]}, ("PRICE_OUT_OF_BAND", ISIN)),
        (
            {},
            {"instruments": [{"issuer_lei": LEI}], "restrictions": [{"subject": LEI}]},
            ("RESTRICTED_LIST", ISIN),
        ),
        ({}, {"counterparties": []}, ("UNKNOWN_COUNTERPARTY", LEI)),
        ({"side": "SHORT"}, {}, ("SHORT_WITHOUT_LOCATE", f"A1 {ISIN}")),
        ({"trade_date": date(2026, 4, 5)}, {}, ("NOT_A_SESSION", "XNYS 2026-04-05")),
        ({"trade_date": date(1987, 12, 31)}, {}, ("NO_RULE", "XNYS 1987-12-31")),
        (
            {},
            {"accounts": [{"currency": "ISK", "credit_limit_minor": 1}]},
            ("NO_FX_RATE", "USD/ISK"),
        ),
    ],
)
def test_the_cause_of_a_hold_is_what_would_have_to_change(
    trade: Row, reference: dict[str, list[Row]], cause: tuple[str, str]
) -> None:
    assert causes_of(trade, **reference) == {cause}


def test_a_trade_held_twice_has_two_causes_and_a_cleared_one_none() -> None:
    assert causes_of({"account_id": "A2", "side": "SHORT"}) == {
        ("UNKNOWN_ACCOUNT", "A2"),
        ("SHORT_WITHOUT_LOCATE", f"A2 {ISIN}"),
    }
    assert causes_of({}) == set()


def test_an_imposed_code_leaves_its_cause_to_who_imposed_it() -> None:
    frame = trades({}).with_columns(imposed_codes=pl.lit("SANCTIONS_HIT"))
    register = cut_off(frame).register
    assert hold_causes(register, table("accounts", {})).is_empty()


def test_one_cause_is_one_case_however_many_trades_it_holds() -> None:
    desk = at(NO_CASES, unknown(ISIN, "1", "2", "3"))
    assert desk.cases.select("code", "subject", "status", "members", "opened_on", "due").rows() == [
        ("UNKNOWN_INSTRUMENT", ISIN, "OPEN", 3, TUESDAY, THURSDAY)
    ]
    assert desk.members["trade_id"].to_list() == ["1", "2", "3"]
    assert set(desk.members["case_id"]) == set(desk.cases["case_id"])
    assert dict(desk.cases.schema) == dict(CASE_SCHEMA)


def test_a_case_is_named_by_its_day_and_its_cause() -> None:
    case_id = at(NO_CASES, unknown(ISIN, "1")).cases["case_id"].item()
    assert case_id == at(NO_CASES, unknown(ISIN, "2", "3")).cases["case_id"].item()
    assert case_id != at(NO_CASES, unknown("US0000000000", "1")).cases["case_id"].item()
    assert case_id.startswith("CASE-20260407-")
    assert len(case_id) == len("CASE-20260407-") + 10


def test_a_case_stays_open_over_days_with_its_first_day_and_its_clock() -> None:
    first = at(NO_CASES, unknown(ISIN, "1"))
    second = at(first.cases, unknown(ISIN, "1", "2"), WEDNESDAY)
    assert second.cases.select("case_id", "opened_on", "due", "members").rows() == [
        (first.cases["case_id"].item(), TUESDAY, THURSDAY, 2)
    ]


def test_a_case_without_members_left_is_closed() -> None:
    first = at(NO_CASES, pl.concat([unknown(ISIN, "1"), unknown("US0000000000", "2")]))
    second = at(first.cases, unknown(ISIN, "1"), WEDNESDAY)
    states = second.cases.sort("subject").select("subject", "status", "members", "closed_on")
    assert states.rows() == [
        ("US0000000000", "CLOSED", 0, WEDNESDAY),
        (ISIN, "OPEN", 1, None),
    ]
    assert second.members["trade_id"].to_list() == ["1"]
    third = at(second.cases, unknown(ISIN, "1"), THURSDAY)
    assert third.cases.equals(second.cases)


def test_a_cause_that_comes_back_opens_a_new_case() -> None:
    first = at(NO_CASES, unknown(ISIN, "1"))
    closed = at(first.cases, NO_CAUSES, WEDNESDAY)
    again = at(closed.cases, unknown(ISIN, "9"), THURSDAY)
    assert again.cases.select("opened_on", "status").rows() == [
        (TUESDAY, "CLOSED"),
        (THURSDAY, "OPEN"),
    ]
    assert again.cases["case_id"].n_unique() == 2


def test_opened_closed_and_opened_again_in_one_day_it_is_one_case() -> None:
    first = at(NO_CASES, unknown(ISIN, "1"))
    closed = at(first.cases, NO_CAUSES)
    again = at(closed.cases, unknown(ISIN, "1"))
    assert again.cases.equals(first.cases)


def test_a_movement_and_a_trade_that_wait_for_one_account_share_its_case() -> None:
    waits: Row = {"code": "UNKNOWN_ACCOUNT", "subject": "A9"}
    found = causes(
        {**waits, "trade_id": "T1", "file": "trades.csv", "row": 1},
        {**waits, "file": "movements.csv", "row": 7},
        {**waits, "file": "movements.csv", "row": 7},
    )
    desk = at(NO_CASES, found)
    assert desk.cases["members"].to_list() == [2]
    assert set(desk.members["file"]) == {"trades.csv", "movements.csv"}


def test_the_order_of_causes_does_not_matter() -> None:
    found = pl.concat([unknown(ISIN, "2", "1"), unknown("US0000000000", "3")])
    one, other = at(NO_CASES, found), at(NO_CASES, found.reverse())
    assert one.cases.equals(other.cases)
    assert one.members.equals(other.members)


@pytest.mark.parametrize(
    ("opened", "due"),
    [
        (date(2026, 4, 8), date(2026, 4, 10)),
        (date(2026, 4, 9), date(2026, 4, 13)),
        (date(2026, 4, 10), date(2026, 4, 14)),
        (date(2026, 4, 11), date(2026, 4, 14)),
        (date(2026, 4, 12), date(2026, 4, 14)),
    ],
)
def test_a_case_is_due_two_weekdays_after_it_opened(opened: date, due: date) -> None:
    assert due_on(opened, default_rulebook()) == due


def test_without_a_rule_there_is_no_due_date() -> None:
    with pytest.raises(NoRuleError):
        due_on(date(1984, 12, 31), default_rulebook())


def test_a_cause_with_a_date_of_its_own_gives_it_to_its_case_and_a_case_keeps_its_date() -> None:
    own = pl.DataFrame({"code": ["MARGIN_CALL"], "subject": ["A"], "due": [date(2026, 10, 15)]})
    both = pl.DataFrame(
        [{"code": "MARGIN_CALL", "subject": name} for name in ("A", "B")], schema=dict(CAUSE_SCHEMA)
    )
    first = look(NO_CASES, both, date(2026, 10, 8), date(2026, 10, 12), own)
    dues = dict(first.cases.select("subject", "due").iter_rows())
    assert dues == {"A": date(2026, 10, 15), "B": date(2026, 10, 12)}
    later = own.with_columns(due=pl.lit(date(2026, 11, 1)))
    again = look(first.cases, both, date(2026, 10, 9), date(2026, 10, 13), later)
    assert again.cases.equals(first.cases)
    sooner = own.with_columns(due=pl.lit(date(2026, 10, 14)))
    again = look(first.cases, both, date(2026, 10, 9), date(2026, 10, 13), sooner)
    dues = dict(again.cases.select("subject", "due").iter_rows())
    assert dues == {"A": date(2026, 10, 14), "B": date(2026, 10, 12)}
