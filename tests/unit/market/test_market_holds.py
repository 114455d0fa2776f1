"""What its owner holds the market does not settle, and of what is let go in part no more."""

from cli.market.script import SETTLE_ALL
from tests.unit.market.market import BUY, SELL, TUESDAY, WEDNESDAY, Market, brief
from tests.unit.market.samples import SHARE


def test_what_is_on_hold_fails_until_it_is_let_go() -> None:
    market = Market(SETTLE_ALL, BUY, SELL)
    market.change("OB-BUY", hold=True)
    assert sorted(brief(market.day(TUESDAY))) == [
        ("OB-BUY", "CHANGE_ACCEPTED"),
        ("OB-BUY", "PENDING"),
        ("OB-SELL", "SETTLED"),
    ]
    market.change("OB-BUY", hold=False, on=TUESDAY)
    assert ("OB-BUY", "SETTLED") in brief(market.day(WEDNESDAY))


def test_no_more_settles_than_was_let_go() -> None:
    market = Market(SETTLE_ALL, BUY)
    market.change("OB-BUY", hold=True)
    market.change("OB-BUY", 40 * SHARE, hold=False)
    said = [row for row in market.day(TUESDAY) if row["outcome"] == "SETTLED"]
    assert [(row["quantity_e8"], row["money_minor"]) for row in said] == [(40 * SHARE, -4000)]
    assert [row["outcome"] for row in market.day(WEDNESDAY)] == ["PENDING"]
    market.change("OB-BUY", hold=False, on=WEDNESDAY)
    said = [row for row in market.day(WEDNESDAY.replace(day=8)) if row["outcome"] == "SETTLED"]
    assert [(row["quantity_e8"], row["money_minor"]) for row in said] == [(60 * SHARE, -6000)]


def test_a_request_is_answered_once_and_of_what_has_settled_refused() -> None:
    market = Market(SETTLE_ALL, BUY)
    market.day(TUESDAY)
    market.change("OB-BUY", hold=True, on=TUESDAY)
    assert brief(market.day(TUESDAY)) == [("OB-BUY", "CHANGE_REFUSED")]
    assert market.day(WEDNESDAY) == []
