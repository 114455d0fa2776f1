"""How wide a table's columns are and how large its type, so that nothing stands on anything.

A column of figures is as wide as its figures, and of one width in tables of a kind under each
other. Heads stand on one line where that leaves room for the text, else a word a line; then the
type gets smaller, down to what can be read easily, before the text has less room.

Lengths are thousandths of a point, and a character's width thousandths of its type's size. They are
added up here because setting a table twice, once to measure it, takes far longer.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from backoffice.formats.printing.sheet import Facts, Group, Sheet, Table

PAGE: Final = 481_889
"""How wide a table is: 170 mm."""
INSET: Final = 3_500
SIZE: Final = 8_600
_READABLE: Final = 7_000
_SMALLEST: Final = 3_000
_HEAD: Final = 930
"""The size of a head's type in thousandths of the table's."""
_ROOM_OF_HEADS: Final = 120_000
_ROOM_OF_TEXT: Final = 110_000
_LEAST_OF_TEXT: Final = 46_000

_UNKNOWN: Final = 1_100
_KERN_OF_CAPITAL: Final = 55
_KERN_OF_LETTER: Final = 15
"""What fonts may put between letters at most; between figures they put nothing."""


@dataclass(frozen=True, slots=True)
class Advances:
    """How wide each character of two weights is."""

    regular: Mapping[str, int]
    bold: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Fit:
    """A table's size of type and the widths of its columns; None shares what is left."""

    size: int
    widths: tuple[int | None, ...]

    @property
    def room(self) -> int:
        """What each column of text has, without its insets."""
        texts = max(1, self.widths.count(None))
        return (PAGE - sum(width or 0 for width in self.widths)) // texts - 2 * INSET

    def holds(self, word: str, advances: Advances) -> bool:
        """Tell whether a word stands on one line of a column of text."""
        return length(word, advances.bold) * self.size <= self.room * 1000


def length(text: str, advances: Mapping[str, int]) -> int:
    """Return what a text set in one line takes at most, in thousandths of its type's size."""
    return sum(
        advances.get(one, _UNKNOWN)
        + (0 if not one.isalpha() else _KERN_OF_LETTER if one.islower() else _KERN_OF_CAPITAL)
        for one in text
    )


def fits(sheet: Sheet, advances: Advances) -> dict[int, Fit]:
    """Fit every table of a sheet; by the identity of the table."""
    found = {}
    inner = [block.blocks for block in sheet.blocks if isinstance(block, Group)]
    for blocks in (sheet.blocks, *inner):
        for run in _runs(blocks):
            fit = fitted(run, advances)
            found.update({id(table): fit for table in run})
    return found


def fitted(tables: Sequence[Table], advances: Advances) -> Fit:
    """Fit tables of a kind, which have the same columns."""
    columns = tables[0].columns
    kept = [at for at, column in enumerate(columns) if not column.breaks]
    texts = len(columns) - len(kept)
    free = PAGE - 2 * INSET * len(columns)
    figures = [_widest_figure(tables, at, advances) for at in kept]

    def under(pieces: Callable[[str], Iterable[str]]) -> list[int]:
        heads = [_widest_head(tables, at, pieces, advances.bold) for at in kept]
        return [max(pair) for pair in zip(figures, heads, strict=True)]

    widths, scale = under(lambda head: [head]), 1000
    if sum(widths) + texts * _ROOM_OF_HEADS > free:
        widths = under(lambda head: head.split(" "))
        scale = _scale(free, texts, sum(widths))
    said = {
        at: -(-width * scale // 1000) + 2 * INSET for at, width in zip(kept, widths, strict=True)
    }
    return Fit(SIZE * scale // 1000, tuple(said.get(at) for at in range(len(columns))))


def _scale(free: int, texts: int, wide: int) -> int:
    """Return how large type may be, in thousandths of its size."""

    def share(room: int) -> int:
        return min(1000, (free - texts * room) * 1000 // max(1, wide))

    roomy = share(_ROOM_OF_TEXT)
    if roomy * SIZE >= _READABLE * 1000:
        return roomy
    return max(share(_LEAST_OF_TEXT), _SMALLEST * 1000 // SIZE)


def _widest_figure(tables: Iterable[Table], at: int, advances: Advances) -> int:
    plain = {row[at] for table in tables for row in table.rows}
    strong = {row[at] for table in tables for row in table.totals}
    widths = [length(cell, advances.regular) for cell in plain]
    widths += [length(cell, advances.bold) for cell in strong]
    return _in_points(max(widths, default=0))


def _widest_head(
    tables: Iterable[Table],
    at: int,
    pieces: Callable[[str], Iterable[str]],
    bold: Mapping[str, int],
) -> int:
    said = {piece for table in tables for piece in pieces(table.columns[at].head)}
    return _in_points(max(length(piece, bold) for piece in said)) * _HEAD // 1000


def _in_points(wide: int) -> int:
    return wide * SIZE // 1000


def _runs(blocks: Sequence[object]) -> list[list[Table]]:
    """Return the tables, those together that show the same and follow each other."""
    found: list[list[Table]] = []
    before: tuple[str, int] | None = None
    for block in blocks:
        if isinstance(block, Table):
            kind = (block.caption, len(block.columns))
            if kind == before:
                found[-1].append(block)
            else:
                found.append([block])
            before = kind
        elif isinstance(block, Group | Facts):
            before = None
    return found
