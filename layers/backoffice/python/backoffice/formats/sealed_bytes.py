"""Seal bytes under a subject's key: a document in an archive, a row of a file as it came.

AES-256 in SIV mode (RFC 5297), by the key that the subject's gives for it. Equal bytes in an equal
place are equal ciphertext: what is made again is the same object.
"""

from collections.abc import Mapping
from typing import Final

from cryptography.exceptions import InvalidTag

from backoffice.formats.sealed_values import siv_of
from backoffice.kernel.client_keys import ClientKey
from backoffice.kernel.errors import BackofficeError

_PURPOSE: Final = b"backoffice sealed bytes 1"


class UnreadableError(BackofficeError):
    """Sealed bytes that nobody can read: their key is destroyed, or they were changed."""


def sealed_bytes(key: ClientKey, place: str, body: bytes) -> bytes:
    """Seal bytes for their place alone: 16 characters that say which key, then the ciphertext."""
    # SIV takes nothing for no message at all
    ciphertext = siv_of(key, _PURPOSE).encrypt(b"\0" + body, [place.encode()])
    return key.key_id.encode() + ciphertext


def opened_bytes(keys: Mapping[str, ClientKey], subject: str, place: str, sealed: bytes) -> bytes:
    """Open what `sealed_bytes` sealed.

    Parameters
    ----------
    keys
        Those there are, by their subjects.

    Raises
    ------
    UnreadableError
        The key is destroyed, or the bytes are not what was sealed there.
    """
    key = keys.get(subject)
    key_id, ciphertext = sealed[:_KEY_ID_BYTES], sealed[_KEY_ID_BYTES:]
    if key is None or key.key_id.encode() != key_id:
        raise UnreadableError(f"the key of {subject} is destroyed: nobody can read {place}")
    try:
        return siv_of(key, _PURPOSE).decrypt(ciphertext, [place.encode()])[1:]
    except (InvalidTag, ValueError):
        raise UnreadableError(f"{place} is not what was sealed") from None


_KEY_ID_BYTES: Final = 16
