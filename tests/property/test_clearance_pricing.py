"""Columns against a plain Decimal loop, on ordinary and on extreme values."""

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, ROUND_UP, Decimal, localcontext
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from backoffice.clearance.pricing import price
from tests.unit.clearance.builders import E8, Row, table, trades

DIGITS: Mapping[str, int] = {"ISK": 0, "JPY": 0, "USD": 2, "EUR": 2, "KWD": 3, "CLF": 4}
LARGEST = 10**18
NOTIONAL = 10**21
DAYS = [date(2026, 4, day) for day in (1, 3, 4, 7)]
PRECISION = 120


def near(bound: int) -> st.SearchStrategy[int]:
    """Whole numbers from 1 to below a bound, of every length."""
    exponents = st.integers(0, len(str(bound)) - 2)
    return st.one_of(
        exponents.flatmap(lambda e: st.integers(1, 10 ** (e + 1))).map(lambda n: min(n, bound - 1)),
        st.sampled_from([1, 5, 49, 50, 51, bound - 1]),
        st.integers(1, bound - 1),
    )


@st.composite
def captured(draw: st.DrawFn) -> Row:
    """Draw a trade whose quantity x price stays below 10^21, as the intake demands."""
    quantity = draw(near(LARGEST * E8))
    highest = min(LARGEST * E8, (NOTIONAL * E8 * E8 - 1) // quantity + 1)
    currency = draw(st.sampled_from(sorted(DIGITS)))
    money = near(LARGEST * 10 ** DIGITS[currency]).map(lambda n: n - 1)
    return {
        "quantity_e8": quantity,
        "price_e8": draw(near(highest)) if highest > 1 else 1,
        "currency": currency,
        "side": draw(st.sampled_from(["BUY", "SELL", "SHORT"])),
        "venue": draw(st.sampled_from(["XNYS", "XICE"])),
        "trade_date": draw(st.sampled_from(DAYS)),
        "commission_minor": draw(money),
        "accrued_minor": draw(st.none() | money),
        "asset_class": draw(st.sampled_from(["EQUITY", "BOND", "ETF", "FUND", None])),
    }


@st.composite
def scheduled(draw: st.DrawFn) -> Row:
    """Draw a row of the fee schedule."""
    basis = draw(st.sampled_from(["NOTIONAL", "SHARES", "TRADE"]))
    currency = draw(st.sampled_from(sorted(DIGITS)))
    bound = st.none() | near(LARGEST * 10 ** DIGITS[currency]).map(lambda n: n - 1)
    return {
        "fee_code": draw(st.sampled_from(["A", "B", "C"])),
        "venue": draw(st.sampled_from(["*", "XNYS", "XICE"])),
        "side": draw(st.sampled_from(["BOTH", "BUY", "SELL"])),
        "basis": basis,
        "rate_e8": draw(near((LARGEST if basis == "TRADE" else 1000) * E8)) - 1,
        "minimum_minor": draw(bound),
        "maximum_minor": draw(bound),
        "rounding": draw(st.sampled_from(["HALF_UP", "UP"])),
        "currency": currency,
        "valid_from": draw(st.sampled_from(DAYS)),
        "valid_to": draw(st.none() | st.sampled_from(DAYS)),
    }


def rounded(value: Decimal, currency: str, rounding: str = "HALF_UP") -> Decimal:
    mode = ROUND_UP if rounding == "UP" else ROUND_HALF_UP
    return value.quantize(Decimal(1).scaleb(-DIGITS[currency]), rounding=mode)


def of_minor(minor: int, currency: str) -> Decimal:
    return Decimal(minor).scaleb(-DIGITS[currency])


def applies(fee: Row, trade: Row) -> bool:
    side = "SELL" if trade["side"] == "SHORT" else trade["side"]
    return (
        fee["venue"] in {"*", trade["venue"]}
        and fee["side"] in {"BOTH", side}
        and fee["currency"] == trade["currency"]
        and fee["valid_from"] <= trade["trade_date"]
        and (fee["valid_to"] is None or trade["trade_date"] <= fee["valid_to"])
    )


def gross_of(trade: Row) -> Decimal:
    quantity, unit_price = (Decimal(trade[name]).scaleb(-8) for name in ("quantity_e8", "price_e8"))
    if trade["asset_class"] != "BOND":
        return rounded(quantity * unit_price, trade["currency"])
    accrued = of_minor(trade["accrued_minor"] or 0, trade["currency"])
    return rounded(quantity * unit_price / 100 + accrued, trade["currency"])


def fee_of(fee: Row, trade: Row, gross: Decimal) -> Decimal:
    basis = {"NOTIONAL": gross, "SHARES": Decimal(trade["quantity_e8"]).scaleb(-8)}
    value = basis.get(fee["basis"], Decimal(1)) * Decimal(fee["rate_e8"]).scaleb(-8)
    if fee["minimum_minor"] is not None:
        value = max(value, of_minor(fee["minimum_minor"], fee["currency"]))
    if fee["maximum_minor"] is not None:
        value = min(value, of_minor(fee["maximum_minor"], fee["currency"]))
    return rounded(value, fee["currency"], fee["rounding"])


def plainly(trade: Row, schedule: list[Row]) -> tuple[Any, ...]:
    """Price one trade by the contract's words: gross, fees, net and fees by code, minor units."""
    if trade["asset_class"] is None:
        return None, None, None, {}
    gross, by_code = gross_of(trade), dict[str, Decimal]()
    for fee in schedule:
        if applies(fee, trade):
            by_code[fee["fee_code"]] = by_code.get(fee["fee_code"], Decimal(0)) + fee_of(
                fee, trade, gross
            )
    fees = sum(by_code.values(), Decimal(0))
    charges = of_minor(trade["commission_minor"], trade["currency"]) + fees
    net = gross + charges if trade["side"] == "BUY" else gross - charges
    scale = DIGITS[trade["currency"]]
    minor = [int(amount.scaleb(scale)) for amount in (gross, fees, net)]
    return *minor, {code: int(fee.scaleb(scale)) for code, fee in by_code.items() if fee}


@settings(max_examples=100, deadline=None)
@given(st.lists(captured(), min_size=1, max_size=20), st.lists(scheduled(), max_size=8))
def test_columns_price_as_a_plain_decimal_loop_does(rows: list[Row], schedule: list[Row]) -> None:
    captured_rows = [{**row, "trade_id": str(n)} for n, row in enumerate(rows)]
    asset_class = pl.Series("asset_class", [row["asset_class"] for row in rows], dtype=pl.String)
    bare = [{k: v for k, v in row.items() if k != "asset_class"} for row in captured_rows]
    priced, lines = price(trades(*bare).with_columns(asset_class), table("fees", *schedule))
    with localcontext(prec=PRECISION):
        expected = [plainly(row, schedule) for row in captured_rows]
    figures = priced.select("gross_minor", "fees_minor", "net_minor").rows()
    assert figures == [row[:3] for row in expected]
    charged = lines.select("trade_id", "fee_code", "amount_minor").rows()
    assert len(charged) == len({line[:2] for line in charged})
    assert set(charged) == {
        (str(n), code, fee) for n, row in enumerate(expected) for code, fee in row[3].items()
    }
