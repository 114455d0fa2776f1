"""What follows a trade, as people fetch it: allocations, affirmations, shares borrowed."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import polars as pl

from backoffice.clearance.affirmation_times import TIMES
from backoffice.clearance.affirmations import (
    AFFIRMED,
    DISPUTED,
    FOLLOWED_SCHEMA,
    UNAFFIRMED,
    allocated_to_clients,
    followed_since,
    said_of,
)
from backoffice.clearance.allocation_requests import known_allocations
from backoffice.clearance.borrow_frames import CANCELLED, known_borrows
from backoffice.clearance.clear import CLEARED
from backoffice.intake.register import read_standing
from backoffice.intake.resolve import IDENTITY
from backoffice.kernel.books import Books
from backoffice.kernel.columns import format_e8, format_money, format_scaled_expr, half_up, int128
from backoffice.kernel.parts import Records
from backoffice.records.view_columns import shown

_COLUMNS: Final = {
    "allocations": (
        "allocation_id partner trade_date block_trade_id status hold_codes account_id side isin "
        "quantity price currency settlement_date gross commission fees net"
    ),
    "affirmations": (
        "trade_id partner trade_date account_id counterparty status affirmed_at affirm_by in_time "
        "reason"
    ),
    "borrows": (
        "borrow_id partner lender isin status quantity returned outstanding date return_date "
        "currency collateral collateral_returned fee_rate fee_currency fees_accrued accrued_until"
    ),
    "affirmation-rates": "trade_date by subject trades in_time late disputed unaffirmed rate",
}
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {name: tuple(columns.split()) for name, columns in _COLUMNS.items()}
)
_MOMENT: Final = "%Y-%m-%dT%H:%M:%S%.fZ"


def allocations(records: Records, books: Books) -> pl.DataFrame:
    """Show every allocation as it stands; what is of its block is empty while that is unknown."""
    given = pl.col("commission_currency")
    own = pl.when(given.is_null() | (given == pl.col("currency"))).then("currency")
    known = known_allocations(records, books).with_columns(charged_in=own)
    return shown(
        COLUMNS["allocations"],
        known,
        quantity=format_e8("quantity_e8"),
        price=format_e8("price_e8"),
        gross=format_money("gross_minor"),
        commission=format_money("commission_minor", "charged_in"),
        fees=format_money("fees_minor"),
        net=format_money("net_minor"),
    )


def borrows(records: Records, books: Books) -> pl.DataFrame:
    """Show every loan of shares that was booked."""
    left = pl.col("quantity_e8") - pl.col("returned_e8")
    is_over = pl.col("status") == CANCELLED
    known = known_borrows(records, books).with_columns(
        left_e8=pl.when(is_over).then(int128(0)).otherwise(left)
    )
    return shown(
        COLUMNS["borrows"],
        known,
        quantity=format_e8("quantity_e8"),
        returned=format_e8("returned_e8"),
        outstanding=format_e8("left_e8"),
        collateral=format_money("collateral_minor"),
        collateral_returned=format_money("collateral_back_minor"),
        fee_rate=format_e8("fee_rate_e8"),
        fees_accrued=format_money("accrued_minor", "fee_currency"),
    )


def affirmations(records: Records, books: Books) -> pl.DataFrame:
    """Show what clients say of their trades and allocations since the first such file came.

    `in_time` is Y or N; empty where there is no benchmark, or while it is not past.
    """
    return shown(
        COLUMNS["affirmations"],
        _followed(records, books),
        affirmed_at=pl.col("affirmed_at").dt.strftime(_MOMENT),
        affirm_by=pl.col("affirm_by").dt.strftime(_MOMENT),
        in_time=pl.col("in_time").replace_strict({True: "Y", False: "N"}, return_dtype=pl.String),
    )


def affirmation_rates(records: Records, books: Books) -> pl.DataFrame:
    """Count, of the trades whose benchmark is past, those affirmed in time, late and not.

    A row a trade date (by DAY), and one a COUNTERPARTY and an ACCOUNT of it; `rate` is the per
    cent that was affirmed in time, half-up to two decimals.
    """
    past = _followed(records, books).filter(pl.col("in_time").is_not_null())
    frames = [
        _counted(past.with_columns(by=pl.lit(by), subject=subject))
        for by, subject in (
            ("ACCOUNT", pl.col("account_id")),
            ("COUNTERPARTY", pl.col("counterparty")),
            ("DAY", pl.lit("")),
        )
    ]
    share = half_up(
        pl.col("in_time").cast(pl.Int128) * int128(10_000), pl.col("trades").cast(pl.Int128)
    )
    return shown(COLUMNS["affirmation-rates"], pl.concat(frames), rate=format_scaled_expr(share, 2))


def _counted(rows: pl.DataFrame) -> pl.DataFrame:
    status = pl.col("status")
    return rows.group_by("trade_date", "by", "subject").agg(
        trades=pl.len(),
        in_time=pl.col("in_time").sum(),
        late=((status == AFFIRMED) & ~pl.col("in_time")).sum(),
        disputed=(status == DISPUTED).sum(),
        unaffirmed=(status == UNAFFIRMED).sum(),
    )


def _followed(records: Records, books: Books) -> pl.DataFrame:
    """Join every client's trade and allocation since the first day with what was said of it."""
    since = followed_since(records, books)
    nobodys = pl.DataFrame(schema=FOLLOWED_SCHEMA)
    if since is None:
        both = nobodys
    else:
        parts = [part for part in books.trades if max(part.trade_dates) >= since]
        rows = read_standing(records, books, parts) if parts else nobodys
        trades = (
            rows.filter(
                pl.col("status") == CLEARED,
                pl.col("account_kind") == "CLIENT",
                pl.col("trade_date") >= since,
            )
            if parts
            else nobodys
        )
        both = pl.concat(
            [trades.select(list(FOLLOWED_SCHEMA)), allocated_to_clients(records, books, since)]
        )
    return _judged(records, books, both)


def _judged(records: Records, books: Books, trades: pl.DataFrame) -> pl.DataFrame:
    said = said_of(records, books, trades).select(*IDENTITY, "status", "affirmed_at", "reason")
    part = books.tables.get(TIMES)
    times = records.read(part) if part else None
    rows = trades.join(said, on=IDENTITY, how="left")
    if times is None:
        rows = rows.with_columns(affirm_by=pl.lit(None, pl.Datetime("ns", "UTC")))
    else:
        rows = rows.join(times, on=["trade_date", "venue"], how="left")
    met = (pl.col("status") == AFFIRMED) & (pl.col("affirmed_at") <= pl.col("affirm_by"))
    is_past = pl.col("affirm_by").is_not_null() & (pl.col("trade_date") < books.day)
    return rows.with_columns(pl.col("status").fill_null(UNAFFIRMED)).with_columns(
        in_time=pl.when(met.fill_null(value=False) & pl.col("affirm_by").is_not_null())
        .then(pl.lit(value=True))
        .when(is_past)
        .then(pl.lit(value=False))
    )
