"""Which tokens of two names answer each other."""

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from rapidfuzz.distance import OSA

from backoffice.risk.screening.prepared import PreparedName, Unit
from backoffice.risk.screening.similarity import SAME

Similar: TypeAlias = Mapping[str, Mapping[str, int]]
"""How alike a token is to listed ones, by its text and theirs."""

INITIAL_BP: Final = 8_000
_TELLS: Final = 2
_EVIDENT: Final = 3
"""A telling token counts two, an ordinary one of some weight one: from three on a part will do."""

_SAYS_SOMETHING: Final = 150
_EXACT_BP: Final = 9_500
_WORDS: Final = 2
_FAR_BP: Final = 3_500


class Alignment:
    """Tokens matched one to one, the most alike first; then initials with what is left.

    Attributes
    ----------
    matched, alike
        The weight of matched listed tokens, and the same times how alike they are (10^-4).
    free_query, free_listed
        The places of tokens that answer none.
    """

    __slots__ = (
        "_asked_initials",
        "_evidence",
        "_inexact",
        "_initials",
        "_listed",
        "_query",
        "_said",
        "alike",
        "free_listed",
        "free_query",
        "matched",
        "signs",
    )

    def __init__(self, query: PreparedName, listed: PreparedName, similar: Similar) -> None:
        self._query, self._listed = query, listed
        self.free_query = set(range(len(query.tokens)))
        self.free_listed = set(range(len(listed.tokens)))
        self.signs: list[str] = []
        self.matched = self.alike = 0
        self._evidence = self._said = self._inexact = 0
        self._initials = self._asked_initials = 0
        for bp, one, two in sorted(_edges(query, listed, similar), key=_best_first):
            self._take(bp, one, two)
        if (query.has_initial or listed.has_initial) and self.free_query and self.free_listed:
            self._take_initials()

    def _take(self, bp: int, one: Unit, two: Unit) -> None:
        if not (self.free_query >= one.places and self.free_listed >= two.places):
            return
        self.free_query -= one.places
        self.free_listed -= two.places
        sign = f"={two.text}" if bp == SAME else f"~{two.text} {bp}"
        self.signs.append(one.text + sign)
        self.matched += two.weight
        self.alike += bp * two.weight
        self._inexact += bp < _EXACT_BP
        told = max(_told(self._query, one.places), _told(self._listed, two.places))
        self._evidence += told
        self._said += told > 0

    def _take_initials(self) -> None:
        """Match a letter with a token that begins with it: it counts by half."""
        query, listed = self._query, self._listed
        for ours in sorted(self.free_query):
            token = query.tokens[ours]
            for theirs in sorted(self.free_listed):
                other = listed.tokens[theirs]
                if token[0] == other[0] and (len(token) == 1) != (len(other) == 1):
                    self.free_query.remove(ours)
                    self.free_listed.remove(theirs)
                    weight = max(query.weights[ours], listed.weights[theirs]) // 2
                    self.signs.append(f"{token}. {other}")
                    self.matched += weight
                    self.alike += INITIAL_BP * weight
                    self._initials += 1
                    self._asked_initials += len(token) == 1
                    break

    @property
    def is_spelt(self) -> bool:
        """Whether any token answers one otherwise than as an initial."""
        return len(self.signs) > self._initials

    @property
    def is_evident(self) -> bool:
        """Whether enough tokens answer each other that the rest may be missing.

        Initials and ordinary words help only where no telling token of the name is left over.
        """
        if any(self._query.telling[at] for at in self.free_query):
            return self._evidence >= 2 * _TELLS
        return self._evidence >= _TELLS and self._evidence + self._initials >= _EVIDENT

    @property
    def is_contained(self) -> bool:
        """Whether all that the name says is listed, in two words or more, spelling apart."""
        # a telling token told more than one: ordinary words alone hold nobody
        is_told = self._evidence > self._said
        if self._inexact or not is_told or self._said + self._asked_initials < _WORDS:
            return False
        return not any(_told(self._query, frozenset({at})) for at in self.free_query)

    @property
    def differs(self) -> bool:
        """Whether names of as many tokens have a telling one each that the other's is far from."""
        if len(self._query.tokens) != len(self._listed.tokens):
            return False
        ours = [self._query.tokens[at] for at in self.free_query if self._query.telling[at]]
        theirs = [self._listed.tokens[at] for at in self.free_listed if self._listed.telling[at]]
        return any(
            OSA.normalized_distance(one, two) * SAME > _FAR_BP for one in ours for two in theirs
        )

    @property
    def missing(self) -> tuple[int, int]:
        """The weight of tokens that answer none: of the name, of the listed one."""
        return (
            sum(self._query.weights[at] for at in self.free_query),
            sum(self._listed.weights[at] for at in self.free_listed),
        )

    @property
    def numbers_differ(self) -> bool:
        """Whether either name has a number that the other one lacks."""
        return any(not self._query.tokens[at].isalpha() for at in self.free_query) and any(
            not self._listed.tokens[at].isalpha() for at in self.free_listed
        )

    def explanation(self) -> str:
        """Write which tokens answer which, and which answer none."""
        ours = (f"-{self._query.tokens[at]}" for at in sorted(self.free_query))
        theirs = (f"+{self._listed.tokens[at]}" for at in sorted(self.free_listed))
        return "; ".join([*self.signs, *ours, *theirs])


def _told(name: PreparedName, places: frozenset[int]) -> int:
    return sum(_TELLS if name.telling[at] else name.weights[at] >= _SAYS_SOMETHING for at in places)


def _edges(
    query: PreparedName, listed: PreparedName, similar: Similar
) -> Iterator[tuple[int, Unit, Unit]]:
    for one in query.units:
        known = similar.get(one.text)
        if known:
            for two in listed.units:
                bp = known.get(two.text)
                if bp and not (one.is_joined and two.is_joined):
                    yield bp, one, two


def _best_first(edge: tuple[int, Unit, Unit]) -> tuple[int, int, int, int]:
    bp, one, two = edge
    return -bp, -two.weight, one.start, two.start
