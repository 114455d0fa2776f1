"""Financial statements as people fetch them: rows of text, totals and the firm's own currency."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import polars as pl

from backoffice.accounting import statements
from backoffice.kernel.books import Books
from backoffice.kernel.currencies import MINOR_UNITS
from backoffice.kernel.errors import BackofficeError
from backoffice.kernel.parts import Records
from backoffice.kernel.scaled import format_exact, round_half_up
from backoffice.reference.tables import empty_table

COLUMNS: Final = (
    *("line", "section", "account", "currency", "amount"),
    *("base_currency", "base_rate_date", "base_amount"),
)
_RATE: Final = 18
_ORDER: Final = {
    "balance-sheet": (statements.ASSETS, statements.LIABILITIES, statements.EQUITY),
    "income": (statements.INCOME, statements.EXPENSES),
    "cash-flow": ("Opening", "Flow", "Closing"),
}
_WHOLE: Final = {"balance-sheet": "Liabilities and equity", "income": "Result"}


class NoStatementError(BackofficeError):
    """A statement was asked for that cannot be made."""


def figures(
    records: Records, known: Books, what: str, since: dt.date | None, until: dt.date
) -> pl.DataFrame:
    """Return `FIGURES` of a statement.

    Raises
    ------
    NoStatementError
        When it is of a time and that has no first day, or none after it.
    """
    if what == "balance-sheet":
        return statements.balance_sheet(records, known, until)
    since = first_day(what, since, until)
    make = statements.income_statement if what == "income" else statements.cash_flow
    return make(records, known, since, until)


def first_day(what: str, since: dt.date | None, until: dt.date) -> dt.date:
    """Return the first day of what is of a time.

    Raises
    ------
    NoStatementError
        When none is given, or it is after the last.
    """
    if since is None:
        raise NoStatementError(f"{what} is of a time: say its first day, --from")
    if since > until:
        raise NoStatementError(f"{what} from {since} to {until} is of no time")
    return since


def statement(
    records: Records,
    known: Books,
    what: str,
    since: dt.date | None,
    until: dt.date,
    base: str,
) -> pl.DataFrame:
    """Show a statement: a line an account, totals by section and currency, and in the base.

    Parameters
    ----------
    what
        balance-sheet, income or cash-flow.
    since, until
        The days that count; of a balance sheet the last alone.
    base
        A currency: amounts in it by the latest direct rate on or before `until`; where there is
        none, base_amount is empty, and the totals' too.

    Raises
    ------
    NoStatementError
        When the base is no currency, or the time is none.
    """
    if base not in MINOR_UNITS:
        raise NoStatementError(f"{base!r} is no currency of ISO 4217")
    found = figures(records, known, what, since, until)
    rates = _rates(records, known, base, until)
    lines = [_line(row, base, rates) for row in found.iter_rows(named=True)]
    rows = list(_with_totals(what, lines))
    return pl.DataFrame(
        [_texts(row, base) for row in rows], schema=dict.fromkeys(COLUMNS, pl.String)
    )


Row = dict[str, object]


def _line(row: Mapping[str, object], base: str, rates: Mapping[str, tuple[dt.date, int]]) -> Row:
    unit, amount = str(row["unit"]), int(str(row["amount"]))
    line: Row = {**row, "line": "ACCOUNT", "on": None, "base": None}
    if unit == base:
        return line | {"base": amount}
    if unit in rates:
        on, rate = rates[unit]
        numerator = amount * rate * 10 ** MINOR_UNITS[base]
        return line | {
            "on": on,
            "base": round_half_up(numerator, 10 ** (_RATE + MINOR_UNITS[unit])),
        }
    return line


def _with_totals(what: str, lines: Sequence[Row]) -> Iterator[Row]:
    """Yield each section's lines and totals, then what the statement comes to."""
    for section in _ORDER[what]:
        own = [line for line in lines if line["section"] == section]
        yield from own
        yield from _totals(section, own, {})
    if what == "balance-sheet":
        own = [line for line in lines if line["section"] != statements.ASSETS]
        yield from _totals(_WHOLE[what], own, {})
        yield from _totals("Difference", lines, {statements.LIABILITIES: -1, statements.EQUITY: -1})
    elif what == "income":
        yield from _totals(_WHOLE[what], lines, {statements.EXPENSES: -1})
    else:
        yield from _totals("Difference", lines, {"Closing": -1})


def _totals(name: str, lines: Sequence[Row], signs: Mapping[str, int]) -> Iterator[Row]:
    """Yield a total a currency; in the base only where every line of any currency has one."""
    units = sorted({str(line["unit"]) for line in lines})
    for unit in units:
        own = [line for line in lines if line["unit"] == unit]
        yield _total(name, unit, own, signs)
    whole = _total(name, "", lines, signs)
    if len(units) > 1 and whole["base"] is not None:
        yield whole | {"amount": None}


def _total(name: str, unit: str, lines: Sequence[Row], signs: Mapping[str, int]) -> Row:
    sign = [signs.get(str(line["section"]), 1) for line in lines]
    amount = sum(by * int(str(line["amount"])) for by, line in zip(sign, lines, strict=True))
    bases = [line["base"] for line in lines]
    known = None not in bases
    base = sum(by * int(str(one)) for by, one in zip(sign, bases, strict=True)) if known else None
    on = lines[0]["on"] if lines and unit else None
    named = {"line": "TOTAL", "section": name, "account": None, "unit": unit or None}
    return {**named, "amount": amount, "on": on, "base": base}


def _texts(row: Row, base: str) -> dict[str, str | None]:
    unit, amount, worth = row["unit"], row["amount"], row["base"]
    return {
        "line": str(row["line"]),
        "section": str(row["section"]),
        "account": None if row["account"] is None else str(row["account"]),
        "currency": None if unit is None else str(unit),
        "amount": None if amount is None else _money(amount, str(unit)),
        "base_currency": None if worth is None else base,
        "base_rate_date": None if row["on"] is None else str(row["on"]),
        "base_amount": None if worth is None else _money(worth, base),
    }


def _money(amount: object, unit: str) -> str:
    return format_exact(int(str(amount)), MINOR_UNITS[unit])


def _rates(
    records: Records, known: Books, base: str, until: dt.date
) -> dict[str, tuple[dt.date, int]]:
    """Return by currency the latest direct rate to the base, and its date."""
    part = known.tables.get("fx")
    table = records.read(part) if part else empty_table("fx")
    rows = table.filter(pl.col("base") == base, pl.col("date") <= until).sort("date")
    named = rows.select("currency", "date", f"rate_e{_RATE}").iter_rows()
    return {currency: (on, rate) for currency, on, rate in named}
