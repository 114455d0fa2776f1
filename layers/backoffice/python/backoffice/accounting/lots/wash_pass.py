"""Wash sales of the groups of a pass: what happened to them as events, what came of it as frames.

Only groups that have a loss, or had what a wash sale left, are gone through.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import polars as pl

from backoffice.accounting.lots.actions import family_of
from backoffice.accounting.lots.frames import closes_on
from backoffice.accounting.lots.methods import Closing as LotClosing
from backoffice.accounting.lots.money import UnitClosing
from backoffice.accounting.lots.sequence import ACTION, OTHER_METHOD, OUT
from backoffice.accounting.lots.transforms import Moved
from backoffice.accounting.lots.units import unit_of
from backoffice.accounting.wash_sales.events import (
    Closing,
    Event,
    Loss,
    Move,
    Onward,
    Open,
    Piece,
    Ref,
)
from backoffice.accounting.wash_sales.frames import (
    Washes,
    Washing,
    no_washes,
)
from backoffice.accounting.wash_sales.group import GroupWashes
from backoffice.accounting.wash_sales.told import Told

_REF: Final = ("opened_on", "trade_id", "partner")


class PassFacts(NamedTuple):
    """What a pass did: closings by their unit, moves of actions, and their onward ways by row."""

    closings: Sequence[LotClosing]
    unit_closings: Sequence[UnitClosing]
    moves: Sequence[Moved]
    onward: dict[int, Onward]


def tell_washes(
    table: pl.DataFrame, sequence: pl.DataFrame, facts: PassFacts, washing: Washing
) -> Washes:
    """Tell the wash sales of a pass.

    Parameters
    ----------
    table, sequence
        The pass's rows.
    facts
        What it closed and moved.
    washing
        Whose wash sales are told, and what is known of their groups so far.
    """
    rows = _rows_of(table, sequence, facts, washing)
    if not rows.height:
        return no_washes()
    told = Told()
    tale = _Tale(table, sequence, facts)
    for names, some in rows.group_by("account_id", "family", maintain_order=True):
        account, family = map(str, names)
        group = GroupWashes(washing.days)
        _recall(group, some, washing, (account, family))
        for event in tale.events(some):
            group.take(event)
        told.add(group, account, family)
    return told.frames()


def _rows_of(
    table: pl.DataFrame, sequence: pl.DataFrame, facts: PassFacts, washing: Washing
) -> pl.DataFrame:
    """Return the rows of the groups that have to be gone through, in their order."""
    dated = closes_on().alias("dated")
    names = table.select("account_id", "family", "isin", "kind", *_REF, dated, "quantity_e8")
    if not washing.accounts:
        return names.clear()
    every = pl.concat(
        [sequence.select("at", "unit", "deed", "method"), names[sequence["at"]]], how="horizontal"
    )
    every = every.with_row_index("row")
    lossy = {part[0] for part in facts.closings if part[3] + part[4] > 0}
    lossy |= {part[0] for _, part in facts.unit_closings if part[3] + part[4] > 0}
    losses = every.filter(pl.col("row").is_in(list(lossy))).select("account_id", "family")
    family = family_of(pl.col("isin"), dict(washing.named)).alias("family")
    known = (washing.before.replacing, washing.before.losses)
    held = [frame.select("account_id", family) for frame in known]
    wanted = pl.concat([losses, *held]).unique()
    theirs = wanted.filter(pl.col("account_id").is_in(list(washing.accounts)))
    return every.join(theirs, on=["account_id", "family"], how="semi", maintain_order="left")


def _recall(
    group: GroupWashes, rows: pl.DataFrame, washing: Washing, names: tuple[str, str]
) -> None:
    """Open the lots that were open again, with what wash sales left of before."""
    again = rows.filter(pl.col("kind").is_null())
    for row in again.iter_rows(named=True):
        quantity = row["quantity_e8"]
        place = (row["unit"], _ref(row, *_REF))
        group.reopen(place, Open(quantity < 0, abs(quantity)))
    account, family = names
    called = family_of(pl.col("isin"), dict(washing.named)) == family
    mine, before = called & (pl.col("account_id") == account), washing.before
    for row in before.replacing.filter(mine).sort("number").iter_rows(named=True):
        place = (_unit(row, family), _ref(row, "opened_on", "opening_id", "opening_partner"))
        if place in group.lots:
            piece = Piece(row["quantity_e8"], row["extra_minor"], row["days_tacked"])
            group.lots[place].pieces.append(piece)
    group.pending += [
        _loss(row, family) for row in before.losses.filter(mine).iter_rows(named=True)
    ]


def _loss(row: dict[str, Any], family: str) -> Loss:
    closing = _ref(row, "closed_on", "trade_id", "partner")
    opening = _ref(row, "opened_on", "opening_id", "opening_partner")
    size = (row["quantity_e8"], row["loss_minor"], row["days_held"])
    return Loss(_unit(row, family), closing, opening, row["is_short"], row["number"], *size)


def _ref(row: dict[str, Any], day: str, name: str, partner: str) -> Ref:
    return row[day], row[name], row[partner]


def _unit(row: dict[str, Any], family: str) -> str:
    return unit_of(row["isin"], row["currency"], family)


class _Tale:
    """What a pass did, by row, as events of wash sales."""

    def __init__(self, table: pl.DataFrame, sequence: pl.DataFrame, facts: PassFacts) -> None:
        self.table, self.sequence, self.facts = table.select(_REF), sequence, facts
        self.parts: dict[int, list[tuple[str, LotClosing]]] = {}
        for part in facts.closings:
            self.parts.setdefault(part[0], []).append(("", part))
        for unit, part in facts.unit_closings:
            self.parts.setdefault(part[0], []).append((unit, part))
        self.moves: dict[int, list[Moved]] = {}
        for move in facts.moves:
            self.moves.setdefault(move.row, []).append(move)

    def _opening(self, row: int) -> Ref:
        return self.table.row(self.sequence["at"][row])

    def events(self, rows: pl.DataFrame) -> Iterator[Event]:
        """Yield the events of one group's new rows."""
        method = None
        for row in rows.iter_rows(named=True):
            method = row["method"] or method
            if row["kind"] is None:
                continue
            number, deed = row["row"], row["deed"] % OTHER_METHOD
            parts = self.parts.get(number, [])
            met = sum(part[2] for _, part in parts)
            onward = self.facts.onward.get(number)
            yield Event(
                ref=_ref(row, "dated", "trade_id", "partner"),
                unit=row["unit"],
                opened=0 if deed == ACTION else row["quantity_e8"] + met,
                at_cost=deed == OUT,
                closings=[self._closing(unit or row["unit"], part) for unit, part in parts],
                moves=[self._move(moved) for moved in self.moves.get(number, [])],
                sources=frozenset() if onward is None else frozenset(onward.units),
                onward=onward,
                merges=method == "AVERAGE",
            )

    def _move(self, moved: Moved) -> Move:
        openings = (self._opening(moved.opening), self._opening(moved.to_opening))
        return Move(moved.source, moved.unit, *openings, abs(moved.quantity), abs(moved.cost))

    def _closing(self, unit: str, part: LotClosing) -> Closing:
        _, opening, quantity, cost, money = part
        is_short = quantity < 0 or (quantity == 0 and cost < 0)
        figures = (money, -cost) if is_short else (cost, -money)
        return Closing(unit, self._opening(opening), is_short, abs(quantity), *figures)
