"""beancount's side of `bench.lots`: its parser and its booking, no plugin and no validation.

`python -m bench.sides.lots_beancount DEALS LOTS PROFIT` writes two CSV files, figures in minor
units, and prints what booking alone took.
"""

import sys
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from beancount.core.data import Directive, Transaction
from beancount.core.inventory import Inventory
from beancount.parser import booking, parser, printer

from bench.measuring.inside import Clock, say

_DIGITS = {"USD": 2, "EUR": 2, "ISK": 0}


def main(deals: Path, lots: Path, profit: Path) -> None:
    """Parse, book, collect, write."""
    parsed, errors, options = parser.parse_file(str(deals))
    clock = Clock()
    entries, wrong = booking.book(parsed, options)  # type: ignore[no-untyped-call]
    say(clock.figures())
    if errors or wrong:
        printer.print_errors([*errors, *wrong], file=sys.stderr)  # type: ignore[no-untyped-call]
        sys.exit(1)
    held = inventories(entries)
    with lots.open("w") as lot_rows, profit.open("w") as profit_rows:
        for account, inventory in held.items():
            kind, _, place = account.partition(":")
            group = place.split(":")[1:]
            if kind == "Income":
                profit_rows.writelines(_profit(group, position) for position in inventory)
            elif group:
                lot_rows.writelines(_lot(group, position) for position in inventory)


def inventories(entries: Iterable[Directive]) -> dict[str, Inventory]:
    """Return what every account holds after the entries."""
    held: dict[str, Inventory] = defaultdict(Inventory)
    for entry in entries:
        if isinstance(entry, Transaction):
            for posting in entry.postings:
                held[posting.account].add_position(posting)
    return held


def _lot(group: list[str], position: Any) -> str:  # noqa: ANN401 - beancount's are untyped
    units, cost = position.units, position.cost
    basis = _minor(units.number * cost.number, cost.currency)
    return f"{','.join(group)},{cost.currency},{cost.date},{cost.label},{units.number},{basis}\n"


def _profit(group: list[str], position: Any) -> str:  # noqa: ANN401
    units = position.units
    return f"{','.join(group)},{units.currency},{_minor(-units.number, units.currency)}\n"


def _minor(amount: Decimal, currency: str) -> int:
    minor = amount.scaleb(_DIGITS[currency])
    assert minor == int(minor), amount
    return int(minor)


if __name__ == "__main__":
    main(*(Path(name) for name in sys.argv[1:4]))
