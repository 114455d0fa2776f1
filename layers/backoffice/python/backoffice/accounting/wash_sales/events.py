"""What wash sales are told of: what happens to the lots of a group, and what comes of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, TypeAlias

Ref: TypeAlias = tuple[date, str, str | None]
"""What opened or closed a lot: its date, its id, its partner (null: a transfer or an action)."""
Place: TypeAlias = tuple[str, Ref]
"""A lot of a group: the unit it stands in, and what opened it."""


class Closing(NamedTuple):
    """What an event closed of a lot, unsigned."""

    unit: str
    opening: Ref
    is_short: bool
    quantity: int
    cost: int
    proceeds: int


class Move(NamedTuple):
    """What an action made of a lot, unsigned; it may have come to be of another opening."""

    unit: str
    to_unit: str
    opening: Ref
    to_opening: Ref
    quantity: int
    cost: int


class Onward(NamedTuple):
    """Where an action takes shares that are held no more: by unit, and how many for how many."""

    units: Mapping[str, str]
    numerator: int
    denominator: int


class Event(NamedTuple):
    """An event of the group; `opened` is what it opened of a lot in `unit`, with its sign.

    Of an action, `sources` are the units of what it takes lots out of. It `merges` when the
    account's lots of a unit are one, at their average cost.
    """

    ref: Ref
    unit: str
    opened: int
    at_cost: bool
    closings: Sequence[Closing] = ()
    moves: Sequence[Move] = ()
    sources: frozenset[str] = frozenset()
    onward: Onward | None = None
    merges: bool = False


class Sold(NamedTuple):
    """A part of a closing with a holding period of its own; `extra` is basis it took on."""

    unit: str
    closing: Ref
    opening: Ref
    is_short: bool
    number: int
    quantity: int
    cost: int
    proceeds: int
    extra: int
    held_since: date


class Wash(NamedTuple):
    """A loss that a replacement took on."""

    unit: str
    closing: Ref
    opening: Ref
    number: int
    replacement: Ref
    quantity: int
    disallowed: int
    days_tacked: int


@dataclass(slots=True)
class Piece:
    """So many of a lot's shares that replaced others: the basis they took on, the days tacked."""

    quantity: int
    extra: int
    tacked: int


@dataclass(slots=True)
class Open:
    """An open lot: its shares, and those of them that replaced others, in that order."""

    is_short: bool
    quantity: int
    pieces: list[Piece] = field(default_factory=list)

    @property
    def free(self) -> int:
        """How many of its shares may still replace others."""
        return self.quantity - sum(piece.quantity for piece in self.pieces)


@dataclass(slots=True)
class Loss:
    """What is left of a loss that later purchases may replace."""

    unit: str
    closing: Ref
    opening: Ref
    is_short: bool
    number: int
    quantity: int
    loss: int
    held: int
