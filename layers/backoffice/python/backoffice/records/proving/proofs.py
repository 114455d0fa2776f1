"""A proof as one document: records, where they stand in their seals, the chain, signatures.

The stand-alone verifier (`records.standalone`) reads it; the two know nothing of each other.
"""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final

from backoffice.kernel.errors import BackofficeError
from backoffice.kernel.parts import Records
from backoffice.records.disposal import disposed
from backoffice.records.listing import record_id
from backoffice.records.merkle import Leaf, Seal, Step, inclusion_proofs
from backoffice.records.seal_day import read_seal, seal_key
from backoffice.records.signatures import SIGNATURES, Signature, signed_day

FORMAT: Final = "Bakskrifstofa proof 1"
_HEADER: Final = re.compile(
    rb'\{"day":"([^"]+)","root":"([0-9a-f]{64})","previous_chain":"([0-9a-f]{64})",'
    rb'"chain":"([0-9a-f]{64})",'
)
_HEADER_BYTES: Final = 512


class NotProvableError(BackofficeError):
    """What was asked for is in no seal, or no signed seal stands after it."""


@dataclass(frozen=True)
class Item:
    """A record of a proof: its key, why it is there, its row, and whether its bytes go along.

    `file` is where its bytes lie beside the proof; None where they are within, or left out.
    """

    key: str
    why: str
    row: int | None = None
    file: str | None = None
    encloses: bool = True


class Archive:
    """The seals of a record store, read once each as they are needed."""

    def __init__(self, records: Records) -> None:
        self.records = records
        self._trees: dict[date, dict[str, tuple[Leaf, tuple[Step, ...]]]] = {}

    @cached_property
    def headers(self) -> list[dict[str, str]]:
        """Every seal without its leaves, by day: its first bytes say it."""
        keys = self.records.keys(seal_key_prefix())
        found = []
        for key, start in zip(keys, self.records.read_starts(keys, _HEADER_BYTES), strict=True):
            match = _HEADER.match(start)
            if match is None:
                raise NotProvableError(f"{key} is not written as seals are")
            names = ("day", "root", "previous_chain", "chain")
            found.append(dict(zip(names, map(bytes.decode, match.groups()), strict=True)))
        return found

    @cached_property
    def signatures(self) -> dict[str | None, str]:
        """Where the signature of each day stands."""
        return {signed_day(key): key for key in self.records.keys(SIGNATURES)}

    @cached_property
    def _disposed(self) -> set[str]:
        return {key for keys in disposed(self.records).values() for key in keys}

    def is_gone(self, key: str) -> bool:
        """Whether a record was disposed of: its hash can be proven, its bytes are no more."""
        return key in self._disposed and self.records.find_bytes(key) is None

    def leaves(self, day: date) -> dict[str, tuple[Leaf, tuple[Step, ...]]]:
        """Return a day's leaves by key, each with the steps to the root."""
        if day not in self._trees:
            # one day's at a time: seals of many days are more than memory holds
            self._trees = {day: dict(_proven(read_seal(self.records, day)))}
        return self._trees[day]


def seal_key_prefix() -> str:
    """Where seals stand."""
    return seal_key(date.min).removesuffix(f"{date.min}.json")


def prove(
    archive: Archive,
    asked: str,
    items: Iterable[tuple[Item, date]],
    body_of: Callable[[str], bytes],
) -> bytes:
    """Write a proof of items, each sealed on its day.

    Raises
    ------
    NotProvableError
        When one of them is not in the seal of its day, or there is none.
    """
    proven = [_item(archive, item, day, body_of) for item, day in items]
    if not proven:
        raise NotProvableError(f"there is nothing to prove of {asked}")
    first = min(one["day"] for one in proven)
    seals = [one for one in archive.headers if one["day"] >= first]
    days = sorted({*(one["day"] for one in proven), *(one["day"] for one in seals[-1:])})
    document = {
        "format": FORMAT,
        "asked": asked,
        "items": proven,
        "seals": seals,
        "signatures": list(_signatures(archive, days)),
    }
    digest = hashlib.sha256(written(document)).hexdigest()
    return written({**document, "digest": digest})


def written(document: object) -> bytes:
    """Write a document; equal ones give equal bytes."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def _item(
    archive: Archive, item: Item, day: date, body_of: Callable[[str], bytes]
) -> dict[str, Any]:
    found = archive.leaves(day).get(item.key)
    if found is None:
        raise NotProvableError(f"{item.key} is not in the seal of {day}")
    leaf, steps = found
    is_gone = archive.is_gone(item.key)
    encloses = item.encloses and item.file is None and not is_gone
    content = base64.b64encode(body_of(item.key)).decode() if encloses else None
    return {
        "key": item.key,
        "record_id": record_id(item.key),
        "why": item.why,
        "row": item.row,
        "sha256": leaf.sha256,
        "day": str(day),
        "steps": [list(step) for step in steps],
        "file": None if is_gone else item.file,
        "content": content,
    }


def _signatures(archive: Archive, days: Sequence[str]) -> Iterator[dict[str, str]]:
    for day in days:
        if day in archive.signatures:
            body = archive.records.read_bytes(archive.signatures[day])
            signature = Signature.from_json(body)
            yield json.loads(signature.to_json())
        elif day == days[-1]:
            raise NotProvableError(f"the seal of {day}, the newest, is not signed yet")


def _proven(sealed: Seal) -> Iterator[tuple[str, tuple[Leaf, tuple[Step, ...]]]]:
    proofs = inclusion_proofs(sealed.leaves)
    for leaf, steps in zip(sealed.leaves, proofs, strict=True):
        yield leaf.key, (leaf, steps)
