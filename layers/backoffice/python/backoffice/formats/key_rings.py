"""A ring of clients' keys as one document: each wrapped by the ring's key, for its subject alone.

AES-256 in Galois/counter mode (NIST SP 800-38D). Who has the ring's key opens any key on it; a key
that is no longer on the ring nobody opens.
"""

import base64
import hashlib
import json
import os
from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from backoffice.kernel.client_keys import ClientKey
from backoffice.kernel.errors import BackofficeError

RINGS: Final = 64
_SECRET_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_ID_DIGITS: Final = 16


class LostKeyError(BackofficeError):
    """A client's key does not open: it is another client's, or not what was wrapped."""


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A subject's key as it stands on its ring: nonce, ciphertext and tag."""

    wrapped: bytes
    made_at: datetime


@dataclass(frozen=True, slots=True)
class KeyRing:
    """A ring: its own key as KMS wrapped it, its subjects' keys, and who was erased from it.

    Who was erased never has a key on it again. A ring that was begun by an erasure has no key of
    its own yet: `wrapped` is empty.
    """

    wrapped: bytes
    subjects: Mapping[str, WrappedKey]
    erased: AbstractSet[str] = frozenset()

    @classmethod
    def empty(cls, wrapped: bytes) -> Self:
        """Return a ring without subjects."""
        return cls(wrapped, {})

    @classmethod
    def read(cls, body: bytes) -> Self:
        """Read what `written` wrote.

        Raises
        ------
        LostKeyError
            It is no ring.
        """
        try:
            said = json.loads(body)
            subjects = {name: _read(one) for name, one in said["subjects"].items()}
            erased = frozenset(map(str, said.get("erased", ())))
            return cls(base64.b64decode(said["key"]), subjects, erased)
        except (AttributeError, LookupError, TypeError, ValueError):
            raise LostKeyError("a ring of clients' keys does not open") from None

    def written(self) -> bytes:
        """Return the ring as JSON.

        `key`, of each of `subjects` `wrapped` and `made_at`, and the subjects that are `erased`,
        where there are any.
        """
        said = {
            subject: {
                "wrapped": base64.b64encode(one.wrapped).decode(),
                "made_at": one.made_at.isoformat(timespec="milliseconds"),
            }
            for subject, one in sorted(self.subjects.items())
        }
        key = base64.b64encode(self.wrapped).decode()
        gone = {"erased": sorted(self.erased)} if self.erased else {}
        return json.dumps({"key": key, "subjects": said, **gone}).encode()

    def lacking(self, subjects: Iterable[str]) -> list[str]:
        """Return the subjects without a key that were not erased, sorted."""
        return sorted(set(subjects) - self.subjects.keys() - self.erased)

    def opened(self, secret: bytes, subjects: Collection[str]) -> dict[str, ClientKey]:
        """Open the keys there are of some subjects.

        Raises
        ------
        LostKeyError
            One is not what was wrapped for its subject.
        """
        there = sorted(self.subjects.keys() & set(subjects))
        cipher = AESGCM(secret)
        return {subject: _opened(cipher, subject, self.subjects[subject]) for subject in there}

    def with_keys(self, secret: bytes, subjects: Collection[str], now: datetime) -> Self:
        """Return the ring with a new key for each of some subjects."""
        cipher = AESGCM(secret)
        made = {subject: _made(cipher, subject, now) for subject in subjects}
        return replace(self, subjects={**self.subjects, **made})

    def without(self, subject: str) -> Self:
        """Return the ring without a subject's key, and the subject erased for good."""
        left = {name: key for name, key in self.subjects.items() if name != subject}
        return replace(self, subjects=left, erased={*self.erased, subject})


def ring_of(subject: str) -> int:
    """Return which ring a subject's key is on."""
    return int.from_bytes(hashlib.sha256(subject.encode()).digest()[:4], "big") % RINGS


def _read(one: Mapping[str, str]) -> WrappedKey:
    return WrappedKey(base64.b64decode(one["wrapped"]), datetime.fromisoformat(one["made_at"]))


def _made(cipher: AESGCM, subject: str, now: datetime) -> WrappedKey:
    nonce = os.urandom(_NONCE_BYTES)
    wrapped = nonce + cipher.encrypt(nonce, os.urandom(_SECRET_BYTES), subject.encode())
    return WrappedKey(wrapped, now)


def _opened(cipher: AESGCM, subject: str, found: WrappedKey) -> ClientKey:
    nonce, sealed = found.wrapped[:_NONCE_BYTES], found.wrapped[_NONCE_BYTES:]
    try:
        secret = cipher.decrypt(nonce, sealed, subject.encode())
    except (InvalidTag, ValueError):
        raise LostKeyError(f"the key of {subject} does not open") from None
    name = hashlib.sha256(found.wrapped).hexdigest()[:_ID_DIGITS]
    return ClientKey(name, secret, found.made_at)
