"""A trade corrected at any stage of its obligation: in the end the books say what still stands."""

from collections.abc import Callable

import polars as pl
import pytest

from tests.unit.settlement.builders import (
    FRIDAY,
    LEI,
    MONDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    Row,
    Street,
    statuses,
    whole,
)

BUY: Row = {"trade_id": "T1", "quantity_e8": 100, "gross_minor": 1000, "due_date": WEDNESDAY}
SELL: Row = {"trade_id": "T2", "side": "SELL", "quantity_e8": 40, "gross_minor": 450,
             "due_date": WEDNESDAY}  # fmt: skip
FLAT: Row = {**SELL, "quantity_e8": 100, "gross_minor": 1000}
NEW_VERSION: Row = {**BUY, "trade_date": MONDAY, "quantity_e8": 90, "gross_minor": 890,
                    "due_date": FRIDAY}  # fmt: skip

Stage = Callable[[Street, list[Row]], None]


def correct(street: Street, version: list[Row]) -> None:
    """Correct the purchase on Thursday; an AMEND nets its new version."""
    street.cut_off(THURSDAY, version, ["T1"])


def begin(*rows: Row, alone: bool = False) -> Street:
    street = Street(trade_netting=frozenset({LEI} if alone else ()))
    street.cut_off(MONDAY, rows)
    street.close(MONDAY)
    return street


def still_open(street: Street, version: list[Row]) -> None:
    street.cut_off(TUESDAY, version, ["T1"])
    assert street.requests == []


def instructed_and_accepted(street: Street, version: list[Row]) -> None:
    street.cut_off(TUESDAY, version, ["T1"])
    (name,) = street.requests
    street.close(TUESDAY, statuses({"obligation_id": name, "outcome": "CANCEL_ACCEPTED"}))
    assert street.one(obligation_id=name)["status"] == "CANCELLED"


def instructed_and_refused(street: Street, version: list[Row]) -> None:
    street.cut_off(TUESDAY, version, ["T1"])
    (name,) = street.requests
    street.close(TUESDAY, statuses({"obligation_id": name, "outcome": "CANCEL_REFUSED"}))
    street.close(WEDNESDAY, statuses(whole(street.one(obligation_id=name))))
    assert street.one(origin="OPPOSITE")["settlement_date"] == THURSDAY


def instructed_and_never_answered(street: Street, version: list[Row]) -> None:
    street.cut_off(TUESDAY, version, ["T1"])
    (name,) = street.requests
    street.close(WEDNESDAY, statuses(whole(street.one(obligation_id=name))))
    assert street.one(origin="OPPOSITE")["status"] == "INSTRUCTED"


def failed_and_accepted(street: Street, version: list[Row]) -> None:
    street.close(WEDNESDAY)
    street.close(THURSDAY)
    assert [row["status"] for row in street.live()].count("FAILED") >= 1
    correct(street, version)
    (name,) = street.requests
    street.close(THURSDAY, statuses({"obligation_id": name, "outcome": "CANCEL_ACCEPTED"}))
    assert street.one(obligation_id=name)["status"] == "CANCELLED"


def partly_settled(street: Street, version: list[Row]) -> None:
    rows = [
        {**whole(row), "quantity_e8": 10, "money_minor": whole(row)["money_minor"] * 10
         // abs(row["quantity_e8"])}
        for row in street.live()
    ]  # fmt: skip
    street.close(WEDNESDAY, statuses(*rows))
    correct(street, version)
    assert street.one(origin="OPPOSITE")["quantity_e8"] == -100
    assert [cause["code"] for cause in street.causes] == ["SETTLED_TRADE_CORRECTED"]


def settled(street: Street, version: list[Row]) -> None:
    street.close(WEDNESDAY, statuses(*[whole(row) for row in street.live()]))
    correct(street, version)
    assert street.one(origin="OPPOSITE")["settlement_date"] == FRIDAY
    assert [cause["code"] for cause in street.causes] == ["SETTLED_TRADE_CORRECTED"]


@pytest.mark.parametrize("version", [[], [NEW_VERSION]], ids=["cancel", "amend"])
@pytest.mark.parametrize("alone", [False, True], ids=["net", "trade"])
@pytest.mark.parametrize(
    "stage",
    [
        instructed_and_accepted,
        instructed_and_refused,
        instructed_and_never_answered,
        failed_and_accepted,
        partly_settled,
        settled,
    ],
)
def test_a_correction_at_any_stage_ends_square(
    stage: Stage,
    alone: bool,  # noqa: FBT001
    version: list[Row],
) -> None:
    street = begin(BUY, SELL, alone=alone)
    stage(street, version)
    assert_square(street)


@pytest.mark.parametrize("version", [[], [NEW_VERSION]], ids=["cancel", "amend"])
def test_a_correction_of_what_is_flat_and_open_ends_square(version: list[Row]) -> None:
    street = begin(BUY, FLAT)
    still_open(street, version)
    assert street.one(settlement_date=WEDNESDAY)["quantity_e8"] == -100
    assert_square(street)


def test_a_flat_obligation_corrected_after_its_date_is_undone() -> None:
    street = begin(BUY, FLAT)
    street.close(WEDNESDAY)
    assert street.one()["status"] == "SETTLED"
    correct(street, [])
    assert street.one(origin="OPPOSITE")["direction"] == "DELIVER"
    assert_square(street)


def test_a_trade_in_a_rest_is_found_there_and_leaves_it_too() -> None:
    street = begin(BUY, SELL, {**BUY, "trade_id": "T3", "quantity_e8": 7, "gross_minor": 70})
    instructed_and_accepted(street, [])
    street.cut_off(WEDNESDAY, [], ["T2"])
    rest = street.one(origin="REST")
    assert street.requests[1:] == [rest["obligation_id"]]
    accepted = {"obligation_id": rest["obligation_id"], "outcome": "CANCEL_ACCEPTED"}
    street.close(WEDNESDAY, statuses(accepted))
    last = street.one(origin="REST", status="INSTRUCTED")
    assert (last["quantity_e8"], last["trades"]) == (7, 1)
    assert_square(street)


def test_a_new_version_may_be_corrected_in_its_turn() -> None:
    street = begin(BUY, SELL)
    settled(street, [NEW_VERSION])
    street.close(THURSDAY)
    street.close(FRIDAY, statuses(*[whole(row) for row in street.live()]))
    street.cut_off(FRIDAY, [], ["T1"])
    opposites = street.obligations.filter(pl.col("origin") == "OPPOSITE")
    assert sorted(opposites["quantity_e8"]) == [-100, -90]
    assert_square(street)


def assert_square(street: Street) -> None:
    street.settle_everything(FRIDAY.replace(month=6))
    assert street.unsettled() == {}
    assert street.holdings() == street.wanted_holdings()
    assert street.cash() == street.wanted_cash()
    assert street.pending.height == 0
