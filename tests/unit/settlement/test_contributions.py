"""A cleared trade finds its obligation again, whatever became of it."""

import polars as pl
import pytest

from backoffice.settlement.contributions import LostContributionError, locate
from backoffice.settlement.frames import OBLIGATION_SCHEMA, WITHDRAWAL_SCHEMA, empty
from backoffice.settlement.nets import partial_nets
from backoffice.settlement.netting import net
from tests.unit.settlement.builders import (
    E8,
    LEI,
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    Row,
    obligations,
    trades,
)

SALE: Row = {"trade_id": "T2", "side": "SELL", "quantity_e8": 40 * E8, "gross_minor": 500}


def test_a_netted_trade_is_found_with_what_it_put_in() -> None:
    done = net(partial_nets(trades({}, SALE), set()), empty(OBLIGATION_SCHEMA), MONDAY)
    found = locate(trades(SALE), done.memberships, done.obligations)
    assert dict(found.schema) == dict(WITHDRAWAL_SCHEMA)
    row = found.row(0, named=True)
    assert row["obligation_id"] == done.obligations["obligation_id"][0]
    assert (row["quantity_e8"], row["buy_gross_minor"], row["sell_gross_minor"]) == (
        -40 * E8,
        0,
        500,
    )


def test_trades_that_did_not_net_are_found_apart() -> None:
    done = net(partial_nets(trades({}, SALE), {LEI}), empty(OBLIGATION_SCHEMA), MONDAY)
    found = locate(trades({}, SALE), done.memberships, done.obligations)
    by_trade = dict(found.select("trade_id", "obligation_id").iter_rows())
    assert by_trade == {
        key.split("|")[-1]: name
        for key, name in done.obligations.select("trade_key", "obligation_id").iter_rows()
    }


def test_the_day_of_clearing_tells_which_obligation_of_a_key_it_is() -> None:
    first = net(partial_nets(trades({}), set()), empty(OBLIGATION_SCHEMA), MONDAY)
    late: Row = {"trade_id": "T2", "cleared_on": TUESDAY}
    second = net(partial_nets(trades(late), set()), first.obligations, TUESDAY)
    memberships = pl.concat([first.memberships, second.memberships])
    found = locate(trades({}, late), memberships, second.obligations)
    by_trade = dict(found.select("trade_id", "obligation_id").iter_rows())
    assert by_trade["T1"] == first.obligations["obligation_id"][0]
    assert by_trade["T2"] != by_trade["T1"]


def test_a_replaced_obligation_is_followed_to_what_stands() -> None:
    done = net(partial_nets(trades({}), set()), empty(OBLIGATION_SCHEMA), MONDAY)
    first = done.obligations["obligation_id"][0]
    chain = obligations(
        {"obligation_id": first, "status": "CANCELLED", "replaced_by": "OB2"},
        {"obligation_id": "OB2", "status": "CANCELLED", "replaced_by": "OB3"},
        {"obligation_id": "OB3"},
    )
    found = locate(trades({}), done.memberships, chain)
    assert found["obligation_id"].to_list() == ["OB3"]


def test_a_trade_nobody_netted_is_an_error_that_names_it() -> None:
    done = net(partial_nets(trades({}), set()), empty(OBLIGATION_SCHEMA), MONDAY)
    with pytest.raises(LostContributionError, match=r"acme\|2026-04-06\|T9"):
        locate(trades({"trade_id": "T9", "due_date": WEDNESDAY}), done.memberships, obligations({}))
    with pytest.raises(LostContributionError, match="T1"):
        locate(trades({}), done.memberships, obligations({}))
