"""Verify records of a broker's books: python verify_records.py PROOF.json | FOLDER [options].

Needs Python 3.10 and the package `cryptography`, and nothing else: no network, no other file.

A proof says of each record: its bytes have this SHA-256; that hash is a leaf of a tree (RFC 6962)
whose root was sealed on a day; every seal is hashed together with the one before; seals are signed.
Whoever knows the firm's public key (--key FILE.pem) or the chain of any day at or after the
record's (--anchor DAY:CHAIN) needs to trust nobody: one changed byte is found.
"""

import argparse
import base64
import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import load_pem_public_key

Document = dict[str, Any]
Anchors = Sequence[tuple[str, str]]
FORMAT, PURPOSE = "Bakskrifstofa proof 1", "Bakskrifstofa seal 1"
PARTS = {"format", "asked", "items", "seals", "signatures", "digest"}
ITEM = {"key", "record_id", "why", "row", "sha256", "day", "steps", "file", "content"}
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256
SEAL = ("day", "root", "previous_chain", "chain")
SIGNED = (*SEAL, "key_id", "algorithm", "public_key", "signed_at", "signature")


class RefusedError(Exception):
    """What was handed in does not hold; the sentence says what."""


def demand(holds: object, sentence: str) -> None:
    """Refuse unless something holds."""
    if not holds:
        raise RefusedError(sentence)


def written(document: object) -> bytes:
    """Write a document as proofs are written."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def read_proof(body: bytes) -> Document:
    """Read a proof that is written as proofs are, to the byte."""
    try:
        proof = json.loads(body)
    except ValueError as error:
        raise RefusedError(f"this is no proof: {error}") from error
    demand(isinstance(proof, dict) and set(proof) == PARTS, "this is no proof")
    demand(proof["format"] == FORMAT, "this is a proof of another format")
    demand(written(proof) == body, "the proof is not written as proofs are")
    rest = written({name: value for name, value in proof.items() if name != "digest"})
    demand(hashlib.sha256(rest).hexdigest() == proof["digest"], "the proof was changed")
    return dict(proof)


def check_chain(seals: list[Document]) -> dict[str, Document]:
    """Check that each seal follows the one before; return them by day."""
    demand(seals, "the proof has no seal")
    before: Document | None = None
    for seal in seals:
        demand(set(seal) == set(SEAL), "a seal says something else than seals do")
        demand(before is None or seal["day"] > before["day"], "the seals are not in order")
        link = f"{seal['previous_chain']}\n{seal['day']}\n{seal['root']}"
        gives = hashlib.sha256(b"\x02" + link.encode()).hexdigest()
        demand(gives == seal["chain"], f"the seal of {seal['day']} has another chain than it gives")
        is_next = before is None or seal["previous_chain"] == before["chain"]
        demand(is_next, f"the seal of {seal['day']} does not follow the seal before it")
        before = seal
    return {seal["day"]: seal for seal in seals}


def check_signature(one: Document, newest: str) -> None:
    """Check a signature by the key it names; of s and n - s the newest has the lower."""
    text = "\n".join([PURPOSE, *(one[name] for name in SIGNED if name != "public_key")][:-1])
    try:
        key = load_pem_public_key(one["public_key"].encode())
        made = base64.b64decode(one["signature"], validate=True)
        demand(base64.b64encode(made).decode() == one["signature"], "a signature is misspelt")
        demand(key.curve.name == "secp256r1", "a signature is of another kind")  # type: ignore[union-attr]
        check = ec.ECDSA(hashes.SHA256())
        key.verify(made, text.encode(), check)  # type: ignore[union-attr, call-arg, arg-type]
        is_lower = decode_dss_signature(made)[1] <= ORDER // 2
        demand(is_lower or one["day"] != newest, "the newest signature is not the lower of two")
    except (InvalidSignature, ValueError, TypeError, AttributeError) as error:
        raise RefusedError(f"the signature of the seal of {one['day']} does not hold") from error


def check_signatures(
    signatures: list[Document], seals: dict[str, Document], newest: str, trusted: str | None
) -> set[str]:
    """Check every signature, and that the newest seal has one; return the public keys."""
    for one in signatures:
        demand(set(one) == set(SIGNED), "a signature says something else than signatures do")
        seal = {name: one[name] for name in SEAL}
        demand(seals.get(one["day"]) == seal, f"a signature of {one['day']} signs another seal")
        check_signature(one, newest)
    keys = {one["public_key"] for one in signatures if one["day"] == newest}
    demand(keys, f"the newest seal, of {newest}, is not signed")
    demand(trusted is None or keys == {trusted}, "the newest seal is signed by another key")
    return keys


def check_item(item: Document, seals: dict[str, Document], folder: Path) -> str:
    """Check a record's bytes against its leaf, and the leaf against its day's root."""
    demand(set(item) == ITEM, "an item says something else than items do")
    key = item["key"]
    demand(item["record_id"] == hashlib.sha256(key.encode()).hexdigest()[:16], f"{key}: wrong id")
    demand(item["day"] in seals, f"{key}: the proof has no seal of {item['day']}")
    found = hashlib.sha256(b"\x00" + f"{item['sha256']}\n{key}".encode()).digest()
    for sibling, is_left in item["steps"]:
        other = bytes.fromhex(sibling)
        demand(other.hex() == sibling and isinstance(is_left, bool), f"{key}: no step of a proof")
        pair = other + found if is_left else found + other
        found = hashlib.sha256(b"\x01" + pair).digest()
    demand(found.hex() == seals[item["day"]]["root"], f"{key} is not in the seal of {item['day']}")
    body = content_of(item, folder)
    if body is None:
        return "its hash is proven, its bytes are not enclosed"
    demand(hashlib.sha256(body).hexdigest() == item["sha256"], f"{key} is not what was sealed")
    return f"{len(body)} bytes"


def content_of(item: Document, folder: Path) -> bytes | None:
    """Return a record's bytes: from the proof, from the file it names, or none."""
    if item["content"] is not None:
        body: bytes = base64.b64decode(item["content"], validate=True)
        demand(base64.b64encode(body).decode() == item["content"], f"{item['key']}: misspelt")
        return body
    if item["file"] is None:
        return None
    path: Path = (folder / item["file"]).resolve()
    inside = path.is_relative_to(folder.resolve())
    demand(inside and path.is_file(), f"{item['file']} is missing, or outside the folder")
    return path.read_bytes()


def verify(
    path: Path, trusted: str | None = None, anchors: Anchors = (), folder: Path | None = None
) -> tuple[list[str], set[str]]:
    """Verify one proof; return a line for each record, and the keys that signed."""
    proof = read_proof(path.read_bytes())
    try:
        demand(proof["items"], "there is nothing to prove")
        seals = check_chain(proof["seals"])
        newest = proof["seals"][-1]["day"]
        keys = check_signatures(proof["signatures"], seals, newest, trusted)
        for day, chain in anchors:
            demand(day in seals, f"the proof has no seal of {day}")
            demand(seals[day]["chain"] == chain, f"the chain of {day} is not the anchor's")
        checked = [(one, check_item(one, seals, folder or path.parent)) for one in proof["items"]]
        lines = [f"{one['key']}: sealed on {one['day']}, {found}" for one, found in checked]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RefusedError(f"this is no proof: {error!r}") from error
    return [*lines, f"chain unbroken to {newest}: {seals[newest]['chain']}"], keys


def verify_all(path: Path, trusted: str | None, anchors: Anchors) -> list[str]:
    """Verify a proof, or a package: all by one key, and no object that no proof had read."""
    folder = path if path.is_dir() else None
    paths = sorted(path.glob("proofs/*.json")) if folder else [path]
    demand(paths, "there is no proof")
    told = [verify(one, trusted, anchors, folder) for one in paths]
    keys = sorted({key for _, found in told for key in found})
    demand(len(keys) == 1, "the proofs are signed by different keys")
    items = [item for one in paths for item in json.loads(one.read_bytes())["items"]]
    read = {item["file"] for item in items if item["content"] is None}
    there = {p.relative_to(path).as_posix() for p in path.glob("objects/**/*") if p.is_file()}
    demand(there <= read, f"{min(there - read, default='')} is proven by nothing")
    by = f"signed by the key {hashlib.sha256(keys[0].encode()).hexdigest()}"
    return [*(line for lines, _ in told for line in lines), by]


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify what the command line names; return the exit code."""
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n\n", maxsplit=1)[0])
    parser.add_argument("path", type=Path, help="a proof, or the folder of an unpacked package")
    parser.add_argument("--key", type=Path, help="the firm's public key, in PEM")
    parser.add_argument("--anchor", action="append", default=[], help="DAY:CHAIN, known otherwise")
    given = parser.parse_args(arguments)
    anchors = [(day, chain) for day, _, chain in (text.partition(":") for text in given.anchor)]
    try:
        lines = verify_all(given.path, given.key.read_text() if given.key else None, anchors)
    except (RefusedError, OSError) as error:
        sys.stdout.write(f"REFUSED: {error}\n")
        return 1
    sys.stdout.write("".join(f"{line}\n" for line in [*lines, "PROVEN"]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
