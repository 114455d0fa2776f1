"""Sheets to print, and what stands where in what was printed."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

import pypdfium2

from backoffice.formats.printing.sheet import Column, Facts, Group, Heading, Note, Sheet, Table

DAY = date(2026, 11, 26)
HOSTILE = '#panic("x") *b* $1$ @r <b>&amp;</b> {{ 7*7 }} \\ `c` // "q" \'s\' ]#[('
_HAIR = 1.0
ICELANDIC = "áéíóúýæöðþ ÁÉÍÓÚÝÆÖÐÞ"


class Piece(NamedTuple):
    """A run of characters on a page, in points from the page's lower left corner."""

    page: int
    text: str
    left: float
    bottom: float
    right: float
    top: float


def table(rows: Sequence[Sequence[str]], totals: Sequence[Sequence[str]] = ()) -> Table:
    """Make a table of a date, a text and figures."""
    figures = len(rows[0]) - 2
    heads = [Column(head=f"Amount {n}", align="end", breaks=False) for n in range(figures)]
    columns = (Column(head="Day", breaks=False), Column(head="What"), *heads)
    return Table(columns=columns, rows=rows, totals=totals, caption="Table")


def sheet(*blocks: Any, **more: Any) -> Sheet:  # noqa: ANN401 - as the sheet's own
    """Make a sheet around blocks."""
    said: dict[str, Any] = {
        "language": "en",
        "title": "Title",
        "sender": "Sender",
        "sender_lines": ("Line",),
        "addressee": ("Addressee",),
        "facts": (("Fact", "Value"),),
        "running": "Running",
        "footer": "Footer",
        "page_words": ("Page ", " of ", ""),
        "dated": DAY,
    }
    return Sheet(**(said | more), blocks=blocks)


def whole(word: str) -> Sheet:
    """Make a sheet on which everything that can say something says a word."""
    column = Column(head=word)
    one = Table(
        columns=(column, column), rows=((word, word),), totals=((word, word),), caption=word
    )
    facts = Facts(items=((word, word), (word, word)), strong=(word,))
    notes = (Note(text=word), Note(text=word, strong=True))
    group = Group(blocks=(Heading(text=word, level=3), facts, one, *notes))
    return sheet(
        *(Heading(text=word), facts, one, *notes, group),
        title=word,
        subtitle=word,
        mark=word,
        sender=word,
        sender_lines=(word,),
        addressee=(word, word),
        facts=((word, word),),
        running=word,
        footer=word,
        page_words=(word, word, word),
    )


def texts(pdf: bytes) -> list[str]:
    """Return the text of every page, without the marks of where a word may be broken."""
    document = pypdfium2.PdfDocument(pdf)
    found = [page.get_textpage().get_text_bounded() for page in document]
    return [text.replace("\N{ZERO WIDTH SPACE}", "") for text in found]


def pieces(pdf: bytes) -> Iterator[Piece]:
    """Yield what stands on the pages, and where."""
    for number, page in enumerate(pypdfium2.PdfDocument(pdf)):
        read = page.get_textpage()
        for at in range(read.count_rects()):
            left, bottom, right, top = read.get_rect(at)
            said = read.get_text_bounded(left, bottom, right, top)
            yield Piece(number, said, left, bottom, right, top)


def width(pdf: bytes) -> float:
    """Return how wide the pages are, in points."""
    return float(pypdfium2.PdfDocument(pdf)[0].get_width())


def collisions(pdf: bytes) -> list[tuple[Piece, Piece]]:
    """Return what stands on what: pieces of one page whose boxes cross by more than a hair."""
    found = []
    for page in groupby(pieces(pdf), key=lambda piece: piece.page):
        said = sorted((p for p in page[1] if p.text.strip()), key=lambda piece: piece.left)
        for at, one in enumerate(said):
            for other in said[at + 1 :]:
                if other.left > one.right - _HAIR:
                    break
                if min(one.top, other.top) - max(one.bottom, other.bottom) > _HAIR:
                    found.append((one, other))
    return found
