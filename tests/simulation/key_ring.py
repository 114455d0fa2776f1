"""Clients' keys in memory: the same subject has the same key in every house, until destroyed."""

import hashlib
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Self

from backoffice.formats.opened_originals import opened_original
from backoffice.kernel.client_keys import ClientKey, ErasedSubjectError

_MADE: datetime = datetime(2020, 1, 1, tzinfo=UTC)


class KeysInMemory:
    """As `kernel.client_keys.ClientKeys`; who was erased gets no key again."""

    def __init__(self) -> None:
        self.keys: dict[str, ClientKey] = {}
        self.destroyed: set[str] = set()

    def copy(self) -> Self:
        copied = type(self)()
        copied.keys, copied.destroyed = dict(self.keys), set(self.destroyed)
        return copied

    def find(self, subject: str) -> ClientKey | None:
        return self.keys.get(subject)

    def find_or_make(self, subject: str) -> ClientKey:
        if subject in self.destroyed:
            raise ErasedSubjectError(subject)
        if subject not in self.keys:
            secret = hashlib.sha256(f"0 {subject}".encode()).digest()
            self.keys[subject] = ClientKey(hashlib.sha256(secret).hexdigest()[:16], secret, _MADE)
        return self.keys[subject]

    def find_many(self, subjects: Collection[str]) -> dict[str, ClientKey]:
        return {one: self.keys[one] for one in subjects if one in self.keys}

    def find_or_make_many(self, subjects: Collection[str]) -> dict[str, ClientKey]:
        return {one: self.find_or_make(one) for one in subjects if one not in self.destroyed}

    def erased(self, subjects: Collection[str]) -> set[str]:
        return self.destroyed & set(subjects)

    def destroy(self, subject: str) -> bool:
        self.destroyed.add(subject)
        return self.keys.pop(subject, None) is not None


class EveryKey(KeysInMemory):
    """The key of whoever is asked for: what any house sealed opens."""

    def find_many(self, subjects: Collection[str]) -> dict[str, ClientKey]:
        return self.find_or_make_many(subjects)


def as_it_came(original: bytes, sha256: str) -> bytes:
    """Return a record original as the file came."""
    return opened_original(original, EveryKey(), sha256)
