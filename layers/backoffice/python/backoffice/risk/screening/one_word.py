"""What a listed name reads as with one of its words left out, or with one as an initial.

A word is what is written between blanks: "STROIPROEKT", "AL-SHALISH". Where nothing but ordinary
words is left, no measure of likeness finds the name: what is left is kept, and asked for whole.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

from backoffice.risk.screening.normalise import tokens_of
from backoffice.risk.screening.rules import ScreeningRules

_WORD: Final = re.compile(r"[^\s,]+")
"""The comma stays: it is what turns a person's name round."""

_LEAST_LEFT: Final = 2
"""Tokens: one alone is anybody's."""


def one_word_apart(name: str, kind: str, rules: ScreeningRules) -> frozenset[str]:
    """Return how a name reads without each of its words, and a person's with each as an initial.

    Returns
    -------
    frozenset[str]
        Tokens, joined by blanks.
    """
    changed = list(_changed(name, lambda _: ""))
    if kind == "PERSON":
        changed += _changed(name, _initial)
    read = {tokens_of(text, kind, rules) for text in changed} - {tokens_of(name, kind, rules)}
    return frozenset(" ".join(tokens) for tokens in read if len(tokens) >= _LEAST_LEFT)


def _changed(name: str, changed: Callable[[str], str]) -> Iterator[str]:
    for word in _WORD.finditer(name):
        yield name[: word.start()] + changed(word[0]) + name[word.end() :]


def _initial(word: str) -> str:
    return next(filter(str.isalpha, word), "")
