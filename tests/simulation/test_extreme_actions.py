"""Actions and lots at the ends of the calendar, and lots that meet short ones: no close dies."""

from datetime import date
from typing import Final

import pytest

from tests.reference.samples import US_SHARE, account, instrument, trade
from tests.simulation.house import House
from tests.simulation.test_cash_dividends import (
    AT,
    EX,
    MON,
    THU,
    TUE,
    Row,
    dividend,
    opened,
    run,
)
from tests.simulation.test_share_events import NEW_SHARE, event, known

LAST: Final = str(date.max)
CLIENT: Final = "C-US"


@pytest.mark.parametrize(
    "row",
    [
        dividend(pay_date=LAST),
        dividend(record_date=LAST, pay_date=LAST),
        event("TENDER", rate="11", currency="USD", election_deadline=LAST, pay_date=LAST),
    ],
    ids=["pay date", "record date", "deadline"],
)
def test_a_date_at_the_end_of_the_calendar_waits(row: Row) -> None:
    house = run(known(), TUE, actions=[row])
    run(house, EX)
    run(house, THU)
    assert house.report_days() == (MON, TUE, EX, THU)


def us_client(method: str) -> House:
    """Make a house whose American client is long what is merged and short what it becomes."""
    return run(
        opened(),
        MON,
        instruments=[instrument(NEW_SHARE, "XNYS", "USD")],
        accounts=[account(CLIENT, country="US", lot_method=method)],
        trades=[
            trade("S", "SHORT", "10", "11", account_id=CLIENT, isin=NEW_SHARE, locate_id="L",
                  trade_time="2026-10-05T14:00:00Z"),
            trade("T", "BUY", "12", "10", account_id=CLIENT, trade_time="2026-10-05T15:00:00Z"),
        ],
    )  # fmt: skip


@pytest.mark.parametrize("method", ["FIFO", "LIFO", "HIFO", "AVERAGE"])
def test_what_a_merger_covers_of_a_short_is_the_same_on_its_day_and_after(method: str) -> None:
    told = []
    for day in (EX, THU):
        house = run(us_client(method), TUE, actions=[
            event("MERGER", new_isin=NEW_SHARE, ratio_new="1", ratio_old="1")
        ])  # fmt: skip
        terms = {"account_id": CLIENT, "isin": NEW_SHARE}
        deals = [
            trade("B", "BUY", "5", "10", trade_time=f"{day}T14:00:00Z", **terms),
            trade("X", "SELL", "5", "8", trade_time=f"{day}T15:00:00Z", **terms),
        ]
        for each in (EX, THU):
            run(house, each, trades=deals if each == day else [])
        washes = house.table("wash-sales")
        kept = sum(int(row["quantity"]) for row in house.table("lots"))
        told.append([(w["loss_id"], w["quantity"], w["disallowed"]) for w in washes])
        assert kept == 2
        assert sum(int(w["quantity"]) for w in washes) <= kept + 5
    assert told[0] == told[1]


def test_shares_that_came_on_the_first_day_there_is_end_no_close() -> None:
    came = {"movement_id": "M", "account_id": CLIENT, "kind": "TRANSFER_IN", "isin": US_SHARE}
    came |= {"quantity": "5", "value_date": "0001-01-05", "cost": "50", "cost_currency": "USD"}
    sold = trade("X", "SELL", "5", "8", account_id=CLIENT, **AT[TUE])
    house = run(us_client("FIFO"), TUE, movements=[came], trades=[sold])
    assert not house.table("file-rejects")
    assert house.report_days() == (MON, TUE)
