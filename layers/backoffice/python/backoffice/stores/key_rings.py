"""Rings of clients' keys: KMS opens a ring, and a ring is rewritten to destroy a key on it."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, TypeVar

from backoffice.formats.key_rings import KeyRing, LostKeyError, ring_of
from backoffice.kernel.client_keys import ClientKey, ErasedSubjectError
from backoffice.stores.ring_bucket import RingBucket

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

_AT_ONCE: Final = 8

Told = TypeVar("Told")


class KeyRings:
    """Clients' keys on 64 rings, each an object that is replaced as a whole.

    A ring costs one call of KMS, however many keys of it are asked for or made.

    Parameters
    ----------
    bucket
        Where the rings stand.
    kms
        The client.
    key
        The firm's key, which wraps those of rings.
    now
        What a new key is dated by.
    """

    def __init__(
        self,
        bucket: RingBucket,
        kms: "KMSClient",
        key: str,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._bucket, self._kms, self._key, self._now = bucket, kms, key, now

    def find(self, subject: str) -> ClientKey | None:
        """Return a subject's key, or None when there is none or it was destroyed.

        Raises
        ------
        LostKeyError
            What stands there is no key of this subject's, or on no ring of ours.
        """
        return self._find_on(ring_of(subject), [subject]).get(subject)

    def find_or_make(self, subject: str) -> ClientKey:
        """Return a subject's key, made if there is none; of two who make it one wins for both.

        Raises
        ------
        ErasedSubjectError
            The subject was erased.
        """
        made = self._make_on(ring_of(subject), [subject])
        if subject not in made:
            raise ErasedSubjectError(f"{subject} was erased: it has no key any more")
        return made[subject]

    def find_many(self, subjects: Collection[str]) -> Mapping[str, ClientKey]:
        """Return the keys there are of many subjects."""
        return _on_each_ring(self._find_on, subjects)

    def find_or_make_many(self, subjects: Collection[str]) -> Mapping[str, ClientKey]:
        """Return the keys of many subjects, those made that there are none of.

        Of whom was erased none is made and none returned.
        """
        return _on_each_ring(self._make_on, subjects)

    def erased(self, subjects: Collection[str]) -> AbstractSet[str]:
        """Return those of some subjects that were erased; costs no call of KMS."""
        return _on_each_ring(self._erased_on, subjects).keys()

    def destroy(self, subject: str) -> bool:
        """Destroy a subject's key: take it off its ring, then delete every older version of that.

        The ring says from then on that the subject was erased, whether it had a key or not: it
        gets none again. May be run again, and must be when it did not end: until it has, an older
        version still holds the key.

        Returns
        -------
        bool
            Whether there was a key.
        """
        place, there = _place(ring_of(subject)), False
        while True:
            found = self._bucket.find_tagged(place)
            ring, tag = (KeyRing.empty(b""), None) if found is None else _read(*found)
            there = there or subject in ring.subjects
            left = ring.without(subject)
            if left == ring or self._bucket.replace(place, left.written(), tag):
                break
        self._bucket.delete_older(place)
        return there

    def _find_on(self, number: int, subjects: Collection[str]) -> dict[str, ClientKey]:
        found = self._bucket.find_tagged(_place(number))
        if found is None:
            return {}
        ring = KeyRing.read(found[0])
        if not ring.subjects.keys() & set(subjects):
            return {}
        return ring.opened(self._opened(number, ring.wrapped), subjects)

    def _make_on(self, number: int, subjects: Collection[str]) -> dict[str, ClientKey]:
        known: dict[bytes, bytes] = {}
        while True:
            found = self._bucket.find_tagged(_place(number))
            ring, tag = (KeyRing.empty(b""), None) if found is None else _read(*found)
            lacking = ring.lacking(subjects)
            if not lacking and not ring.subjects.keys() & set(subjects):
                return {}
            if not ring.wrapped:
                ring = replace(ring, wrapped=self._begun(number, known))
            if ring.wrapped not in known:
                known[ring.wrapped] = self._opened(number, ring.wrapped)
            secret = known[ring.wrapped]
            ring = ring.with_keys(secret, lacking, self._now()) if lacking else ring
            if not lacking or self._bucket.replace(_place(number), ring.written(), tag):
                return ring.opened(secret, subjects)

    def _erased_on(self, number: int, subjects: Collection[str]) -> dict[str, bool]:
        found = self._bucket.find_tagged(_place(number))
        gone = KeyRing.read(found[0]).erased if found else frozenset()
        return {subject: True for subject in subjects if subject in gone}

    def _begun(self, number: int, known: dict[bytes, bytes]) -> bytes:
        """Make the key of a ring that has none, wrapped; it is kept if it is begun once more."""
        if not known:
            made = self._kms.generate_data_key(
                KeyId=self._key, KeySpec="AES_256", EncryptionContext=_context(number)
            )
            known[made["CiphertextBlob"]] = made["Plaintext"]
        return next(iter(known))

    def _opened(self, number: int, wrapped: bytes) -> bytes:
        try:
            opened = self._kms.decrypt(CiphertextBlob=wrapped, EncryptionContext=_context(number))
        except (
            self._kms.exceptions.InvalidCiphertextException,
            self._kms.exceptions.NotFoundException,
        ):
            raise LostKeyError(f"KMS does not open the key of ring {number:02}") from None
        return opened["Plaintext"]


def _on_each_ring(
    on: Callable[[int, Collection[str]], dict[str, Told]], subjects: Iterable[str]
) -> dict[str, Told]:
    by_ring = defaultdict[int, list[str]](list)
    for subject in subjects:
        by_ring[ring_of(subject)].append(subject)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        found = pool.map(lambda one: on(*one), sorted(by_ring.items()))
        return {subject: told for each in found for subject, told in each.items()}


def _read(body: bytes, tag: str) -> tuple[KeyRing, str | None]:
    return KeyRing.read(body), tag


def _place(number: int) -> str:
    return f"clients/ring-{number:02}.json"


def _context(number: int) -> dict[str, str]:
    return {"ring": f"{number:02}"}
