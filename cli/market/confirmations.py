"""What a confirmation says: what settled, or what a script would have it say."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Final

from backoffice.formats.iso20022.answer_writer import Part, Settlement, write_confirmation
from backoffice.formats.iso20022.instruction_reader import Instruction
from backoffice.kernel.currencies import minor_units
from backoffice.kernel.scaled import E8, parse_scaled, round_half_up
from cli.market.history import Settled
from cli.market.mix import WHOLE_E8
from cli.market.rules import (
    MALFORMED,
    OTHER_VERSION,
    PARTIAL,
    UNKNOWN_OBLIGATION,
    WRONG_AMOUNT,
    WRONG_DIRECTION,
    WRONG_INSTRUMENT,
    WRONG_QUANTITY,
    Rule,
)

_SHARE: Final = 10**E8
_HALF: Final = WHOLE_E8 // 2
_OTHERS: Final = ("US0378331005", "US5949181045")
"""What a wrong instrument is called where the script names none: the first that is not ours."""

_VERSION, _OTHER_VERSION = b"sese.025.001.11", b"sese.025.001.10"
_NOTHING: Final = Settled(0, 0)


def settlement(
    instruction: Instruction, before: Settled | None, rule: Rule | None, effective: date
) -> Settlement:
    """Return what settles: the part the rule says, or all that is left.

    A part's money is pro rata, rounded half-up; the last part takes what remains.
    """
    done, whole = before or _NOTHING, abs(instruction.quantity_e8)
    rest = whole - done.quantity_e8
    wanted = _part(rule, whole) if rule and rule.do == PARTIAL else None
    quantity = min(rest, wanted) if wanted else rest
    if rule and rule.money is not None:
        money = parse_scaled(rule.money, minor_units(instruction.currency))
    elif quantity == rest:
        money = instruction.money_minor - done.money_minor
    else:
        money = round_half_up(instruction.money_minor * quantity, whole)
    if rule and rule.do == WRONG_AMOUNT and rule.money is None:
        money += _off_minor(rule, instruction.currency)
    part: Part | None = "PAIN" if quantity < rest else "PARC" if before else None
    return Settlement(quantity, money, effective, part)


def in_two_parts(
    instruction: Instruction, before: Settled | None, rule: Rule, effective: date
) -> tuple[Settlement, Settlement] | None:
    """Return both parts of what is left, the first first; None where it has no two parts."""
    first = settlement(instruction, before, replace(rule, do=PARTIAL), effective)
    if first.part != "PAIN":
        return None
    done = before or _NOTHING
    both = Settled(done.quantity_e8 + first.quantity_e8, done.money_minor + first.money_minor)
    return first, settlement(instruction, both, None, effective)


def confirmed(
    instruction: Instruction, settled: Settlement, act: str, rule: Rule | None, reference: str
) -> bytes:
    """Write the confirmation; one of an act that misleads says what has not happened."""
    if rule is None or act not in _BENT:
        return write_confirmation(instruction, settled, reference)
    return _BENT[act](instruction, settled, rule, reference)


def _part(rule: Rule, whole: int) -> int:
    """Return the part a rule settles: a share is of whole shares, where there are any."""
    if rule.quantity_e8 is not None:
        return rule.quantity_e8
    part = whole * (_HALF if rule.share_e8 is None else rule.share_e8) // WHOLE_E8
    return part // _SHARE * _SHARE or part


def _off_minor(rule: Rule, currency: str) -> int:
    return 1 if rule.off is None else parse_scaled(rule.off, minor_units(currency))


def _too_much(instruction: Instruction, settled: Settlement, rule: Rule, reference: str) -> bytes:
    off = _SHARE if rule.off is None else parse_scaled(rule.off, E8)
    more = replace(settled, quantity_e8=settled.quantity_e8 + off)
    return write_confirmation(instruction, more, reference)


def _other_instrument(
    instruction: Instruction, settled: Settlement, rule: Rule, reference: str
) -> bytes:
    other = rule.other or next(isin for isin in _OTHERS if isin != instruction.isin)
    return write_confirmation(replace(instruction, isin=other), settled, reference)


def _other_way(instruction: Instruction, settled: Settlement, rule: Rule, reference: str) -> bytes:
    del rule
    turned = replace(instruction, movement="DELI" if instruction.movement == "RECE" else "RECE")
    return write_confirmation(turned, settled, reference)


def _unknown(instruction: Instruction, settled: Settlement, rule: Rule, reference: str) -> bytes:
    del rule
    stranger = f"X{instruction.obligation_id[1:]}"
    return write_confirmation(replace(instruction, obligation_id=stranger), settled, reference)


def _malformed(instruction: Instruction, settled: Settlement, rule: Rule, reference: str) -> bytes:
    del rule
    whole = write_confirmation(instruction, settled, reference)
    return whole.replace(b"<Unit>", b"<Unit>all of ")


def _of_another_version(
    instruction: Instruction, settled: Settlement, rule: Rule, reference: str
) -> bytes:
    del rule
    return write_confirmation(instruction, settled, reference).replace(_VERSION, _OTHER_VERSION)


_BENT: Final[Mapping[str, Callable[[Instruction, Settlement, Rule, str], bytes]]] = (
    MappingProxyType(
        {
            WRONG_QUANTITY: _too_much,
            WRONG_INSTRUMENT: _other_instrument,
            WRONG_DIRECTION: _other_way,
            UNKNOWN_OBLIGATION: _unknown,
            MALFORMED: _malformed,
            OTHER_VERSION: _of_another_version,
        }
    )
)
