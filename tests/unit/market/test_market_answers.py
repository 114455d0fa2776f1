"""What the market says on a day, from what it was sent and what it said before."""

from dataclasses import replace
from datetime import date

import pytest

from backoffice.formats.iso20022.fields import Problem
from backoffice.formats.iso20022.instruction_reader import Cancellation, Unreadable
from backoffice.kernel.errors import BackofficeError
from cli.market.answers import answer
from cli.market.cancellations import Request
from cli.market.history import History, read_history
from cli.market.script import SETTLE_ALL, SILENT
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
from tests.unit.market.samples import SHARE, THEM


def test_settle_all_confirms_everything_due_in_full_on_its_settlement_date() -> None:
    market = Market(SETTLE_ALL, SELL, CASH, BUY)
    assert market.day(MONDAY) == []
    rows = market.day(TUESDAY)
    assert brief(rows, "quantity_e8", "money_minor", "effective_date", "reason") == [
        ("OB-BUY", "SETTLED", 100 * SHARE, -10_000, TUESDAY, None),
        ("OB-CASH", "SETTLED", 0, -5, TUESDAY, None),
        ("OB-SELL", "SETTLED", 3 * SHARE, 1_000, TUESDAY, None),
    ]
    assert market.day(TUESDAY) == []
    assert market.day(WEDNESDAY) == []


def test_a_missed_day_is_made_good_effective_on_the_settlement_date() -> None:
    rows = Market(SETTLE_ALL, BUY).day(WEDNESDAY)
    assert brief(rows, "effective_date") == [("OB-BUY", "SETTLED", TUESDAY)]


def test_the_answer_is_the_same_whatever_order_things_come_in() -> None:
    requests = [Request(Cancellation(name, "RECE"), "2026-01-05") for name in ("OB-X", "OB-BUY")]
    unreadable = [Unreadable("OB-Z", ()), Unreadable(None, ())]
    one = answer([BUY, SELL, *unreadable], requests, History(), TUESDAY, SETTLE_ALL)
    two = answer([*unreadable[::-1], SELL, BUY], requests[::-1], History(), TUESDAY, SETTLE_ALL)
    assert one == two


def test_nothing_is_said_by_a_silent_market() -> None:
    market = Market(SILENT, BUY, Unreadable("OB-Z", ()))
    market.cancel("OB-BUY")
    assert market.day(TUESDAY) == []


def test_cancellations_are_answered_first_and_stop_the_settlement() -> None:
    market = Market(SETTLE_ALL, BUY, SELL)
    market.cancel("OB-SELL", TUESDAY)
    assert brief(market.day(TUESDAY)) == [("OB-SELL", "CANCEL_ACCEPTED"), ("OB-BUY", "SETTLED")]
    assert market.day(WEDNESDAY) == []


def test_a_settled_instruction_is_not_cancelled() -> None:
    market = Market(SETTLE_ALL, BUY)
    market.day(TUESDAY)
    market.cancel("OB-BUY", TUESDAY)
    assert brief(market.day(TUESDAY), "reason") == [("OB-BUY", "CANCEL_REFUSED", "DSET")]
    assert market.day(WEDNESDAY) == []


def test_a_second_request_on_another_day_is_answered_anew() -> None:
    market = Market(SETTLE_ALL, BUY)
    market.cancel("OB-BUY", MONDAY)
    market.day(MONDAY)
    market.cancel("OB-BUY", TUESDAY)
    assert brief(market.day(TUESDAY), "reason") == [("OB-BUY", "CANCEL_REFUSED", "DCAN")]


def test_a_request_about_something_unknown_is_refused() -> None:
    market = Market(SETTLE_ALL)
    market.cancel("OB-NOBODY")
    market.cancel("OB-NOBODY")
    assert brief(market.day(MONDAY), "reason") == [("OB-NOBODY", "CANCEL_REFUSED", "REFE")]


def test_an_unreadable_request_is_refused() -> None:
    market = Market(SETTLE_ALL)
    market.requests = [
        Request(Unreadable(None, (Problem("f", "BAD_FORMAT", "m"),)), "2026-01-05"),
        Request(Unreadable("OB-1", ()), "2026-01-05"),
    ]
    rows = brief(market.day(MONDAY))
    assert sorted(rows) == [("NONREF", "CANCEL_REFUSED"), ("OB-1", "CANCEL_REFUSED")]
    assert market.day(TUESDAY) == []


def test_an_unreadable_instruction_is_rejected_at_once_with_what_it_lacks_and_only_once() -> None:
    lacking = Unreadable("OB-Z", (Problem("a", "MISSING_FIELD", "a is missing"),))
    market = Market(SETTLE_ALL, lacking, Unreadable(None, ()))
    assert brief(market.day(MONDAY), "reason") == [
        ("OB-Z", "REJECTED", "OTHR a is missing"),
        ("NONREF", "REJECTED", "OTHR"),
    ]
    assert market.day(TUESDAY) == []


def test_an_instruction_sent_twice_settles_once() -> None:
    assert len(Market(SETTLE_ALL, BUY, BUY).day(TUESDAY)) == 1


def test_a_part_settles_first_and_the_rest_the_next_day() -> None:
    market = Market('[[answer]]\ndo = "partial"\nquantity = 33\nobligation = "OB-BUY"', BUY)
    columns = ("quantity_e8", "money_minor", "reason", "effective_date")
    assert brief(market.day(TUESDAY), *columns) == [
        ("OB-BUY", "SETTLED", 33 * SHARE, -3_300, "PAIN", TUESDAY)
    ]
    assert market.day(TUESDAY) == []
    assert brief(market.day(WEDNESDAY), *columns) == [
        ("OB-BUY", "SETTLED", 67 * SHARE, -6_700, "PARC", WEDNESDAY)
    ]
    assert market.day(date(2026, 1, 8)) == []


def test_parts_money_is_pro_rata_rounded_half_up_and_adds_up() -> None:
    market = Market('[[answer]]\ndo = "partial"\nquantity = "1"', SELL)
    first, rest = market.day(TUESDAY)[0], market.day(WEDNESDAY)[0]
    assert (first["money_minor"], rest["money_minor"]) == (333, 667)


def test_a_part_on_each_of_its_days_until_nothing_is_left() -> None:
    script = """
    default = "none"
    [[answer]]
    do = "partial"
    quantity = "2"
    on = [2026-01-06, 2026-01-07]
    """
    market = Market(script, SELL)
    assert brief(market.day(TUESDAY), "quantity_e8") == [("OB-SELL", "SETTLED", 2 * SHARE)]
    assert brief(market.day(WEDNESDAY), "quantity_e8", "reason") == [
        ("OB-SELL", "SETTLED", SHARE, "PARC")
    ]


def test_a_partly_settled_instruction_is_not_cancelled() -> None:
    market = Market('default = "none"\n[[answer]]\ndo = "partial"\nquantity = 1', BUY)
    market.script = replace(market.script, default="settle")
    market.day(TUESDAY)
    market.cancel("OB-BUY", TUESDAY)
    assert brief(market.day(TUESDAY), "reason") == [("OB-BUY", "CANCEL_REFUSED", "DSET")]


def test_cash_has_no_parts() -> None:
    market = Market('[[answer]]\ndo = "partial"\nquantity = 1', CASH)
    assert brief(market.day(TUESDAY), "money_minor", "reason") == [("OB-CASH", "SETTLED", -5, None)]
    assert market.day(WEDNESDAY) == []


def test_a_fail_is_told_every_day_and_the_late_settlement_is_effective_when_it_happens() -> None:
    market = Market('[[answer]]\ndo = "fail"\non = [2026-01-06]', BUY)
    assert market.day(MONDAY) == []
    assert brief(market.day(TUESDAY), "reason") == [("OB-BUY", "PENDING", "LACK")]
    assert brief(market.day(WEDNESDAY), "effective_date") == [("OB-BUY", "SETTLED", WEDNESDAY)]


def test_a_fail_without_days_lasts() -> None:
    market = Market('[[answer]]\ndo = "fail"\nreason = "MONY"', BUY)
    days = [market.day(day) for day in (TUESDAY, TUESDAY, WEDNESDAY)]
    assert [brief(rows, "reason") for rows in days] == [
        [("OB-BUY", "PENDING", "MONY")],
        [],
        [("OB-BUY", "PENDING", "MONY")],
    ]


def test_a_rejection_comes_at_once_and_is_final() -> None:
    market = Market('[[answer]]\ndo = "reject"\nreason = "SAFE"\nisin = "US0378331005"', BUY)
    assert brief(market.day(MONDAY), "reason") == [("OB-BUY", "REJECTED", "SAFE")]
    market.script = SETTLE_ALL
    assert market.day(TUESDAY) == []


def test_other_money_than_instructed_may_be_confirmed() -> None:
    market = Market('[[answer]]\ndo = "settle"\nmoney = "-99.98"', BUY)
    assert brief(market.day(TUESDAY), "money_minor") == [("OB-BUY", "SETTLED", -9_998)]


def test_money_finer_than_the_currency_is_an_error_of_the_script() -> None:
    with pytest.raises(BackofficeError, match="decimals"):
        Market('[[answer]]\ndo = "settle"\nmoney = "-99.985"', BUY).day(TUESDAY)


def test_a_confirmation_may_come_twice() -> None:
    rows = Market('[[answer]]\ndo = "settle"\nduplicate = true', BUY).day(TUESDAY)
    assert len(rows) == 2
    assert rows[0]["reference"] == rows[1]["reference"]
    assert rows[0]["content_hash"] == rows[1]["content_hash"]


def test_a_confirmation_that_came_twice_is_remembered_once() -> None:
    market = Market('[[answer]]\ndo = "partial"\nquantity = 1\nduplicate = true', SELL)
    market.day(TUESDAY)
    assert read_history(market.drops).settled["OB-SELL"].quantity_e8 == SHARE


def test_the_first_rule_that_matches_decides() -> None:
    script = f"""
    default = "none"
    [[answer]]
    do = "none"
    obligation = "OB-BUY"
    [[answer]]
    do = "settle"
    counterparty = "{THEM.lei}"
    on = 2026-01-06
    """
    market = Market(script, BUY, SELL)
    assert market.day(MONDAY) == []
    assert brief(market.day(TUESDAY), "effective_date") == [("OB-SELL", "SETTLED", TUESDAY)]


def test_rules_match_by_direction() -> None:
    market = Market(
        'default = "none"\n[[answer]]\ndo = "settle"\ndirection = "CASH"', BUY, SELL, CASH
    )
    assert brief(market.day(TUESDAY)) == [("OB-CASH", "SETTLED")]


def test_a_cancellation_may_be_refused_and_the_instruction_settles() -> None:
    market = Market('[[answer]]\ndo = "refuse-cancellation"\nobligation = "OB-BUY"', BUY, SELL)
    market.cancel("OB-BUY")
    market.cancel("OB-SELL")
    assert brief(market.day(MONDAY), "reason") == [
        ("OB-BUY", "CANCEL_REFUSED", "OTHR"),
        ("OB-SELL", "CANCEL_ACCEPTED", "CANI"),
    ]
    assert brief(market.day(TUESDAY)) == [("OB-BUY", "SETTLED")]


def test_a_market_that_settles_nothing_may_still_accept_cancellations() -> None:
    market = Market('default = "none"\n[[answer]]\ndo = "accept-cancellation"', BUY)
    market.cancel("OB-BUY")
    market.cancel("OB-NOBODY")
    assert brief(market.day(TUESDAY)) == [("OB-BUY", "CANCEL_ACCEPTED")]


def test_unanswered_requests_wait() -> None:
    market = Market('default = "none"\n[[answer]]\ndo = "fail"\nisin = "NONE"', BUY)
    market.cancel("OB-BUY")
    assert market.day(MONDAY) == []
    market.script = SETTLE_ALL
    assert brief(market.day(TUESDAY)) == [("OB-BUY", "CANCEL_ACCEPTED")]


def test_history_knows_what_is_finished() -> None:
    market = Market('[[answer]]\ndo = "partial"\nquantity = 1\nobligation = "OB-BUY"', BUY, SELL)
    market.cancel("OB-X", MONDAY)
    market.sent.append(replace(BUY, obligation_id="OB-X"))
    market.day(TUESDAY)
    assert read_history(market.drops).finished == {"OB-SELL", "OB-X"}
