"""A file as it came: sealed by whom it tells of, and byte for byte the same when opened."""

import random
from collections.abc import Iterator

import pytest

from backoffice.formats import sealed_originals
from backoffice.formats.opened_originals import opened_original
from backoffice.formats.sealed_originals import SealedOriginals
from backoffice.intake.originals import SEALED_MARK, is_whole
from backoffice.kernel.client_keys import file_subject
from backoffice.kernel.errors import BadFileError
from tests.simulation.key_ring import KeysInMemory

SHA = "ab" * 32
HEADER = ("account_id", "name", "kind")
ROWS = (
    b"C-1,Margrethe Vestfjord,CLIENT\r\n"
    b'C-2,"Bjarki ""Bear"" Stormsson,\nof two lines",CLIENT\n'
    b"\n"
    b"C-1,Margrethe Vestfjord,CLIENT\n"
    b"Short of Afield\n"
    b"Hallgerd Langbrok,C-3,CLIENT\n"
    b"C-4,Thorgeir Last"
)
FILES = {
    "plain": b"account_id,name,kind\n" + ROWS,
    "marked": b"\xef\xbb\xbf\n \naccount_id,name,kind\r\n" + ROWS,
    "bad": b"account_id,name,kind\n" + ROWS + b"\xff\xfe,x\n",
    "header alone": b"account_id,name,kind",
    "empty": b"",
}
TOKENS = (b"Margrethe", b"Vestfjord", b"Bjarki", b"Stormsson", b"Hallgerd", b"Afield", b"Thorgeir")


def chunks(body: bytes, size: int = 7) -> Iterator[bytes]:
    yield from (body[at : at + size] for at in range(0, len(body), size))


def rows(keys: KeysInMemory, body: bytes) -> bytes:
    return b"".join(SealedOriginals(keys).rows(chunks(body), SHA, HEADER, "account_id"))


def whole(keys: KeysInMemory, body: bytes) -> bytes:
    return b"".join(SealedOriginals(keys).whole(chunks(body), SHA))


def readable(body: bytes) -> bytes:
    """Leave what is not UTF-8 out, as a plan refuses it."""
    return body.decode("utf-8", "ignore").encode()


@pytest.mark.parametrize("name", FILES)
def test_a_sealed_file_shows_no_name_and_opens_byte_for_byte(name: str) -> None:
    keys, body = KeysInMemory(), FILES[name]
    for sealed, came in ((rows(keys, readable(body)), readable(body)), (whole(keys, body), body)):
        assert not [token for token in TOKENS if token in sealed]
        assert opened_original(sealed, keys, SHA) == came


def test_the_same_file_is_the_same_record_and_a_plain_one_comes_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keys = KeysInMemory()
    assert rows(keys, FILES["plain"]) == rows(keys, FILES["plain"])
    assert opened_original(b"isin\n", keys, SHA) == b"isin\n"
    monkeypatch.setattr(sealed_originals, "_AT_ONCE", 40)
    for body in FILES.values():
        assert opened_original(rows(keys, readable(body)), keys, SHA) == readable(body)
        assert opened_original(whole(keys, body), keys, SHA) == body


def test_a_row_is_gone_with_its_clients_key_and_what_names_nobody_with_the_files() -> None:
    keys = KeysInMemory()
    sealed = rows(keys, FILES["plain"])
    assert {*keys.keys} == {"C-1", "C-2", "C-4", file_subject(SHA)} - {"C-4"}
    keys.destroy("C-1")
    opened = opened_original(sealed, keys, SHA)
    assert b"Margrethe" not in opened
    assert opened.count(b"[erased]\n") == 2
    assert b"Stormsson" in opened
    assert b"Hallgerd" in opened
    again = rows(keys, FILES["plain"])
    assert is_whole(again)
    assert opened_original(again, keys, SHA) == opened
    keys.destroy(file_subject(SHA))
    assert b"Hallgerd" not in opened_original(sealed, keys, SHA)
    gone = whole(keys, FILES["plain"])
    assert is_whole(gone)
    assert opened_original(gone, keys, SHA) == b"[erased]\n"


def test_what_is_changed_in_any_byte_is_found_and_does_not_open() -> None:
    keys, rng = KeysInMemory(), random.Random(7)  # noqa: S311 - a test's choices
    sealed = rows(keys, FILES["plain"])
    assert is_whole(sealed)
    for _ in range(300):
        at = rng.randrange(len(sealed))
        changed = sealed[:at] + bytes([sealed[at] ^ (1 << rng.randrange(8))]) + sealed[at + 1 :]
        assert not is_whole(changed)
        # what has another beginning is no sealed original at all
        if changed.startswith(SEALED_MARK):
            with pytest.raises(BadFileError):
                opened_original(changed, keys, SHA)


def test_mutated_files_open_as_they_came() -> None:
    keys, rng = KeysInMemory(), random.Random(11)  # noqa: S311 - a test's choices
    odd = (",", "\n", "\r\n", '"', '""', " ", "C-1", "C-9", "Þór", "\ufeff")
    for _ in range(400):
        body = bytearray(b"account_id,name,kind\n" + ROWS)
        for _ in range(rng.randrange(1, 6)):
            at = rng.randrange(len(body) + 1)
            body[at : at + rng.randrange(3)] = rng.choice(odd).encode()
        came = readable(bytes(body))
        assert opened_original(rows(keys, came), keys, SHA) == came
        assert opened_original(whole(keys, bytes(body)), keys, SHA) == bytes(body)
