"""Clients' data keys: made and opened by KMS, kept wrapped where they can be destroyed."""

import hashlib
from typing import TYPE_CHECKING, Final

from backoffice.clearance.client_keys import ClientKey
from backoffice.kernel.errors import BackofficeError
from backoffice.stores.buckets import WriteOnceBucket

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

_PREFIX: Final = "clients/"
_ID_DIGITS: Final = 16


class LostKeyError(BackofficeError):
    """KMS does not open a client's key: it is another client's, or not what KMS wrapped."""


class ClientKeyStore:
    """A bucket of keys that only KMS opens, each for its own client's id.

    Parameters
    ----------
    bucket
        Where a wrapped key stands until its only version is deleted.
    kms
        The client.
    key
        The firm's key, which wraps those of clients.
    """

    def __init__(self, bucket: WriteOnceBucket, kms: "KMSClient", key: str) -> None:
        self._bucket, self._kms, self._key = bucket, kms, key

    def find(self, account_id: str) -> ClientKey | None:
        """Return a client's key, or None when there is none or it was destroyed.

        Raises
        ------
        LostKeyError
            What stands there is no key of this client's.
        """
        found = self._bucket.find_dated(_place(account_id))
        if found is None:
            return None
        wrapped, made_at = found
        try:
            opened = self._kms.decrypt(
                CiphertextBlob=wrapped, EncryptionContext=_context(account_id)
            )
        except (
            self._kms.exceptions.InvalidCiphertextException,
            self._kms.exceptions.NotFoundException,
        ):
            raise LostKeyError(f"KMS does not open the key of {account_id}") from None
        return ClientKey(_name(wrapped), opened["Plaintext"], made_at)

    def find_or_make(self, account_id: str) -> ClientKey:
        """Return a client's key, made if there is none; of two who make it one wins for both.

        Raises
        ------
        LostKeyError
            What stands there is no key of this client's.
        """
        while (found := self.find(account_id)) is None:
            made = self._kms.generate_data_key(
                KeyId=self._key, KeySpec="AES_256", EncryptionContext=_context(account_id)
            )
            wrapped = made["CiphertextBlob"]
            if self._bucket.put_once(_place(account_id), wrapped):
                return ClientKey(_name(wrapped), made["Plaintext"])
        return found


def _place(account_id: str) -> str:
    """Where a client's wrapped key stands; an account may be called `..`, a folder may not."""
    return f"{_PREFIX}of-{account_id}"


def _context(account_id: str) -> dict[str, str]:
    return {"account": account_id}


def _name(wrapped: bytes) -> str:
    return hashlib.sha256(wrapped).hexdigest()[:_ID_DIGITS]
