"""Names to screen: listed ones spoilt in a known way, by a seed, and ordinary ones.

What is spoilt is the name as it is written, a person's "LAST, First" turned round; the generator
knows nothing of how names are compared. An edit inserts, drops or changes a letter, or swaps two
neighbours, anywhere, blanks and hyphens included. Letters of the alphabet only: another digit makes
another name ("No. 3"), and an edit of a comma or a point none at all.
"""

import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Final

import polars as pl

SHORT: Final = 6
"""Letters below which a name is another name with an edit or two; such names are reported apart."""

_UNSPOKEN: Final = (
    "ab ag al an and bin co company corp cv de del e el en et for fze gmbh ibn inc la las llc los"
    " dr mr mrs haji hajji qari mullah mufti maulana maulawi sheikh shaykh seyed sayyid"
    " limited ltd ltda nv of ooo pjsc plc pte sa sarl sl srl the van y zao"
)
UNSPOKEN: Final = frozenset(_UNSPOKEN.split())
"""Articles, company forms and titles, which nobody would miss: dropping one is too easy to count,
and what is left when the only other name is dropped is nobody's."""

_WORDS: Final = 3


@dataclass(frozen=True, slots=True)
class Spoilt:
    """A name as screened, its kind, the entry it is of, and the name it was."""

    name: str
    kind: str
    entry_id: str
    was: str


Spoil = Callable[[str, str, Random], str | None]
"""A name, its kind and chance in; the spoilt name out, None where the class has no place for it."""


def spoken(name: str, kind: str) -> str:
    """Write a person's "LAST, First" as First LAST."""
    last, comma, first = name.partition(", ")
    return f"{first} {last}" if kind == "PERSON" and comma else name


def edited(text: str, edits: int, chance: Random) -> str:
    """Make edits one after another, each anywhere."""
    for _ in range(edits):
        places = [at for at, letter in enumerate(text) if letter.isalpha() or letter in " -"]
        at = chance.choice(places)
        letter = chance.choice(string.ascii_uppercase)
        how = chance.choice(("insert", "drop", "change", "swap"))
        if how == "insert":
            text = text[:at] + letter + text[at:]
        elif how == "drop":
            text = text[:at] + text[at + 1 :]
        elif how == "change":
            text = text[:at] + letter + text[at + 1 :]
        else:
            text = text[:at] + text[at : at + 2][::-1] + text[at + 2 :]
    return text


def _letters(text: str) -> int:
    return sum(letter.isalpha() for letter in text)


def _heavy(words: list[str]) -> list[int]:
    """Return the places of the words somebody would miss."""
    bare = ["".join(filter(str.isalnum, word)).lower() for word in words]
    return [at for at, word in enumerate(bare) if len(word) > 1 and word not in UNSPOKEN]


def _typos(edits: int, *, short: bool = False) -> Spoil:
    def spoil(name: str, _: str, chance: Random) -> str | None:
        if (_letters(name) < SHORT) != short or not _letters(name):
            return None
        spoilt = edited(name, edits, chance)
        return spoilt if spoilt != name and _letters(spoilt) else None

    return spoil


def _swapped(name: str, _: str, chance: Random) -> str | None:
    words = name.replace(",", "").split()
    if len(set(words)) < _WORDS - 1:
        return None
    other = words
    while other == words:
        other = chance.sample(words, len(words))
    return " ".join(other)


def _dropped(least: int, most: int) -> Spoil:
    def spoil(name: str, _: str, chance: Random) -> str | None:
        words = name.split()
        heavy = _heavy(words)
        if not least <= len(heavy) <= most:
            return None
        gone = chance.choice(heavy)
        return " ".join(word for at, word in enumerate(words) if at != gone)

    return spoil


def _initialled(name: str, kind: str, chance: Random) -> str | None:
    words = name.split()
    heavy = [at for at in _heavy(words) if words[at][0].isalpha()]
    if kind != "PERSON" or len(heavy) < _WORDS - 1:
        return None
    at = chance.choice(heavy)
    return " ".join([*words[:at], f"{words[at][0]}.", *words[at + 1 :]])


CLASSES: Final[Mapping[str, Spoil]] = {
    "one edit": _typos(1),
    "two edits": _typos(2),
    "words in another order": _swapped,
    "one word of three or more dropped": _dropped(_WORDS, 99),
    "one word of a person initialled": _initialled,
}

APART: Final[Mapping[str, Spoil]] = {
    f"one edit in fewer than {SHORT} letters": _typos(1, short=True),
    "one word of two dropped": _dropped(_WORDS - 1, _WORDS - 1),
}
"""What is measured, and asked of nobody: what is left is another name, or anybody's."""

ALL: Final[Mapping[str, Spoil]] = {**CLASSES, **APART}


def spoilt_names(listed: pl.DataFrame, spoil: Spoil, count: int, seed: int) -> list[Spoilt]:
    """Spoil the primary names and strong aliases of persons and entities, drawn by a seed.

    Parameters
    ----------
    listed : pl.DataFrame
        LISTED, sorted. Vessels and aircraft are not drawn: accounts have neither name.
    """
    chance = Random(seed)  # noqa: S311 - no secret
    rows = listed.filter(
        pl.col("kind").is_in(["PERSON", "ENTITY"]), pl.col("quality") != "WEAK"
    ).select("entry_id", "kind", "name")
    drawn: list[Spoilt] = []
    for entry_id, kind, name in rows.sample(fraction=1, shuffle=True, seed=seed).iter_rows():
        if len(drawn) == count:
            break
        said = spoken(name, kind)
        spoilt = spoil(said, kind, chance)
        if spoilt:
            drawn.append(Spoilt(spoilt, kind, entry_id, name))
    return drawn
