"""What is printed: every text final, in one language; both templates print the same sheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

START: Final = "start"
END: Final = "end"
"""Figures stand at the end of their column, so that their decimals are under each other."""


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
