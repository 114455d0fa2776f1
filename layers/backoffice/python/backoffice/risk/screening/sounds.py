"""How a token sounds: what is equal for the spellings that romanisers choose between."""

import re
from functools import lru_cache
from typing import Final

_LEAST_SKELETON: Final = 3

# Longer spellings first; capitals keep what is settled from what follows.
_SPELLINGS: Final = {
    "shch": "S", "tsch": "C", "tch": "C", "sch": "S", "sh": "S", "sz": "S", "ch": "C", "cz": "C",
    "zh": "J", "dj": "J", "dzh": "J", "kh": "H", "gh": "G", "ph": "F", "th": "T", "dh": "D",
    "ts": "S", "tz": "S", "ck": "K", "ks": "KS", "x": "KS", "q": "K", "c": "K", "w": "V",
    "ae": "A", "oe": "U", "ue": "U", "ou": "U", "oo": "U", "ee": "I", "ie": "I", "ei": "I",
    "ey": "I", "iy": "I", "ij": "I", "yi": "I", "ya": "IA", "ia": "IA", "ja": "IA", "yu": "IU",
    "iu": "IU", "ju": "IU", "yo": "IU", "io": "IU", "jo": "IU", "ye": "I", "je": "I", "y": "I",
    "e": "I", "i": "I", "o": "U", "u": "U", "a": "A", "j": "J",
}  # fmt: skip
_SPELLING: Final = re.compile("|".join(sorted(_SPELLINGS, key=lambda each: (-len(each), each))))
_REPEATED: Final = re.compile(r"(.)\1+")
_VOWELS: Final = re.compile("[aiu]")


@lru_cache(maxsize=200_000)
def sound(token: str) -> str:
    """Return the token with one spelling for each sound: "yusuf" of Yousuf, Iusuf and Jusuf.

    Doubled letters count once, final f sounds as v (-ov, -off, -ow), a final h is silent.
    """
    heard = _SPELLING.sub(lambda match: _SPELLINGS[match[0]], token).lower()
    heard = _REPEATED.sub(r"\1", heard)
    if heard.endswith("f"):
        return f"{heard[:-1]}v"
    return heard[:-1] if heard.endswith("h") and len(heard) > 1 else heard


@lru_cache(maxsize=200_000)
def skeleton(token: str) -> str:
    """Return the consonants that are heard; "" where there are too few to tell words apart."""
    bones = _VOWELS.sub("", sound(token))
    return bones if len(bones) >= _LEAST_SKELETON else ""
