"""A name made ready for comparing, listed or not."""

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from backoffice.risk.screening.normalise import tokens_of
from backoffice.risk.screening.one_word import one_word_apart
from backoffice.risk.screening.rules import ScreeningRules
from backoffice.risk.screening.weights import TokenWeights

_LONGEST_JOINED: Final = 20


@dataclass(frozen=True, slots=True)
class Unit:
    """A token, or two neighbours written as one, and where it stands."""

    text: str
    start: int
    places: frozenset[int]
    weight: int
    is_joined: bool


@dataclass(frozen=True, slots=True)
class PreparedName:
    """A name's tokens and what they weigh.

    Attributes
    ----------
    tokens, weights
        In the order spoken; weights 1 to 1,000.
    telling
        Whether a token is evidence: no ordinary word, no initial.
    units
        Tokens, and neighbours joined.
    total
        The sum of weights.
    said, whole, turned
        The tokens with blanks, without, and without and with the last of them in front.
    letters
        Of `whole`, those of ordinary words counted by half.
    numbers
        The tokens with digits in them, sorted.
    has_initial
        Whether one of its tokens is a single letter.
    one_word_apart
        What is said of a listed name without one of its words, or with one as an initial.
    """

    tokens: tuple[str, ...]
    weights: tuple[int, ...]
    telling: tuple[bool, ...]
    units: tuple[Unit, ...]
    total: int
    said: str
    whole: str
    turned: str
    letters: int
    numbers: tuple[str, ...]
    has_initial: bool
    one_word_apart: frozenset[str] = frozenset()


def prepare(
    name: str, kind: str | None, weights: TokenWeights, rules: ScreeningRules
) -> PreparedName:
    """Make a name ready; without tokens when it has no letter and no digit."""
    tokens = tokens_of(name, kind, rules)
    percent = rules.person_word_percent if kind == "PERSON" else rules.word_percent
    weighed = tuple(
        max(1, weights.weight(token) * percent.get(token, 100) // 100) for token in tokens
    )
    halves = sum(len(token) * (1 if token in percent else 2) for token in tokens)
    return PreparedName(
        tokens=tokens,
        weights=weighed,
        telling=tuple(token not in percent and len(token) > 1 for token in tokens),
        units=_units(tokens, weighed),
        total=sum(weighed),
        said=" ".join(tokens),
        whole="".join(tokens),
        turned="".join([*tokens[-1:], *tokens[:-1]]),
        letters=max(1, halves // 2),
        numbers=tuple(sorted(token for token in tokens if not token.isalpha())),
        has_initial=any(len(token) == 1 for token in tokens),
    )


def prepare_listed(
    name: str, kind: str, weights: TokenWeights, rules: ScreeningRules
) -> PreparedName:
    """Make a listed name ready."""
    apart = one_word_apart(name, kind, rules)
    return replace(prepare(name, kind, weights, rules), one_word_apart=apart)


def _units(tokens: tuple[str, ...], weights: tuple[int, ...]) -> tuple[Unit, ...]:
    single = [
        Unit(token, at, frozenset({at}), weights[at], is_joined=False)
        for at, token in enumerate(tokens)
    ]
    joined = [
        Unit(
            one.text + two.text,
            one.start,
            one.places | two.places,
            one.weight + two.weight,
            is_joined=True,
        )
        for one, two in pairwise(single)
        if len(one.text) + len(two.text) <= _LONGEST_JOINED
    ]
    return (*single, *joined)
