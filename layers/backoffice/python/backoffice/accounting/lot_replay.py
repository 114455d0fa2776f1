"""One pass over the events of many groups, in order: what `lots` carries on and replays by.

A table holds the rows as they came; a sequence holds what the pass needs of them, in order, with
`at` pointing back into the table. Sorting and moving whole rows would cost more than the pass.
"""

import polars as pl

from backoffice.accounting.lot_frames import (
    DEFAULT_METHOD,
    GROUP,
    LAST,
    LOTS,
    MOMENT,
    REALISED,
    LotBook,
)
from backoffice.accounting.lot_methods import METHODS, Pile, trade, transfer_out
from backoffice.kernel.errors import OutOfRangeError


def event_rows(events: pl.DataFrame) -> pl.DataFrame:
    """Make EVENTS rows of the pass: figures signed, a buy positive and a sale negative."""
    sign = pl.when(pl.col("kind").is_in(["BUY", "IN"])).then(1).otherwise(-1).cast(pl.Int128)
    return events.select(
        *GROUP,
        pl.col("currency").fill_null(""),
        is_new=pl.lit(value=True),
        is_out=pl.col("kind") == "OUT",
        quantity_e8=pl.col("quantity_e8") * sign,
        money_minor=pl.col("money_minor") * sign,
        opened_on="trade_date",
        place=pl.lit(None, dtype=pl.UInt32),
        trade_date="trade_date",
        is_trade=~pl.col("kind").is_in(["IN", "OUT"]),
        traded_at="traded_at",
        trade_id="trade_id",
        partner="partner",
        method=pl.col("method").fill_null(DEFAULT_METHOD),
    )


def lot_rows(lots: pl.DataFrame) -> pl.DataFrame:
    """Make LOTS rows that open them again; without a date, they stand before every event."""
    return lots.select(
        *GROUP,
        "currency",
        is_new=pl.lit(value=False),
        is_out=pl.lit(value=False),
        quantity_e8="quantity_e8",
        money_minor="cost_minor",
        opened_on="opened_on",
        place="place",
        trade_date=pl.lit(None, dtype=pl.Date),
        is_trade=pl.lit(None, dtype=pl.Boolean),
        traded_at=pl.lit(None, dtype=LAST["traded_at"]),
        trade_id="trade_id",
        partner=pl.lit(None, dtype=pl.String),
        method=pl.lit(None, dtype=pl.String),
    )


def sequence_of(table: pl.DataFrame) -> pl.DataFrame:
    """Put the rows into groups and moments; `group` numbers the groups from 0."""
    # ranks of the few distinct names sort several times faster than a million strings
    ranks = [_rank(table[name]) for name in GROUP]
    keys = table.select(*ranks, "trade_date", "place", *MOMENT[1:])
    order = keys.select(pl.arg_sort_by(keys.columns).alias("at"))
    group = keys.select(GROUP)[order["at"]].select(pl.struct(GROUP).rle_id().alias("group"))
    read = table.select("currency", "is_new", "is_out", "quantity_e8", "money_minor")
    return pl.concat([order, group, read[order["at"]]], how="horizontal")


def _rank(names: pl.Series) -> pl.Series:
    return names.cast(pl.Enum(names.unique().sort())).to_physical()


def first_events(table: pl.DataFrame, sequence: pl.DataFrame) -> pl.DataFrame:
    """Return the first new row of each group."""
    return table[_new(sequence).unique("group", keep="first", maintain_order=True)["at"]]


def _last_events(table: pl.DataFrame, sequence: pl.DataFrame) -> pl.DataFrame:
    lasts = _new(sequence).unique("group", keep="last", maintain_order=True)
    return pl.concat([lasts.select("group"), table[lasts["at"]]], how="horizontal")


def _new(sequence: pl.DataFrame) -> pl.DataFrame:
    return sequence.lazy().filter("is_new").select("group", "at").collect()


def take(table: pl.DataFrame, sequence: pl.DataFrame) -> LotBook:
    """Take the rows by their groups' methods (each group's is that of its last new row).

    Raises
    ------
    OutOfRangeError
        For a method that is none of FIFO, LIFO, HIFO, AVERAGE.
    """
    lasts = _last_events(table, sequence)
    methods = dict(zip(lasts["group"].to_list(), lasts["method"].to_list(), strict=True))
    if unknown := set(methods.values()) - set(METHODS):
        raise OutOfRangeError(f"no lot method is called {', '.join(sorted(unknown))}")
    lots, realised = _run(sequence, methods)
    return LotBook(
        _lots_frame(table, sequence, lots),
        _realised_frame(table, sequence, realised),
        lasts.select(LAST.names()),
    )


class _OpenLots:
    """Open lots of all groups as three columns: flat lists cost the least memory."""

    def __init__(self) -> None:
        self.rows: list[int] = []
        self.quantities: list[int] = []
        self.costs: list[int] = []

    def keep(self, piles: dict[str, Pile]) -> None:
        """Take over what a group has left."""
        for pile in piles.values():
            for _, row, quantity, cost in pile:
                self.rows.append(row)
                self.quantities.append(quantity)
                self.costs.append(cost)

    def frame(self) -> pl.DataFrame:
        """Return row, quantity_e8, cost_minor in the order of the rows."""
        return pl.DataFrame(
            {
                "row": pl.Series(self.rows, dtype=pl.UInt32),
                "quantity_e8": pl.Series(self.quantities, dtype=pl.Int128),
                "cost_minor": pl.Series(self.costs, dtype=pl.Int128),
            }
        ).sort("row")


def _run(sequence: pl.DataFrame, methods: dict[int, str]) -> tuple[_OpenLots, list[int | None]]:
    """Return the open lots, and each row's realised profit (null: it adds no row of its own).

    This is the hot loop of the close: one pass, local names, whole numbers.
    """
    lots = _OpenLots()
    realised: list[int | None] = []
    piles: dict[str, Pile] = {}
    put, current = METHODS[DEFAULT_METHOD], -1
    columns = sequence.select("group", "currency", "is_out", "quantity_e8", "money_minor")
    values = zip(*(column.to_list() for column in columns), strict=True)
    for row, (group, currency, is_out, quantity, money) in enumerate(values):
        if group != current:
            lots.keep(piles)
            put, current, piles = METHODS[methods[group]], group, {}
        if is_out:
            opened = transfer_out(piles, put, row, -quantity, currency)
            realised.append(0 if opened else None)
            continue
        if (own := piles.get(currency)) is None:
            own = piles[currency] = []
        realised.append(trade(own, put, row, quantity, money))
    lots.keep(piles)
    return lots, realised


def _lots_frame(table: pl.DataFrame, sequence: pl.DataFrame, lots: _OpenLots) -> pl.DataFrame:
    figures = lots.frame()
    origin = sequence.select("group", "at")[figures["row"]]
    names = table.select(*GROUP, "currency", "opened_on", "trade_id")[origin["at"]]
    place = pl.int_range(pl.len(), dtype=pl.UInt32).over("group")
    framed = pl.concat([names, origin, figures], how="horizontal")
    return framed.with_columns(place=place).select(LOTS.names())


def _realised_frame(
    table: pl.DataFrame, sequence: pl.DataFrame, realised: list[int | None]
) -> pl.DataFrame:
    sums = (
        sequence.select("group", "currency", "at", pl.Series("profit", realised, dtype=pl.Int128))
        .drop_nulls("profit")
        .group_by("group", "currency")
        .agg(pl.col("at").first(), realised_pnl_minor=pl.col("profit").sum())
        .sort("group", "currency")
    )
    names = table.select(GROUP)[sums["at"]]
    return pl.concat([names, sums], how="horizontal").select(REALISED.names())
