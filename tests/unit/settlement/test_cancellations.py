"""Answers to requests to cancel: noted when they come, carried out at the close."""

import polars as pl
import pytest

from tests.unit.settlement.builders import (
    E8,
    FRIDAY,
    MONDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    Row,
    hear,
    obligations,
    statuses,
    whole,
    withdrawals,
)

ASKED: Row = {"cancel_requested_on": TUESDAY, "trades": 3, "quantity_e8": 260 * E8,
              "buy_gross_minor": 3000, "sell_gross_minor": 500}  # fmt: skip
ACCEPTED: Row = {"message": "sese.027", "outcome": "CANCEL_ACCEPTED"}
REFUSED: Row = {"message": "sese.027", "outcome": "CANCEL_REFUSED"}


def codes(causes: tuple[Row, ...]) -> list[str]:
    return [cause["code"] for cause in causes]


@pytest.mark.parametrize("status", ["INSTRUCTED", "FAILED"])
def test_an_accepted_cancellation_leaves_the_rest_under_a_new_id(status: str) -> None:
    standing = obligations({**ASKED, "status": status})
    done = hear(standing, statuses(ACCEPTED), pending=withdrawals({}))
    old = done.obligations.filter(pl.col("obligation_id") == "OB1").row(0, named=True)
    rest = done.rests.row(0, named=True)
    assert (old["status"], old["replaced_by"]) == ("CANCELLED", rest["obligation_id"])
    assert old["quantity_e8"] == 260 * E8
    assert (rest["origin"], rest["status"], rest["instructed_on"]) == (
        "REST",
        "INSTRUCTED",
        TUESDAY,
    )
    assert (rest["quantity_e8"], rest["trades"]) == (160 * E8, 2)
    assert (rest["buy_gross_minor"], rest["sell_gross_minor"]) == (2000, 500)
    assert rest["settlement_date"] == WEDNESDAY
    assert done.pending.height == 0
    assert done.causes == ()


def test_what_was_bought_in_of_the_only_trade_goes_back_by_its_venues_calendar() -> None:
    standing = obligations({"cancel_requested_on": TUESDAY, "quantity_e8": 60 * E8})
    done = hear(standing, statuses(ACCEPTED), pending=withdrawals({}))
    rest = done.rests.row(0, named=True)
    assert (rest["direction"], rest["quantity_e8"]) == ("DELIVER", -40 * E8)
    assert rest["settlement_date"] == WEDNESDAY
    assert rest["venues"] == [{"venue": "XNYS", "trades": 1}]


def test_a_rest_whose_date_is_still_to_come_keeps_it() -> None:
    standing = obligations({**ASKED, "settlement_date": FRIDAY})
    done = hear(standing, statuses(ACCEPTED), pending=withdrawals({}))
    assert done.rests["settlement_date"].to_list() == [FRIDAY]


def test_all_that_is_pending_leaves_at_once() -> None:
    pending = withdrawals({}, {"trade_id": "T2", "quantity_e8": 200 * E8, "buy_gross_minor": 2000})
    done = hear(obligations(ASKED), statuses(ACCEPTED), pending=pending)
    rest = done.rests.row(0, named=True)
    assert (rest["direction"], rest["quantity_e8"], rest["trades"]) == ("DELIVER", -40 * E8, 1)


def test_of_an_obligation_without_other_trades_nothing_is_left() -> None:
    standing = obligations({"cancel_requested_on": TUESDAY})
    done = hear(standing, statuses(ACCEPTED), pending=withdrawals({}))
    assert done.obligations.select("status", "replaced_by").rows() == [("CANCELLED", None)]
    assert done.rests.height == 0


def test_a_flat_rest_stays_open_and_settles_on_its_date() -> None:
    standing = obligations({"quantity_e8": 100 * E8, "buy_gross_minor": 2000, "trades": 3,
                            "sell_gross_minor": 1000})  # fmt: skip
    done = hear(standing, statuses(ACCEPTED), pending=withdrawals({}))
    rest = done.rests.row(0, named=True)
    assert (rest["direction"], rest["status"], rest["settlement_date"]) == (
        "FLAT",
        "OPEN",
        WEDNESDAY,
    )
    later = hear(done.obligations, day=WEDNESDAY)
    assert sorted(later.obligations["status"]) == ["CANCELLED", "SETTLED"]


def test_an_answer_before_the_cut_off_waits_for_the_close() -> None:
    noted = hear(obligations(ASKED), statuses(ACCEPTED), pending=withdrawals({}), at_close=False)
    assert noted.obligations.equals(obligations(ASKED))
    assert noted.pending["accepted_on"].to_list() == [TUESDAY]
    assert noted.rests.height == 0
    more = withdrawals({"trade_id": "T2", "quantity_e8": 60 * E8})
    done = hear(noted.obligations, pending=pl.concat([noted.pending, more]))
    assert done.rests["quantity_e8"].to_list() == [100 * E8]
    assert done.pending.height == 0


def test_a_refused_cancellation_leaves_the_obligation_and_tells_someone() -> None:
    done = hear(obligations(ASKED), statuses(REFUSED), pending=withdrawals({}))
    assert done.obligations.equals(obligations({**ASKED, "cancel_requested_on": None}))
    assert done.pending.equals(withdrawals({}))
    assert codes(done.causes) == ["CANCELLATION_REFUSED"]
    assert done.causes[0]["subject"] == "OB1"
    again = hear(done.obligations, statuses(REFUSED), pending=done.pending)
    assert again.causes == ()


def test_what_settles_after_a_refusal_is_undone() -> None:
    refused = hear(obligations(ASKED), statuses(REFUSED), pending=withdrawals({}))
    message = statuses(whole(ASKED | {"obligation_id": "OB1", "currency": "USD"}))
    done = hear(refused.obligations, message, pending=refused.pending, day=WEDNESDAY)
    assert done.opposites.select("quantity_e8", "settlement_date", "status").rows() == [
        (-100 * E8, THURSDAY, "INSTRUCTED")
    ]
    assert codes(done.causes) == ["SETTLED_TRADE_CORRECTED"]
    assert done.pending.height == 0


def test_a_street_that_comes_round_after_refusing_is_taken_at_its_word() -> None:
    refused = hear(obligations(ASKED), statuses(REFUSED), pending=withdrawals({}))
    done = hear(refused.obligations, statuses(ACCEPTED), pending=refused.pending, day=WEDNESDAY)
    assert done.rests.height == 1


@pytest.mark.parametrize("order", [(ACCEPTED, REFUSED), (REFUSED, ACCEPTED)])
def test_a_street_that_says_both_refuses(order: tuple[Row, Row]) -> None:
    done = hear(obligations(ASKED), statuses(*order), pending=withdrawals({}))
    assert done.obligations["status"].to_list() == ["INSTRUCTED"]
    assert done.pending["accepted_on"].to_list() == [None]
    assert codes(done.causes) == ["CANCELLATION_REFUSED"]


@pytest.mark.parametrize("part", [260, 100])
def test_what_settled_even_in_part_is_not_cancelled_any_more(part: int) -> None:
    message: Row = {"quantity_e8": part * E8, "money_minor": -2500 * part // 260, "currency": "USD"}
    done = hear(obligations(ASKED), statuses(ACCEPTED, message), pending=withdrawals({}))
    assert done.rests.height == done.pending.height == 0
    assert done.opposites["trade_key"].to_list() == ["acme|2026-04-06|T1"]
    assert "SETTLED_TRADE_CORRECTED" in codes(done.causes)


@pytest.mark.parametrize("status", ["PARTIAL", "SETTLED"])
def test_an_acceptance_after_the_settlement_is_too_late(status: str) -> None:
    standing = obligations({"status": status, "settlement_date": WEDNESDAY})
    done = hear(standing, statuses(ACCEPTED))
    assert done.obligations.equals(standing)
    assert codes(done.causes) == ["CANCELLATION_TOO_LATE"]


@pytest.mark.parametrize("status", ["INSTRUCTED", "OPEN"])
def test_a_cancellation_nobody_asked_for_is_not_carried_out(status: str) -> None:
    standing = obligations({"status": status})
    done = hear(standing, statuses(ACCEPTED))
    assert done.obligations.equals(standing)
    assert codes(done.causes) == ["CANCELLATION_NOT_REQUESTED"]


def test_a_repeated_acceptance_changes_nothing() -> None:
    first = hear(obligations(ASKED), statuses(ACCEPTED, ACCEPTED), pending=withdrawals({}))
    again = hear(first.obligations, statuses(ACCEPTED), pending=first.pending)
    assert again.obligations.equals(first.obligations)
    assert again.causes == ()


def test_a_refusal_of_what_is_cancelled_already_tells_someone() -> None:
    done = hear(obligations({"status": "CANCELLED"}), statuses(REFUSED), day=MONDAY)
    assert codes(done.causes) == ["CANCELLATION_REFUSED"]
