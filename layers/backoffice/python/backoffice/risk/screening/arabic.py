"""Arabic script with the vowels it does not write, so that it can be compared as it is spoken.

Which vowel it is cannot be known: an a is written, and vowels weigh little in how names compare.
"""

import re
from typing import Final

_WORD: Final = re.compile("[\u0620-\u06d3]+")
_ARTICLE: Final = "\u0627\u0644"
_LEAST_AFTER_ARTICLE: Final = 3
_SERVANT: Final = "\u0639\u0628\u062f"
_INNER: Final = str.maketrans(
    {"\u0627": "a", "\u0648": "u", "\u064a": "i", "\u06cc": "i", "\u0629": "a", "\u0649": "a"}
)
"""Alif, waw and ya are mostly vowels within a word; the last two are only at its end."""

_FIRST: Final = str.maketrans({"\u0627": "a", "\u0623": "a", "\u0625": "i", "\u0639": "a"})
_CONSONANTS: Final = re.compile("(?<=[\u0620-\u06d3])(?=[\u0620-\u06d3])")


def romanised_arabic(text: str) -> str:
    """Return the text with vowels written in its Arabic words, the article apart."""
    return _WORD.sub(_spoken, text)


def _spoken(match: re.Match[str]) -> str:
    word = match[0]
    if word == _SERVANT:
        return "abd"
    if word.startswith(_ARTICLE) and len(word) - len(_ARTICLE) >= _LEAST_AFTER_ARTICLE:
        return f"al {_with_vowels(word[len(_ARTICLE) :])}"
    return _with_vowels(word)


def _with_vowels(word: str) -> str:
    return _CONSONANTS.sub("a", word[0].translate(_FIRST) + word[1:].translate(_INNER))
