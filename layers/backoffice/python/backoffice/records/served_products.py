"""Instruments as they are served: facts, the latest close, what the firm has and what is due."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import polars as pl

from backoffice.accounting.risk.inputs import market_of, open_obligations
from backoffice.kernel.books import Books, load, state_key
from backoffice.kernel.columns import bucket_of, int128
from backoffice.kernel.parts import Records
from backoffice.records.product_shapes import (
    DUE_SCHEMA,
    ISIN_BUCKETS,
    PRODUCT_SCHEMA,
    PRODUCTS,
)
from backoffice.reference.known import known_table
from backoffice.risk.valuation import latest_on

_FACTS: Final = list(PRODUCT_SCHEMA)[: list(PRODUCT_SCHEMA).index("close_e8")]
_HELD: Final = ("own_traded_e8", "own_settled_e8", "clients_settled_e8")
_NOTHING: Final = int128(0)


def product_items(
    records: Records, books: Books, pack: Callable[[pl.DataFrame], bytes]
) -> Iterator[Mapping[str, Any]]:
    """Serve every instrument as of the latest close; none before any.

    Parameters
    ----------
    records, books
        The record store and the state that is served: a cut-off's has the books of the close
        before it, and so the same instruments.
    pack
        Writes a frame as bytes.
    """
    if books.last_closed is None:
        return
    closed = books
    if books.phase != "closed":
        closed = load(records, state_key(books.last_closed, "closed"))
    known, due = products(records, closed), dues(records, closed)
    for bucket in range(ISIN_BUCKETS):
        own = known.filter(bucket_of(known["isin"], ISIN_BUCKETS) == bucket)
        if own.height:
            yield {
                "pk": PRODUCTS,
                "sk": f"{bucket:04d}",
                "day": str(closed.day),
                "packed": pack(own),
                "due": pack(due.join(own, on="isin", how="semi", maintain_order="left")),
            }


def products(records: Records, closed: Books) -> pl.DataFrame:
    """Return PRODUCT_SCHEMA of closed books, sorted by isin."""
    facts = known_table(records, closed, "instruments").select(_FACTS)
    prices = latest_on(known_table(records, closed, "prices"), closed.day, ["isin"]).select(
        "isin",
        "close_e8",
        close_currency="currency",
        close_date="date",
        close_partner="partner",
        close_file="file",
    )
    valued = market_of(records, closed).closes.select("isin", value_close_e8="close_e8")
    held = _held(records, closed)
    due = open_obligations(records, closed).select("isin").unique()
    isins = pl.concat([each.select("isin") for each in (facts, prices, held, due)]).unique()
    joined = isins
    for part in (facts, prices, valued, held):
        joined = joined.join(part, on="isin", how="left")
    return (
        joined.with_columns(pl.col(_HELD).fill_null(_NOTHING))
        .select(list(PRODUCT_SCHEMA))
        .sort("isin")
    )


def dues(records: Records, closed: Books) -> pl.DataFrame:
    """Return DUE_SCHEMA of closed books, sorted."""
    left = pl.col("quantity_e8").abs() - pl.col("settled_quantity_e8")
    rows = open_obligations(records, closed).with_columns(left=left)

    def of(direction: str) -> pl.Expr:
        return pl.when(pl.col("direction") == direction).then("left").otherwise(_NOTHING).sum()

    sums = rows.group_by("isin", "settlement_date").agg(
        receive_e8=of("RECEIVE"), deliver_e8=of("DELIVER")
    )
    return sums.select(list(DUE_SCHEMA)).sort("isin", "settlement_date")


def _held(records: Records, closed: Books) -> pl.DataFrame:
    """Add up what accounts hold by ISIN, a part of the positions after another."""
    accounts = known_table(records, closed, "accounts").select("account_id", "kind")
    sums = [pl.DataFrame(schema={"isin": pl.String, **dict.fromkeys(_HELD, pl.Int128)})]
    for part in closed.bucketed.get("positions", ()):
        rows = records.read(
            part, ["account_id", "isin", "traded_quantity_e8", "settled_quantity_e8"]
        ).join(accounts, on="account_id", how="left")
        sums.append(rows.group_by("isin").agg(**_sums()))
    return pl.concat(sums).group_by("isin").agg(pl.col(_HELD).sum())


def _sums() -> dict[str, pl.Expr]:
    own = (pl.col("kind") == "HOUSE").fill_null(value=False)
    traded, settled = pl.col("traded_quantity_e8"), pl.col("settled_quantity_e8")
    theirs = pl.max_horizontal(settled, _NOTHING)
    return {
        "own_traded_e8": pl.when(own).then(traded).otherwise(_NOTHING).sum(),
        "own_settled_e8": pl.when(own).then(settled).otherwise(_NOTHING).sum(),
        "clients_settled_e8": pl.when(own).then(_NOTHING).otherwise(theirs).sum(),
    }
