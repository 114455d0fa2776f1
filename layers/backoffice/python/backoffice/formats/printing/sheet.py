"""What is printed: every text final, in one language; both templates print the same sheet."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final, Literal

START: Final = "start"
END: Final = "end"
"""Figures stand at the end of their column, so that their decimals are under each other."""

_WIDEST: Final = 2
"""Figures have one width each: of the longest texts of a column one is the widest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A table's column: its head, and whether it holds figures or may be broken into lines."""

    head: str
    align: Literal["start", "end"] = "start"
    breaks: bool = True

    @property
    def kind(self) -> str:
        """What a page lays it out by: `end` (figures), `text`, or `kept` on one line."""
        return "end" if self.align == "end" else "text" if self.breaks else "kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A section's heading."""

    text: str
    level: int = 2
    block: str = "heading"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Labels and what each says, in two columns of pairs; `strong` are those to be seen first."""

    items: Sequence[tuple[str, str]]
    strong: Sequence[str] = ()
    block: str = "facts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under heads that come again on every page; the last rows may be totals."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    totals: Sequence[Sequence[str]] = ()
    caption: str = ""
    block: str = "table"

    def widest(self, at: int) -> list[str]:
        """Return of a column of figures those that may be the widest; of a text's, none."""
        if self.columns[at].breaks:
            return []
        cells = {row[at] for row in (*self.rows, *self.totals)}
        return sorted(cells, key=lambda cell: (-len(cell), cell))[:_WIDEST]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A paragraph; a `strong` one says what must not be missed."""

    text: str
    strong: bool = False
    block: str = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Blocks that are kept on one page."""

    blocks: Sequence[Heading | Facts | Table | Note]
    block: str = "group"


Block = Heading | Facts | Table | Note | Group


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One document.

    Attributes
    ----------
    language
        BCP 47.
    title, subtitle, mark
        `mark` stands beside the title in capitals: a cancellation, a copy.
    sender, sender_lines
        The firm and what it is known by.
    addressee
        Whom it is to, a line each; none for a document of the firm's own.
    facts
        What it is about, beside the addressee.
    running
        What every page after the first repeats.
    page_words
        Before the page's number, between it and the number of pages, and after that.
    dated
        The date the file says it was made on: the same document has the same bytes.
    """

    language: str
    title: str
    subtitle: str = ""
    mark: str = ""
    sender: str
    sender_lines: Sequence[str] = ()
    addressee: Sequence[str] = ()
    facts: Sequence[tuple[str, str]] = ()
    blocks: Sequence[Block] = ()
    running: str = ""
    footer: str = ""
    page_words: tuple[str, str, str]
    dated: date

    def as_json(self) -> dict[str, Any]:
        """Return the sheet as the templates read it."""
        plain = asdict(self)
        plain["dated"] = [self.dated.year, self.dated.month, self.dated.day]
        _add_widths(plain["blocks"], self.blocks)
        return plain


def _add_widths(plain: Sequence[dict[str, Any]], blocks: Sequence[Block]) -> None:
    """Say what makes tables wide: those of a kind under each other are as wide as the widest."""
    for block, made in zip(plain, blocks, strict=True):
        if isinstance(made, Group):
            _add_widths(block["blocks"], made.blocks)
    for run in _runs(blocks):
        tables = [table for table in (blocks[at] for at in run) if isinstance(table, Table)]
        columns = range(len(tables[0].columns))
        said = {
            "heads": [[table.columns[n].head for table in tables] for n in columns],
            "widest": [[cell for table in tables for cell in table.widest(n)] for n in columns],
        }
        for at, made in zip(run, tables, strict=True):
            plain[at].update(said)
            for column, of in zip(plain[at]["columns"], made.columns, strict=True):
                column["kind"] = of.kind


def _runs(blocks: Sequence[Block]) -> list[list[int]]:
    """Return where tables stand, those together that show the same and follow each other."""
    found: list[list[int]] = []
    before: tuple[str, int] | None = None
    for at, block in enumerate(blocks):
        if isinstance(block, Table):
            kind = (block.caption, len(block.columns))
            if kind == before:
                found[-1].append(at)
            else:
                found.append([at])
            before = kind
        elif isinstance(block, Group | Facts):
            before = None
    return found
