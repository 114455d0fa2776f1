"""A market that does not do as it should: late, wrong, twice, in another order, unmatched."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from backoffice.formats.iso20022.status_reader import read_status
from cli.market.history import read_history
from tests.unit.market.market import (
    BUY,
    CASH,
    MONDAY,
    SELL,
    TUESDAY,
    WEDNESDAY,
    Market,
    brief,
)
from tests.unit.market.samples import SHARE

THURSDAY = date(2026, 1, 8)


def _act(act: str, **more: object) -> str:
    lines = [f"{key} = {value!r}".replace("'", '"') for key, value in more.items()]
    return "\n".join(["[[answer]]", f'do = "{act}"', *lines])


def test_a_late_confirmation_tells_of_the_settlement_date_days_after_it() -> None:
    market = Market(_act("late", days=2), BUY)
    assert market.day(TUESDAY) == market.day(WEDNESDAY) == []
    assert brief(market.day(THURSDAY), "effective_date") == [("OB-BUY", "SETTLED", TUESDAY)]


def test_a_fail_with_days_ends_and_settles_on_the_day_itself() -> None:
    market = Market(_act("fail", days=1), BUY)
    assert brief(market.day(TUESDAY)) == [("OB-BUY", "PENDING")]
    assert brief(market.day(WEDNESDAY), "effective_date") == [("OB-BUY", "SETTLED", WEDNESDAY)]


@pytest.mark.parametrize(
    ("more", "money"), [({}, -9_999), ({"off": "-0.50"}, -10_050), ({"money": "-1"}, -100)]
)
def test_a_wrong_amount_settles_all_the_same(more: dict[str, object], money: int) -> None:
    market = Market(_act("wrong-amount", **more), BUY)
    assert brief(market.day(TUESDAY), "quantity_e8", "money_minor") == [
        ("OB-BUY", "SETTLED", 100 * SHARE, money)
    ]
    assert market.day(WEDNESDAY) == []


@pytest.mark.parametrize(
    ("act", "said"),
    [
        ("wrong-quantity", ("OB-BUY", 101 * SHARE, "US0378331005", "RECEIVE")),
        ("wrong-instrument", ("OB-BUY", 100 * SHARE, "US5949181045", "RECEIVE")),
        ("wrong-direction", ("OB-BUY", 100 * SHARE, "US0378331005", "DELIVER")),
        ("unknown-obligation", ("XB-BUY", 100 * SHARE, "US0378331005", "RECEIVE")),
    ],
)
def test_what_misleads_is_said_once_and_the_right_confirmation_follows(
    act: str, said: tuple[object, ...]
) -> None:
    market = Market(_act(act), BUY)
    (row,) = market.day(TUESDAY)
    assert (row["obligation_id"], row["quantity_e8"], row["isin"], row["direction"]) == said
    assert read_history(market.drops).settled == {}
    assert market.day(TUESDAY) == []
    assert brief(market.day(WEDNESDAY), "quantity_e8", "effective_date") == [
        ("OB-BUY", "SETTLED", 100 * SHARE, TUESDAY)
    ]


def test_a_malformed_confirmation_cannot_be_read_and_the_right_one_follows() -> None:
    market = Market(_act("malformed"), BUY)
    assert (market.day(TUESDAY), market.rejected) == ([], 1)
    assert market.day(TUESDAY) == []
    assert brief(market.day(WEDNESDAY)) == [("OB-BUY", "SETTLED")]


def test_a_confirmation_of_another_version_says_the_same() -> None:
    plain, other = Market("", BUY), Market(_act("other-version"), BUY)
    assert other.day(TUESDAY) == plain.day(TUESDAY)
    assert b"sese.025.001.10" in other.drops[0]


def test_an_act_called_duplicate_settles_twice_in_one_file() -> None:
    rows = Market(_act("duplicate"), BUY).day(TUESDAY)
    assert [row["obligation_id"] for row in rows] == ["OB-BUY", "OB-BUY"]


def test_the_last_part_comes_in_the_file_that_is_named_first() -> None:
    market = Market(_act("out-of-order"), BUY)
    rows = market.day(TUESDAY)
    assert brief(rows, "quantity_e8", "money_minor", "reason") == [
        ("OB-BUY", "SETTLED", 50 * SHARE, -5_000, "PARC"),
        ("OB-BUY", "SETTLED", 50 * SHARE, -5_000, "PAIN"),
    ]
    first, second = (read_status(drop).statuses["reason"].to_list() for drop in market.drops)
    assert (first, second) == (["PARC"], ["PAIN"])
    assert market.day(WEDNESDAY) == []


def test_parts_out_of_order_add_up_to_the_unit() -> None:
    market = Market(_act("out-of-order", share="0.4"), SELL)
    rows = market.day(TUESDAY)
    assert [row["quantity_e8"] for row in rows] == [2 * SHARE, SHARE]
    assert [row["money_minor"] for row in rows] == [667, 333]


def test_what_has_no_two_parts_settles_whole() -> None:
    market = Market(_act("out-of-order"), CASH, replace(BUY, quantity_e8=1))
    assert [row["reason"] for row in market.day(TUESDAY)] == [None, None]


def test_a_share_of_a_partial_is_of_whole_shares() -> None:
    market = Market(_act("partial", share="0.5"), SELL)
    assert brief(market.day(TUESDAY), "quantity_e8") == [("OB-SELL", "SETTLED", SHARE)]


def test_an_unmatched_instruction_is_told_at_once_then_matched_then_settled() -> None:
    market = Market(_act("unmatched"), BUY)
    assert brief(market.day(MONDAY), "reason") == [("OB-BUY", "UNMATCHED", "CMIS")]
    assert market.day(MONDAY) == []
    assert brief(market.day(TUESDAY)) == [("OB-BUY", "MATCHED"), ("OB-BUY", "SETTLED")]


def test_an_instruction_is_unmatched_on_the_days_of_the_script_and_matched_before_it_is_due() -> (
    None
):
    on = [MONDAY - timedelta(days=3), MONDAY]
    text = f'[[answer]]\ndo = "unmatched"\nreason = "DQUA"\non = [{on[0]}, {on[1]}]'
    market = Market(text, replace(BUY, settlement_date=WEDNESDAY))
    assert [brief(market.day(day), "reason") for day in on] == [
        [("OB-BUY", "UNMATCHED", "DQUA")]
    ] * 2
    assert brief(market.day(TUESDAY)) == [("OB-BUY", "MATCHED")]
    assert brief(market.day(WEDNESDAY)) == [("OB-BUY", "SETTLED")]


def test_cash_has_no_wrong_direction() -> None:
    assert brief(Market(_act("wrong-direction"), CASH).day(TUESDAY)) == [("OB-CASH", "SETTLED")]
