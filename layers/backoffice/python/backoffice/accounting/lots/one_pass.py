"""One pass over the events of many groups, in order: what `lots` carries on and replays by."""

from collections.abc import Sequence

import polars as pl

from backoffice.accounting.lots.actions import Leg, Terms
from backoffice.accounting.lots.choices import trade_chosen
from backoffice.accounting.lots.frames import DEFAULT_METHOD, LAST, LotBook
from backoffice.accounting.lots.methods import (
    METHODS,
    Closing,
    Policy,
    rekey,
    take_at_cost,
    trade,
)
from backoffice.accounting.lots.money import Event, UnitClosing
from backoffice.accounting.lots.results import (
    OpenLots,
    disposals_frame,
    faults_frame,
    lots_frame,
    realised_frame,
)
from backoffice.accounting.lots.sequence import (
    ACTION,
    CHOICE,
    OTHER_METHOD,
    OUT,
    SAME,
    last_events,
    names_of_rare,
)
from backoffice.accounting.lots.transforms import Moved, transform
from backoffice.accounting.lots.units import Piles, piles_of, unit_of
from backoffice.accounting.lots.wash_pass import PassFacts, tell_washes
from backoffice.accounting.wash_sales.events import Onward
from backoffice.accounting.wash_sales.frames import NO_WASHING, Washing
from backoffice.kernel.collector import uncollected
from backoffice.kernel.columns import whole_numbers
from backoffice.kernel.errors import OutOfRangeError


def take(
    table: pl.DataFrame, sequence: pl.DataFrame, terms: Terms, washing: Washing = NO_WASHING
) -> LotBook:
    """Take the rows, each by the method it names.

    Raises
    ------
    OutOfRangeError
        For a method that is none of FIFO, LIFO, HIFO, AVERAGE.
    """
    if unknown := set(table["method"].drop_nulls().unique()) - set(METHODS):
        raise OutOfRangeError(f"no lot method is called {', '.join(sorted(unknown))}")
    taken = _Pass(table, sequence, terms)
    taken.currencies |= {*washing.before.losses["currency"].unique()}
    with uncollected():
        realised = taken.run()
        return LotBook(
            lots_frame(table, sequence, taken.lots),
            realised_frame(table, sequence, realised, taken.profits),
            last_events(table, sequence).select(LAST.names()),
            disposals_frame(table, sequence, taken.closings, taken.unit_closings),
            tell_washes(table, sequence, taken.facts(), washing),
            faults_frame(table, sequence, taken.not_followed),
        )


class _Pass:
    """A pass under way: what it has open, and what it closed.

    `closings` are what trades and transfers took of lots, in the unit of their row;
    `unit_closings` what actions closed, each in its own; `profits` (row, unit, profit) are beside
    those of the rows: an action has them in several units.
    """

    def __init__(self, table: pl.DataFrame, sequence: pl.DataFrame, terms: Terms) -> None:
        self.table, self.sequence, self.terms = table, sequence, terms
        self.not_followed: list[tuple[int, str]] = []
        self.names = names_of_rare(table, sequence)
        self.lots = OpenLots()
        self.closings: list[Closing] = []
        self.unit_closings: list[UnitClosing] = []
        self.profits: list[tuple[int, str, int]] = []
        self.moves: list[Moved] = []
        self.onward: dict[int, Onward] = {}
        self.currencies = {*table["currency"].unique()} if terms else set()
        self.piles: Piles = {}
        self.put: Policy = METHODS[DEFAULT_METHOD]

    def run(self) -> list[int | None]:
        """Return each row's realised profit (null: it adds no row of its own).

        This is the hot loop of the close: one pass, local names, whole numbers.
        """
        realised: list[int | None] = []
        closings, starts, current = self.closings, self._methods_at_start(), -1
        piles, put = self.piles, self.put
        names = (self.sequence[name].to_list() for name in ("group", "unit", "deed"))
        figures = (whole_numbers(self.sequence[name]) for name in ("quantity_e8", "money_minor"))
        values = zip(*names, *figures, strict=True)
        for row, (group, unit, deed, quantity, money) in enumerate(values):
            if group != current:
                self.lots.keep(piles)
                piles = self.piles = {}
                put, current = METHODS[starts.get(group, DEFAULT_METHOD)], group
            if deed:
                realised.append(self._rarely(row, deed, unit, quantity, money, put))
                put = self.put
                continue
            if (own := piles.get(unit)) is None:
                own = piles[unit] = []
            realised.append(trade(own, put, row, quantity, money, closings))
        self.lots.keep(piles)
        return realised

    def _methods_at_start(self) -> dict[int, str]:
        named = self.sequence.select("group", "method").drop_nulls()
        firsts = named.unique("group", keep="first", maintain_order=True)
        return dict(zip(*(column.to_list() for column in firsts), strict=True))

    def _rarely(
        self, row: int, deed: int, unit: str, quantity: int, money: int, put: Policy
    ) -> int | None:
        """Take a row that is more than a trade."""
        if deed >= OTHER_METHOD:
            deed -= OTHER_METHOD
            put = METHODS[self.sequence["method"][row]]
            for pile in self.piles.values():
                rekey(pile, put)
        self.put = put
        if deed == OUT:
            return self._transfer_out(row, unit, -quantity)
        if deed == CHOICE:
            return self._choose(row, unit, quantity, money)
        if deed == ACTION:
            self._act(row)
            return None
        pile = self.piles.setdefault(unit, [])
        if deed == SAME:
            put(pile, self._opening_of(row), quantity, money)
            return 0
        return trade(pile, put, row, quantity, money, self.closings)

    def _opening_of(self, row: int) -> int:
        """Return the row that stands for the opening of a lot that was opened again."""
        while self.sequence["deed"][row] == SAME:
            row -= 1
        return row

    def _choose(self, row: int, unit: str, quantity: int, money: int) -> int:
        """Take a trade by the lots it names."""
        pile = self.piles.setdefault(unit, [])
        at = self.sequence["at"]
        called = self.table.select("trade_id", "opened_on")
        names = {lot[1]: called.row(at[lot[1]]) for lot in pile}
        choice = self.table["chosen"][at[row]]
        profit, cause = trade_chosen(pile, row, quantity, money, self.closings, choice, names)
        if cause is not None:
            self.not_followed.append((row, cause))
        return profit

    def _transfer_out(self, row: int, unit: str, quantity: int) -> int | None:
        """Take lots of any currency at cost; what is not there is short at no cost."""
        _, family, isin, _ = self.names[row]
        piles = [*piles_of(self.piles, isin, family).values()]
        unmet = take_at_cost(piles, self.put, quantity, row, self.closings)
        if not unmet:
            return None
        self.put(self.piles.setdefault(unit, []), row, -unmet, 0)
        return 0

    def _act(self, row: int) -> None:
        account, family, isin, action = self.names[row]
        general = self.terms.get((action, isin, None), ())
        legs = self.terms.get((action, isin, account), general)
        if not legs:
            return
        closed, moved = transform(self.piles, self.put, Event(row, family, isin, legs))
        self.unit_closings += closed
        self.moves += moved
        self.onward[row] = self._onward(isin, family, legs)
        self.profits += [(row, unit, 0) for unit in {move.unit for move in moved}]
        self.profits += [(row, unit, -(part[3] + part[4])) for unit, part in closed]

    def _onward(self, isin: str, family: str, legs: Sequence[Leg]) -> Onward:
        """Say where shares that are held no more would have come: into the first leg of shares."""
        first = next((leg for leg in legs if leg.to_isin is not None), None)
        target = isin if first is None else str(first.to_isin)
        units = {unit_of(isin, c, family): unit_of(target, c, family) for c in self.currencies}
        return Onward(units, *(1, 1) if first is None else (first.numerator, first.denominator))

    def facts(self) -> PassFacts:
        """Return what was done, for those who tell wash sales."""
        return PassFacts(self.closings, self.unit_closings, self.moves, self.onward)
