"""What the rulebook says of screening on a date."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Final, Self

from backoffice.kernel.errors import RulebookError
from backoffice.kernel.rulebook import Rulebook

WORD_CLASSES: Final = ("company_forms", "particles", "trade_words", "titles")
"""Of a word in two of them the first counts."""


@dataclass(frozen=True, slots=True)
class ScreeningRules:
    """Thresholds in basis points, and how much ordinary words weigh.

    Attributes
    ----------
    threshold_bp
        A score from here on is a hit.
    partial_floor_bp
        What is left of a score when hardly any of one name stands in the other.
    contained_bp
        What a name scores at least that is wholly in a listed one, however little of it.
    one_word_bp, one_word_weight
        What a name scores at least that is a listed one without one of its words, and what it has
        to weigh: "Trading Company" is left of too many.
    kind_mismatch_bp, weak_alias_bp
        What is taken off for a person against none, and for a weak alias.
    list_shrinks_most
        A version this many times smaller than the one in force is refused.
    forms
        The company forms; letters apart that come to one are read as one.
    word_percent, person_word_percent
        What an ordinary word weighs, in per cent of what its rarity gives it; in the name of a
        person company forms and trade words are none ("Sae", "Gold").
    """

    threshold_bp: int
    partial_floor_bp: int
    contained_bp: int
    one_word_bp: int
    one_word_weight: int
    kind_mismatch_bp: int
    weak_alias_bp: int
    list_shrinks_most: int
    forms: frozenset[str]
    word_percent: Mapping[str, int]
    person_word_percent: Mapping[str, int]

    @property
    def fingerprint(self) -> str:
        """What tells these rules from others."""
        said = {**asdict(self), "forms": sorted(self.forms)}
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()

    @classmethod
    def on(cls, rulebook: Rulebook, day: date) -> Self:
        """Read the rules that hold on a day.

        Raises
        ------
        NoRuleError
            When one of them does not hold on the day.
        RulebookError
            When one has a value of the wrong type.
        """
        words = {name: _words(rulebook, name, day) for name in WORD_CLASSES}
        percent = {
            name: dict.fromkeys(words[name], rulebook.days(f"screening_word_percent.{name}", day))
            for name in WORD_CLASSES
        }
        of_persons = percent["titles"] | percent["particles"]
        of_firms: dict[str, int] = {}
        for name in reversed(WORD_CLASSES):
            of_firms |= percent[name]
        return cls(
            threshold_bp=rulebook.days("screening.threshold_bp", day),
            partial_floor_bp=rulebook.days("screening.partial_floor_bp", day),
            contained_bp=rulebook.days("screening.contained_bp", day),
            one_word_bp=rulebook.days("screening.one_word_bp", day),
            one_word_weight=rulebook.days("screening.one_word_weight", day),
            kind_mismatch_bp=rulebook.days("screening.kind_mismatch_bp", day),
            weak_alias_bp=rulebook.days("screening.weak_alias_bp", day),
            list_shrinks_most=rulebook.days("screening.list_shrinks_most", day),
            forms=words["company_forms"],
            word_percent=of_firms,
            person_word_percent=of_persons,
        )


def _words(rulebook: Rulebook, name: str, day: date) -> frozenset[str]:
    value = rulebook.value(f"screening_words.{name}", day)
    if not isinstance(value, str):
        raise RulebookError(f"screening_words.{name} is no text on {day}")
    return frozenset(value.split())
