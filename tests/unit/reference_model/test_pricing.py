"""Worked gross amounts and fees."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tests.reference.office import Office
from tests.reference.samples import (
    BOND,
    GERMAN_SHARE,
    ICELANDIC_SHARE,
    JAPANESE_SHARE,
    KUWAITI_SHARE,
    fee,
    trade,
)

if TYPE_CHECKING:
    from pathlib import Path

ICELAND = {"isin": ICELANDIC_SHARE, "currency": "ISK", "venue": "XICE"}
GERMANY = {"isin": GERMAN_SHARE, "currency": "EUR", "venue": "XETR"}
SECTION_31 = [
    fee(
        "SEC31",
        "NOTIONAL",
        "0.0000278",
        side="SELL",
        rounding="UP",
        valid_from="2024-05-22",
        valid_to="2025-05-13",
    ),
    fee(
        "SEC31",
        "NOTIONAL",
        "0",
        side="SELL",
        rounding="UP",
        valid_from="2025-05-14",
        valid_to="2026-04-03",
    ),
    fee("SEC31", "NOTIONAL", "0.0000206", side="SELL", rounding="UP", valid_from="2026-04-04"),
]
TAF = [
    fee("TAF", "SHARES", "0.000166", side="SELL", maximum="8.30", valid_to="2025-12-31"),
    fee("TAF", "SHARES", "0.000195", side="SELL", maximum="9.79", valid_from="2026-01-01"),
]


@pytest.mark.parametrize(
    ("more", "quantity", "price", "gross"),
    [
        (ICELAND, "3", "12.5", "38"),  # 37.5 half-up
        (ICELAND, "1", "0.4", "0"),
        ({"isin": JAPANESE_SHARE, "currency": "JPY", "venue": "XPAR"}, "7", "1000.5", "7004"),
        ({"isin": KUWAITI_SHARE, "currency": "KWD", "venue": "XLON"}, "3", "0.1235", "0.371"),
        ({}, "3", "0.335", "1.01"),  # 1.005 half-up
        ({}, "0.00000001", "100000000", "1.00"),
        (
            {"isin": BOND, "currency": "EUR", "venue": "XETR", "accrued": "12.34"},
            "10000",
            "98.765",
            "9888.84",
        ),
        ({**GERMANY, "accrued": "12.34"}, "10", "10", "100.00"),  # accrued is a bond's alone
    ],
)
def test_gross_is_rounded_half_up_to_the_minor_unit(
    tmp_path: Path, more: dict[str, str], quantity: str, price: str, gross: str
) -> None:
    office = Office(tmp_path)
    office.day("2026-10-07", {"trades": [trade("T", "BUY", quantity, price, **more)]})
    row = office.one("trades")
    assert (row["gross"], row["net"], row["status"]) == (gross, gross, "CLEARED")


@pytest.mark.parametrize(
    ("day", "rounding", "charged"),
    [
        ("2026-04-06", "UP", "0.21"),
        ("2026-04-06", "HALF_UP", "0.20"),
        ("2026-04-02", "UP", "0.00"),
        ("2025-05-13", "UP", "0.28"),  # 0.27244
    ],
)
def test_section_31_is_what_the_day_charges_on_9800_sold(
    tmp_path: Path, day: str, rounding: str, charged: str
) -> None:
    office = Office(tmp_path)
    fees = [row | {"rounding": rounding} for row in SECTION_31]
    sale = trade("T", "SELL", "98", "100", trade_time=f"{day}T14:00:00Z")
    office.day(day, {"fees": fees, "trades": [sale]})
    row = office.one("trades")
    assert row["fees"] == charged
    assert Decimal(row["net"]) == Decimal("9800.00") - Decimal(charged)


@pytest.mark.parametrize(
    ("day", "side", "quantity", "charged"),
    [
        ("2025-12-31", "SELL", "10000", "1.66"),
        ("2025-12-31", "SHORT", "100000", "8.30"),  # 16.60 capped
        ("2026-01-02", "SELL", "10000", "1.95"),
        ("2026-01-02", "SELL", "100000", "9.79"),
        ("2026-01-02", "BUY", "100000", "0.00"),
    ],
)
def test_the_trading_activity_fee_is_a_share_up_to_its_cap(
    tmp_path: Path, day: str, side: str, quantity: str, charged: str
) -> None:
    office = Office(tmp_path)
    time = f"{day}T15:00:00Z"
    deal = trade("T", side, quantity, "10", trade_time=time, locate_id="L")
    office.day(day, {"fees": TAF, "trades": [deal]})
    assert office.one("trades")["fees"] == charged


def test_every_matching_row_applies_and_one_code_twice_adds_up(tmp_path: Path) -> None:
    office = Office(tmp_path)
    fees = [
        fee("DESK", "TRADE", "1.50"),
        fee("DESK", "NOTIONAL", "0.001", venue="XNYS"),
        fee("DESK", "TRADE", "9", venue="XNAS"),
        fee("FLOOR", "NOTIONAL", "0.00001", minimum="0.75", side="BUY"),
        fee("FLOOR", "TRADE", "5", currency="EUR"),
    ]
    office.day(
        "2026-10-07", {"fees": fees, "trades": [trade("T", "BUY", "100", "10", commission="2.5")]}
    )
    row = office.one("trades")
    assert (row["commission"], row["fees"], row["net"]) == ("2.50", "3.25", "1005.75")
    assert office.balance("Liabilities:Fees:DESK", "USD") == Decimal("-2.50")
    assert office.balance("Liabilities:Fees:FLOOR", "USD") == Decimal("-0.75")
    assert office.balance("Income:Commission", "USD") == Decimal("-2.50")


def test_a_sale_brings_gross_less_commission_and_fees(tmp_path: Path) -> None:
    office = Office(tmp_path)
    sale = trade("T", "SELL", "100", "10", commission="2.50")
    office.day("2026-10-07", {"fees": [fee("DESK", "TRADE", "1")], "trades": [sale]})
    assert office.one("trades")["net"] == "996.50"
