"""Clients' keys in memory: the same subject has the same key in every house, until destroyed."""

import hashlib
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Self

from backoffice.formats.opened_originals import opened_original
from backoffice.kernel.client_keys import ClientKey

_MADE: datetime = datetime(2020, 1, 1, tzinfo=UTC)


class KeysInMemory:
    """As `kernel.client_keys.ClientKeys`; a key that is made anew is another."""

    def __init__(self) -> None:
        self.keys: dict[str, ClientKey] = {}
        self.destroyed: dict[str, int] = {}

    def copy(self) -> Self:
        copied = type(self)()
        copied.keys, copied.destroyed = dict(self.keys), dict(self.destroyed)
        return copied

    def find(self, subject: str) -> ClientKey | None:
        return self.keys.get(subject)

    def find_or_make(self, subject: str) -> ClientKey:
        if subject not in self.keys:
            times = self.destroyed.get(subject, 0)
            secret = hashlib.sha256(f"{times} {subject}".encode()).digest()
            self.keys[subject] = ClientKey(hashlib.sha256(secret).hexdigest()[:16], secret, _MADE)
        return self.keys[subject]

    def find_many(self, subjects: Collection[str]) -> dict[str, ClientKey]:
        return {one: self.keys[one] for one in subjects if one in self.keys}

    def find_or_make_many(self, subjects: Collection[str]) -> dict[str, ClientKey]:
        return {one: self.find_or_make(one) for one in subjects}

    def destroy(self, subject: str) -> bool:
        if self.keys.pop(subject, None) is None:
            return False
        self.destroyed[subject] = self.destroyed.get(subject, 0) + 1
        return True


class EveryKey(KeysInMemory):
    """The key of whoever is asked for: what any house sealed opens."""

    def find_many(self, subjects: Collection[str]) -> dict[str, ClientKey]:
        return self.find_or_make_many(subjects)


def as_it_came(original: bytes, sha256: str) -> bytes:
    """Return a record original as the file came."""
    return opened_original(original, EveryKey(), sha256)
