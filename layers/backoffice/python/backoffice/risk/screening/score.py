"""The score of one name against one listed name, and why."""

from dataclasses import dataclass
from typing import Final

from rapidfuzz.distance import OSA

from backoffice.risk.screening.alignment import Alignment, Similar
from backoffice.risk.screening.prepared import PreparedName
from backoffice.risk.screening.rules import ScreeningRules
from backoffice.risk.screening.similarity import SAME

_OTHER_NUMBER_PERCENT: Final = 80
_LETTERS_AN_EDIT: Final = 4
_MOST_EDITS: Final = 3


@dataclass(frozen=True, slots=True)
class Match:
    """What two names come to.

    Attributes
    ----------
    score_bp
        0 to 10,000.
    tokens, weight
        How many pairs of tokens match, and what the listed ones weigh.
    explanation
        "a=b" is equal, "a~b 8500" alike, "a. b" an initial, "-a" only in the name, "+b" only
        listed.
    """

    score_bp: int
    tokens: int
    weight: int
    explanation: str


def compare(
    query: PreparedName, listed: PreparedName, similar: Similar, rules: ScreeningRules
) -> Match:
    """Score a name against a listed one.

    Parameters
    ----------
    query, listed : PreparedName
        Made ready with the same weights.
    similar : Similar
        Of the query's units to listed ones; what is missing is not alike.
    rules : ScreeningRules
        Say what is left of a partial match.
    """
    aligned = Alignment(query, listed, similar)
    score = _by_tokens(aligned, rules)
    if score < SAME and not aligned.differs:
        score = max(score, as_a_whole(query, listed))
    if query.said in listed.one_word_apart and query.total >= rules.one_word_weight:
        score = max(score, rules.one_word_bp)
    known = score >= rules.threshold_bp
    said = aligned.explanation() if known else ""
    return Match(score, len(aligned.signs), aligned.matched, said)


def _by_tokens(aligned: Alignment, rules: ScreeningRules) -> int:
    """Score by matched weight: twice what is alike of what there is; a part where it is evident."""
    matched = aligned.matched
    if not aligned.is_spelt:
        return 0
    ours, theirs = aligned.missing
    score = 2 * aligned.alike // (2 * matched + ours + theirs)
    if aligned.is_evident:
        floor = rules.partial_floor_bp
        left = aligned.alike // matched
        for missing in (ours, theirs):
            left = left * (floor + (SAME - floor) * matched // (matched + missing)) // SAME
        score = max(score, left)
    if aligned.is_contained:
        score = max(score, rules.contained_bp)
    return score * _OTHER_NUMBER_PERCENT // 100 if aligned.numbers_differ else score


def as_a_whole(query: PreparedName, listed: PreparedName) -> int:
    """Compare without blanks: what counts where they are wrong, and for many short tokens."""
    letters = max(query.letters, listed.letters)
    most = min(_MOST_EDITS, letters // _LETTERS_AN_EDIT)
    apart = abs(len(query.whole) - len(listed.whole))
    if apart > most or query.numbers != listed.numbers:
        return 0
    edits = min(
        OSA.distance(query.whole, text, score_cutoff=most) for text in (listed.whole, listed.turned)
    )
    return 0 if edits > most else SAME - SAME * edits // letters
