"""Sealed text: equal where it was equal, another's nowhere, and gone with its key."""

import polars as pl
import pytest

from backoffice.formats.sealed_columns import SealedColumns
from backoffice.formats.sealed_values import ChangedTextError
from backoffice.kernel.sealed_text import ERASED, MARK
from tests.simulation.key_ring import KeysInMemory

WHO = pl.Series(["C-1", "C.2", "C-1", None, "C-3", "C-4"])
NAMES = pl.Series("name", ["Sólrún Þórðardóttir", "Sólrún Þórðardóttir", None, "House", "---", ""])


@pytest.fixture
def keys() -> KeysInMemory:
    return KeysInMemory()


def sealed(keys: KeysInMemory) -> pl.Series:
    return SealedColumns(keys).sealed("accounts:name", WHO, NAMES)


def test_what_is_sealed_shows_nothing_and_opens_as_it_was(keys: KeysInMemory) -> None:
    found = sealed(keys)
    assert found.name == "name"
    assert all(text.startswith(MARK) for text in found[:2])
    assert "rún" not in str(found.to_list())
    assert SealedColumns(keys).opened(found).to_list() == NAMES.to_list()
    assert found.to_list()[2:] == [None, "House", "---", ""]


def test_equal_texts_of_a_subject_are_equal_and_of_two_subjects_or_columns_are_not(
    keys: KeysInMemory,
) -> None:
    first = sealed(keys)
    assert first.to_list() == sealed(keys).to_list()
    assert first[0] != first[1]
    other = SealedColumns(keys).sealed("owners:owner_name", WHO, NAMES)
    assert other[0].rpartition(".")[2] != first[0].rpartition(".")[2]


def test_nobody_who_names_nobody_is_given_a_key(keys: KeysInMemory) -> None:
    sealed(keys)
    assert sorted(keys.keys) == ["C-1", "C.2"]


def test_with_its_key_a_text_is_gone_for_good(keys: KeysInMemory) -> None:
    found = sealed(keys)
    keys.destroy("C-1")
    opened = [None, NAMES[1], None, "House", "---", ""]
    assert SealedColumns(keys).opened(found).to_list() == opened
    assert SealedColumns(keys).shown(found).to_list() == [ERASED, *opened[1:]]
    assert sealed(keys).to_list() == [ERASED, *found[1:]]
    gone = SealedColumns(keys).erased(pl.Series(["C-1", None, "C.2"]))
    assert gone.to_list() == [True, False, False]


def test_beside_a_sealed_text_another_is_sealed_under_its_key_if_there_is_one(
    keys: KeysInMemory,
) -> None:
    found = sealed(keys)
    told = pl.Series("explanation", ["a", "b", "c", "d", None, "f"])
    beside = SealedColumns(keys).sealed_like(found, "hits:explanation", told)
    assert beside.to_list()[2:] == ["c", "d", None, "f"]
    assert SealedColumns(keys).opened(beside).to_list() == told.to_list()
    keys.destroy("C-1")
    assert SealedColumns(keys).sealed_like(found, "x", told)[0] == ERASED


def test_a_text_moved_to_another_or_changed_in_any_part_does_not_open(keys: KeysInMemory) -> None:
    text = sealed(keys)[0]
    other = sealed(keys)[1]
    parts, others = text.rsplit(".", 3), other.rsplit(".", 3)
    moved = ".".join([*others[:3], parts[3]])
    column = text.replace("accounts:name", "owners:owner_name")
    flipped = text[:-2] + ("A" if text[-2] != "A" else "B") + text[-1]
    for spoilt in (moved, column, flipped, MARK, "~1.a.b", "~1.a.b.c.d"):
        with pytest.raises(ChangedTextError):
            raise_or_open(keys, spoilt)


def raise_or_open(keys: KeysInMemory, text: str) -> None:
    """Open a text; one whose key is no other's is not opened either."""
    (opened,) = SealedColumns(keys).opened(pl.Series([text]))
    if opened is None:
        raise ChangedTextError("not opened")
