"""A seal's signature: over what text, by which key, and where it stands.

A signature is random, so it stands beside its seal, and the seal of the day after names it: books
and seals are the same however often a day is run. It stands in the folder of the run that made it.
"""

import base64
import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Final, Protocol

from backoffice.kernel.errors import BadFileError
from backoffice.kernel.parts import Records
from backoffice.records.merkle import Seal

ALGORITHM: Final = "ECDSA_SHA_256"
SIGNATURES: Final = "signatures/"
_PURPOSE: Final = "Bakskrifstofa seal 1"
"""No other text that the key may ever sign begins so."""
_LINE: Final = 64
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of P-256's group, by SEC 2."""
_INTEGER: Final = 0x02
_INTEGERS: Final = 0x30


class Signer(Protocol):
    """A key that signs, and never leaves where it was made."""

    @property
    def key_id(self) -> str:
        """What the key is called where it is kept."""

    def public_key(self) -> bytes:
        """Return the public key: DER of its SubjectPublicKeyInfo."""

    def sign(self, text: bytes) -> bytes:
        """Sign by ECDSA over SHA-256; return r and s in DER."""

    def now(self) -> datetime:
        """Return the time that the signature is to carry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One seal, signed: what of it, by whom, when; `signature` is DER in base64."""

    day: str
    root: str
    previous_chain: str
    chain: str
    key_id: str
    algorithm: str
    public_key: str
    signed_at: str
    signature: str

    def to_json(self) -> str:
        """Write it as one JSON document; equal signatures give equal text."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: bytes) -> "Signature":
        """Read what `to_json` wrote, and nothing that is written otherwise.

        Raises
        ------
        BadFileError
            When the text is no signature.
        """
        try:
            found = cls(**json.loads(text))
            texts = all(isinstance(value, str) for value in asdict(found).values())
            if texts and found.to_json().encode() == text:
                return found
        except (TypeError, ValueError) as error:
            raise BadFileError(f"this is no signature: {error}") from error
        raise BadFileError("this is no signature: it is not written as they are")

    @property
    def text(self) -> bytes:
        """What was signed: its purpose and all of the document but the signature, a line each."""
        lines = (
            _PURPOSE,
            self.day,
            self.root,
            self.previous_chain,
            self.chain,
            self.key_id,
            self.algorithm,
            self.signed_at,
        )
        return "\n".join(lines).encode()

    def is_of(self, sealed: Seal) -> bool:
        """Whether it speaks of this seal."""
        said = (self.day, self.root, self.previous_chain, self.chain)
        return said == (str(sealed.day), sealed.root, sealed.previous_chain, sealed.chain)


def signature_key(run: date, day: date) -> str:
    """Where the signature of a day's seal stands that the run of `run` made."""
    return f"{SIGNATURES}{run}/{day}.json"


def signed_day(key: str) -> str | None:
    """Return the day whose seal an object signs; None of what is no signature."""
    return key.rsplit("/", 1)[-1].removesuffix(".json") if key.endswith(".json") else None


def announce_key(records: Records, signer: Signer, run: date) -> None:
    """Write the public key among what the run's seal names, unless an earlier run did."""
    key = to_pem(signer.public_key()).encode()
    name = f"{hashlib.sha256(key).hexdigest()}.pem"
    if not any(each.endswith(f"/{name}") for each in records.keys(SIGNATURES)):
        records.put_once(f"{SIGNATURES}{run}/{name}", key)


def sign_seal(records: Records, signer: Signer, sealed: Seal, run: date) -> None:
    """Sign a seal; of two who do one's signature stands."""
    unsigned = Signature(
        day=str(sealed.day),
        root=sealed.root,
        previous_chain=sealed.previous_chain,
        chain=sealed.chain,
        key_id=signer.key_id,
        algorithm=ALGORITHM,
        public_key=to_pem(signer.public_key()),
        signed_at=signer.now().astimezone(UTC).isoformat(timespec="seconds"),
        signature="",
    )
    made = base64.b64encode(lower(signer.sign(unsigned.text))).decode()
    signed = Signature(**{**asdict(unsigned), "signature": made})
    records.put_once(signature_key(run, sealed.day), signed.to_json().encode())


def lower(signature: bytes) -> bytes:
    """Write of the two signatures that a key makes of a text at once, r and s or n - s, the lower.

    Whoever has the one has the other, without the key: of two that hold one alone is taken.

    Parameters
    ----------
    signature
        DER of r and s, of P-256.
    """
    r, s = _integers(signature)
    return _der(_INTEGERS, _integer(r) + _integer(min(s, _ORDER - s)))


def is_lower(signature: bytes) -> bool:
    """Whether it is the lower one, of well-formed DER."""
    return _integers(signature)[1] <= _ORDER // 2


def _integers(signature: bytes) -> tuple[int, int]:
    # neither is longer than 33 bytes, so each length is one byte
    after_r = 4 + signature[3]
    r, s = signature[4:after_r], signature[after_r + 2 :]
    return int.from_bytes(r, "big"), int.from_bytes(s, "big")


def _integer(value: int) -> bytes:
    # one bit more than it has: the first says that it is not negative
    return _der(_INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _der(kind: int, body: bytes) -> bytes:
    return bytes([kind, len(body)]) + body


def written_beside(records: Records, run: date, previous: Seal | None) -> Iterator[str]:
    """Name what the run's seal has to name of signatures and keys: all that none names yet."""
    own = signature_key(run, run)
    yield from (key for key in records.keys(f"{SIGNATURES}{run}/") if key != own)
    if previous:
        named = {leaf.key for leaf in previous.leaves}
        found = records.keys(f"{SIGNATURES}{previous.day}/")
        yield from (key for key in found if key not in named)


def to_pem(key: bytes) -> str:
    """Write a public key's DER as PEM."""
    text = base64.b64encode(key).decode()
    lines = [text[at : at + _LINE] for at in range(0, len(text), _LINE)]
    return "\n".join(["-----BEGIN PUBLIC KEY-----", *lines, "-----END PUBLIC KEY-----", ""])
