"""Recompute every hash and proof of the record store, and name what is wrong."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from backoffice.records.merkle import GENESIS, Seal, chain, merkle_root

Fault = Literal[
    "WRONG_HASH",
    "MISSING",
    "ORPHANED",
    "SEALED_TWICE",
    "WRONG_ROOT",
    "BROKEN_CHAIN",
    "UNSIGNED",
    "WRONG_SIGNATURE",
    "SECOND_VERSION",
    "HIDDEN",
    "SHORT_LOCK",
]


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that is wrong: what, with which object (or seal, by its day), and a sentence."""

    fault: Fault
    subject: str
    message: str


def verify(
    seals: Iterable[Seal],
    stored: Iterable[tuple[str, str]],
    *,
    only: date | None = None,
    unsealed: Collection[str] = (),
) -> list[Finding]:
    """Check the seals against each other and against the objects that are there.

    Parameters
    ----------
    seals
        Every seal from the first on, in any order.
    stored
        key and computed SHA-256 (hex) of every stored object but the seals themselves.
    only
        Look only at this day's records; `stored` then needs no others. The chain is checked whole.
    unsealed
        Keys that await the next seal: written since the last one, so no orphans.

    Returns
    -------
    list[Finding]
        Sorted; empty when all is as it was sealed.
    """
    in_order = sorted(seals, key=lambda sealed: sealed.day)
    found = dict(stored)
    looked_at = [sealed for sealed in in_order if only in (None, sealed.day)]
    return sorted(
        [
            *_chain_findings(in_order),
            *_content_findings(looked_at, found),
            *_twice_findings(in_order),
            *_orphan_findings(in_order, found, unsealed),
        ]
    )


def _chain_findings(seals: Sequence[Seal]) -> Iterable[Finding]:
    before = GENESIS
    for sealed in seals:
        name = f"seal of {sealed.day}"
        if merkle_root(sealed.leaves) != sealed.root:
            yield Finding("WRONG_ROOT", name, f"the {name} has another root than its records give")
        if sealed.previous_chain != before:
            yield Finding("BROKEN_CHAIN", name, f"the {name} does not follow the seal before it")
        if chain(sealed.previous_chain, sealed.day, sealed.root) != sealed.chain:
            yield Finding("BROKEN_CHAIN", name, f"the {name} has another chain than it gives")
        before = sealed.chain


def _content_findings(seals: Iterable[Seal], found: Mapping[str, str]) -> Iterable[Finding]:
    for sealed in seals:
        for key, sha256 in sealed.leaves:
            if key not in found:
                yield Finding("MISSING", key, f"{key}, sealed on {sealed.day}, is not there")
            elif found[key].lower() != sha256:
                yield Finding("WRONG_HASH", key, f"{key} is not what was sealed on {sealed.day}")


def _twice_findings(seals: Iterable[Seal]) -> Iterable[Finding]:
    sealed_on: dict[str, date] = {}
    for sealed in seals:
        for key, _ in sealed.leaves:
            if key in sealed_on:
                message = f"{key} is sealed on {sealed_on[key]} and again on {sealed.day}"
                yield Finding("SEALED_TWICE", key, message)
            sealed_on.setdefault(key, sealed.day)


def _orphan_findings(
    seals: Iterable[Seal], found: Mapping[str, str], unsealed: Collection[str]
) -> Iterable[Finding]:
    sealed = {key for one in seals for key, _ in one.leaves}
    for key in found:
        if key not in sealed and key not in unsealed:
            yield Finding("ORPHANED", key, f"{key} is in no seal")
