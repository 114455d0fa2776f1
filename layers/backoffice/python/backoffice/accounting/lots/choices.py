"""Specific identification: a sale that names its lots, checked whole before anything is taken.

A choice is text: `trade_id:quantity;...`, or `trade_id@YYYY-MM-DD:quantity` where an id alone could
mean several lots. It counts as it is or not at all.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final, NamedTuple

import polars as pl

from backoffice.accounting.lots.methods import Closing, Pile, fifo, take, trade
from backoffice.kernel.errors import BackofficeError
from backoffice.kernel.scaled import E8, parse_scaled, round_half_up

MISSING: Final = "MISSING"
"""Nobody has chosen, and there is more than one way to take the lots;"""
UNREADABLE: Final = "UNREADABLE"
"""the choice is no list of lots and quantities;"""
UNKNOWN_LOT: Final = "UNKNOWN_LOT"
"""it names a lot that is not open;"""
AMBIGUOUS: Final = "AMBIGUOUS"
"""what it names is more than one lot;"""
TOO_MUCH: Final = "TOO_MUCH"
"""it takes more of a lot than is held;"""
WRONG_TOTAL: Final = "WRONG_TOTAL"
"""or its quantities are not the sale's."""

CHOICE_FAULTS: Final = pl.Schema(
    {
        "account_id": pl.String(),
        "isin": pl.String(),
        "trade_date": pl.Date(),
        "trade_id": pl.String(),
        "partner": pl.String(),
        "cause": pl.String(),
    }
)
"""Sales of SPECIFIC accounts whose lots were taken first in, first out, and why."""

_LOT: Final = re.compile(
    r"(?P<id>[^:;@]+)(?:@(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2}))?:(?P<size>[^:;@]+)"
)
Names = Mapping[int, tuple[str, date]]
"""What the open lots are called, by the row that opened them: trade_id and opened_on."""


class Chosen(NamedTuple):
    """So much of a lot."""

    trade_id: str
    opened_on: date | None
    quantity: int


class ChoiceError(BackofficeError):
    """A choice that cannot be followed; it says why by its cause."""


def read_choice(text: str) -> list[Chosen]:
    """Read a choice.

    Raises
    ------
    ChoiceError
        UNREADABLE, when it is none.
    """
    chosen = []
    for part in text.strip().strip(";").split(";"):
        match = _LOT.fullmatch(part.strip())
        if match is None:
            raise ChoiceError(UNREADABLE)
        try:
            size = parse_scaled(match["size"].strip(), E8)
            day = date.fromisoformat(match["day"]) if match["day"] else None
        except (BackofficeError, ValueError) as error:
            raise ChoiceError(UNREADABLE) from error
        if size <= 0:
            raise ChoiceError(UNREADABLE)
        chosen.append(Chosen(match["id"].strip(), day, size))
    return chosen


def trade_chosen(
    pile: Pile,
    row: int,
    quantity: int,
    money: int,
    closings: list[Closing],
    choice: str | None,
    names: Names,
) -> tuple[int, str | None]:
    """Take a trade of an account that chooses its lots.

    Returns
    -------
    tuple
        The realised profit, and why the choice was not followed (None: it was, or there was
        nothing to choose). What cannot be followed is taken first in, first out.
    """
    fault = None
    meets = bool(pile) and (pile[0][2] > 0) != (quantity > 0)
    one_way = len(pile) == 1 or sum(abs(lot[2]) for lot in pile) <= abs(quantity)
    if meets and (choice is not None or not one_way):
        try:
            parts = _lots_chosen(pile, abs(quantity), choice, names)
        except ChoiceError as error:
            fault = str(error)
        else:
            basis, _, closing = take(parts, fifo, -quantity, money, row, closings)
            return -(closing + basis), None
    return trade(pile, fifo, row, quantity, money, closings), fault


def _lots_chosen(pile: Pile, wanted: int, choice: str | None, names: Names) -> Pile:
    """Take the chosen parts out of a pile, in the order they are named."""
    if choice is None:
        raise ChoiceError(MISSING)
    sizes = _sizes(pile, read_choice(choice), names)
    if sum(sizes.values()) != wanted:
        raise ChoiceError(WRONG_TOTAL)
    lots = {row: (quantity, cost) for _, row, quantity, cost in pile}
    parts: Pile = []
    for row, size in sizes.items():
        held, cost = lots[row]
        part = round_half_up(cost * size, abs(held))
        taken = size if held > 0 else -size
        parts.append((len(parts), row, taken, part))
        lots[row] = (held - taken, cost - part)
    pile.clear()
    for row, (quantity, cost) in sorted(lots.items()):
        if quantity:
            fifo(pile, row, quantity, cost)
    return parts


def _sizes(pile: Pile, chosen: list[Chosen], names: Names) -> dict[int, int]:
    """Find each chosen lot; return how much is taken of it, by its row."""
    held = {row: abs(quantity) for _, row, quantity, _ in pile}
    sizes: dict[int, int] = {}
    for one in chosen:
        rows = [row for row in held if names[row][0] == one.trade_id]
        if one.opened_on is not None:
            rows = [row for row in rows if names[row][1] == one.opened_on]
        if len(rows) != 1:
            raise ChoiceError(AMBIGUOUS if rows else UNKNOWN_LOT)
        (row,) = rows
        sizes[row] = sizes.get(row, 0) + one.quantity
        if sizes[row] > held[row]:
            raise ChoiceError(TOO_MUCH)
    return sizes
