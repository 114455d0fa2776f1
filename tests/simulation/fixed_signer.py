"""A signing key that is always the same and signs always alike: runs can be compared whole."""

from datetime import UTC, datetime
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

FIRM: Final = 20_261_007
_SIGNED_AT: Final = datetime(2026, 10, 7, 23, 30, tzinfo=UTC)


class FixedSigner:
    """The key of a number, without chance: RFC 6979's ECDSA."""

    def __init__(self, secret: int = FIRM) -> None:
        self._key = ec.derive_private_key(secret, ec.SECP256R1())
        self.key_id = f"key-{secret}"

    def public_key(self) -> bytes:
        public = self._key.public_key()
        return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    def sign(self, text: bytes) -> bytes:
        return self._key.sign(text, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))

    def now(self) -> datetime:
        return _SIGNED_AT
