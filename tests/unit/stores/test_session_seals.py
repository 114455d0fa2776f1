"""What a browser keeps is sealed: it opens for its purpose alone, here and in another worker."""

from typing import TYPE_CHECKING, cast

import pytest

from backoffice.stores.session_seals import SessionSeals

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient


class _Kms:
    """Wraps data keys by turning them round; counts what it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def generate_data_key(self, **said: object) -> dict[str, bytes]:
        assert said["EncryptionContext"] == {"console": "session"}
        self.asked += 1
        key = bytes(range(32))
        return {"Plaintext": key, "CiphertextBlob": key[::-1]}

    def decrypt(self, **said: object) -> dict[str, bytes]:
        assert said["EncryptionContext"] == {"console": "session"}
        self.asked += 1
        return {"Plaintext": cast("bytes", said["CiphertextBlob"])[::-1]}


def _seals(kms: _Kms) -> SessionSeals:
    return SessionSeals(cast("KMSClient", kms), "key")


def test_a_text_opens_for_its_purpose_alone() -> None:
    seals = _seals(_Kms())
    sealed = seals.seal("session", "token")
    assert seals.open("session", sealed) == "token"
    assert seals.open("renewal", sealed) is None


@pytest.mark.parametrize("text", ["", "x", "AAAA", "ü", "!" * 40])
def test_what_was_not_sealed_here_opens_for_nothing(text: str) -> None:
    assert _seals(_Kms()).open("session", text) is None


def test_what_was_changed_does_not_open() -> None:
    seals = _seals(_Kms())
    sealed = seals.seal("session", "token")
    swapped = sealed[:-2] + ("A" if sealed[-2] != "A" else "B") + sealed[-1]
    assert seals.open("session", swapped) is None


def test_another_worker_opens_it_and_asks_for_its_key_once() -> None:
    sealed = _seals(_Kms()).seal("session", "token")
    kms = _Kms()
    other = _seals(kms)
    assert [other.open("session", sealed) for _ in range(3)] == ["token"] * 3
    assert kms.asked == 1
