"""Check that every seal is signed, by a key of the firm's, and that each signature holds."""

import base64
import binascii
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from backoffice.kernel.errors import BadFileError
from backoffice.kernel.parts import Records
from backoffice.records.merkle import Seal
from backoffice.records.signatures import (
    ALGORITHM,
    SIGNATURES,
    Signature,
    is_lower,
    signed_day,
)
from backoffice.records.verify import Finding


def signature_findings(
    records: Records,
    seals: Sequence[Seal],
    looked_at: Iterable[Seal],
    stored: Collection[str],
    firm_key: str | None = None,
) -> Iterator[Finding]:
    """Check the signatures of some of the seals.

    Parameters
    ----------
    seals
        Every seal: what they name tells the keys that were announced.
    looked_at
        Those whose signatures are checked.
    stored
        The keys of the objects that are there.
    firm_key
        The key the firm signs with now, in PEM, where that is known: the newest seal is signed by
        it.
    """
    known = {} if firm_key is None else {firm_key: "now"}
    known |= dict(_announced(records, seals, stored))
    of_day: dict[str | None, list[str]] = defaultdict(list)
    for key in stored:
        if key.startswith(SIGNATURES):
            of_day[signed_day(key)].append(key)
    newest = max((one.day for one in seals), default=None)
    for sealed in looked_at:
        name = f"seal of {sealed.day}"
        if not of_day[str(sealed.day)]:
            yield Finding("UNSIGNED", name, f"the {name} is not signed")
        is_newest = sealed.day == newest
        takes = {firm_key: "now"} if firm_key and is_newest else known
        for key in sorted(of_day[str(sealed.day)]):
            if why := _wrong(records.read_bytes(key), sealed, takes, is_newest=is_newest):
                yield Finding("WRONG_SIGNATURE", key, f"{key}: {why}")


def holds(signature: Signature) -> bool:
    """Whether it is a signature of its text by its own public key."""
    try:
        public_key = load_pem_public_key(signature.public_key.encode())
        made = base64.b64decode(signature.signature, validate=True)
        if not isinstance(public_key, ec.EllipticCurvePublicKey):
            return False
        if not isinstance(public_key.curve, ec.SECP256R1):
            return False
        public_key.verify(made, signature.text, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, binascii.Error):
        return False
    # base64 has several spellings of one ending
    return base64.b64encode(made).decode() == signature.signature


def _wrong(body: bytes, sealed: Seal, known: Mapping[str, str], *, is_newest: bool) -> str | None:
    try:
        found = Signature.from_json(body)
    except BadFileError as error:
        return str(error)
    if found.algorithm != ALGORITHM or not found.is_of(sealed):
        return f"it signs something else than the seal of {sealed.day}"
    if not holds(found):
        return f"it is no signature of the seal of {sealed.day}"
    # the seal of the day after names each other one by its hash
    if is_newest and not is_lower(base64.b64decode(found.signature)):
        return "it is not the lower of the two that hold"
    if found.public_key not in known:
        return f"the seal of {sealed.day} is signed by a key that is not the firm's"
    return None


def _announced(
    records: Records, seals: Iterable[Seal], stored: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Read the public keys that seals name."""
    for one in seals:
        for leaf in one.leaves:
            if leaf.key.startswith(SIGNATURES) and leaf.key.endswith(".pem") and leaf.key in stored:
                yield records.read_bytes(leaf.key).decode(errors="replace"), str(one.day)
