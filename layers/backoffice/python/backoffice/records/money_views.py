"""Interest, deals in currencies and the firm's positions in them, as people fetch them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import polars as pl

from backoffice.accounting.currencies.known_positions import fx_positions
from backoffice.accounting.house_marks import known_marks
from backoffice.accounting.interest.accrual import INTEREST_SCHEMA, due
from backoffice.intake.day_deals import known_deals
from backoffice.kernel.books import Books
from backoffice.kernel.columns import format_e8, format_money, format_scaled_expr
from backoffice.kernel.parts import Records
from backoffice.records.view_columns import shown

_COLUMNS: Final = {
    "interest": (
        "account_id currency period until debit_interest credit_interest debit_capitalised "
        "credit_capitalised"
    ),
    "fx-deals": (
        "deal_id partner account_id counterparty buy_currency buy_amount sell_currency "
        "sell_amount trade_date value_date status settles_on booked_on settled_on"
    ),
    "house-valuation": "account_id isin currency quantity cost close close_date value unrealised",
    "fx-positions": ("currency base as_of position cost rate rate_date value unrealised realised"),
}
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {name: tuple(columns.split()) for name, columns in _COLUMNS.items()}
)
_RATE_SCALE: Final = 18


def interest(records: Records, books: Books) -> pl.DataFrame:
    """Show the interest of each account, currency and month, and what of it was capitalised."""
    rows = records.read_all(books.bucketed.get("interest", ()))
    known = pl.DataFrame(schema=dict(INTEREST_SCHEMA)) if rows is None else rows
    known = known.with_columns(debit_due=due("debit"), credit_due=due("credit"))
    return shown(
        COLUMNS["interest"],
        known,
        period=pl.col("period").dt.strftime("%Y-%m"),
        debit_interest=format_money("debit_due"),
        credit_interest=format_money("credit_due"),
        debit_capitalised=format_money("debit_minor"),
        credit_capitalised=format_money("credit_minor"),
    )


def fx_deals(records: Records, books: Books) -> pl.DataFrame:
    """Show every deal as it stands: WAITING, BOOKED or SETTLED."""
    status = (
        pl.when(pl.col("settled_on").is_not_null())
        .then(pl.lit("SETTLED"))
        .when(pl.col("booked_on").is_not_null())
        .then(pl.lit("BOOKED"))
        .otherwise(pl.lit("WAITING"))
    )
    return shown(
        COLUMNS["fx-deals"],
        known_deals(records, books),
        buy_amount=format_money("buy_amount_minor", "buy_currency"),
        sell_amount=format_money("sell_amount_minor", "sell_currency"),
        status=status,
    )


def positions_in_currencies(records: Records, books: Books) -> pl.DataFrame:
    """Show the firm's own positions as they were last revalued, in the base currency."""
    known = fx_positions(records, books).with_columns(
        gain_minor=pl.col("value_minor") - pl.col("cost_minor")
    )
    return shown(
        COLUMNS["fx-positions"],
        known,
        position=format_money("position_minor"),
        cost=format_money("cost_minor", "base"),
        rate=format_scaled_expr(pl.col("rate_e18"), _RATE_SCALE),
        value=format_money("value_minor", "base"),
        unrealised=format_money("gain_minor", "base"),
        realised=format_money("realised_minor", "base"),
    )


def house_valuation(records: Records, books: Books) -> pl.DataFrame:
    """Show what house accounts held when they were last marked."""
    known = known_marks(records, books).with_columns(
        gain_minor=pl.col("value_minor") - pl.col("cost_minor")
    )
    return shown(
        COLUMNS["house-valuation"],
        known,
        quantity=format_e8("quantity_e8"),
        cost=format_money("cost_minor"),
        close=format_e8("close_e8"),
        value=format_money("value_minor"),
        unrealised=format_money("gain_minor"),
    )
