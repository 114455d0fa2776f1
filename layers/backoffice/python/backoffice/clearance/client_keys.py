"""Clients' data keys, as who encrypts and opens their documents knows them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ClientKey:
    """A client's data key.

    Attributes
    ----------
    key_id
        Which may be told.
    secret
        32 bytes, which may not.
    made_at
        When; None of a key that was made just now.
    """

    key_id: str
    secret: bytes
    made_at: datetime | None = field(default=None, compare=False)

    def __repr__(self) -> str:
        """Name it without its bytes."""
        return f"ClientKey({self.key_id})"


class ClientKeys(Protocol):
    """The clients' data keys."""

    def find(self, account_id: str) -> ClientKey | None:
        """Return a client's key, or None when there is none or it was destroyed."""

    def find_or_make(self, account_id: str) -> ClientKey:
        """Return a client's key, made if there is none; of two who make it one wins for both."""
