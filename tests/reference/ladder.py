"""What cash is to come and go, a currency and value date at a time."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from tests.reference.amounts import ZERO, write_money
from tests.reference.obligations import ALIVE

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping
    from decimal import Decimal

    from tests.reference.obligations import Obligation
    from tests.reference.rows import Values
    from tests.reference.tables import Rows

_Flow = tuple[str, "dt.date", "Decimal"]
_SIGNS = {"DEPOSIT": 1, "WITHDRAWAL": -1}


def ladder_table(
    obligations: Iterable[Obligation],
    waiting: Iterable[Values],
    ordered: Iterable[tuple[str, dt.date, Decimal]],
    balances: Mapping[tuple[str, str], Decimal],
    day: dt.date,
) -> Rows:
    """Climb every currency from its cash; late money stands under the date it was due."""
    cash: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for (account, unit), amount in balances.items():
        if (account + ":").startswith("Assets:Cash:"):
            cash[unit] += amount
    rungs: dict[str, dict[dt.date, list[Decimal]]] = defaultdict(lambda: defaultdict(list))
    for currency, date, amount in [*_street(obligations), *_clients(waiting), *ordered]:
        if amount:
            rungs[currency][date].append(amount)
    for currency, amount in cash.items():
        if amount and currency not in rungs:
            rungs[currency][day] = []
    return [
        row
        for currency in sorted(rungs)
        for row in _climb(currency, cash[currency], rungs[currency])
    ]


def _climb(
    currency: str, cash: Decimal, rungs: dict[dt.date, list[Decimal]]
) -> Iterator[dict[str, str]]:
    assured = cash
    for date in sorted(rungs):
        came = sum((amount for amount in rungs[date] if amount > 0), ZERO)
        paid = -sum((amount for amount in rungs[date] if amount < 0), ZERO)
        opening, cash, assured = cash, cash + came - paid, assured - paid
        figures = {"opening": opening, "receipts": came, "payments": paid, "closing": cash}
        figures |= {"assured": assured, "need": max(-assured, ZERO)}
        money = {name: write_money(amount, currency) for name, amount in figures.items()}
        yield {"currency": currency, "value_date": date.isoformat()} | money


def _street(obligations: Iterable[Obligation]) -> Iterator[_Flow]:
    for obligation in obligations:
        if obligation.status in ("OPEN", *ALIVE) and obligation.direction != "FLAT":
            left = obligation.money - obligation.settled_money
            yield obligation.currency, obligation.settlement_date, left


def _clients(waiting: Iterable[Values]) -> Iterator[_Flow]:
    for movement in waiting:
        sign = _SIGNS.get(movement.text("kind"))
        if sign:
            amount = sign * movement.amount("amount")
            yield movement.text("currency"), movement.date("value_date"), amount
