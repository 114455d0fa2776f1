"""What a business day used of the cloud, wherever it was counted."""

from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from typing import Final

from backoffice.kernel.parts import Document

DAY_WORK: Final = frozenset({"capture_file", "cut_off", "close_business_day"})
"""The state machines a business day runs through."""
PARTNER_FETCHES: Final = "fetch"
TRADES_ROUTE: Final = "POST /trades"
_SWEEPING: Final = "freeze_inputs"
_TABLE_METERS: Final = "dynamodb_"


class Side(StrEnum):
    """Whose trades a use is for; BESIDE is for nobody's: who looks on, and what partners fetch."""

    FILES = "files"
    APPS = "apps"
    BESIDE = "beside"


class Use(Document):
    """One count.

    Attributes
    ----------
    caller
        platform, partner, app or operator.
    work, step
        A state machine or a route, and the function of it; no step is the work itself.
    meter, count
        What was counted (`meters.METERS`) and how often, a whole number.
    """

    caller: str
    work: str
    step: str
    meter: str
    count: int

    @property
    def side(self) -> Side:
        """Whose trades it is for."""
        if self.caller == "app" or self.is_sweep:
            return Side.APPS
        drops = self.caller == "partner" and self.step != PARTNER_FETCHES
        if drops or (self.caller == "platform" and self.work in DAY_WORK):
            return Side.FILES
        return Side.BESIDE

    @property
    def is_sweep(self) -> bool:
        """Whether it is the reading of the table in which apps' trades wait for the cut-off."""
        return self.step == _SWEEPING and self.meter.startswith(_TABLE_METERS)

    @property
    def is_per_trade(self) -> bool:
        """Whether it is made for each trade of an app, and for nothing else."""
        return self.is_sweep or (self.caller == "app" and self.work == TRADES_ROUTE)


class Usage(Document):
    """A business day's uses, and the trades it took by file and by app."""

    business_date: date
    file_trades: int
    app_trades: int
    uses: tuple[Use, ...]

    @property
    def trades(self) -> int:
        """Every trade the day took."""
        return self.file_trades + self.app_trades

    def of(self, *sides: Side) -> Iterator[Use]:
        """Yield the uses of some sides."""
        return (use for use in self.uses if use.side in sides)


def total(uses: Iterable[Use], meter: str) -> int:
    """Add the counts of a meter."""
    return sum(use.count for use in uses if use.meter == meter)
