"""Corrected trades leave their obligations, as far as these have gone."""

from datetime import date

import polars as pl
import pytest

from backoffice.kernel.errors import NoRuleError
from backoffice.settlement.contributions import LostContributionError
from backoffice.settlement.corrections import Corrected, correct
from backoffice.settlement.frames import WITHDRAWAL_SCHEMA, empty
from backoffice.settlement.nets import partial_nets
from backoffice.settlement.netting import net
from tests.unit.settlement.builders import (
    E8,
    LEI,
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    Row,
    next_day_after,
    obligations,
    trades,
    withdrawals,
)

FLAT: Row = {
    "direction": "FLAT",
    "status": "OPEN",
    "quantity_e8": 0,
    "sell_gross_minor": 1000,
    "trades": 2,
    "instructed_on": None,
    "settlement_date": WEDNESDAY,
}
SALE: Row = {
    "trade_id": "T2",
    "quantity_e8": -100 * E8,
    "buy_gross_minor": 0,
    "sell_gross_minor": 1000,
}


def corrected(
    standing: pl.DataFrame, *rows: Row, day: date = TUESDAY, pending: pl.DataFrame | None = None
) -> Corrected:
    before = empty(WITHDRAWAL_SCHEMA) if pending is None else pending
    return correct(standing, withdrawals(*rows), before, day, next_day_after(day))


def test_a_day_without_corrections_changes_nothing() -> None:
    standing = obligations({}, {**FLAT, "obligation_id": "OB2"})
    done = corrected(standing)
    assert done.obligations.equals(standing)
    assert (done.pending.height, done.requests.height, done.causes) == (0, 0, ())


def test_an_open_obligation_is_netted_anew_without_the_trade() -> None:
    done = corrected(obligations(FLAT), SALE)
    row = done.obligations.row(0, named=True)
    assert (row["direction"], row["quantity_e8"], row["trades"]) == ("RECEIVE", 100 * E8, 1)
    assert (row["buy_gross_minor"], row["sell_gross_minor"]) == (1000, 0)
    assert (row["status"], row["settlement_date"]) == ("OPEN", WEDNESDAY)
    assert done.pending.height == 0
    later = net(partial_nets(trades({"due_date": WEDNESDAY}), set()), done.obligations, TUESDAY)
    assert later.obligations["status"].to_list() == ["INSTRUCTED"]
    assert later.obligations["quantity_e8"].to_list() == [200 * E8]


def test_a_rest_whose_date_has_come_goes_out_for_the_next_settlement_day() -> None:
    done = corrected(obligations({**FLAT, "settlement_date": TUESDAY}), SALE)
    row = done.obligations.row(0, named=True)
    assert (row["status"], row["settlement_date"]) == ("INSTRUCTED", WEDNESDAY)
    assert row["instructed_on"] == TUESDAY


def test_a_rest_that_is_still_flat_keeps_its_date() -> None:
    standing = obligations({**FLAT, "settlement_date": MONDAY, "trades": 4,
                            "buy_gross_minor": 2000, "sell_gross_minor": 2000})  # fmt: skip
    row = corrected(standing, SALE, {}).obligations.row(0, named=True)
    assert (row["direction"], row["status"], row["settlement_date"]) == ("FLAT", "OPEN", MONDAY)
    assert (row["trades"], row["buy_gross_minor"], row["sell_gross_minor"]) == (2, 1000, 1000)


def test_an_emptied_obligation_is_cancelled_by_the_next_netting() -> None:
    done = corrected(obligations(FLAT), SALE, {})
    after = net(partial_nets(trades(), set()), done.obligations, TUESDAY)
    assert after.obligations.select("status", "trades").rows() == [("CANCELLED", 0)]


@pytest.mark.parametrize("status", ["INSTRUCTED", "FAILED"])
def test_an_instructed_obligation_is_asked_to_be_cancelled_once(status: str) -> None:
    standing = obligations({"status": status, "trades": 3})
    done = corrected(standing, {}, {"trade_id": "T2"})
    row = done.obligations.row(0, named=True)
    assert (row["status"], row["cancel_requested_on"]) == (status, TUESDAY)
    assert done.requests["obligation_id"].to_list() == ["OB1"]
    assert sorted(done.pending["trade_id"]) == ["T1", "T2"]
    assert done.causes == ()
    again = corrected(done.obligations, {"trade_id": "T3"}, pending=done.pending, day=WEDNESDAY)
    assert again.requests.height == 0
    assert sorted(again.pending["trade_id"]) == ["T1", "T2", "T3"]
    assert again.obligations["cancel_requested_on"].to_list() == [TUESDAY]


@pytest.mark.parametrize("status", ["PARTIAL", "SETTLED", "CANCELLED"])
def test_a_settled_or_bought_in_trade_is_undone_by_an_obligation_of_its_own(status: str) -> None:
    standing = obligations({"status": status, "trades": 2})
    done = corrected(standing, {})
    assert done.obligations.filter(pl.col("obligation_id") == "OB1").equals(standing)
    row = done.opposites.row(0, named=True)
    assert (row["origin"], row["status"], row["direction"]) == ("OPPOSITE", "INSTRUCTED", "DELIVER")
    assert (row["quantity_e8"], row["buy_gross_minor"], row["sell_gross_minor"]) == (
        -100 * E8,
        -1000,
        0,
    )
    assert (row["settlement_date"], row["instructed_on"]) == (WEDNESDAY, TUESDAY)
    assert (row["trade_key"], row["trades"]) == ("acme|2026-04-06|T1", 1)
    assert (row["counterparty"], row["opened_on"]) == (LEI, TUESDAY)
    assert done.requests.height == done.pending.height == 0
    assert [(cause["code"], cause["subject"]) for cause in done.causes] == [
        ("SETTLED_TRADE_CORRECTED", "acme 2026-04-06 T1")
    ]


def test_the_opposite_of_a_sale_is_received_and_paid() -> None:
    row = corrected(obligations({"status": "SETTLED"}), SALE).opposites.row(0, named=True)
    assert (row["direction"], row["quantity_e8"], row["sell_gross_minor"]) == (
        "RECEIVE",
        100 * E8,
        -1000,
    )


def test_the_opposite_is_due_by_the_trades_own_venue() -> None:
    good_friday_eve = date(2026, 4, 2)
    standing = obligations({"status": "SETTLED"}, {"obligation_id": "OB2", "status": "SETTLED"})
    rows: list[Row] = [{"venue": "XNYS"}, {"venue": "XSTO", "trade_id": "T2"}]
    done = corrected(standing, rows[0], {**rows[1], "obligation_id": "OB2"}, day=good_friday_eve)
    due = dict(done.opposites.select("trade_key", "settlement_date").iter_rows())
    assert due == {"acme|2026-04-06|T1": MONDAY, "acme|2026-04-06|T2": TUESDAY}


def test_two_versions_of_a_trade_are_undone_apart() -> None:
    standing = obligations({"status": "SETTLED"}, {"obligation_id": "OB2", "status": "SETTLED"})
    done = corrected(standing, {}, {"obligation_id": "OB2"})
    assert done.opposites["obligation_id"].n_unique() == 2


def test_a_trade_in_no_obligation_is_an_error() -> None:
    with pytest.raises(LostContributionError):
        corrected(obligations({}), {"obligation_id": "OB9"})


def test_past_the_calendars_end_there_is_no_next_day() -> None:
    with pytest.raises(NoRuleError):
        corrected(obligations({"status": "SETTLED"}), {}, day=date(2035, 12, 31))
