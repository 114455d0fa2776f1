"""Confirmations: once each, whole or in parts, and nothing that does not fit."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from backoffice.settlement.confirmations import confirm
from backoffice.settlement.frames import APPLIED_SCHEMA, SETTLEMENT_SCHEMA, empty
from tests.unit.settlement.builders import (
    E8,
    ISIN,
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    Row,
    hear,
    obligations,
    statuses,
    withdrawals,
)

WHOLE: Row = {"quantity_e8": 100 * E8, "money_minor": -1000, "currency": "USD"}
HALF: Row = {"quantity_e8": 50 * E8, "money_minor": -500, "currency": "USD"}
CASH: Row = {"direction": "CASH", "quantity_e8": 0, "sell_gross_minor": 1700}
DELIVERY: Row = {
    "direction": "DELIVER",
    "quantity_e8": -100 * E8,
    "buy_gross_minor": 0,
    "sell_gross_minor": 1000,
}


def problems(*rows: Row, standing: pl.DataFrame | None = None) -> list[tuple[Any, ...]]:
    done = hear(obligations({}) if standing is None else standing, statuses(*rows))
    columns = ("code", "subject", "unit", "ours", "theirs", "difference")
    assert done.problems["kind"].unique().to_list() in ([], ["SETTLEMENT"])
    told = {(cause["code"], cause["subject"]) for cause in done.causes}
    assert told >= set(done.problems.select("code", "subject").iter_rows())
    return done.problems.select(columns).rows()


@pytest.mark.parametrize("status", ["INSTRUCTED", "FAILED"])
@pytest.mark.parametrize(("terms", "cash"), [({}, -1000), (DELIVERY, 1000), (CASH, 700)])
def test_a_whole_confirmation_settles_the_obligation(status: str, terms: Row, cash: int) -> None:
    standing = obligations({**terms, "status": status})
    quantity = standing["quantity_e8"][0]
    message = {"quantity_e8": abs(quantity), "money_minor": cash, "currency": "USD"}
    done = hear(standing, statuses({**message, "effective_date": MONDAY}))
    row = done.obligations.row(0, named=True)
    assert (row["status"], row["settled_on"]) == ("SETTLED", TUESDAY)
    assert (row["settled_quantity_e8"], row["settled_money_minor"]) == (abs(quantity), cash)
    settled = done.settlements.row(0, named=True)
    assert dict(done.settlements.schema) == dict(SETTLEMENT_SCHEMA)
    assert (settled["quantity_e8"], settled["money_minor"]) == (quantity, cash)
    assert (settled["number"], settled["effective_date"]) == (1, MONDAY)
    assert done.problems.height == 0
    assert done.causes == ()


def test_cash_alone_needs_no_quantity_and_shares_alone_no_money() -> None:
    done = hear(obligations(CASH), statuses({"money_minor": 700, "currency": "USD"}))
    assert done.obligations["status"].to_list() == ["SETTLED"]
    free = obligations({"buy_gross_minor": 0})
    done = hear(free, statuses({"quantity_e8": 100 * E8}))
    assert done.obligations["status"].to_list() == ["SETTLED"]
    assert done.problems.height == 0


def test_without_an_effective_date_today_counts() -> None:
    for message in (WHOLE, HALF):
        done = hear(obligations({}), statuses(message))
        assert done.settlements["effective_date"].to_list() == [TUESDAY]


def test_parts_add_up_until_the_last_settles() -> None:
    first = hear(obligations({"sell_gross_minor": 400, "buy_gross_minor": 1400}), statuses(HALF))
    row = first.obligations.row(0, named=True)
    assert (row["status"], row["settled_on"]) == ("PARTIAL", None)
    assert (row["settled_quantity_e8"], row["settled_money_minor"]) == (50 * E8, -500)
    last = hear(
        first.obligations,
        statuses({**HALF, "content_hash": "another"}),
        applied=first.applied,
        day=WEDNESDAY,
    )
    row = last.obligations.row(0, named=True)
    assert (row["status"], row["settled_on"]) == ("SETTLED", WEDNESDAY)
    numbers = [frame["number"][0] for frame in (first.settlements, last.settlements)]
    paired = [frame["paired_minor"][0] for frame in (first.settlements, last.settlements)]
    assert (numbers, paired) == ([1, 2], [400, 0])
    assert last.problems.height == 0


def test_parts_count_by_reference_then_file_then_row() -> None:
    rows = [
        {**HALF, "quantity_e8": 80 * E8, "money_minor": -800, "reference": "B"},
        {**HALF, "reference": "A", "file": "status-2.xml"},
    ]
    for order in (rows, rows[::-1]):
        done = hear(obligations({}), statuses(*order))
        assert done.settlements["quantity_e8"].to_list() == [50 * E8]
        assert done.problems["code"].to_list() == ["OVER_SETTLED"]


@pytest.mark.parametrize("message", [WHOLE, HALF])
def test_the_same_confirmation_counts_once(message: Row) -> None:
    twice = statuses(*[{**message, "reference": "R1", "content_hash": "same"}] * 2)
    done = hear(obligations({}), twice)
    assert done.settlements.height == 1
    again = hear(done.obligations, twice, applied=done.applied)
    assert again.obligations.equals(done.obligations)
    assert again.applied.equals(done.applied)
    assert again.settlements.height == again.problems.height == 0
    assert again.causes == ()


def test_without_a_reference_equal_content_is_the_same_confirmation() -> None:
    done = hear(obligations({}), statuses(*[{**HALF, "content_hash": "same"}] * 2))
    assert done.obligations["settled_quantity_e8"].to_list() == [50 * E8]
    assert done.applied.select(
        "confirmation", "quantity_e8", "money_minor", "applied_on"
    ).rows() == [("same", 50 * E8, -500, TUESDAY)]


def test_all_parts_of_one_transaction_may_carry_the_servicers_one_reference() -> None:
    first: Row = {**HALF, "reference": "R1"}
    done = hear(obligations({}), statuses(first))
    rest = statuses({**first, "effective_date": WEDNESDAY, "content_hash": "another"})
    whole = hear(done.obligations, rest, applied=done.applied, day=WEDNESDAY)
    assert whole.obligations["status"].to_list() == ["SETTLED"]
    assert whole.problems.height == 0


def test_a_whole_confirmation_again_with_other_figures_is_a_break() -> None:
    done = hear(obligations({}), statuses({**WHOLE, "reference": "R1"}))
    other = statuses({**WHOLE, "reference": "R1", "money_minor": -999, "content_hash": "another"})
    again = hear(done.obligations, other, applied=done.applied)
    assert again.obligations.equals(done.obligations)
    assert again.problems["code"].to_list() == ["OVER_SETTLED"]


@pytest.mark.parametrize("effective", [date(9999, 12, 31), date(1984, 12, 31)])
def test_a_date_no_calendar_has_settles_nothing(effective: date) -> None:
    assert problems({**WHOLE, "effective_date": effective}) == [
        ("WRONG_DATE", "OB1", ISIN, 0, 100 * E8, -100 * E8)
    ]


def test_one_reference_may_serve_two_obligations() -> None:
    standing = obligations({}, {"obligation_id": "OB2"})
    message: Row = {**WHOLE, "reference": "R1"}
    done = hear(standing, statuses(message, {**message, "obligation_id": "OB2"}))
    assert done.obligations["status"].to_list() == ["SETTLED", "SETTLED"]


def test_more_than_is_open_is_not_applied() -> None:
    assert problems({**WHOLE, "quantity_e8": 101 * E8}) == [
        ("OVER_SETTLED", "OB1", ISIN, 100 * E8, 101 * E8, -E8)
    ]
    settled = obligations({"status": "SETTLED", "settled_quantity_e8": 100 * E8})
    assert problems(WHOLE, standing=settled) == [("OVER_SETTLED", "OB1", "USD", 0, -1000, 1000)]
    assert problems(WHOLE, standing=obligations(CASH)) == [
        ("OVER_SETTLED", "OB1", ISIN, 0, 100 * E8, -100 * E8)
    ]


@pytest.mark.parametrize(
    ("status", "code"),
    [("OPEN", "NOT_INSTRUCTED"), ("CANCELLED", "CONFIRMED_AFTER_CANCELLATION")],
)
def test_what_is_not_at_the_street_does_not_settle(status: str, code: str) -> None:
    standing = obligations({"status": status})
    assert problems(WHOLE, standing=standing) == [(code, "OB1", "USD", 0, -1000, 1000)]
    assert hear(standing, statuses(WHOLE)).obligations.equals(standing)
    unpaid: Row = {**WHOLE, "currency": None, "money_minor": None}
    assert problems(unpaid, standing=standing) == [(code, "OB1", "USD", 0, 0, 0)]


def test_money_of_another_currency_is_not_applied() -> None:
    assert problems({**WHOLE, "currency": "EUR"}) == [
        ("WRONG_CURRENCY", "OB1", "EUR", 0, -1000, 1000)
    ]


@pytest.mark.parametrize("quantity", [None, 0, -5])
def test_a_confirmation_of_nothing_is_not_applied(quantity: int | None) -> None:
    assert problems({**WHOLE, "quantity_e8": quantity}) == [
        ("NOTHING_CONFIRMED", "OB1", ISIN, 100 * E8, quantity or 0, 100 * E8 - (quantity or 0))
    ]
    assert problems({"quantity_e8": 0}, standing=obligations(CASH)) == [
        ("NOTHING_CONFIRMED", "OB1", "USD", 700, 0, 700)
    ]


def test_a_confirmation_of_a_stranger_is_a_break() -> None:
    assert problems({**WHOLE, "obligation_id": "OB9"}) == [
        ("UNKNOWN_OBLIGATION", "OB9", "USD", 0, -1000, 1000)
    ]
    assert problems({"obligation_id": None}) == [("UNKNOWN_OBLIGATION", "", "", 0, 0, 0)]


@pytest.mark.parametrize(
    ("said", "difference"), [(-999, -1), (-1001, 1), (1000, -2000), (None, -1000)]
)
def test_money_that_is_off_is_posted_as_it_came_and_is_a_break(
    said: int | None, difference: int
) -> None:
    message: Row = {**WHOLE, "money_minor": said}
    assert problems(message) == [("MONEY_DIFFERS", "OB1", "USD", -1000, said or 0, difference)]
    done = hear(obligations({}), statuses(message))
    assert done.obligations["status"].to_list() == ["SETTLED"]
    assert done.settlements["money_minor"].to_list() == [said or 0]


@pytest.mark.parametrize(
    ("part", "off"), [(-333, False), (-334, False), (-332, True), (-335, True)]
)
def test_a_part_may_be_rounded_either_way_but_no_further(part: int, off: bool) -> None:  # noqa: FBT001
    third: Row = {"quantity_e8": 100 * E8 // 4 * 1, "money_minor": part, "currency": "USD"}
    standing = obligations({"quantity_e8": 75 * E8})
    found = problems(third, standing=standing)
    assert found == ([("MONEY_DIFFERS", "OB1", "USD", -333, part, -333 - part)] if off else [])


@pytest.mark.parametrize(("part", "off"), [(-500, False), (-499, True), (-501, True)])
def test_a_part_whose_share_is_whole_has_to_bring_it(part: int, off: bool) -> None:  # noqa: FBT001
    found = problems({**HALF, "money_minor": part})
    assert found == ([("MONEY_DIFFERS", "OB1", "USD", -500, part, -500 - part)] if off else [])


def test_the_last_part_has_to_bring_the_rest() -> None:
    parts: list[Row] = [
        {"quantity_e8": 25 * E8, "money_minor": money, "currency": "USD"} for money in (-333, -333)
    ]
    standing = obligations({"quantity_e8": 75 * E8})
    right = problems(*parts, {**parts[0], "money_minor": -334}, standing=standing)
    assert right == []
    short = problems(*parts, parts[0], standing=standing)
    assert short == [("MONEY_DIFFERS", "OB1", "USD", -334, -333, -1)]


def test_many_parts_rounded_alike_let_the_last_bring_more() -> None:
    sevenths: list[Row] = [
        {"quantity_e8": E8, "money_minor": -14, "currency": "USD"} for _ in range(6)
    ]
    standing = obligations({"quantity_e8": 7 * E8, "buy_gross_minor": 100})
    assert problems(*sevenths, {**sevenths[0], "money_minor": -16}, standing=standing) == []


def test_a_part_that_was_off_is_not_reported_again_by_the_last() -> None:
    off: Row = {**HALF, "money_minor": -550}
    assert problems(off, HALF) == [("MONEY_DIFFERS", "OB1", "USD", -500, -550, 50)]
    assert len(problems(off, {**HALF, "money_minor": -450})) == 2


def test_cash_alone_is_due_as_a_whole() -> None:
    part: Row = {"money_minor": 600, "currency": "USD"}
    rest: Row = {"money_minor": 100, "currency": "USD"}
    standing = obligations(CASH)
    assert problems(part, standing=standing) == [("MONEY_DIFFERS", "OB1", "USD", 700, 600, 100)]
    first = hear(standing, statuses(part))
    assert first.obligations["status"].to_list() == ["PARTIAL"]
    last = hear(first.obligations, statuses({**rest, "content_hash": "2"}), applied=first.applied)
    assert last.obligations["status"].to_list() == ["SETTLED"]
    assert last.problems.height == 0
    paid = obligations({**CASH, "sell_gross_minor": 0})
    assert hear(paid, statuses({"money_minor": -1100, "currency": "USD"})).obligations[
        "status"
    ].to_list() == ["SETTLED"]


def test_bulk_and_single_steps_agree() -> None:
    standing = obligations(
        {},
        {**DELIVERY, "obligation_id": "OB2", "status": "FAILED"},
        {**CASH, "obligation_id": "OB3"},
        {"obligation_id": "OB4", "sell_gross_minor": 2500},
    )
    messages = statuses(
        {**WHOLE, "reference": "R"},
        {**WHOLE, "obligation_id": "OB2", "money_minor": 1000},
        {"obligation_id": "OB3", "money_minor": 700, "currency": "USD"},
        {**WHOLE, "obligation_id": "OB4", "money_minor": 1500},
    )
    ways = [
        confirm(standing, empty(APPLIED_SCHEMA), messages, TUESDAY, in_bulk=way)
        for way in (True, False)
    ]
    for name in ("obligations", "settlements", "problems"):
        assert getattr(ways[0], name).equals(getattr(ways[1], name))
    assert ways[0].applied.sort(pl.all()).equals(ways[1].applied.sort(pl.all()))


def test_a_confirmation_of_another_instrument_or_direction_books_nothing() -> None:
    other = "IS0000000388"
    assert problems({**WHOLE, "isin": other, "direction": "RECEIVE"}) == [
        ("WRONG_INSTRUMENT", "OB1", other, 0, 100 * E8, -100 * E8)
    ]
    assert problems({**WHOLE, "isin": ISIN, "direction": "DELIVER"}) == [
        ("WRONG_DIRECTION", "OB1", ISIN, 100 * E8, -100 * E8, 200 * E8)
    ]
    done = hear(obligations({}), statuses({**WHOLE, "isin": other}))
    assert done.obligations.equals(obligations({}))
    assert done.settlements.height == done.applied.height == 0


def test_a_right_confirmation_is_taken_after_a_misaddressed_one_of_the_same_reference() -> None:
    wrong = {**WHOLE, "reference": "R1", "direction": "DELIVER"}
    right = {**WHOLE, "reference": "R1", "isin": ISIN, "direction": "RECEIVE"}
    done = hear(obligations({}), statuses(wrong, right))
    assert done.obligations["status"].to_list() == ["SETTLED"]
    assert done.problems["code"].to_list() == ["WRONG_DIRECTION"]


def test_cash_alone_goes_either_way_in_shares() -> None:
    message = {"money_minor": 700, "currency": "USD", "isin": ISIN, "direction": "DELIVER"}
    done = hear(obligations(CASH), statuses(message))
    assert done.obligations["status"].to_list() == ["SETTLED"]
    assert done.problems.height == 0


def test_a_misaddressed_answer_to_a_cancellation_is_not_taken() -> None:
    answer = {"message": "sese.027", "outcome": "CANCEL_ACCEPTED", "direction": "DELIVER"}
    standing = obligations({"cancel_requested_on": MONDAY})
    done = hear(standing, statuses(answer), pending=withdrawals({}))
    assert done.obligations["status"].to_list() == ["INSTRUCTED"]
    assert [(cause["code"], cause["subject"]) for cause in done.causes] == [
        ("WRONG_DIRECTION", "OB1")
    ]
