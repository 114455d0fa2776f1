"""What one purchase may come to."""

from datetime import date

import pytest

from tests.unit.clearance.builders import E8, Row, register_row, snapshot


def holds(trade: Row, account: Row, *fx: Row) -> str:
    codes: str = register_row(trade, snapshot(accounts=[account], fx=list(fx)))["hold_codes"]
    return codes


@pytest.mark.parametrize(
    ("limit", "codes"), [(500_000, ""), (499_999, "CREDIT_LIMIT"), (0, "CREDIT_LIMIT"), (None, "")]
)
def test_a_purchase_may_come_to_the_limit_and_not_above(limit: int | None, codes: str) -> None:
    assert holds({}, {"credit_limit_minor": limit}) == codes


def test_charges_count_against_the_limit() -> None:
    assert holds({"commission_minor": 1}, {"credit_limit_minor": 500_000}) == "CREDIT_LIMIT"


@pytest.mark.parametrize("side", ["SELL", "SHORT"])
def test_a_sale_has_no_limit_and_needs_no_rate(side: str) -> None:
    trade: Row = {"side": side, "locate_id": "L1"}
    assert holds(trade, {"credit_limit_minor": 0, "currency": "ISK"}) == ""


@pytest.mark.parametrize(("limit", "codes"), [(700_000, ""), (699_999, "CREDIT_LIMIT")])
def test_the_net_counts_in_the_currency_of_the_account(limit: int, codes: str) -> None:
    # 5,000.00 USD at 140 are 700,000 ISK, which has no minor units
    assert holds({}, {"credit_limit_minor": limit, "currency": "ISK"}, {}) == codes


def test_the_comparison_is_exact_and_not_of_rounded_money() -> None:
    account: Row = {"credit_limit_minor": 700_000, "currency": "ISK"}
    a_hair_above: Row = {"rate_e18": 140 * 10**18 + 1}
    assert holds({}, account, a_hair_above) == "CREDIT_LIMIT"


def test_the_latest_rate_up_to_the_trade_date_counts() -> None:
    account: Row = {"credit_limit_minor": 700_000, "currency": "ISK"}
    later: Row = {"date": date(2026, 4, 8), "rate_e18": 999 * 10**18}
    earlier: Row = {"date": date(2026, 4, 1), "rate_e18": 999 * 10**18}
    assert holds({}, account, earlier, {}, later) == ""


@pytest.mark.parametrize(
    "quoted",
    [
        {"currency": "ISK", "base": "USD"},  # the inverse
        {"base": "EUR"},
        {"date": date(2026, 4, 8)},  # after the trade date
    ],
)
def test_a_limit_in_another_currency_needs_the_direct_rate(quoted: Row) -> None:
    account: Row = {"credit_limit_minor": 10**12, "currency": "ISK"}
    assert holds({}, account, quoted) == "NO_FX_RATE"
    assert holds({}, {**account, "credit_limit_minor": None}, quoted) == ""


def test_the_missing_rate_is_named_even_where_no_net_can_be_computed() -> None:
    trade: Row = {"isin": "US0000000000"}
    account: Row = {"credit_limit_minor": 1, "currency": "ISK"}
    assert holds(trade, account) == "NO_FX_RATE;UNKNOWN_INSTRUMENT"
    assert holds(trade, account, {}) == "UNKNOWN_INSTRUMENT"


def test_the_largest_figures_do_not_wrap() -> None:
    trade: Row = {"quantity_e8": (10**18 - 1) * E8, "price_e8": E8}
    account: Row = {"credit_limit_minor": 10**18 - 1, "currency": "ISK"}
    rate: Row = {"rate_e18": 10**36 - 1}
    assert holds(trade, account, rate) == "CREDIT_LIMIT"
    least: Row = {"rate_e18": 1}
    assert holds(trade, {**account, "credit_limit_minor": 1}, least) == ""
    tiny: Row = {"rate_e18": 10**6}
    assert holds(trade, {**account, "credit_limit_minor": 10**6}, tiny) == ""
    assert holds(trade, {**account, "credit_limit_minor": 10**6 - 1}, tiny) == "CREDIT_LIMIT"
