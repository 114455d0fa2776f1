"""A document opens under its own client's key, at its own place, unchanged, and not otherwise."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from backoffice.clearance.customer_documents import DocumentHeader, packed, unpacked
from backoffice.clearance.encrypted_documents import (
    ClientDocument,
    SealedFields,
    UnreadableDocumentError,
    decrypt,
    encrypt,
)
from backoffice.kernel.client_keys import ClientKey

NOW = datetime(2026, 10, 7, 12, 0, tzinfo=UTC)
KEY = ClientKey("0123456789abcdef", bytes(range(32)))
OTHER = ClientKey("fedcba9876543210", bytes(range(1, 33)))
PASSPORT = ClientDocument(
    account_id="C-1",
    kind="PASSPORT",
    media_type="application/pdf",
    expires=date(2031, 1, 1),
    fields=SealedFields(name="vegabréf.pdf", number="A1234567", country="IS"),
    content=b"%PDF-1.7\n" + bytes(range(256)),
)


def sealed(document: ClientDocument = PASSPORT) -> tuple[DocumentHeader, bytes]:
    return encrypt(document, KEY, "anna", NOW)


def why(body: bytes, account: str = "C-1", key: ClientKey | None = KEY, id_: str = "") -> str:
    with pytest.raises(UnreadableDocumentError) as refused:
        decrypt(body, account, id_ or sealed()[0].document_id, key)
    return refused.value.why


def with_header(body: bytes, **changed: object) -> bytes:
    line, _, ciphertext = body.partition(b"\n")
    said = {**json.loads(line), **changed}
    return packed(DocumentHeader.model_validate(said), ciphertext)


def test_what_is_sealed_opens_again_whole() -> None:
    header, body = sealed()
    assert decrypt(body, "C-1", header.document_id, KEY) == (header, PASSPORT)


def test_the_record_says_nothing_personal_in_the_clear() -> None:
    header, body = sealed()
    for secret in ("vegabréf", "A1234567", "%PDF", "IS", KEY.secret.hex()):
        assert secret.encode() not in body.partition(b"\n")[0]
        assert secret.encode() not in body or len(secret) < 4
    assert set(json.loads(body.partition(b"\n")[0])) == {
        *("account_id", "document_id", "kind", "media_type", "expires", "added_at", "added_by"),
        *("key_id", "nonce", "length", "sha256"),
    }
    assert unpacked(body)[0] == header


def test_every_changed_byte_is_found() -> None:
    _, body = sealed()
    for place in range(0, len(body), 7):
        spoilt = bytearray(body)
        spoilt[place] ^= 1
        assert why(bytes(spoilt)) == "CHANGED", place
    assert why(body[:-1]) == why(body + b"\0") == why(b"") == why(b"{}\n") == "CHANGED"


@pytest.mark.parametrize(
    "changed",
    [
        {"expires": None},
        {"expires": "2041-01-01"},
        {"kind": "OTHER"},
        {"media_type": "text/html"},
        {"added_by": "bella"},
        {"added_at": "2020-01-01T00:00:00.000+00:00"},
        {"nonce": "00" * 12},
        {"key_id": "f" * 16},
    ],
)
def test_a_changed_header_is_found_though_its_hash_holds(changed: dict[str, object]) -> None:
    assert why(with_header(sealed()[1], **changed)) == "CHANGED"


def test_it_opens_at_no_other_account_and_under_no_other_id() -> None:
    header, body = sealed()
    assert why(body, account="C-2") == "CHANGED"
    assert why(body, id_="0" * 32) == "CHANGED"
    moved = with_header(body, account_id="C-2")
    assert why(moved, account="C-2") == "CHANGED"
    renamed = with_header(body, document_id="0" * 32)
    assert why(renamed, id_="0" * 32) == "CHANGED"
    assert decrypt(body, "C-1", header.document_id, KEY)[1] == PASSPORT


def test_without_its_key_or_under_a_later_one_it_says_that_the_key_is_destroyed() -> None:
    _, body = sealed()
    later = replace(OTHER, made_at=NOW + timedelta(days=1))
    assert why(body, key=None) == why(body, key=later) == "DESTROYED"
    assert why(body, key=OTHER) == why(body, key=replace(OTHER, made_at=NOW)) == "CHANGED"
    assert why(body, key=ClientKey(KEY.key_id, OTHER.secret)) == "CHANGED"


def test_the_same_document_has_one_id_and_another_ciphertext_each_time() -> None:
    first, second = sealed(), sealed()
    assert first[0].document_id == second[0].document_id
    assert first[1] != second[1]
    assert encrypt(PASSPORT, OTHER, "anna", NOW)[0].document_id != first[0].document_id


def test_a_key_is_never_written_down_by_its_name() -> None:
    assert repr(KEY) == "ClientKey(0123456789abcdef)"
