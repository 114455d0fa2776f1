"""Names as tokens: lower case, ASCII, in the order they are spoken.

Scripts are romanised by anyascii (þ to th, ð to d, æ to ae, ö to o, Cyrillic by sound), Arabic
after `arabic` has written its vowels.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from anyascii import anyascii

from backoffice.risk.screening.arabic import romanised_arabic
from backoffice.risk.screening.rules import ScreeningRules

_TOKEN: Final = re.compile("[a-z0-9]+")
_SILENT: Final = re.compile("['`\u00b4\u2018\u2019\u02bb-\u02bf]")
"""Apostrophes stand for sounds that most writers leave out."""

_LONGEST: Final = 400
"""Characters of a name that are read; the longest listed ones have 200."""

_LETTERS_OF_AN_ACRONYM: Final = 3
_SERVANT: Final = frozenset({"abd", "abdal", "abdel", "abdol", "abdul", "abdoul", "abdu", "abdur"})
_ARTICLE: Final = frozenset({"al", "el", "ul", "ol", "ur", "ar", "as", "ash", "us", "ud", "ad"})


def tokens_of(name: str, kind: str | None, rules: ScreeningRules) -> tuple[str, ...]:
    """Cut a name into tokens; () when it has no letter and no digit.

    Parameters
    ----------
    name : str
        As written, in any script.
    kind : str | None
        PERSON, ENTITY, VESSEL, AIRCRAFT; None or UNKNOWN when it is not known. A person's
        "LAST, First" is turned round, a person's letters stay initials.
    rules : ScreeningRules
        Its company forms tell "S. A." from two initials.
    """
    text = _folded(name[:_LONGEST])
    if kind == "PERSON" and "," in text:
        last, _, first = text.partition(",")
        text = f"{first} {last}"
    tokens = list(_join_letters(_TOKEN.findall(text), kind, rules))
    return tuple(_with_servants(tokens))


def _folded(name: str) -> str:
    if not name.isascii():
        # silent marks go first: anyascii would write some as letters
        name = _SILENT.sub("", unicodedata.normalize("NFKC", name))
        name = anyascii(romanised_arabic(name))
    return _SILENT.sub("", name).lower()


def _join_letters(tokens: Sequence[str], kind: str | None, rules: ScreeningRules) -> Iterator[str]:
    """Read "S. A." as the form it is and "M.S.P." as an acronym; a person's letters stay apart."""
    for are_letters, run in groupby(tokens, lambda token: len(token) == 1 and token.isalpha()):
        letters = list(run)
        joined = "".join(letters)
        is_one = (
            kind not in {"UNKNOWN", None}
            or len(letters) >= _LETTERS_OF_AN_ACRONYM
            or joined in rules.forms
        )
        if are_letters and len(letters) > 1 and kind != "PERSON" and is_one:
            yield joined
        else:
            yield from letters


def _with_servants(tokens: Sequence[str]) -> Iterator[str]:
    """Write "Abd al-Rahman", "Abdel Rahman" and "Abdul Rahman" alike: a servant, and of whom."""
    is_servant = False
    for at, token in enumerate(tokens):
        if is_servant and token in _ARTICLE and at + 1 < len(tokens):
            continue
        is_servant = token in _SERVANT
        yield "abdul" if is_servant else token
