"""What rolls at a cut-off, by what the books know of counterparties, instruments and closes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import polars as pl

from backoffice.kernel.books import Books
from backoffice.kernel.errors import NoRuleError
from backoffice.kernel.parts import Records
from backoffice.reference.known import known_table
from backoffice.risk.valuation import latest_on, with_values
from backoffice.settlement.continuous import Rolled, late_with, roll
from backoffice.settlement.corrections import Corrected
from backoffice.settlement.frames import NextDay
from backoffice.settlement.nets import add_nets
from backoffice.settlement.netting import Netted, net
from backoffice.settlement.obligations import replace_rows
from backoffice.settlement.rolls import ROLL_SCHEMA, ROLLS, into

_CONTINUOUS: Final = "CNS"


@dataclass(frozen=True, slots=True)
class NettedDay:
    """A cut-off's netting, with what rolled into it.

    Attributes
    ----------
    books
        With what rolled.
    netted
        The obligations and memberships.
    requests : pl.DataFrame
        `OBLIGATION_SCHEMA`: whose cancellation is asked for, as they stood.
    """

    books: Books
    netted: Netted
    requests: pl.DataFrame


def net_day(
    records: Records,
    books: Books,
    corrected: Corrected,
    on_hold: pl.Series,
    nets: Iterable[pl.DataFrame],
    next_day: NextDay,
) -> NettedDay:
    """Net what a cut-off cleared with what is late with those that net continuously.

    Parameters
    ----------
    records, books
        The record store and the day's books: counterparties, instruments, closes.
    corrected
        The obligations after the day's corrections, and what these ask for.
    on_hold
        What people hold: it stays as it is.
    nets
        `NETS_SCHEMA` each.
    next_day
        Each venue's first settlement day after the day.
    """
    before, wanted = corrected.obligations, corrected.pending["obligation_id"]
    wanted = pl.concat([wanted, on_hold])
    rolled = _rolled(records, books, before, wanted, next_day)
    if rolled is None:
        return NettedDay(books, net(add_nets(nets), before, books.day), corrected.requests)
    left = replace_rows(before, pl.concat([rolled.changed, rolled.marks]))
    netted = net(add_nets([*nets, rolled.nets]), left, books.day)
    rolls = into(rolled.rolls, netted.memberships)
    asked = before.join(rolls, on="obligation_id", how="semi")
    return NettedDay(
        books=books.with_day_part(ROLLS, records.keep("settlement", books.day, rolls)),
        netted=replace(netted, obligations=_replaced(netted.obligations, rolls)),
        requests=pl.concat([corrected.requests, asked]),
    )


def _rolled(
    records: Records,
    books: Books,
    obligations: pl.DataFrame,
    spoken_for: pl.Series,
    next_day: NextDay,
) -> Rolled | None:
    netting_on = _continuous(records, books)
    if not netting_on:
        return None
    late = late_with(obligations, netting_on, spoken_for, books.day)
    if not late.height:
        return None
    valued = _with_worth(records, books, late)
    try:
        return roll(obligations, valued, spoken_for, books.day, next_day)
    except NoRuleError:
        return None  # without a day to net for it fails as any other


def rolls_of_the_day(records: Records, books: Books) -> pl.DataFrame:
    """Return `ROLL_SCHEMA` of what rolled at the day's cut-off."""
    parts = books.day_parts.get(ROLLS, ())
    rows = records.read(parts[-1]) if parts else pl.DataFrame(schema=dict(ROLL_SCHEMA))
    return rows.filter(pl.col("rolled_on") == books.day)


def _replaced(obligations: pl.DataFrame, rolls: pl.DataFrame) -> pl.DataFrame:
    """Let the obligations that were left name the one each was netted into."""
    names: Mapping[str, Any] = dict(rolls.select("obligation_id", "into").iter_rows())
    moved = pl.col("obligation_id").replace_strict(names, default=None, return_dtype=pl.String)
    return obligations.with_columns(replaced_by=pl.coalesce(moved, "replaced_by"))


def _continuous(records: Records, books: Books) -> list[str]:
    rows = known_table(records, books, "counterparties")
    return rows.filter(pl.col("netting") == _CONTINUOUS)["lei"].sort().to_list()


def _with_worth(records: Records, books: Books, late: pl.DataFrame) -> pl.DataFrame:
    """Add worth_minor: what is left at its latest close, where that is in its currency."""
    wanted = pl.col("isin").is_in(late["isin"].unique().implode())
    classes = (
        known_table(records, books, "instruments").filter(wanted).select("isin", "asset_class")
    )
    closes = latest_on(known_table(records, books, "prices").filter(wanted), books.day, ("isin",))
    held = late.select("obligation_id", "isin", "currency", quantity_e8="quantity_left")
    valued = with_values(held.join(classes, on="isin", how="left"), closes).select(
        "obligation_id",
        worth_minor=pl.when(pl.col("value_currency") == pl.col("currency")).then("value_minor"),
    )
    return late.join(valued, on="obligation_id", how="left", maintain_order="left")
