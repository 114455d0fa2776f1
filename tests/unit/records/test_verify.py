"""What is wrong in the record store is named."""

import hashlib
from dataclasses import replace
from datetime import date

from backoffice.records.merkle import Leaf, Seal, seal
from backoffice.records.verify import Finding, verify

MONDAY, TUESDAY, WEDNESDAY = date(2026, 1, 5), date(2026, 1, 6), date(2026, 1, 7)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


STORED = {f"r/{name}": digest(name) for name in "abcdef"}
FIRST = seal(MONDAY, list(STORED.items())[:2], None)
SECOND = seal(TUESDAY, list(STORED.items())[2:4], FIRST)
THIRD = seal(WEDNESDAY, list(STORED.items())[4:], SECOND)
SEALS = [FIRST, SECOND, THIRD]


def faults(seals: list[Seal], stored: dict[str, str]) -> list[tuple[str, str]]:
    return [(finding.fault, finding.subject) for finding in verify(seals, stored.items())]


def test_nothing_is_wrong_with_what_is_as_it_was_sealed() -> None:
    assert verify(reversed(SEALS), STORED.items()) == []
    assert verify([], []) == []


def test_a_changed_object_is_named() -> None:
    assert verify(SEALS, {**STORED, "r/c": digest("x")}.items()) == [
        Finding("WRONG_HASH", "r/c", "r/c is not what was sealed on 2026-01-06")
    ]


def test_a_missing_object_is_named() -> None:
    stored = {key: sha256 for key, sha256 in STORED.items() if key != "r/c"}
    assert faults(SEALS, stored) == [("MISSING", "r/c")]


def test_an_object_in_no_seal_is_an_orphan_unless_it_awaits_the_next() -> None:
    stored = {**STORED, "r/new": digest("new")}
    assert faults(SEALS, stored) == [("ORPHANED", "r/new")]
    assert verify(SEALS, stored.items(), unsealed={"r/new"}) == []


def test_one_day_is_looked_at_alone() -> None:
    of_the_day = [(key, STORED[key]) for key in ("r/c", "r/d")]
    assert verify(SEALS, of_the_day, only=TUESDAY) == []
    assert [found.fault for found in verify(SEALS, of_the_day[:1], only=TUESDAY)] == ["MISSING"]


def test_a_seal_taken_out_breaks_the_chain_after_it() -> None:
    stored = {key: STORED[key] for key in ("r/a", "r/b", "r/e", "r/f")}
    assert faults([FIRST, THIRD], stored) == [("BROKEN_CHAIN", "seal of 2026-01-07")]


def test_a_record_smuggled_into_a_seal_shows_in_its_root() -> None:
    forged = replace(SECOND, leaves=(*SECOND.leaves, Leaf("r/x", digest("x"))))
    stored = {**STORED, "r/x": digest("x")}
    assert faults([FIRST, forged, THIRD], stored) == [("WRONG_ROOT", "seal of 2026-01-06")]


def test_a_seal_made_anew_breaks_the_chain_to_the_next() -> None:
    remade = seal(TUESDAY, [*SECOND.leaves, Leaf("r/x", digest("x"))], FIRST)
    stored = {**STORED, "r/x": digest("x")}
    assert faults([FIRST, remade, THIRD], stored) == [("BROKEN_CHAIN", "seal of 2026-01-07")]


def test_a_root_put_into_a_seal_shows_in_its_chain() -> None:
    forged = replace(SECOND, root=digest("other"))
    assert faults([FIRST, forged, THIRD], STORED) == [
        ("BROKEN_CHAIN", "seal of 2026-01-06"),
        ("WRONG_ROOT", "seal of 2026-01-06"),
    ]


def test_a_record_sealed_on_two_days_is_named() -> None:
    again = seal(WEDNESDAY, [*THIRD.leaves, *FIRST.leaves[:1]], SECOND)
    assert faults([FIRST, SECOND, again], STORED) == [("SEALED_TWICE", "r/a")]
