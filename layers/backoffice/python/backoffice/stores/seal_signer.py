"""The firm's signing key in KMS, which never leaves it."""

from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient


class SealSigner:
    """A key of KMS as the port `records.signatures.Signer`.

    Parameters
    ----------
    kms
        The client.
    key_id
        The ARN of an ECC_NIST_P256 key for signing.
    """

    def __init__(self, kms: "KMSClient", key_id: str) -> None:
        self._kms, self.key_id = kms, key_id

    def public_key(self) -> bytes:
        """Return the public key: DER of its SubjectPublicKeyInfo."""
        return self._public_key

    @cached_property
    def _public_key(self) -> bytes:
        return self._kms.get_public_key(KeyId=self.key_id)["PublicKey"]

    def sign(self, text: bytes) -> bytes:
        """Sign by ECDSA over SHA-256; return r and s in DER."""
        answer = self._kms.sign(
            KeyId=self.key_id, Message=text, MessageType="RAW", SigningAlgorithm="ECDSA_SHA_256"
        )
        return answer["Signature"]

    def now(self) -> datetime:
        """Return the time that the signature is to carry."""
        return datetime.now(UTC)
