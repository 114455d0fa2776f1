"""The blotter of purchases and sales: every entry that a trade, or what undoes one, made."""

from collections.abc import Iterator
from typing import Any, Final

import polars as pl

from backoffice.accounting import chart
from backoffice.clearance.allocation_frames import ALLOCATIONS, REVERSED
from backoffice.clearance.clear import CLEARED
from backoffice.compliance.reports.kinds import Look
from backoffice.kernel.columns import format_e8, format_money
from backoffice.kernel.frames import shaped
from backoffice.kernel.parts import Part

COLUMNS: Final = (
    *("entry_id", "reverses", "account_id", "side", "isin", "quantity", "price", "currency"),
    *("counterparty", "trade_date", "traded_at", "settlement_date", "venue", "capacity", "gross"),
    *("commission", "fees", "net", "partner", "trade_id"),
)
"""Quantities are + bought, money + to be paid by the account; what reverses has its sign turned."""

_MADE: Final = ("TRADE", "ALLOCATION")
_OURS: Final = (chart.SECURITIES_CLIENT, chart.SECURITIES_HOUSE)
_THEIRS: Final = (chart.SECURITIES_STREET, chart.SECURITIES_ALLOCATED)
_NET: Final = (
    chart.RECEIVABLE_CLIENT,
    chart.RECEIVABLE_HOUSE,
    chart.PAYABLE_CLIENT,
    chart.PAYABLE_HOUSE,
)
_TRADE: Final = r"^([0-9-]{10}):T:([^:]+):([0-9-]{10}):(.+)$"
_IDENTITY: Final = ("partner", "trade_date", "trade_id", "booked_on")
_TERMS: Final = {
    "side": pl.String,
    "price_e8": pl.Int128,
    "traded_at": pl.Datetime("ns", "UTC"),
    "settlement_date": pl.Date,
    "venue": pl.String,
    "capacity": pl.String,
    "agreed_minor": pl.Int128,
}
_MOMENT: Final = "%Y-%m-%dT%H:%M:%S%.fZ"


def entries(journal: pl.DataFrame) -> pl.DataFrame:
    """Return a row an entry of trades and of what undoes them, with who, what and how much.

    Parameters
    ----------
    journal : pl.DataFrame
        `JOURNAL_SCHEMA`.
    """
    of = pl.coalesce("reverses", "entry_id")
    is_trade = pl.col("kind").is_in(_MADE) | (
        (pl.col("kind") == "REVERSAL") & pl.col("reverses").str.contains(_TRADE)
    )
    rows = journal.filter(is_trade).with_columns(of=of)
    ours = pl.col("book").is_in(_OURS)
    money = pl.col("unit").str.len_bytes() == len("USD")
    return rows.group_by("entry_id", "kind", "of", "reverses", maintain_order=True).agg(
        account_id=pl.col("ref").filter(ours).first(),
        isin=pl.col("unit").filter(ours).first(),
        quantity_e8=pl.col("amount").filter(ours).sum() * -1,
        currency=pl.col("unit").filter(money).first(),
        counterparty=pl.col("ref").filter(pl.col("book").is_in(_THEIRS)).first(),
        is_allotted=(pl.col("book") == chart.SECURITIES_ALLOCATED).any(),
        commission_minor=pl.col("amount").filter(pl.col("book") == chart.COMMISSION).sum() * -1,
        fees_minor=pl.col("amount").filter(pl.col("book") == chart.FEES).sum() * -1,
        net_minor=pl.col("amount").filter(pl.col("book").is_in(_NET)).sum(),
    )


def with_terms(look: Look, rows: pl.DataFrame) -> pl.DataFrame:
    """Add what the trade was agreed on, as the register had it on the day that was booked."""
    parsed = rows.with_columns(
        booked_on=pl.col("of").str.extract(_TRADE, 1).str.to_date(),
        partner=pl.col("of").str.extract(_TRADE, 2),
        trade_date=pl.col("of").str.extract(_TRADE, 3).str.to_date(),
        trade_id=pl.col("of").str.extract(_TRADE, 4),
    )
    terms = pl.concat(list(_terms(look, set(parsed["booked_on"])))).unique(_IDENTITY, keep="first")
    told = parsed.join(terms, on=_IDENTITY, how="left", maintain_order="left")
    return told.with_columns(
        gross_minor=pl.coalesce(
            pl.col("agreed_minor") * pl.col("quantity_e8").sign(),
            pl.col("net_minor") - pl.col("commission_minor") - pl.col("fees_minor"),
        )
    ).with_columns(
        fees_minor=pl.col("net_minor") - pl.col("commission_minor") - pl.col("gross_minor")
    )


def _terms(look: Look, days: set[object]) -> Iterator[pl.DataFrame]:
    schema: dict[str, Any] = {"partner": pl.String, "trade_date": pl.Date, "trade_id": pl.String}
    schema |= {"booked_on": pl.Date, **_TERMS}
    yield pl.DataFrame(schema=schema)
    terms = [name for name in _TERMS if name != "agreed_minor"]
    read = ["partner", "trade_date", "trade_id", "state_on", "status", "cleared_on", *terms]
    for part in look.books.trades:
        if part.day in days:
            rows = look.records.read(part, read).filter(pl.col("status") == CLEARED)
            yield shaped(rows.with_columns(booked_on="state_on"), schema)
    for name in (ALLOCATIONS, REVERSED):
        known: Part | None = look.books.tables.get(name)
        if known is not None:
            # which of its two legs buys is told by their signs; of the block's fees each has its
            # part in its net, though the journal credited them once, with the block
            leg = pl.concat_str("block_trade_id", "allocation_id", separator=":")
            rows = look.records.read(known).drop("side")
            for end in ("", ":block"):
                named = pl.concat_str(leg, pl.lit(end))
                told = rows.with_columns(
                    trade_id=named, booked_on="cleared_on", agreed_minor="gross_minor"
                )
                yield shaped(told, schema)


def shown(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the blotter as text, by entry."""
    texts = {
        "side": pl.coalesce("side", _side()),
        "quantity": format_e8("quantity_e8"),
        "price": format_e8("price_e8"),
        "traded_at": pl.col("traded_at").dt.strftime(_MOMENT),
        **{name: format_money(f"{name}_minor") for name in ("gross", "commission", "fees", "net")},
    }
    columns = [texts.get(name, pl.col(name)).cast(pl.String).alias(name) for name in COLUMNS]
    return rows.sort("entry_id").select(columns)


def _side() -> pl.Expr:
    bought = (pl.col("quantity_e8") > 0) ^ pl.col("reverses").is_not_null()
    return pl.when(bought).then(pl.lit("BUY")).otherwise(pl.lit("SELL"))
