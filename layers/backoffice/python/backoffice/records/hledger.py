"""The journal as hledger reads it: a third opinion on every figure in the books."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

import polars as pl

from backoffice.accounting import chart
from backoffice.records.entry_texts import (
    entry_rows,
    in_slices,
    sums,
    transactions,
    whole_entries,
)

_TITLE: Final = "; Bakskrifstofa: journal\ndecimal-mark .\n"
# a name ends at two spaces, so that only a single one between words stands for itself
_NOT_PLAIN: Final = re.compile(r"%|(?<= )\s|[^\S ]|^ | $")
_ESCAPED: Final = re.compile(r"%([0-9a-f]+);")


def hledger(journal: pl.DataFrame) -> Iterator[str]:
    """Write the journal as text that `hledger check` finds nothing wrong with.

    Every entry is one transaction on its effective date with its id, source and the day that
    recorded it as tags; what every account has of every unit is asserted on the day after the last.

    Parameters
    ----------
    journal
        JOURNAL rows, each entry whole, in any order.

    Yields
    ------
    str
        Pieces of the text, whole lines.
    """
    yield _TITLE
    if journal.is_empty():
        return
    rows = entry_rows(journal)
    accounts = rows["account"].unique().sort()
    names = pl.DataFrame({"account": accounts, "name": [*map(account_name, accounts)]})
    for piece in whole_entries(rows):
        named = piece.join(names, on="account", maintain_order="left")
        yield transactions(named, _HEAD, _POSTING)
    yield f"\n{rows['effective_date'].max() + timedelta(days=1)} * balances\n"  # type: ignore[operator]
    yield from in_slices(sums(rows).join(names, on="account").sort("account", "unit"), _ASSERTION)


def account_name(account: str) -> str:
    """Return hledger's name of an account: its own, but for blanks that would end it."""
    return _NOT_PLAIN.sub(lambda found: f"%{ord(found[0]):x};", account)


def original_account(name: str) -> str:
    """Return the account whose `account_name` this is."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), name)


def _tag(name: str, value: pl.Expr) -> pl.Expr:
    return pl.format(f"    ; {name}: {{}}\n", value.str.replace_all("\n", " ", literal=True))


_UNIT: Final = pl.format('"{}"', "unit")
_HEAD: Final = pl.concat_str(
    pl.format("\n{} * {}\n", "effective_date", "kind"),
    _tag("entry_id", pl.col("entry_id")),
    _tag("source", pl.col("source").fill_null("")),
    _tag("recorded_on", pl.col("recorded_on").cast(pl.String)),
    _tag("reverses", pl.col("reverses")).fill_null(""),
)
_POSTING: Final = pl.format("    {}  {} {}\n", "name", chart.amount_text(), _UNIT)
_ASSERTION: Final = pl.format("    {}  0 {} = {} {}\n", "name", _UNIT, chart.amount_text(), _UNIT)
