"""Roots, proofs and the chain of seals."""

import hashlib
from datetime import date

import pytest

from backoffice.kernel.errors import BadFileError
from backoffice.records.merkle import (
    GENESIS,
    ConflictingRecordError,
    Leaf,
    Seal,
    Step,
    chain,
    inclusion_proof,
    is_included,
    merkle_root,
    seal,
)

MONDAY, TUESDAY = date(2026, 1, 5), date(2026, 1, 6)
HASHES = [hashlib.sha256(name.encode()).hexdigest() for name in "abcdefg"]
LEAVES = [Leaf(f"records/{at}", sha256) for at, sha256 in enumerate(HASHES)]


def leaf(at: int) -> bytes:
    return hashlib.sha256(f"\0{HASHES[at]}\nrecords/{at}".encode()).digest()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def test_the_root_of_nothing_is_the_hash_of_nothing() -> None:
    assert merkle_root([]) == hashlib.sha256().hexdigest()


def test_the_root_of_one_record_is_its_leaf() -> None:
    assert merkle_root(LEAVES[:1]) == leaf(0).hex()


def test_a_tree_splits_at_the_largest_power_of_two_below_its_size() -> None:
    three = node(node(leaf(0), leaf(1)), leaf(2))
    assert merkle_root(LEAVES[:3]) == three.hex()
    four = node(node(leaf(0), leaf(1)), node(leaf(2), leaf(3)))
    assert merkle_root(LEAVES[:7]) == node(four, node(node(leaf(4), leaf(5)), leaf(6))).hex()


def test_a_node_cannot_pass_for_a_leaf() -> None:
    pair = Leaf(leaf(1).hex(), leaf(0).hex())
    assert merkle_root([pair]) != merkle_root(LEAVES[:2])


@pytest.mark.parametrize("size", range(1, 8))
def test_every_record_is_proven_to_be_in_the_tree(size: int) -> None:
    root = merkle_root(LEAVES[:size])
    for at in range(size):
        proof = inclusion_proof(LEAVES[:size], at)
        assert is_included(LEAVES[at], proof, root)
        assert not is_included(Leaf(LEAVES[at].key, HASHES[at - 1][::-1]), proof, root)


def test_a_proof_of_another_place_proves_nothing() -> None:
    root = merkle_root(LEAVES)
    proof = inclusion_proof(LEAVES, 2)
    assert not is_included(LEAVES[3], proof, root)
    turned = [Step(step.sibling, is_left=not step.is_left) for step in proof]
    assert not is_included(LEAVES[2], turned, root)


@pytest.mark.parametrize("at", [-1, 7])
def test_there_is_no_proof_of_a_record_that_is_not_there(at: int) -> None:
    with pytest.raises(IndexError, match=f"no leaf {at} among 7"):
        inclusion_proof(LEAVES, at)


def test_the_first_seal_follows_the_genesis() -> None:
    first = seal(MONDAY, LEAVES, None)
    assert first.previous_chain == GENESIS
    assert first.root == merkle_root(LEAVES)
    expected = f"\2{GENESIS}\n2026-01-05\n{first.root}".encode()
    assert first.chain == hashlib.sha256(expected).hexdigest()


def test_every_seal_follows_the_one_before() -> None:
    first = seal(MONDAY, LEAVES[:2], None)
    second = seal(TUESDAY, LEAVES[2:], first)
    assert second.previous_chain == first.chain
    assert second.chain == chain(first.chain, TUESDAY, second.root)
    assert second.chain != seal(TUESDAY, LEAVES[2:], None).chain


def test_neither_order_nor_repetition_of_the_records_matters() -> None:
    shouted = [(key, sha256.upper()) for key, sha256 in LEAVES]
    assert seal(MONDAY, [*reversed(LEAVES), *shouted], None) == seal(MONDAY, LEAVES, None)


def test_a_day_may_seal_nothing() -> None:
    assert seal(MONDAY, [], None).leaves == ()


def test_one_key_cannot_be_sealed_with_two_contents() -> None:
    with pytest.raises(ConflictingRecordError, match="records/0 is to be sealed with two contents"):
        seal(MONDAY, [LEAVES[0], ("records/0", HASHES[1])], None)


def test_a_seal_survives_the_way_through_json() -> None:
    sealed = seal(TUESDAY, [*LEAVES, ('þ"\n', HASHES[0])], seal(MONDAY, [], None))
    assert Seal.from_json(sealed.to_json()) == sealed
    assert Seal.from_json(sealed.to_json().encode()) == sealed


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"day": 7}', '{"day": "2026-13-01"}'])
def test_what_is_no_seal_is_refused(text: str) -> None:
    with pytest.raises(BadFileError, match="this is no seal"):
        Seal.from_json(text)
