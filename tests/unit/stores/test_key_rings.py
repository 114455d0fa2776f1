"""Clients' keys on rings: one each, opened for its own client alone, and gone when destroyed."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from backoffice.formats.key_rings import RINGS, LostKeyError, ring_of
from backoffice.kernel.client_keys import ErasedSubjectError
from backoffice.stores.key_rings import KeyRings
from backoffice.stores.ring_bucket import RingBucket
from tests.unit.stores.aws import REGION, aws, make_bucket

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client

PLACE = f"clients/ring-{ring_of('C-1'):02}.json"
BESIDE = next(name for at in range(999) if ring_of(name := f"D-{at}") == ring_of("C-1"))
"""Another client whose key is on the same ring."""


class CountedKms:
    """KMS, and how often it was asked."""

    def __init__(self, kms: "KMSClient") -> None:
        self._kms, self.calls = kms, 0
        self.exceptions = kms.exceptions

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the client has
        """Count a call, and make it."""
        self.calls += 1
        return getattr(self._kms, name)


class Rings:
    """A bucket of rings and the firm's key, on moto."""

    def __init__(self) -> None:
        self.s3: S3Client = make_bucket("keys", versioned=True)
        self.kms: Any = CountedKms(boto3.client("kms", region_name=REGION))
        made = boto3.client("kms", region_name=REGION).create_key()
        self.key = made["KeyMetadata"]["Arn"]
        self.store = self.of(RingBucket(self.s3, "keys"))

    def of(self, bucket: RingBucket) -> KeyRings:
        return KeyRings(bucket, self.kms, self.key)

    def versions(self) -> list[Any]:
        return self.s3.list_object_versions(Bucket="keys").get("Versions", [])

    def kept(self) -> bytes:
        """Every byte of every version there is."""
        found = (
            self.s3.get_object(Bucket="keys", Key=one["Key"], VersionId=one["VersionId"])
            for one in self.versions()
        )
        return b"".join(one["Body"].read() for one in found)

    def wrapped(self, subject: str) -> str:
        ring = json.loads(self.s3.get_object(Bucket="keys", Key=PLACE)["Body"].read())
        return str(ring["subjects"][subject]["wrapped"])


class BothFirst(RingBucket):
    """Lets nobody write before two have seen what stands there; after that everybody."""

    def __init__(self, s3: "S3Client", name: str) -> None:
        super().__init__(s3, name)
        self._barrier, self._waited = Barrier(2), 0

    def replace(self, key: str, body: bytes, tag: str | None) -> bool:
        if self._waited < 2:
            self._waited += 1
            self._barrier.wait(timeout=10)
        return super().replace(key, body, tag)


class DiesBetween(RingBucket):
    """Rewrites a ring, and dies before older versions are deleted."""

    def delete_older(self, key: str) -> None:
        raise InterruptedError(key)


@pytest.fixture
def rings(monkeypatch: pytest.MonkeyPatch) -> Iterator[Rings]:
    with aws(monkeypatch):
        yield Rings()


def test_a_key_is_made_once_and_found_again(rings: Rings) -> None:
    assert rings.store.find("C-1") is None
    made = rings.store.find_or_make("C-1")
    assert len(made.secret) == 32
    assert rings.store.find("C-1") == rings.store.find_or_make("C-1") == made
    assert rings.store.find_or_make(BESIDE).secret != made.secret
    assert rings.store.find("C-1") == made
    assert {one["Key"] for one in rings.versions()} == {PLACE}


def test_what_is_kept_is_wrapped(rings: Rings) -> None:
    made = rings.store.find_or_make("C-1")
    assert made.secret not in rings.kept()


def test_thousands_of_keys_cost_a_call_a_ring(rings: Rings) -> None:
    names = [f"C-{number}" for number in range(3_000)]
    made = rings.store.find_or_make_many(names)
    assert len({one.secret for one in made.values()}) == len(names)
    assert rings.kms.calls <= RINGS
    rings.kms.calls = 0
    assert rings.store.find_many([*names, "never seen"]) == made
    assert rings.kms.calls <= RINGS
    rings.kms.calls = 0
    assert rings.store.find_or_make_many(names[:1]) == {names[0]: made[names[0]]}
    assert rings.kms.calls == 1


def test_of_two_who_make_a_key_at_once_one_is_left_for_both(rings: Rings) -> None:
    both = rings.of(BothFirst(rings.s3, "keys"))
    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(both.find_or_make, ["C-1", "C-1"])
    assert one == other == rings.store.find("C-1")


@pytest.mark.parametrize("begun", [False, True])
def test_of_two_keys_added_to_a_ring_at_once_both_stand(rings: Rings, *, begun: bool) -> None:
    if begun:
        rings.store.find_or_make(
            next(name for at in range(999) if ring_of(name := f"E-{at}") == ring_of("C-1"))
        )
    both = rings.of(BothFirst(rings.s3, "keys"))
    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(both.find_or_make, ["C-1", BESIDE])
    assert rings.store.find_many(["C-1", BESIDE]) == {"C-1": one, BESIDE: other}


def test_a_key_opens_for_no_other_client_and_on_no_other_ring(rings: Rings) -> None:
    rings.store.find_or_make_many(["C-1", BESIDE])
    body = rings.s3.get_object(Bucket="keys", Key=PLACE)["Body"].read()
    ring = json.loads(body)
    ring["subjects"]["C-1"], ring["subjects"][BESIDE] = (
        ring["subjects"][BESIDE],
        ring["subjects"]["C-1"],
    )
    rings.s3.put_object(Bucket="keys", Key=PLACE, Body=json.dumps(ring).encode())
    with pytest.raises(LostKeyError, match="C-1"):
        rings.store.find("C-1")
    elsewhere = next(name for at in range(999) if ring_of(name := f"C-{at}") != ring_of("C-1"))
    place = f"clients/ring-{ring_of(elsewhere):02}.json"
    ring["subjects"][elsewhere] = ring["subjects"]["C-1"]
    rings.s3.put_object(Bucket="keys", Key=place, Body=json.dumps(ring).encode())
    with pytest.raises(LostKeyError, match="ring"):
        rings.store.find(elsewhere)


def test_a_destroyed_key_is_in_no_version_and_there_is_no_next(rings: Rings) -> None:
    rings.store.find_or_make("C-1")
    other = rings.store.find_or_make(BESIDE)
    wrapped = rings.wrapped("C-1")
    assert wrapped.encode() in rings.kept()
    assert rings.store.destroy("C-1")
    assert wrapped.encode() not in rings.kept()
    assert rings.store.find("C-1") is None
    assert rings.store.find(BESIDE) == other
    assert not rings.store.destroy("C-1")
    before = rings.kept()
    with pytest.raises(ErasedSubjectError, match="C-1"):
        rings.store.find_or_make("C-1")
    assert rings.store.find_or_make_many(["C-1", BESIDE]) == {BESIDE: other}
    assert rings.store.find_or_make_many(["C-1"]) == {}
    assert rings.store.find_many(["C-1", BESIDE]) == {BESIDE: other}
    assert rings.kept() == before
    assert rings.store.erased(["C-1", BESIDE, "never seen"]) == {"C-1"}


def test_who_never_had_a_key_is_erased_too_and_the_ring_begins_with_the_next(rings: Rings) -> None:
    assert not rings.store.destroy("C-1")
    assert rings.kms.calls == 0
    assert rings.store.find_many(["C-1", BESIDE]) == {}
    assert rings.store.find_or_make_many(["C-1"]) == {}
    other = rings.store.find_or_make(BESIDE)
    assert rings.store.find_or_make_many(["C-1", BESIDE]) == {BESIDE: other}
    assert rings.store.erased(["C-1", BESIDE]) == {"C-1"}
    assert len(rings.versions()) == 2
    assert not rings.store.destroy("C-1")
    assert len(rings.versions()) == 1


@pytest.mark.parametrize("had_a_key", [False, True])
def test_who_is_erased_while_a_capture_makes_the_key_has_none(
    rings: Rings, *, had_a_key: bool
) -> None:
    if had_a_key:
        rings.store.find_or_make("C-1")
    both = rings.of(BothFirst(rings.s3, "keys"))
    with ThreadPoolExecutor(2) as pool:
        made = pool.submit(both.find_or_make_many, ["C-1", BESIDE])
        pool.submit(both.destroy, "C-1").result()
    rings.store.destroy("C-1")
    assert rings.store.find_or_make_many(["C-1", BESIDE]) == {BESIDE: made.result()[BESIDE]}
    with pytest.raises(ErasedSubjectError):
        rings.store.find_or_make("C-1")


def test_a_destruction_that_died_between_is_ended_by_the_next(rings: Rings) -> None:
    rings.store.find_or_make_many(["C-1", BESIDE])
    wrapped = rings.wrapped("C-1")
    with pytest.raises(InterruptedError):
        rings.of(DiesBetween(rings.s3, "keys")).destroy("C-1")
    assert rings.store.find("C-1") is None
    assert wrapped.encode() in rings.kept()
    rings.store.destroy("C-1")
    assert wrapped.encode() not in rings.kept()


def test_a_key_that_is_destroyed_while_another_is_made_stays_destroyed(rings: Rings) -> None:
    rings.store.find_or_make("C-1")
    wrapped = rings.wrapped("C-1")
    both = rings.of(BothFirst(rings.s3, "keys"))
    with ThreadPoolExecutor(2) as pool:
        made = pool.submit(both.find_or_make, BESIDE)
        pool.submit(both.destroy, "C-1").result()
    rings.store.destroy("C-1")
    assert wrapped.encode() not in rings.kept()
    assert rings.store.find(BESIDE) == made.result()
