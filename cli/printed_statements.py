"""A statement as PDF: a table a section, totals under it; of a ledger a table an account."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Final

from backoffice.formats.printing.languages import LANGUAGES
from backoffice.formats.printing.pdf import to_pdf
from backoffice.formats.printing.sheet import END, Block, Column, Heading, Note, Sheet, Table
from backoffice.kernel.rulebook import default_rulebook

Row = Mapping[str, str | None]
_LANGUAGE: Final = LANGUAGES["EN"]
_FIGURES: Final = ("debit", "credit", "balance")


def printed(title: str, about: str, rows: Sequence[Row], dated: date) -> bytes:
    """Set a statement.

    Parameters
    ----------
    title, about
        What it is, and of which days.
    rows
        As the export view says them; those of a ledger have `entry_id`.
    dated
        The statement's last day: the same statement has the same bytes.
    """
    make = _accounts if rows and "entry_id" in rows[0] else _sections
    blocks: list[Block] = [*make(rows)] or [Note(text="Nothing stands in these accounts.")]
    firm = str(default_rulebook().value("firm_name", dated))
    sheet = Sheet(
        language=_LANGUAGE.tag,
        title=title,
        subtitle=about,
        sender=firm,
        blocks=blocks,
        running=f"{title}, {about}",
        page_words=("Page ", " of ", ""),
        dated=dated,
    )
    return to_pdf(sheet)


def _sections(rows: Sequence[Row]) -> Iterator[Heading | Table]:
    base = next((one for row in rows if (one := row["base_currency"])), "")
    columns = (
        Column(head="Account"),
        Column(head="Currency", breaks=False),
        Column(head="Amount", align=END, breaks=False),
        Column(head=f"In {base}" if base else "", align=END, breaks=False),
    )
    for section, found in groupby(rows, key=lambda row: str(row["section"])):
        lines = list(found)
        yield Heading(text=section)
        yield Table(
            columns=columns,
            rows=[_line(row) for row in lines if row["line"] != "TOTAL"],
            totals=[_line(row) for row in lines if row["line"] == "TOTAL"],
            caption=section,
        )


def _line(row: Row) -> tuple[str, ...]:
    name = row["account"] or ("Total" if row["currency"] else "Total in all")
    return (name, row["currency"] or "", _number(row["amount"]), _number(row["base_amount"]))


def _accounts(rows: Sequence[Row]) -> Iterator[Heading | Table]:
    columns = (
        Column(head="Date", breaks=False),
        Column(head="Entry"),
        Column(head="Kind"),
        *(Column(head=name.capitalize(), align=END, breaks=False) for name in _FIGURES),
    )
    for account, found in groupby(rows, key=lambda row: f"{row['account']}, {row['unit']}"):
        lines = list(found)
        yield Heading(text=account)
        body = [_entry(row) for row in lines[:-1]]
        yield Table(columns=columns, rows=body, totals=[_entry(lines[-1])], caption=account)


def _entry(row: Row) -> tuple[str, ...]:
    named = row["entry_id"] or str(row["line"]).capitalize()
    figures = (_number(row[name]) for name in _FIGURES)
    return (row["date"] or "", named, row["kind"] or "", *figures)


def _number(text: str | None) -> str:
    return "" if text is None else _LANGUAGE.number(text)
