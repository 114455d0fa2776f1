"""What is printed stays on its page, says what it was given, and comes out the same."""

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

import backoffice.formats.printing
from backoffice.formats.printing.archive import Archive, document_at
from backoffice.formats.printing.html import to_html
from backoffice.formats.printing.pdf import to_pdf
from backoffice.formats.printing.sheet import Column, Note, Sheet, Table
from backoffice.formats.sealed_bytes import UnreadableError
from backoffice.kernel.client_keys import ClientKey
from backoffice.kernel.errors import BadFileError
from tests.unit.formats.printed import (
    HOSTILE,
    ICELANDIC,
    collisions,
    pieces,
    sheet,
    table,
    texts,
    whole,
    width,
)

MARGIN = 20 / 25.4 * 72
LARGEST = "\N{MINUS SIGN}999.999.999.999.999.999,99999999"
TEMPLATES = Path(backoffice.formats.printing.__file__).parent / "templates"


def _rows(count: int, what: str = "Something", figures: int = 2) -> list[tuple[str, ...]]:
    amounts = ("1.234,00",) * figures
    return [("26.11.2026", f"{what} {n}", *amounts) for n in range(count)]


def _crowded(currency: str, gain: str) -> Table:
    """Make a table whose heads say more than its figures."""
    heads = ("Proceeds", "Cost basis", "Wash sale loss disallowed", "Gain or loss", "Quantity")
    figures = [Column(head=f"{head}, {currency}", align="end", breaks=False) for head in heads]
    days = [Column(head=head, breaks=False) for head in ("Acquired", "Sold")]
    row = ("American Consolidated Semiconductor Holdings", "05 Oct 2026", "08 Oct 2026")
    figure = ("3,981.39", "4,051.08", "0.00", gain, "0.33333333")
    return Table(
        columns=(Column(head="Security"), *days, *figures), rows=((*row, *figure),), caption="Sold"
    )


EXTREMES = {
    "heads that are longer than figures": sheet(_crowded("USD", "-69.69")),
    "one row": sheet(table(_rows(1))),
    "2,000 rows": sheet(table(_rows(2000))),
    "a long name in one word": sheet(addressee=("Þ" * 500,), title="Ö" * 200, sender="M" * 90),
    "a long name in many": sheet(addressee=("Nafn " * 200,), running="Reikningur " * 40),
    "a long text in a table": sheet(table(_rows(3, "W" * 400))),
    "the largest figures": sheet(table([("26.11.2026", "Something", LARGEST, LARGEST)])),
    "five of the largest": sheet(table([("26.11.2026", "W" * 60, *[LARGEST] * 5)])),
    "a long word beside the largest": sheet(
        table([("26.11.2026", "Skipaútgerðarfélagsins", *[LARGEST] * 5)])
    ),
    "a word of fewer letters beside many": sheet(
        table([("26.11.2026", "Fjárfestingarsjóðurinna", *["999.999.999,99"] * 7)])
    ),
    "hostile texts": sheet(table(_rows(3, HOSTILE)), Note(text=HOSTILE), title=HOSTILE),
}


@pytest.mark.parametrize("name", EXTREMES)
def test_nothing_stands_outside_the_margins(name: str) -> None:
    pdf = to_pdf(EXTREMES[name])
    right = width(pdf) - MARGIN
    for piece in pieces(pdf):
        assert piece.left >= MARGIN - 1, piece
        assert piece.right <= right + 1, piece


@pytest.mark.parametrize("name", ["the largest figures", "five of the largest"])
def test_the_largest_figures_stand_beside_each_other_whole(name: str) -> None:
    pdf = to_pdf(EXTREMES[name])
    (text,) = texts(pdf)
    assert text.count(LARGEST) == str(EXTREMES[name].blocks[0]).count(LARGEST)
    found = sorted((p for p in pieces(pdf) if p.text.strip() == LARGEST), key=lambda p: p.left)
    for one, other in pairwise(found):
        assert one.right <= other.left


@pytest.mark.parametrize("name", sorted(set(EXTREMES) - {"2,000 rows"}))
def test_nothing_stands_on_anything_else(name: str) -> None:
    assert collisions(to_pdf(EXTREMES[name])) == []


def test_tables_of_a_kind_under_each_other_have_the_same_columns() -> None:
    pdf = to_pdf(sheet(_crowded("USD", "-69.69"), _crowded("ISK", "123.456.789")))
    sold = [piece.left for piece in pieces(pdf) if piece.text.startswith("05 Oct 2026")]
    gains = [
        piece.right for piece in pieces(pdf) if piece.text.strip() in {"-69.69", "123.456.789"}
    ]
    assert len(sold) == len(gains) == 2
    assert sold[0] == pytest.approx(sold[1], abs=0.5)
    assert gains[0] == pytest.approx(gains[1], abs=0.5)


def test_a_text_keeps_room_beside_crowded_figures() -> None:
    pdf = to_pdf(sheet(_crowded("USD", "-69.69")))
    names = {p.text.strip() for p in pieces(pdf) if p.text.startswith(("American", "Semi"))}
    assert names == {"American Consolidated Semiconductor Holdings"}


def test_a_tables_head_comes_again_on_every_page_and_no_row_is_cut() -> None:
    long = " ".join(["word"] * 60)
    pages = texts(to_pdf(sheet(table(_rows(120, f"{long} end-of")))))
    assert len(pages) > 5
    assert all("Amount 0" in page for page in pages)
    for page in pages:
        assert page.count("26.11.2026") == page.count("end-of")
    assert sum(page.count("26.11.2026") for page in pages) == 120
    assert all(f"Page {n} of {len(pages)}" in page for n, page in enumerate(pages, 1))


def test_the_same_sheet_is_the_same_bytes_and_another_is_not() -> None:
    one, again, other = (to_pdf(sheet(table(_rows(n)))) for n in (3, 3, 4))
    assert one == again
    assert one != other
    assert b"2026" in one


def test_every_font_is_in_the_file_and_has_the_icelandic_letters() -> None:
    pdf = to_pdf(sheet(Note(text=ICELANDIC), Note(text=ICELANDIC, strong=True)))
    assert "".join(texts(pdf)).count(ICELANDIC) == 2
    for page in pypdfium2.PdfDocument(pdf):
        for thing in page.get_objects():
            if thing.type == pdfium.FPDF_PAGEOBJ_TEXT:
                font = pdfium.FPDFTextObj_GetFont(thing.raw)
                assert pdfium.FPDFFont_GetIsEmbedded(font) == 1


def test_no_template_says_anything_of_its_own() -> None:
    said = whole("7")
    assert not re.search(r"[^\W\d_]", "".join(texts(to_pdf(said))))
    assert not re.search(r"[^\W\d_]", _read(said).said)


def test_what_names_say_is_text_and_no_command() -> None:
    said = whole(HOSTILE)
    plain = re.sub(r"\s", "", "".join(texts(to_pdf(said))))
    hostile = re.sub(r"\s", "", HOSTILE)
    assert plain.count(hostile) > 10
    page = _read(said)
    assert page.said.count(HOSTILE) > 10
    assert "b" not in page.tags


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.said, self.scopes, self.links = "", [], []  # type: ignore[var-annotated]
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._inside.append(tag)
        if tag == "th":
            self.scopes.append(dict(attrs).get("scope"))
        self.links += [name for name, _ in attrs if name in {"src", "href"}]

    def handle_endtag(self, tag: str) -> None:
        del tag
        self._inside.pop()

    def handle_data(self, data: str) -> None:
        if self._inside[-1:] != ["style"]:
            self.said += data


def _read(said: Sheet) -> _Page:
    page = _Page()
    page.feed(re.sub(r"<(meta|br)[^>]*>", "", to_html(said).decode()))
    return page


def test_a_page_of_html_needs_nothing_beside_it_and_its_heads_say_of_what() -> None:
    page = _read(whole("Word"))
    assert page.links == []
    assert page.scopes
    assert set(page.scopes) == {"col"}
    assert page.tags.count("h1") == 1
    assert b'<html lang="en">' in to_html(whole("Word"))


def test_a_page_of_html_keeps_figures_whole_and_gives_text_room() -> None:
    page = to_html(sheet(table(_rows(2)))).decode()
    assert '<th scope="col" class="kept">Day</th><th scope="col" class="text">What</th>' in page
    assert page.count('<td class="end">1.234,00</td>') == 4
    for rule in (r"td\.end,\.kept\{white-space:nowrap\}", r"\.text\{min-width:\d+rem\}"):
        assert re.search(rule, page)


def _luminance(colour: str) -> float:
    def linear(part: int) -> float:
        share = part / 255
        return share / 12.92 if share <= 0.03928 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[at : at + 2], 16)) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("name", ["sheet.html", "sheet.typ"])
def test_every_colour_of_text_stands_out_as_wcag_aa_asks(name: str) -> None:
    template = (TEMPLATES / name).read_text()
    named = dict(re.findall(r'(?:--|let )([a-z-]+)(?::| = rgb\(")(#[0-9a-f]{6})', template))
    band = _luminance(named["band"])
    for text in {"ink", "quiet", "accent", "first", "seen-first"} & named.keys():
        for ground in (1.0, band):
            assert (ground + 0.05) / (_luminance(named[text]) + 0.05) >= 4.5, text


KEY, LATER = (ClientKey(name * 16, name.encode() * 32) for name in "ab")


def test_a_document_is_found_in_its_archive_by_its_place_alone() -> None:
    bodies = {"a.pdf": b"one" * 100, "b.html": b"", "c.pdf": b"three"}
    archives = []
    for _ in range(2):
        archive = Archive()
        places = {name: archive.add(name, body, KEY) for name, body in bodies.items()}
        archives.append(archive.finish())
    assert archives[0] == archives[1]
    assert b"oneone" not in archives[0]
    for name, body in bodies.items():
        start, end, sha256 = places[name]
        piece = archives[0][start:end]
        assert document_at(piece, sha256, name, "C-1", {"C-1": KEY}) == body
        with pytest.raises(BadFileError):
            document_at(piece, "0" * 64, name, "C-1", {"C-1": KEY})
        for other, keys in (("d.pdf", {"C-1": KEY}), (name, {}), (name, {"C-1": LATER})):
            with pytest.raises(UnreadableError):
                document_at(piece, sha256, other, "C-1", keys)
