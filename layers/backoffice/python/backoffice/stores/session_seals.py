"""Seal what a browser keeps for the console: only this platform can read or make it.

AES-256 in GCM, under data keys that KMS makes and opens: no secret is stored anywhere. A worker
makes a data key an hour, and asks once for each that others made.
"""

import base64
import binascii
import os
import time
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

_CONTEXT: Final = {"console": "session"}
_NONCE_BYTES: Final = 12
_LENGTH_BYTES: Final = 2
_KEY_LASTS_S: Final = 3_600
_KEYS_KEPT: Final = 256


class SessionSeals:
    """Seals and opens short texts for one purpose each.

    Parameters
    ----------
    kms, key
        The client, and the firm's key.
    """

    def __init__(self, kms: "KMSClient", key: str) -> None:
        self._kms, self._key = kms, key
        self._made: tuple[float, bytes, bytes] | None = None
        self._unwrapped = lru_cache(_KEYS_KEPT)(self._unwrap)

    def seal(self, purpose: str, text: str) -> str:
        """Seal a text; what opens it must name the same purpose. URL-safe base 64, unpadded."""
        wrapped, key = self._data_key()
        nonce = os.urandom(_NONCE_BYTES)
        sealed = AESGCM(key).encrypt(nonce, text.encode(), purpose.encode())
        whole = len(wrapped).to_bytes(_LENGTH_BYTES) + wrapped + nonce + sealed
        return base64.urlsafe_b64encode(whole).decode().rstrip("=")

    def open(self, purpose: str, sealed: str) -> str | None:
        """Open a text; None for what was not sealed here for this purpose, or was changed."""
        try:
            whole = base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
        except (binascii.Error, ValueError):
            return None
        length = int.from_bytes(whole[:_LENGTH_BYTES])
        wrapped, rest = whole[_LENGTH_BYTES:][:length], whole[_LENGTH_BYTES + length :]
        try:
            key = self._unwrapped(wrapped)
            return (
                AESGCM(key)
                .decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], purpose.encode())
                .decode()
            )
        except (ClientError, InvalidTag, ValueError):
            return None

    def _data_key(self) -> tuple[bytes, bytes]:
        now = time.monotonic()
        if self._made is None or now - self._made[0] > _KEY_LASTS_S:
            made = self._kms.generate_data_key(
                KeyId=self._key, KeySpec="AES_256", EncryptionContext=_CONTEXT
            )
            self._made = (now, made["CiphertextBlob"], made["Plaintext"])
        return self._made[1], self._made[2]

    def _unwrap(self, wrapped: bytes) -> bytes:
        if self._made is not None and wrapped == self._made[1]:
            return self._made[2]
        opened = self._kms.decrypt(
            CiphertextBlob=wrapped, KeyId=self._key, EncryptionContext=_CONTEXT
        )
        return opened["Plaintext"]
