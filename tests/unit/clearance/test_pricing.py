"""Gross, fees and net, with the published figures."""

from datetime import date

import polars as pl
import pytest

from backoffice.clearance.pricing import price
from tests.unit.clearance.builders import (
    E8,
    TUESDAY,
    Row,
    cut_off,
    register_row,
    snapshot,
    table,
    trades,
)

SECTION_31: list[Row] = [
    {
        "fee_code": "SEC31",
        "venue": "XNYS",
        "side": "SELL",
        "basis": "NOTIONAL",
        "rate_e8": 0,
        "valid_from": date(2025, 5, 14),
        "valid_to": date(2026, 4, 3),
    },
    {
        "fee_code": "SEC31",
        "venue": "XNYS",
        "side": "SELL",
        "basis": "NOTIONAL",
        "rate_e8": 2060,  # 20.60 a million
        "valid_from": date(2026, 4, 4),
    },
]
TAF: Row = {
    "fee_code": "TAF",
    "venue": "XNYS",
    "side": "SELL",
    "basis": "SHARES",
    "rate_e8": 19_500,  # 0.000195 a share
    "maximum_minor": 979,
    "valid_from": date(2026, 1, 1),
}
SALE: Row = {"side": "SELL", "quantity_e8": 196 * E8, "price_e8": 50 * E8}  # 9,800.00


def fees_of(row: Row, *schedule: Row) -> int:
    """Return the total charged, and check that the lines come to it."""
    frame = trades(row).with_columns(asset_class=pl.lit("EQUITY"))
    priced, lines = price(frame, table("fees", *schedule))
    total: int = priced["fees_minor"].item()
    assert lines["amount_minor"].sum() == total
    assert 0 not in lines["amount_minor"].to_list()
    return total


@pytest.mark.parametrize(("rounding", "cents"), [("UP", 21), ("HALF_UP", 20)])
def test_a_sale_of_9800_pays_section_31_from_2026_04_04_on(rounding: str, cents: int) -> None:
    schedule = [{**row, "rounding": rounding} for row in SECTION_31]
    assert fees_of({**SALE, "trade_date": date(2026, 4, 4)}, *schedule) == cents


def test_a_sale_on_2026_04_03_pays_nothing_at_rate_zero() -> None:
    schedule = [{**row, "rounding": "UP"} for row in SECTION_31]
    assert fees_of({**SALE, "trade_date": date(2026, 4, 3)}, *schedule) == 0


@pytest.mark.parametrize(
    ("shares", "cents"), [(100, 2), (10_000, 195), (50_205, 979), (50_206, 979), (1_000_000, 979)]
)
def test_the_trading_activity_fee_stops_at_its_cap(shares: int, cents: int) -> None:
    assert fees_of({"side": "SELL", "quantity_e8": shares * E8}, TAF) == cents


def test_a_purchase_pays_no_sales_fee_and_a_short_sale_does() -> None:
    assert fees_of({"quantity_e8": 10_000 * E8}, TAF) == 0
    short: Row = {"side": "SHORT", "locate_id": "L1", "quantity_e8": 10_000 * E8}
    assert fees_of(short, TAF) == 195


def test_a_minimum_lifts_a_small_fee() -> None:
    assert fees_of(SALE, {**TAF, "minimum_minor": 500}) == 500


def test_a_fee_row_counts_on_its_first_and_its_last_day_only() -> None:
    row: Row = {"valid_from": date(2026, 4, 6), "valid_to": date(2026, 4, 7)}
    charged = [fees_of({"trade_date": date(2026, 4, day)}, row) for day in (5, 6, 7, 8)]
    assert charged == [0, 100, 100, 0]


def test_a_fee_row_of_another_venue_or_currency_is_not_charged() -> None:
    assert fees_of({}, {"venue": "XNAS"}, {"currency": "EUR"}) == 0


def test_every_row_that_matches_is_charged_and_one_code_is_one_line() -> None:
    schedule: list[Row] = [
        {"fee_code": "B", "rate_e8": 3 * E8},
        {"fee_code": "A", "rate_e8": 1 * E8},
        {"fee_code": "A", "rate_e8": 2 * E8, "venue": "XNYS"},
        {"fee_code": "A", "rate_e8": 4 * E8, "side": "BUY"},
    ]
    done = cut_off(trades({}), snapshot(fees=schedule))
    lines = done.fees.sort("fee_code").select("trade_id", "fee_code", "amount_minor").rows()
    assert lines == [("T1", "A", 700), ("T1", "B", 300)]
    assert done.register["net_minor"].item() == 500_000 + 1_000


def test_a_bond_is_priced_in_per_cent_of_its_nominal_with_accrued_on_top() -> None:
    reference = snapshot(instruments=[{"asset_class": "BOND"}])
    bond: Row = {"quantity_e8": 10_000 * E8, "price_e8": 9_950_000_001, "accrued_minor": 1_234}
    assert register_row(bond, reference)["gross_minor"] == 995_000 + 1_234
    assert register_row({**bond, "accrued_minor": None}, reference)["gross_minor"] == 995_000


def test_accrued_interest_of_what_is_no_bond_is_left_aside() -> None:
    assert register_row({"accrued_minor": 1_234})["gross_minor"] == 500_000


@pytest.mark.parametrize(
    ("currency", "gross"), [("ISK", 2), ("JPY", 2), ("USD", 150), ("KWD", 1_500), ("CLF", 15_000)]
)
def test_gross_is_rounded_half_up_to_the_minor_units_of_its_currency(
    currency: str, gross: int
) -> None:
    trade: Row = {"quantity_e8": 1 * E8, "price_e8": 150_000_000, "currency": currency}
    assert register_row(trade)["gross_minor"] == gross


def test_a_sale_brings_the_gross_less_commission_and_fees_even_below_zero() -> None:
    reference = snapshot(fees=[{"rate_e8": 7 * E8}])
    small: Row = {"side": "SELL", "quantity_e8": E8, "price_e8": 5 * E8, "commission_minor": 100}
    row = register_row(small, reference)
    assert (row["gross_minor"], row["fees_minor"], row["net_minor"]) == (500, 700, -300)


def test_without_the_instrument_nothing_is_computed() -> None:
    row = register_row({"isin": "US0000000000"}, snapshot(fees=[{}]))
    assert (row["gross_minor"], row["fees_minor"], row["net_minor"]) == (None, None, None)


def test_no_trades_price_to_no_rows() -> None:
    done = cut_off(trades().clear(), snapshot(fees=[{}]))
    assert done.register.is_empty()
    assert done.fees.schema["amount_minor"] == pl.Int128


def test_trades_of_several_venues_and_days_each_find_their_own_rows() -> None:
    schedule: list[Row] = [
        {"fee_code": "N", "venue": "XNYS"},
        {"fee_code": "Q", "venue": "XNAS", "rate_e8": 2 * E8},
        {"fee_code": "Q2", "venue": "XNAS", "rate_e8": 4 * E8, "valid_from": TUESDAY},
    ]
    frame = trades(
        {"trade_id": "1", "venue": "XNAS", "trade_date": date(2026, 4, 6)},
        {"trade_id": "2", "venue": "XNYS"},
        {"trade_id": "3", "venue": "XNAS"},
    )
    charged = cut_off(frame, snapshot(fees=schedule)).register["fees_minor"].to_list()
    assert charged == [200, 100, 600]
