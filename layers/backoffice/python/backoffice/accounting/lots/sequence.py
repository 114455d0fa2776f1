"""The rows of a pass over many groups, and their order.

A table holds the rows as they came; a sequence holds what the pass needs of them, in order, with
`at` pointing back into the table. Sorting and moving whole rows would cost more than the pass.
"""

from typing import Final

import polars as pl

from backoffice.accounting.lots.actions import family_of
from backoffice.accounting.lots.frames import ACTION_KIND, DEFAULT_METHOD, LAST
from backoffice.accounting.lots.order import order_of

TRADE: Final = 0
"""What a row does: it is a trade, a transfer in, or a lot opened again;"""
OUT: Final = 1
"""a transfer out;"""
ACTION: Final = 2
"""a corporate action on the group;"""
SAME: Final = 3
"""a lot opened again, of the opening of the row before it;"""
CHOICE: Final = 4
"""or a trade of an account that chooses its lots."""
OTHER_METHOD: Final = 8
"""Added to a row that is taken by another method than the one before it."""


def event_rows(events: pl.DataFrame, named: dict[str, str]) -> pl.DataFrame:
    """Make EVENTS rows of the pass: figures signed, a buy positive and a sale negative."""
    sign = pl.when(pl.col("kind").is_in(["BUY", "IN"])).then(1).otherwise(-1).cast(pl.Int128)
    return events.select(
        "account_id",
        "isin",
        family_of(pl.col("isin"), named).alias("family"),
        pl.col("currency").fill_null(""),
        kind="kind",
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
        chosen=pl.col("chosen") if "chosen" in events.columns else pl.lit(None, pl.String),
    )


def lot_rows(lots: pl.DataFrame, named: dict[str, str]) -> pl.DataFrame:
    """Make LOTS rows that open them again; without a date, they stand before every event.

    They may say by which `method` the group was taken; else its first event does.
    """
    return lots.select(
        "account_id",
        "isin",
        family_of(pl.col("isin"), named).alias("family"),
        "currency",
        kind=pl.lit(None, dtype=pl.String),
        quantity_e8="quantity_e8",
        money_minor="cost_minor",
        opened_on="opened_on",
        place="place",
        trade_date=pl.lit(None, dtype=pl.Date),
        is_trade=pl.lit(None, dtype=pl.Boolean),
        traded_at=pl.lit(None, dtype=LAST["traded_at"]),
        trade_id="trade_id",
        partner="partner",
        method="method",
        chosen=pl.lit(None, dtype=pl.String),
    )


def action_rows(groups: pl.DataFrame, legs: pl.DataFrame, named: dict[str, str]) -> pl.DataFrame:
    """Make a row of each action for each group (account_id, family) of its family."""
    family = family_of(pl.col("isin"), named).alias("family")
    names = ("action_id", "isin", "effective_on", "transfers_until")
    actions = legs.group_by(*names, family).agg(pl.col("opens_on").max())
    # a moment between the transfers of its date, which have none, and the trades
    after = pl.col("transfers_until").is_not_null()
    midnight = pl.col("effective_on").cast(pl.Datetime("ns")).dt.replace_time_zone("UTC")
    return groups.join(actions, on="family", how="inner").select(
        "account_id",
        "isin",
        "family",
        currency=pl.lit("", dtype=pl.String),
        kind=pl.lit(ACTION_KIND),
        quantity_e8=pl.lit(0, dtype=pl.Int128),
        money_minor=pl.lit(0, dtype=pl.Int128),
        opened_on="opens_on",
        place=pl.lit(None, dtype=pl.UInt32),
        trade_date="effective_on",
        is_trade=pl.when(after).then(pl.lit(value=False)),
        traded_at=pl.when(after).then(midnight).cast(LAST["traded_at"]),
        trade_id="action_id",
        partner=pl.lit(None, dtype=pl.String),
        method=pl.lit(None, dtype=pl.String),
        chosen=pl.lit(None, dtype=pl.String),
    )


def sequence_of(table: pl.DataFrame) -> pl.DataFrame:
    """Put the rows into groups and moments.

    Returns
    -------
    pl.DataFrame
        group (numbered from 0), at, unit (where lots meet: the currency, and the ISIN before it
        when that does not call the family), deed, quantity_e8, money_minor.
    """
    at, group = order_of(table)
    order = pl.DataFrame({"group": group, "at": at})
    return _with_deeds(pl.concat([order, _read(table)[at]], how="horizontal"))


def _read(table: pl.DataFrame) -> pl.DataFrame:
    unit = pl.col("currency")
    if not (table["isin"] == table["family"]).all():
        joined = pl.concat_str("isin", pl.lit(":"), "currency")
        unit = pl.when(pl.col("isin") == pl.col("family")).then(unit).otherwise(joined)
    return table.select(unit.alias("unit"), "kind", "place", "method", "quantity_e8", "money_minor")


def _with_deeds(rows: pl.DataFrame) -> pl.DataFrame:
    kind = pl.col("kind")
    deed = pl.when(kind == "OUT").then(OUT).when(kind == ACTION_KIND).then(ACTION).otherwise(TRADE)
    read = ["group", "at", "unit", "quantity_e8", "money_minor"]
    if rows["kind"].null_count():
        again = kind.is_null() & (pl.col("place").eq_missing(pl.col("place").shift(1)))
        same = again & kind.shift(1).is_null() & (pl.col("group") == pl.col("group").shift(1))
        deed = pl.when(same).then(SAME).otherwise(deed)
    rows = rows.with_columns(deed=deed.cast(pl.Int8))
    methods = rows["method"].drop_nulls().unique()
    if "SPECIFIC" in methods:
        chooses = (pl.col("method") == "SPECIFIC") & (pl.col("deed") == TRADE) & kind.is_not_null()
        rows = rows.with_columns(deed=pl.when(chooses).then(CHOICE).otherwise("deed").cast(pl.Int8))
    if len(methods) > 1:
        now = pl.col("method").forward_fill().over("group")
        other = (now != now.shift(1).over("group")).fill_null(value=False)
        rows = rows.with_columns(
            deed=pl.col("deed") + pl.when(other).then(OTHER_METHOD).otherwise(0)
        )
    return rows.select(*read, "deed", "method")


def first_events(table: pl.DataFrame, sequence: pl.DataFrame) -> pl.DataFrame:
    """Return the first new row of each group; `isin` calls its family."""
    return _called(
        table[_new(table, sequence).unique("group", keep="first", maintain_order=True)["at"]]
    )


def last_events(table: pl.DataFrame, sequence: pl.DataFrame) -> pl.DataFrame:
    """Return the last new row of each group, by its number; `isin` calls its family."""
    lasts = _new(table, sequence).unique("group", keep="last", maintain_order=True)
    rows = pl.concat([lasts.select("group"), _called(table[lasts["at"]])], how="horizontal")
    if not rows["method"].null_count():
        return rows
    # an action is taken by the method of the event before it
    named = sequence.select("group", by="method").drop_nulls()
    by = named.unique("group", keep="last", maintain_order=True)
    met = rows.join(by, on="group", how="left", maintain_order="left")
    return met.with_columns(method=pl.coalesce("method", "by"))


def _called(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(isin="family")


def _new(table: pl.DataFrame, sequence: pl.DataFrame) -> pl.DataFrame:
    if not table["kind"].null_count():
        return sequence.select("group", "at")
    is_new = table["kind"].is_not_null()[sequence["at"]]
    return sequence.select("group", "at").filter(is_new)


def names_of_rare(
    table: pl.DataFrame, sequence: pl.DataFrame
) -> dict[int, tuple[str, str, str, str]]:
    """Return account, family, isin and trade_id of the rows that are more than a trade."""
    deeds = sequence["deed"] % OTHER_METHOD
    rare = ((deeds == OUT) | (deeds == ACTION)).arg_true()
    names = table.select("account_id", "family", "isin", "trade_id")[sequence["at"][rare]]
    return dict(zip(rare.to_list(), names.iter_rows(), strict=True))
