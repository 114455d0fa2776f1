"""Every closed day is signed, once, by a key that the records themselves announce."""

import base64
import json
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from hypothesis import given
from hypothesis import strategies as st

from backoffice.kernel.books import state_key
from backoffice.records.check_signatures import holds
from backoffice.records.merkle import Seal, seal
from backoffice.records.seal_day import read_seal, seal_day, seal_key
from backoffice.records.signatures import (
    Signature,
    is_lower,
    lower,
    sign_seal,
    signature_key,
    to_pem,
)
from backoffice.records.standalone.verify_records import ORDER
from backoffice.records.verify_store import verify_store
from backoffice.records.versions import Version
from tests.simulation.fixed_signer import FixedSigner
from tests.simulation.house import House
from tests.simulation.memory import Fuse, StoreFailedError
from tests.simulation.small_days import DAYS, FIRST, SECOND, THIRD, run

Faults = dict[str, set[str]]


@pytest.fixture(scope="module")
def good() -> House:
    return run(House(), *DAYS)


def _faults(house: House, firm_key: str | None = None) -> Faults:
    found: Faults = {}
    for one in verify_store(house.records, firm_key=firm_key)[1]:
        found.setdefault(one.subject, set()).add(one.fault)
    return found


def _signature(house: House, key: str) -> Signature:
    return Signature.from_json(house.records.objects[key])


def _closed_key(house: House, sealed: Seal) -> str:
    """Find the closed books that a seal names: its state is a copy of them."""
    state = house.records.objects[state_key(sealed.day, "closed")]
    keys = (leaf.key for leaf in sealed.leaves)
    return next(key for key in keys if house.records.objects[key] == state)


def test_each_day_is_signed_and_the_next_seal_names_the_signature(good: House) -> None:
    for day in DAYS:
        found = _signature(good, signature_key(day, day))
        assert holds(found)
        assert found.is_of(read_seal(good.records, day))
    for day, before in ((SECOND, FIRST), (THIRD, SECOND)):
        named = {leaf.key for leaf in read_seal(good.records, day).leaves}
        assert signature_key(before, before) in named
    assert verify_store(good.records, firm_key=to_pem(FixedSigner().public_key()))[1] == []


def test_a_signature_holds_for_its_own_text_alone(good: House) -> None:
    document = json.loads(_signature(good, signature_key(FIRST, FIRST)).to_json())
    for name in set(document) - {"signature", "public_key"}:
        assert not holds(Signature(**{**document, name: document[name] + "0"})), name
    other = to_pem(FixedSigner(7).public_key())
    assert not holds(Signature(**{**document, "public_key": other}))


def test_a_step_that_dies_at_any_write_leaves_one_signature_when_it_has_run_again() -> None:
    house = run(House(), FIRST, SECOND)
    sealed = read_seal(house.records, SECOND)
    closed, signed = _closed_key(house, sealed), signature_key(SECOND, SECOND)
    for key in (seal_key(SECOND), state_key(SECOND, "closed"), signed):
        del house.records.objects[key]
    died = set()
    for number in range(1, 9):
        for takes_effect in (False, True):
            again = house.copy(Fuse(number, takes_effect=takes_effect))
            try:
                seal_day(again.records, closed, FixedSigner())
            except StoreFailedError:
                died.add(number)
            seal_day(again.records, closed, FixedSigner())
            assert verify_store(again.records)[1] == []
            assert signed in again.records.objects
    assert died == {1, 2, 3}


def test_seals_from_before_there_were_signatures_are_signed_by_the_next_run() -> None:
    house = run(House(), FIRST)
    for key in house.records.keys("signatures/"):
        del house.records.objects[key]
    # the first seal named its key: one from before names none
    sealed = read_seal(house.records, FIRST)
    leaves = [leaf for leaf in sealed.leaves if not leaf.key.startswith("signatures/")]
    house.records.objects[seal_key(FIRST)] = seal(FIRST, leaves, None).to_json().encode()
    assert _faults(house) == {f"seal of {FIRST}": {"UNSIGNED"}}
    run(house, SECOND)
    assert signature_key(SECOND, FIRST) in house.records.objects
    named = {leaf.key for leaf in read_seal(house.records, SECOND).leaves}
    assert signature_key(SECOND, FIRST) in named
    assert verify_store(house.records)[1] == []


@pytest.mark.parametrize("secret", range(1, 9))
def test_of_the_two_signatures_that_hold_the_newest_has_to_be_the_lower(
    good: House, secret: int
) -> None:
    house, key, signer = good.copy(), signature_key(THIRD, THIRD), FixedSigner(secret)
    del house.records.objects[key]
    sign_seal(house.records, signer, read_seal(house.records, THIRD), THIRD)
    firm, made = to_pem(signer.public_key()), _signature(house, key)
    assert _faults(house, firm) == {}
    r, s = decode_dss_signature(base64.b64decode(made.signature))
    assert lower(encode_dss_signature(r, s)) == encode_dss_signature(r, s)
    other = encode_dss_signature(r, ORDER - s)
    assert lower(other) == encode_dss_signature(r, s)
    forged = replace(made, signature=base64.b64encode(other).decode())
    assert holds(forged), "who has one has both"
    house.records.objects[key] = forged.to_json().encode()
    assert _faults(house, firm) == {key: {"WRONG_SIGNATURE"}}


@given(
    r=st.integers(1, ORDER - 1) | st.sampled_from([1, 127, 128, 255, 256, ORDER - 1]),
    s=st.integers(1, ORDER // 2) | st.sampled_from([1, 127, 128, 255, ORDER // 2]),
)
def test_the_lower_of_two_is_written_as_others_write_it(r: int, s: int) -> None:
    written = encode_dss_signature(r, s)
    assert lower(written) == lower(encode_dss_signature(r, ORDER - s)) == written
    assert is_lower(written)
    assert not is_lower(encode_dss_signature(r, ORDER - s))


def test_another_key_is_announced_and_older_signatures_still_hold(good: House) -> None:
    house = run(House(), FIRST)
    house.signer = FixedSigner(7)
    run(house, SECOND)
    now = to_pem(FixedSigner(7).public_key())
    assert verify_store(house.records, firm_key=now)[1] == []
    assert len([key for key in house.records.objects if key.endswith(".pem")]) == 2
    # the firm's key is not the one that signed last
    assert _faults(good, firm_key=now) == {signature_key(THIRD, THIRD): {"WRONG_SIGNATURE"}}


def test_a_signature_by_a_key_that_nothing_announces_is_named() -> None:
    house = run(House(), FIRST)
    stranger, key = FixedSigner(99), signature_key(FIRST, FIRST)
    del house.records.objects[key]
    sign_seal(house.records, stranger, read_seal(house.records, FIRST), FIRST)
    assert _faults(house) == {key: {"WRONG_SIGNATURE"}}


def test_a_second_version_and_a_hidden_object_are_named(good: House) -> None:
    house = good.copy()
    key = read_seal(house.records, FIRST).leaves[0].key
    house.records.past = [Version(key, "older"), Version("gone", "marker", is_marker=True)]
    assert _faults(house) == {key: {"SECOND_VERSION"}, "gone": {"HIDDEN"}}
    del house.records.objects[key]
    house.records.past = [Version(key, "older"), Version(key, "marker", is_marker=True)]
    assert _faults(house) == {key: {"MISSING", "HIDDEN"}}
