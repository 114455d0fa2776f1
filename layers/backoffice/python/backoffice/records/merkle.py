"""A day's records under one hash, and every day's hash chained to the day before.

The tree is RFC 6962's: a leaf hashes with 0x00 before it, a node with 0x01, so that neither passes
for the other; links of the chain take 0x02. Hashes are SHA-256, in text lower-case hex.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final, NamedTuple

from backoffice.kernel.errors import BackofficeError, BadFileError

GENESIS: Final = "00" * 32
"""What the first seal's chain starts from."""
_LEAF: Final = b"\x00"
_NODE: Final = b"\x01"
_LINK: Final = b"\x02"


class ConflictingRecordError(BackofficeError):
    """One key is to be sealed with two different contents."""


class Leaf(NamedTuple):
    """A record: its key in the store and the SHA-256 of its bytes (hex)."""

    key: str
    sha256: str


class Step(NamedTuple):
    """One step of a proof from a leaf to the root: the sibling's hash, and on which side it is."""

    sibling: str
    is_left: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """What was written up to the close of `day` and in no earlier seal.

    `chain` hashes `previous_chain`, `day` and `root`; `leaves` are sorted by key.
    """

    day: date
    root: str
    previous_chain: str
    chain: str
    leaves: tuple[Leaf, ...]

    def to_json(self) -> str:
        """Write the seal as one JSON document; equal seals give equal text."""
        document = {
            "day": self.day.isoformat(),
            "root": self.root,
            "previous_chain": self.previous_chain,
            "chain": self.chain,
            "leaves": [list(leaf) for leaf in self.leaves],
        }
        return json.dumps(document, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str | bytes) -> "Seal":
        """Read what `to_json` wrote.

        Raises
        ------
        BadFileError
            When the text is no seal.
        """
        try:
            document: dict[str, Any] = json.loads(text)
            return cls(
                day=date.fromisoformat(document["day"]),
                root=document["root"],
                previous_chain=document["previous_chain"],
                chain=document["chain"],
                leaves=tuple(Leaf(key, sha256) for key, sha256 in document["leaves"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise BadFileError(f"this is no seal: {error}") from error


def seal(day: date, records: Iterable[tuple[str, str]], previous: Seal | None) -> Seal:
    """Seal records (key, sha256 in hex) under one root, chained to the seal before.

    The order of the records does not matter; a record named twice counts once. A day may seal
    nothing.

    Raises
    ------
    ConflictingRecordError
        When one key comes with two hashes.
    """
    leaves = tuple(sorted({Leaf(key, sha256.lower()) for key, sha256 in records}))
    for one, other in pairwise(leaves):
        if one.key == other.key:
            raise ConflictingRecordError(f"{one.key} is to be sealed with two contents")
    root = merkle_root(leaves)
    before = previous.chain if previous else GENESIS
    return Seal(
        day=day, root=root, previous_chain=before, chain=chain(before, day, root), leaves=leaves
    )


def chain(previous_chain: str, day: date, root: str) -> str:
    """Link a day's root to everything sealed before it: three lines of text, hashed."""
    link = f"{previous_chain}\n{day.isoformat()}\n{root}"
    return hashlib.sha256(_LINK + link.encode()).hexdigest()


def leaf_hash(leaf: Leaf) -> bytes:
    """Hash a leaf: its content's hash in hex, a line feed, its key in UTF-8."""
    return hashlib.sha256(_LEAF + f"{leaf.sha256}\n{leaf.key}".encode()).digest()


def merkle_root(leaves: Sequence[Leaf]) -> str:
    """Return the tree's root; that of no leaves is the hash of nothing."""
    level = [leaf_hash(leaf) for leaf in leaves]
    if not level:
        return hashlib.sha256(b"").hexdigest()
    while len(level) > 1:
        level = _level_above(level)
    return level[0].hex()


def inclusion_proof(leaves: Sequence[Leaf], index: int) -> tuple[Step, ...]:
    """Prove that the leaf at `index` is in the tree: the siblings from it up to the root.

    Raises
    ------
    IndexError
        When there is no such leaf.
    """
    if not 0 <= index < len(leaves):
        raise IndexError(f"no leaf {index} among {len(leaves)}")
    return inclusion_proofs(leaves)[index]


def inclusion_proofs(leaves: Sequence[Leaf]) -> list[tuple[Step, ...]]:
    """Prove of every leaf that it is in the tree, in the leaves' order; the tree is built once."""
    levels = [[leaf_hash(leaf) for leaf in leaves]]
    while len(levels[-1]) > 1:
        levels.append(_level_above(levels[-1]))
    return [tuple(_steps(levels, index)) for index in range(len(leaves))]


def _steps(levels: Sequence[Sequence[bytes]], index: int) -> Iterable[Step]:
    for level in levels[:-1]:
        sibling = index ^ 1
        # the last of an odd level goes up alone
        if sibling < len(level):
            yield Step(level[sibling].hex(), is_left=sibling < index)
        index //= 2


def is_included(leaf: Leaf, proof: Iterable[Step], root: str) -> bool:
    """Whether the proof leads from the leaf to the root."""
    found = leaf_hash(leaf)
    for step in proof:
        sibling = bytes.fromhex(step.sibling)
        found = _node_hash(sibling, found) if step.is_left else _node_hash(found, sibling)
    return found.hex() == root


def _level_above(level: list[bytes]) -> list[bytes]:
    pairs = [_node_hash(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
    return pairs + level[len(pairs) * 2 :]


def _node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(_NODE + left + right).digest()
