"""Answers by lot: a seed and an obligation's id say what it draws, whatever else there is."""

import hashlib
from dataclasses import dataclass
from typing import Final

from backoffice.formats.iso20022.instruction_reader import Instruction
from cli.market.rules import Rule

WHOLE_E8: Final = 10**8
"""All instructions; a rate is a share of it."""

_DRAWN_DIGITS: Final = 16
_DRAWN_BITS: Final = 4 * _DRAWN_DIGITS


@dataclass(frozen=True, slots=True)
class Mix:
    """One `[[mix]]`: the acts' rules, each with its rate at 10^8; the rates are at most a whole.

    The rules carry the mix's filters. What draws none of them is left to what stands below.
    """

    seed: str
    shares: tuple[tuple[int, Rule], ...]

    def drawn_by(self, instruction: Instruction) -> Rule | None:
        """Return the rule an instruction draws: by seed and id alone, so on every day the same."""
        place = draw_e8(self.seed, instruction.obligation_id)
        for rate_e8, rule in self.shares:
            if place < rate_e8:
                return rule
            place -= rate_e8
        return None


def draw_e8(seed: str, obligation_id: str) -> int:
    """Return a number from 0 to 10^8 - 1 that seed and id alone decide."""
    digest = hashlib.sha256(f"{seed}|{obligation_id}".encode()).hexdigest()
    return int(digest[:_DRAWN_DIGITS], 16) * WHOLE_E8 >> _DRAWN_BITS
