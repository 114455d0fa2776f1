"""What a pass over lots comes to, as frames."""

from collections.abc import Sequence

import polars as pl

from backoffice.accounting.lots.choices import CHOICE_FAULTS
from backoffice.accounting.lots.frames import DISPOSALS, LOTS, REALISED, closes_on
from backoffice.accounting.lots.methods import Closing
from backoffice.accounting.lots.money import UnitClosing
from backoffice.accounting.lots.units import Piles


class OpenLots:
    """Open lots of all groups as columns: flat lists cost the least memory."""

    def __init__(self) -> None:
        self.rows: list[int] = []
        self.units: list[str] = []
        self.quantities: list[int] = []
        self.costs: list[int] = []

    def keep(self, piles: Piles) -> None:
        """Take over what a group has left."""
        for unit, pile in piles.items():
            for _, row, quantity, cost in pile:
                self.rows.append(row)
                self.units.append(unit)
                self.quantities.append(quantity)
                self.costs.append(cost)

    def frame(self) -> pl.DataFrame:
        """Return row, unit, quantity_e8, cost_minor in the order of the rows."""
        return pl.DataFrame(
            {
                "row": pl.Series(self.rows, dtype=pl.UInt32),
                "unit": pl.Series(self.units, dtype=pl.String),
                "quantity_e8": pl.Series(self.quantities, dtype=pl.Int128),
                "cost_minor": pl.Series(self.costs, dtype=pl.Int128),
            }
        ).sort("row", "unit")


def lots_frame(table: pl.DataFrame, sequence: pl.DataFrame, lots: OpenLots) -> pl.DataFrame:
    """Return LOTS of what is open at the end."""
    figures = lots.frame()
    origin = sequence.select("group", "at")[figures["row"]]
    names = table.select("account_id", "family", "opened_on", "trade_id", "partner")[origin["at"]]
    place = pl.col("row").rle_id().over("group")
    framed = pl.concat([names, origin, figures], how="horizontal")
    return framed.with_columns(*_instrument(framed["unit"]), place=place).select(LOTS.names())


def _instrument(units: pl.Series) -> tuple[pl.Expr, pl.Expr]:
    """Read the ISIN and the currency out of a unit and its family."""
    if not units.str.contains(":", literal=True).any():
        return pl.col("family").alias("isin"), pl.col("unit").alias("currency")
    parts = pl.col("unit").str.split_exact(":", 1)
    second = parts.struct.field("field_1")
    isin = pl.when(second.is_null()).then(pl.col("family")).otherwise(parts.struct.field("field_0"))
    return isin.alias("isin"), pl.coalesce(second, "unit").alias("currency")


def realised_frame(
    table: pl.DataFrame,
    sequence: pl.DataFrame,
    realised: list[int | None],
    beside: Sequence[tuple[int, str, int]],
) -> pl.DataFrame:
    """Return REALISED of what the rows brought, and of what actions did beside them."""
    rows = sequence.select(
        "group", "unit", "at", pl.Series("profit", realised, dtype=pl.Int128)
    ).drop_nulls("profit")
    if beside:
        more = pl.DataFrame(
            beside, schema={"row": pl.UInt32, "unit": pl.String, "profit": pl.Int128}, orient="row"
        )
        at = sequence.select("group", "at")[more["row"]]
        rows = pl.concat([rows, pl.concat([at, more], how="horizontal").select(rows.columns)])
    sums = (
        rows.group_by("group", "unit")
        .agg(pl.col("at").first(), realised_pnl_minor=pl.col("profit").sum())
        .sort("group", "unit")
    )
    names = table.select("account_id", "family")[sums["at"]]
    framed = pl.concat([names, sums], how="horizontal")
    return framed.with_columns(*_instrument(framed["unit"])).select(REALISED.names())


def disposals_frame(
    table: pl.DataFrame,
    sequence: pl.DataFrame,
    closings: Sequence[Closing],
    unit_closings: Sequence[UnitClosing],
) -> pl.DataFrame:
    """Return DISPOSALS of what was closed, but what left at cost."""
    rows = pl.concat([_trade_closings(sequence, closings), _unit_closings(unit_closings)])
    closed, opened = sequence["at"][rows["row"]], sequence["at"][rows["opening"]]
    closing = closes_on().alias("closed_on")
    names = table.select("account_id", "family", "kind", closing, "trade_id", "partner")
    openings = table.select("opened_on", opening_id="trade_id", opening_partner="partner")
    framed = pl.concat([names[closed], openings[opened], rows], how="horizontal")
    told = framed.filter(pl.col("kind") != "OUT").with_columns(
        *_instrument(framed["unit"]), *_figures()
    )
    return told.select(DISPOSALS.names())


def _figures() -> tuple[pl.Expr, ...]:
    """Show what was closed unsigned; the money has the sign of what closed it."""
    # what moved for money alone is told by its cost
    is_short = (pl.col("quantity") < 0) | ((pl.col("quantity") == 0) & (pl.col("cost") < 0))
    return (
        is_short.alias("is_short"),
        pl.col("quantity").abs().alias("quantity_e8"),
        pl.when(is_short).then("money").otherwise("cost").alias("cost_minor"),
        pl.when(is_short)
        .then(pl.col("cost") * -1)
        .otherwise(pl.col("money") * -1)
        .alias("proceeds_minor"),
    )


_CLOSINGS = ("row", "opening", "quantity", "cost", "money")


def _trade_closings(sequence: pl.DataFrame, closings: Sequence[Closing]) -> pl.DataFrame:
    columns = _columns(closings)
    return columns.with_columns(unit=sequence["unit"][columns["row"]])


def _unit_closings(closings: Sequence[UnitClosing]) -> pl.DataFrame:
    units = pl.Series("unit", [unit for unit, _ in closings], dtype=pl.String)
    return _columns([closing for _, closing in closings]).with_columns(units)


def _columns(closings: Sequence[Closing]) -> pl.DataFrame:
    types = (pl.UInt32, pl.UInt32, pl.Int128, pl.Int128, pl.Int128)
    return pl.DataFrame(
        [
            pl.Series(name, [closing[at] for closing in closings], dtype=dtype)
            for at, (name, dtype) in enumerate(zip(_CLOSINGS, types, strict=True))
        ]
    )


def faults_frame(
    table: pl.DataFrame, sequence: pl.DataFrame, found: Sequence[tuple[int, str]]
) -> pl.DataFrame:
    """Return CHOICE_FAULTS of the rows whose choice was not followed."""
    rows = pl.Series([row for row, _ in found], dtype=pl.UInt32)
    causes = pl.Series("cause", [cause for _, cause in found], dtype=pl.String)
    return table[sequence["at"][rows]].with_columns(causes).select(CHOICE_FAULTS.names())
