"""The market's own statements: what it holds for us, our money there, and the day's messages.

It knows what it confirmed, and the opening its script gives; what else moves in the books it does
not know.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Final

from backoffice.formats.iso20022.instruction_reader import Instruction
from backoffice.formats.iso20022.outcomes import (
    CANCEL_ACCEPTED,
    MATCHED,
    PENDING,
    REJECTED,
    SETTLED,
    UNMATCHED,
)
from backoffice.kernel.currencies import MINOR_UNITS, minor_units
from backoffice.kernel.errors import BadFileError
from backoffice.kernel.scaled import E8, format_exact, format_scaled, parse_scaled
from cli.market.script import CASH, HOLDINGS, TRANSACTIONS, Opening, StatementRule
from cli.market.spoken import Message, Spoken

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        HOLDINGS: ("isin", "quantity"),
        CASH: ("currency", "closing_balance"),
        TRANSACTIONS: (
            "our_reference",
            "reference",
            "isin",
            "direction",
            "quantity",
            "amount",
            "currency",
            "status",
            "settled_on",
        ),
    }
)
"""The columns of each statement; an amount is signed, + the back office is paid."""

_STATUSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        SETTLED: "SETTLED",
        PENDING: "PENDING",
        MATCHED: "MATCHED",
        UNMATCHED: "UNMATCHED",
        REJECTED: "REJECTED",
        CANCEL_ACCEPTED: "CANCELLED",
    }
)


def statement(
    rule: StatementRule,
    day: date,
    spoken: Spoken,
    openings: Iterable[Opening],
    instructions: Mapping[str, Instruction],
) -> bytes:
    """Write a kind's statement of the end of a day as CSV.

    Parameters
    ----------
    rule
        The kind, and by how much a wrong one is off.
    spoken
        What was said, at least up to the day.
    instructions
        Those of which something was said on the day that is no confirmation.

    Raises
    ------
    BadFileError
        When more was delivered than the script's openings and what was received come to.
    """
    rows: Iterable[Sequence[str]]
    if rule.kind == TRANSACTIONS:
        rows = _transactions(rule, day, spoken, instructions)
    elif rule.kind == CASH:
        rows = _cash(rule, day, spoken, openings)
    else:
        rows = _holdings(rule, day, spoken, openings)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS[rule.kind])
    writer.writerows(rows)
    return text.getvalue().encode()


def _opened(openings: Iterable[Opening], day: date, *, money: bool) -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for opening in openings:
        is_money = opening.unit in MINOR_UNITS
        if is_money == money and (opening.since is None or opening.since <= day):
            sums[opening.unit] += opening.amount
    return sums


def _settled(spoken: Spoken, day: date) -> Iterator[Message]:
    return (said for said in spoken.until(day) if said["outcome"] == SETTLED)


def _holdings(
    rule: StatementRule, day: date, spoken: Spoken, openings: Iterable[Opening]
) -> Iterator[Sequence[str]]:
    held = _opened(openings, day, money=False)
    for said in _settled(spoken, day):
        held[said["isin"]] += said["quantity_e8"] * (-1 if said["direction"] == "DELIVER" else 1)
    if rule.unit:
        held[rule.unit] += parse_scaled(str(rule.off), E8)
    for isin, quantity in sorted(held.items()):
        if quantity < 0:
            raise BadFileError(
                f"The market holds {format_scaled(quantity, E8)} of {isin} on {day}: "
                "its script needs an opening of it."
            )
        if quantity:
            yield isin, format_scaled(quantity, E8)


def _cash(
    rule: StatementRule, day: date, spoken: Spoken, openings: Iterable[Opening]
) -> Iterator[Sequence[str]]:
    money = _opened(openings, day, money=True)
    for said in _settled(spoken, day):
        if said["currency"]:
            money[said["currency"]] += said["money_minor"]
    if rule.unit:
        money[rule.unit] += parse_scaled(str(rule.off), minor_units(rule.unit))
    return (
        (code, format_exact(amount, minor_units(code))) for code, amount in sorted(money.items())
    )


def _transactions(
    rule: StatementRule, day: date, spoken: Spoken, instructions: Mapping[str, Instruction]
) -> list[tuple[str, ...]]:
    rows = []
    for said in spoken.until(day):
        if said["day"] == day and said["outcome"] in _STATUSES:
            told = _terms(said, instructions.get(said["obligation_id"]))
            if told is not None:
                rows.append(_transaction(rule, said, *told))
    return sorted(rows)


def _transaction(
    rule: StatementRule,
    said: Message,
    isin: str,
    direction: str,
    quantity: int,
    amount: int,
    currency: str,
) -> tuple[str, ...]:
    off = parse_scaled(rule.off, E8) if rule.off and isin == rule.unit else 0
    settled_on = said["effective_date"] if said["outcome"] == SETTLED else None
    return (
        said["obligation_id"],
        said["reference"],
        isin,
        direction,
        format_scaled(quantity + off, E8),
        format_exact(amount, minor_units(currency)),
        currency,
        _STATUSES[said["outcome"]],
        str(settled_on or ""),
    )


def _terms(said: Message, instruction: Instruction | None) -> tuple[str, str, int, int, str] | None:
    """Return what a message is about: ISIN, direction, unsigned quantity, money, currency."""
    if said["outcome"] == SETTLED:
        named = ("isin", "direction", "quantity_e8", "money_minor", "currency")
        isin, direction, quantity, amount, currency = (said[name] for name in named)
        return isin, direction, quantity, amount, currency
    if instruction is None:
        return None
    direction = "RECEIVE" if instruction.movement == "RECE" else "DELIVER"
    quantity = abs(instruction.quantity_e8)
    return instruction.isin, direction, quantity, instruction.money_minor, instruction.currency
