"""Charts as the server draws them: bars of whole numbers, each with its value in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 470
_LABEL, _VALUE, _ROW, _BAR = 178, 92, 24, 14


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: how it is called, how long it is beside the others, and what it says."""

    label: str
    size: int
    value: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A bar where it is drawn, in the chart's own units."""

    label: str
    value: str
    top: int
    middle: int
    length: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars one below another, the longest as long as there is room.

    Attributes
    ----------
    whole
        What a bar of full length would be; None is the longest.
    about
        What its title names.
    """

    name: str
    bars: Sequence[Bar]
    whole: int | None = None
    about: str = ""

    @property
    def height(self) -> int:
        """How high the chart is."""
        return _ROW * max(1, len(self.bars)) + 4

    @property
    def left(self) -> int:
        """Where bars begin."""
        return _LABEL

    @property
    def thickness(self) -> int:
        """How thick a bar is."""
        return _BAR

    def drawn(self) -> list[Drawn]:
        """Return the bars where they are drawn."""
        longest = self.whole or max((bar.size for bar in self.bars), default=1) or 1
        room = WIDTH - _LABEL - _VALUE
        return [
            Drawn(
                bar.label,
                bar.value,
                at * _ROW + 4,
                at * _ROW + 4 + _BAR - 3,
                max(1, bar.size * room // longest) if bar.size else 0,
            )
            for at, bar in enumerate(self.bars)
        ]
