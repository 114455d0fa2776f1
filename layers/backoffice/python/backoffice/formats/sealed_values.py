"""Seal personal text under its subject's key, and open it.

AES-256 in SIV mode (RFC 5297), by the key that the subject's gives for it (HKDF, RFC 5869): the
same text of the same subject and column is the same ciphertext, so that what is equal stays equal.
Subject and column are authenticated: moved to another it does not open.
"""

import base64
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from backoffice.kernel.client_keys import ClientKey, ClientKeys, ErasedSubjectError
from backoffice.kernel.errors import BackofficeError
from backoffice.kernel.sealed_text import MARK

_PURPOSE: Final = b"backoffice sealed text 1"
_SIV_KEY_BYTES: Final = 64


@dataclass(frozen=True, slots=True)
class Parts:
    """What a sealed text says."""

    column: str
    subject: str
    key_id: str
    ciphertext: bytes


class ChangedTextError(BackofficeError):
    """A sealed text is not what was sealed."""


class SealedTexts:
    """Seals and opens texts one by one, by keys that were fetched together.

    Keys are kept as long as this: an invocation, not a worker's life.

    Parameters
    ----------
    keys
        Whose keys there are.
    """

    def __init__(self, keys: ClientKeys) -> None:
        self._keys = keys
        self._known: dict[str, ClientKey | None] = {}
        self._ciphers: dict[str, AESSIV] = {}

    def know(self, subjects: Iterable[str]) -> None:
        """Fetch the keys there are of some subjects."""
        asked = self._unknown(subjects)
        found: Mapping[str, ClientKey] = self._keys.find_many(asked) if asked else {}
        self._known |= {subject: found.get(subject) for subject in asked}

    def make(self, subjects: Iterable[str]) -> None:
        """Fetch the keys of some subjects, those made that there are none of.

        Of whom was erased none is made.
        """
        asked = {one for one in subjects if self._known.get(one) is None}
        if asked:
            found = self._keys.find_or_make_many(asked)
            self._known |= {subject: found.get(subject) for subject in asked}

    def erased(self, subjects: Iterable[str]) -> AbstractSet[str]:
        """Return those of some subjects that were erased."""
        return self._keys.erased(set(subjects))

    def key_of(self, subject: str) -> ClientKey:
        """Return a key that was asked for.

        Raises
        ------
        ErasedSubjectError
            There is none: the subject was erased.
        """
        key = self._known[subject]
        if key is None:
            raise ErasedSubjectError(f"{subject} was erased: it has no key any more")
        return key

    def seal(self, column: str, subject: str, text: str) -> str | None:
        """Seal a text; None when its subject has no key."""
        key = self._known.get(subject)
        if key is None:
            return None
        bound = [column.encode(), subject.encode()]
        sealed = self._cipher(subject, key).encrypt(text.encode(), bound)
        return f"{MARK}{column}.{subject}.{key.key_id}.{_encoded(sealed)}"

    def open(self, text: str) -> str | None:
        """Open a text; None when its key is destroyed.

        Raises
        ------
        ChangedTextError
            It is not what was sealed.
        """
        said = parts_of(text)
        key = self._known.get(said.subject)
        if key is None or key.key_id != said.key_id:
            return None
        bound = [said.column.encode(), said.subject.encode()]
        try:
            return self._cipher(said.subject, key).decrypt(said.ciphertext, bound).decode()
        except InvalidTag:
            raise ChangedTextError(f"a sealed text of {said.subject} was changed") from None

    def opened(self, text: str | None) -> str | None:
        """Open a text that is sealed; plain text and None stay."""
        return self.open(text) if text is not None and text.startswith(MARK) else text

    def _unknown(self, subjects: Iterable[str]) -> set[str]:
        return {subject for subject in subjects if subject not in self._known}

    def _cipher(self, subject: str, key: ClientKey) -> AESSIV:
        if subject not in self._ciphers:
            self._ciphers[subject] = siv_of(key, _PURPOSE)
        return self._ciphers[subject]


def siv_of(key: ClientKey, purpose: bytes) -> AESSIV:
    """Return the cipher for one purpose: no key is used for two."""
    return AESSIV(HKDFExpand(SHA256(), _SIV_KEY_BYTES, purpose).derive(key.secret))


def parts_of(text: str) -> Parts:
    """Take a sealed text apart.

    Raises
    ------
    ChangedTextError
        It has another form.
    """
    try:
        column, rest = text.removeprefix(MARK).split(".", 1)
        subject, key_id, encoded = rest.rsplit(".", 2)
        ciphertext = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
    except ValueError:
        raise ChangedTextError("a sealed text was changed") from None
    return Parts(column, subject, key_id, ciphertext)


def subjects_of(texts: Iterable[str | None]) -> set[str]:
    """Return whose the sealed ones of some texts are."""
    return {parts_of(text).subject for text in set(texts) if text and text.startswith(MARK)}


def _encoded(ciphertext: bytes) -> str:
    return base64.urlsafe_b64encode(ciphertext).rstrip(b"=").decode()
