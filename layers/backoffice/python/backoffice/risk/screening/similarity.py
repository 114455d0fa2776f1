"""How alike two tokens are, and the keys by which alike tokens find each other."""

from itertools import combinations
from typing import Final

from rapidfuzz.distance import OSA

from backoffice.risk.screening.sounds import skeleton, sound

SAME: Final = 10_000
_SOUNDS_SAME: Final = 9_500
_FEW_BONES, _FEW_BONES_PERCENT = 3, 40
_BONES_PERCENT: Final = 60
_LEAST_SOUND: Final = 3
_LEAST_LETTERS_BP: Final = 5_000
"""What sounds alike has half of its letters in common."""

_PREFIX: Final = 7
"""Deletions are made in a token's first letters: two edits apart still have one in common."""

_ONE_EDIT_FROM: Final = 3
_TWO_EDITS_FROM: Final = 5


def edits_allowed(shorter: int) -> int:
    """Return how many edits two tokens may be apart, by the length of the shorter."""
    return (shorter >= _ONE_EDIT_FROM) + (shorter >= _TWO_EDITS_FROM)


def keys_of(text: str, *, joined: bool) -> set[str]:
    """Return the keys of a token; tokens of any similarity have one in common.

    Parameters
    ----------
    text : str
        The token.
    joined : bool
        Whether it is two tokens written as one: those need not be found through two edits.
    """
    if not text.isalpha():
        return {text}
    most = min(edits_allowed(len(text)), 1 if joined else 2)
    keys = {f"={text}", f"~{sound(text)}"} if len(sound(text)) >= _LEAST_SOUND else {f"={text}"}
    if skeleton(text):
        keys.add(f"#{skeleton(text)}")
    start = text[:_PREFIX]
    for kept in range(len(start) - most, len(start) + 1):
        keys.update(map("".join, combinations(start, kept)))
    return keys


def similarity(one: str, two: str) -> int:
    """Return how alike two tokens are, 0 to 10,000; numbers are alike only when equal.

    The best of: the share of letters that stand after edits (optimal string alignment: insert,
    delete, change, swap neighbours), the same of how they sound, and equal consonants.
    """
    if one == two:
        return SAME
    if not (one.isalpha() and two.isalpha()):
        return 0
    best = _by_edits(one, two)
    heard_one, heard_two = sound(one), sound(two)
    if best == 0 and _letters(one, two) < _LEAST_LETTERS_BP:
        return 0
    if heard_one == heard_two:
        return max(best, _SOUNDS_SAME) if len(heard_one) >= _LEAST_SOUND else best
    best = max(best, _by_edits(heard_one, heard_two) - (SAME - _SOUNDS_SAME))
    bones = skeleton(one)
    if bones and bones == skeleton(two):
        percent = _FEW_BONES_PERCENT if len(bones) <= _FEW_BONES else _BONES_PERCENT
        letters = _letters(heard_one, heard_two)
        # equal consonants: part of the way up from the share of letters that stand
        best = max(best, letters + (SAME - letters) * percent // 100)
    return max(best, 0)


def _by_edits(one: str, two: str) -> int:
    most = edits_allowed(min(len(one), len(two)))
    edits = OSA.distance(one, two, score_cutoff=most)
    return 0 if edits > most else SAME - SAME * edits // max(len(one), len(two))


def _letters(one: str, two: str) -> int:
    return SAME - SAME * OSA.distance(one, two) // max(len(one), len(two))
