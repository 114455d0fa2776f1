"""Clients' data keys, as who encrypts and opens what is personal knows them."""

from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from backoffice.kernel.errors import BackofficeError


class ErasedSubjectError(BackofficeError):
    """A subject was erased: nobody makes it a key again."""


@dataclass(frozen=True, slots=True)
class ClientKey:
    """A client's data key.

    Attributes
    ----------
    key_id
        Which may be told.
    secret
        32 bytes, which may not; for every purpose another key is derived from them.
    made_at
        When; None of a key that was made just now.
    """

    key_id: str
    secret: bytes
    made_at: datetime | None = field(default=None, compare=False)

    def __repr__(self) -> str:
        """Name it without its bytes."""
        return f"ClientKey({self.key_id})"


def file_subject(sha256: str) -> str:
    """Return whose key a file's own is: longer than any id of an account or an owner."""
    return f"FILE-{sha256}"


class ClientKeys(Protocol):
    """The clients' data keys, each by its subject: an account_id, an owner's id, a file's own."""

    def find(self, subject: str) -> ClientKey | None:
        """Return a subject's key, or None when there is none or it was destroyed."""

    def find_or_make(self, subject: str) -> ClientKey:
        """Return a subject's key, made if there is none; of two who make it one wins for both.

        Raises
        ------
        ErasedSubjectError
            The subject was erased.
        """

    def find_many(self, subjects: Collection[str]) -> Mapping[str, ClientKey]:
        """Return the keys there are of many subjects."""

    def find_or_make_many(self, subjects: Collection[str]) -> Mapping[str, ClientKey]:
        """Return the keys of many subjects, those made that there are none of.

        Of whom was erased none is made and none returned.
        """

    def erased(self, subjects: Collection[str]) -> AbstractSet[str]:
        """Return those of some subjects that were erased."""
