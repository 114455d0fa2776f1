"""Widths that are added up are those that the type has, and a little more at most."""

import json
from itertools import pairwise

import pytest
import typst

from backoffice.formats.printing.fitting import INSET, PAGE, SIZE, Fit, fits, fitted, length
from backoffice.formats.printing.languages import LANGUAGES
from backoffice.formats.printing.pdf import advances, to_pdf
from backoffice.formats.printing.sheet import Column, Group, Heading, Note, Table
from tests.unit.formats.printed import pieces, sheet, table

FIGURES = ("0", "1.234,56", "\N{MINUS SIGN}999.999.999.999.999,99", "0.33333333", "12.345.678")
OTHERS = (
    *("US0378331005", "DE000A1EWWW0", "TTTTTTTTTTTT", "IS0000000001", "05 Oct 2026", "26.11.2026"),
    *("Sold short", "Skortsala", "Tegund viðskipta", "Wash sale loss disallowed", "08:00:00.123"),
    *("Nettófjárhæð, EUR", "1.234.567\N{NO-BREAK SPACE}kr.", "ryrryr", "ÞÆÖÐÁÉ", "LTU-F"),
)
_MEASURED = """
#set text(font: "Libertinus Serif", size: 1000pt, number-width: "tabular", number-type: "lining")
#set text(hyphenate: false, overhang: false)
#let texts = json(bytes(sys.inputs.texts))
#let width(said) = measure(said).width.pt()
#context [#metadata(texts.map(each => (width(each), width(strong(each))))) <it>]
"""


def _measured(texts: tuple[str, ...]) -> list[list[float]]:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
    compiler = typst.Compiler(
        _MEASURED.encode(), font_paths=fonts, sys_inputs={"texts": json.dumps(texts)}
    )
    found: list[list[float]] = json.loads(compiler.query("<it>", field="value", one=True))
    return found


def test_figures_are_exactly_as_wide_as_they_are_set() -> None:
    for text, (regular, bold) in zip(FIGURES, _measured(FIGURES), strict=True):
        assert length(text, advances().regular) == pytest.approx(regular)
        assert length(text, advances().bold) == pytest.approx(bold)


def test_no_text_is_wider_than_it_is_held_to_be_nor_much_narrower() -> None:
    for text, set_as in zip(OTHERS, _measured(OTHERS), strict=True):
        for widths, measured in zip((advances().regular, advances().bold), set_as, strict=True):
            assert measured <= length(text, widths) <= measured * 1.15 + 100, text


def test_what_is_in_no_table_of_widths_is_held_to_be_wide() -> None:
    assert length("株", advances().regular) > length("W", advances().regular)


def test_every_character_of_dates_and_figures_of_a_language_is_measured() -> None:
    for language in LANGUAGES.values():
        said = language.money("-1234567.5", "ISK") + "".join(language.months)
        assert set(said) <= advances().regular.keys()


def _columns(*heads: str) -> tuple[Column, ...]:
    figures = [Column(head=head, align="end", breaks=False) for head in heads]
    return (Column(head="What"), *figures)


def _fit(*tables: Table) -> Fit:
    return fitted(tables, advances())


def test_a_column_is_as_wide_as_its_widest_figure_and_a_total_is_set_bold() -> None:
    rows = (("a", "1.00"), ("b", "1,234.00"))
    plain = Table(columns=_columns("N"), rows=rows, caption="One")
    width = length("1,234.00", advances().regular) * SIZE // 1000 + 2 * INSET
    assert _fit(plain) == Fit(SIZE, (None, width))
    summed = Table(columns=_columns("N"), rows=rows, totals=(("", "1,235.00"),), caption="One")
    bold = length("1,235.00", advances().bold) * SIZE // 1000 + 2 * INSET
    assert _fit(summed) == Fit(SIZE, (None, bold))
    assert _fit(plain, summed) == Fit(SIZE, (None, bold))


def test_heads_break_before_type_gets_smaller_and_that_before_text_has_no_room() -> None:
    few = Table(columns=_columns(*["Proceeds of sale"] * 3), rows=(("a", *["1.00"] * 3),))
    many = Table(columns=_columns(*["Proceeds of sale"] * 7), rows=(("a", *["1.00"] * 7),))
    great = Table(columns=_columns("A", "B", "C"), rows=(("a", *["9" * 30] * 3),))
    assert _fit(few).size == _fit(many).size == SIZE > _fit(great).size
    assert _fit(few).widths[1] > _fit(many).widths[1]  # type: ignore[operator]
    for one in (few, many, great):
        assert sum(width or 0 for width in _fit(one).widths) <= PAGE - 46_000


def test_tables_of_a_kind_share_widths_over_headings_but_not_over_groups() -> None:
    short, long = table([("1", "a", "1")]), table([("1", "a", "1.000.000.000")])
    assert _widths_of(short, Heading(text="x"), Note(text="y"), long) == {True}
    assert _widths_of(short, Group(blocks=(long,))) == {False}


def _widths_of(*blocks: Heading | Note | Table | Group) -> set[bool]:
    found = list(fits(sheet(*blocks), advances()).values())
    return {one == other for one, other in pairwise(found)}


def test_figures_as_wide_as_their_column_stand_on_one_line() -> None:
    rows = [(text, "x", *FIGURES) for text in OTHERS]
    said = [piece.text.strip() for piece in pieces(to_pdf(sheet(table(rows))))]
    for text in (*OTHERS, *FIGURES):
        wanted = text.replace("\N{NO-BREAK SPACE}", " ")
        assert any(wanted in one.replace("\N{NO-BREAK SPACE}", " ") for one in said), text
